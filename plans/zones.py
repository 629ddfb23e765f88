"""How zones, parks and towns call themselves, by the word lists and by pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from geo.names import zone_stem
from geo.tables import read_column

INNER = r"[0-9A-Za-z㐀-鿿·“”]"
"""A character of a zone's own name."""
INNER_LIMIT = 8
"""Characters between a unit's name and what a zone calls itself."""
TOWN = re.compile(r"([㐀-鿿]{2,3}?)(?<![城乡集小])(?:镇(?!区|化|域)|街道|(?<!城)乡(?!镇|村|土))")
SHORT_ZONE = re.compile(r"([㐀-鿿]{2,4}?)((?<![公校家花田果茶乐陵庄])园)(?![区林艺丁地])")
"""A zone after its unit's name that only calls itself 园: 三元区黄砂园."""
PLAIN_ZONE = re.compile(
    "(?:经开区|高新区|经济技术开发区|高新技术产业开发区|航空港区|综保区|综合保税区|化工园区|经济开发区)$"
)
COUNTED_ZONES = re.compile(
    r"[两二三四五六七八九十]个(?P<own>[㐀-鿿]{0,4}?)(?P<zone>化工园区|经开区|高新区|经济开发区|工业园区|产业园区|园区)"
)
BARE_ZONE = re.compile(PLAIN_ZONE.pattern.rstrip("$"))


@dataclass(frozen=True)
class ZoneWords:
    """Patterns of zone names.

    Attributes
    ----------
    zone
        A name after its unit's: group 1 its own name, group 2 what it calls itself.
    bare
        A name without its unit's, of two characters or more.
    generic
        Words that are no name of their own (化工园区, 各类园区).
    """

    zone: re.Pattern[str]
    bare: re.Pattern[str]
    generic: re.Pattern[str]

    def stem(self, text: str) -> str:
        """A zone's own name without what it calls itself; the text where it is no zone's."""
        hit = self.bare.fullmatch(text)
        return hit[1] if hit else zone_stem(text)

    def is_zone(self, text: str) -> bool:
        """Tell whether a text calls itself a zone, a park or a town."""
        called = self.zone.fullmatch(text) or SHORT_ZONE.search(text) or TOWN.search(text)
        return bool(called) or zone_stem(text) != text


def load_zone_words(folder: Path) -> ZoneWords:
    """Read zones.csv and generic_zones.csv of the lexicon."""
    suffixes = sorted(read_column(folder / "zones.csv", "suffix"), key=len, reverse=True)
    tail = f"(?:{'|'.join(map(re.escape, suffixes))})(?!动)"  # 产业带动就业
    generic = "|".join(map(re.escape, read_column(folder / "generic_zones.csv", "word")))
    return ZoneWords(
        re.compile(rf"((?:{INNER}){{0,{INNER_LIMIT}}}?)({tail})"),
        re.compile(rf"((?:{INNER}){{2,{INNER_LIMIT}}}?)({tail})"),
        re.compile(f"(?:{generic})+"),
    )
