"""Plans of other provinces and industries, written and annotated for this test."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from geo.tables import read_table
from plans.evaluation import evaluate

TEXTS = Path(__file__).parent / "texts"
COLUMNS = ("place_text", "place_id", "parent_code", "sector_l1", "action", "start", "end")
INDEX = read_table(TEXTS / "index.csv", ("id", "folder", "province", "date"))


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["id"])
def test_plans_of_other_provinces_are_read(extractor, entry):
    path = TEXTS / entry["folder"] / entry["id"]
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    day = date.fromisoformat(entry["date"])
    found = extractor.assignments(text, entry["id"], entry["province"], day)
    predicted = [{k: str(v) for k, v in asdict(row).items()} for row, _ in found]
    result = evaluate(read_table(path.with_suffix(".csv"), COLUMNS), predicted)
    assert result.f1 >= (0.90 if entry["folder"] == "tuned" else 0.80)
    assert result.place_accuracy >= 0.97
    assert result.accuracy("action") >= 0.90
    assert result.span_accuracy >= 0.98
