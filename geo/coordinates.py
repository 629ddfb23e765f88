"""Coordinate reference systems. Stored: CGCS2000 (EPSG:4490). GeoJSON: WGS 84."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Transform a geometry to WGS 84 longitude and latitude (OGC:CRS84).

    Parameters
    ----------
    geometry
        Coordinates in `crs`, longitude or easting first.
    crs
        Anything pyproj reads, such as ``EPSG:4490``. The EPSG registry takes CGCS2000 and
        WGS 84 as coincident to within a metre, so 4490 comes back unchanged.
    """
    transformer = _transformer(crs, "OGC:CRS84")

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, move)
