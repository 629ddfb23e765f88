"""The grey context as a drawing that browsers stretch: it never changes, so no script draws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

UNIT = 500
"""Metres of Web Mercator (EPSG:3857) in a unit of the drawing, finer than what it draws."""
CELL = ((1, 0), (0, 1), (-1, 0))
"""The way around what is smaller than a unit: no island is left out."""


def backdrop(shapes: Mapping[str, BaseGeometry]) -> dict[str, Any]:
    """Draw polygons and lines in Web Mercator, so that stretching alone fits them to a map.

    Parameters
    ----------
    shapes
        By name; degrees.

    Returns
    -------
    dict
        ``bounds``, the south-west and the north-east corner as latitude and longitude in
        degrees; ``box``, an SVG's viewBox; ``paths``, SVG path data by name.
    """
    project = Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True)

    def units(degrees: NDArray[Any]) -> NDArray[Any]:
        """Positions of the drawing, y downwards."""
        x, y = project.transform(degrees[:, 0], degrees[:, 1])
        return np.column_stack([np.round(x / UNIT), np.round(-y / UNIT)])

    drawn = {name: shapely.transform(shape, units) for name, shape in shapes.items()}
    edges = shapely.total_bounds(list(drawn.values()))
    west, north, east, south = edges.astype(int).tolist()  # north is least, as y grows downwards
    x, y = [west * UNIT, east * UNIT], [-south * UNIT, -north * UNIT]
    longitudes, latitudes = project.transform(x, y, direction="INVERSE")
    corners = np.column_stack([latitudes, longitudes])
    return {
        "bounds": corners.round(6).tolist(),
        "box": [west, north, east - west, south - north],
        "paths": {name: "".join(_lines(shape)) for name, shape in drawn.items()},
    }


def _lines(shape: BaseGeometry) -> Iterator[str]:
    """SVG path data of every ring or line: its first position, then the way to each next."""
    for part in shapely.get_parts(shape):
        closed = part.geom_type == "Polygon"
        for line in [part.exterior, *part.interiors] if closed else [part]:
            positions = shapely.get_coordinates(line).astype(int)
            steps = np.diff(positions, axis=0)
            steps = steps[(steps != 0).any(axis=1)]
            if closed:
                steps = steps[:-1] if len(steps) > 2 else np.array(CELL)  # z draws the last
            way = " ".join(f"{x},{y}" for x, y in steps.tolist())
            yield "M{},{}l".format(*positions[0]) + way + "z" * closed
