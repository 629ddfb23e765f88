"""Searching the geometries of a collection; loads shapely, so import it where it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coordinates import to_ordered
from layers.snapshot import MappedPlace

Bbox = tuple[float, float, float, float]

RELATIONS = {
    "s_intersects": shapely.intersects,
    "s_equals": shapely.equals,
    "s_disjoint": shapely.disjoint,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
    "s_overlaps": shapely.overlaps,
    "s_crosses": shapely.crosses,
    "s_contains": shapely.contains,
}
"""Spatial functions of CQL2 (OGC 21-065r2, clause 7.8), the feature's geometry first."""


KEPT = 4096
"""Transformed geometries that are remembered as text."""
KEPT_SYSTEMS = 2
"""Systems in which all geometries are remembered, beside WGS 84."""


class SpatialIndex:
    """Geometries by position; features of one place share one geometry.

    Parameters
    ----------
    places
        One per feature, or None.
    """

    def __init__(self, places: Sequence[MappedPlace | None]) -> None:
        drawn: dict[int, MappedPlace] = {}
        for place in places:
            if place is not None and place.geometry != "null":
                drawn.setdefault(id(place), place)
        order = {key: number for number, key in enumerate(drawn)}
        self._members: list[list[int]] = [[] for _ in order]
        self._shape_of = [-1] * len(places)
        for number, place in enumerate(places):
            if place is not None and id(place) in order:
                self._members[order[id(place)]].append(number)
                self._shape_of[number] = order[id(place)]
        self._shapes = shapely.from_geojson([place.geometry for place in drawn.values()])
        self._trees = {"": shapely.STRtree(self._shapes)}
        self._written: dict[tuple[int, str], bytes] = {}

    def _tree(self, crs: str) -> shapely.STRtree:
        """The shapes in a system, to be searched; WGS 84 when empty."""
        tree = self._trees.get(crs)
        if tree is None:
            tree = shapely.STRtree(to_ordered(self._shapes, crs))
            kept = self._trees if len(self._trees) <= KEPT_SYSTEMS else {"": self._trees[""]}
            self._trees = {**kept, crs: tree}  # swapped whole: other threads read it
        return tree

    def in_box(self, box: Bbox, crs: str = "") -> set[int]:
        """Positions of the features whose geometry meets a box.

        Parameters
        ----------
        box
            Least and greatest coordinates in the order of the system's axes.
        crs
            Of the box, whose sides are straight there; longitude and latitude, WGS 84, when
            empty.
        """
        left, bottom, right, top = box
        area = shapely.box(left, bottom, right, top)
        if left == right or bottom == top:  # a line or a point
            area = shapely.convex_hull(shapely.multipoints([(left, bottom), (right, top)]))
        found = self._tree(crs).query([area], predicate="intersects")[1]
        return self._features(found.tolist())

    def related(self, relation: str, geometry: BaseGeometry) -> set[int]:
        """Positions of the features in one of `RELATIONS` to a geometry, degrees, WGS 84."""
        met = RELATIONS[relation](self._shapes, geometry)
        return self._features(np.flatnonzero(met).tolist())

    def _features(self, shapes: Iterable[int]) -> set[int]:
        return {number for shape in shapes for number in self._members[shape]}

    def geojson(self, number: int, crs: str) -> bytes:
        """A feature's geometry in another system, in the order of its axes."""
        shape = self._shape_of[number]
        if shape < 0:
            return b"null"
        key = (shape, crs)
        if key not in self._written:
            if len(self._written) >= KEPT:
                self._written.clear()
            moved = to_ordered(self._shapes[shape], crs)
            self._written[key] = shapely.to_geojson(moved).encode()
        return self._written[key]
