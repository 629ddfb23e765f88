from __future__ import annotations

import gzip
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
    resource = unpacked(snapshot, "geometry-0.json")
    ids = {place["id"] for place in resource["places"]}
    named = {r.assignment.place_id for r in snapshot.rows_on(snapshot.epochs[0])} - {""}
    there = {p.id for p in snapshot.places_on(snapshot.epochs[0]) if p.place.kind != "province"}
    assert ids == there | named  # what a plan names is shown on every date
    unknown = [place for place in resource["places"] if place["quality"] == "unknown"]
    assert unknown
    assert not any("shape" in place for place in unknown)
    borders = unpacked(snapshot, "borders.json")
    assert len(borders["objects"]) == 34 + 1  # the provinces and the 境界线
    assert borders["objects"][LINES]["type"] == "MultiLineString"
    arcs = [p["shape"]["arcs"] for p in resource["places"] if "arcs" in p.get("shape", ())]
    assert 0 <= np.abs([n for each in arcs for n in flat(each)]).max() <= len(borders["arcs"])
    assert len(snapshot.resources["borders.json"]) < 80_000


def test_near_by_a_province_has_all_its_borders(snapshot):
    borders = unpacked(snapshot, "borders.json")
    near = unpacked(snapshot, "borders-500000.json")
    for number in range(len(snapshot.epochs)):
        for place in unpacked(snapshot, f"geometry-{number}.json")["places"]:
            if place.get("provinces") == ["500000"] and "arcs" in place.get("shape", ()):
                for arc in flat(place["shape"]["arcs"]):
                    name = str(arc if arc >= 0 else ~arc)
                    assert len(near["arcs"][name]) >= len(borders["arcs"][int(name)])
    assert near["scale"] < borders["transform"]["scale"][0]


def unpacked(snapshot, name):
    return json.loads(gzip.decompress(snapshot.resources[name]))


def flat(arcs):
    return [arcs] if isinstance(arcs, int) else [n for each in arcs for n in flat(each)]
