"""The published value as plain records: one per feature of each collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from layers.collections import Collection
from layers.snapshot import MappedPlace, Row, Snapshot, shown_on
from plans.catalogue import Plan
from plans.tables import ACTIONS, Target

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A feature before it takes the form of a file or an answer.

    Attributes
    ----------
    id
        Unique in its collection. What changed its form at some day has one record for each
        form; those but the last carry the day they begin: ``500112@2017-01-01``.
    values
        Field name → str, int, float, `date` or None.
    place
        Whose geometry it has, if any.
    since, until
        Half-open interval of days in which it holds; None is unbounded.
    source
        The row, place, plan or target it was made of.
    """

    id: str
    values: Values
    place: MappedPlace | None
    since: date | None
    until: date | None
    source: Row | MappedPlace | Plan | Target

    def holds(self, start: date | None, end: date | None) -> bool:
        """Tell whether it holds on some day from `start` to `end`, both included."""
        return (self.since is None or end is None or self.since <= end) and (
            self.until is None or start is None or start < self.until
        )


def collection_records(snapshot: Snapshot, collection: Collection) -> tuple[Record, ...]:
    """Every record of a collection, of all times, in the order of plans or of codes."""
    made = _MAKERS[collection.table](snapshot, collection)
    names = [field.name for field in collection.fields]
    found: dict[str, list[Record]] = {}
    order: list[tuple[str, int]] = []
    for record in made:
        versions = found.setdefault(record.id, [])
        order.append((record.id, len(versions)))
        versions.append(record)
    return tuple(_finished(found[key], number, names, snapshot.epochs[0]) for key, number in order)


def _finished(versions: list[Record], number: int, names: list[str], earliest: date) -> Record:
    """A record with its final id, and its values in the order of the fields."""
    record = versions[number]
    last = number == len(versions) - 1
    key = record.id if last else f"{record.id}@{(record.since or earliest).isoformat()}"
    values = {name: _known(record.values[name]) for name in names}
    return Record(key, values, record.place, record.since, record.until, record.source)


def _known(value: Any) -> Any:  # noqa: ANN401
    """What is not stated is None."""
    return None if value == "" else value


def _assignments(snapshot: Snapshot, _: Collection) -> Iterator[Record]:
    tree = snapshot.sector_tree
    for row in snapshot.rows:
        said = row.assignment
        values = asdict(said) | {
            "assignment_id": row.assignment_id,
            "geometry_quality": row.geometry_quality,
            "inherited_from": row.inherited_from,
            "share": row.share,
            "change_id": row.change_id,
            "plan_title": snapshot.plan_by_id[said.plan_id].name,
            "sector_name": tree[said.sector_code].name_zh,
            "action_label": ACTIONS[said.action],
        }
        day = row.shown_from or snapshot.epochs[0]
        place = snapshot.place(said.place_id, day) if said.place_id else None
        yield Record(row.assignment_id, values, place, row.shown_from, row.shown_to, row)


def _places(snapshot: Snapshot, collection: Collection) -> Iterator[Record]:
    assigned: dict[str, list[Row]] = {}
    for row in snapshot.rows:
        assigned.setdefault(row.assignment.place_id, []).append(row)
    regions = {region.id: region.name for region in snapshot.regions}
    for mapped in snapshot.places:
        place = mapped.place
        if place.kind not in collection.kinds or (
            collection.levels and place.level not in collection.levels
        ):
            continue
        starts = [day for day in (place.valid_from, mapped.shown_from) if day]
        ends = [day for day in (place.valid_to, mapped.shown_to) if day]
        since, until = max(starts, default=None), min(ends, default=None)
        day = since or snapshot.epochs[0]
        last = max(start for start in snapshot.epochs if until is None or start < until)
        rows = [row for row in assigned.get(place.id, ()) if shown_on(row, max(day, last))]
        tops = {row.assignment.sector_l1 for row in rows}
        values = asdict(place) | {
            "place_id": place.id,
            "aliases": ";".join(place.aliases),
            "parent_code": "+".join(place.parents),
            "parent_name": "+".join(snapshot.place(code, day).place.name for code in place.parents),
            "province": "+".join(snapshot.place(code, day).place.name for code in mapped.provinces),
            "region": "/".join(regions[key] for key in reversed(mapped.regions)),
            "geometry_quality": place.quality,
            "area_km2": mapped.area_km2,
            "published_area_km2": place.area_km2,
            "valid_from": since,
            "valid_to": until,
            "assignments": len(rows),
            "sectors": ";".join(
                top.name_zh for top in snapshot.sector_tree.top() if top.name_zh in tops
            ),
        }
        yield Record(place.id, values, mapped, since, until, mapped)


def _plans(snapshot: Snapshot, _: Collection) -> Iterator[Record]:
    said = {
        (row.assignment.plan_id, row.assignment_id): row.inherited_from for row in snapshot.rows
    }
    counts = Counter(plan_id for (plan_id, _), inherited in said.items() if not inherited)
    for plan in snapshot.plans:
        values = asdict(plan) | {
            "plan_id": plan.id,
            "province": snapshot.place(plan.province, snapshot.epochs[-1]).place.name,
            "assignments": counts[plan.id],
        }
        yield Record(plan.id, values, None, None, None, plan)


def _targets(snapshot: Snapshot, _: Collection) -> Iterator[Record]:
    for target in snapshot.targets:
        key = f"{target.plan_id}-{target.start}"
        name = snapshot.sector_tree[target.sector_code].name_zh if target.sector_code else ""
        values = asdict(target) | {"target_id": key, "sector_name": name}
        yield Record(key, values, None, None, None, target)


_MAKERS: Mapping[str, Callable[[Snapshot, Collection], Iterator[Record]]] = {
    "assignments": _assignments,
    "places": _places,
    "plans": _plans,
    "targets": _targets,
}
