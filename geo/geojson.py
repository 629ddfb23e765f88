"""GeoJSON, written feature by feature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from geo.feature_layers import GCJ02_WKT, about_members, features, values
from geo.feature_table import About, FeatureTable
from geo.file_formats import GCJ02, WGS84, is_geographic

DEGREE_DECIMALS = 7
"""About a centimetre."""
METRE_DECIMALS = 3

_encode = msgspec.json.Encoder().encode


def write_geojson(table: FeatureTable, crs: str, about: About, folder: Path) -> Path:
    """Write a FeatureCollection with the provenance as its member ``about``.

    In WGS 84 it keeps to RFC 7946. In another system it has the member ``crs`` of the GeoJSON
    of 2008, east coordinate first all the same, and ``about`` says that it does not keep to the
    RFC. GCJ-02 has no code, so its definition stands there; without one, or with null, GDAL
    takes the coordinates for WGS 84. The member ``fields`` says what the properties mean.

    Parameters
    ----------
    table, crs, about
        See `geo.exporting.write`. The first field is the ``id`` of a feature.
    folder
        Takes the file.
    """
    path = folder / f"{table.name}.geojson"
    head: dict[str, Any] = {"type": "FeatureCollection", "name": table.name}
    notes = about_members(about)
    if crs != WGS84:
        head["crs"] = _crs(crs)
        notes["RFC 7946"] = f"否：坐标系是 {crs}，不是 RFC 7946 规定的 WGS 84。"
    head["about"] = notes
    head["fields"] = [
        {"name": f.name, "type": f.type, "title": f.title, "title_en": f.title_en, "note": f.note}
        for f in table.fields
    ]
    with path.open("wb") as file:
        file.write(_encode(head)[:-1] + b',"features":[')
        separator = b"\n"
        for text in _features(table, crs):
            file.write(separator + text)
            separator = b",\n"
        file.write(b"\n]}\n")
    return path


def geometry_texts(geometry: np.ndarray, crs: str) -> list[str | None]:
    """Geometries as GeoJSON objects: rounded, outer rings counter-clockwise.

    Parameters
    ----------
    geometry
        (n,) shapely geometries or None, in ``crs``.
    crs
        Degrees get `DEGREE_DECIMALS`, metres `METRE_DECIMALS`.
    """
    decimals = DEGREE_DECIMALS if is_geographic(crs) else METRE_DECIMALS
    rounded = shapely.transform(
        shapely.orient_polygons(geometry), lambda xy: np.round(xy, decimals)
    )
    texts: list[str | None] = shapely.to_geojson(rounded).tolist()
    return texts


def _features(table: FeatureTable, crs: str) -> Iterator[bytes]:
    """One line per feature: its members in the order in which people read them."""
    names = [field.name for field in table.fields]
    for chunk in features(table, crs):
        columns = [values(chunk, field) for field in table.fields]
        texts = geometry_texts(chunk.geometry, crs)
        column = chunk.columns[table.key]
        keys = column.tolist() if isinstance(column, np.ndarray) else column
        for one, text, row in zip(keys, texts, zip(*columns, strict=True), strict=True):
            key = b"" if one is None else b'"id":' + _encode(one) + b","
            properties = _encode(dict(zip(names, row, strict=True)))
            shape = (text or "null").encode()
            yield b'{"type":"Feature",%b"properties":%b,"geometry":%b}' % (key, properties, shape)


def _crs(crs: str) -> dict[str, Any]:
    code = f"urn:ogc:def:crs:{crs.replace(':', '::')}"
    return {"type": "name", "properties": {"name": GCJ02_WKT if crs == GCJ02 else code}}
