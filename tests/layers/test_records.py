from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from layers.records import Record, collection_records
from layers.snapshot import shown_on

NOW = date(2026, 11, 20)
THEN = date(2022, 12, 15)


@pytest.fixture(scope="module")
def records(snapshot):
    return {made.name: collection_records(snapshot, made) for made in snapshot.collections}


def on(records, day):
    return [record for record in records if record.holds(day, day)]


def test_every_record_has_exactly_the_fields(snapshot, records):
    for made in snapshot.collections:
        names = [field.name for field in made.fields]
        types = {"string": str, "integer": int, "number": float, "date": date}
        for record in records[made.name]:
            assert list(record.values) == names
            for field in made.fields:
                value = record.values[field.name]
                assert value is None or isinstance(value, types[field.type]), field.name
                assert value != ""


def test_ids_are_unique_and_tell_versions_apart(records):
    for found in records.values():
        assert max(Counter(record.id for record in found).values()) == 1
    xiaoshan = [r for r in records["districts"] if r.values["name"] == "萧山区"]
    assert [record.id for record in xiaoshan] == ["330109@2017-01-01", "330109"]
    assert xiaoshan[0].until == xiaoshan[1].since == date(2021, 3, 11)


def test_assignments_are_the_rows_of_the_snapshot(snapshot, records):
    for day in (NOW, THEN):
        rows = [row for row in snapshot.rows if shown_on(row, day)]
        found = on(records["assignments"], day)
        assert [r.values["assignment_id"] for r in found] == [row.assignment_id for row in rows]
        assert [r.values["sector_text"] for r in found] == [r.assignment.sector_text for r in rows]


def test_districts_follow_the_day(records):
    def chongqing(day):
        return [r.id for r in on(records["districts"], day) if r.values["province"] == "重庆市"]

    assert len(chongqing(THEN)) == 38
    assert len(chongqing(NOW)) == 37
    assert "500157" in chongqing(NOW)
    assert "500112" not in chongqing(NOW)


def test_a_place_counts_its_own_assignments(snapshot, records):
    day = snapshot.epochs[-1]
    counts = Counter(row.assignment.place_id for row in snapshot.rows_on(day))
    for name in ("districts", "parks", "prefectures"):
        for record in on(records[name], day):
            assert record.values["assignments"] == counts[record.id]
            assert bool(record.values["sectors"]) == bool(counts[record.id])


def test_an_abolished_place_keeps_what_it_was_assigned(records):
    jiangbei = next(r for r in records["districts"] if r.values["place_id"] == "500105")
    assert jiangbei.until == date(2025, 11, 6)
    assert jiangbei.values["assignments"] > 0


def test_plans_count_each_assignment_once(snapshot, records):
    for record in records["plans"]:
        ids = {
            row.assignment_id
            for row in snapshot.rows
            if row.assignment.plan_id == record.id and not row.inherited_from
        }
        assert record.values["assignments"] == len(ids)
    assert sum(record.values["assignments"] for record in records["plans"]) == 463


def test_targets_name_their_sector(records):
    named = [r for r in records["targets"] if r.values["sector_code"]]
    assert named
    assert all(record.values["sector_name"] for record in named)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (date(2019, 1, 1), date(2019, 1, 1), False),
        (date(2020, 1, 1), date(2020, 1, 1), True),
        (date(2021, 1, 1), date(2021, 1, 1), False),
        (date(2020, 12, 31), None, True),
        (date(2021, 1, 1), None, False),
        (None, date(2019, 12, 31), False),
        (None, date(2020, 1, 1), True),
        (None, None, True),
    ],
)
def test_a_record_holds_in_a_half_open_interval(start, end, held):
    record = Record("a", {}, None, date(2020, 1, 1), date(2021, 1, 1), None)
    assert record.holds(start, end) is held
