"""The raw reader against readings of the five plans made without sight of its output."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from geo.tables import read_table
from plans.evaluation import evaluate
from settings import ROOT

READINGS = sorted((Path(__file__).parent / "first_readings").glob("*.csv"))
COLUMNS = ("place_text", "place_id", "parent_code", "action", "start", "end", "optional")
PROVINCES = {"cq": "500000", "sc": "510000", "zj": "330000"}


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_the_reader_agrees_with_an_independent_reading(extractor, texts, path):
    plan = tomllib.loads((ROOT / "data" / "plans" / path.stem / "plan.toml").read_text("utf-8"))
    text = (texts / f"{path.stem}.txt").read_text(encoding="utf-8")
    day = plan.get("issued") or date(int(path.stem.split("-")[1]), 6, 1)
    found = extractor.assignments(text, path.stem, PROVINCES[path.stem[:2]], day)
    predicted = [{k: str(v) for k, v in asdict(row).items()} for row, _ in found]
    result = evaluate(read_table(path, COLUMNS), predicted)
    assert result.f1 >= 0.93
    assert result.place_accuracy >= 0.97
    assert result.accuracy("action") >= 0.90
    assert result.span_accuracy >= 0.98


def test_every_plan_has_a_first_reading():
    plans = {path.parent.name for path in (ROOT / "data" / "plans").glob("*/plan.toml")}
    assert {path.stem for path in READINGS} == plans
