from __future__ import annotations

from datetime import date

import pytest

from plans.lexicon import load_lexicon
from plans.mentions import PlaceFinder, trie_pattern
from settings import ROOT

LEXICON = ROOT / "data" / "lexicon"


@pytest.fixture(scope="module")
def finders(china):
    stop = load_lexicon(LEXICON).not_in_names
    made = {}

    def finder(province):
        if province not in made:
            made[province] = PlaceFinder(china, province, date(2022, 12, 15), LEXICON, stop)
        return made[province]

    return finder


FOUND = {
    ("500000", "推动綦江、万盛和南川"): ["綦江", "万盛", "南川"],
    ("500000", "在江津白沙组团、夏坝布局"): ["江津白沙组团", "夏坝"],
    ("500000", "有序推进长寿命电池研发"): [],
    ("500000", "深化与泸州、宜宾、自贡等地合作"): ["泸州", "宜宾", "自贡"],
    ("500000", "与上海合作"): [],
    ("500000", "依托重庆钢铁集团有限公司发展"): [],
    ("420000", "宜昌市猇亭区、枝江姚家港化工园"): ["宜昌市猇亭区", "枝江姚家港化工园"],
    ("420000", "郧西县工业园（天河）布局"): ["郧西县工业园（天河）"],
    ("420000", "谷城依托再生资源园区"): ["谷城"],
    ("330000", "以杭州（富阳）为载体"): ["杭州（富阳）"],
    ("510000", "南部地区推广安全生产经验"): [],
    ("510000", "推动宣汉微玻纤产业园项目"): ["宣汉"],
    ("340000", "长丰县（双凤经开区）建设"): ["长丰县（双凤经开区）"],
}


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case[1])
def test_names_in_a_text(finders, case):
    province, text = case
    groups = finders(province).groups(text, 0)
    assert [m.text for g in groups for m in g.names] == FOUND[case]


MEANT = {
    ("420000", "枝江姚家港化工园", ()): ("420583-yaojiagang", "park", ("420583",)),
    ("420000", "临港工业园", ("421087",)): ("421087-lingang", "park", ("421087",)),
    ("500000", "白涛园工业区", ()): ("500102-baitao", "park", ("500102",)),
    ("500000", "无此园区", ()): ("", "", ()),
    ("370000", "鲁南高科技化工园区（滕州市）", ()): (
        "370481-lunangaokeji", "park", ("370481",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANT, ids=lambda case: case[1])
def test_what_a_name_means(finders, case):
    province, text, subject = case
    found = finders(province).resolve(text, "", subject)
    assert (found.place_id, found.kind, found.parents) == MEANT[case]


def test_a_mistyped_county_beside_another_of_its_prefecture(finders):
    finder = finders("420000")
    beside = finder.resolve("浠水", "")
    unknown = finder.resolve("靳春", "")
    assert not unknown.place_id
    assert finder.mistyped(unknown, [beside, unknown]).place_id == "421126"


def test_the_trie_matches_the_longest():
    import re

    pattern = re.compile(trie_pattern(["甲", "甲乙", "甲乙丙", "丁.戊"]))
    assert pattern.match("甲乙丁")[0] == "甲乙"
    assert pattern.match("丁.戊")[0] == "丁.戊"
    assert pattern.match("丁x戊") is None
