from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
import shapely

from layers.topology import FAR_STEP, FAR_TOLERANCE, STEP, arcs_of, from_afar, topology


def positions(borders, number):
    """An arc in degrees; those with a negative number run backwards."""
    step = borders["transform"]["scale"][0]
    steps = borders["arcs"][number if number >= 0 else ~number]
    points = list(accumulate(steps, lambda a, b: [a[0] + b[0], a[1] + b[1]]))
    points = [(x * step, y * step) for x, y in points]
    return points if number >= 0 else points[::-1]


def ring(borders, numbers):
    points = positions(borders, numbers[0])
    for number in numbers[1:]:
        following = positions(borders, number)
        assert following[0] == points[-1]
        points += following[1:]
    return points


def decoded(borders, geometry):
    """What a reader of TopoJSON makes of a geometry object."""
    arcs = geometry["arcs"]
    if geometry["type"] == "Polygon":
        arcs = [arcs]
    if geometry["type"] == "LineString":
        return shapely.LineString(ring(borders, arcs))
    if geometry["type"] == "MultiLineString":
        return shapely.MultiLineString([ring(borders, numbers) for numbers in arcs])
    polygons = [[ring(borders, numbers) for numbers in rings] for rings in arcs]
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])


WEST = shapely.Polygon([(105, 29), (106, 29), (106.1, 29.5), (106, 30), (105, 30)])
EAST = shapely.Polygon([(106, 29), (107, 29), (107, 30), (106, 30), (106.1, 29.5)])
SHAPES = {
    "west": WEST,
    "east": EAST,
    "both": shapely.union(WEST, EAST),
    "hole": shapely.Polygon(WEST.exterior, [[(105.2, 29.2), (105.2, 29.3), (105.3, 29.2)]]),
    "islands": shapely.MultiPolygon([WEST, shapely.box(110, 20, 111, 21)]),
    "line": shapely.LineString([(110, 3), (112, 5)]),
    "lines": shapely.MultiLineString([[(110, 3), (112, 5)], [(113, 6), (114, 9)]]),
}


def test_shapes_come_back():
    borders, found = topology(SHAPES)
    assert list(found) == list(SHAPES)
    for name, shape in SHAPES.items():
        made = decoded(borders, found[name])
        assert made.is_valid
        assert made.area == pytest.approx(shape.area)
        assert shapely.hausdorff_distance(made, shape) < STEP / 1000, name


def test_a_shared_border_is_written_once():
    borders, found = topology({"west": WEST, "east": EAST})
    used = [abs(n) if n >= 0 else ~n for name in found for n in found[name]["arcs"][0]]
    assert len(used) > len(set(used))
    alone = sum(len(arc) for name in found for arc in topology({name: SHAPES[name]})[0]["arcs"])
    assert sum(map(len, borders["arcs"])) < alone


def test_neighbours_stay_without_gap_on_the_map(snapshot):
    last = snapshot.epochs[-1]
    units = [p for p in snapshot.places_on(last) if p.place.level == "county"]
    shapes = {place.id: shapely.from_geojson(place.geometry) for place in units}
    borders, found = topology(shapes)
    drawn = [decoded(borders, found[name]) for name in shapes]
    for shape, made in zip(shapes.values(), drawn, strict=True):
        assert shapely.hausdorff_distance(shape, made) < 2 * STEP
    invalid = [name for name, made in zip(shapes, drawn, strict=True) if not made.is_valid]
    assert len(invalid) <= len(drawn) // 50, invalid  # narrow necks close on the grid
    assert shapely.union_all(shapely.make_valid(drawn)).area == pytest.approx(
        shapely.union_all(list(shapes.values())).area, rel=1e-4
    )


SPECK = [(105.5, 29.5), (105.50003, 29.5), (105.50003, 29.50003)]


def test_what_vanishes_on_the_grid_is_left_out_or_one_cell():
    shapes = {
        "hole": shapely.Polygon(WEST.exterior, [SPECK]),
        "island": shapely.MultiPolygon([WEST, shapely.Polygon(SPECK)]),
        "speck": shapely.Polygon(SPECK),
        "needle": shapely.Polygon([(105.5, 29.5), (105.6, 29.5), (105.6, 29.50001)]),
    }
    borders, found = topology(shapes)
    west = decoded(*topology({"west": WEST})[:1], topology({"west": WEST})[1]["west"])
    for name in ("hole", "island"):
        assert decoded(borders, found[name]).area == pytest.approx(west.area)
    for name in ("speck", "needle"):
        made = decoded(borders, found[name])
        assert 0 < made.area <= STEP**2 * 1.001
        assert made.distance(shapes[name]) < STEP


def wavy(seed):
    """Two neighbours with a border of many small turns, and an island smaller than a turn."""
    turns = np.random.default_rng(seed).uniform(-0.004, 0.004, 200)
    border = [(106 + turn, 29 + n / 200) for n, turn in enumerate(turns)]
    west = shapely.Polygon([(105, 29), *border, (105, 30)])
    east = shapely.Polygon([*border, (107, 30), (107, 29)])
    return {"west": west, "east": east, "island": shapely.Point(109, 20).buffer(0.003)}


def test_from_afar_there_are_fewer_positions_and_no_gap():
    shapes = wavy(1)
    near, found = topology(shapes)
    far = from_afar(near)
    assert sum(map(len, far["arcs"])) < sum(map(len, near["arcs"])) / 5
    west, east, island = (decoded(far, found[name]) for name in shapes)
    whole = shapely.union_all([west, east])
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert west.intersection(east).area == 0
    bound = FAR_TOLERANCE + FAR_STEP
    assert shapely.hausdorff_distance(west.boundary, shapes["west"].boundary, 0.01) < bound
    assert island.area > 0


def test_the_arcs_of_some_shapes_are_given_by_number():
    borders, found = topology(SHAPES)
    near = arcs_of(borders, [found["islands"], found["line"]])
    assert near["scale"] == STEP
    assert 0 < len(near["arcs"]) < len(borders["arcs"])
    only = {**borders, "arcs": [near["arcs"].get(str(n)) for n in range(len(borders["arcs"]))]}
    assert decoded(only, found["islands"]).equals(decoded(borders, found["islands"]))
    assert decoded(only, found["line"]).equals(decoded(borders, found["line"]))
