"""Imports as people send them: real files in real formats, and bad ones."""

from __future__ import annotations

import json
import zipfile
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.coordinates import transform
from geo.files import UnreadableFile
from geo.importing import examine
from geo.resolver import Resolver
from geo.shapes import area_km2

COLUMNS = ["名称", "代码"]


@pytest.fixture(scope="module")
def counties(boundaries):
    units = boundaries.units[boundaries.units.index.str.startswith("50")].reset_index()
    return gpd.GeoDataFrame(
        {"名称": units["name"], "代码": units["code"]}, geometry=units.geometry.values, crs=4490
    )


@pytest.fixture(scope="module")
def look(registry, shapes):
    resolver = Resolver(registry)

    def run(path, **options):
        return examine(path, registry, resolver, shapes, **options)

    return run


def agrees(report, shapes, limit=1e-3):
    for place_id, geometry in report.accepted.items():
        assert area_km2(geometry.symmetric_difference(shapes[place_id])) < limit * area_km2(
            shapes[place_id]
        )


def zipped(folder, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, str(path.relative_to(folder)))
    return archive


def test_a_gbk_shapefile_in_gauss_kruger(counties, look, shapes, tmp_path):
    folder = tmp_path / "shp"
    folder.mkdir()
    counties.to_crs(4545).to_file(folder / "区县.shp", encoding="gbk")
    (folder / "区县.cpg").unlink()
    report = look(zipped(folder, tmp_path / "区县.zip"))
    assert len(report.accepted) == len(report.matches) == 38
    assert report.system == "EPSG:4545"
    assert "gb18030" in report.notes[0]
    assert report.overlaps == ()
    assert report.gaps_km2 == 0
    agrees(report, shapes)


def test_names_alone_are_enough(counties, look, tmp_path):
    path = tmp_path / "names.gpkg"
    counties[["名称", "geometry"]].to_file(path)
    report = look(path)
    assert report.column == "名称"
    assert len(report.accepted) == 38


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.gdb", "a.kml"])
def test_every_format_gives_the_same(counties, look, shapes, tmp_path, name):
    options = {"driver": "KML"} if name.endswith("kml") else {}
    counties.to_crs(4326).to_file(tmp_path / name, **options)
    report = look(tmp_path / name)
    assert len(report.accepted) == 38
    agrees(report, shapes)


def test_a_kmz(counties, look, shapes, tmp_path):
    counties.to_crs(4326).to_file(tmp_path / "doc.kml", driver="KML")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as file:
        file.write(tmp_path / "doc.kml", "doc.kml")
    report = look(tmp_path / "a.kmz")
    assert len(report.accepted) == 38
    agrees(report, shapes)


def test_swapped_axes_are_put_right(counties, look, shapes, tmp_path):
    swapped = counties.set_geometry(
        counties.geometry.apply(lambda s: shapely.transform(s, lambda xy: xy[:, ::-1]))
    )
    swapped.set_crs(4326, allow_override=True).to_file(tmp_path / "swapped.geojson")
    report = look(tmp_path / "swapped.geojson")
    assert "已对调" in report.notes[0]
    agrees(report, shapes)


@pytest.mark.parametrize("code", [4545, 4524])
@pytest.mark.filterwarnings("ignore:.*crs.*was not provided:UserWarning")
def test_a_missing_system_is_found(counties, look, shapes, tmp_path, code):
    bare = counties.to_crs(code).set_crs(None, allow_override=True)
    bare.to_file(tmp_path / "bare.fgb")
    report = look(tmp_path / "bare.fgb")
    assert report.system == f"EPSG:{code}"
    agrees(report, shapes)


def test_shifted_boundaries_are_moved_back(counties, look, shapes, tmp_path):
    shifted = counties.set_geometry(
        counties.geometry.apply(lambda s: transform(s, "EPSG:4490", "GCJ-02"))
    )
    shifted.to_file(tmp_path / "gcj.geojson")
    report = look(tmp_path / "gcj.geojson")
    assert report.system == "GCJ-02"
    agrees(report, shapes)


def test_a_self_crossing_polygon_is_refused_with_the_place_named(look, tmp_path):
    bow = shapely.Polygon([(106, 29), (106.4, 29.2), (106, 29.2), (106.4, 29)])
    gpd.GeoDataFrame({"name": ["江津区"]}, geometry=[bow], crs=4490).to_file(tmp_path / "b.gpkg")
    (match,) = look(tmp_path / "b.gpkg").matches
    assert not match.accepted
    assert match.place.id == "500116"
    assert "自相交" in match.remark


def test_a_small_fault_is_repaired_and_said(shapes, look, tmp_path):
    ring = shapely.get_coordinates(shapes["500103"].geoms[0].exterior)
    spike = np.insert(ring, 3, [ring[2] + 1e-6, ring[2]], axis=0)
    shape = shapely.Polygon(spike)
    assert not shape.is_valid
    gpd.GeoDataFrame({"code": ["500103"]}, geometry=[shape], crs=4490).to_file(tmp_path / "s.gpkg")
    (match,) = look(tmp_path / "s.gpkg").matches
    assert match.accepted
    assert match.geometry.is_valid
    assert "已修复" in match.remark


def test_what_does_not_match_says_why(shapes, look, tmp_path):
    frame = gpd.GeoDataFrame(
        {"code": ["500116", "500116", "999999", "500103", "500101", "500108"]},
        geometry=[
            shapes["500116"],
            shapes["500116"],
            shapes["500117"],
            shapely.Point(106.5, 29.5),
            shapes["500116"],
            shapes["500108"].buffer(0.05),
        ],
        crs=4490,
    )
    frame.to_file(tmp_path / "mixed.gpkg")
    report = look(tmp_path / "mixed.gpkg")
    remarks = [match.remark for match in report.matches]
    assert set(report.accepted) == {"500116", "500108"}
    assert "第二次" in remarks[1]
    assert "没有这个名称或代码" in remarks[2]
    assert "面状" in remarks[3]
    assert "不相交" in remarks[4]
    assert "请核对" in remarks[5]


def test_overlaps_and_gaps_are_reported(shapes, look, tmp_path):
    overlap = shapes["500116"].union(shapes["500118"].buffer(-0.05))
    frame = gpd.GeoDataFrame(
        {"code": ["500116", "500118"]}, geometry=[overlap, shapes["500118"]], crs=4490
    )
    frame.to_file(tmp_path / "o.gpkg")
    ((one, other, area),) = look(tmp_path / "o.gpkg").overlaps
    assert {one, other} == {"江津区", "永川区"}
    assert area > 100


BAD = {
    "missing.gpkg": (None, "找不到文件"),
    "words.geojson": (b"hello", "不是可以识别的格式"),
    "words.zip": (b"hello", "不是完整的压缩包"),
    "none.geojson": (b'{"type":"FeatureCollection","features":[]}', "没有"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_advice(look, tmp_path, name):
    raw, said = BAD[name]
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(UnreadableFile, match=said):
        look(tmp_path / name)


def test_a_truncated_archive_is_refused(counties, look, tmp_path):
    (tmp_path / "d").mkdir()
    counties.to_file(tmp_path / "d" / "a.gpkg")
    archive = zipped(tmp_path / "d", tmp_path / "a.zip")
    archive.write_bytes(archive.read_bytes()[:-5000])
    with pytest.raises(UnreadableFile, match="不是完整的压缩包"):
        look(archive)


def test_a_bomb_is_refused_before_it_goes_off(look, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.geojson", bytes(200 * 2**20))
    with pytest.raises(UnreadableFile, match="解开后过大"):
        look(tmp_path / "bomb.zip")


def test_paths_out_of_the_archive_are_refused(look, tmp_path):
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as file:
        file.writestr("../../slip.geojson", "{}")
    with pytest.raises(UnreadableFile, match="越界"):
        look(tmp_path / "slip.zip")
    assert not (tmp_path.parent / "slip.geojson").exists()


def test_several_layers_need_a_choice(counties, look, tmp_path):
    path = tmp_path / "two.gpkg"
    counties.to_file(path, layer="一")
    counties.to_file(path, layer="二")
    with pytest.raises(UnreadableFile, match="--layer"):
        look(path)
    assert len(look(path, layer="二").accepted) == 38
    with pytest.raises(UnreadableFile, match="没有图层"):
        look(path, layer="三")


def test_no_matching_column_lists_the_columns(counties, look, tmp_path):
    counties.assign(高度=1).drop(columns=COLUMNS).to_file(tmp_path / "none.gpkg")
    with pytest.raises(UnreadableFile, match="高度"):
        look(tmp_path / "none.gpkg")


def test_codes_in_other_dress(shapes, look, tmp_path):
    for code in ("156500116", "500116000000", 500116):
        frame = gpd.GeoDataFrame({"gb": [code]}, geometry=[shapes["500116"]], crs=4490)
        frame.to_file(tmp_path / f"{code}.geojson")
        assert set(look(tmp_path / f"{code}.geojson").accepted) == {"500116"}


def test_geojson_is_what_it_says(counties, look, tmp_path):
    path = tmp_path / "rfc.json"
    path.write_text(json.dumps(json.loads(counties.to_crs(4326).to_json())), encoding="utf-8")
    assert len(look(path).accepted) == 38


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.LineString([(106.1, 29.05), (106.14, 29.08)]),
        shapely.MultiPoint([(106.1, 29.05), (106.14, 29.08)]),
    ],
)
def test_a_park_is_an_area_or_one_point(look, tmp_path, geometry):
    frame = gpd.GeoDataFrame({"name": ["江津白沙组团"]}, geometry=[geometry], crs=4490)
    frame.to_file(tmp_path / "line.gpkg")
    (match,) = look(tmp_path / "line.gpkg").matches
    assert not match.accepted
    assert "单个点" in match.remark


def test_a_place_that_does_not_exist_on_the_day_is_refused(shapes, look, tmp_path):
    frame = gpd.GeoDataFrame({"code": ["500105"]}, geometry=[shapes["500105"]], crs=4490)
    frame.to_file(tmp_path / "old.gpkg")
    (match,) = look(tmp_path / "old.gpkg", day=date(2026, 1, 1)).matches
    assert not match.accepted
    assert "2025-11-06" in match.remark
    assert look(tmp_path / "old.gpkg", day=date(2022, 1, 1)).accepted
