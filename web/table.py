"""The assignments as a table: one filter language, sorted, in pages, ready to download."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from errors import BadParameter, Message
from geo.places import KINDS, QUALITIES
from layers.filters import FACETS, Filter, parse_filter, query_of
from layers.records import Record
from layers.snapshot import Row, Snapshot
from plans.tables import ACTIONS, STAGES
from web.downloads import formats, systems
from web.responses import filter_and_own, published, today
from web.speech import facet_labels, titled

table = Blueprint("table", __name__)

COLLECTION = "assignments"
OWN = ("sort", "page", "size")
"""Parameters beside those of the filter language."""
SIZES = (20, 50, 100, 200)
DEFAULT_SIZE = 50

COLUMNS = {
    "plan_id": lazy_gettext("规划"),
    "place_name": lazy_gettext("地点"),
    "sector_code": lazy_gettext("材料门类"),
    "sector_text": lazy_gettext("规划原文用语"),
    "action": lazy_gettext("动作"),
    "chain_stage": lazy_gettext("环节"),
    "condition": lazy_gettext("条件、项目"),
    "section": lazy_gettext("章节"),
}
"""The field that each column is sorted by, and its heading."""

PARAMETER_LABELS = {
    "plan": lazy_gettext("规划"),
    "sector": lazy_gettext("材料门类"),
    "action": lazy_gettext("布局动作"),
    "stage": lazy_gettext("环节"),
    "place": lazy_gettext("地点"),
    "province": lazy_gettext("省市"),
    "region": lazy_gettext("片区"),
    "kind": lazy_gettext("地点类型"),
    "quality": lazy_gettext("图形质量"),
    "as_of": lazy_gettext("行政区划时点"),
    "in_force": lazy_gettext("规划期"),
    "q": lazy_gettext("搜索"),
    "bbox": lazy_gettext("图框"),
}
"""What people call the parameters of the filter language."""

GIVEN = frozenset({"plan", "place", "province", "region", "q"})
"""Parameters whose values are names, or words that somebody typed."""

CONTROLS = ("plan", "sector", "action", "province")
"""Facets the form has a control for; it shows the first value of each."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class View:
    """What an address asks of the table."""

    chosen: Filter
    sort: str = ""
    size: int = DEFAULT_SIZE
    page: int = 1

    def address(
        self,
        pairs: Pairs | None = None,
        *,
        sort: str | None = None,
        page: int = 1,
        size: int | None = None,
    ) -> str:
        """The address of this view with something changed; the first page of it unless told."""
        query: dict[str, Any] = {**query_of(self.chosen.pairs if pairs is None else pairs)}
        query["sort"] = (self.sort if sort is None else sort) or None
        query["size"] = self.size if size is None else size
        query["page"] = page if page > 1 else None
        if query["size"] == DEFAULT_SIZE:
            query["size"] = None
        return url_for("table.index", **query)


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: where it leads, and how it is sorted now."""

    title: str
    address: str
    order: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition of the filter, and the address without it; given words are Chinese."""

    name: str
    text: str
    given: bool
    without: str
    rest: Filter


@table.get("/table")
def index() -> ResponseReturnValue:
    """The assignments that a filter keeps, one page of them."""
    view = _view()
    if not all(value.strip() for _, value in request.args.items(multi=True)):
        return redirect(view.address(page=view.page))  # a form sends its empty fields, too
    snapshot, records = published().snapshot, published().records
    day = view.chosen.boundaries_on(snapshot, today())
    found = records.select(COLLECTION, view.chosen, today())
    if view.sort:
        found = _sorted(snapshot, found, view.sort)
    last = max(-(-len(found) // view.size), 1)
    number = min(view.page, last)
    first = (number - 1) * view.size
    chips = _chips(view)
    return render_template(
        "table.html",
        snapshot=snapshot,
        view=view,
        chosen=view.chosen,
        query=view.chosen.query,
        total=len(found),
        places=len({record.values["place_id"] for record in found} - {None}),
        plans=len({record.values["plan_id"] for record in found}),
        inherited=sum(record.values["inherited_from"] is not None for record in found),
        records=found[first : first + view.size],
        first=first,
        number=number,
        last=last,
        beyond=view.page > last,
        pages=_window(number, last),
        headings=[_heading(view, name, title) for name, title in COLUMNS.items()],
        orders=_orders(view),
        columns=[str(title) for title in COLUMNS.values()],
        sizes=SIZES,
        chips=chips,
        ways=_ways(snapshot, chips) if not found else [],
        kept=[pair for pair in view.chosen.pairs if not _has_control(view.chosen, *pair)],
        options=_options(view.chosen, snapshot.rows_on(day)),
        formats=formats(),
        systems=systems({r.place.bbox for r in found if r.place and r.place.bbox}),
        as_of=day,
        today=today(),
    )


def _view() -> View:
    """What the current request asks for.

    Raises
    ------
    BadParameter
        A parameter or its value is not one we know.
    """
    chosen, given = filter_and_own(OWN)
    return View(
        chosen=chosen,
        sort=_sort(given.get("sort", "")),
        size=_size(given.get("size", str(DEFAULT_SIZE))),
        page=_page(given.get("page", "1")),
    )


def _sort(value: str) -> str:
    names = [field.name for field in published().records.collection(COLLECTION).fields]
    if value and value.removeprefix("-") not in names:
        reason = Message(
            "参数 sort 不接受“%(value)s”，请用下列字段之一；前面加 - 为降序。", value=value
        )
        raise BadParameter("sort", value, names, reason)
    return value


def _size(value: str) -> int:
    allowed = [str(size) for size in SIZES]
    if value not in allowed:
        raise BadParameter("size", value, allowed)
    return int(value)


def _page(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) < 1:
        reason = Message("参数 page 不接受“%(value)s”，页码应为从 1 开始的整数。", value=value)
        raise BadParameter("page", value, (), reason)
    return int(value)


def _sorted(snapshot: Snapshot, records: list[Record], sort: str) -> list[Record]:
    """Records by a field; what is not stated comes last, equals stay as the plans have them."""
    key = _key(snapshot, sort.removeprefix("-"))
    keyed = [(key(record), record) for record in records]
    stated = [pair for pair in keyed if pair[0] is not None]
    stated.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [record for _, record in (*stated, *(pair for pair in keyed if pair[0] is None))]


def _key(snapshot: Snapshot, name: str) -> Callable[[Record], Any]:
    """What a field is sorted by; None where it is not stated.

    Plans by date of issue, places by administrative code, sectors as the tree has them,
    closed lists in reading order, sections as they stand in the plans; other text by
    GB 18030, which has the common characters in the order of pinyin.
    """
    plans = {plan.id: plan.issued for plan in snapshot.plans}
    if name in {"plan_id", "plan_title"}:
        return lambda record: plans[record.values["plan_id"]]
    if name == "section":
        order = {plan.id: number for number, plan in enumerate(snapshot.plans)}
        return lambda record: (order[record.values["plan_id"]], record.values["start"])
    if name in {"place_id", "place_name"}:
        return lambda record: record.values["place_id"]
    if name in {"parent_code", "parent_name"}:
        return lambda record: record.values["parent_code"]
    if name == "province":
        codes = published().vocabulary.names["province"]
        return lambda record: _province(record, codes)
    if name in {"sector_code", "sector_name", "sector_l1"}:
        tree = {sector.code: number for number, sector in enumerate(snapshot.sectors)}
        top = name == "sector_l1"
        return lambda record: tree[
            record.values["sector_code"].partition(".")[0] if top else record.values["sector_code"]
        ]
    lists: Mapping[str, tuple[str, Mapping[str, str]]] = {
        "action": ("action", ACTIONS),
        "action_label": ("action", ACTIONS),
        "chain_stage": ("chain_stage", STAGES),
        "place_kind": ("place_kind", KINDS),
        "geometry_quality": ("geometry_quality", QUALITIES),
    }
    if name in lists:
        field, labels = lists[name]
        ranks = {value: number for number, value in enumerate(labels)}
        return lambda record: ranks.get(record.values[field])
    return lambda record: _text(record.values[name])


def _province(record: Record, codes: Mapping[str, str]) -> tuple[str, ...] | None:
    names = record.values["province"]
    return tuple(codes.get(name, name) for name in names.split("+")) if names else None


def _text(value: str | float | None) -> bytes | float | None:
    return value.encode("gb18030", "replace") if isinstance(value, str) else value


def _heading(view: View, name: str, title: str) -> Heading:
    if view.sort == name:
        return Heading(title, view.address(sort=f"-{name}"), "ascending")
    order = "descending" if view.sort == f"-{name}" else ""
    return Heading(title, view.address(sort=name), order)


def _orders(view: View) -> list[tuple[str, str]]:
    """What the form offers to sort by; an order from the address is kept."""
    offered = [("", gettext("规划原文顺序"))]
    for name, title in COLUMNS.items():
        offered += [(name, f"{title} ↑"), (f"-{name}", f"{title} ↓")]
    if view.sort and view.sort not in dict(offered):
        fields = published().records.collection(COLLECTION).fields
        field = next(field for field in fields if field.name == view.sort.removeprefix("-"))
        offered.append((view.sort, f"{titled(field)} {'↓' if view.sort.startswith('-') else '↑'}"))
    return offered


def _window(number: int, last: int) -> list[int]:
    """Pages to link to: the ends and those around the current one; 0 stands for a gap."""
    near = {1, last, *range(max(number - 2, 1), min(number + 2, last) + 1)}
    pages: list[int] = []
    for page in sorted(near):
        if pages and page > pages[-1] + 1:
            pages.append(0)
        pages.append(page)
    return pages


def _chips(view: View) -> list[Chip]:
    chips = []
    for number, (name, value) in enumerate(view.chosen.pairs):
        text = facet_labels(name)[value] if name in FACETS else value
        if name == "in_force":
            text = gettext("%(day)s 仍在规划期内", day=value)
        rest = [pair for other, pair in enumerate(view.chosen.pairs) if other != number]
        without = parse_filter(rest, published().vocabulary)
        title = str(PARAMETER_LABELS[name])
        chips.append(Chip(title, text, name in GIVEN, view.address(rest), without))
    return chips


def _ways(snapshot: Snapshot, chips: Iterable[Chip]) -> list[tuple[Chip, int]]:
    """Conditions without which something is found, and how much."""
    found = [(chip, len(chip.rest.select(snapshot, today()))) for chip in chips]
    return [(chip, count) for chip, count in found if count]


def _has_control(chosen: Filter, name: str, value: str) -> bool:
    """Whether the form shows a condition; the others it carries along unseen."""
    if name in CONTROLS:
        return value == chosen.facets[name][0]
    return name in {"q", "in_force"}


def _options(chosen: Filter, rows: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    """Values of the form's controls that some assignment has, or the address asks for."""
    present: dict[str, set[str]] = {name: set(chosen.facets.get(name, ())) for name in CONTROLS}
    for row in rows:
        for name in CONTROLS:
            present[name].update(row.keys[name])
    labels = {name: facet_labels(name) for name in CONTROLS}
    options = {
        name: [(value, label) for value, label in labels[name].items() if value in present[name]]
        for name in CONTROLS
    }
    options["plan"] = list(labels["plan"].items())
    options["sector"] = [
        (value, "\u3000" * value.count(".") + label) for value, label in options["sector"]
    ]
    days = dict.fromkeys(filter(None, (today(), chosen.in_force)))
    options["in_force"] = [
        (
            day.isoformat(),
            gettext("今天仍在规划期内")
            if day == today()
            else gettext("%(day)s 仍在规划期内", day=day),
        )
        for day in days
    ]
    return options
