"""A clause in pieces: places, verb phrases, other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plans.lexicon import VerbPhrase
from plans.mentions import Group
from plans.patterns import (
    ASIDE,
    ASIDE_INITIALS,
    ATTACHED,
    AUXILIARIES,
    CENTRE,
    CLOSING_NOUN,
    FRAME,
    LOCATIVE,
    NOUNS,
    PREPOSITION,
    QUOTED,
    TRANSPARENT,
)
from plans.readings import Tools

NOUN_TAILS = (
    "期间", "过程", "任务", "清单", "方案", "标准", "示范区", "区", "格局", "态势", "空间", "线",
)  # fmt: skip
"""What makes a noun of the verb before it: 发展格局, 生产线."""


@dataclass(slots=True)
class Token:
    """A piece of a clause: ``P`` places, ``V`` verb phrase, ``T`` other words."""

    kind: str
    start: int
    end: int
    group: Group | None = None
    verb: VerbPhrase | None = None


def tokens(tools: Tools, clean: str, start: int, end: int, groups: Sequence[Group]) -> list[Token]:
    """Cut the clause between two positions into places, verb phrases and other words.

    Parameters
    ----------
    groups
        The places of the clause, in order.
    """
    found: list[Token] = []
    position = start
    left, initials = list(groups), tools.lexicon.initials
    while position < end:
        if left and left[0].start == position:
            group = left.pop(0)
            found.append(Token("P", group.start, group.end, group))
            position = group.end
            continue
        limit = left[0].start if left else end
        first = clean[position]
        verb = None
        if first in initials:
            verb = _verb_at(tools, clean, (start, position, limit, end), found)
        if verb:
            found.append(Token("V", verb.start, verb.end, verb=verb))
            position = verb.end
            continue
        quoted = first == "“" and QUOTED.match(clean, position, left[0].start if left else end)
        if quoted:
            found.append(Token("T", position + 1, quoted.end()))
            position = quoted.end()
            continue
        aside = first in ASIDE_INITIALS and ASIDE.match(clean, position, end)
        if aside or first in TRANSPARENT:
            position = aside.end() if aside else position + 1
            continue
        if found and found[-1].kind == "T" and found[-1].end == position:
            found[-1].end = position + 1
        else:
            found.append(Token("T", position, position + 1))
        position += 1
    return found


def _verb_at(
    tools: Tools, clean: str, span: tuple[int, int, int, int], tokens: list[Token]
) -> VerbPhrase | None:
    """The verb phrase at a position, unless the words there are part of a noun."""
    start, position, limit, end = span
    verb = tools.lexicon.verb_phrase(clean, position, limit)
    if verb is None or tools.itemiser.begins_name(clean, position, verb.end):
        return None
    last = tokens[-1] if tokens else None
    before = clean[last.start : position] if last and last.kind == "T" else ""
    boundary = (
        last is None
        or last.kind in "PV"
        or before[-1:] in "、和并及与（）"
        or bool(LOCATIVE.search(before))
        or before.endswith("企业")
        or before in AUXILIARIES
    )
    after = clean[verb.end : end]
    if before.endswith(("前端", "后端")) or (before and ATTACHED.match(clean, position)):
        return None
    if after.startswith(NOUN_TAILS):
        return None
    at_place = verb.end == limit < end
    if verb.lead:
        strong = verb.moods & {"lead", "explore"}
        return verb if boundary and (strong or PREPOSITION.match(after) or at_place) else None
    if boundary:
        return verb
    frame = next((t.end for t in reversed(tokens) if t.verb), start)
    frame = tokens[0].end if frame == start and tokens[0].kind == "P" else frame
    framed = bool(FRAME.match(clean, frame, position)) or before[-1:] == "为"
    if "、" in verb.text:  # …项目建设、谋划…: the first verb closes what is before it
        first = tools.lexicon.verb_phrase(clean, position, position + verb.text.index("、"))
        verb = first if first and first.verbs else verb
        after = clean[verb.end : end]
    ends = CLOSING_NOUN.match(after) or (
        after.startswith("、") and tools.lexicon.any_verb.match(clean, verb.end + 1)
    )
    closing = verb.verbs[-1] in tools.lexicon.after and ends
    noun = verb.verbs[0] in NOUNS or CENTRE.match(clean, position)
    if noun and not framed and not closing:
        return None
    reverse = at_place or after[:1] in {"在", "于", "到", "至"}
    adverbial = bool(verb.moods) and bool(after)
    return verb if framed or closing or reverse or adverbial or verb.text[-1] == "为" else None
