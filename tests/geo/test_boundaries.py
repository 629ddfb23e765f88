from __future__ import annotations

import shapely

from geo.boundaries import package_version


def test_all_of_china_and_the_seven_lines(boundaries):
    assert package_version() == "0.1.5"
    assert len(boundaries.units) == 2891
    assert len(boundaries.lines) == 7
    assert boundaries.units.crs.to_epsg() == 4490
    assert boundaries.units.index.is_unique
    assert boundaries.units.index.str.fullmatch(r"\d{6}").all()


def test_every_unit_is_a_valid_area(boundaries):
    shapes = boundaries.units.geometry.values
    assert shapely.is_valid(shapes).all()
    assert set(boundaries.units.geom_type) <= {"Polygon", "MultiPolygon"}


def test_chongqing_is_gap_free(boundaries):
    units = boundaries.units[boundaries.units.index.str.startswith("50")]
    assert len(units) == 38
    assert shapely.coverage_is_valid(units.geometry.values)


def test_taiwan_and_the_south_china_sea_are_there(boundaries):
    assert boundaries.units.index.str.startswith("71").sum() == 20
    assert {"460321", "460322"} <= set(boundaries.units.index)
