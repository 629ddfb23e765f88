from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from layers.basemap import LINES
from layers.build import _assignment_id, build_snapshot
from settings import ROOT


def test_building_twice_gives_the_same_bytes(snapshot):
    steps = []
    again = build_snapshot(ROOT / "data", snapshot.id, progress=steps.append)
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


def test_the_map_geometry_is_shared_and_complete(snapshot):
    resource = json.loads(snapshot.resources["geometry-0.json"])
    ids = {feature["id"] for feature in resource["places"]}
    named = {r.assignment.place_id for r in snapshot.rows_on(snapshot.epochs[0])} - {""}
    there = {p.id for p in snapshot.places_on(snapshot.epochs[0]) if p.place.kind != "province"}
    assert ids == there | named  # what a plan names is shown on every date
    unknown = [f for f in resource["places"] if f["properties"]["quality"] == "unknown"]
    assert unknown
    assert all(feature["geometry"] is None for feature in unknown)
    borders = json.loads(snapshot.resources["borders.json"])
    assert len(borders["objects"]) == 34 + 1  # the provinces and the 境界线
    assert borders["objects"][LINES]["type"] == "MultiLineString"
    arcs = [f["geometry"]["arcs"] for f in resource["places"] if "arcs" in (f["geometry"] or {})]
    assert 0 <= np.abs([n for each in arcs for n in flat(each)]).max() <= len(borders["arcs"])
    assert len(snapshot.resources["borders.json"]) < 700_000


def flat(arcs):
    return [arcs] if isinstance(arcs, int) else [n for each in arcs for n in flat(each)]
