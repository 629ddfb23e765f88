"""From a plan's text to the assignment table: the readings, resolved and classified."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from errors import CaituError
from geo.places import Registry
from geo.resolver import Resolver
from plans.documents import read_document
from plans.issues import Issue, reading_issues
from plans.items import Itemiser
from plans.lexicon import load_lexicon
from plans.mentions import PlaceFinder
from plans.naming import Namer
from plans.reader import Reader
from plans.readings import Reading, Tools
from plans.sectors import SectorTree
from plans.tables import Assignment
from plans.zones import load_zone_words

DATE = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日")


class UnclearProvince(CaituError):
    """Nobody said whose plan a text is, and the text does not tell."""

    status = 400
    title = "不知道是哪个省的规划"


class Extractor:
    """Reads plans of any province.

    Parameters
    ----------
    resolver
        Knows the places of all China.
    sectors
        The tree that industries are classified by.
    lexicon
        Folder with the word lists.
    """

    def __init__(self, resolver: Resolver, sectors: SectorTree, lexicon: Path) -> None:
        self._resolver = resolver
        self._sectors = sectors
        self._folder = lexicon
        self._lexicon = load_lexicon(lexicon)
        self._itemiser = Itemiser(self._lexicon, sectors)
        self._zones = load_zone_words(lexicon)
        self._tools_of: dict[tuple[str, date | None], Tools] = {}

    def issues(self, text: str, province: str, day: date | None = None) -> list[Issue]:
        """What `read` saw in a text and made no row of."""
        document = read_document(text)
        tools = self._tools(province, day)
        return reading_issues(document, Reader(tools).read(document), tools)

    def read(self, text: str, province: str, day: date | None = None) -> list[Reading]:
        """List what a text assigns, in the order of the text.

        Parameters
        ----------
        province
            Six-digit code of the plan's own province.
        day
            Date of the units; None takes all.
        """
        return Reader(self._tools(province, day)).read(read_document(text))

    def _tools(self, province: str, day: date | None) -> Tools:
        key = (province, day)
        if key not in self._tools_of:
            namer = Namer(self._resolver, province, day, self._zones)
            stop = self._lexicon.not_in_names
            finder = PlaceFinder(namer, self._zones, self._folder, stop)
            self._tools_of[key] = Tools(finder, namer, self._lexicon, self._itemiser)
        return self._tools_of[key]

    def assignments(
        self, text: str, plan_id: str, province: str, day: date | None = None
    ) -> list[tuple[Assignment, Reading]]:
        """Rows of the assignment table, each with the reading it comes from."""
        readings = self.read(text, province, day)
        return [(self._row(reading, text, plan_id, province), reading) for reading in readings]

    def _row(self, reading: Reading, text: str, plan_id: str, province: str) -> Assignment:
        registry = self._resolver.registry
        place = reading.place
        start, end = reading.sector
        words = re.sub(r"\s+", "", text[start:end])
        sector = self._sectors.classify(words)
        provinces = _provinces(registry, place.place_id, place.parents) or (province,)
        return Assignment(
            plan_id=plan_id,
            place_text=place.text,
            place_id=place.place_id,
            place_name=place.name,
            place_kind=place.kind,
            parent_code="+".join(place.parents),
            parent_name="+".join(registry[code].name for code in place.parents),
            province="+".join(registry[code].name for code in provinces),
            sector_text=words,
            sector_code=sector.code,
            sector_l1=self._sectors[sector.top_code].name_zh,
            action_text=reading.verb,
            action=reading.action,
            chain_stage=reading.stage,
            condition=reading.condition,
            project=reading.project,
            start=start,
            end=end,
            section=reading.section,
        )


def _provinces(registry: Registry, place_id: str, parents: Sequence[str]) -> tuple[str, ...]:
    if place_id in registry:
        return registry.provinces_of(registry[place_id])
    found = (code for parent in parents for code in registry.provinces_of(registry[parent]))
    return tuple(dict.fromkeys(found))


def likely_province(text: str, registry: Registry) -> str:
    """The province a text is about: the one it names most.

    Raises
    ------
    UnclearProvince
        None is named, or two are named as often.
    """
    names = {}
    for place in registry:
        if place.level == "province":
            names[place.name] = names[place.short_name] = place.id
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    counts = Counter(names[m[0]] for m in pattern.finditer(text)).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        raise UnclearProvince(
            "看不出这是哪个省（区、市）的规划。"
            "请用 --province 写明六位代码，例如 --province 500000。"
        )
    return counts[0][0]


def likely_date(text: str) -> date | None:
    """The first date written out in a text, if it is one."""
    for found in DATE.finditer(text):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            continue
    return None
