from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.gazetteer import with_all_of_china
from geo.names import SUFFIXES, zone_stem
from geo.places import load_registry
from geo.resolver import REASONS, Override, Resolver, describe, load_overrides
from settings import ROOT

FOLDER = ROOT / "data" / "districts"
with (Path(__file__).parent / "hard_names.csv").open(encoding="utf-8") as file:
    HARD = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def china():
    return with_all_of_china(load_registry(FOLDER), FOLDER)


@pytest.fixture(scope="module")
def resolver(china):
    return Resolver(china, load_overrides(FOLDER / "overrides.csv"))


@pytest.mark.parametrize("row", HARD, ids=lambda r: f"{r['text']}@{r['province']}")
def test_hard_names(resolver, row):
    day = date.fromisoformat(row["day"]) if row["day"] else None
    found = resolver.resolve(row["text"], row["province"], row["context"], day)
    assert (found.place.id if found.place else "", found.reason) == (
        row["place_id"],
        row["reason"],
    )


def test_every_place_of_the_2022_plan_resolves(resolver, records):
    record = next(r for r in records if r.plan.id == "cq-2022-materials-14fyp")
    beside = " ".join({row.place_text for row in record.assignments if row.province != "重庆市"})
    for row in (row for row in record.assignments if row.place_id and row.place_kind != "province"):
        found = resolver.resolve(row.place_text, "500000", beside, record.plan.issued)
        assert found.place is not None, (row.place_text, found.reason)
        assert found.place.id == row.place_id


def test_an_override_wins(china):
    override = Override("綦江", "500000", "", "500000-wansheng", "试")
    assert Resolver(china, [override]).resolve("綦江", "500000").place.id == "500000-wansheng"
    bound = Override("綦江", "500000", "万盛", "500000-wansheng", "试")
    resolver = Resolver(china, [bound])
    assert resolver.resolve("綦江", "500000", "推动万盛").reason == "override"
    assert resolver.resolve("綦江", "500000", "推动南川").place.id == "500110"


def test_overrides_name_places_that_exist(china):
    for override in load_overrides(FOLDER / "overrides.csv"):
        assert not override.place_id or override.place_id in china
        assert override.note
    assert load_overrides(FOLDER / "none.csv") == ()


def test_all_of_china_is_there(china):
    counties = [p for p in china if p.level == "county" and p.valid_to is None]
    assert len(counties) >= 2_850
    assert len({p.id[:2] for p in china if p.level == "province"}) >= 31


def test_descriptions_keep_the_contract(resolver):
    record = describe(resolver.resolve("双桥经开区", "500000"))
    assert record | {"candidates": []} == {
        "place_id": "500111-shuangqiao",
        "place_name": "双桥经开区",
        "place_kind": "park",
        "parent_code": "500111",
        "reason": "exact",
        "explanation": REASONS["exact"],
        "candidates": [],
    }
    record = describe(resolver.resolve("富阳", "500000"))
    assert record["place_id"] == ""
    assert record["candidates"] == [{"place_id": "330111", "place_name": "富阳区"}]


PARKS = [p for p in load_registry(FOLDER) if p.kind == "park" and p.parents[0].startswith("50")]
ZONES = ["工业园区", "工业园", "产业园", "园区", "组团", "园工业区", "工业区"]


@given(st.sampled_from(PARKS), st.sampled_from(ZONES), st.booleans(), st.sampled_from(" “："))
def test_variants_of_a_park_mean_the_park_or_nothing(resolver, park, suffix, prefix, noise):
    """Prefix, suffix and typo variants never lead to a place that is called otherwise."""
    unit = resolver.registry[park.parents[0]]
    stem = zone_stem(park.name).removeprefix(unit.short_name)
    assume(len(stem) > 1)
    text = f"{noise}{unit.name if prefix else ''}{stem}{noise}{suffix}"
    found = resolver.resolve(text, "500000")
    alike = {p.id for p in PARKS if zone_stem(p.name).endswith(stem)}
    assert found.place is None or found.place.id in alike


@given(st.sampled_from(PARKS))
def test_a_parks_own_name_is_always_found(resolver, park):
    for name in (park.name, *park.aliases):
        assert resolver.resolve(name, "500000").place == park


@given(st.text(max_size=12))
def test_no_text_breaks_it(resolver, text):
    found = resolver.resolve(text, "500000", text)
    assert found.reason in REASONS
    assert found.place is None or found.reason not in {"ambiguous", "not_found", "empty"}


@given(st.sampled_from(SUFFIXES))
def test_what_a_zone_calls_itself_is_no_name(resolver, suffix):
    place = resolver.resolve(suffix, "500000").place
    assert place is None or place.id == "500000-gaoxin"  # written so in the plan of 2017


with (Path(__file__).parent / "plan_places.csv").open(encoding="utf-8") as file:
    PLAN_PLACES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", PLAN_PLACES, ids=lambda r: f"{r['plan_id'][:7]} {r['text']}")
def test_places_of_the_other_plans(resolver, row):
    day = date.fromisoformat(row["day"])
    found = resolver.resolve(row["text"], row["province"], "", day)
    assert (found.place.id if found.place else "") == row["place_id"]
    if not row["place_id"]:
        assert found.note  # a true reason, written by hand


def test_these_places_stand_in_the_plans(texts):
    for row in PLAN_PLACES:
        text = (texts / f"{row['plan_id']}.txt").read_text(encoding="utf-8")
        assert row["text"] in text
