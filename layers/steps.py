"""The plans of a province in order of time, and what each says otherwise than the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from layers.snapshot import Row, Snapshot
from plans.catalogue import Plan

Pair = tuple[str, str]
"""A place, by its id or else the plan's words, and a top-level sector."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the places and sectors a plan names differ from those of the plan before.

    Counted are pairs of a place and a top-level sector, each as its own plan names it.

    Attributes
    ----------
    before
        The plan before.
    new, kept, gone
        Number of pairs only this plan names, both name, only the one before names.
    beyond
        Those of the gone whose sector this plan names nowhere.
    """

    before: Plan
    new: int
    kept: int
    gone: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Step:
    """A plan in the order of time.

    Attributes
    ----------
    day
        Where it stands in time and which day's boundaries are those of its time; None where
        nothing is known.
    basis
        What the day rests on: ``issued``, ``valid_from``, ``year`` (its last day), or empty.
    assignments
        Number of its assignments, each counted once whatever became of its place.
    change
        From the plan before in the same province; None for the first, and without a day.
    """

    plan: Plan
    day: date | None
    basis: str
    assignments: int
    change: Change | None


def plan_steps(snapshot: Snapshot) -> dict[str, tuple[Step, ...]]:
    """Put the plans of each province in order of time, those without a day last.

    Returns
    -------
    dict
        Code of the province → its plans; provinces in order of their codes.
    """
    said: dict[str, dict[str, Row]] = {plan.id: {} for plan in snapshot.plans}
    for row in snapshot.rows:
        if not row.inherited_from:
            said[row.assignment.plan_id][row.assignment_id] = row
    pairs = {plan_id: _pairs(rows.values(), snapshot) for plan_id, rows in said.items()}
    series: dict[str, list[Step]] = {}
    for plan in sorted(snapshot.plans, key=_order):
        day, basis = day_of(plan)
        steps = series.setdefault(plan.province, [])
        earlier = [step.plan for step in steps if step.day] if day else []
        change = _change(earlier[-1], plan, pairs) if earlier else None
        steps.append(Step(plan, day, basis, len(said[plan.id]), change))
    return {province: tuple(series[province]) for province in sorted(series)}


def day_of(plan: Plan) -> tuple[date | None, str]:
    """The day a plan stands at in time, and what the day rests on."""
    if plan.issued:
        return plan.issued, "issued"
    if plan.valid_from:
        return plan.valid_from, "valid_from"
    if plan.year:
        return date(plan.year, 12, 31), "year"
    return None, ""


def _order(plan: Plan) -> tuple[date, str]:
    return day_of(plan)[0] or date.max, plan.id


def _pairs(rows: Iterable[Row], snapshot: Snapshot) -> set[Pair]:
    assignments = [row.assignment for row in rows]
    return {
        (a.place_id or a.place_text, snapshot.sector_tree[a.sector_code].top_code)
        for a in assignments
    }


def _change(before: Plan, plan: Plan, pairs: dict[str, set[Pair]]) -> Change:
    then, now = pairs[before.id], pairs[plan.id]
    gone = then - now
    sectors = {sector for _, sector in now}
    return Change(
        before=before,
        new=len(now - then),
        kept=len(now & then),
        gone=len(gone),
        beyond=sum(sector not in sectors for _, sector in gone),
    )
