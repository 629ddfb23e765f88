"""The published value: every assignment joined with its place, plain and immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import msgspec

from errors import Message, NotFound
from geo.places import Place, Region
from layers.collections import Collection
from plans.catalogue import Plan
from plans.sectors import Sector, SectorTree
from plans.tables import Assignment, Policy, Target


@dataclass(frozen=True, slots=True)
class MappedPlace:
    """A place as published: what it was in one interval of time.

    Attributes
    ----------
    shown_from, shown_to
        Half-open interval in which this version holds; None is unbounded.
    heirs
        Ids of the places that inherit from an abolished one, each with the part of its
        area that it took (None where unknown).
    within
        Ids of the places it lies wholly within, itself first.
    provinces, regions
        Codes and ids of those it touches.
    label
        Longitude and latitude of a point inside it, degrees, WGS 84; None when not drawn.
    bbox
        West, south, east, north in degrees, WGS 84; None when not drawn.
    area_km2
        Geodesic area of the geometry drawn; None for points and places not drawn.
    geometry
        GeoJSON geometry as text (RFC 7946), or ``null``.
    """

    place: Place
    within: tuple[str, ...]
    provinces: tuple[str, ...]
    regions: tuple[str, ...]
    label: tuple[float, float] | None
    bbox: tuple[float, float, float, float] | None
    area_km2: float | None
    geometry: str
    shown_from: date | None = None
    shown_to: date | None = None
    heirs: tuple[tuple[str, float | None], ...] = ()

    @property
    def id(self) -> str:
        """The place's id."""
        return self.place.id


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment joined with its place, ready to be filtered.

    Attributes
    ----------
    assignment_id
        Stable when the text or the offsets move.
    shown_from, shown_to
        Half-open interval of dates of which this row is true.
    inherited_from, share, change_id
        Empty unless the assignment came down from an abolished place: its id (and name), the
        part of its area that this successor took (None where unknown), and the change.
    keys
        For each facet of the filter language, the values this row answers to.
    text
        What the free-text filter searches, lower case.
    """

    assignment: Assignment
    assignment_id: str
    geometry_quality: str
    keys: Mapping[str, tuple[str, ...]]
    text: str
    inherited_from: str = ""
    inherited_name: str = ""
    share: float | None = None
    change_id: str = ""
    shown_from: date | None = None
    shown_to: date | None = None


def shown_on(item: MappedPlace | Row, day: date) -> bool:
    """Tell whether a version of a place or a row holds on a day."""
    return (item.shown_from is None or item.shown_from <= day) and (
        item.shown_to is None or day < item.shown_to
    )


@dataclass(frozen=True)
class Snapshot:
    """Everything the read side serves, built once per publish.

    Attributes
    ----------
    id
        Digest of what it was built from.
    epochs
        Days from which another set of boundaries holds, the first being the earliest
        date that may be asked for.
    collections
        What may be taken out, each with its fields.
    resources
        Files served as they are (map geometry, map script, tiles), by name; all compressed
        with gzip.
    """

    id: str
    epochs: tuple[date, ...]
    plans: tuple[Plan, ...]
    sectors: tuple[Sector, ...]
    regions: tuple[Region, ...]
    places: tuple[MappedPlace, ...]
    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    policies: tuple[Policy, ...]
    collections: tuple[Collection, ...] = ()
    resources: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def versions(self) -> dict[str, tuple[MappedPlace, ...]]:
        """Versions of each place by id, in order of time."""
        found: dict[str, tuple[MappedPlace, ...]] = {}
        for place in self.places:
            found[place.id] = (*found.get(place.id, ()), place)
        return found

    @cached_property
    def plan_by_id(self) -> dict[str, Plan]:
        """Plans by id."""
        return {plan.id: plan for plan in self.plans}

    @cached_property
    def sector_tree(self) -> SectorTree:
        """The sector tree."""
        return SectorTree(self.sectors)

    def place(self, place_id: str, day: date) -> MappedPlace:
        """Look a place up as it was on a day, else as it was last before or first after.

        Raises
        ------
        NotFound
            No such place in this snapshot.
        """
        versions = self.versions.get(place_id)
        if not versions:
            raise NotFound(Message("没有编号为“%(id)s”的地点。请从区县名录中选择。", id=place_id))
        held = [place for place in versions if shown_on(place, day)]
        past = [place for place in versions if place.shown_to and place.shown_to <= day]
        return (held or past[-1:] or list(versions))[0]

    def places_on(self, day: date) -> list[MappedPlace]:
        """Places that existed on a day."""
        return [place for place in self.places if shown_on(place, day)]

    def rows_on(self, day: date) -> list[Row]:
        """Rows that are true of a day."""
        return [row for row in self.rows if shown_on(row, day)]

    def epoch(self, day: date) -> int:
        """Number of the set of boundaries that holds on a day."""
        return max(sum(start <= day for start in self.epochs) - 1, 0)

    def counties(self, day: date) -> list[MappedPlace]:
        """County-level units of the plans' own provinces on a day, by code."""
        provinces = {plan.province for plan in self.plans}
        return [
            place
            for place in self.places_on(day)
            if place.place.level == "county" and provinces.intersection(place.provinces)
        ]

    def overlapping(self, unit_id: str, kind: str, day: date) -> list[MappedPlace]:
        """Places of a kind that lie in, or partly in, a unit on a day."""
        return [
            place
            for place in self.places_on(day)
            if place.place.kind == kind and unit_id in place.place.parents
        ]

    def to_json(self) -> bytes:
        """Serialise the snapshot."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, raw: bytes) -> Snapshot:
        """Restore what `to_json` wrote.

        Raises
        ------
        msgspec.MsgspecError
            The bytes are not a snapshot of this version.
        """
        return msgspec.json.decode(raw, type=cls)


def count_by_place(rows: Iterable[Row]) -> dict[str, int]:
    """Number of assignments per place id; unresolved places count under the empty id."""
    counts: dict[str, int] = {}
    for row in rows:
        place_id = row.assignment.place_id
        counts[place_id] = counts.get(place_id, 0) + 1
    return counts
