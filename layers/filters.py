"""The one filter language: query parameters → a validated filter → the rows it keeps.

Repeats of one parameter are OR, different parameters AND. The same parameters are read by
the map, the pages and the exports; what a value stands for (descendants of a sector, what
lies within a place) is decided once, at publish, in the rows' keys.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from errors import BadParameter, Message
from geo.places import KINDS, QUALITIES
from layers.snapshot import MappedPlace, Row, Snapshot
from plans.catalogue import Plan
from plans.tables import ACTIONS, STAGES

FACETS = (
    "plan", "sector", "action", "stage", "place", "province", "region", "kind", "quality",
)  # fmt: skip
"""Parameters that take values of a closed list."""

PARAMETERS = (*FACETS, "as_of", "in_force", "q", "bbox")
"""Every parameter of the language."""

MAX_Q = 200
"""Longest free text, in characters."""

Bbox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Vocabulary:
    """The values each facet accepts, and the names they may be called by.

    Attributes
    ----------
    values
        Facet → accepted value → label.
    names
        Facet → other name → value.
    earliest
        First date `as_of` accepts.
    """

    values: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Mapping[str, str]]
    earliest: date

    @classmethod
    def of(cls, snapshot: Snapshot) -> Vocabulary:
        """Collect the vocabulary of a snapshot."""
        sectors = {sector.code: sector.name_zh for sector in snapshot.sectors}
        sector_names = {
            name: sector.code
            for sector in reversed(snapshot.sectors)
            for name in (*sector.aliases, sector.name_zh)
        }
        provinces = {
            place.id: place.place for place in snapshot.places if place.place.level == "province"
        }
        return cls(
            values={
                "plan": {plan.id: plan.short_title for plan in snapshot.plans},
                "sector": sectors,
                "action": ACTIONS,
                "stage": STAGES,
                "place": {place.id: place.place.name for place in snapshot.places},
                "province": {code: place.name for code, place in provinces.items()},
                "region": {region.id: region.name for region in snapshot.regions},
                "kind": KINDS,
                "quality": QUALITIES,
            },
            names={
                "sector": sector_names,
                "province": {
                    name: code
                    for code, place in provinces.items()
                    for name in (place.short_name, place.name)
                },
            },
            earliest=snapshot.epochs[0],
        )

    def resolve(self, name: str, value: str) -> str:
        """Find the value a user meant.

        Raises
        ------
        BadParameter
            The facet does not accept it; the error lists what it accepts.
        """
        if value in self.values[name]:
            return value
        try:
            return self.names[name][value]
        except KeyError:
            labels = self.values[name].items()
            allowed = [choice(code, label) for code, label in labels]
            raise BadParameter(name, value, allowed) from None


@dataclass(frozen=True)
class Filter:
    """A validated filter. Empty parts keep everything.

    Attributes
    ----------
    facets
        Facet → values, in the order given.
    words
        Free-text words, lower case; a row must contain each.
    bbox
        West, south, east, north, degrees, WGS 84; west > east crosses the antimeridian.
    as_of
        Date of the boundaries, if one was asked for.
    in_force
        Keep only plans whose period holds this date.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    bbox: Bbox | None = None
    as_of: date | None = None
    in_force: date | None = None

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The filter as canonical query parameters."""
        pairs = [(name, v) for name in FACETS for v in self.facets.get(name, ())]
        if self.as_of:
            pairs.append(("as_of", self.as_of.isoformat()))
        if self.in_force:
            pairs.append(("in_force", self.in_force.isoformat()))
        if self.words:
            pairs.append(("q", " ".join(self.words)))
        if self.bbox:
            pairs.append(("bbox", ",".join(f"{number:.10g}" for number in self.bbox)))
        return pairs

    @property
    def query(self) -> dict[str, list[str]]:
        """The filter as parameters of an address."""
        return query_of(self.pairs)

    @property
    def view(self) -> dict[str, list[str]]:
        """The parameters that decide plan and boundaries, for links to other pages."""
        return {name: self.query[name] for name in ("plan", "as_of") if name in self.query}

    def select(self, snapshot: Snapshot, today: date) -> list[Row]:
        """List the rows of a snapshot that the filter keeps, in the plans' order.

        Parameters
        ----------
        today
            Decides the boundaries where neither the filter nor its plans do.
        """
        day = self.boundaries_on(snapshot, today)
        wanted = [(name, frozenset(values)) for name, values in self.facets.items()]
        rows: Iterable[Row] = snapshot.rows_on(day)
        if wanted or self.words:
            rows = (
                row
                for row in rows
                if all(not values.isdisjoint(row.keys[name]) for name, values in wanted)
                and all(word in row.text for word in self.words)
            )
        if self.in_force:
            asked = self.in_force
            live = {plan.id for plan in snapshot.plans if plan.in_force_on(asked)}
            rows = (row for row in rows if row.assignment.plan_id in live)
        if self.bbox:
            inside = places_in(snapshot.places_on(day), self.bbox)
            rows = (row for row in rows if row.assignment.place_id in inside)
        return list(rows)

    def plans(self, snapshot: Snapshot) -> tuple[Plan, ...]:
        """The plans chosen, or all where none is."""
        wanted = self.facets.get("plan", ())
        return tuple(plan for plan in snapshot.plans if not wanted or plan.id in wanted)

    def counties(self, snapshot: Snapshot, day: date) -> list[MappedPlace]:
        """County-level units, on a day, of the provinces whose plans are chosen, by code."""
        homes = {plan.province for plan in self.plans(snapshot)}
        return [unit for unit in snapshot.counties(day) if homes.intersection(unit.provinces)]

    def boundaries_on(self, snapshot: Snapshot, today: date) -> date:
        """Date of the boundaries to show.

        The date asked for; else the issue date when exactly one plan is selected; else
        today. Never before the first date the snapshot holds boundaries for.
        """
        if self.as_of:
            return self.as_of
        chosen = self.facets.get("plan", ())
        if len(chosen) == 1:
            issued = snapshot.plan_by_id[chosen[0]].issued
            if issued:
                return max(issued, snapshot.epochs[0])
        return max(today, snapshot.epochs[0])


def query_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name and value of each parameter, as parameters of an address."""
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


def choice(code: str, label: str) -> Message:
    """How an accepted value is listed."""
    return Message("%(code)s（%(label)s）", code=code, label=label)


def parse_filter(pairs: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> Filter:
    """Validate query parameters.

    Parameters
    ----------
    pairs
        Name and value of each parameter, repeats kept. Empty values are taken as absent,
        as forms send them.

    Raises
    ------
    BadParameter
        A parameter is unknown, or a value is not accepted.
    """
    facets: dict[str, dict[str, None]] = {}
    single: dict[str, str] = {}
    for name, raw in pairs:
        value = raw.strip()
        if name not in PARAMETERS:
            raise BadParameter(name, None, PARAMETERS)
        if not value:
            continue
        if name in FACETS:
            facets.setdefault(name, {})[vocabulary.resolve(name, value)] = None
        elif name in single and single[name] != value:
            raise BadParameter(name, value, (), Message("参数 %(name)s 只能出现一次。", name=name))
        else:
            single[name] = value
    return Filter(
        facets={name: tuple(facets[name]) for name in FACETS if name in facets},
        words=_words(single.get("q", "")),
        bbox=_bbox(single["bbox"]) if "bbox" in single else None,
        as_of=_as_of(single["as_of"], vocabulary.earliest) if "as_of" in single else None,
        in_force=_in_force(single.get("in_force", "any")),
    )


def _words(value: str) -> tuple[str, ...]:
    if len(value) > MAX_Q:
        raise BadParameter(
            "q", value[:20] + "…", (), Message("参数 q 不能超过 %(n)s 个字符。", n=MAX_Q)
        )
    return tuple(dict.fromkeys(value.casefold().split()))


def _date(name: str, value: str, allowed: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameter(name, value, (allowed,)) from None


def _as_of(value: str, earliest: date) -> date:
    allowed = Message("%(day)s 或更晚的日期（YYYY-MM-DD）", day=earliest)
    day = _date("as_of", value, allowed)
    if day < earliest:
        reason = Message(
            "参数 as_of=%(value)s 早于现有行政区划边界，请改用%(allowed)s。",
            value=value,
            allowed=allowed,
        )
        raise BadParameter("as_of", value, (allowed,), reason)
    return day


def _in_force(value: str) -> date | None:
    return (
        None if value == "any" else _date("in_force", value, Message("any，或日期（YYYY-MM-DD）"))
    )


def _bbox(value: str) -> Bbox:
    allowed = (Message("西,南,东,北（十进制度，WGS 84），如 105.2,28.1,110.2,32.3"),)
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise BadParameter("bbox", value, allowed) from None
    box = (west, south, east, north)
    inside = all(map(math.isfinite, box)) and max(abs(west), abs(east)) <= 180
    if not inside or not -90 <= south <= north <= 90:
        raise BadParameter("bbox", value, allowed)
    return box


def places_in(places: Iterable[MappedPlace], bbox: Bbox) -> frozenset[str]:
    """Ids of the places whose geometry meets a box."""
    import shapely  # here: only this parameter needs it, and loading it takes 0.3 s

    west, south, east, north = bbox
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = shapely.union_all([shapely.box(a, south, b, north) for a, b in spans])
    near = [
        place
        for place in places
        if place.bbox
        and place.bbox[1] <= north
        and place.bbox[3] >= south
        and any(place.bbox[0] <= b and place.bbox[2] >= a for a, b in spans)
    ]
    shapes = shapely.from_geojson([place.geometry for place in near])
    met = shapely.intersects(shapes, boxes)
    return frozenset(place.id for place, hit in zip(near, met, strict=True) if hit)
