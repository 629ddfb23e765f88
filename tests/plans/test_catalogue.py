from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest

from errors import DataError
from plans.catalogue import load_plan
from settings import ROOT

PLAN = "cq-2022-materials-14fyp"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ROOT / "data" / "plans" / PLAN, tmp_path / PLAN)


def change(folder, column, value, name="assignments.csv", row=0):
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_plan_says_what_its_text_says(records):
    plan = next(record.plan for record in records if record.plan.id == PLAN)
    assert plan.issued == date(2022, 12, 15)
    assert plan.number == ""
    assert plan.valid_from is None


def test_in_force_counts_the_last_day(records):
    plan = next(record.plan for record in records if record.plan.id == PLAN)
    assert not plan.in_force_on(date(2022, 12, 14))
    assert plan.in_force_on(date(2022, 12, 15))
    assert plan.in_force_on(date(2025, 12, 31))
    assert not plan.in_force_on(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("plan_id", "other", "规划编号"),
        ("place_id", "999999", "地点"),
        ("place_name", "别处", "地点名称"),
        ("place_kind", "park", "地点类型"),
        ("parent_code", "500101", "所属区县代码"),
        ("parent_name", "万州区", "所属区县名称"),
        ("province", "四川省", "省份"),
        ("sector_code", "gold", "门类"),
        ("sector_l1", "气凝胶", "一级门类"),
        ("action", "dream", "动作"),
        ("chain_stage", "sideways", "环节"),
        ("end", "0", "起止位置"),
    ],
)
def test_a_row_that_contradicts_the_registry_is_refused(
    folder, registry, sectors, column, value, said
):
    change(folder, column, value)
    with pytest.raises(DataError, match=said):
        load_plan(folder, registry, sectors)


def test_policies_and_targets_are_checked(folder, registry, sectors):
    change(folder, "kind", "wish", "policies.csv")
    with pytest.raises(DataError, match="wish"):
        load_plan(folder, registry, sectors)
    change(folder, "kind", "cap", "policies.csv")
    change(folder, "sector_code", "gold", "targets.csv")
    with pytest.raises(DataError, match="gold"):
        load_plan(folder, registry, sectors)


def test_an_unresolved_place_keeps_its_row(folder, registry, sectors):
    for column in ("place_id", "place_name", "parent_code", "parent_name", "province"):
        change(folder, column, "")
    assert load_plan(folder, registry, sectors).assignments[0].place_id == ""


@pytest.mark.parametrize("text", ["id = ", 'title = "无编号"', 'id = "x"\nissued = "soon"'])
def test_a_broken_plan_file_is_named(folder, registry, sectors, text):
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"plan\.toml"):
        load_plan(folder, registry, sectors)
