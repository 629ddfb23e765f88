from __future__ import annotations

import pytest
import shapely

from layers.build import _assignment_id, build_snapshot
from settings import ROOT
from store.catalogues import catalogue_files, words


def test_building_twice_gives_the_same_bytes(snapshot):
    steps = []
    languages = {code: words(code) for code in catalogue_files()}
    again = build_snapshot(ROOT / "data", snapshot.id, progress=steps.append, languages=languages)
    assert again.to_json() == snapshot.to_json()
    assert len(steps) >= 4


def test_keys_answer_to_ancestors(snapshot):
    row = next(r for r in snapshot.rows if r.assignment.place_id == "500116-baisha")
    assert row.keys["sector"] == ("new-energy.pv-glass", "new-energy")
    assert row.keys["place"] == ("500116-baisha", "500116", "500000")
    assert row.keys["stage"] == ()
    assert row.geometry_quality == "anchor"


def test_ids_outlive_moved_offsets(snapshot):
    first = snapshot.rows[0].assignment
    moved = type(first)(**{n: getattr(first, n) for n in first.__slots__} | {"start": 1, "end": 2})
    assert _assignment_id(first, {}) == _assignment_id(moved, {})
    seen: dict[str, int] = {}
    assert _assignment_id(first, seen) != _assignment_id(moved, seen)


def test_labels_lie_inside_their_place(snapshot):
    for place in snapshot.places:
        if place.label:
            shape = shapely.from_geojson(place.geometry)
            assert shape.distance(shapely.Point(place.label)) < 1e-5, place.id
            assert place.bbox == pytest.approx(shape.bounds, abs=1e-6)
