from __future__ import annotations

from geo.file_formats import FORMATS, output_crs
from web.downloads import formats, systems


def test_every_format_is_offered_once_and_spreadsheets_first():
    offered = [made.extension for made in formats()]
    assert sorted(offered) == sorted(FORMATS)
    assert set(offered[:2]) == {"csv", "xlsx"}


def test_only_zones_that_suit_are_offered_and_all_can_be_had():
    codes = [code for _, group in systems([(105.9, 28.5, 106.6, 29.5)]) for code, _ in group]
    assert {"EPSG:4490", "EPSG:4326", "GCJ-02", "EPSG:4544", "EPSG:4523"} <= set(codes)
    assert "EPSG:4549" not in codes
    assert [output_crs(code, "gpkg") for code in codes] == codes


def test_without_places_no_zone_is_offered():
    codes = [code for _, group in systems([]) for code, _ in group]
    assert codes == ["EPSG:4490", "EPSG:4326", "GCJ-02"]
