from __future__ import annotations

import gzip
import json

import numpy as np

from layers.basemap import LINES


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
    beneath = borders["backdrop"]["paths"]
    assert len(beneath) == 34 + 1  # the provinces and the 境界线
    assert beneath[LINES].count("M") >= 10
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
