"""What the reader finds: one place × one industry × one action, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plans.documents import Heading
from plans.items import Item, Itemiser
from plans.lexicon import Lexicon
from plans.mentions import PlaceFinder
from plans.naming import Named, Namer

NUMBER = re.compile(
    r"[—－-]+|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.．、]?|(?:专栏|表)\d+(?:-\d+)?"
)
"""What numbers a heading."""
TITLE_TAIL = re.compile(r"(?:重点板块|重点|方向|布局|发展|产业)+$")
OPENING, CLOSING = "（“《", "）”》"


@dataclass(frozen=True, slots=True)
class Reading:
    """One place × one industry × one action, as read.

    Attributes
    ----------
    sector
        Half-open offsets in the text of the industry's words.
    verb
        The governing words.
    reason
        Which construction gave it, for the editor who checks it.
    """

    place: Named
    sector: tuple[int, int]
    verb: str
    action: str
    stage: str
    condition: str
    project: str
    section: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Tools:
    """What the grammar works with: it finds places, knows words, splits lists."""

    finder: PlaceFinder
    namer: Namer
    lexicon: Lexicon
    itemiser: Itemiser

    def title_spans(self, headings: Sequence[Heading]) -> list[tuple[int, int]]:
        """Where the nearest heading that names industries names them, in the text."""
        return next((spans for h in reversed(headings) if (spans := self._spans(h))), [])

    def _spans(self, heading: Heading) -> list[tuple[int, int]]:
        title = heading.title
        if heading.end - heading.start != len(title):
            return []  # blanks inside: no telling which character is which
        number = NUMBER.match(title)
        begin = number.end() if number else 0
        verb = self.lexicon.verb_phrase(title, begin, len(title))
        begin = verb.end if verb else begin
        tail = TITLE_TAIL.search(title, begin)
        items: list[Item] = []
        for stop in (tail.start() if tail else len(title), len(title)):
            items = items or self.itemiser.items(title, begin, stop)
        return [(heading.start + i.start, heading.start + i.end) for i in items]


def split(clean: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """Ranges between marks that stand outside brackets and quotation marks."""
    depth, begin = 0, start
    for index in range(start, end):
        character = clean[index]
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and character in marks:
            if index > begin:
                yield begin, index
            begin = index + 1
    if end > begin:
        yield begin, end
