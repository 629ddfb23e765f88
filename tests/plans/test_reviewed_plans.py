"""The reviewed data of every plan, held against its text and the worked examples."""

from __future__ import annotations

import csv
import re
from dataclasses import asdict
from datetime import date

import pytest

from plans.catalogue import text_digest
from plans.evaluation import evaluate
from settings import ROOT
from tests.support import missing

PLANS = sorted(path.parent.name for path in (ROOT / "data" / "plans").glob("*/plan.toml"))
COUNTS = {
    "cq-2017-new-materials": 61,
    "cq-2022-materials-14fyp": 206,
    "cq-2023-fibre-composites": 40,
    "sc-2020-new-materials": 10,
    "zj-2019-new-materials": 146,
}
"""Rows found by reading; a change must be meant."""


@pytest.fixture(params=PLANS)
def record(request, records):
    return next(record for record in records if record.plan.id == request.param)


@pytest.fixture
def text(record, texts):
    path = texts / f"{record.plan.id}.txt"
    assert text_digest(path) == record.plan.sha256
    return path.read_text(encoding="utf-8")


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_all_five_plans_are_there(records):
    assert {r.plan.id: len(r.assignments) for r in records} == COUNTS


def test_every_span_is_its_sector_words(record, text):
    for row in record.assignments:
        span = words(text[row.start : row.end])
        pieces = [words(piece) for piece in row.sector_text.split("…")]
        assert span.startswith(pieces[0]), (row.place_text, row.sector_text, span)
        assert span.endswith(pieces[-1]), (row.place_text, row.sector_text, span)


def test_every_place_and_verb_stands_in_the_text(record, text):
    for row in record.assignments:
        for piece in (*row.place_text.split("…"), *row.action_text.split("…")):
            assert piece in text, (row.place_text, row.action_text)


def test_no_row_is_there_twice(record):
    keys = [(r.place_id or r.place_text, r.start, r.end, r.action) for r in record.assignments]
    assert len(keys) == len(set(keys))


def test_lists_and_projects_quote_the_text(record, text):
    for item in record.sheets:
        span = words(text[item.start : item.end])
        assert span.startswith(words(item.item.split("…")[0])), item
    for project in record.projects:
        assert 0 <= project.start < project.end <= len(text)
        assert not project.sector_text or project.sector_text in text


def test_a_place_without_a_county_in_the_text_stays_unresolved(records):
    found = {r.place_text for rec in records for r in rec.assignments if not r.place_id}
    assert found == {"仙童小镇", "环杭州湾", "主城新区", "“两群”地区", "“两群”"}


def test_the_worked_examples_are_in_the_data(records):
    path = ROOT.parent / "shared" / "examples" / "assignments.csv"
    if not path.is_file():
        missing("没有示例表 shared/examples/assignments.csv")
    rows = [asdict(row) for record in records for row in record.assignments]
    with path.open(encoding="utf-8") as file:
        for example in csv.DictReader(file):
            wanted = {
                k: example[k] for k in ("plan_id", "place_id", "sector_l1", "action", "start")
            }
            assert any(all(str(row[k]) == v for k, v in wanted.items()) for row in rows), example


def test_the_program_reads_the_plans_as_people_did(record, text, extractor):
    day = record.plan.issued or date(int(re.search(r"\d{4}", record.plan.id)[0]), 12, 31)
    found = extractor.assignments(text, record.plan.id, record.plan.province, day)
    gold, predicted = (
        [{k: str(v) for k, v in asdict(row).items()} for row in rows]
        for rows in (record.assignments, [row for row, _ in found])
    )
    result = evaluate(gold, predicted)
    assert result.f1 >= 0.93
    assert result.place_accuracy >= 0.97
    assert result.accuracy("action") >= 0.90
