"""From the words of a plan to one place, or to none: a wrong place is worse than none.

The steps, from sure to daring, each stopping as soon as one place is left: an entry made
by hand; a full name; a short form or alias; a name taken apart (district prefix, brackets,
what a zone calls itself, typos in that); the sentence's own district. Whatever is left
with two candidates stays unresolved and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geo.names import inner_and_outer, is_zone_name, normalised, zone_stem
from geo.places import Place, Registry
from geo.tables import read_table

REASONS = {
    "override": "人工指定",
    "exact": "全名一致",
    "alias": "简称或别名一致",
    "normalised": "去掉前缀、后缀或改正错字后一致",
    "contextual": "按上下文的区县确定",
    "prefecture": "市与所辖区县简称相同，规划用简称指市",
    "outside": "本省没有，文中点明外省地名",
    "ambiguous": "有多个同名地点，上下文不足以确定",
    "other_province": "只在外省有同名地点，文中没有点明",
    "ended": "该日期已经撤销",
    "not_found": "没有这个名称的地点",
    "empty": "没有文字",
}
"""Why a text was, or was not, resolved."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text means.

    Attributes
    ----------
    place
        The one place, or None.
    reason
        A key of `REASONS`.
    candidates
        Places that were considered last, where none was chosen.
    note
        From the override file, where that decided.
    """

    place: Place | None
    reason: str
    candidates: tuple[Place, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A decision made by hand; an empty place means: do not resolve."""

    text: str
    province: str
    context: str
    place_id: str
    note: str


def load_overrides(path: Path) -> tuple[Override, ...]:
    """Read `overrides.csv`; a missing file is an empty one."""
    if not path.exists():
        return ()
    columns = ("text", "province_code", "context", "place_id", "note")
    return tuple(
        Override(normalised(r["text"]), r["province_code"], r["context"], r["place_id"], r["note"])
        for r in read_table(path, columns)
    )


class Resolver:
    """Names of all places, ready to be looked up.

    Parameters
    ----------
    registry
        The places.
    overrides
        Decisions made by hand; they win.
    """

    def __init__(self, registry: Registry, overrides: Iterable[Override] = ()) -> None:
        self.registry = registry
        self.overrides = tuple(overrides)
        self._full: dict[str, list[Place]] = {}
        self._short: dict[str, list[Place]] = {}
        self._stems: dict[str, list[Place]] = {}
        for place in registry:
            self._full.setdefault(normalised(place.name), []).append(place)
            shorts = {place.short_name, *place.aliases} - {place.name, ""}
            for name in shorts:
                self._short.setdefault(normalised(name), []).append(place)
            for stem in self._stems_of(place):
                self._stems.setdefault(stem, []).append(place)

    def resolve(
        self, text: str, province: str, context: str = "", day: date | None = None
    ) -> Resolution:
        """Find the place a text names.

        Parameters
        ----------
        text
            As the plan writes it: 江津白沙组团, 杭州（富阳）, 白涛园工业区.
        province
            Six-digit code of the plan's own province; its places are looked at first, others
            only where the text or the context names their province or prefecture.
        context
            The sentence, its subject, or the district it is about.
        day
            Units that did not exist on it are left out; None takes all, current ones first.
        """
        name = normalised(text)
        if not name:
            return Resolution(None, "empty")
        for entry in self.overrides:
            if entry.text == name and entry.province == province and entry.context in context:
                place = self.registry[entry.place_id] if entry.place_id else None
                return Resolution(place, "override", (), entry.note)
        found = self._home(name, province, context, day)
        if found.reason != "not_found":
            return found
        if day:
            before = self._home(name, province, context, None).place
            if before:
                return Resolution(None, "ended", (before,))
        return self._abroad(name, province, context, day)

    def _home(self, name: str, province: str, context: str, day: date | None) -> Resolution:
        """Look in one province, from sure to daring."""
        steps = (
            ("exact", self._full.get(name, ())),
            ("alias", self._short.get(name, ())),
            ("normalised", self._apart(name, province, day)),
        )
        for reason, hits in steps:
            here = self._in(hits, province, day)
            if len(here) == 1:
                return Resolution(here[0], reason)
            if here:
                return self._by_context(here, province, context, day)
        return Resolution(None, "not_found")

    def _in(self, places: Iterable[Place], province: str, day: date | None) -> list[Place]:
        """Those in a province that existed on a day; without a day, those that still do."""
        here = [p for p in places if province in self.registry.provinces_of(p)]
        alive = [p for p in here if (p.exists_on(day) if day else p.valid_to is None)]
        return list(dict.fromkeys(alive if alive or day else here))

    def _by_context(
        self, places: list[Place], province: str, context: str, day: date | None
    ) -> Resolution:
        """Choose by the units the context names; a zone's own name outweighs a unit's."""
        seat = self._seat_of_all(places) or _plainest(places)
        if seat:
            return Resolution(seat, "prefecture")
        named = {p.id for p in self._units_named(context, province, day)} - {p.id for p in places}
        fitting = [p for p in places if named & set(self.registry.within(p))]
        if len(fitting) == 1:
            return Resolution(fitting[0], "contextual")
        return Resolution(None, "ambiguous", tuple(fitting or places))

    def _seat_of_all(self, places: list[Place]) -> Place | None:
        """The prefecture among places of one short name, where the others are its own counties.

        Plans write 荆州 for 荆州市 and 荆州区 in full.
        """
        above = [p for p in places if p.level == "prefecture"]
        if len(above) != 1:
            return None
        others = [p for p in places if p is not above[0]]
        own = all(above[0].id in self.registry.within(p) for p in others)
        return above[0] if own else None

    def _units_named(self, context: str, province: str, day: date | None) -> list[Place]:
        text = normalised(context)
        return [
            p
            for p in self._in((p for p in self.registry if p.kind == "unit"), province, day)
            if p.short_name in text or p.name in text
        ]

    def _apart(self, name: str, province: str, day: date | None) -> list[Place]:
        """Places whose name agrees once prefix, brackets and what it calls itself are off."""
        pair = inner_and_outer(name)
        if pair:
            inner, outer = pair
            return self._inside(inner, outer, province, day)
        found = [p for stem in (zone_stem(name),) for p in self._stems.get(stem, ())]
        if not is_zone_name(name):
            found = [p for p in found if p.kind != "unit"]
        for prefix, unit in self._prefixes(name, province, day):
            rest = name.removeprefix(prefix)
            options = [
                *self._full.get(rest, ()),
                *self._short.get(rest, ()),
                *self._stems.get(zone_stem(rest), ()),
            ]
            found += [p for p in options if p.id != unit.id and self._lies_in(p, unit)]
        return list(dict.fromkeys(found))

    def _inside(self, inner: str, outer: str, province: str, day: date | None) -> list[Place]:
        """The place in brackets, if it lies in the one before them: 杭州（富阳）."""
        places = [*self._full.get(inner, ()), *self._short.get(inner, ())]
        above = [*self._full.get(outer, ()), *self._short.get(outer, ())]
        return [p for p in places for a in self._in(above, province, day) if self._lies_in(p, a)]

    def _prefixes(self, name: str, province: str, day: date | None) -> list[tuple[str, Place]]:
        """Units and areas whose name a longer name begins with, longest first."""
        found = []
        for length in range(len(name) - 1, 1, -1):
            head = name[:length]
            hits = [*self._full.get(head, ()), *self._short.get(head, ())]
            found += [(head, p) for p in self._in(hits, province, day) if p.kind != "park"]
        return found

    def _lies_in(self, place: Place, unit: Place) -> bool:
        return unit.id in self.registry.within(place) or unit.id in place.parents

    def _stems_of(self, place: Place) -> set[str]:
        """A zone's own names, with and without its district's short name."""
        if place.kind not in {"park", "functional_area", "town"}:
            return set()
        stems = {zone_stem(normalised(name)) for name in (place.name, *place.aliases)}
        for parent in place.parents:
            short = self.registry[parent].short_name
            stems |= {stem.removeprefix(short) for stem in stems}
        return {stem for stem in stems if len(stem) > 1}

    def _abroad(self, name: str, province: str, context: str, day: date | None) -> Resolution:
        """Look beyond the plan's own province, where text or context names the other one."""
        others: list[Place] = []
        for other in (p for p in self.registry if p.level == "province" and p.id != province):
            bare = name.removeprefix(other.name).removeprefix(other.short_name)
            prefixed = bare not in {name, ""}
            found = self._home(bare if prefixed else name, other.id, context, day)
            if found.place is None:
                others += found.candidates
                continue
            if prefixed or self._points_to(found.place, context):
                return Resolution(found.place, "outside")
            others.append(found.place)
        own = [p for p in others if p.level == "prefecture"]
        if len(others) == 1 and own:
            return Resolution(own[0], "outside")
        if name in self._full and self._full[name][0].level == "province":
            return Resolution(self._full[name][0], "outside")
        return Resolution(None, "other_province" if others else "not_found", tuple(others))

    def _points_to(self, place: Place, context: str) -> bool:
        """Tell whether a context names the province or prefecture a place lies in."""
        text = normalised(context)
        above = [self.registry[i] for i in self.registry.within(place)[1:]]
        return any(unit.short_name in text for unit in above)


def _plainest(places: list[Place]) -> Place | None:
    """The one whose name only adds 县, 市 or 区 to the short form: 井陉县, not 井陉矿区."""
    plain = [p for p in places if len(p.name) == len(p.short_name) + 1]
    mined = [p for p in places if p.name.endswith("矿区")]
    return plain[0] if len(plain) == 1 and len(plain) + len(mined) == len(places) else None


def describe(found: Resolution) -> dict[str, object]:
    """A resolution as a record: the contract of `places resolve --format json`."""
    place = found.place
    counties = place.parents if place else ()
    if place and place.kind == "unit":
        counties = (place.id,) if place.level == "county" else ()
    return {
        "place_id": place.id if place else "",
        "place_name": place.name if place else "",
        "place_kind": place.kind if place else "",
        "parent_code": "+".join(counties),
        "reason": found.reason,
        "explanation": found.note or REASONS[found.reason],
        "candidates": [{"place_id": p.id, "place_name": p.name} for p in found.candidates],
    }
