from __future__ import annotations

import json

import pytest
import shapely

from layers.basemap import context_features


@pytest.fixture(scope="module")
def context(boundaries):
    return context_features(boundaries)


def shape_of(geometry):
    return shapely.from_geojson(json.dumps(geometry))


def test_all_provinces_are_drawn_with_taiwan_and_the_islands(context):
    assert {"11", "50", "71", "81", "82"} <= set(context["context"])
    hainan = shape_of(context["context"]["46"])
    assert hainan.bounds[1] < 5
    assert shape_of(context["context"]["71"]).bounds[2] > 121


def test_no_boundary_line_is_dropped(context, boundaries):
    lines = shape_of(context["lines"])
    parts = sum(len(getattr(line, "geoms", [line])) for line in boundaries.lines)
    assert len(lines.geoms) == parts
    assert lines.bounds == pytest.approx(tuple(boundaries.lines.total_bounds), abs=0.01)


def test_the_context_is_small(context):
    assert len(json.dumps(context, separators=(",", ":"))) < 250_000
