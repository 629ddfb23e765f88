from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from layers.backdrop import UNIT, backdrop
from layers.basemap import LINES, context_shapes


@pytest.fixture(scope="module")
def shapes(boundaries):
    return context_shapes(boundaries)


def test_the_drawing_is_where_the_shapes_are(shapes):
    drawn = backdrop(shapes)
    assert drawn["paths"].keys() == shapes.keys()
    to_degrees = Transformer.from_crs("EPSG:3857", "EPSG:4490", always_xy=True)
    for name, shape in shapes.items():
        rings = []
        for line in lines(drawn["paths"][name]):
            x, y = to_degrees.transform(line[:, 0] * UNIT, -line[:, 1] * UNIT)
            rings.append(shapely.LineString(np.column_stack([x, y])))
        edge = shape if name == LINES else shape.boundary
        assert shapely.hausdorff_distance(edge, shapely.MultiLineString(rings)) < 0.02


def test_no_island_and_no_line_is_left_out(shapes):
    drawn = backdrop(shapes)
    for name, shape in shapes.items():
        parts = shapely.get_parts(shape)
        rings = len(parts) + (
            0 if name == LINES else int(shapely.get_num_interior_rings(parts).sum())
        )
        assert drawn["paths"][name].count("M") == rings
        assert all(len(line) > 1 for line in lines(drawn["paths"][name]))


def test_the_corners_are_those_of_the_box(shapes):
    drawn = backdrop(shapes)
    west, north, width, height = drawn["box"]
    to_units = Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True)
    (south_lat, west_lon), (north_lat, east_lon) = drawn["bounds"]
    x, y = to_units.transform([west_lon, east_lon], [south_lat, north_lat])
    expected = [west, west + width, -(north + height), -north]
    assert np.allclose(np.array([*x, *y]) / UNIT, expected, atol=0.01)
    assert south_lat < 4  # 曾母暗沙
    assert east_lon > 134


def test_what_is_smaller_than_a_unit_is_still_drawn():
    speck = shapely.box(112.0, 10.0, 112.0001, 10.0001)
    (line,) = lines(backdrop({"46": speck, "33": shapely.box(118, 27, 123, 31)})["paths"]["46"])
    assert len(np.unique(line, axis=0)) == 4


def lines(path):
    """The positions of every ring or line of SVG path data."""
    for start, way, closed in re.findall(r"M([-\d,]+)l([-\d, ]*)(z?)", path):
        first = np.array(start.split(","), dtype=int)
        steps = np.array([step.split(",") for step in way.split()], dtype=int)
        line = np.vstack([first, first + np.cumsum(steps, axis=0)])
        yield np.vstack([line, line[:1]]) if closed else line
