"""Plans in order of time, against the tables themselves."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest

from layers.steps import day_of, plan_steps
from settings import ROOT

FIRST, SECOND, THIRD = (
    "cq-2017-new-materials",
    "cq-2022-materials-14fyp",
    "cq-2023-fibre-composites",
)


def table(plan_id):
    path = ROOT / "data" / "plans" / plan_id / "assignments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(plan_id):
    """Pairs of place and top-level sector, straight from the plan's table."""
    return {f"{row['place_id'] or row['place_text']}|{row['sector_l1']}" for row in table(plan_id)}


@pytest.fixture(scope="module")
def steps(snapshot):
    return {step.plan.id: step for series in plan_steps(snapshot).values() for step in series}


def test_plans_of_a_province_follow_one_another_in_time(snapshot):
    series = plan_steps(snapshot)
    assert list(series) == ["330000", "500000", "510000"]
    assert [step.plan.id for step in series["500000"]] == [FIRST, SECOND, THIRD]
    days = [(step.day, step.basis) for step in series["500000"]]
    assert days == [
        (date(2017, 12, 31), "year"),
        (date(2022, 12, 15), "issued"),
        (date(2023, 11, 24), "issued"),
    ]
    assert [(step.day, step.basis) for step in series["510000"]] == [
        (date(2020, 1, 1), "valid_from")
    ]


def test_every_assignment_of_a_table_counts_once(steps):
    for plan_id, step in steps.items():
        assert step.assignments == len(table(plan_id)), plan_id


@pytest.mark.parametrize(("before", "after"), [(FIRST, SECOND), (SECOND, THIRD)])
def test_what_changed_is_what_the_tables_say(steps, before, after):
    then, now = named(before), named(after)
    sectors = {pair.split("|")[1] for pair in now}
    lost = [pair for pair in then if pair not in now]
    change = steps[after].change
    assert change.before.id == before
    assert change.new == sum(pair not in then for pair in now)
    assert change.kept == sum(pair in then for pair in now)
    assert change.gone == len(lost)
    assert change.beyond == sum(pair.split("|")[1] not in sectors for pair in lost)
    assert change.new + change.kept == len(now)
    assert change.kept + change.gone == len(then)


def test_the_figures_of_2017_to_2022(steps):
    change = steps[SECOND].change
    assert (change.new, change.kept, change.gone, change.beyond) == (122, 12, 48, 9)


def test_the_first_of_a_province_is_compared_with_nothing(steps):
    firsts = {plan_id for plan_id, step in steps.items() if step.change is None}
    assert firsts == {FIRST, "sc-2020-new-materials", "zj-2019-new-materials"}


def test_a_plan_without_a_day_stands_last_and_is_not_compared(snapshot):
    plans = [
        replace(plan, issued=None, valid_from=None) if plan.id == SECOND else plan
        for plan in snapshot.plans
    ]
    series = plan_steps(replace(snapshot, plans=tuple(plans)))["500000"]
    assert [step.plan.id for step in series] == [FIRST, THIRD, SECOND]
    assert (series[-1].day, series[-1].basis, series[-1].change) == (None, "", None)
    assert series[1].change.before.id == FIRST


def test_the_best_known_day_counts(snapshot):
    plan = snapshot.plan_by_id[THIRD]
    assert day_of(plan) == (date(2023, 11, 24), "issued")
    assert day_of(replace(plan, issued=None, year=2023)) == (date(2023, 1, 1), "valid_from")
    assert day_of(replace(plan, issued=None, valid_from=None, year=2023)) == (
        date(2023, 12, 31),
        "year",
    )
