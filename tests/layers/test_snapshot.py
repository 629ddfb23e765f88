from __future__ import annotations

from datetime import date

import msgspec
import pytest

from errors import NotFound
from layers.snapshot import Snapshot, count_by_place

ISSUED = date(2022, 12, 15)


def test_json_gives_the_same_snapshot_back(snapshot):
    again = Snapshot.from_json(snapshot.to_json())
    assert again == snapshot
    assert again.to_json() == snapshot.to_json()


def test_foreign_json_is_refused():
    with pytest.raises(msgspec.MsgspecError):
        Snapshot.from_json(b'{"id": "x"}')
    with pytest.raises(msgspec.MsgspecError):
        Snapshot.from_json(b"not json")


def test_places_are_looked_up(snapshot):
    assert snapshot.place("500116", ISSUED).place.name == "江津区"
    with pytest.raises(NotFound, match="江津"):
        snapshot.place("江津", ISSUED)


def test_counties_are_those_of_the_plans_own_provinces(snapshot):
    counties = snapshot.counties(ISSUED)
    homes = {plan.province for plan in snapshot.plans}
    assert {code for place in counties for code in place.provinces} == homes

    def chongqing(day):
        return [p for p in snapshot.counties(day) if p.provinces == ("500000",)]

    assert len(chongqing(ISSUED)) == len(chongqing(date(2025, 11, 5))) == 38
    assert len(chongqing(date(2025, 11, 6))) == 37


def test_overlapping(snapshot):
    assert [p.id for p in snapshot.overlapping("500106", "functional_area", ISSUED)] == [
        "500000-gaoxin"
    ]
    parks = {p.id for p in snapshot.overlapping("500116", "park", ISSUED)}
    assert {"500116-baisha", "500116-jiangjin", "500116-xiaba", "500116-luohuang"} <= parks


def test_count_by_place(snapshot):
    rows = snapshot.rows_on(ISSUED)
    counts = count_by_place(rows)
    assert sum(counts.values()) == len(rows)
    assert counts["500000-gaoxin"] == len(
        [r for r in rows if r.assignment.place_id == "500000-gaoxin"]
    )
    assert counts["500000-gaoxin"] >= 6
