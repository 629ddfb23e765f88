from __future__ import annotations

import pytest

from plans.statements import contradictions

BOX = """专栏1 主要目标
指标名称
2020年
2025年目标
总产值（亿元）
3323.78
5000
百亿级领军企业（家）
3
6
"""
PROSE = "2020年全市规模以上材料工业企业较多，总产值达到{}亿元，培育百亿级企业{}家。\n"


def found(text):
    return [(a.what, a.value, b.value, b.year) for a, b in contradictions(text)]


def test_a_sentence_and_a_box_that_differ():
    assert found(PROSE.format(3233, 4) + BOX) == [
        ("总产值", 3233, 3323.78, 2020),
        ("百亿级企业", 4, 3, 2020),
    ]


def test_offsets_lead_to_the_figures():
    text = PROSE.format(3233, 3) + BOX
    ((first, second),) = contradictions(text)
    assert text[first.start : first.end] == "3233亿元"
    assert text[second.start : second.end] == "3323.78"


@pytest.mark.parametrize(
    "text",
    [
        PROSE.format(3324, 3) + BOX,  # rounded
        PROSE.replace("2020", "2019").format(3000, 2) + BOX,  # another year
        "2020年全市规模以上材料工业总产值超过3000亿元。\n" + BOX,  # a bound
        "专栏1 甲\n2020年实现产值200亿元。\n专栏2 乙\n2020年实现产值300亿元。\n",  # two things
        "2020年材料工业的新材料产业产值达到300亿元，2020年材料工业的总产值达到900亿元。\n",
    ],
)
def test_what_does_not_contradict(text):
    assert found(text) == []


def test_the_plans_contradictions(texts):
    plan = texts / "cq-2022-materials-14fyp.txt"
    assert found(plan.read_text(encoding="utf-8")) == [
        ("总产值", 3233, 3323.78, 2020),
        ("百亿级企业", 4, 3, 2020),
    ]
    others = [p for p in texts.glob("*.txt") if p != plan]
    assert not any(contradictions(p.read_text(encoding="utf-8")) for p in others)
