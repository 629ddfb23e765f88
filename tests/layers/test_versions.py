from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
import shapely

ISSUED, TODAY = date(2022, 12, 15), date(2026, 11, 20)


def inherited(snapshot, day):
    return [row for row in snapshot.rows_on(day) if row.inherited_from]


def test_the_published_counties_are_a_coverage_on_every_epoch(snapshot):
    for start in snapshot.epochs:
        shapes = [
            shapely.from_geojson(place.geometry)
            for place in snapshot.counties(start)
            if place.provinces == ("500000",)
        ]
        assert shapely.coverage_is_valid(shapes)


def test_only_what_changed_has_two_versions(snapshot):
    twice = {place_id for place_id, found in snapshot.versions.items() if len(found) > 1}
    assert "500109" in twice
    twice = {place_id for place_id in twice if len(place_id) == 6 and place_id[:2] == "50"}
    assert len(twice) <= 6  # 北碚, and neighbours that got the end of a cut
    assert [v.place.quality for v in snapshot.versions["500109"]] == ["published", "indicative"]


def test_versions_do_not_overlap_in_time(snapshot):
    for found in snapshot.versions.values():
        for before, after in pairwise(found):
            assert before.shown_to is not None
            assert before.shown_to <= after.shown_from


def test_no_date_loses_or_doubles_an_assignment(snapshot, records):
    total = sum(len(record.assignments) for record in records)
    for day in (date(2017, 1, 1), ISSUED, date(2025, 11, 5), date(2025, 11, 6), TODAY):
        rows = snapshot.rows_on(day)
        said = [
            (r.assignment.plan_id, r.assignment.start, r.assignment.action,
             r.inherited_from or r.assignment.place_id or r.assignment.place_text)
            for r in rows
        ]  # fmt: skip
        assert len(set(said)) == total
        assert len({row.assignment_id for row in rows}) == len(rows)


def test_abolished_units_pass_their_assignments_on(snapshot):
    assert inherited(snapshot, ISSUED) == []
    rows = inherited(snapshot, TODAY)
    assert {row.inherited_from for row in rows} == {"500105", "500112", "500000-liangjiang"}
    split = [row for row in rows if row.inherited_from == "500112"]  # 渝北 went to two
    assert {row.assignment.place_id for row in split} == {"500157", "500109"}
    for words in {row.assignment.sector_text for row in split}:
        shares = [row.share for row in split if row.assignment.sector_text == words]
        assert sum(shares) == pytest.approx(1, abs=0.002)
    for row in (row for row in rows if row not in split):
        assert row.assignment.place_id == "500157"
        assert row.assignment.place_name == "两江新区"
        assert row.assignment.place_kind == "unit"
        assert row.share == 1.0
        assert row.change_id == "cq-2025-liangjiang"
        assert row.geometry_quality == "indicative"
        assert "500157" in row.keys["place"]
        assert row.inherited_from in row.keys["place"]  # still found by the old unit


def test_the_words_stay_the_plans_own(snapshot):
    row = next(r for r in inherited(snapshot, TODAY) if r.inherited_from == "500105")
    assert row.assignment.place_text == "江北区"


@pytest.mark.parametrize(("day", "exists"), [(ISSUED, True), (TODAY, False)])
def test_a_place_is_found_after_its_end(snapshot, day, exists):
    place = snapshot.place("500105", day)
    assert place.place.name == "江北区"
    assert (place.shown_to is None or day < place.shown_to) == exists


def test_members_of_a_zone_stay_members(snapshot):
    for day in (ISSUED, TODAY):
        zone = snapshot.place("zone-hejiang-jiangjin", day)
        assert zone.place.parents == ("510522", "500116")


def test_places_in_abolished_units_move_to_what_covers_them(snapshot):
    area = snapshot.place("500000-liangjiang", date(2025, 11, 5))
    assert area.place.parents == ("500112", "500105", "500109")
    assert snapshot.place("500000-gaoxin", TODAY).place.parents == ("500106", "500107")


def test_a_published_area_goes_with_its_own_extent(snapshot):
    assert snapshot.place("500109", ISSUED).place.area_km2 == 751
    assert snapshot.place("500109", TODAY).place.area_km2 is None
    assert snapshot.place("500157", TODAY).place.area_km2 == 1360
