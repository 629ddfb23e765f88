from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.offsets import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.shapes import GEOD

CHINA = st.tuples(st.floats(73.6, 135.0), st.floats(3.5, 53.5)).map(lambda p: np.array([p]))


def metres(a, b):
    return GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]


def test_known_pairs():
    """Pairs widely published with the open implementations (Beijing, Tiananmen)."""
    wgs = np.array([[116.404, 39.915]])
    gcj = np.array([[116.41024449916938, 39.91640428150164]])
    assert wgs84_to_gcj02(wgs) == pytest.approx(gcj, abs=1e-9)
    assert gcj02_to_bd09(wgs) == pytest.approx(
        np.array([[116.41036949371029, 39.92133699351021]]), abs=1e-9
    )


@given(CHINA)
def test_gcj02_round_trip_is_far_below_half_a_metre(point):
    gcj = wgs84_to_gcj02(point)
    assert metres(gcj02_to_wgs84(gcj), point)[0] < 0.001
    assert metres(wgs84_to_gcj02(gcj02_to_wgs84(gcj)), gcj)[0] < 0.001
    assert 0 < metres(gcj, point)[0] < 1_000


@given(CHINA)
def test_bd09_round_trip(point):
    assert metres(bd09_to_gcj02(gcj02_to_bd09(point)), point)[0] < 0.001
    assert metres(bd09_to_wgs84(wgs84_to_bd09(point)), point)[0] < 0.001


def test_chongqing_is_shifted_north_west_to_south_east():
    shift = wgs84_to_gcj02(np.array([[106.55, 29.56]])) - np.array([[106.55, 29.56]])
    assert shift[0] == pytest.approx([0.0041, -0.0027], abs=5e-4)


def test_outside_china_nothing_moves():
    paris = np.array([[2.35, 48.86], [106.5, 29.5]])
    moved = wgs84_to_gcj02(paris)
    assert (moved[0] == paris[0]).all()
    assert (moved[1] != paris[1]).all()
