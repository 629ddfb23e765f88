"""Parameters of `items`, checked; nothing else is taken (OGC 17-069r4, clause 7.15)."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from errors import BadParameter
from geo.feature_table import Field
from geo.places import KINDS, QUALITIES
from geo.tables import calendar_day, china_day
from layers.cql2 import Condition, Filtering, read_filter
from layers.features import FeatureSet
from plans.tables import ACTIONS, STAGES
from web.ogc.crs import system
from web.ogc.negotiation import Asked

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
"""Larger limits are taken as this one (/req/core/fc-limit-response-1)."""
MAX_COORDINATE = 1e8
"""Beyond any coordinate of the systems offered, whose eastings reach 45,500,000 m."""
LANGUAGES = ("cql2-text", "cql2-json")
OWN = (
    "f", "limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang",
    "filter-crs", "sortby",
)  # fmt: skip
"""Parameters of `items` beside the queryables."""

VOCABULARIES: Mapping[str, Mapping[str, str]] = {
    "action": ACTIONS,
    "chain_stage": STAGES,
    "geometry_quality": QUALITIES,
    "place_kind": KINDS,
    "kind": KINDS,
}
"""Fields with a closed list of values."""

_INTEGER = re.compile(r"[0-9]+")
_WHOLE = re.compile(r"[-+]?[0-9]{1,4000}")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class ItemsQuery:
    """A valid request for items.

    Attributes
    ----------
    numbers
        Positions of all features that match, in order.
    crs
        Code of the system of the answer, empty for CRS84.
    """

    numbers: tuple[int, ...]
    limit: int
    offset: int
    crs: str

    @property
    def page(self) -> tuple[int, ...]:
        """The positions on this page."""
        return self.numbers[self.offset : self.offset + self.limit]


def read_items_query(features: FeatureSet, asked: Asked) -> ItemsQuery:
    """Read the parameters of a request, which are known to be ours.

    Raises
    ------
    BadParameter
        A value is not valid.
    """
    args = asked.args
    start, end = _period(args.get("datetime"), asked.today)
    among = list(_kept(features, args))
    wanted = None
    if "filter" in args or "filter-lang" in args or "filter-crs" in args:
        wanted = _filter(features, args)
    if wanted and wanted.among is not None:
        among.append(wanted.among)
    if end and features.collection.located and end < asked.published.snapshot.epochs[0]:
        among.append(())  # nothing is known of the boundaries then
    numbers = features.holding(start, end, *among)
    if wanted and not wanted.exact:
        numbers = tuple([number for number in numbers if wanted.keeps(number)])
    if "sortby" in args:
        numbers = _sorted(features, args["sortby"], numbers)
    return ItemsQuery(
        numbers=numbers,
        limit=min(_whole("limit", args.get("limit"), DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=_whole("offset", args.get("offset"), 0, 0),
        crs=system("crs", args.get("crs"), features.collection),
    )


def _kept(features: FeatureSet, args: Mapping[str, str]) -> Iterator[Iterable[int]]:
    """Positions that the box keeps, and each of the queryables that are asked for."""
    if "bbox" in args or "bbox-crs" in args:
        crs = system("bbox-crs", args.get("bbox-crs"), features.collection)
        if "bbox" in args:
            yield _boxed(features, args["bbox"], crs)
    for name, text in args.items():
        field = features.fields.get(name)
        if field is not None:
            yield features.equal(name, _value(field, text))


def _whole(name: str, text: str | None, default: int, least: int) -> int:
    if text is None:
        return default
    if not _INTEGER.fullmatch(text) or (value := int(text[:4000])) < least:
        raise BadParameter(name, text, (), f"参数 {name} 应为不小于 {least} 的整数。")
    return min(value, sys.maxsize)


def _value(field: Field, text: str) -> str | float | date:
    """What a queryable parameter asks for (OGC 19-079r2, clause 7)."""
    try:
        if field.type == "integer":
            return _whole_number(text)
        if field.type == "number":
            return _number(text)
        if field.type == "date":
            return calendar_day(text)
    except ValueError:
        expected = {"integer": "整数", "number": "数字", "date": "日期（YYYY-MM-DD）"}[field.type]
        raise BadParameter(field.name, text, (), f"参数 {field.name} 应为{expected}。") from None
    known = VOCABULARIES.get(field.name, ())
    if known and text not in known:
        raise BadParameter(field.name, text, tuple(known))
    return text


def _period(text: str | None, today: date) -> tuple[date | None, date | None]:
    """The days asked for; today where none is (/req/core/fc-time-response)."""
    if text is None:
        return today, today
    start, slash, end = text.partition("/")
    if not slash:
        return _day(text, text), _day(text, text)
    period = (
        None if start in {"", ".."} else _day(start, text),
        None if end in {"", ".."} else _day(end, text),
    )
    if period[0] and period[1] and period[0] > period[1]:
        raise BadParameter("datetime", text, (), "参数 datetime 的开始晚于结束。")
    return period


def _day(text: str, whole: str) -> date:
    try:
        return china_day(text) if "T" in text.upper() else calendar_day(text)
    except ValueError:
        allowed = ("2022-12-15", "2022-12-15T00:00:00Z", "2019-01-01/2022-12-31", "../2022-12-31")
        raise BadParameter("datetime", whole, allowed) from None


def _whole_number(text: str) -> int:
    """A whole number written in ASCII digits.

    Raises
    ------
    ValueError
        It is none.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    """A number written in ASCII digits.

    Raises
    ------
    ValueError
        It is none, or beyond all bounds.
    """
    if not _DECIMAL.fullmatch(text) or not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value


def _boxed(features: FeatureSet, text: str, crs: str) -> set[int]:
    """Features whose geometry meets the box, in the order of the system's axes."""
    allowed = ("西,南,东,北，如 105.2,28.1,110.2,32.3；另有 bbox-crs 时按该坐标系的轴序",)
    try:
        numbers = [_number(part.strip()) for part in text.split(",")]
    except ValueError:
        raise BadParameter("bbox", text, allowed) from None
    if len(numbers) not in {4, 6} or not all(abs(n) <= MAX_COORDINATE for n in numbers):
        raise BadParameter("bbox", text, allowed)
    half = len(numbers) // 2
    left, bottom, right, top = *numbers[:2], *numbers[half : half + 2]
    if bottom > top or (crs and left > right):
        raise BadParameter("bbox", text, allowed)
    if not crs and max(abs(bottom), abs(top)) > 90:
        reason = "参数 bbox 的纬度超过 90 度；顺序应为 西,南,东,北（经度在前）。"
        raise BadParameter("bbox", text, allowed, reason)
    if left > right:  # across the antimeridian
        index = features.spatial
        return index.in_box((left, bottom, 180, top)) | index.in_box((-180, bottom, right, top))
    return features.spatial.in_box((left, bottom, right, top), crs)


def _filter(features: FeatureSet, args: Mapping[str, str]) -> Condition | None:
    """A filter in CQL2 (OGC 19-079r2, clause 8)."""
    language = args.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise BadParameter("filter-lang", language, LANGUAGES)
    crs = system("filter-crs", args.get("filter-crs"), features.collection)
    if "filter" not in args:
        return None

    def to_wgs84(geometry: BaseGeometry) -> BaseGeometry:
        if not crs:
            return geometry
        from geo.coordinates import from_ordered

        return from_ordered(geometry, crs)

    return Filtering(features, to_wgs84).compile(read_filter(args["filter"], language))


def _sorted(features: FeatureSet, text: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Order by fields, each descending after a minus; what is not stated comes last."""
    records = features.records
    parts = [part.strip() for part in text.split(",")]
    names = [part[1:] if part[:1] in {"+", "-"} else part for part in parts]
    for name, part in zip(names, parts, strict=True):
        if name not in features.fields:
            raise BadParameter("sortby", part, tuple(sorted(features.fields)))
    # Of a field named twice the first decides, and the rest changes nothing.
    first: dict[str, str] = {}
    for name, part in zip(names, parts, strict=True):
        first.setdefault(name, part)
    for name, part in reversed(first.items()):
        stated = [n for n in numbers if records[n].values[name] is not None]
        missing = [n for n in numbers if records[n].values[name] is None]
        stated.sort(key=lambda n: records[n].values[name], reverse=part.startswith("-"))
        numbers = (*stated, *missing)
    return numbers
