from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from errors import BadParameter
from geo.coordinates import (
    ALBERS_CHINA,
    BD09,
    GCJ02,
    from_ordered,
    gauss_kruger,
    to_ordered,
    to_wgs84,
    transform,
    transform_points,
)
from geo.shapes import area_km2


def test_cgcs2000_coincides_with_wgs84():
    point = to_wgs84(shapely.Point(106.5, 29.5), "EPSG:4490")
    assert (point.x, point.y) == pytest.approx((106.5, 29.5), abs=1e-9)


@pytest.mark.parametrize("zone_prefix", [False, True])
@pytest.mark.parametrize("meridian", range(75, 136, 3))
def test_gauss_kruger_zones(meridian, zone_prefix):
    code = gauss_kruger(meridian + 0.4, zone_prefix=zone_prefix)
    axis = transform(shapely.Point(meridian, 30), "EPSG:4490", code)
    assert axis.x == pytest.approx(500_000 + (meridian // 3 * 1e6 if zone_prefix else 0), abs=1e-3)
    assert "CGCS2000" in CRS(code).name
    back = to_wgs84(axis, code)
    assert (back.x, back.y) == pytest.approx((meridian, 30), abs=1e-9)


def test_zone_edges_and_ends():
    assert gauss_kruger(105.0) == "EPSG:4544"
    assert gauss_kruger(106.49) == "EPSG:4544"
    assert gauss_kruger(106.51) == "EPSG:4545"
    assert (gauss_kruger(75), gauss_kruger(135)) == ("EPSG:4534", "EPSG:4554")
    assert (gauss_kruger(75, zone_prefix=True), gauss_kruger(135, zone_prefix=True)) == (
        "EPSG:4513",
        "EPSG:4533",
    )
    with pytest.raises(BadParameter, match="longitude"):
        gauss_kruger(60)


def test_albers_keeps_areas(shapes):
    for code in ("500116", "510000"):
        flat = transform(shapes[code], "EPSG:4490", ALBERS_CHINA).area / 1e6
        assert flat == pytest.approx(area_km2(shapes[code]), rel=1e-4)


def test_encrypted_systems_go_through_wgs84():
    projected = np.array([[500_000.0, 3_264_000.0]])
    shifted = transform_points(projected, "EPSG:4544", GCJ02)
    back = transform_points(shifted, GCJ02, "EPSG:4544")
    assert back == pytest.approx(projected, abs=1e-3)
    assert transform_points(shifted, GCJ02, BD09) == pytest.approx(
        transform_points(projected, "EPSG:4544", BD09), abs=1e-9
    )


def test_the_same_system_is_left_alone():
    point = shapely.Point(1, 2)
    assert transform(point, "EPSG:4490", "EPSG:4490") is point


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        ("EPSG:4490", (29.5, 106.5)),  # latitude first
        ("EPSG:4326", (29.5, 106.5)),
        ("EPSG:3857", (11855525.77, 3439440.06)),  # easting first
        ("EPSG:4544", (3265200.0, 645400.0)),  # northing first
        ("EPSG:4523", (3265200.0, 35645400.0)),
    ],
)
def test_ordered_coordinates_follow_the_axes(crs, expected):
    point = to_ordered(shapely.Point(106.5, 29.5), crs)
    assert (point.x, point.y) == pytest.approx(expected, rel=2e-4)
    assert next(axis.direction for axis in CRS(crs).axis_info) == (
        "east" if crs == "EPSG:3857" else "north"
    )
    back = from_ordered(point, crs)
    assert (back.x, back.y) == pytest.approx((106.5, 29.5), abs=1e-7)


def test_ordered_coordinates_are_rounded():
    degrees = to_ordered(shapely.Point(106.123456789, 29.5), "EPSG:4490")
    assert degrees.y == 106.1234568
    metres = to_ordered(shapely.Point(106.123456789, 29.5), "EPSG:3857")
    assert metres.x == round(metres.x, 3)
    assert metres.x != round(metres.x, 1)


def test_arrays_are_transformed_alike():
    points = shapely.points([[106.5, 29.5], [105.0, 30.0]])
    moved = to_ordered(points, "EPSG:4544")
    assert list(moved) == [to_ordered(point, "EPSG:4544") for point in points]
