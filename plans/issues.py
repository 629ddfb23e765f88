"""What the reader saw and made no row of: the list an editor goes through after a reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plans.documents import Block, Document
from plans.reader import PAST_SECTION, RESPONSIBLE
from plans.readings import Reading, Tools, split
from plans.statements import contradictions

KINDS: Mapping[str, str] = {
    "unresolved_place": "地点没有解析",
    "place_without_sector": "有地点，没有读出产业",
    "sector_without_place": "有产业，没有地点",
    "contradiction": "数字互相矛盾",
}
"""Kinds of issues, with their Chinese labels."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Words to look at again.

    Attributes
    ----------
    kind
        One of `KINDS`.
    start, end
        Half-open offsets in the text.
    """

    kind: str
    words: str
    start: int
    end: int
    section: str


def reading_issues(document: Document, readings: Sequence[Reading], tools: Tools) -> list[Issue]:
    """List, in the order of the text, what was seen and not turned into rows.

    Sections on the past, and responsible bodies, are not looked at.
    """
    found = [
        Issue("unresolved_place", row.place.text, *row.sector, row.section)
        for row in readings
        if not row.place.place_id
    ]
    starts = sorted(row.sector[0] for row in readings)
    for block in document.blocks:
        past = any(PAST_SECTION.search(h.title) for h in block.headings if h.level <= 2)
        if not past and not block.cells and block.clean:
            found += _in_block(block, starts, tools)
    found += _contradictions(document)
    return sorted(found, key=lambda issue: (issue.start, issue.end, issue.kind))


def _contradictions(document: Document) -> Iterator[Issue]:
    """Figures that say otherwise than one before them; the words name both."""
    for first, second in contradictions(document.text):
        values = " / ".join(document.text[s.start : s.end] for s in (first, second))
        words = f"{second.what}（{second.year}年）：{values}"
        section = next(
            (b.section for b in reversed(document.blocks) if b.offset(0) <= second.start), ""
        )
        yield Issue("contradiction", words, second.start, second.end, section)


def _in_block(block: Block, starts: Sequence[int], tools: Tools) -> Iterator[Issue]:
    groups = tools.finder.groups(block.clean, block.body)
    for a, b in split(block.clean, block.body, len(block.clean), "。；！？"):
        stop = RESPONSIBLE.search(block.clean, a, b)
        b = stop.start() if stop else b  # noqa: PLW2901  the sentence ends there
        if a >= b:
            continue
        first, last = block.span(a, b)
        if any(first <= start < last for start in starts):
            continue
        inside = [group for group in groups if a <= group.start < b]
        for group in inside:
            yield _issue("place_without_sector", block, group.start, group.end)
        if not inside:
            yield from _placeless(block, a, b, tools)


def _placeless(block: Block, start: int, end: int, tools: Tools) -> Iterator[Issue]:
    """Industries of the tree that a verb governs in a sentence without a place."""
    for a, b in split(block.clean, start, end, "，："):
        verb = tools.lexicon.verb_phrase(block.clean, a, b)
        for item in tools.itemiser.items(block.clean, verb.end, b) if verb and verb.verbs else ():
            if tools.itemiser.knows(block.clean[item.start : item.end]):
                yield _issue("sector_without_place", block, item.start, item.end)


def _issue(kind: str, block: Block, start: int, end: int) -> Issue:
    return Issue(kind, block.clean[start:end], *block.span(start, end), block.section)
