"""Records as a table of features for files; loads shapely, so import it where it is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

import numpy as np
import shapely

from geo.feature_table import POINT, POLYGON, UNLOCATED, Chunk, FeatureTable
from layers.collections import Collection
from layers.records import Record
from layers.snapshot import MappedPlace

ROWS = 2000
"""Features held in memory at once."""


def feature_table(collection: Collection, records: Sequence[Record]) -> FeatureTable:
    """Make a table of some records of a collection.

    Parameters
    ----------
    records
        Their geometries are read as they are needed; the published ones are WGS 84, which
        the EPSG registry takes as coincident with CGCS2000.
    """

    def chunks() -> Iterator[Chunk]:
        for start in range(0, len(records), ROWS):
            part = records[start : start + ROWS]
            places = [record.place for record in part]
            yield Chunk(
                columns={
                    field.name: [record.values[field.name] for record in part]
                    for field in collection.fields
                },
                geometry=_geometries(places, attrgetter("geometry")),
                labels=_geometries(places, _label),
            )

    parts = {_part(record.place) for record in records} if collection.located else set()
    if collection.located and not parts:
        parts = {POLYGON}  # an empty file has a geometry column too
    ordered = tuple(part for part in (POLYGON, POINT, UNLOCATED) if part in parts)
    return FeatureTable(collection.name, collection.title, collection.fields, chunks, ordered)


def _part(place: MappedPlace | None) -> str:
    if place is None or place.geometry == "null":
        return UNLOCATED
    return POINT if place.area_km2 is None else POLYGON


def _label(place: MappedPlace) -> str:
    return json.dumps({"type": "Point", "coordinates": place.label}) if place.label else "null"


def _geometries(
    places: Sequence[MappedPlace | None], text: Callable[[MappedPlace], str]
) -> np.ndarray:
    """(n,) geometries from GeoJSON; places that occur more than once are read once."""
    texts = {id(place): text(place) for place in places if place is not None}
    drawn = {key: value for key, value in texts.items() if value != "null"}
    shapes = dict(zip(drawn, shapely.from_geojson(list(drawn.values())), strict=True))
    return np.array([shapes.get(id(place)) for place in places], dtype=object)
