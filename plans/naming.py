"""Which place a name in a plan means: known to the registry, or new to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pypinyin import lazy_pinyin

from geo.names import inner_and_outer, normalised, zone_stem
from geo.places import Place
from geo.resolver import Resolution, Resolver
from plans.zones import ZoneWords

DIVISION = re.compile("^第[一二三四五六七八九十]{1,3}师")
"""What may stand before a city that a division of the corps runs."""
LONGEST_NAME = 40
"""Characters; longer runs of names are no name."""


@dataclass(frozen=True, slots=True)
class Named:
    """The place a mention means, known to the registry or new.

    Attributes
    ----------
    place_id
        Empty where it is not resolved.
    parents
        Codes of the county-level units it lies in, or of the prefecture where no county
        is known.
    reason
        Why it was, or was not, resolved (`geo.resolver.REASONS`), or ``new_zone``.
    """

    text: str
    place_id: str
    name: str
    kind: str
    parents: tuple[str, ...]
    reason: str
    place: Place | None = None


class Namer:
    """Says which places the names in the plans of one province mean.

    Parameters
    ----------
    resolver
        Knows the places of all China.
    province
        Six-digit code of the plan's own province.
    day
        Date of the units; None takes all.
    """

    def __init__(
        self, resolver: Resolver, province: str, day: date | None, zones: ZoneWords
    ) -> None:
        registry = resolver.registry
        self.resolver = resolver
        self.province = province
        self._day = day
        self._zones = zones
        here = [place for place in registry if province in registry.provinces_of(place)]
        self._counties = [place for place in here if place.level == "county"]
        self.joins_provinces = any(place.kind == "cross_province" for place in here)
        """Whether the registry has zones between this province and others."""
        own = {name for place in here for name in (place.name, place.short_name, *place.aliases)}
        self.members = {
            unit.short_name: unit
            for zone in here
            if zone.kind == "cross_province"
            for unit in (registry[code] for code in zone.parents)
            if unit.short_name not in own
        }

    @property
    def is_municipality(self) -> bool:
        """Whether the plan's own province is a city under the central government."""
        return self.province in {"110000", "120000", "310000", "500000"}

    @property
    def home(self) -> Named:
        """The plan's own province."""
        place = self.resolver.registry[self.province]
        return Named("", place.id, place.name, "province", (), "exact", place)

    def resolve(self, text: str, context: str, subject: tuple[str, ...] = ()) -> Named:
        """Say which place a name means.

        Parameters
        ----------
        context
            Names of the units the sentence is about.
        subject
            Ids of those units; a zone new to the registry lies in them.
        """
        found = self._resolution(DIVISION.sub("", text), context)
        if found.place is None and text in self.members:
            found = Resolution(self.members[text], "contextual")
        if found.place and self._is_meant(found.place, text + context):
            return self._known(text, found.place, found.reason)
        zone = self._new_zone(text, context, subject)
        return zone or Named(text, "", "", "", (), found.reason)

    def joint(self, text: str, members: Sequence[Named]) -> Named:
        """A zone that places found together: 甲与乙共建丙合作区; it lies in all of them."""
        parents = tuple(dict.fromkeys(c for m in members for c in m.parents or (m.place_id,) if c))
        provinces = {code[:2] for code in parents}
        slug = _slug(self._zones.stem(text))
        kind = "cross_province" if len(provinces) > 1 else "park"
        code = f"zone-{slug}" if len(provinces) > 1 else f"{parents[0]}-{slug}" if parents else ""
        return Named(text, code, text, kind, parents, "new_zone")

    def stem(self, text: str) -> str:
        """A zone's own name, as plans repeat it."""
        return self._zones.stem(normalised(text))

    def region(self, name: str, parents: tuple[str, ...]) -> Named:
        """A region that a plan makes of units: 北翼由甲、乙组成."""
        code = f"{self.province}-{_slug(name)}"
        return Named(name, code, name, "region", parents, "new_region")

    def unit_of(self, named: Named) -> Named:
        """The unit a zone new to the registry lies in; other places as they are."""
        if named.reason != "new_zone":
            return named
        place = self.resolver.registry[named.parents[0]]
        return self._known(place.short_name, place, "exact")

    def mistyped(self, named: Named, beside: Iterable[Named]) -> Named:
        """A county whose name has one character wrong.

        It lies in the prefecture of those beside it or, where it is written with 县 or 区,
        anywhere in the province. Names that some place of China has are never taken for another's.
        """
        if named.reason != "not_found":
            return named
        above = {code for n in beside if n.place for code in n.place.parents}
        whole = named.text[-1] in "县市区旗" and len(named.text) > 2
        near = [
            p
            for p in self._counties
            if (whole or above & set(p.parents))
            and any(_one_apart(name, named.text) for name in (p.short_name, p.name))
        ]
        return self._known(named.text, near[0], "normalised") if len(near) == 1 else named

    @lru_cache(maxsize=20_000)  # noqa: B019  one namer a province, kept
    def _resolution(self, text: str, context: str) -> Resolution:
        return self.resolver.resolve(text, self.province, context, self._day)

    def _known(self, text: str, place: Place, reason: str) -> Named:
        parents = place.parents
        if place.kind == "unit":
            parents = (place.id,) if place.level == "county" else ()
        return Named(text, place.id, place.name, place.kind, parents, reason, place)

    def _is_meant(self, place: Place, words: str) -> bool:
        """Tell whether a zone of other provinces is meant: only where one of them is named."""
        registry = self.resolver.registry
        homes = registry.provinces_of(place)
        if place.kind == "unit" or self.province in homes or place.level == "province":
            return True
        return any(registry[code].short_name in words for code in homes)

    def _is_near(self, unit: Place, words: str) -> bool:
        """Tell whether words that mean a unit of another province say so: 海口 alone does not."""
        home = self.province in self.resolver.registry.provinces_of(unit)
        return home or unit.short_name in self.members or words.endswith(unit.name)

    def _begun(self, text: str, context: str) -> tuple[Place | None, str]:
        """The unit a zone's name begins with, and the rest of the name."""
        for length in range(len(text) - 1, 1, -1):
            found = self._resolution(text[:length], context)
            if not found.place and length == 2:  # 滨海高新区 lies in 滨海新区
                found = self._resolution(text[:length] + "新区", context)
            if found.place and found.place.kind in {"unit", "functional_area"}:
                near = self._is_near(found.place, text[:length])
                return (found.place, text[length:]) if near else (None, text)
        return None, text

    def _new_zone(self, text: str, context: str, subject: tuple[str, ...]) -> Named | None:
        """A zone the registry does not know, in the unit its name begins with, or the subject's."""
        if len(text) > LONGEST_NAME:
            return None
        whole = text
        pair = inner_and_outer(text)
        if pair:
            found = self._resolution(pair[0], context)
            outer = self._resolution(pair[1], context)
            if self._zones.zone.fullmatch(pair[0]) and outer.place:
                subject, text = (outer.place.id,), pair[0]
            else:
                subject = (found.place.id,) if found.place else subject
                text = pair[1]
        if not self._zones.is_zone(text):
            return None
        unit, rest = self._begun(text, context)
        if unit is None:
            if len(subject) != 1 or subject[0] not in self.resolver.registry:
                return None
            unit = self.resolver.registry[subject[0]]
            if unit.kind != "unit":
                return None
        slug = _slug(zone_stem(rest) or rest)
        slug = re.sub(r"[^a-z0-9]+", "", slug.lower()) or "zone"
        name = text if unit.short_name in text else unit.short_name + text
        kind = "town" if text.endswith(("镇", "乡", "街道", "小镇")) else "park"
        parents: tuple[str, ...] = (subject[0],) if pair and subject else (unit.id,)
        if unit.kind != "unit":
            parents = unit.parents
        return Named(whole, f"{unit.id}-{slug}", name, kind, parents, "new_zone")


@lru_cache(maxsize=10_000)
def _slug(name: str) -> str:
    """A name in pinyin without tones or blanks."""
    return "".join(lazy_pinyin(name))


def _one_apart(one: str, other: str) -> bool:
    """Tell whether two names of one length differ in one character."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
