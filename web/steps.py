"""The strip above the map that steps from plan to plan and chooses the day of the boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import url_for

from layers.filters import Filter
from layers.snapshot import Snapshot
from layers.steps import Step, plan_steps
from web.responses import Published

ISSUED, TODAY, OTHER, OPEN = "issued", "today", "other", ""
"""Whose day the boundaries are of: the plan's, today's, another, or nobody chose."""


@dataclass(frozen=True)
class Stop:
    """Where the slider may stand: at a plan, or at all of them.

    Attributes
    ----------
    step
        The plan; None for all of them.
    issued
        What `as_of` must be for the boundaries of the plan's time; empty where the filter
        takes them by itself. None where they cannot be had.
    day
        The day of those boundaries.
    shown
        The day of the boundaries the map would show there.
    address
        Of the page there, everything else being equal.
    """

    step: Step | None
    issued: str | None
    day: date | None
    shown: date
    address: str

    @property
    def plan_id(self) -> str:
        """Id of the plan; empty for all of them."""
        return self.step.plan.id if self.step else ""


@dataclass(frozen=True)
class Strip:
    """What the strip shows.

    Attributes
    ----------
    stops
        All plans, then those of one province in order of time.
    at
        Number of the stop where the map stands.
    apart
        Plans of that province without any day.
    series
        The latest stop of each province's plans with the number of its plans, by name; the
        one shown has no address.
    mode
        Whose day the boundaries are of.
    issued_address, today_address
        Of the same plan on the boundaries of its time, and on today's; the first is empty
        where there is no such day.
    total
        Number of assignments of all plans.
    """

    stops: tuple[Stop, ...]
    at: int
    apart: tuple[Stop, ...]
    series: Mapping[str, tuple[Stop, int]]
    province: str
    mode: str
    issued_address: str
    today_address: str
    total: int

    @property
    def here(self) -> Stop:
        """Where the map stands."""
        return (*self.stops, *self.apart)[self.at]

    @property
    def before(self) -> Stop | None:
        """The stop to the left."""
        return self.stops[self.at - 1] if 0 < self.at < len(self.stops) else None

    @property
    def after(self) -> Stop | None:
        """The stop to the right."""
        return self.stops[self.at + 1] if self.at + 1 < len(self.stops) else None


def time_strip(held: Published, chosen: Filter, day: date, today: date) -> Strip:
    """Lay out the strip for a filter.

    Parameters
    ----------
    day
        Of the boundaries the map shows.
    """
    snapshot = held.snapshot
    series = held.remember("steps", lambda: plan_steps(snapshot))
    plans = chosen.facets.get("plan", ())
    plan = snapshot.plan_by_id[plans[0]] if len(plans) == 1 else None
    known = {step.plan.id: step for steps in series.values() for step in steps}
    step = known[plan.id] if plan else None
    mode = _mode(chosen, step, snapshot, day, today)

    def stop(each: Step | None, how: str = mode) -> Stop:
        at = _of_its_time(each, snapshot, today)
        issued = "" if each is None or each.basis == "issued" else str(at) if at else None
        as_of = _as_of(how, each, issued, day, today)
        itself = at if each and each.basis == "issued" and at else max(today, snapshot.epochs[0])
        shown = date.fromisoformat(as_of) if as_of else itself
        return Stop(each, issued, at, shown, _address(chosen, each, as_of))

    province = plan.province if plan else _province(chosen, series)
    steps = series[province]
    dated = (stop(None), *(stop(each) for each in steps if each.day))
    apart = tuple(stop(each) for each in steps if not each.day)
    ids = [each.plan_id for each in (*dated, *apart)]
    own = stop(step, ISSUED)
    return Strip(
        stops=dated,
        at=ids.index(plan.id) if plan else 0,
        apart=apart,
        series={
            snapshot.place(code, today).place.short_name: (stop(of[-1]), len(of))
            for code, of in series.items()
        },
        province=snapshot.place(province, today).place.short_name,
        mode=mode,
        issued_address=own.address if step and own.issued is not None else "",
        today_address=stop(step, TODAY).address,
        total=sum(each.assignments for each in known.values()),
    )


def _mode(chosen: Filter, step: Step | None, snapshot: Snapshot, day: date, today: date) -> str:
    if chosen.as_of is None:
        return OPEN if step is None else ISSUED if step.basis == "issued" else TODAY
    if step and day == _of_its_time(step, snapshot, today):
        return ISSUED
    return TODAY if day == today else OTHER


def _of_its_time(step: Step | None, snapshot: Snapshot, today: date) -> date | None:
    """The day of the boundaries of a plan's time; None where they cannot be had.

    A plan that is dated by its year alone takes the last day of that, or today until it is over.
    """
    if step is None or step.day is None:
        return None
    earliest = snapshot.epochs[0]
    if step.basis == "issued":
        return max(step.day, earliest)
    day = min(step.day, today)
    return day if day >= earliest else None


def _as_of(mode: str, step: Step | None, issued: str | None, day: date, today: date) -> str:
    """The parameter by which a stop keeps the choice of the day, or takes its own."""
    if mode == OTHER:
        return day.isoformat()
    if mode == TODAY:
        return today.isoformat() if step else ""
    return issued or ""


def _province(chosen: Filter, series: Mapping[str, tuple[Step, ...]]) -> str:
    """Whose plans to step through where none is chosen: the filter's province, else the most."""
    for code in chosen.facets.get("province", ()):
        if code in series:
            return code
    return max(series, key=lambda code: len(series[code]))


def _address(chosen: Filter, step: Step | None, as_of: str) -> str:
    pairs = [pair for pair in chosen.pairs if pair[0] not in {"plan", "as_of"}]
    if step:
        pairs.insert(0, ("plan", step.plan.id))
    if as_of:
        pairs.append(("as_of", as_of))
    query = urlencode(pairs)
    return url_for("mapping.index") + (f"?{query}" if query else "")
