from __future__ import annotations

import pytest
import shapely

from geo.coordinates import to_wgs84


def test_cgcs2000_coincides_with_wgs84():
    point = to_wgs84(shapely.Point(106.5, 29.5), "EPSG:4490")
    assert (point.x, point.y) == pytest.approx((106.5, 29.5), abs=1e-9)


def test_gauss_kruger_comes_back_in_degrees():
    # CGCS2000 / 3-degree Gauss-Kruger CM 105E; the central meridian has false easting 500 km.
    point = to_wgs84(shapely.Point(500_000, 3_264_000), "EPSG:4544")
    assert point.x == pytest.approx(105.0, abs=1e-9)
    assert point.y == pytest.approx(29.49, abs=0.01)
