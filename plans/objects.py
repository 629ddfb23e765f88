"""What a verb assigns in its object: which industries, with which action and stage."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.items import Item
from plans.lexicon import PRIORITY, VerbPhrase
from plans.patterns import (
    CENTRE,
    EXPLORED,
    FIRMS,
    INDUSTRIAL,
    MOVED,
    NAMED_FIRMS,
    NO_OBJECT,
    OPENING,
    PROJECT,
    SITE,
    SITING,
    STAGES,
    TECHNIQUE,
    TRAILING,
    WORKS,
)
from plans.readings import Tools


@dataclass(frozen=True, slots=True)
class Governed:
    """Industries under a verb.

    Attributes
    ----------
    words
        The object.
    firms
        Whether it names no industry, but enterprises or a base: those of the heading's.
    """

    words: str
    items: tuple[Item, ...]
    action: str
    stage: str = ""
    firms: bool = False


def governed(
    tools: Tools, clean: str, span: tuple[int, int], verb: VerbPhrase, explored: bool, about: str
) -> Governed | None:
    """Read an object; None where the words are none.

    Parameters
    ----------
    explored
        Whether the mood of 探索 carries over from the clause before.
    about
        The words that tell the action where others end the list; else empty.
    """
    start, end = span
    if NO_OBJECT.match(clean, start, end):
        return None
    if verb.action == "relocate_merge" and MOVED.match(clean, start, end):
        return None
    tail = TRAILING.search(clean[start:end])
    end = start + tail.start() if tail else end
    opening = OPENING.match(clean, start, end)
    start = opening.end() if opening else start
    if start >= end:
        return None
    words = clean[start:end]
    action, stage = _action(tools, verb, about or words, explored), _stage(words)
    if stage == "research" and action == "develop":
        action = "research"
    items = tools.itemiser.items(clean, start, end)
    if NAMED_FIRMS.search(words):
        items = [item for item in items if tools.itemiser.knows(clean[item.start : item.end])]
    technique = TECHNIQUE.search(clean[start:end])
    if not items and action == "research" and technique and technique.start():
        items = tools.itemiser.items(clean, start, start + technique.start())
    if not items and FIRMS.search(words):
        return Governed(words, (), action, firms=True)
    if not items:
        centre = CENTRE.search(clean, start, end)
        works = WORKS.search(clean, start, end)
        if centre and centre.start() > start:
            items = tools.itemiser.items(clean, start, centre.start())
            action = stage = "research"
        elif works and not centre:
            items = tools.itemiser.items(clean, start, works.end("works"))
    if action == "cooperate":
        items = _shared(tools, clean, items, verb, words)
    return Governed(words, tuple(items), action, stage) if action else None


def _shared(
    tools: Tools, clean: str, items: list[Item], verb: VerbPhrase, words: str
) -> list[Item]:
    """The industries a cooperation is about: not orders, exchanges, services."""
    about = re.search("开展|加强|推进", verb.text) or re.search(
        r"(?:领域|产业|开发|制造)的?$", words
    )
    if about and not re.search("订单|交流|服务|对接", words):
        return items
    return [item for item in items if tools.itemiser.knows(clean[item.start : item.end])]


def _action(tools: Tools, verb: VerbPhrase, words: str, explored: bool) -> str:
    """The action of a verb on an object; empty where a leading verb alone says too little."""
    if verb.lead and verb.action == "explore":
        known = tools.itemiser.knows(words) or bool(EXPLORED.search(words))
        return "explore" if known or "谋划" in verb.text else ""
    if verb.lead:
        if PROJECT.search(words):
            return "build"
        industrial = INDUSTRIAL.search(words) or tools.itemiser.knows(words)
        return "develop" if industrial else ""
    if verb.text.endswith("承接") and re.search("转移|外迁|外溢", words):
        return "relocate_merge"
    if explored and verb.action not in PRIORITY:
        return "explore"
    if verb.action == "develop" and SITE.search(words) and SITING.search(verb.text):
        return "build"
    if verb.action == "build" and re.search("研发|攻关", verb.text):
        return "research"
    if re.search("(?:研发|中试)(?:基地|平台)[”]?$", words):
        return "research"
    if "整合" in verb.text and re.search("产业链|资源", words):
        return "develop"
    return verb.action or "develop"


def _stage(words: str) -> str:
    return next((stage for word, stage in STAGES if word in words[:12]), "")
