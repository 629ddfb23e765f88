"""The permanent page of an assignment: what the plan says, where it says so, and of which place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from errors import BadParameter, Message, NotFound
from geo.file_formats import FORMATS
from layers.filters import Filter, parse_filter
from layers.snapshot import Row, Snapshot, shown_on
from plans.catalogue import Plan, text_digest
from plans.tables import Assignment
from web.language import CHINESE, language
from web.responses import published, today
from web.speech import chinese, phrase

assignments = Blueprint("assignments", __name__, url_prefix="/assignments")

HTML, GEOJSON, JSON = "text/html", "application/geo+json", "application/json"
SENTENCE_ENDS = "。；！？\n"
DIRECTED = re.compile("[\u061c\u200e\u200f\u202a-\u202e]")
MAX_CONTEXT = 160
"""Characters shown on each side of the words at most."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The plan's words in their sentence."""

    before: str
    words: str
    after: str


@assignments.get("/<assignment_id>")
def detail(assignment_id: str) -> ResponseReturnValue:
    """One assignment; a client that would rather have GeoJSON is sent to it."""
    as_of = _as_of()
    snapshot = published().snapshot
    rows = [row for row in snapshot.rows if row.assignment_id == assignment_id]
    if not rows:
        raise NotFound(
            Message(
                "没有编号为“%(id)s”的布局任务。编号由规划、地点、产业用语和动作得出，"
                "其中一项订正后编号会变；请到布局任务表（%(address)s）按地点或用语查找。",
                id=assignment_id,
                address=url_for("table.index"),
            )
        )
    item = url_for("ogc_items.item", name="assignments", item_id=_item_id(rows, as_of))
    if _prefers_data():
        response = make_response(redirect(item, 303))
    else:
        response = make_response(_page(snapshot, rows, as_of, item))
        response.headers.add("Link", f"<{item}>", rel="alternate", type=GEOJSON)
        response.headers.add("Link", f"<{_permanent(assignment_id)}>", rel="cite-as")
    response.vary.add("Accept")
    return response


def _page(snapshot: Snapshot, rows: Sequence[Row], as_of: date | None, item: str) -> str:
    plan = snapshot.plan_by_id[rows[0].assignment.plan_id]
    day = as_of or _usual_day(snapshot, rows)
    row = next((row for row in rows if shown_on(row, day)), rows[-1])
    said = row.assignment
    place = snapshot.place(said.place_id, day) if said.place_id else None
    now = as_of or today()
    ended = place.shown_to if place and place.shown_to and place.shown_to <= now else None
    view = {"plan": said.plan_id}
    if as_of or row.inherited_from:  # else the plan's own day is what pages show
        view["as_of"] = day.isoformat()
    return render_template(
        "assignment.html",
        snapshot=snapshot,
        row=row,
        plan=plan,
        place=place,
        parents=[snapshot.place(code, day) for code in said.parent_code.split("+") if code],
        day=day,
        now=now,
        as_of=as_of,
        holds=shown_on(row, day),
        ended=ended,
        heirs=_heirs(snapshot, row, now),
        original=_original(row),
        excerpt=_excerpt(plan, said),
        citation=citation(snapshot, row, plan, _permanent(row.assignment_id)),
        permanent=_permanent(row.assignment_id),
        item=item,
        view=view,
        formats=FORMATS.values(),
        today=today(),
    )


def citation(snapshot: Snapshot, row: Row, plan: Plan, address: str) -> str:
    """How to cite an assignment; what the plan does not say is left out."""
    said = row.assignment
    name = _apart(plan.name)
    title = f"《{name}》" if plan.title else name
    source: str = _cited(plan.issuer, title)
    if not plan.title:
        source = phrase("%(title)s（原文没有标题）", title=source)
    issued = gettext("%(day)s 印发", day=plan.issued) if plan.issued else ""
    dated = [part for part in (_cited(plan.number), issued) if part]
    if dated:
        source += phrase("（%(dated)s）", dated=Markup(gettext("，")).join(dated))  # noqa: S704
    place: str = _cited(said.place_name or said.place_text)
    if row.inherited_from:
        old = _cited(row.inherited_name)
        place = phrase("%(place)s（承接自%(old)s）", place=place, old=old)
    return phrase(
        "%(source)s，%(section)s：%(place)s，“%(action)s”“%(sector)s”"
        "（全文码位 %(start)s–%(end)s）。材图布局任务 %(id)s，数据版本 %(snapshot)s，"
        "%(address)s，%(today)s 查阅。",
        source=source,
        section=_cited(said.section),
        place=place,
        action=_cited(said.action_text),
        sector=_cited(said.sector_text),
        start=said.start,
        end=said.end,
        id=row.assignment_id,
        snapshot=snapshot.id,
        address=address,
        today=today(),
    )


def _apart(words: str) -> str:
    """Words whose directional marks turn nothing else: isolates of Unicode around them."""
    return f"\u2068{words}\u2069" if DIRECTED.search(words) else words


def _cited(words: str, rest: str = "") -> str:
    """Words of a plan in a citation, which is copied as text."""
    told = _apart(words) + rest
    return told if language() == CHINESE else chinese(told)


def _as_of() -> date | None:
    """The date of the boundaries asked for, the page's only parameter."""
    for name in request.args:
        if name != "as_of":
            raise BadParameter(name, None, ("as_of",))
    return parse_filter(request.args.items(multi=True), published().vocabulary).as_of


def _usual_day(snapshot: Snapshot, rows: Sequence[Row]) -> date:
    """The day the page shows unless told: the plan's own, but today for what came later."""
    chosen = Filter({"plan": (rows[0].assignment.plan_id,)})
    day = chosen.boundaries_on(snapshot, today())
    if any(shown_on(row, day) for row in rows):
        return day
    return max(today(), snapshot.epochs[0])


def _prefers_data() -> bool:
    """Whether the client would rather have the feature than a page."""
    accepted = request.accept_mimetypes
    return accepted.best_match((HTML, GEOJSON, JSON), HTML) != HTML


def _item_id(rows: Sequence[Row], as_of: date | None) -> str:
    """Id of the feature in the API: on a day, if one is asked for and it holds on that day."""
    key = rows[0].assignment_id
    dated = as_of is not None and any(shown_on(row, as_of) for row in rows)
    return f"{key}@{as_of}" if dated else key


def _permanent(assignment_id: str) -> str:
    return url_for("assignments.detail", assignment_id=assignment_id, _external=True)


def _heirs(snapshot: Snapshot, row: Row, day: date) -> list[Row]:
    """Rows by which successors of the place hold the assignment on a day."""
    return [
        heir
        for heir in snapshot.rows_on(day)
        if heir.inherited_from == row.assignment.place_id != ""
        and heir.assignment_id == f"{row.assignment_id}-{heir.assignment.place_id}"
    ]


def _original(row: Row) -> str:
    """Id of the assignment that an inherited row repeats; empty for others."""
    if not row.inherited_from:
        return ""
    return row.assignment_id.removesuffix(f"-{row.assignment.place_id}")


def _excerpt(plan: Plan, said: Assignment) -> Excerpt | None:
    """The sentence around the words, where the text the offsets refer to is at hand."""
    path = published().settings.plan_texts / f"{plan.id}.txt"
    try:
        if text_digest(path) != plan.sha256:
            return None
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    first = max(text.rfind(mark, 0, said.start) for mark in SENTENCE_ENDS) + 1
    ends = [text.find(mark, said.end) for mark in SENTENCE_ENDS]
    last = min((end + 1 for end in ends if end >= 0), default=len(text))
    before, after = text[first : said.start].lstrip(), text[said.end : last].rstrip()
    return Excerpt(
        before if len(before) <= MAX_CONTEXT else f"…{before[-MAX_CONTEXT:]}",
        text[said.start : said.end],
        after if len(after) <= MAX_CONTEXT else f"{after[:MAX_CONTEXT]}…",
    )
