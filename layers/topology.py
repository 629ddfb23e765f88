"""Shapes that share their borders, for the screen: TopoJSON, every border written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from topojson.core.topology import Topology

STEP = 1e-4
"""Degrees between two positions of the grid: about 11 m, finer than the boundaries are."""
FAR_STEP = 1e-3
"""Degrees between two positions of what is seen from afar."""
FAR_TOLERANCE = 0.015
"""Degrees a border seen from afar may depart from the fine one: a pixel or two at zoom 7."""


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


def from_afar(borders: Mapping[str, Any]) -> dict[str, Any]:
    """The same topology with simpler arcs, for small scales.

    Every arc keeps its number and its ends (to `FAR_STEP`), so that geometry objects fit both
    and neighbours still meet. Simplified by Douglas and Peucker's method (1973).
    """
    arcs = [np.cumsum(np.asarray(arc), axis=0) for arc in borders["arcs"]]
    lines = shapely.simplify(
        [shapely.LineString(arc) if len(arc) > 1 else None for arc in arcs],
        FAR_TOLERANCE / STEP,
        preserve_topology=False,
    )
    ratio = FAR_STEP / STEP
    far = [
        _differences(_without_repeats((_at_least_a_ring(line, arc) / ratio).round()))
        for line, arc in zip(lines, arcs, strict=True)
    ]
    transform = {"scale": [FAR_STEP, FAR_STEP], "translate": [0, 0]}
    return {**borders, "transform": transform, "arcs": far}


def arcs_of(borders: Mapping[str, Any], geometries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The arcs that some geometry objects of a topology are made of.

    Returns
    -------
    dict
        ``scale`` in degrees, and ``arcs`` by number, as they stand in the topology.
    """
    numbers = sorted({n for geometry in geometries for n in _numbers(geometry["arcs"])})
    return {
        "scale": borders["transform"]["scale"][0],
        "arcs": {str(number): borders["arcs"][number] for number in numbers},
    }


def _numbers(arcs: Iterable[Any]) -> Iterator[int]:
    for each in arcs:
        if isinstance(each, int):
            yield each if each >= 0 else ~each
        else:
            yield from _numbers(each)


def _at_least_a_ring(line: BaseGeometry | None, arc: NDArray[Any]) -> NDArray[Any]:
    """The positions of a simplified arc; of one that closes, four at least."""
    if line is None:
        return arc
    found: NDArray[Any] = shapely.get_coordinates(line)
    if len(found) > 3 or (arc[0] != arc[-1]).any():
        return found
    triangle: NDArray[Any] = arc[np.linspace(0, len(arc) - 1, 4).round().astype(int)]
    return triangle


def _without_repeats(positions: NDArray[Any]) -> NDArray[Any]:
    moved = (np.diff(positions, axis=0) != 0).any(axis=1)
    kept: NDArray[Any] = positions[np.r_[True, moved]]
    return kept


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
