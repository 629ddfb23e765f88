"""The words the grammar rests on, read from `data/lexicon/`: editors extend them there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from errors import DataError
from geo.tables import read_table
from plans.mentions import trie_pattern
from plans.tables import ACTIONS

MOODS = {"explore", "condition", "lead", "plain"}
PRIORITY = ("explore", "phase_out", "relocate_merge", "restrict")
"""Actions that win over those of the other verbs in a clause, in this order."""


@dataclass(frozen=True, slots=True)
class VerbPhrase:
    """Verbs in a row with the adverbs before them.

    Attributes
    ----------
    start, end
        Half-open range in the clean text.
    action
        What the verbs come to; empty where there is none.
    lead
        Whether it is only a leading word (推动, 支持), which governs the verb that follows.
    moods
        Kinds of the adverbs.
    verbs
        The verbs alone.
    respectively
        分别: places and industries go pairwise.
    """

    start: int
    end: int
    text: str
    action: str
    lead: bool = False
    moods: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ()
    respectively: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Words by what they do in a sentence.

    Attributes
    ----------
    verbs
        Verb → action.
    after
        Verbs that may follow the industry they govern (…项目建设, …全部退出).
    adverbs
        Word → ``explore`` (a mood), ``condition``, ``lead`` (推动, 支持: a verb where no other
        follows) or ``plain``.
    prepositions
        Words that begin a phrase of place or circumstance, or cannot be part of a name.
    abstract
        Words that are no industry by themselves: 产业, 项目, 平台.
    abstract_heads
        Those of them that make no industry of any words they end: 体系, 能力, 平台.
    tails, fronts
        What is taken off the end and the beginning of an industry's words.
    """

    verbs: dict[str, str]
    after: frozenset[str]
    adverbs: dict[str, str]
    prepositions: frozenset[str]
    abstract: frozenset[str]
    abstract_heads: tuple[str, ...]
    tails: tuple[str, ...]
    fronts: tuple[str, ...]

    @cached_property
    def phrase(self) -> re.Pattern[str]:
        """A verb phrase: adverbs, then one or more verbs, or a lone leading adverb."""
        verb, adverb = trie_pattern(self.verbs), trie_pattern(self.adverbs)
        return re.compile(
            rf"(?P<mood>(?:{adverb}|并|、(?={adverb}))*)"
            rf"(?P<verbs>{verb}(?:(?:、|和|并|{adverb})*{verb})*)?"
        )

    def verb_phrase(self, clean: str, start: int, end: int) -> VerbPhrase | None:
        """The verb phrase that begins right at ``start``, or None."""
        hit = self.phrase.match(clean, start, end)
        if not hit or hit.end() == start:
            return None
        verbs = tuple(m[0] for m in self.any_verb.finditer(hit["verbs"] or ""))
        adverbs = {m[0] for m in self.any_adverb.finditer(hit[0])}
        moods = frozenset(self.adverbs[word] for word in adverbs)
        actions = [self.verbs[verb] for verb in verbs]
        action = next((a for a in PRIORITY if a in actions), actions[0] if actions else "")
        if action == "cooperate":
            action = next((a for a in actions if a != "cooperate"), action)
        if "共建" in verbs or (action == "develop" and actions[-1] == "build"):
            action = "build"
        if "explore" in moods:
            action = "explore"
        return VerbPhrase(
            start, hit.end(), hit[0], action, not verbs, moods, verbs, "分别" in hit[0]
        )

    def condition(self, words: str) -> str:
        """The adverbs of condition in a verb phrase: 有序合规."""
        found = (m[0] for m in self.any_adverb.finditer(words))
        return "".join(word for word in found if self.adverbs[word] == "condition")

    @cached_property
    def any_verb(self) -> re.Pattern[str]:
        """Any single verb."""
        return re.compile(trie_pattern(self.verbs))

    @cached_property
    def initials(self) -> frozenset[str]:
        """The characters a verb phrase can begin with."""
        return frozenset(word[0] for word in (*self.verbs, *self.adverbs)) | {"并", "、"}

    @cached_property
    def not_in_names(self) -> re.Pattern[str]:
        """Words that cannot stand inside a zone's own name."""
        leads = {word for word, kind in self.adverbs.items() if kind in {"lead", "explore"}}
        return re.compile(trie_pattern({*self.verbs, *leads, *self.prepositions}))

    @cached_property
    def any_adverb(self) -> re.Pattern[str]:
        """Any single adverb or mood."""
        return re.compile(trie_pattern(self.adverbs))

    @cached_property
    def tail(self) -> re.Pattern[str]:
        """One tail at the end of an item."""
        return re.compile(f"(?:{_longest_first(self.tails)})$")

    @cached_property
    def front(self) -> re.Pattern[str]:
        """Fronts at the beginning of an item."""
        return re.compile(f"(?:{_longest_first(self.fronts)}|[0-9]+(?:个|条|亿级|万级|亿元级))+")


def load_lexicon(folder: Path) -> Lexicon:
    """Read the word lists.

    Raises
    ------
    DataError
        A list is missing or names an action or mood that does not exist.
    """
    verbs, after = {}, set()
    for row in read_table(folder / "verbs.csv", ("word", "action", "after")):
        if row["action"] not in ACTIONS:
            raise DataError(f"verbs.csv：“{row['word']}”的动作 {row['action']} 无效")
        verbs[row["word"]] = row["action"]
        if row["after"]:
            after.add(row["word"])
    adverbs = {r["word"]: r["kind"] for r in read_table(folder / "adverbs.csv", ("word", "kind"))}
    wrong = set(adverbs.values()) - MOODS
    if wrong:
        raise DataError(f"adverbs.csv：类别 {'、'.join(sorted(wrong))} 无效")
    abstract = read_table(folder / "abstract_heads.csv", ("head", "whole"))
    return Lexicon(
        verbs=verbs,
        after=frozenset(after),
        adverbs=adverbs,
        prepositions=frozenset(_words(folder / "prepositions.csv", "word")),
        abstract=frozenset(row["head"] for row in abstract),
        abstract_heads=tuple(row["head"] for row in abstract if not row["whole"]),
        tails=tuple(_words(folder / "tails.csv", "tail")),
        fronts=tuple(_words(folder / "fronts.csv", "front")),
    )


def _words(path: Path, column: str) -> list[str]:
    return [row[column] for row in read_table(path, (column,))]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
