"""Coordinate reference systems. Stored: CGCS2000 (EPSG:4490). GeoJSON: WGS 84."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from errors import BadParameter
from geo import offsets
from geo.file_formats import is_geographic
from geo.gauss_kruger import zones

ALBERS_CHINA = (
    "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs"
)
"""Albers equal area on the standard parallels of China's national atlases, on CGCS2000."""

GCJ02 = "GCJ-02"
BD09 = "BD-09"
ENCRYPTED = (GCJ02, BD09)
"""Systems without an EPSG code: degrees shifted by a published algorithm."""


def gauss_kruger(longitude: float, *, zone_prefix: bool = False) -> str:
    """EPSG code of the CGCS2000 3-degree Gauss–Krüger zone a longitude falls in.

    Parameters
    ----------
    longitude
        Degrees east, 73.5 to 136.5.
    zone_prefix
        Take the family whose eastings begin with the zone number (EPSG:4513–4533)
        instead of the one with a false easting of 500 km (EPSG:4534–4554).

    Raises
    ------
    BadParameter
        The longitude lies in no zone of the family.
    """
    found = zones([(longitude, 0, longitude, 0)])
    if not found:
        raise BadParameter("longitude", f"{longitude:g}", ("73.5–136.5",))
    return found[0].numbered_code if zone_prefix else found[0].code


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS(source), CRS(target), always_xy=True)


def transform(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """Transform a geometry, east coordinate first on both sides.

    Parameters
    ----------
    geometry
        Any shapely geometry; heights are dropped.
    source, target
        Anything pyproj reads (``EPSG:4490``), or ``GCJ-02`` or ``BD-09``. The EPSG registry
        takes CGCS2000 and WGS 84 as coincident to within a metre.
    """
    if source == target:
        return geometry

    def move(xy: np.ndarray) -> np.ndarray:
        return transform_points(xy, source, target)

    return shapely.transform(geometry, move)


def transform_points(xy: np.ndarray, source: str, target: str) -> np.ndarray:
    """Transform an (n, 2) array of coordinates; see `transform`."""
    if source in ENCRYPTED:
        decode = offsets.gcj02_to_wgs84 if source == GCJ02 else offsets.bd09_to_wgs84
        xy, source = decode(xy), "OGC:CRS84"
    last, target = target, "OGC:CRS84" if target in ENCRYPTED else target
    if source != target:
        xy = np.column_stack(_transformer(source, target).transform(xy[:, 0], xy[:, 1]))
    if last in ENCRYPTED:
        encode = offsets.wgs84_to_gcj02 if last == GCJ02 else offsets.wgs84_to_bd09
        xy = encode(xy)
    return xy


def to_wgs84(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Transform a geometry to WGS 84 longitude and latitude (OGC:CRS84)."""
    return transform(geometry, crs, "OGC:CRS84")


@lru_cache(maxsize=64)
def _ordered(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS(source), CRS(target))


def to_ordered(geometry: Any, crs: str) -> Any:  # noqa: ANN401
    """Transform geometries, or an array of them, from WGS 84 longitude and latitude.

    The result is in the order of the system's axes, as OGC services write it: latitude first
    in EPSG:4326 and EPSG:4490, northing first in the Gauss–Krüger zones. Rounded to 7
    decimals of a degree or to a millimetre.
    """
    digits = 7 if is_geographic(crs) else 3

    def move(xy: np.ndarray) -> np.ndarray:
        moved = _ordered("OGC:CRS84", crs).transform(xy[:, 0], xy[:, 1])
        return np.column_stack(moved).round(digits)

    return shapely.transform(geometry, move)


def from_ordered(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Undo `to_ordered`, without rounding."""

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(_ordered(crs, "OGC:CRS84").transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, move)
