"""Every format in every system, read back by other programs: nothing is lost, nothing moves."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from lxml import etree
from pyproj import CRS

from errors import BadParameter, DataError
from geo.exporting import write
from geo.feature_table import Chunk, FeatureTable
from geo.file_formats import FORMATS
from tests.geo.exported import (
    ABOUT,
    CASES,
    FIELDS,
    GDAL,
    LAYERED,
    SHAPES,
    STRINGS,
    SYSTEMS,
    TRIANGLE,
    assert_same_values,
    found_value,
    make,
    read,
    read_layers,
    records,
    same_place,
    sample,
    without_features,
    without_geometry,
)
from tests.support import missing


@pytest.mark.parametrize(("extension", "crs"), CASES)
def test_every_format_in_every_system_comes_back_the_same(extension, crs, tmp_path):
    table = sample("b" * 10_000 if extension == "shp.zip" else "长" * 10_000)
    found = read(make(table, extension, crs, tmp_path), extension)
    wanted = records(table)
    assert_same_values(found, wanted, extension)
    for row, want in zip(found, wanted, strict=True):
        if extension in {"csv", "xlsx"}:
            x, y = list(row.values())[-2:]
            point = None if x is None else shapely.Point(x, y)
            assert same_place(point, want["label"], crs)
        else:
            assert same_place(row["geometry"], want["geometry"], crs)


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("extension", ["geojson", "gpkg", "shp.zip", "gdb.zip", "fgb"])
def test_the_file_says_its_system(extension, crs, tmp_path):
    rows = read_layers(make(sample("短"), extension, crs, tmp_path))
    for system in {row["crs"] for row in rows if row["geometry"] is not None}:
        if crs == "GCJ-02":
            assert "GCJ-02" in system
            assert CRS(system).to_epsg() is None
        else:
            assert system == crs


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549", "GCJ-02"])
def test_geoparquet_keeps_its_standard(crs, tmp_path):
    path = make(sample(), "parquet", crs, tmp_path)
    meta = pq.read_metadata(path)
    geo = json.loads(meta.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["MultiPolygon", "Point", "Polygon"]
    system = CRS.from_json_dict(column["crs"])
    assert "GCJ-02" in system.name if crs == "GCJ-02" else system.to_epsg() == int(crs[5:])
    frame = gpd.read_parquet(path)
    assert column["bbox"] == pytest.approx(frame.total_bounds.tolist())
    assert json.loads(meta.metadata[b"caitu_about"])["plans"] == ["规划一", "规划二"]
    assert meta.num_row_groups == 2


@pytest.mark.parametrize("extension", FORMATS)
def test_an_empty_result_is_a_file_with_all_columns(extension, tmp_path):
    path = make(without_features(sample()), extension, "", tmp_path)
    names = [field.name for field in FIELDS]
    if extension == "geojson":
        document = json.loads(path.read_text(encoding="utf-8"))
        assert document["features"] == []
        assert [field["name"] for field in document["fields"]] == names
        assert len(gpd.read_file(path)) == 0
    elif extension == "csv":
        assert path.read_text(encoding="utf-8-sig") == ",".join([*names, "longitude,latitude\n"])
    elif extension == "xlsx":
        assert openpyxl.load_workbook(path)["数据"].dimensions == "A1:J1"
    elif extension == "parquet":
        frame = gpd.read_parquet(path)
        assert (len(frame), list(frame)) == (0, [*names, "geometry"])
    else:
        wanted = [f.short for f in FIELDS] if extension == "shp.zip" else names
        for layer, kind in pyogrio.list_layers(path):
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
            assert info["features"] == 0
            assert info["fields"].tolist()[-len(FIELDS) :] == wanted
            assert (kind is None) == layer.endswith("_unlocated")


@pytest.mark.parametrize("extension", FORMATS)
def test_a_table_without_geometry(extension, tmp_path):
    table = without_geometry(sample("b" * 300))
    path = make(table, extension, "", tmp_path)
    if extension == "parquet":
        assert b"geo" not in pq.read_metadata(path).metadata
        assert list(pd.read_parquet(path)) == [field.name for field in FIELDS]
        found = pq.read_table(path).to_pylist()
    else:
        found = read(path, extension)
    assert_same_values(found, records(table), extension)
    assert all(row.get("geometry") is None for row in found)
    if extension in GDAL:
        ((layer, kind),) = pyogrio.list_layers(path)
        assert layer == "assignments"
        assert kind == ("Unknown" if extension in {"geojson", "kml", "fgb"} else None)
    if extension in {"csv", "xlsx"}:
        assert list(found[0]) == [field.name for field in FIELDS]
    if extension == "shp.zip":
        names = zipfile.ZipFile(path).namelist()
        assert names == ["assignments.cpg", "assignments.dbf", "字段说明.csv", "说明.txt"]


@pytest.mark.parametrize("extension", LAYERED)
def test_layers_by_part(extension, tmp_path):
    layers = dict(pyogrio.list_layers(make(sample("短"), extension, "", tmp_path)).tolist())
    polygon = "Polygon" if extension == "shp.zip" else "MultiPolygon"
    assert layers == {
        "assignments_polygon": polygon,
        "assignments_point": "Point",
        "assignments_unlocated": None,
    }


@pytest.mark.parametrize("extension", FORMATS)
def test_a_name_with_a_hyphen(extension, tmp_path):
    path = make(replace(sample("短"), name="functional-areas"), extension, "", tmp_path)
    assert len(read(path, extension)) == len(STRINGS)


@pytest.mark.parametrize("extension", ["fgb", *LAYERED])
def test_one_part_takes_the_name_of_the_table(extension, tmp_path):
    table = sample("短")

    def chunks():
        for chunk in table.chunks():
            shapes = np.full(len(chunk.geometry), TRIANGLE, dtype=object)
            yield Chunk(chunk.columns, shapes, chunk.labels)

    path = make(replace(table, chunks=chunks, parts=("polygon",)), extension, "", tmp_path)
    ((layer, kind),) = pyogrio.list_layers(path).tolist()
    assert layer == "assignments"
    assert kind == ("Polygon" if extension == "shp.zip" else "MultiPolygon")
    assert len(read_layers(path)) == len(STRINGS)
    if extension == "fgb":
        assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]


def test_what_the_table_does_not_declare_is_refused(tmp_path):
    table = replace(sample("短"), parts=("polygon", "unlocated"))
    for extension in FORMATS:
        with pytest.raises(DataError, match="point"):
            write(table, extension, "", ABOUT, tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_errors_come_out_as_they_were_and_leave_nothing(tmp_path):
    table = sample("短")

    def chunks():
        yield from table.chunks()
        raise BadParameter("place", "x", ())

    (tmp_path / "old").write_text("old", encoding="utf-8")
    for extension in FORMATS:
        with pytest.raises(BadParameter) as raised:
            write(replace(table, chunks=chunks), extension, "", ABOUT, tmp_path / "old")
        assert raised.value.name == "place", extension
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_geojson_keeps_the_standard(tmp_path):
    text = make(sample(), "geojson", "", tmp_path).read_text(encoding="utf-8")
    document = json.loads(text)
    assert "crs" not in document
    assert document["about"] == {
        "title": "材图 <测试> & “引号”",
        "plans": ["规划一", "规划二"],
        "licence": "CC BY 4.0",
    }
    assert [feature["id"] for feature in document["features"]][:2] == ["id-0", "id-1"]
    assert document["features"][2]["geometry"]["coordinates"] == [106.1234567, 29.7654321]
    for feature in document["features"]:
        if feature["geometry"] and feature["geometry"]["type"].endswith("Polygon"):
            shape = shapely.geometry.shape(feature["geometry"])
            for polygon in getattr(shape, "geoms", [shape]):
                assert polygon.exterior.is_ccw
                assert not any(hole.is_ccw for hole in polygon.interiors)
    decimals = [len(number.partition(".")[2]) for number in _numbers(document)]
    assert max(decimals) == 7


def _numbers(document: dict) -> list[str]:
    shapes = [feature["geometry"] for feature in document["features"] if feature["geometry"]]
    flat = json.dumps([shape["coordinates"] for shape in shapes])
    return flat.replace("[", "").replace("]", "").split(", ")


def test_geojson_in_another_system_says_so(tmp_path):
    document = json.loads(make(sample(), "geojson", "4549", tmp_path).read_text("utf-8"))
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4549"
    assert "RFC 7946" in document["about"]
    assert max(len(number.partition(".")[2]) for number in _numbers(document)) == 3


def test_kml_names_describes_and_escapes(tmp_path):
    root = etree.parse(make(sample(), "kml", "", tmp_path)).getroot()
    spaces = {"k": "http://www.opengis.net/kml/2.2"}
    assert "许可：CC BY 4.0" in root.findtext("k:Document/k:description", namespaces=spaces)
    marks = root.findall(".//k:Placemark", spaces)
    assert [mark.findtext("k:name", namespaces=spaces) for mark in marks[:3]] == [
        "江北区",
        "两江新区",
        None,
    ]
    fields = root.findall(".//k:SimpleField", spaces)
    assert [field.get("type") for field in fields[-4:]] == ["string", "double", "int", "double"]
    assert fields[0].findtext("k:displayName", namespaces=spaces) == "编号"


def test_a_number_kml_cannot_hold_is_text(tmp_path):
    table = _one_row(start=2**60)
    ((_, row),) = enumerate(read_layers(make(table, "kml", "", tmp_path)))
    assert row["start"] == str(2**60)


def _one_row(**values) -> FeatureTable:
    columns = {f.name: [values.get(f.name)] for f in FIELDS} | {"uid": ["a"]}
    point = np.array([shapely.Point(106, 29)])
    return FeatureTable(
        "one", "一条", FIELDS, lambda: iter([Chunk(columns, point, point)]), ("point",)
    )


@pytest.mark.parametrize("extension", FORMATS)
def test_control_characters_do_no_harm(extension, tmp_path):
    path = make(_one_row(condition="a\x00b\x01c\x1f\ufffe"), extension, "", tmp_path)
    (row,) = read(path, extension)
    text = found_value(row, FIELDS[2], extension)
    if extension in {"kml", "xlsx"}:
        assert text == "a\ufffdb\ufffdc\ufffd\ufffd"
    else:
        assert text == "a\ufffdb\x01c\x1f\ufffe"


@pytest.mark.parametrize("extension", FORMATS)
def test_numbers_that_are_none_and_shapes_that_are_empty(extension, tmp_path):
    shapes = np.array([shapely.Point(106, 29), shapely.Polygon()], dtype=object)
    columns = {f.name: [None, None] for f in FIELDS} | {
        "uid": ["a", "b"],
        "share": [float("nan"), float("inf")],
        "start": [np.int64(7), 2**40],
    }
    table = replace(
        sample(),
        chunks=lambda: iter([Chunk(columns, shapes, shapes)]),
        parts=("point", "unlocated"),
    )
    rows = read(make(table, extension, "", tmp_path), extension)
    shared = FIELDS[7]
    assert [found_value(row, shared, extension) for row in rows] == [None, None]
    assert [found_value(row, FIELDS[5], extension) for row in rows] == [7, 2**40]
    if extension not in {"csv", "xlsx"}:
        assert rows[1]["geometry"] is None


def test_heights_are_dropped(tmp_path):
    shapes = np.array([shapely.Point(106, 29, 5)])
    columns = {f.name: [None] for f in FIELDS} | {"uid": ["a"]}
    table = replace(sample(), chunks=lambda: iter([Chunk(columns, shapes, shapes)]))
    for crs in ("EPSG:4490", "EPSG:4326"):
        (row,) = read_layers(make(table, "gpkg", crs, tmp_path))
        assert not row["geometry"].has_z


def test_a_geodatabase_has_integers_where_they_fit(tmp_path):
    path = make(sample(), "gdb.zip", "", tmp_path)
    info, table = pyogrio.raw.read_arrow(path, layer="assignments_polygon", read_geometry=False)
    kinds = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert (kinds["year"], kinds["start"]) == ("int32", "float64")
    alias = {field.name: field.metadata[b"GDAL:OGR:alternative_name"] for field in table.schema}
    assert alias["condition"].decode() == "条件"
    with pytest.raises(BadParameter, match="GPKG") as raised:
        write(_one_row(start=2**53 + 1), "gdb.zip", "", ABOUT, tmp_path / "a")
    assert raised.value.allowed == ("gpkg", "csv")


def test_equal_titles_do_no_harm(tmp_path):
    fields = tuple(replace(field, title="同名") for field in FIELDS)
    for extension in FORMATS:
        write(replace(_one_row(), fields=fields), extension, "", ABOUT, tmp_path / "a")


@pytest.mark.parametrize("extension", ["gpkg", "fgb"])
def test_provenance_lies_in_the_file(extension, tmp_path):
    path = make(sample(), extension, "", tmp_path)
    info = pyogrio.read_info(path, layer=pyogrio.list_layers(path)[0][0])
    about = json.loads(info["layer_metadata"]["caitu_about"])
    assert about["plans"] == ["规划一", "规划二"]
    assert "filter" not in about
    if extension == "gpkg":
        with sqlite3.connect(path) as database:
            ((said,), *_) = database.execute("SELECT description FROM gpkg_contents")
        database.close()
        assert said.splitlines() == ABOUT.lines()
    else:
        assert info["layer_metadata"]["DESCRIPTION"].splitlines() == ABOUT.lines()


@pytest.mark.parametrize("extension", ["shp.zip", "gdb.zip"])
def test_provenance_lies_beside_and_chinese_names_open_in_windows(extension, tmp_path):
    with zipfile.ZipFile(make(sample("短"), extension, "", tmp_path)) as archive:
        text = archive.read("说明.txt")
        assert archive.testzip() is None
        for member in archive.infolist():
            assert member.filename.isascii() != bool(member.flag_bits & 0x800)
            assert member.compress_type == zipfile.ZIP_DEFLATED
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").split("\r\n") == [*ABOUT.lines(), ""]


QML = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
<renderer-v2 type="categorizedSymbol" attr="uid" symbollevels="0" forceraster="0" enableorderby="0">
<categories><category symbol="0" value="id-0" label="一" render="true"/></categories>
<symbols><symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
<layer class="SimpleFill" enabled="1" locked="0" pass="0"><prop k="color" v="255,0,0,255"/>
</layer></symbol></symbols></renderer-v2></qgis>"""

QGIS = """
import sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=assignments_polygon", "a", "ogr")
assert layer.isValid()
print(layer.renderer().type(), layer.renderer().categories()[0].label(), layer.featureCount())
"""


def test_styles_are_stored_as_qgis_stores_them(tmp_path):
    path = make(sample(), "gpkg", "", tmp_path, styles={"polygon": QML, "area": "?"})
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    (style,) = database.execute("SELECT * FROM layer_styles")
    (entry,) = database.execute("SELECT * FROM gpkg_contents WHERE table_name = 'layer_styles'")
    (check,) = database.execute("PRAGMA integrity_check")
    database.close()
    assert check[0] == "ok"
    assert (style["f_table_name"], style["f_geometry_column"]) == ("assignments_polygon", "geom")
    assert (style["f_table_catalog"], style["f_table_schema"]) == ("", "")
    assert (style["styleQML"], style["useAsDefault"]) == (QML, 1)
    assert (entry["data_type"], entry["srs_id"]) == ("attributes", 0)
    assert len(read_layers(path)) == len(STRINGS)


def test_qgis_opens_the_geopackage_coloured(tmp_path):
    path = make(sample(), "gpkg", "", tmp_path, styles={"polygon": QML})
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import qgis"], capture_output=True, check=False).returncode:
        missing("没有 PyQGIS")
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin"}
    run = subprocess.run(
        [python, "-c", QGIS, str(path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.stdout.split() == ["categorizedSymbol", "一", "3"], run.stderr


@pytest.mark.parametrize("extension", [*GDAL, "csv", "xlsx"])
def test_an_older_gdal_opens_it(extension, tmp_path):
    if not shutil.which("ogrinfo"):
        missing("没有 ogrinfo")
    for table in (sample("短"), without_features(sample()), without_geometry(sample("短"))):
        path = make(table, extension, "", tmp_path)
        run = subprocess.run(
            ["ogrinfo", "-ro", "-al", "-so", str(path)], capture_output=True, text=True, check=True
        )
        assert run.stderr == ""
        counts = [
            int(line.partition(": ")[2])
            for line in run.stdout.split("Layer name: 说明")[0].splitlines()
            if line.startswith("Feature Count")
        ]
        assert sum(counts) == len(records(table)) + (extension == "xlsx" and not records(table))


def test_threads_do_not_disturb_each_other(tmp_path):
    jobs = [
        (extension, crs)
        for extension in ("gpkg", "shp.zip", "fgb", "geojson")
        for crs in SYSTEMS[2:4]
    ]

    def one(job):
        extension, crs = job
        path = tmp_path / f"{crs[5:]}.{extension}"
        write(sample("短"), extension, crs, ABOUT, path)
        return path

    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(one, jobs))
    for path, (_, crs) in zip(paths, jobs, strict=True):
        rows = read_layers(path)
        shapes = [row["geometry"] for row in rows]
        assert all(map(same_place, shapes, SHAPES, [crs] * len(SHAPES)))
