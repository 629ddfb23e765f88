"""District pages: what one place is assigned, plain and printable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template
from flask_babel import lazy_gettext

from geo.places import Region
from layers.snapshot import MappedPlace, Row, Snapshot
from plans.catalogue import Plan
from plans.sectors import Sector
from plans.tables import Policy
from web.responses import published, request_filter, today
from web.speech import chinese

districts = Blueprint("districts", __name__, url_prefix="/districts")

OTHER_SECTIONS = {
    "functional_area": lazy_gettext("功能区"),
    "park": lazy_gettext("园区"),
    "cross_province": lazy_gettext("跨省合作区"),
    "unit": lazy_gettext("规划提到的其他省市行政区"),
}
"""Headings of the list below the regions, by place kind."""


@dataclass(frozen=True)
class Group:
    """A place with the assignments that are its own."""

    place: MappedPlace
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Entry:
    """A place in the list: how much it is assigned, and in which top-level sectors."""

    place: MappedPlace
    count: int
    tops: tuple[Sector, ...]
    parks: tuple[Group, ...]


@districts.get("/")
def index() -> str:
    """All districts by region, with what each is assigned; then every other place."""
    snapshot = published().snapshot
    chosen = request_filter()
    rows = chosen.select(snapshot, today())
    day = chosen.boundaries_on(snapshot, today())
    units = chosen.counties(snapshot, day)
    listed = {unit.id for unit in units}
    grouped = {code for region in snapshot.regions for code in region.units}
    sections = [
        (
            chinese(region.name),
            [_entry(snapshot, unit, rows, day) for unit in units if unit.id in region.units],
        )
        for region in snapshot.regions
    ]
    above: dict[str, list[MappedPlace]] = {}
    for unit in (unit for unit in units if unit.id not in grouped):
        above.setdefault(unit.place.parents[0], []).append(unit)
    sections += [
        (
            chinese(_title(snapshot, code, day)),
            [_entry(snapshot, unit, rows, day) for unit in members],
        )
        for code, members in above.items()
    ]
    sections += [
        (
            title,
            [
                _entry(snapshot, place, rows, day)
                for place in snapshot.places_on(day)
                if place.place.kind == kind and place.id not in listed
            ],
        )
        for kind, title in OTHER_SECTIONS.items()
    ]
    return render_template(
        "districts.html",
        snapshot=snapshot,
        as_of=day,
        number=len(units),
        key=_tops(snapshot, rows),
        sections=[(title, entries) for title, entries in sections if entries],
    )


def _title(snapshot: Snapshot, code: str, day: date) -> str:
    """Province and prefecture above some counties."""
    place = snapshot.place(code, day)
    over = [snapshot.place(parent, day).place.name for parent in place.place.parents]
    return " ".join([*over, place.place.name])


@districts.get("/<place_id>")
def detail(place_id: str) -> str:
    """One place: its own assignments, its parks', and apart what overlaps it."""
    snapshot = published().snapshot
    chosen = request_filter()
    day = chosen.boundaries_on(snapshot, today())
    place = snapshot.place(place_id, day)
    rows = chosen.select(snapshot, today())
    said = {row.assignment.plan_id for row in rows if row.assignment.place_id == place_id}
    plans = [
        plan
        for plan in chosen.plans(snapshot)
        if plan.province in place.provinces or plan.id in said
    ]
    own = _group(place, rows)
    parks = _groups(snapshot.overlapping(place_id, "park", day), rows)
    if place.place.kind == "functional_area":
        parks = _groups((p for p in snapshot.places_on(day) if p.place.area_id == place_id), rows)
    sectors = {row.assignment.sector_code for group in (own, *parks) for row in group.rows}
    return render_template(
        "district.html",
        snapshot=snapshot,
        chosen=chosen,
        as_of=day,
        today=today(),
        place=place,
        region=_leaf_region(snapshot, place_id),
        parents=[snapshot.place(code, day) for code in place.place.parents],
        own=own,
        filtered=any(name not in {"plan", "as_of"} for name, _ in chosen.pairs),
        plans=plans,
        ended=place.shown_to if place.shown_to and place.shown_to <= day else None,
        ended_eve=place.shown_to - timedelta(days=1) if place.shown_to else None,
        heirs=_heirs(snapshot, place, day),
        parks=parks,
        areas=_groups(snapshot.overlapping(place_id, "functional_area", day), rows),
        zones=_groups(snapshot.overlapping(place_id, "cross_province", day), rows),
        above=_groups(_above(snapshot, place, day), rows),
        policies=_policies(snapshot, plans, sectors),
    )


def _group(place: MappedPlace, rows: Iterable[Row]) -> Group:
    return Group(place, tuple(row for row in rows if row.assignment.place_id == place.id))


def _groups(places: Iterable[MappedPlace], rows: list[Row]) -> list[Group]:
    return [_group(place, rows) for place in places]


def _entry(snapshot: Snapshot, place: MappedPlace, rows: list[Row], day: date) -> Entry:
    own = _group(place, rows).rows
    parks = _groups(snapshot.overlapping(place.id, "park", day), rows)
    return Entry(place, len(own), _tops(snapshot, own), tuple(g for g in parks if g.rows))


def _tops(snapshot: Snapshot, rows: Iterable[Row]) -> tuple[Sector, ...]:
    """Top-level sectors of some rows, in the order of the tree."""
    found = {snapshot.sector_tree[row.assignment.sector_code].top_code for row in rows}
    return tuple(sector for sector in snapshot.sector_tree.top() if sector.code in found)


def _above(snapshot: Snapshot, place: MappedPlace, day: date) -> list[MappedPlace]:
    """The prefecture and province a place lies in."""
    units = (snapshot.place(place_id, day) for place_id in place.within[1:])
    return [unit for unit in units if unit.place.level in {"prefecture", "province"}]


def _heirs(
    snapshot: Snapshot, place: MappedPlace, day: date
) -> list[tuple[MappedPlace, float | None]]:
    """Places that inherit from an abolished place, each with its share of the area."""
    return [(snapshot.place(heir, day), share) for heir, share in place.heirs]


def _leaf_region(snapshot: Snapshot, unit_id: str) -> Region | None:
    listing = [region for region in snapshot.regions if unit_id in region.units]
    return listing[-1] if listing else None


def _policies(snapshot: Snapshot, plans: Iterable[Plan], sectors: Iterable[str]) -> list[Policy]:
    """Rules of some plans that touch any of the sectors, or every sector.

    A rule touches a sector when either is part of the other: the cap on crude steel binds
    short-process steelmaking, and a district told to develop steel must know its rule.
    """
    ids = {plan.id for plan in plans}
    codes = list(sectors)
    return [
        policy
        for policy in snapshot.policies
        if policy.plan_id in ids
        and codes
        and (
            not policy.sector_codes
            or any(_related(rule, code) for rule in policy.sector_codes for code in codes)
        )
    ]


def _related(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
