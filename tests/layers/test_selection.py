from __future__ import annotations

from datetime import date

import pytest

from errors import BadParameter, NotFound
from layers.filters import Vocabulary, parse_filter
from layers.selection import Records

TODAY = date(2026, 11, 20)
PLAN = "cq-2022-materials-14fyp"


@pytest.fixture(scope="module")
def select(snapshot):
    records, vocabulary = Records(snapshot), Vocabulary.of(snapshot)

    def selected(name, *pairs):
        return records.select(name, parse_filter(pairs, vocabulary), TODAY)

    return selected


def names(records):
    return {record.values["name"] for record in records}


def test_assignments_are_what_the_filter_keeps(snapshot, select):
    pairs = (("plan", PLAN), ("sector", "光伏玻璃"))
    kept = parse_filter(pairs, Vocabulary.of(snapshot)).select(snapshot, TODAY)
    found = select("assignments", *pairs)
    assert [r.values["assignment_id"] for r in found] == [row.assignment_id for row in kept]
    assert len(found) == 3


def test_without_a_condition_all_places_of_the_day(select):
    assert len(select("districts")) == 310
    assert len(select("districts", ("as_of", "2022-12-15"), ("province", "重庆"))) == 38


def test_one_plan_gives_the_boundaries_of_its_day(select):
    assert "江北区" in names(select("districts", ("plan", PLAN)))


def test_places_by_the_assignments_they_have(select):
    found = select("parks", ("plan", PLAN), ("sector", "光伏玻璃"))
    assert names(found) == {
        "江津白沙组团", "永川高新区凤凰湖产业园", "开州浦里新区赵家园区",
    }  # fmt: skip


def test_the_conditions_hold_of_one_assignment_together(snapshot, select):
    day = snapshot.plan_by_id[PLAN].issued
    rows = [r for r in snapshot.rows_on(day) if r.assignment.plan_id == PLAN]
    steel = {r.assignment.place_id for r in rows if "steel" in r.keys["sector"]}
    out = {r.assignment.place_id for r in rows if r.assignment.action == "phase_out"}
    both = {
        r.assignment.place_id
        for r in rows
        if "steel" in r.keys["sector"] and r.assignment.action == "phase_out"
    }
    found = {
        record.id
        for name in ("districts", "parks", "prefectures", "functional-areas")
        for record in select(
            name, ("plan", PLAN), ("sector", "steel"), ("action", "phase_out")
        )
    }  # fmt: skip
    assert found == both
    assert both < (steel | out)


def test_free_text_finds_names_and_words(select):
    assert "江津区" in names(select("districts", ("q", "江津")))
    assert "江津白沙组团" in names(select("parks", ("q", "光伏")))
    assert names(select("districts", ("q", "石渠"))) == {"石渠县"}  # no assignment of its own


def test_places_by_kind_quality_box_and_what_they_lie_in(select):
    assert {r.values["geometry_quality"] for r in select("parks", ("quality", "anchor"))} == {
        "anchor"
    }
    assert select("parks", ("kind", "unit")) == []
    inside = select("parks", ("place", "500116"))
    assert inside
    assert all("500116" in record.values["parent_code"] for record in inside)
    assert names(select("districts", ("bbox", "106.50,29.58,106.51,29.59"))) <= {
        "两江新区", "渝中区", "南岸区", "沙坪坝区",
    }  # fmt: skip


def test_plans_that_have_such_an_assignment(select):
    assert [r.id for r in select("plans", ("sector", "光伏玻璃"))] == [PLAN]
    assert len(select("plans")) == 5
    assert [r.id for r in select("plans", ("q", "纤维及复合材料产业集群"))] == [
        "cq-2023-fibre-composites"
    ]
    live = {r.id for r in select("plans", ("in_force", "2024-01-01"))}
    assert live == {PLAN, "cq-2023-fibre-composites"}


def test_targets_by_plan_sector_and_words(select):
    assert {r.values["plan_id"] for r in select("targets", ("plan", PLAN))} == {PLAN}
    steel = select("targets", ("sector", "steel"))
    assert steel
    assert all(r.values["sector_code"].startswith("steel") for r in steel)
    assert all("产值" in r.values["indicator"] for r in select("targets", ("q", "钢铁 产值")))
    with pytest.raises(BadParameter, match="action"):
        select("targets", ("action", "build"))


def test_an_unknown_collection_lists_the_known(select):
    with pytest.raises(NotFound, match="districts"):
        select("streets")
