from __future__ import annotations

import math
from datetime import date

import pytest
import shapely

from errors import DataError
from geo.boundaries import EDITION
from geo.places import Place, Registry, Seat
from geo.shapes import GEOD, area_km2, place_shapes, province_outlines
from geo.tables import read_table
from settings import ROOT

AREAS = ROOT / "data" / "districts" / "areas.csv"


def zone_km2(south: float, north: float, width: float) -> float:
    """Area between two parallels and two meridians, in closed form (Snyder 1987, eq. 3-12)."""
    a, f = 6378.137, 1 / 298.257222101
    e2 = f * (2 - f)
    e = math.sqrt(e2)

    def q(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return (1 - e2) * (s / (1 - e2 * s * s) - math.log((1 - e * s) / (1 + e * s)) / (2 * e))

    return a * a / 2 * math.radians(width) * (q(north) - q(south))


def test_area_of_a_degree_square_is_geodesic():
    square = shapely.box(106, 29, 107, 30)
    assert area_km2(square) == pytest.approx(zone_km2(29, 30, 1), rel=2e-4)
    assert area_km2(shapely.reverse(square)) == pytest.approx(area_km2(square))
    assert pytest.approx(298.257222101) == 1 / GEOD.f


def test_every_place_has_a_shape_unless_unknown(registry, shapes):
    for place in registry:
        if place.kind == "unit" and not place.exists_on(EDITION):
            assert place.id not in shapes
            continue
        assert (place.id in shapes) == (place.quality != "unknown")


def test_chongqing_has_its_published_area(registry, shapes):
    total = sum(area_km2(shapes[u.id]) for u in registry.counties("500000", date(2022, 12, 15)))
    assert total == pytest.approx(82_402, rel=1e-3)
    assert area_km2(shapes["500000"]) == pytest.approx(total, rel=1e-6)


def test_a_prefecture_is_the_union_of_its_counties(boundaries, shapes):
    counties = boundaries.units[boundaries.units.index.str.startswith("5103")]
    assert area_km2(shapes["510300"]) == pytest.approx(sum(map(area_km2, counties.geometry)))


@pytest.mark.parametrize(("province", "departing"), [("50", 3), ("51", 33), ("33", 32)])
def test_published_areas(registry, boundaries, province, departing):
    notes = {row["code"]: row["note"] for row in read_table(AREAS, ("code", "source", "note"))}
    units = [u for u in registry if u.level == "county" and u.id in boundaries.units.index]
    beyond = [
        unit.id
        for unit in units
        if unit.id.startswith(province)
        and abs(area_km2(boundaries.units.geometry[unit.id]) / unit.area_km2 - 1) > 0.01
    ]
    assert len(beyond) == departing
    assert all(notes[code] for code in beyond), "each departure has its reason"


@pytest.mark.parametrize(
    ("area_id", "tolerance"),
    [("500000-liangjiang", 0.06), ("500000-gaoxin", 0.06), ("500000-wansheng", 0.15)],
)
def test_functional_areas_stay_in_their_units_and_near_their_published_area(
    registry, shapes, area_id, tolerance
):
    place = registry[area_id]
    units = shapely.union_all([shapes[code] for code in place.parents])
    assert area_km2(shapes[area_id].difference(units)) < 1e-3
    assert area_km2(shapes[area_id]) == pytest.approx(place.area_km2, rel=tolerance)
    for code in place.parents:
        assert area_km2(shapes[area_id].intersection(shapes[code])) > 1


def test_parks_lie_in_their_unit(registry, shapes):
    for place in registry:
        if place.kind in {"park", "town"} and place.quality != "unknown":
            assert any(shapes[code].covers(shapes[place.id]) for code in place.parents)


def test_a_point_outside_its_unit_is_refused(boundaries):
    units = [Place("500116", "江津区", "unit", level="county")]
    park = Place("p", "错位", "park", parents=("500116",), lon=120.0, lat=30.0, quality="anchor")
    with pytest.raises(DataError, match="坐标不在"):
        place_shapes(Registry([*units, park], [], []), boundaries)


def test_an_area_without_towns_is_refused(boundaries):
    unit = Place("500116", "江津区", "unit", level="county")
    area = Place("a", "某区", "functional_area", parents=("500116",), quality="indicative")
    seats = [Seat("1", "甲", "500116", 106.2, 29.1, ""), Seat("2", "乙", "500116", 106.3, 29.0, "")]
    with pytest.raises(DataError, match="没有列出镇街"):
        place_shapes(Registry([unit, area], [], seats), boundaries)


def test_a_unit_without_boundary_is_refused(boundaries):
    with pytest.raises(DataError, match="999999"):
        place_shapes(Registry([Place("999999", "无", "unit", level="county")], [], []), boundaries)


def test_province_outlines_drop_no_part(boundaries):
    full = {
        code: shapely.union_all(part.values)
        for code, part in boundaries.units.geometry.groupby(boundaries.units.index.str[:2])
    }
    simple = province_outlines(boundaries, 0.05)
    assert len(simple) == 34
    for code, shape in simple.items():
        assert shapely.get_num_geometries(shape) == shapely.get_num_geometries(full[code])
    assert shapely.get_num_coordinates(simple.values).sum() < 15_000
