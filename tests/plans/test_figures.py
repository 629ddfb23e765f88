from __future__ import annotations

import pytest

from plans.figures import figured_items
from plans.items import Itemiser
from plans.lexicon import load_lexicon
from settings import ROOT

CLAUSES = {
    "1800亿级先进有色合金产业集群": ["先进有色合金"],
    "钒钛、锂电材料等2个500亿级产业链": ["钒钛", "锂电材料"],
    "其中轻合金产业链超过1500亿元": ["轻合金"],
    "全省有色金属产业营业收入达到1.2万亿元": ["有色金属"],
    "铜产业600亿元、稀土产业1500亿元": ["铜产业", "稀土产业"],
    "光伏玻璃日熔量控制在4万吨以内": ["光伏玻璃"],
    "新能源汽车产能达到200万辆": ["新能源汽车"],
    "年均增长8%以上": [],
    "培育10家以上单项冠军企业": [],
}


@pytest.mark.parametrize("text", CLAUSES)
def test_industries_with_a_figure(sectors, text):
    itemiser = Itemiser(load_lexicon(ROOT / "data" / "lexicon"), sectors)
    found = [text[i.start : i.end] for i in figured_items(itemiser, text, 0, len(text))]
    assert found == CLAUSES[text]
