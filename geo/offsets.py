"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, both ways.

Neither has an EPSG code. GCJ-02 shifts WGS 84 by a fixed series of sines on the
Krasovsky 1940 ellipsoid (a = 6,378,245 m, e² = 0.00669342162296594323); the series and its
constants are those known from the published open implementations (eviltransform and
others). BD-09 rotates and stretches GCJ-02 once more. Inside China only: outside, web maps
do not shift, and neither do these functions.
"""

from __future__ import annotations

import numpy as np

SEMI_MAJOR = 6_378_245.0
ECCENTRICITY_2 = 0.00669342162296594323
ORIGIN = (105.0, 35.0)
BD_TURN = np.pi * 3000.0 / 180.0
BD_OFFSET = (0.0065, 0.006)
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""The box, west to north, in which the shift is applied."""

SINES = {
    "lat": (-100.0, 2.0, 3.0, 0.2, 0.1, 0.2),
    "lon": (300.0, 1.0, 2.0, 0.1, 0.1, 0.1),
}
"""Coefficients of 1, x, y, the squared term, xy and √|x| for each axis."""


def wgs84_to_gcj02(points: np.ndarray) -> np.ndarray:
    """Shift WGS 84 to GCJ-02.

    Parameters
    ----------
    points
        (n, 2) longitudes and latitudes in degrees.
    """
    points = np.asarray(points, dtype=float)
    return points + np.where(_inside(points)[:, None], _shift(points), 0.0)


def gcj02_to_wgs84(points: np.ndarray) -> np.ndarray:
    """Undo the shift by fixed-point iteration, to better than 1 mm.

    The shift changes by less than 1 part in 1,000 over its own length, so each round gains
    three digits; four rounds exhaust double precision.
    """
    points = np.asarray(points, dtype=float)
    found = points.copy()
    for _ in range(6):
        found = points - (wgs84_to_gcj02(found) - found)
    return found


def gcj02_to_bd09(points: np.ndarray) -> np.ndarray:
    """Turn GCJ-02 into BD-09; (n, 2) degrees."""
    x, y = np.asarray(points, dtype=float).T
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BD_TURN)
    east, north = BD_OFFSET
    return np.column_stack((radius * np.cos(angle) + east, radius * np.sin(angle) + north))


def bd09_to_gcj02(points: np.ndarray) -> np.ndarray:
    """Undo `gcj02_to_bd09` by fixed-point iteration; (n, 2) degrees."""
    points = np.asarray(points, dtype=float)
    found: np.ndarray = points - np.array(BD_OFFSET)
    for _ in range(8):
        found = found + (points - gcj02_to_bd09(found))
    return found


def wgs84_to_bd09(points: np.ndarray) -> np.ndarray:
    """Shift WGS 84 to BD-09; (n, 2) degrees."""
    return gcj02_to_bd09(wgs84_to_gcj02(points))


def bd09_to_wgs84(points: np.ndarray) -> np.ndarray:
    """Undo `wgs84_to_bd09`; (n, 2) degrees."""
    return gcj02_to_wgs84(bd09_to_gcj02(points))


def _inside(points: np.ndarray) -> np.ndarray:
    west, south, east, north = CHINA
    x, y = points[:, 0], points[:, 1]
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _shift(points: np.ndarray) -> np.ndarray:
    x, y = (points - np.array(ORIGIN)).T
    north, east = _series(x, y, "lat"), _series(x, y, "lon")
    latitude = np.radians(points[:, 1])
    flat = 1 - ECCENTRICITY_2 * np.sin(latitude) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_2) / flat**1.5
    parallel = SEMI_MAJOR / np.sqrt(flat) * np.cos(latitude)
    return np.column_stack((np.degrees(east / parallel), np.degrees(north / meridian)))


def _series(x: np.ndarray, y: np.ndarray, axis: str) -> np.ndarray:
    """The shift along one axis, metres, at degrees east and north of the origin."""
    constant, of_x, of_y, square, product, root = SINES[axis]
    along, second = (y, (160.0, 320.0)) if axis == "lat" else (x, (150.0, 300.0))
    squared = y * y if axis == "lat" else x * x
    total: np.ndarray = constant + of_x * x + of_y * y + square * squared + product * x * y
    total = total + root * np.sqrt(np.abs(x))
    total = total + 2 / 3 * (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x))
    total = total + 2 / 3 * (20 * np.sin(np.pi * along) + 40 * np.sin(np.pi * along / 3))
    wave = second[0] * np.sin(np.pi * along / 12) + second[1] * np.sin(np.pi * along / 30)
    return total + 2 / 3 * wave
