from __future__ import annotations

from datetime import date

import pytest

from plans.lexicon import load_lexicon
from plans.mentions import PlaceFinder, trie_pattern
from plans.naming import Namer
from plans.zones import load_zone_words
from settings import ROOT

LEXICON = ROOT / "data" / "lexicon"


@pytest.fixture(scope="module")
def finders(china):
    stop, zones = load_lexicon(LEXICON).not_in_names, load_zone_words(LEXICON)
    made = {}

    def finder(province):
        if province not in made:
            namer = Namer(china, province, date(2022, 12, 15), zones)
            made[province] = PlaceFinder(namer, zones, LEXICON, stop)
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
    ("430000", "打造株洲湘潭工业走廊"): ["株洲", "湘潭"],
    ("430000", "在永州宁远、江华高新区布局"): ["永州宁远", "江华高新区"],
    ("410000", "豫西地区延伸铝基复合材料"): ["豫西地区"],
    ("410000", "承接长三角等豫西地区的产业"): [],
    ("350000", "三元区黄砂园培育"): ["三元区黄砂园"],
    ("520000", "布局在铜仁市的松桃县、碧江区以及遵义市的汇川区"): ["松桃县", "碧江区", "汇川区"],
    ("210000", "以盘锦辽东湾为核心"): ["盘锦辽东湾"],
}


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case[1])
def test_names_in_a_text(finders, case):
    province, text = case
    groups = finders(province).groups(text, 0)
    assert [m.text for g in groups for m in g.names] == FOUND[case]


def test_the_trie_matches_the_longest():
    import re

    pattern = re.compile(trie_pattern(["甲", "甲乙", "甲乙丙", "丁.戊"]))
    assert pattern.match("甲乙丁")[0] == "甲乙"
    assert pattern.match("丁.戊")[0] == "丁.戊"
    assert pattern.match("丁x戊") is None
