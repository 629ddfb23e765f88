"""Shapes that share their borders, for the screen: TopoJSON, every border written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from topojson.core.topology import Topology

STEP = 1e-4
"""Degrees between two positions of the grid: about 11 m, finer than the boundaries are."""


def topology(shapes: Mapping[str, BaseGeometry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cut shapes into arcs that neighbours share.

    Parameters
    ----------
    shapes
        Polygons and lines by name; degrees.

    Returns
    -------
    topology : dict
        TopoJSON without objects (https://github.com/topojson/topojson-specification); arcs are
        whole numbers of `STEP`, each position as the difference to the one before.
    geometries : dict
        For each name a geometry object of that topology.
    """
    snapped = [_snapped(shape) for shape in shapes.values()]
    made: dict[str, Any] = Topology(snapped, prequantize=False, shared_coords=False).to_dict()
    geometries = made["objects"]["data"]["geometries"]
    found = {
        name: {"type": geometry["type"], "arcs": geometry["arcs"]}
        for name, geometry in zip(shapes, geometries, strict=True)
    }
    arcs = [_differences(arc) for arc in made["arcs"]]
    transform = {"scale": [STEP, STEP], "translate": [0, 0]}
    return {"type": "Topology", "transform": transform, "arcs": arcs, "objects": {}}, found


def _snapped(shape: BaseGeometry) -> BaseGeometry:
    """A shape on the grid; holes and islands that vanish there are left out.

    What vanishes as a whole is drawn as one cell.
    """
    grid = shapely.transform(shape, lambda xy: (xy / STEP).round())
    if "Polygon" not in shape.geom_type:
        return shapely.remove_repeated_points(grid)
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if _wide(ring)])
        for part in shapely.get_parts(grid)
        if _wide(part.exterior)
    ]
    if not parts:
        x, y = shapely.get_coordinates(grid)[0]
        parts = [shapely.box(x, y, x + 1, y + 1)]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return shapely.remove_repeated_points(whole)


def _wide(ring: BaseGeometry) -> bool:
    return len(np.unique(shapely.get_coordinates(ring), axis=0)) > 2


def _differences(arc: object) -> list[list[int]]:
    positions = np.asarray(arc, dtype=float).round().astype(int)
    differences: list[list[int]] = np.diff(positions, axis=0, prepend=[[0, 0]]).tolist()
    return differences
