"""The grey context around the plans' provinces: all of China, small and complete."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries import Boundaries
from geo.shapes import province_outlines

TOLERANCE = 0.05
"""Degrees of the simplification; the context is read at zoom levels 4 to 8."""
LINES = "lines"
"""Name of the 境界线 among the shapes."""


def context_shapes(boundaries: Boundaries) -> dict[str, BaseGeometry]:
    """Outlines of all provinces and the 境界线, Taiwan and the South China Sea islands included.

    Returns
    -------
    dict
        Polygons by two-digit province code, and one MultiLineString under `LINES`; degrees.
    """
    outlines = province_outlines(boundaries, TOLERANCE)
    lines = shapely.MultiLineString(
        [part for line in boundaries.lines for part in getattr(line, "geoms", [line])]
    )
    shapes = {str(code): shape for code, shape in outlines.items()}
    return shapes | {LINES: shapely.simplify(lines, TOLERANCE / 5)}
