"""The geometry of each place, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from errors import DataError
from geo.boundaries import CRS, EDITION, Boundaries
from geo.places import Place, Registry, Seat

GEOD = Geod(ellps="GRS80")
"""CGCS2000 and GRS 80 share a = 6,378,137 m and 1/f = 298.257222101."""

GRID = 1e-6
"""Degrees; derived shapes are snapped to it so that rounding on export keeps them valid."""


def area_km2(geometry: BaseGeometry) -> float:
    """Geodesic area in km² of a geometry in degrees (C. F. F. Karney 2013, in pyproj)."""
    return float(abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]) / 1e6)


def place_shapes(registry: Registry, boundaries: Boundaries) -> dict[str, BaseGeometry]:
    """Find the geometry of every place that has one, in the year of the boundaries.

    Parameters
    ----------
    registry
        The places.
    boundaries
        Boundaries of units, EPSG:4490.

    Returns
    -------
    dict
        Place id → Polygon, MultiPolygon or Point in degrees, EPSG:4490. Places of quality
        ``unknown`` and abolished units are absent. Prefectures and provinces are the union
        of their counties.

    Raises
    ------
    DataError
        A unit has no boundary, or a point lies outside the units it is said to lie in.
    """
    shapes: dict[str, BaseGeometry] = {}
    for place in registry:
        if place.kind in {"unit", "province"} and place.exists_on(EDITION):
            shapes[place.id] = unit_shape(place, boundaries)
    for place in registry:
        if place.quality == "unknown":
            continue
        if place.kind == "functional_area":
            shapes[place.id] = _area_shape(place, registry, shapes)
        elif place.lon is not None and place.lat is not None:
            shapes[place.id] = _point(place, shapes)
    return shapes


def unit_shape(place: Place, boundaries: Boundaries) -> BaseGeometry:
    """Find the boundary of a unit; prefectures and provinces are joined from counties.

    Raises
    ------
    DataError
        The boundary data has no such unit.
    """
    digits = {"province": 2, "prefecture": 4, "county": 6}[place.level]
    chosen = boundaries.units.index.str.startswith(place.id[:digits])
    if not chosen.any():
        raise DataError(f"边界数据中没有 {place.id} {place.name}")
    geometry = boundaries.units.geometry.values[chosen]
    return shapely.coverage_union_all(geometry) if len(geometry) > 1 else geometry[0]


def _point(place: Place, shapes: Mapping[str, BaseGeometry]) -> BaseGeometry:
    point = shapely.Point(place.lon, place.lat)
    if not any(shapes[parent].covers(point) for parent in place.parents):
        raise DataError(f"{place.id} 的坐标不在其所属行政区内")
    return point


def _area_shape(
    area: Place, registry: Registry, shapes: Mapping[str, BaseGeometry]
) -> BaseGeometry:
    """Union of the Voronoi cells of the area's towns, unit by unit.

    Cells are drawn in each county among all of its town seats and clipped to the county,
    so that an area never leaves the units it lies in.
    """
    own = {seat.id for seat in registry.seats if seat.area_id == area.id}
    cells = [
        cell
        for unit in area.parents
        for seat_id, cell in seat_cells(seats_in(shapes[unit], registry.seats), shapes[unit])
        if seat_id in own
    ]
    if not cells:
        raise DataError(f"功能区 {area.id} 没有列出镇街，无法推算范围")
    return shapely.set_precision(shapely.union_all(cells), GRID)


def seats_in(outline: BaseGeometry, seats: Iterable[Seat]) -> list[Seat]:
    """List the town seats inside an outline."""
    listed = list(seats)
    inside = shapely.contains_xy(outline, [s.lon for s in listed], [s.lat for s in listed])
    return [seat for seat, hit in zip(listed, inside, strict=True) if hit]


def seat_cells(seats: Sequence[Seat], outline: BaseGeometry) -> list[tuple[str, BaseGeometry]]:
    """Split an outline among town seats: (seat id, Voronoi cell clipped to the outline).

    Distances are taken in a local equirectangular plane (longitudes shrunk by the cosine
    of the mean latitude), which over one county departs from geodesic ones by under 0.1 %.

    Raises
    ------
    DataError
        Fewer than two seats.
    """
    if len(seats) < 2:
        raise DataError("镇街驻地不足两处，无法划分")
    shrink = float(np.cos(np.radians(np.mean([seat.lat for seat in seats]))))
    points = shapely.MultiPoint([(seat.lon * shrink, seat.lat) for seat in seats])
    plane = shapely.transform(outline, lambda xy: xy * [shrink, 1.0])
    cells = shapely.voronoi_polygons(points, extend_to=plane, ordered=True)
    clipped = shapely.intersection(list(cells.geoms), plane)
    back = shapely.transform(clipped, lambda xy: xy / [shrink, 1.0])
    return [(seat.id, cell) for seat, cell in zip(seats, back, strict=True)]


def province_outlines(boundaries: Boundaries, tolerance: float) -> gpd.GeoSeries:
    """Outlines of all provinces, simplified together so that they stay gap-free.

    Parameters
    ----------
    boundaries
        Boundaries of units, EPSG:4490.
    tolerance
        Degrees; the square root of the smallest triangle kept (Visvalingam–Whyatt).

    Returns
    -------
    geopandas.GeoSeries
        Index two-digit province code; no part is dropped, islands included.
    """
    provinces = boundaries.units.geometry.groupby(boundaries.units.index.str[:2])
    merged = gpd.GeoSeries({code: shapely.union_all(part.values) for code, part in provinces})
    simple = shapely.coverage_simplify(merged.values, tolerance)
    return gpd.GeoSeries(simple, index=merged.index, crs=CRS)
