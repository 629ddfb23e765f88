"""A table with everything that makes formats stumble, and reading files back as rows."""

from __future__ import annotations

import csv
import datetime
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyproj import CRS, Transformer

from geo import file_formats, offsets
from geo.exporting import write
from geo.feature_table import About, Chunk, FeatureTable, Field
from geo.file_formats import FORMATS
from geo.shapefile import join_pieces

SYSTEMS = ("EPSG:4490", "EPSG:4326", "EPSG:3857", "EPSG:4549", "EPSG:4526", "GCJ-02")
CASES = [
    (extension, crs)
    for extension in FORMATS
    for crs in SYSTEMS
    if extension != "kml" or crs == "EPSG:4326"
]
GDAL = ("geojson", "gpkg", "shp.zip", "gdb.zip", "kml", "fgb")
LAYERED = ("gpkg", "shp.zip", "gdb.zip")

FIELDS = (
    Field("uid", "string", "UID", "编号", "Identifier", "不变的编号。"),
    Field("place_name", "string", "PLACE", "地点", "Place"),
    Field("condition", "string", "COND", "条件", "Condition", "规划原文，“照录”。"),
    Field("memo", "string", "MEMO", "备注", "Memo"),
    Field("issued", "date", "ISSUED", "日期", "Date"),
    Field("start", "integer", "START", "起点", "Start"),
    Field("year", "integer", "YEAR", "年份", "Year"),
    Field("share", "number", "SHARE", "份额", "Share"),
)
ABOUT = About(
    {
        "title": "材图 <测试> & “引号”",
        "plans": ("规划一", "规划二"),
        "filter": "",
        "licence": "CC BY 4.0",
    },
    {"title": "标题", "plans": "规划", "filter": "筛选", "licence": "许可"},
)
LONG = "在符合产业政策、能耗和环境要求的前提下，发展先进有色合金。" * 69 + "完"
STRINGS = (
    LONG[:2000],
    "第一行\n第二行\r\n第三行\r\"引号\",逗号;\t制表 '单引'",
    "=1+1",
    "<script>alert('x')</script> & ]]> https://example.org/",
    "emoji 😀👩‍👩‍👧 \u202b右至左\u202c \u200f\u2028",
    None,
    "",
    "@SUM(A1) -1 +1 %20 {=TABLE()}",
)
TRIANGLE = shapely.Polygon(
    [(106.1, 29.1), (106.93, 29.21), (106.37, 29.87)],
    [[(106.31, 29.31), (106.43, 29.33), (106.39, 29.47)]],
)
ISLAND = shapely.Polygon([(110.01, 30.02), (111.13, 30.17), (110.57, 31.03)])
SHAPES = (
    TRIANGLE,
    shapely.MultiPolygon([TRIANGLE, ISLAND]),
    shapely.Point(106.1234567, 29.7654321),
    None,
    ISLAND.reverse(),
    shapely.Point(121.5, 31.2),
    None,
    shapely.Point(75.4, 39.9),
)
DAYS = (datetime.date(2022, 12, 15), None, datetime.date(2025, 11, 6))


def sample(memo: str = "长" * 10_000) -> FeatureTable:
    """Two chunks of every kind of feature and value."""
    rows = range(len(STRINGS))
    columns = {
        "uid": [f"id-{row}" for row in rows],
        "place_name": [("江北区", "两江新区", None)[row % 3] for row in rows],
        "condition": list(STRINGS),
        "memo": [memo if row == 1 else None for row in rows],
        "issued": [DAYS[row % 3] for row in rows],
        "start": [(0, -5, None, 2**53)[row % 4] for row in rows],
        "year": [(2025, None)[row % 2] for row in rows],
        "share": [(0.1 + 0.2, None, -1e-20, 12345678.9)[row % 4] for row in rows],
    }
    shapes = np.array(SHAPES, dtype=object)
    labels = np.array([None if s is None else shapely.point_on_surface(s) for s in SHAPES])

    def chunks():
        for part in (slice(0, 5), slice(5, None)):
            values = {name: column[part] for name, column in columns.items()}
            yield Chunk(values, shapes[part], labels[part])

    return FeatureTable(
        "assignments", "布局任务", FIELDS, chunks, ("polygon", "point", "unlocated")
    )


def without_features(table: FeatureTable) -> FeatureTable:
    return replace(table, chunks=lambda: iter(()))


def without_geometry(table: FeatureTable) -> FeatureTable:
    def chunks():
        for chunk in table.chunks():
            nothing = np.full(len(chunk.geometry), None, dtype=object)
            yield Chunk(chunk.columns, nothing, nothing)

    return replace(table, chunks=chunks, parts=())


def records(table: FeatureTable) -> list[dict]:
    """The rows of a table, with geometry and label."""
    return [
        {f.name: chunk.columns[f.name][i] for f in table.fields}
        | {"geometry": chunk.geometry[i], "label": chunk.labels[i]}
        for chunk in table.chunks()
        for i in range(len(chunk.geometry))
    ]


def moved(shape, crs: str):
    """A geometry in the output system, without the code under test."""
    if crs == "GCJ-02":
        return shapely.transform(shape, offsets.wgs84_to_gcj02)
    step = transformer(crs).transform
    return shapely.transform(shape, lambda xy: np.column_stack(step(xy[:, 0], xy[:, 1])))


@lru_cache
def transformer(crs: str) -> Transformer:
    return Transformer.from_crs(4490, CRS(crs), always_xy=True)


def same_place(found, expected, crs: str) -> bool:
    """Whether two geometries are equal within 1 mm, or 1e-6 degrees."""
    if expected is None or found is None:
        return found is expected
    if crs != "EPSG:4490":
        expected = moved(expected, crs)
    limit = 1e-6 if file_formats.is_geographic(crs) else 1e-3
    if expected.geom_type == "Point":
        return found.geom_type == "Point" and found.distance(expected) < limit
    parts = [len(getattr(shape, "geoms", [shape])) for shape in (found, expected)]
    apart = shapely.hausdorff_distance(found.boundary, expected.boundary)
    return parts[0] == parts[1] and found.is_valid and apart < limit


def plain(value):
    """A value as read, in the types of a feature table."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp | datetime.datetime):
        assert value.time() == datetime.time()
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def read_layers(path: Path) -> list[dict]:
    """Features of all layers, by GDAL."""
    rows = []
    for layer, _ in pyogrio.list_layers(path):
        if layer == "layer_styles":
            continue
        info, table = pyogrio.raw.read_arrow(path, layer=layer, read_geometry=False)
        shapes = pyogrio.raw.read(path, layer=layer, columns=[])[2]
        found = [None] * table.num_rows if shapes is None else shapely.from_wkb(shapes)
        rows += [
            {name: plain(value) for name, value in row.items()}
            | {"geometry": shape, "crs": info["crs"], "layer": layer}
            for row, shape in zip(table.to_pylist(), found, strict=True)
        ]
    return sorted(rows, key=lambda row: row.get("uid") or row.get("UID"))


def read_csv(path: Path, fields=FIELDS) -> list[dict]:
    kinds = {"integer": int, "number": float, "date": datetime.date.fromisoformat}
    convert = {field.name: kinds.get(field.type, str) for field in fields}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {k: convert.get(k, float)(v) if v else None for k, v in row.items()}
            for row in csv.DictReader(file)
        ]


def read_xlsx(path: Path) -> list[dict]:
    sheet = openpyxl.load_workbook(path)["数据"]
    head, *rows = sheet.iter_rows(values_only=True)
    names = [title.split("\n")[1] for title in head]
    return [dict(zip(names, map(plain, row), strict=True)) for row in rows]


def read(path: Path, extension: str) -> list[dict]:
    """Features of a file, in the order of their ids."""
    if extension == "csv":
        return read_csv(path)
    if extension == "xlsx":
        return read_xlsx(path)
    if extension == "parquet":
        frame = gpd.read_parquet(path)
        assert frame.crs is not None
        rows = pq.read_table(path, columns=[f.name for f in FIELDS]).to_pylist()
        return [row | {"geometry": s} for row, s in zip(rows, frame.geometry, strict=True)]
    return read_layers(path)


def expected_value(value, extension: str):
    """What a format makes of a value where it cannot keep it."""
    if extension in {"csv", "shp.zip"} and value == "":
        return None
    if extension == "xlsx" and isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if extension == "kml" and isinstance(value, datetime.date):
        return value.isoformat()
    return value


def found_value(row: dict, field: Field, extension: str):
    if extension != "shp.zip":
        return row[field.name]
    return join_pieces(row, field.short) if field.type == "string" else row[field.short]


def assert_same_values(found: list[dict], expected: list[dict], extension: str) -> None:
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        for field in FIELDS:
            value = found_value(row, field, extension)
            want = expected_value(wanted[field.name], extension)
            if extension == "xlsx" and isinstance(want, float):
                want = pytest.approx(want, rel=1e-15)
            assert value == want, (wanted["uid"], field.name)
            exact = extension in {"geojson", "gpkg", "parquet", "csv", "fgb"}
            assert not exact or want is None or type(value) is type(want)


def make(table: FeatureTable, extension: str, crs: str, folder: Path, **options) -> Path:
    path = folder / f"{table.name}.{extension}"
    write(table, extension, crs, ABOUT, path, **options)
    assert [p.name for p in folder.iterdir()] == [path.name]
    return path
