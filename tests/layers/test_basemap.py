from __future__ import annotations

import pytest

from layers.basemap import LINES, context_shapes


@pytest.fixture(scope="module")
def context(boundaries):
    return context_shapes(boundaries)


def test_all_provinces_are_drawn_with_taiwan_and_the_islands(context):
    assert {"11", "50", "71", "81", "82"} <= set(context)
    hainan = context["46"]
    assert hainan.bounds[1] < 5
    assert context["71"].bounds[2] > 121


def test_no_boundary_line_is_dropped(context, boundaries):
    lines = context[LINES]
    parts = sum(len(getattr(line, "geoms", [line])) for line in boundaries.lines)
    assert len(lines.geoms) == parts
    assert lines.bounds == pytest.approx(tuple(boundaries.lines.total_bounds), abs=0.01)
