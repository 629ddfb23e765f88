"""Figures a plan states of one thing and year, and where two of them contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

UNITS = "万亿元|亿元|万元|家|个|项|万吨|%|万人"
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
YEAR = re.compile("(20[0-9]{2})年")
LABEL = re.compile(rf"(?P<what>[^\s：。；]{{2,24}}?)（(?P<unit>{UNITS})）")
"""The name of an indicator in a box, with its unit: 总产值（亿元）."""
VALUE = re.compile(NUMBER)
SAID = re.compile(
    rf"(?P<what>[一-鿿“”、]{{2,16}}?)(?:分别)?(?:达到|达|为|实现|完成|共有|有)?(?P<value>{NUMBER})(?P<unit>{UNITS})(?!以上|左右|级|多|百分点)"
)
"""An indicator in a sentence: 总产值达到3233亿元."""
BOUND = re.compile("(?:超过|突破|不低于|力争|约|近)$")
PREFIX = re.compile(
    r"^(?:到|全[省市区]|规模以上|（下同）|培育|新增|拥有|建成|实现|其中|累计|形成|[^一-鿿])+|（[^）]*）|[“”、]"
)
SUBJECT = 10
"""Characters a sentence needs up to the indicator to say what it is about."""
TOLERANCE = 0.005
"""Share within which two figures are the same, one of them rounded."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An indicator's value in a year.

    Attributes
    ----------
    what
        The indicator's name without what introduces it.
    start, end
        Half-open offsets in the text of the figure.
    """

    what: str
    unit: str
    year: int
    value: float
    start: int
    end: int

    def contradicts(self, other: Statement) -> bool:
        """Tell whether two statements give one thing two values."""
        if (self.unit, self.year) != (other.unit, other.year) or not _same(self.what, other.what):
            return False
        return abs(self.value - other.value) > TOLERANCE * max(abs(self.value), abs(other.value))


def contradictions(text: str) -> list[tuple[Statement, Statement]]:
    """Pairs of statements of a text that contradict each other, in its order."""
    groups: dict[tuple[str, int, str], list[Statement]] = {}
    for statement in (*_said(text), *_listed(text)):
        key = (statement.unit, statement.year, statement.what[:3])
        groups.setdefault(key, []).append(statement)
    found = []
    for group in groups.values():
        first = {(s.what, s.value): s for s in sorted(group, key=lambda s: s.start, reverse=True)}
        distinct = sorted(first.values(), key=lambda s: s.start)
        found += [(a, b) for a, b in combinations(distinct, 2) if a.contradicts(b)]
    return sorted(found, key=lambda pair: (pair[0].start, pair[1].start))


def _said(text: str) -> Iterator[Statement]:
    """Statements in sentences that name one year."""
    for sentence in re.finditer(r"[^。；\n]+", text):
        years = {int(y) for y in YEAR.findall(sentence[0])}
        if len(years) != 1:
            continue
        for said in SAID.finditer(sentence[0]):
            about = YEAR.sub("", sentence[0][: said.end("what")])
            if BOUND.search(said["what"]) or len(about) < SUBJECT:
                continue  # 2020年实现产值: of what, another line says
            start = sentence.start() + said.start("value")
            end = sentence.start() + said.end("unit")
            yield Statement(
                _name(said["what"]), said["unit"], years.copy().pop(), float(said["value"]),
                start, end,
            )  # fmt: skip


def _listed(text: str) -> Iterator[Statement]:
    """Statements in a box: an indicator on a line, below it its values in the years of the box."""
    years: list[int] = []
    label: re.Match[str] | None = None
    column = 0
    for line in re.finditer(r"[^\n]+", text):
        words = line[0].strip()
        if words.startswith(("专栏", "表")):
            years, label = [], None
        elif (year := YEAR.match(words)) and len(words) < len("2025年预期目标值"):
            years.append(int(year[1]))
        elif indicator := LABEL.fullmatch(words):
            label, column = indicator, 0
        elif label and column < len(years) and VALUE.fullmatch(words):
            start = line.start() + line[0].index(words)
            yield Statement(
                _name(label["what"]), label["unit"], years[column], float(words),
                start, start + len(words),
            )  # fmt: skip
            column += 1
        elif label and words:
            label = None


def _name(words: str) -> str:
    return PREFIX.sub("", PREFIX.sub("", words))


def _same(one: str, other: str) -> bool:
    """Tell whether two names mean one indicator: equal, or one with words put in (百亿级…企业)."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return len(short) > 1
    rest = iter(long)
    spread = all(character in rest for character in short)
    return spread and len(short) > 3 and short[:3] == long[:3] and short[-2:] == long[-2:]
