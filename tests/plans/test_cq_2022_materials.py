"""The reviewed data of the 2022 plan, held against its text and the worked examples."""

from __future__ import annotations

import csv
import re

import pytest

from plans.catalogue import text_digest
from settings import ROOT
from tests.support import missing

PLAN = "cq-2022-materials-14fyp"
ANNEX = "附件 全市材料工业布局重点/"
BOX_12 = "四、主要任务/（五）构建协同发展格局/专栏12 协同发展重点任务/"


@pytest.fixture(scope="module")
def record(records):
    return next(record for record in records if record.plan.id == PLAN)


@pytest.fixture(scope="module")
def rows(record):
    return record.assignments


def in_order(pieces: str, text: str) -> bool:
    """Tell whether the pieces of a text joined by … stand in this order."""
    return re.search(".*?".join(map(re.escape, pieces.split("…"))), text, re.DOTALL) is not None


def test_the_text_is_the_one_the_offsets_refer_to(record, texts):
    assert text_digest(texts / f"{PLAN}.txt") == record.plan.sha256


def test_every_span_holds_its_sector_words(rows, plan_text):
    for row in rows:
        span = plan_text[row.start : row.end]
        assert in_order(row.sector_text, span), (row.place_text, row.sector_text, span)
        assert span.startswith(row.sector_text.split("…")[0])
        assert span.endswith(row.sector_text.split("…")[-1])


def test_place_and_action_words_stand_in_the_same_paragraph(rows, plan_text):
    for row in rows:
        before = plan_text.rfind("\n\n", 0, row.start)
        start = plan_text.rfind("\n\n", 0, max(before, 0)) if row.place_text == "永川区" else before
        paragraph = plan_text[start : plan_text.find("\n\n", row.end)]
        for words in (row.place_text, row.project, row.condition):
            assert words in paragraph, (row.place_text, words)
        assert in_order(row.action_text, paragraph), (row.place_text, row.action_text)


def test_sections_are_headings_of_the_text(rows, plan_text):
    for kind, section in {(row.place_kind, row.section) for row in rows}:
        assert kind in {"province", "region"} or section.startswith((ANNEX, BOX_12))
        for heading in section.split("/"):
            for piece in heading.split(" "):
                assert piece in plan_text


def test_targets_and_policies_quote_the_text(record, plan_text):
    for target in record.targets:
        span = plan_text[target.start : target.end]
        assert span in target.indicator or span in _names(target.sector_code)
        near = plan_text[target.start - 40 : target.end + 60]
        assert target.target in near or "百亿级" in near
        assert target.unit in {"亿元", "万元/人", "%", "个", "家"}
        if target.section.startswith("二、总体要求"):  # box 1 states all of it
            row = re.sub(r"\s+", " ", plan_text[target.start : target.start + 80])
            growth = target.growth or "/"
            assert re.search(rf"{target.base} {target.target} {re.escape(growth)}", row)
            assert (target.base_year, target.target_year) == ("2020", "2025")
    for policy in record.policies:
        assert all(piece in plan_text for piece in policy.words.split("…"))
        span = plan_text[policy.start : policy.end]
        assert span in policy.words + policy.where


def _names(code):
    with (ROOT / "data" / "sectors.csv").open(encoding="utf-8") as file:
        found = next((r for r in csv.DictReader(file) if r["code"] == code), None)
    return (found["name_zh"], *found["aliases"].split(";")) if found else ()


def test_the_worked_examples_are_in_the_data(rows):
    path = ROOT.parent / "shared" / "examples" / "assignments.csv"
    if not path.is_file():
        missing("没有示例表 shared/examples/assignments.csv")
    with path.open(encoding="utf-8") as file:
        examples = [row for row in csv.DictReader(file) if row["plan_id"] == PLAN]
    assert len(examples) == 13
    for example in examples:
        del example["sector_code"]  # the examples' codes below the top level are not fixed
        assert any(
            all(str(getattr(row, name)) == value for name, value in example.items()) for row in rows
        ), example


def found(rows, **wanted):
    return [row for row in rows if all(getattr(row, k) == v for k, v in wanted.items())]


def test_pairwise_lists_are_two_rows_not_four(rows):
    assert [r.sector_text for r in found(rows, place_text="白沙组团")] == ["光伏压延玻璃"]
    assert [r.sector_text for r in found(rows, place_text="夏坝")] == ["短流程炼钢项目"]


def test_a_partner_gets_no_row(rows):
    shared = [r for r in rows if "渝东北" in r.section and r.place_id in {"500102", "500115"}]
    assert shared == []


def test_the_subject_returns_to_the_district_after_a_park(rows):
    assert found(rows, sector_text="静脉产业")[0].place_id == "500111"
    prefabricated = found(rows, place_text="万盛", sector_text="装配式建筑")
    assert [r.place_id for r in prefabricated] == ["500000-wansheng"]


def test_companies_are_not_places(rows):
    assert all("西南水泥" not in row.place_text for row in rows)
    moved = found(rows, action="relocate_merge")
    assert {r.place_id for r in moved if "西南水泥" in r.project} == {
        "500151", "500110", "500101-xincailiao",
    }  # fmt: skip


def test_districts_without_assignment_have_none(rows):
    named = {row.place_id for row in rows}
    assert not named & {"500103", "500108", "500112", "500106", "500236"}


def test_the_plan_has_as_many_rows_as_were_read(rows):
    assert len(rows) == len({(r.place_id or r.place_text, r.start, r.end) for r in rows})
    assert sum(row.section.startswith(ANNEX) for row in rows) == 145
    assert sum(row.section.startswith(BOX_12) for row in rows) == 49


MOODS = {
    "explore": r"探索|谋划",
    "phase_out": r"淘汰|退出",
    "relocate_merge": r"搬迁|兼并重组|转移",
    "cooperate": r"合作",
    "strengthen": r"做[大强优]|巩固|提升|绿色低碳转型",
    "build": r"建设|共建|布局",
    "research": r"共同建设",
    "develop": r"发展|布局|打造|培育|延[展伸]|主攻方向|产业协作|推广|就地置换",
}


def test_actions_follow_the_plans_verbs(rows):
    for row in rows:
        if row.place_kind != "province":
            assert re.search(MOODS[row.action], row.action_text), (row.action_text, row.action)
        if row.action in {"strengthen", "develop", "build"}:
            assert not re.search(r"探索|谋划|淘汰|退出", row.action_text)


def test_sectors_are_called_by_the_plans_words(rows, sectors):
    """The words of an item are a name of its sector, or hold one, generic parts aside."""
    for row in rows:
        bare = re.sub(r"(项目|产业|业)$", "", row.sector_text)
        names = [
            name
            for code in sectors[row.sector_code].lineage
            for name in (sectors[code].name_zh, *sectors[code].aliases)
        ]
        assert any(name in bare or bare in name for name in names), (bare, row.sector_code)
