"""What the reader finds: one place × one industry × one action, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plans.items import Itemiser
from plans.lexicon import Lexicon
from plans.mentions import Named, PlaceFinder

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
    lexicon: Lexicon
    itemiser: Itemiser


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
