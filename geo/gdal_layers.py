"""Layers that GDAL writes, batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from geo.feature_layers import definition, features, values
from geo.feature_table import POINT, POLYGON, UNLOCATED, FeatureTable, Field

GEOMETRY = "geometry"
ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
}
"""By field type."""
LAYER_TYPES = {POLYGON: "MultiPolygon", POINT: "Point"}
"""Geometry type GDAL gives a layer, by part."""


class Batches(NamedTuple):
    """What a layer is made of.

    Attributes
    ----------
    schema
        Geometry, where there is any, is WKB in the column `GEOMETRY`.
    read
        Starts reading.
    """

    schema: pa.Schema
    read: Callable[[], Iterator[pa.RecordBatch]]


def gdal_schema(
    fields: tuple[Field, ...], types: Mapping[str, pa.DataType] | None = None
) -> pa.Schema:
    """The schema GDAL makes a layer of; titles become aliases, where the format has any.

    An alias must be distinct in a GeoPackage: a title that occurs twice gets the name added.

    Parameters
    ----------
    fields
        In order.
    types
        Field name → Arrow type where it differs from `ARROW_TYPES`.
    """
    chosen = types or {}
    times = Counter(field.title for field in fields)
    columns = []
    for field in fields:
        alias = field.title if times[field.title] == 1 else f"{field.title} {field.name}"
        notes = {"GDAL:OGR:alternative_name": alias, "GDAL:OGR:comment": field.note}
        kind = chosen.get(field.name, ARROW_TYPES[field.type])
        columns.append(pa.field(field.name, kind, metadata=notes))
    return pa.schema(columns)


def table_batches(table: FeatureTable, crs: str, schema: pa.Schema, part: str = "") -> Batches:
    """Batches of a part of a table, polygons as multipolygons.

    Parameters
    ----------
    table
        Read once.
    crs
        Output system.
    schema
        Of the fields; geometry comes last, except for what is not located.
    part
        All features if empty.
    """
    located = part != UNLOCATED
    full = schema.append(pa.field(GEOMETRY, pa.binary())) if located else schema

    def read() -> Iterator[pa.RecordBatch]:
        for chunk in features(table, crs, part, multi=True):
            arrays = [
                pa.array(values(chunk, f), ARROW_TYPES[f.type]).cast(schema.field(f.name).type)
                for f in table.fields
            ]
            if located:
                arrays.append(wkb(chunk.geometry))
            yield pa.record_batch(arrays, schema=full)

    return Batches(full, read)


def write_layer(
    path: Path, driver: str, name: str, part: str, crs: str, batches: Batches, **options: object
) -> None:
    """Write a layer; what the batches raise comes out as it was raised.

    Parameters
    ----------
    path
        A file that is not there yet, or has other layers already.
    driver
        GDAL's name of the format.
    name
        ASCII.
    part
        Decides the geometry type of the layer; any type if it is empty.
    crs
        Output system.
    batches
        Read once.
    options
        Of `pyogrio.write_arrow`.
    """
    raised: list[Exception] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches.read()
        except Exception as error:
            raised.append(error)
            raise

    if GEOMETRY in batches.schema.names:
        options |= {
            "geometry_name": GEOMETRY,
            "geometry_type": LAYER_TYPES.get(part, "Unknown"),
            "crs": definition(crs),
        }
    stream = pa.RecordBatchReader.from_batches(batches.schema, watched())
    try:
        pyogrio.write_arrow(stream, path, layer=name, driver=driver, **options)
    except Exception:
        if raised:
            raise raised[0] from None
        raise


def wkb(geometry: np.ndarray) -> pa.Array:
    """Geometries as an Arrow column of ISO WKB, None as null."""
    return pa.array(shapely.to_wkb(geometry, flavor="iso"), pa.binary())
