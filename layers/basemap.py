"""The grey context around the plans' provinces: all of China, small and complete."""

from __future__ import annotations

import json
from typing import Any

import shapely

from geo.boundaries import Boundaries
from geo.shapes import province_outlines

TOLERANCE = 0.05
"""Degrees of the simplification; the context is read at zoom levels 4 to 8."""
DIGITS = 3
"""Decimals of a degree kept: about 100 m."""


def context_features(boundaries: Boundaries) -> dict[str, Any]:
    """Outlines of all provinces and the 境界线, Taiwan and the South China Sea islands included.

    Returns
    -------
    dict
        ``context``: GeoJSON MultiPolygon geometries by two-digit province code;
        ``lines``: one GeoJSON MultiLineString.
    """
    outlines = province_outlines(boundaries, TOLERANCE)
    lines = shapely.MultiLineString(
        [part for line in boundaries.lines for part in getattr(line, "geoms", [line])]
    )
    return {
        "context": {str(code): _compact(shape) for code, shape in outlines.items()},
        "lines": _compact(shapely.simplify(lines, TOLERANCE / 5)),
    }


def _compact(shape: shapely.Geometry) -> object:
    rounded = shapely.transform(shape, lambda xy: xy.round(DIGITS))
    return json.loads(shapely.to_geojson(rounded))
