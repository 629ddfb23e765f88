"""The grammar of a clause: who is its subject, which verb governs which industries, where.

It looks at positions, not at a list of industries: what stands after a verb of 布局 or 发展,
or before one like 退出, and is no abstract noun, is an industry; the places are the
sentence's subject, or where the clause says 在 or 依托.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from plans.constructions import (
    read_centre,
    read_joint,
    read_main,
    read_parallel,
    read_project,
    read_region,
    read_theme,
    read_turn,
    read_zone,
)
from plans.documents import Block
from plans.items import Item
from plans.lexicon import PRIORITY, VerbPhrase
from plans.mentions import LOCALITY, Group
from plans.naming import Named
from plans.objects import governed
from plans.patterns import (
    AWAY,
    BASIS,
    FILLER,
    FOCUS,
    FOUNDING,
    LISTED,
    LISTING,
    LOCATIVE,
    MAIN,
    MOVED,
    NEW_RULE,
    NO_LIST,
    OPENING_BASIS,
    PAST,
    PREPOSITION,
    PROJECT_NAME,
    RESTING,
    THEME,
    TOWARDS,
    TURN,
    WITH,
)
from plans.readings import Reading, Tools
from plans.tokens import Token
from plans.tokens import tokens as cut

SURE, UNSURE = 0.8, 0.5
"""Confidence in words that end with a name of the tree, and in others."""


@dataclass(slots=True)
class State:
    """What a clause inherits from those before it."""

    subject: list[Named] = field(default_factory=list)
    heading: list[Named] = field(default_factory=list)
    topic: list[Named] = field(default_factory=list)
    regions: list[list[Named]] = field(default_factory=list)
    explore: bool = False
    verb: VerbPhrase | None = None
    pending: Token | None = None
    projects: bool = False
    listing: bool = False
    fresh: bool = False
    centred: bool = False
    forming: VerbPhrase | None = None
    industry: Token | None = None
    seen: dict[str, Named] = field(default_factory=dict)


class Clause:
    """One clause, read from left to right."""

    def __init__(
        self, tools: Tools, block: Block, start: int, end: int, groups: list[Group], state: State
    ) -> None:
        self.tools = tools
        self.block = block
        self.clean = block.clean
        self.start, self.end = start, end
        self.state = state
        self.groups = groups
        self.found: list[Reading] = []
        self.verb: VerbPhrase | None = None
        self.pending: Token | None = None
        self.local: list[Named] = []
        self.attribute: list[Named] = []
        self.mark = 0

    def read(self) -> list[Reading]:
        """List what the clause assigns; the state moves on to the next clause."""
        clean, state = self.clean, self.state
        if NEW_RULE.match(clean, self.start, self.end):
            return []
        past = PAST.search(clean, self.start, self.end)
        if past and not OPENING_BASIS.match(clean, self.start, self.end):
            if self.groups and clean[self.start : self.groups[0].start] in {"", "对"}:
                state.subject = self.names_of(self.groups[0])
            return []
        for pattern, reading_of in ((THEME, read_theme), (MAIN, read_main)):
            found = pattern.search(clean, self.start, self.end)
            if found and not any(found.start("core") == g.start for g in self.groups):
                return reading_of(self, found)
        tokens = cut(self.tools, clean, self.start, self.end, self.groups)
        if read_centre(self, tokens):
            return self.found
        tokens = self._after_basis(tokens)
        if self._goes_on(tokens):
            self.verb = state.verb
            state.listing = True
            self.emit(tokens[0], state.subject, "接前一分句的列举")
            return self.found
        state.listing = False
        if read_region(self):
            return self.found
        self._walk(tokens)
        if not self.found and self.pending and self.verb is None and state.subject:
            self._focused(self.pending)
        state.verb = self.verb if self.found else None
        state.pending = self.pending if self.verb is None else None
        if state.projects and self.verb is None:
            read_project(self, tokens)
        if state.projects:
            improved = {"develop", "strengthen"}
            self.found = [
                replace(r, action="build") if r.action in improved else r for r in self.found
            ]
        return self.found

    def _focused(self, words: Token) -> None:
        """甲聚焦X: the only verb is one that otherwise introduces a circumstance."""
        focus = FOCUS.match(self.clean, words.start, words.end)
        if focus:
            self.verb = VerbPhrase(focus.start(), focus.end(), focus[0], "develop")
            self.emit(Token("T", focus.end(), words.end), self.current(), "主语")
            self.pending = None

    def follow(self, start: int) -> list[Reading]:
        """Read the rest of the clause as one of its own."""
        groups = [group for group in self.groups if group.start >= start]
        return Clause(self.tools, self.block, start, self.end, groups, self.state).read()

    def _walk(self, tokens: list[Token]) -> None:
        """Read the tokens from left to right."""
        skipped = 0
        for index, token in enumerate(tokens):
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            skipped = skipped or read_parallel(self, tokens, index)
            if skipped:
                skipped -= 1
            elif token.verb:
                self._on_verb(token.verb, after)
            elif token.group:
                self._on_places(token.group, tokens, index)
            else:
                self._on_words(token, after)

    def _after_basis(self, tokens: list[Token]) -> list[Token]:
        """依托甲、乙…，发展X: the places become the subject, the rest is read on."""
        if not self.groups:
            return tokens
        first, clean = self.groups[0], self.clean
        bare = clean.startswith("以", self.start) and first.start == self.start + 1
        bare = bare and clean[first.end : first.end + 1] in {"为", "等"}
        if not bare and not OPENING_BASIS.match(clean, self.start, self.end):
            return tokens
        last = self.groups[-1].end
        self.state.subject = [name for group in self.groups for name in self.names_of(group)]
        verbs = [t for t in tokens if t.verb and not t.verb.lead and t.start >= last]
        return [t for t in tokens if t.start >= verbs[0].start] if verbs else []

    def _goes_on(self, tokens: list[Token]) -> bool:
        """A clause of nothing but names of industries goes on with the list before it."""
        if self.state.verb is None or len(tokens) != 1 or tokens[0].kind != "T":
            return False
        words = self.clean[self.start : self.end]
        if NO_LIST.match(words):
            return False
        return bool(LISTING.search(words)) or (self.state.listing and len(words) <= LISTED)

    def _on_verb(self, verb: VerbPhrase, after: Token | None) -> None:
        self.verb = self.chained(self.verb, verb)
        filler = after is None or (after.kind == "T" and self._is_filler(after))
        filler = filler or bool(
            verb.action == "relocate_merge" and MOVED.match(self.clean, verb.end)
        )
        closes = after is not None and after.kind == "V" and verb.verbs[-1:] != ()
        filler = filler or (closes and verb.verbs[-1] in self.tools.lexicon.after)
        taken = verb.action == "relocate_merge" and self.verb.text.endswith("承接…转移")
        if filler and not self.pending and (taken or verb.action == "research"):
            self.found[self.mark :] = [
                replace(r, action=verb.action) if r.action in {"develop", "build"} else r
                for r in self.found[self.mark :]
            ]
        if filler and not self.pending and not self.found and self.state.pending:
            self.pending, self.state.pending = self.state.pending, None
        if self.pending and filler:
            self.emit(self.pending, self.attribute or self.current(), "宾语在动词前")
            self.pending = None
        if not self.pending:
            self.attribute = []

    def _on_places(self, group: Group, tokens: list[Token], index: int) -> None:
        role = self._role(tokens, index)
        if role == "ignore":
            return
        names = self.names_of(group)
        if role == "relocated":
            for n in range(self.mark, len(self.found)):
                self.found[n] = replace(self.found[n], place=names[0], reason="落地地点")
        elif role == "subject":
            self.state.subject, self.local = names, []
            self.state.fresh = False
        elif role in {"local", "basis"}:
            self.local = [*self.state.subject, *names] if role == "basis" else names
            self.state.subject = self.state.subject or names
        elif role == "towards":
            self._towards(names, tokens, index)
        elif role == "reversed" and self.pending:
            self.emit(self.pending, names, "宾语在前、地点在后")
            self.pending = None
            if self.groups[0] is group:
                self.state.subject = names
        elif role == "founded":
            read_zone(self, group, names)
        elif role == "attribute":
            self.attribute = names
            if all(name.kind == "unit" for name in names):
                kept = self.state.subject if not self.state.fresh else []
                self.state.subject = kept or names
                self.state.fresh = False

    def _towards(self, names: list[Named], tokens: list[Token], index: int) -> None:
        """X向某地集聚, 甲的X搬迁至乙: what moves is assigned to both ends."""
        self.local = names
        moves = self.verb is not None and self.verb.action == "relocate_merge"
        if moves and not self.pending:
            left = _first_of(self.found[self.mark :])
            self.found += [replace(r, place=n, reason="迁往某地") for n in names for r in left]
        later = next((t.verb for t in tokens[index + 1 :] if t.verb), None)
        if self.pending:
            self.verb = self.chained(self.verb, later) if later else self.verb
            leaves = tokens[0].group and self.verb and self.verb.action == "relocate_merge"
            here = [*self.state.subject, *names] if leaves and index > 1 else names
            self.emit(self.pending, here, "向某地")
            self.pending = None

    def _on_words(self, token: Token, after: Token | None) -> None:
        turn = TURN.match(self.clean, token.start, self.end)
        whole = turn and not any(g.start >= token.start for g in self.groups)
        if turn and whole and self.current() and read_turn(self, turn):
            return
        if self.verb is None or (self.verb.lead and after and after.kind in "VP"):
            self.pending = token
            return
        if self.verb.action == "restrict" and self.pending and not self.has_items(token):
            self.emit(self.pending, self.current(), "宾语在动词前")
            self.pending = None
            return
        if read_joint(self, token):
            return
        reason = "定语地点" if self.attribute else "主语"
        places = self.attribute or self.current()
        if self.attribute and not any(place.place_id for place in self.attribute):
            places = [*self.current(), *self.attribute]  # 建设环杭州湾X集群: and the subject's
        self.emit(token, places, reason)
        self.attribute = []

    def chained(self, before: VerbPhrase | None, verb: VerbPhrase) -> VerbPhrase:
        """A verb with the moods and the overriding action of those before it in the clause."""
        if before is None:
            return verb
        action = verb.action
        if before.action in PRIORITY or not action:
            action = before.action or action
        joint = "" if before.end == verb.start else "…"
        return replace(
            verb,
            text=before.text + joint + verb.text,
            action=action,
            moods=before.moods | verb.moods,
            lead=before.lead and verb.lead,
            respectively=before.respectively or verb.respectively,
        )

    def current(self) -> list[Named]:
        """The places an object belongs to: where the clause says 在, else the subject."""
        return self.local or self.state.subject

    def has_items(self, token: Token) -> bool:
        """Tell whether some words name an industry."""
        if PREPOSITION.match(self.clean, token.start):
            return False
        return bool(self.tools.itemiser.items(self.clean, token.start, token.end))

    def _is_filler(self, token: Token) -> bool:
        return bool(FILLER.fullmatch(self.clean, token.start, token.end))

    def _role(self, tokens: list[Token], index: int) -> str:
        """What a group of places is in its clause."""
        token = tokens[index]
        before = self.clean[self.start : token.start]
        last = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if (before.endswith("由") and after and after.verb) or (
            before == "对" and self.state.fresh
        ):
            return "subject"
        if AWAY.search(before) or (WITH.search(before) and not (last and last.kind == "P")):
            return "ignore"
        landing = last and last.verb and last.verb.text.endswith(("落地", "落户"))
        put = last and last.verb and last.verb.text.endswith("放在")
        if (LOCATIVE.search(before) and not put) or landing:
            sited = self.verb and not self.verb.lead and last and last.start >= self.verb.end
            if self.pending and sited and not self.found:
                return "reversed"
            return "relocated" if self.found and after is None else "local"
        if TOWARDS.search(before):
            return "towards"
        if BASIS.search(before):
            return "basis" if RESTING.search(before) and tokens[0].group else "local"
        if last is None or (last.verb and last.verb.lead):
            later = tokens[index + 2] if index + 2 < len(tokens) else None
            ends = later and later.verb and later.end == self.end
            if last and after and after.kind == "T" and ends and self.has_items(after):
                return "attribute"
            return "subject"
        return self._role_after(last, after, token)

    def _role_after(self, last: Token, after: Token | None, token: Token) -> str:
        """What a group of places is that follows a governing verb or other words."""
        if last.verb:
            if self.pending and (after is None or self.clean[token.end] in "，；。等"):
                return "reversed"
            if after and after.kind == "T":
                return "attribute"
            if after and after.verb:
                return "local"
            if FOUNDING.search(last.verb.text) and self.state.subject:
                return "founded"
            return "ignore" if self.state.subject else "subject"
        if last.kind == "T" and self.verb is None and (after is None or after.verb):
            return "subject"
        if after and after.verb and self.clean[token.start - 1] in "、，和":
            return "local"
        if after and after.kind == "T" and self.clean[token.end] != "的":
            return "attribute"
        return "ignore"

    def names_of(self, group: Group) -> list[Named]:
        """The places of a group, resolved with the subject and the clause as context."""
        state = self.state
        about = state.subject or state.heading
        context = "、".join(n.text for n in (*state.subject, *state.heading))
        units = tuple(dict.fromkeys(n.place_id for n in about if n.kind == "unit"))
        if len(units) != 1:
            units = tuple(n.place_id for n in state.topic if n.kind == "unit")
        if len(units) != 1:
            units = tuple(dict.fromkeys(code for n in about for code in n.parents))
        if len(units) > 1 and len({code[:4] for code in units}) == 1:
            units = (units[0][:4] + "00",)  # counties of one prefecture
        context += self.clean[self.start : self.end]
        namer = self.tools.namer
        names: list[Named] = []
        for mention in group.names:
            whole = namer.resolve(mention.text + mention.suffix, context, units)
            name = whole.name.removesuffix(LOCALITY) if mention.suffix == LOCALITY else whole.name
            names.append(self._remembered(replace(whole, text=mention.text, name=name)))
            units = names[-1].parents[:1] or units
        names = [n if n.place_id else namer.mistyped(n, names) for n in names]
        state.topic = state.topic or names
        return names

    def _remembered(self, named: Named) -> Named:
        """The zone named in full before, where a name is not resolved by itself."""
        stem, seen = self.tools.namer.stem(named.text), self.state.seen
        if named.reason == "new_zone":
            seen.setdefault(stem, named)
        elif not named.place_id and len(stem) > 1:
            full = next((zone for known, zone in seen.items() if known.endswith(stem)), None)
            return replace(full, text=named.text) if full else named
        return named

    # ---- rows ---------------------------------------------------------------------------

    def emit(self, token: Token, places: Sequence[Named], reason: str, about: str = "") -> None:
        """Add a row for every place and every industry in some words.

        ``about`` are the words that tell the action where others end the list.
        """
        verb = self.verb
        if not places or verb is None:
            return
        span = (token.start, token.end)
        read = governed(self.tools, self.clean, span, verb, self.state.explore, about)
        if read is None:
            return
        if read.firms:
            self._emit_topic(places, read.action)
            return
        before = len(self.found)
        pairs = [(place, item) for place in places for item in read.items]
        parts = _parts(self.clean, read.items, len(places)) if verb.respectively else []
        if parts:
            pairs = [(p, i) for p, part in zip(places, parts, strict=True) for i in part]
            reason = "分别：逐一对应"
        for place, item in pairs:
            known = self.tools.itemiser.knows(self.clean[item.start : item.end])
            sure = SURE if known else UNSURE
            self.add(place, item, read.action, read.stage, reason, sure, read.words)
        self.mark = before if len(self.found) > before else self.mark

    def _emit_topic(self, places: Sequence[Named], action: str) -> None:
        """培育3—5家龙头企业, under the heading of an industry: that industry."""
        for place in places:
            for span in self.tools.title_spans(self.block.headings[-1:]):
                row = Reading(
                    place, span, self.verb.text if self.verb else "", action, "", "", "",
                    self.block.section, 0.7, "标题中的产业",
                )  # fmt: skip
                self.found.append(row)

    def add(
        self, place: Named, item: Item, action: str, stage: str, reason: str, confidence: float,
        words: str = "",
    ) -> None:  # fmt: skip
        """Add a row."""
        verb = self.verb
        self.found.append(
            Reading(
                place=place,
                sector=self.block.span(item.start, item.end),
                verb=verb.text if verb else "",
                action=action,
                stage=stage,
                condition=self.tools.lexicon.condition(verb.text) if verb else "",
                project=words if PROJECT_NAME.search(words) else "",
                section=self.block.section,
                confidence=confidence,
                reason=reason,
            )
        )


def _parts(clean: str, items: Sequence[Item], count: int) -> list[list[Item]]:
    """Items dealt out to so many places: one each, or A和B、C where 和 parts them; else none."""
    if len(items) == count:
        return [[item] for item in items]
    parts = [list(items[:1])]
    for before, item in pairwise(items):
        if re.search("[和与及；]", clean[before.end : item.start]):
            parts.append([])
        parts[-1].append(item)
    return parts if len(parts) == count else []


def _first_of(rows: Sequence[Reading]) -> list[Reading]:
    """One row for each industry."""
    return list({row.sector: row for row in reversed(rows)}.values())[::-1]
