from __future__ import annotations

from plans.issues import KINDS

TEXT = """一、发展现状
江津区已有铜加工企业三家。
二、任务
推动江津区发展铜加工。推动合川区优化营商环境。
大力发展铝合金、镁合金。
培育仙童小镇。引进光刻胶项目。
（责任单位：万州区人民政府）
"""


def test_what_was_seen_and_made_no_row_is_listed(extractor):
    found = extractor.issues(TEXT, "330000")
    chongqing = extractor.issues(TEXT, "500000")
    assert {issue.kind for issue in found + chongqing} <= set(KINDS)
    seen = [(issue.kind, issue.words) for issue in chongqing]
    assert ("place_without_sector", "合川区") in seen
    assert ("sector_without_place", "铝合金") in seen
    assert ("sector_without_place", "镁合金") in seen
    assert not [words for _, words in seen if words in {"江津区", "万州区"}]
    assert ("unresolved_place", "仙童小镇") in [(i.kind, i.words) for i in found]


def test_issues_say_where_they_are(extractor):
    for issue in extractor.issues(TEXT, "500000"):
        if issue.kind != "unresolved_place":
            assert TEXT[issue.start : issue.end] == issue.words
            assert issue.section.startswith("二、任务")
