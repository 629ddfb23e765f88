from __future__ import annotations

import pytest

from plans.items import Itemiser
from plans.lexicon import load_lexicon
from settings import ROOT


@pytest.fixture(scope="module")
def split(sectors):
    itemiser = Itemiser(load_lexicon(ROOT / "data" / "lexicon"), sectors)

    def words(text):
        return [text[i.start : i.end] for i in itemiser.items(text, 0, len(text))]

    return words


LISTS = {
    "铜、铝和绿色建材等产业链": ["铜", "铝", "绿色建材"],
    "高性能纤维和复合材料产业": ["高性能纤维和复合材料"],
    "以铝合金、镁合金为核心的轻合金产业链": ["铝合金", "镁合金"],
    "以防水卷材为核心的新型材料产业": ["防水卷材", "新型材料"],
    "从矿石综合利用到冶炼、精深加工的先进镁合金产业链": ["先进镁合金"],
    "集研发、制造、检测为一体的气凝胶产业集聚区": ["气凝胶"],
    "全国重要的新能源汽车生产基地": ["新能源汽车"],
    "一批50亿级、100亿级以上的特色新材料优势产业集群": ["新材料"],
    "炭化室高度4.3米及以下焦炉": ["炭化室高度4.3米及以下焦炉"],
    "电池材料产业园（含前驱体、正极材料）": ["前驱体", "正极材料", "电池材料"],
    "建筑光伏一体化（BIPV）构件": ["建筑光伏一体化（BIPV）构件"],
    "电子级硫酸（湿电子化学品）": ["电子级硫酸"],
    "玻璃陶瓷百亿级产业集群": ["玻璃", "陶瓷"],
    "“萤石—氢氟酸”产业链": ["萤石—氢氟酸"],
    "PTA、MDI": ["PTA", "MDI"],
}


@pytest.mark.parametrize("text", LISTS)
def test_lists(split, text):
    assert split(text) == LISTS[text]


@pytest.mark.parametrize(
    "text",
    [
        "创新能力", "一流营商环境", "服务体系", "龙头企业", "3—5家国内领先的企业",
        "川渝产业", "2025年",
        "产业链、价值链", "特色产业", "关键核心技术", "高性能", "新格局", "某某集团有限公司", "",
    ],
)  # fmt: skip
def test_what_is_no_industry(split, text):
    assert split(text) == []
