from __future__ import annotations

import pytest

from errors import BadParameter
from geo import coordinates, file_formats
from geo.exporting import write
from geo.file_formats import FORMATS, output_crs
from tests.geo.exported import ABOUT, sample


@pytest.mark.parametrize(
    ("text", "extension", "crs"),
    [
        ("EPSG:4490", "gpkg", "EPSG:4490"),
        ("4490", "gpkg", "EPSG:4490"),
        (" epsg:4549 ", "csv", "EPSG:4549"),
        ("EPSG:4513", "fgb", "EPSG:4513"),
        ("EPSG:4554", "fgb", "EPSG:4554"),
        ("OGC:CRS84", "geojson", "EPSG:4326"),
        ("crs84", "kml", "EPSG:4326"),
        ("gcj02", "xlsx", "GCJ-02"),
        ("GCJ-02", "gpkg", "GCJ-02"),
        ("", "kml", "EPSG:4326"),
        ("", "parquet", "EPSG:4490"),
        ("", "xlsx", "EPSG:4326"),
    ],
)
def test_systems_that_are_taken(text, extension, crs):
    assert output_crs(text, extension) == crs


@pytest.mark.parametrize(
    ("text", "extension", "said"),
    [
        ("EPSG:4479", "gpkg", "地心"),
        ("4480", "gpkg", "三维"),
        ("EPSG:4979", "gpkg", "三维"),
        ("EPSG:4512", "gpkg", "不接受"),
        ("EPSG:4555", "gpkg", "不接受"),
        ("EPSG:32648", "gpkg", "不接受"),
        ("BD-09", "gpkg", "不接受"),
        ("EPSG:4４９０", "gpkg", "不接受"),
        ("EPSG:4490\n+proj=longlat", "gpkg", "不接受"),
        ("../etc/passwd", "gpkg", "不接受"),
        ("EPSG:4490", "kml", "KML"),
        ("GCJ-02", "kml", "KML"),
    ],
)
def test_systems_that_are_refused(text, extension, said, tmp_path):
    with pytest.raises(BadParameter, match=said) as raised:
        write(sample(), extension, text, ABOUT, tmp_path / "a")
    assert raised.value.name == "crs"
    assert raised.value.allowed
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_lists_the_known():
    with pytest.raises(BadParameter) as raised:
        output_crs("", "exe")
    assert raised.value.allowed == tuple(FORMATS)


def test_the_catalogue_is_whole():
    assert list(FORMATS) == "geojson gpkg shp.zip gdb.zip kml fgb parquet csv xlsx".split()
    for extension, made in FORMATS.items():
        assert made.extension == extension
        assert made.media_type.count("/") == 1
        assert made.title
        assert made.title_en
        assert output_crs(made.crs, extension) == made.crs
    assert file_formats.GCJ02 == coordinates.GCJ02
