"""Databases and binary files: GeoPackage, File Geodatabase, FlatGeobuf and GeoParquet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from errors import BadParameter
from geo.feature_layers import (
    FLOAT_EXACT,
    INT32,
    about_members,
    definition,
    features,
    largest_integers,
    layers,
    values,
)
from geo.feature_table import UNLOCATED, About, FeatureTable
from geo.gdal_layers import ARROW_TYPES, GEOMETRY, gdal_schema, table_batches, wkb, write_layer

LAYER_STYLES = """
CREATE TABLE "layer_styles" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "f_table_catalog" TEXT(256), "f_table_schema" TEXT(256), "f_table_name" TEXT(256),
  "f_geometry_column" TEXT(256), "styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT,
  "useAsDefault" BOOLEAN, "description" TEXT, "owner" TEXT(30), "ui" TEXT(30),
  "update_time" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0);
"""
"""The table as QGIS makes it when it saves a style in a GeoPackage."""

ADD_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner)
SELECT '', '', table_name, column_name, table_name, :qml, '', 1, :title, ''
  FROM gpkg_geometry_columns WHERE table_name = :layer
"""


def write_gpkg(
    table: FeatureTable, crs: str, about: About, folder: Path, styles: Mapping[str, str]
) -> Path:
    """Write a GeoPackage: a layer per part, provenance as metadata, styles for QGIS.

    The metadata are the layers': where a file has some of its own, GDAL writes an ``.aux.xml``
    beside it as soon as somebody reads it. Version 1.3, because GDAL before 3.7 warns of later
    ones.

    Parameters
    ----------
    table, crs, about
        See `geo.exporting.write`.
    folder
        Takes the file.
    styles
        Part → QML.
    """
    path = folder / f"{table.name}.gpkg"
    notes = {"TITLE": table.title, "caitu_about": about_json(about)}
    schema = gdal_schema(table.fields)
    for layer in layers(table):
        batches = table_batches(table, crs, schema, layer.part)
        write_layer(
            path,
            "GPKG",
            layer.name,
            layer.part,
            crs,
            batches,
            layer_options={"DESCRIPTION": "\n".join(about.lines())},
            dataset_options={"VERSION": "1.3"},
            layer_metadata=notes,
        )
    chosen = [layer for layer in layers(table) if layer.part in styles]
    if chosen:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(LAYER_STYLES)
            for layer in chosen:
                given = {"layer": layer.name, "qml": styles[layer.part], "title": table.title}
                connection.execute(ADD_STYLE, given)
    return path


def write_gdb(table: FeatureTable, crs: str, folder: Path) -> Path:
    """Write a File Geodatabase that ArcGIS of any age reads: a folder, a layer per part.

    Before ArcGIS Pro 3.2 there is no type for a date alone, nor for integers of 64 bits. A
    date becomes midnight of the day, without a time zone. Integers are of 32 bits where all
    values of the field are, else float64. Names take no hyphen; an underscore stands for it.

    Raises
    ------
    BadParameter
        An integer is not exact as float64.
    """
    path = folder / f"{table.name}.gdb"
    types = {f.name: pa.timestamp("s") for f in table.fields if f.type == "date"}
    schema = gdal_schema(table.fields, types | _integer_types(table))
    for layer in layers(table):
        batches = table_batches(table, crs, schema, layer.part)
        options = {"TIME_IN_UTC": "NO"}
        name = layer.name.replace("-", "_")
        write_layer(path, "OpenFileGDB", name, layer.part, crs, batches, layer_options=options)
    return path


def write_fgb(table: FeatureTable, crs: str, about: About, folder: Path) -> Path:
    """Write a FlatGeobuf: one layer of all features.

    The format cannot index features without geometry: where there may be any, it has no
    spatial index. With it, features stand in the order of the index.
    """
    path = folder / f"{table.name}.fgb"
    located = [part for part in table.parts if part != UNLOCATED]
    batches = table_batches(table, crs, gdal_schema(table.fields), "" if located else UNLOCATED)
    write_layer(
        path,
        "FlatGeobuf",
        table.name,
        located[0] if len(located) == 1 else "",
        crs,
        batches,
        layer_options={
            "TITLE": table.title,
            "DESCRIPTION": "\n".join(about.lines()),
            "SPATIAL_INDEX": "YES" if located and UNLOCATED not in table.parts else "NO",
        },
        layer_metadata={"caitu_about": about_json(about)},
    )
    return path


def write_parquet(table: FeatureTable, crs: str, about: About, folder: Path) -> Path:
    """Write a GeoParquet 1.1, or a plain Parquet where the table has no geometry at all.

    Each chunk is a row group. GCJ-02 has a definition of its own (see
    `geo.feature_layers.GCJ02_WKT`), not the null that stands for an unknown system.
    """
    path = folder / f"{table.name}.parquet"
    columns = [
        pa.field(
            field.name,
            ARROW_TYPES[field.type],
            metadata={"title": field.title, "title_en": field.title_en, "note": field.note},
        )
        for field in table.fields
    ]
    if table.parts:
        columns.append(pa.field(GEOMETRY, pa.binary()))
    schema = pa.schema(columns, metadata={"caitu_about": about_json(about)})
    kinds: set[str] = set()
    boxes: list[np.ndarray] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in features(table, crs):
            arrays = [pa.array(values(chunk, f), ARROW_TYPES[f.type]) for f in table.fields]
            if table.parts:
                arrays.append(wkb(chunk.geometry))
                located = chunk.geometry[~shapely.is_missing(chunk.geometry)]
                kinds.update(shape.geom_type for shape in located)
                if len(located):
                    boxes.append(shapely.total_bounds(located))
            writer.write_batch(pa.record_batch(arrays, schema=schema))
        if table.parts:
            geo = _geo(crs, sorted(kinds), boxes)
            writer.add_key_value_metadata({"geo": json.dumps(geo, ensure_ascii=False)})
    return path


def about_json(about: About) -> str:
    """Provenance as a JSON object, for formats that keep keys and values."""
    return json.dumps(about_members(about), ensure_ascii=False)


def _integer_types(table: FeatureTable) -> dict[str, pa.DataType]:
    """Types of the integer fields in a File Geodatabase."""
    largest = largest_integers(table)
    large = next((name for name, value in largest.items() if value > FLOAT_EXACT), "")
    if large:
        reason = (
            f"字段 {large} 的整数超过 {FLOAT_EXACT}，文件地理数据库存不下；请改用 GPKG 或 CSV。"
        )
        raise BadParameter("ext", "gdb.zip", ("gpkg", "csv"), reason)
    return {n: pa.int32() if value < INT32 else pa.float64() for n, value in largest.items()}


def _geo(crs: str, kinds: list[str], boxes: list[np.ndarray]) -> dict[str, Any]:
    """The ``geo`` object of GeoParquet 1.1.

    Parameters
    ----------
    boxes
        West, south, east and north in ``crs``, of each row group.
    """
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": CRS.from_user_input(definition(crs)).to_json_dict(),
    }
    if boxes:
        west, south, east, north = np.array(boxes).T
        column["bbox"] = [west.min(), south.min(), east.max(), north.max()]
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
