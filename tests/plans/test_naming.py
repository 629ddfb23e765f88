from __future__ import annotations

from datetime import date

import pytest

from plans.naming import Namer
from plans.zones import load_zone_words
from settings import ROOT

LEXICON = ROOT / "data" / "lexicon"


@pytest.fixture(scope="module")
def namers(china):
    zones = load_zone_words(LEXICON)
    return lambda province: Namer(china, province, date(2022, 12, 15), zones)


MEANT = {
    ("420000", "枝江姚家港化工园", ()): ("420583-yaojiagang", "park", ("420583",)),
    ("420000", "临港工业园", ("421087",)): ("421087-lingang", "park", ("421087",)),
    ("500000", "白涛园工业区", ()): ("500102-baitao", "park", ("500102",)),
    ("500000", "无此园区", ()): ("", "", ()),
    ("520000", "松桃县", ()): ("520628", "unit", ("520628",)),
    ("520000", "贵安新区", ()): (
        "520000-guian", "functional_area", ("520111", "520181", "520403", "520402"),
    ),
    ("370000", "鲁南高科技化工园区（滕州市）", ()): (
        "370481-lunangaokeji", "park", ("370481",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANT, ids=lambda case: case[1])
def test_what_a_name_means(namers, case):
    province, text, subject = case
    found = namers(province).resolve(text, "", subject)
    assert (found.place_id, found.kind, found.parents) == MEANT[case]


def test_a_mistyped_county_beside_another_of_its_prefecture(namers):
    namer = namers("420000")
    beside = namer.resolve("浠水", "")
    unknown = namer.resolve("靳春", "")
    assert not unknown.place_id
    assert namer.mistyped(unknown, [beside, unknown]).place_id == "421126"


def test_a_zone_abroad_needs_its_province_or_a_subject(namers):
    assert not namers("530000").resolve("海口产业园区", "").place_id
    assert namers("530000").resolve("海口产业园区", "", ("530112",)).parents == ("530112",)


@pytest.mark.parametrize(
    ("province", "text"), [("210000", "铁西区"), ("510000", "江阴市"), ("310000", "长寿区")]
)
def test_a_name_that_some_place_has_is_not_corrected(namers, province, text):
    namer = namers(province)
    named = namer.resolve(text, "")
    assert not named.place_id
    assert namer.mistyped(named, []) == named


def test_the_unit_of_a_new_zone(namers):
    namer = namers("420000")
    zone = namer.resolve("枝江白水港化工园", "")
    assert namer.unit_of(zone).name == "枝江市"
    assert namer.unit_of(namer.home) == namer.home


def test_own_names_of_zones():
    zones = load_zone_words(LEXICON)
    assert zones.stem("长兴岛经济区") == "长兴岛"
    assert zones.stem("白涛园工业区") == "白涛"
    assert zones.stem("宜昌市") == "宜昌市"
    assert zones.is_zone("黄砂园")
    assert not zones.is_zone("公园")
