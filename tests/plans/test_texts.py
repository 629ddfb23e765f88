"""Plans of other provinces and industries, written and annotated for this test.

Those in `tuned/` have been looked at while the reader was made; those in `held_out/` never.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from geo.tables import read_table
from plans.evaluation import evaluate

TEXTS = Path(__file__).parent / "texts"
COLUMNS = ("place_text", "place_id", "parent_code", "action", "start", "end")
INDEX = read_table(TEXTS / "index.csv", ("id", "folder", "province", "date"))
F1 = {"tuned": 0.88, "held_out": 0.80}


@pytest.fixture(scope="module")
def result_of(extractor):
    @cache
    def result(number):
        entry = INDEX[number]
        path = TEXTS / entry["folder"] / entry["id"]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        day = date.fromisoformat(entry["date"])
        found = extractor.assignments(text, entry["id"], entry["province"], day)
        predicted = [{k: str(v) for k, v in asdict(row).items()} for row, _ in found]
        return evaluate(read_table(path.with_suffix(".csv"), COLUMNS), predicted)

    return result


@pytest.mark.parametrize("number", range(len(INDEX)), ids=[entry["id"] for entry in INDEX])
def test_plans_of_other_provinces_are_read(result_of, number):
    assert result_of(number).f1 >= F1[INDEX[number]["folder"]]


@pytest.mark.parametrize("folder", F1)
def test_what_is_found_is_right(result_of, folder):
    results = [result_of(n) for n, entry in enumerate(INDEX) if entry["folder"] == folder]
    pairs = sum(len(r.pairs) for r in results)
    assert pairs / (pairs + sum(len(r.misplaced) for r in results)) >= 0.97, "places"
    assert sum(r.accuracy("action") * len(r.pairs) for r in results) / pairs >= 0.90
    assert sum(r.span_accuracy * len(r.pairs) for r in results) / pairs >= 0.98
