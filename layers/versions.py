"""Places through time: for each place, one published version per set of boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries import CRS
from geo.coordinates import to_wgs84
from geo.importing import Official
from geo.places import Place, Registry
from geo.shapes import area_km2
from geo.timeline import Timeline, UnitShape
from layers.snapshot import MappedPlace, shown_on

EARLIEST = date(2017, 1, 1)
"""First date that may be asked for: from here on every unit of Chongqing has a shape."""
DIGITS = 6
"""Decimals of a degree kept: 0.1 m, finer than the source's own rounding."""
TOUCH = 0.001
"""Share of a place's area that must lie in a unit for the place to count as overlapping."""


@dataclass(frozen=True)
class Period:
    """A set of boundaries: the shapes of all counties from one day to the next change."""

    start: date
    end: date | None
    counties: Mapping[str, UnitShape]


def periods(timeline: Timeline, places: Iterable[Place]) -> list[Period]:
    """Split time, from `EARLIEST` on, at every change that touches some places."""
    registry = timeline.registry
    listed = list(places)
    wanted = {place.id for place in listed}
    provinces = {code for place in listed for code in registry.provinces_of(place)}
    days = {
        change.day
        for change in timeline.changes
        if change.day > EARLIEST and wanted.intersection((*change.origins, *change.heirs))
    }
    starts = [EARLIEST, *sorted(days)]
    return [
        Period(start, end, _counties(timeline, provinces, start))
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]


def _counties(timeline: Timeline, provinces: Iterable[str], day: date) -> dict[str, UnitShape]:
    return {
        unit: shape
        for province in sorted(provinces)
        for unit, shape in timeline.coverage(province, day).items()
    }


def place_versions(
    place: Place,
    timeline: Timeline,
    shapes: Mapping[str, BaseGeometry],
    spans: Iterable[Period],
    official: Official | None = None,
) -> list[MappedPlace]:
    """List the versions of a place, neighbouring ones merged where nothing changed.

    Parameters
    ----------
    shapes
        Of places that are no counties, EPSG:4490; they do not change while they exist.
    spans
        In order of time, without gaps.
    official
        A geometry the user imported; it replaces that of the version of its day.
    """
    versions: list[MappedPlace] = []
    before: tuple[Place, BaseGeometry | None] | None = None
    for span in spans:
        if not place.exists_on(span.start):
            continue
        now = _as_it_was(place, shapes.get(place.id), span, timeline)
        if before is None or before[0] != now[0] or before[1] is not now[1]:
            version = _mapped(now[0], timeline.registry, now[1])
        before = now
        same = versions and replace(versions[-1], shown_from=None, shown_to=None) == version
        if same and versions[-1].shown_to == span.start:
            versions[-1] = replace(versions[-1], shown_to=span.end)
        else:
            first = None if span.start == EARLIEST else span.start
            versions.append(replace(version, shown_from=first, shown_to=span.end))
    if official is None:
        return versions
    return [
        _imported(v, official, timeline) if shown_on(v, official.as_of) else v for v in versions
    ]


def _imported(version: MappedPlace, official: Official, timeline: Timeline) -> MappedPlace:
    """A version with the geometry that the user imported for it."""
    note = f"由使用单位导入：{official.source}"
    place = replace(version.place, quality="official", note=note)
    mapped = _mapped(place, timeline.registry, official.geometry)
    return replace(mapped, shown_from=version.shown_from, shown_to=version.shown_to)


def _as_it_was(
    place: Place, shape: BaseGeometry | None, span: Period, timeline: Timeline
) -> tuple[Place, BaseGeometry | None]:
    """A place with the parents, shape and quality of a period."""
    if place.level == "county":
        unit = span.counties.get(place.id)
        if unit is None:
            return place, shape
        # What was published before a cut is not the area after it.
        same = unit.quality == "published" or place.valid_from == span.start
        then = replace(
            place,
            quality=unit.quality,
            note=unit.reason,
            area_km2=place.area_km2 if same else None,
        )
        return then, unit.geometry
    if place.kind in {"unit", "province"}:
        return place, shape
    if place.kind == "cross_province" or shape is None:
        members = (
            successor
            for member in place.parents
            for successor in [h.place_id for h in timeline.heirs(member, span.start)] or [member]
        )
        return replace(place, parents=tuple(dict.fromkeys(members))), shape
    return replace(place, parents=_parents(place, shape, span)), shape


def _parents(place: Place, shape: BaseGeometry, span: Period) -> tuple[str, ...]:
    """The counties a place lies in during a period.

    Parents that still cover it stay, in their order; what a change took from them goes to
    the counties that got it.
    """
    kept = [p for p in place.parents if p not in span.counties or _holds(span, p, shape)]
    lost = len(kept) < len(place.parents)
    gained = [c for c in span.counties if c not in kept and _holds(span, c, shape)] if lost else []
    return (*kept, *gained)


def _holds(span: Period, county: str, shape: BaseGeometry) -> bool:
    outline = span.counties[county].geometry
    if outline is None or not outline.intersects(shape):
        return False
    return shape.area == 0 or bool(outline.intersection(shape).area > TOUCH * shape.area)


def _mapped(place: Place, registry: Registry, shape: BaseGeometry | None) -> MappedPlace:
    label = bbox = area = None
    geometry = "null"
    if shape is not None:
        world = to_wgs84(shape, CRS)
        west, south, east, north = (round(float(v), DIGITS) for v in world.bounds)
        bbox = (west, south, east, north)
        point = world if world.geom_type == "Point" else shapely.maximum_inscribed_circle(world)
        x, y = shapely.get_coordinates(point)[0]
        label = (round(float(x), DIGITS), round(float(y), DIGITS))
        area = None if world.geom_type == "Point" else round(area_km2(shape), 2)
        geometry = _geojson(world)
    return MappedPlace(
        place=place,
        within=registry.within(place),
        provinces=registry.provinces_of(place),
        regions=registry.regions_of(place),
        label=label,
        bbox=bbox,
        area_km2=area,
        geometry=geometry,
    )


def _geojson(shape: BaseGeometry) -> str:
    """GeoJSON geometry as text: right-hand rule, coordinates rounded."""
    wound = shapely.orient_polygons(shape) if "Polygon" in shape.geom_type else shape
    rounded = shapely.transform(wound, lambda xy: xy.round(DIGITS))
    text: str = shapely.to_geojson(rounded)
    return text.replace(" ", "")
