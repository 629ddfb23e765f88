from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest

from errors import DataError
from geo.places import (
    KINDS,
    QUALITIES,
    QUALITY_NOTES,
    Place,
    Region,
    Registry,
    Seat,
    load_registry,
)
from geo.tables import read_table
from settings import ROOT

ISSUED = date(2022, 12, 15)


def test_chongqing_has_38_units_when_the_plan_was_issued(registry):
    units = registry.counties("500000", ISSUED)
    assert len(units) == 38
    assert {"500105", "500112", "500154"} <= {unit.id for unit in units}


def test_dates_are_half_open(registry):
    jiangbei = registry["500105"]
    assert jiangbei.exists_on(date(2025, 11, 5))
    assert not jiangbei.exists_on(date(2025, 11, 6))
    assert not registry["500154"].exists_on(date(2016, 6, 7))


def test_every_unit_lies_in_one_leaf_region(registry):
    listed = [code for region in registry.regions.values() for code in region.units]
    assert len(set(listed)) == len(listed)
    for day in (ISSUED, date(2026, 1, 1)):
        assert {unit.id for unit in registry.counties("500000", day)} <= set(listed)


def test_regions_include_those_above(registry):
    assert set(registry.regions_of(registry["500116-baisha"])) == {
        "500000-west", "500000-new", "500000-metro",
    }  # fmt: skip
    assert registry.regions_of(registry["500236"]) == ("500000-northeast",)


def test_within_holds_what_contains_a_place_not_what_it_overlaps(registry):
    assert registry.within(registry["500116-baisha"]) == ("500116-baisha", "500116", "500000")
    assert registry.within(registry["500000-gaoxin"]) == ("500000-gaoxin", "500000")
    assert registry.within(registry["500110-pingshan"])[:2] == (
        "500110-pingshan",
        "500000-wansheng",
    )
    assert registry.within(registry["zone-rongchang-longchang"]) == ("zone-rongchang-longchang",)
    assert registry.within(registry["511083"]) == ("511083", "511000", "510000")


def test_provinces_follow_the_order_of_the_members(registry):
    assert registry.provinces_of(registry["zone-hejiang-jiangjin"]) == ("510000", "500000")


def test_short_names_drop_the_generic_part(registry):
    shorts = {"500243": "彭水", "500240": "石柱", "500233": "忠县", "500116": "江津"}
    assert {code: registry[code].short_name for code in shorts} == shorts


def test_a_short_name_means_one_unit_of_its_province(registry):
    shorts = [unit.short_name for unit in registry.counties("500000", ISSUED)]
    assert len(set(shorts)) == len(shorts)


def test_every_point_says_what_it_stands_on(registry):
    for place in registry:
        if place.lon is not None:
            assert place.quality in {"anchor", "proxy"}
            assert place.anchor
            assert place.source
        if place.quality == "proxy":
            assert "示意" in place.note


def test_vocabularies_have_labels():
    assert set(QUALITIES) == set(QUALITY_NOTES)
    assert all(KINDS.values())


@pytest.mark.parametrize(
    ("places", "regions", "seats"),
    [
        ([Place("1", "甲", "unit"), Place("1", "乙", "unit")], [], []),
        ([Place("1", "甲", "unit", parents=("9",))], [], []),
        ([Place("1", "甲", "park", area_id="9")], [], []),
        ([Place("1", "甲", "unit")], [Region("r", "片", "片", "", "1", ("9",))], []),
        ([Place("1", "甲", "unit")], [Region("r", "片", "片", "q", "1", ("1",))], []),
        ([Place("1", "甲", "unit")], [], [Seat("s", "镇", "9", 0, 0, "")]),
    ],
)
def test_a_registry_that_contradicts_itself_is_refused(places, regions, seats):
    with pytest.raises(DataError):
        Registry(places, regions, seats)


@pytest.mark.parametrize(
    ("quality", "confidence"), [("anchor", ""), ("unknown", "high"), ("proxy", "x")]
)
def test_every_drawn_position_says_how_sure_it_is(tmp_path, quality, confidence):
    folder = shutil.copytree(ROOT / "data" / "districts", tmp_path / "d")
    rows = read_table(folder / "parks.csv", ("id",))
    rows[0] |= {"quality": quality, "confidence": confidence}
    with (folder / "parks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(DataError, match="可信度"):
        load_registry(folder)
