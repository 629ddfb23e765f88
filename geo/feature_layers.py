"""Layers of a feature table: which there are, and their features in the output system."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import shapely

from errors import DataError
from geo.coordinates import GCJ02, transform_points
from geo.feature_table import POINT, POLYGON, UNLOCATED, About, Chunk, FeatureTable, Field

STORED = "EPSG:4490"
"""System of the geometries in a table."""

GCJ02_WKT = (
    'GEOGCRS["GCJ-02 (offset web-map coordinates, no EPSG code)",'
    'DATUM["GCJ-02 (offset, not a geodetic datum)",'
    'ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]],'
    'PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],'
    'CS[ellipsoidal,2],AXIS["longitude",east],AXIS["latitude",north],'
    'ANGLEUNIT["degree",0.0174532925199433]]'
)
"""GCJ-02 for formats that ask for a definition. The degrees are those of WGS 84, shifted, so the
ellipsoid is too; the datum has a name of its own, so that nothing takes it for a known one."""

MISSING = -1
PARTS = {MISSING: UNLOCATED, 0: POINT, 3: POLYGON, 6: POLYGON}
"""Part by the number shapely gives a geometry type."""

INT32 = 2**31
FLOAT_EXACT = 2**53
"""Integers up to here are exact as float64."""

_BAD_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file with one geometry type per layer.

    Attributes
    ----------
    name
        ASCII.
    part
        `POLYGON`, `POINT` or `UNLOCATED`.
    """

    name: str
    part: str


def layers(table: FeatureTable) -> tuple[Layer, ...]:
    """The layers a table is written to where a layer has one geometry type.

    One part, or no geometry at all, takes the name of the table; of several, each adds its own.
    """
    parts = table.parts or (UNLOCATED,)
    if len(parts) == 1:
        return (Layer(table.name, parts[0]),)
    return tuple(Layer(f"{table.name}_{part}", part) for part in parts)


def definition(crs: str) -> str:
    """What GDAL and pyproj read as the definition of an output system."""
    return GCJ02_WKT if crs == GCJ02 else crs


def project(geometry: np.ndarray, crs: str) -> np.ndarray:
    """Transform geometries from `STORED`.

    Parameters
    ----------
    geometry
        (n,) shapely geometries or None; heights are dropped.
    crs
        As `geo.file_formats.output_crs` returns it.
    """
    if crs == STORED:
        flat: np.ndarray = shapely.force_2d(geometry)
        return flat
    moved: np.ndarray = shapely.transform(geometry, lambda xy: transform_points(xy, STORED, crs))
    return moved


def features(
    table: FeatureTable, crs: str, part: str = "", *, multi: bool = False
) -> Iterator[Chunk]:
    """Read a table in the output system.

    Parameters
    ----------
    table
        Read once.
    crs
        As `geo.file_formats.output_crs` returns it.
    part
        Only features of this part; all of them if empty.
    multi
        Make every polygon a multipolygon.

    Yields
    ------
    Chunk
        ``geometry`` in ``crs``; ``labels`` as they were, EPSG:4490. Never an empty chunk.

    Raises
    ------
    DataError
        A feature is of no part that the table declares.
    """
    known = table.parts or (UNLOCATED,)
    for chunk in table.chunks():
        kinds = _kinds(chunk.geometry)
        strange = {PARTS.get(kind, f"类型 {kind}") for kind in np.unique(kinds).tolist()} - {*known}
        if strange:
            raise DataError(f"表 {table.name} 没有声明这些几何：{'、'.join(sorted(strange))}。")
        mask = np.isin(kinds, [kind for kind, name in PARTS.items() if part in {"", name}])
        if not mask.any():
            continue
        columns, geometry, labels = chunk.columns, chunk.geometry, chunk.labels
        if not mask.all():
            columns = {f.name: list(compress(columns[f.name], mask)) for f in table.fields}
            geometry, labels = geometry[mask], labels[mask]
        unlocated = kinds[mask] == MISSING
        if unlocated.any():
            geometry = geometry.copy()
            geometry[unlocated] = None
        geometry = project(geometry, crs)
        if multi:
            geometry = _multipolygons(geometry)
        yield Chunk(columns, geometry, labels)


def values(chunk: Chunk, field: Field) -> list[Any]:
    """A column as Python values that every format can hold.

    Numbers that are not finite are missing. NUL in a text becomes U+FFFD: most readers, GDAL's
    among them, take it for the end.
    """
    column = chunk.columns[field.name]
    if field.type == "string":
        return [v if v is None or "\0" not in v else v.replace("\0", "\ufffd") for v in column]
    if field.type == "integer":
        return [None if v is None else int(v) for v in column]
    if field.type == "number":
        return [None if v is None or not math.isfinite(v) else float(v) for v in column]
    return list(column)


def largest_integers(table: FeatureTable) -> dict[str, int]:
    """The largest absolute value in each integer field, for formats that have several types."""
    largest = {field.name: 0 for field in table.fields if field.type == "integer"}
    for chunk in table.chunks() if largest else ():
        for name, value in largest.items():
            column = [abs(one) for one in chunk.columns[name] if one is not None]
            largest[name] = max(value, max(column, default=0))
    return largest


def about_members(about: About) -> dict[str, Any]:
    """Provenance as an object; entries that say nothing are left out."""
    return {
        key: value if isinstance(value, str) else list(value)
        for key, value in about.entries.items()
        if value
    }


def xml_text(text: str) -> str:
    """The text with characters that XML cannot hold replaced by U+FFFD."""
    return _BAD_IN_XML.sub("\ufffd", text)


def _kinds(geometry: np.ndarray) -> np.ndarray:
    """Type of each geometry as shapely numbers them; `MISSING` for none and for empty ones."""
    kinds: np.ndarray = np.where(shapely.is_empty(geometry), MISSING, shapely.get_type_id(geometry))
    return kinds


def _multipolygons(geometry: np.ndarray) -> np.ndarray:
    single = shapely.get_type_id(geometry) == 3
    made = geometry.copy()
    members = geometry[single]
    made[single] = shapely.multipolygons(members, indices=np.arange(len(members)))
    return made
