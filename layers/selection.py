"""What a filter keeps of a collection; the filter language speaks of assignments first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from errors import BadParameter, NotFound
from layers.collections import Collection
from layers.filters import Filter, places_in
from layers.records import Record, collection_records
from layers.snapshot import MappedPlace, Snapshot, shown_on
from plans.catalogue import Plan
from plans.tables import Target

OF_ASSIGNMENTS = ("plan", "sector", "action", "stage")
"""Facets of assignments; of places they keep those that have such an assignment."""
NAMES = ("name", "short_name", "aliases", "parent_name")
"""What free text finds a place by, beside its assignments."""
OF_TARGETS = ("plan", "sector", "province", "in_force", "q")
"""Parameters that targets answer to."""


class Records:
    """The records of a snapshot, collection by collection, made when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._made: dict[str, tuple[Record, ...]] = {}

    @cached_property
    def collections(self) -> Mapping[str, Collection]:
        """The collections by name."""
        return {collection.name: collection for collection in self._snapshot.collections}

    def collection(self, name: str) -> Collection:
        """Look a collection up.

        Raises
        ------
        NotFound
            There is none of this name.
        """
        try:
            return self.collections[name]
        except KeyError:
            raise NotFound(
                f"没有名为“{name}”的数据集，可用的有：{'、'.join(self.collections)}。"
            ) from None

    def of(self, name: str) -> tuple[Record, ...]:
        """Every record of a collection, of all times."""
        if name not in self._made:
            self._made[name] = collection_records(self._snapshot, self.collection(name))
        return self._made[name]

    def select(self, name: str, chosen: Filter, today: date) -> list[Record]:
        """The records of a collection that a filter keeps, in their order.

        Raises
        ------
        BadParameter
            The filter names something the collection has no part in.
        """
        table = self.collection(name).table
        return _SELECTORS[table](self._snapshot, self.of(name), chosen, today)


def _assignments(
    snapshot: Snapshot, records: Iterable[Record], chosen: Filter, today: date
) -> list[Record]:
    kept = {id(row) for row in chosen.select(snapshot, today)}
    return [record for record in records if id(record.source) in kept]


def _places(
    snapshot: Snapshot, records: Iterable[Record], chosen: Filter, today: date
) -> list[Record]:
    """Places by their own facets; by assignments, where the filter speaks of those.

    Free text finds a place by its names or by what its assignments say.
    """
    day = chosen.boundaries_on(snapshot, today)
    own = {name: set(v) for name, v in chosen.facets.items() if name not in OF_ASSIGNMENTS}
    found = [
        record
        for record in records
        if isinstance(record.source, MappedPlace)
        and shown_on(record.source, day)
        and all(wanted.intersection(_keys(record.source)[name]) for name, wanted in own.items())
    ]
    about = {name: v for name, v in chosen.facets.items() if name in OF_ASSIGNMENTS}
    if about or chosen.in_force or chosen.words:
        rows = replace(chosen, facets=about, bbox=None, as_of=day).select(snapshot, today)
        assigned = {row.assignment.place_id for row in rows}
        by_name = bool(chosen.words) and not about and not chosen.in_force
        found = [
            record
            for record in found
            if record.source.place.id in assigned  # type: ignore[union-attr]
            or (by_name and _named(record, chosen.words, NAMES))
        ]
    if chosen.bbox:
        inside = places_in((r.place for r in found if r.place), chosen.bbox)
        found = [record for record in found if record.place and record.place.id in inside]
    return found


def _plans(
    snapshot: Snapshot, records: Iterable[Record], chosen: Filter, today: date
) -> list[Record]:
    """Plans that have an assignment the filter keeps; without a condition, all of them."""
    if not chosen.pairs:
        return list(records)
    chosen_plans = set(chosen.facets.get("plan", ()))
    said = {row.assignment.plan_id for row in chosen.select(snapshot, today)}
    only_plans = set(chosen.facets) <= {"plan"} and not chosen.bbox
    return [
        record
        for record in records
        if isinstance(record.source, Plan)
        and (
            record.id in said
            or (
                only_plans
                and (not chosen_plans or record.id in chosen_plans)
                and (chosen.in_force is None or record.source.in_force_on(chosen.in_force))
                and _named(record, chosen.words)
            )
        )
    ]


def _targets(
    snapshot: Snapshot, records: Iterable[Record], chosen: Filter, _: date
) -> list[Record]:
    other = next((name for name, _ in chosen.pairs if name not in OF_TARGETS), None)
    if other:
        reason = f"规划指标没有 {other} 这一项，可用：{'、'.join(OF_TARGETS)}。"
        raise BadParameter(other, None, OF_TARGETS, reason)
    found = []
    for record in records:
        target = record.source
        if not isinstance(target, Target):
            continue
        plan = snapshot.plan_by_id[target.plan_id]
        code = target.sector_code
        keys = {
            "plan": (plan.id,),
            "sector": snapshot.sector_tree[code].lineage if code else (),
            "province": (plan.province,),
        }
        if (
            all(set(wanted).intersection(keys[name]) for name, wanted in chosen.facets.items())
            and (chosen.in_force is None or plan.in_force_on(chosen.in_force))
            and _named(record, chosen.words)
        ):
            found.append(record)
    return found


def _keys(place: MappedPlace) -> dict[str, tuple[str, ...]]:
    return {
        "place": place.within,
        "province": place.provinces,
        "region": place.regions,
        "kind": (place.place.kind,),
        "quality": (place.place.quality,),
    }


def _named(record: Record, words: Iterable[str], fields: Iterable[str] = ()) -> bool:
    """Tell whether some fields, or all, contain every word between them."""
    values = (record.values[name] for name in fields or record.values)
    text = "\n".join(str(value) for value in values if value).casefold()
    return all(word in text for word in words)


_SELECTORS: Mapping[str, Callable[[Snapshot, Iterable[Record], Filter, date], list[Record]]] = {
    "assignments": _assignments,
    "places": _places,
    "plans": _plans,
    "targets": _targets,
}
