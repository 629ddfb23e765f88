"""Features of a collection as GeoJSON, ready to be joined into answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from layers.collections import Collection
from layers.records import Record

if TYPE_CHECKING:
    from layers.spatial import SpatialIndex

Held = tuple[tuple[int, ...], frozenset[int]]
"""The same positions, in order and to be looked up."""
KEPT_PERIODS = 64
"""Periods whose selections are remembered."""


class FeatureSet:
    """The features of one collection: encoded once, found by position.

    What is located comes first, so that programs that look at the first features learn the
    type of the geometry; else the order of the records is kept.

    Parameters
    ----------
    collection
        What they are.
    records
        All of them, of all times.

    Attributes
    ----------
    fields
        Of the collection, by name.
    """

    def __init__(self, collection: Collection, records: Sequence[Record]) -> None:
        self.collection = collection
        self.fields = {field.name: field for field in collection.fields}
        self.records = tuple(sorted(records, key=_unlocated))
        self._geometry: dict[int, bytes] = {}
        self._periods: dict[tuple[date | None, date | None], Held] = {}
        self._values: dict[str, dict[Any, list[int]]] = {}
        self._pieces = [self._encode(record) for record in self.records]

    def _encode(self, record: Record) -> tuple[bytes, bytes]:
        """Everything before the geometry, and the geometry; places share theirs."""
        head = b'{"type":"Feature","id":%b,"properties":%b,"geometry":' % (
            msgspec.json.encode(record.id),
            msgspec.json.encode(record.values),
        )
        if record.place is None:
            return head, b"null"
        key = id(record.place)
        if key not in self._geometry:
            self._geometry[key] = record.place.geometry.encode()
        return head, self._geometry[key]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Position of each feature by id."""
        return {record.id: number for number, record in enumerate(self.records)}

    @cached_property
    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all features, degrees, WGS 84; None without geometry."""
        boxes = [record.place.bbox for record in self.records if record.place and record.place.bbox]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    @cached_property
    def spatial(self) -> SpatialIndex:
        """Its geometries, to be searched; built when first asked for."""
        from layers.spatial import SpatialIndex  # here: loads shapely

        return SpatialIndex([record.place for record in self.records])

    def holding(
        self, start: date | None, end: date | None, *among: Iterable[int]
    ) -> tuple[int, ...]:
        """Positions of the features that hold on some day of a period, in order.

        Parameters
        ----------
        start, end
            Of the period, both included; None is unbounded.
        among
            Positions; a feature has to be in each.
        """
        found = self._periods.get((start, end))
        if found is None:
            held = tuple(n for n, record in enumerate(self.records) if record.holds(start, end))
            if len(self._periods) >= KEPT_PERIODS:
                self._periods.clear()
            found = self._periods[start, end] = held, frozenset(held)
        ordered, unordered = found
        return tuple(sorted(unordered.intersection(*among))) if among else ordered

    def equal(self, name: str, value: object) -> list[int]:
        """Positions of the features whose field has a value."""
        if name not in self._values:
            index: dict[Any, list[int]] = {}
            for number, record in enumerate(self.records):
                index.setdefault(record.values[name], []).append(number)
            self._values[name] = index
        return self._values[name].get(value, [])

    def feature(self, number: int, crs: str = "") -> bytes:
        """One feature without its closing brace, so that members may follow.

        Parameters
        ----------
        crs
            See `features`.
        """
        head, geometry = self._pieces[number]
        return head + (self.spatial.geojson(number, crs) if crs else geometry)

    def features(self, numbers: Iterable[int], crs: str = "") -> list[bytes]:
        """Features and the commas between them, to be joined.

        Parameters
        ----------
        crs
            Coordinate system whose axes order the coordinates (`geo.coordinates.to_ordered`);
            longitude and latitude in WGS 84 when empty.
        """
        found: list[bytes] = []
        for number in numbers:
            head, geometry = self._pieces[number]
            found += head, self.spatial.geojson(number, crs) if crs else geometry, b"},\n"
        if found:
            found[-1] = b"}"
        return found


def _unlocated(record: Record) -> bool:
    return record.place is None or record.place.bbox is None
