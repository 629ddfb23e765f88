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

from geo.names import normalised, zone_stem
from plans.centres import centred
from plans.documents import Block
from plans.items import Item
from plans.lexicon import PRIORITY, VerbPhrase
from plans.mentions import LOCALITY, Group, Named
from plans.objects import governed
from plans.patterns import (
    AWAY,
    BASIS,
    BRACKETS,
    FILLER,
    FORMING,
    FOUNDING,
    HEADING_NUMBER,
    INDUSTRIAL,
    LISTED,
    LISTING,
    LOCATIVE,
    MAIN,
    MOVED,
    NO_LIST,
    OPENING_BASIS,
    PAST,
    PREPOSITION,
    PROJECT,
    PROJECT_NAME,
    REGION,
    THEME,
    TOWARDS,
    TURN,
    WITH,
)
from plans.readings import Reading, Tools
from plans.tokens import Token
from plans.tokens import tokens as cut


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
        past = PAST.search(clean, self.start, self.end)
        if past and not OPENING_BASIS.match(clean, self.start, self.end):
            if self.groups and clean[self.start : self.groups[0].start] in {"", "对"}:
                state.subject = self._names(self.groups[0])
            return []
        for pattern, reading_of in ((THEME, self._theme), (MAIN, self._main)):
            found = pattern.search(clean, self.start, self.end)
            if found and not any(found.start("core") == g.start for g in self.groups):
                return reading_of(found)
        tokens = cut(self.tools, clean, self.start, self.end, self.groups)
        if self._is_centred(tokens):
            return self.found
        tokens = self._after_basis(tokens)
        if self._goes_on(tokens):
            self.verb = state.verb
            state.listing = True
            self._emit(tokens[0], state.subject, "接前一分句的列举")
            return self.found
        state.listing = False
        if self._is_region():
            return self.found
        self._walk(tokens)
        state.verb = self.verb if self.found else None
        state.pending = self.pending if self.verb is None else None
        if state.projects and self.verb is None:
            self._project(tokens)
        if state.projects:
            improved = {"develop", "strengthen"}
            self.found = [
                replace(r, action="build") if r.action in improved else r for r in self.found
            ]
        return self.found

    def _walk(self, tokens: list[Token]) -> None:
        """Read the tokens from left to right."""
        skipped = 0
        for index, token in enumerate(tokens):
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            skipped = skipped or self._parallel(tokens, index)
            if skipped:
                skipped -= 1
            elif token.verb:
                self._on_verb(token.verb, after)
            elif token.group:
                self._on_places(token.group, tokens, index)
            else:
                self._on_words(token, after)

    def _turn(self, turn: re.Match[str]) -> bool:
        """推动X由A向B转变: B, or X where B is no industry."""
        for part in ("new", "old"):
            words = Token("T", turn.start(part), turn.end(part))
            if self._has_items(words):
                action = "develop" if turn["verb"] in {"延伸", "拓展", "发展"} else "strengthen"
                verb = VerbPhrase(turn.start("verb"), turn.end(), turn["verb"], action)
                self.verb = self._chained(self.verb, verb)
                self._emit(words, self._current(), "由某业向某业")
                return True
        return False

    def _is_region(self) -> bool:
        """北翼由甲、乙、丙三市组成: the members, and the region itself, become the subject."""
        made = REGION.match(self.clean, self.start, self.end)
        if not made or len(self.groups) != 1 or self.groups[0].start != made.end():
            return False
        members = self._names(self.groups[0])
        named = Token("T", made.start("name"), made.end("name"))
        if (
            made["name"]
            and self._has_items(named)
            and (INDUSTRIAL.search(made["name"]) or self.tools.itemiser.knows(made["name"]))
        ):
            action = "research" if "研发" in made["name"] else "develop"
            self.verb = VerbPhrase(made.end("name"), made.end(), "以…为主", action)
            self._emit(named, members, "以某地为主")
            return True
        parents = tuple(dict.fromkeys(code for m in members for code in m.parents or (m.place_id,)))
        title = self.block.headings[-1].title if self.block.headings else ""
        whole = re.search("组成|构成", self.clean[self.start : self.end])
        name = made["name"] or (HEADING_NUMBER.sub("", title) if whole else "")
        if not name:
            return False
        region = self.tools.finder.region(name, parents)
        self.state.subject = [region, *members]
        self.state.regions.append(self.state.subject)
        return True

    def _is_centred(self, tokens: list[Token]) -> bool:
        """X以甲为核心，乙、丙为支撑: X, or what the next clauses say, for all of them.

        In the middle of a clause (打造以甲为核心的X产业带) the places are those of the object,
        and the tokens of the construction are taken out.
        """
        state, clean = self.state, self.clean
        begin, words, places = self.start, None, []
        for token in tokens:
            if token.group and clean[token.start - 1] == "以" and token.start > self.start:
                begin = token.start - 1
        if begin > self.start:
            words = next((t for t in tokens if t.start < begin and t.kind == "T"), None)
            name = clean[words.start : begin] if words else ""
            if tokens[0] is words and not (
                INDUSTRIAL.search(FORMING.sub("", name)) or self.tools.itemiser.knows(name)
            ):
                return False
        groups, end = centred(clean, self.groups, begin, self.end)
        if not groups or (begin == self.start != groups[0].start - 1 and not state.centred):
            state.centred = False
            return False
        places = [name for group in groups for name in self._names(group)]
        if begin > self.start and end < self.end:
            tokens[:] = [t for t in tokens if t.end <= begin or t.start >= end]
            for token in tokens:
                if token.kind == "T" and token.start < end:
                    token.start = end
            self.local = places
            return False
        if words:
            verb = FORMING.search(clean, words.start, begin)
            words = Token("T", words.start, verb.start() if verb else min(words.end, begin))
        state.subject = [*state.subject, *places] if state.centred else places
        state.centred = True
        forming = next((t.verb for t in tokens if t.verb and t.end <= begin), None)
        state.forming = forming or state.forming
        state.industry = words if words and self._has_items(words) else state.industry
        if state.industry and end >= self.end:
            self.verb = VerbPhrase(begin, end, "以…为主", "develop")
            self._emit(state.industry, places, "以某地为主")
        if clean[end : end + 1] == "的":
            self.verb = state.forming or VerbPhrase(begin, end, "以…为主", "develop")
            self._emit(Token("T", end, self.end), state.subject, "以某地为主")
        elif end < self.end:
            rest = [g for g in self.groups if g.start >= end]
            self.found += Clause(self.tools, self.block, end, self.end, rest, state).read()
        return True

    def _parallel(self, tokens: list[Token], index: int) -> int:
        """甲X、乙Y和丙Z等基地: each place with its own industry; the number of tokens read."""
        before = tokens[index - 1] if index else None
        if before and before.kind != "V":
            return 0
        stop = index
        while stop + 1 < len(tokens) and tokens[stop].group and tokens[stop + 1].kind == "T":
            stop += 2
            if self.clean[tokens[stop - 1].end - 1] not in "、和及与":
                break
        later = next((t.verb for t in tokens[stop:] if t.verb), None)
        governed = self.verb is not None and not self.verb.lead
        if stop - index < 4 or (stop < len(tokens) and not tokens[stop].verb):
            return 0
        if not governed and later is None and not (before and before.verb):
            return 0
        kept, last = self.verb, tokens[stop - 1]
        if not governed and later:
            self.verb = self._chained(self.verb, later)
        for place, words in zip(tokens[index:stop:2], tokens[index + 1 : stop : 2], strict=True):
            joint = self.clean[words.end - 1] in "、和及与" and words is not last
            object_ = Token("T", words.start, words.end - joint)
            names = self._names(place.group) if place.group else []
            self._emit(object_, names, "并列的地点与门类", self.clean[last.start : last.end])
            self.state.subject = self.state.subject or names
        self.verb = kept
        return stop - index

    def _project(self, tokens: list[Token]) -> None:
        """An entry of a list of projects: 甲市某企业X项目."""
        self.verb = VerbPhrase(self.start, self.start, "", "build")
        for token in tokens:
            if token.group:
                names = self._names(token.group)
                alone = token is tokens[-1]
                self.state.subject = [
                    self.tools.finder.unit_of(name) if alone else name for name in names
                ]
        last = tokens[-1] if tokens else None
        bracket = BRACKETS.search(self.clean, self.start, self.end)
        if last and bracket and bracket.end() == self.end:
            last = next((t for t in tokens if t.kind == "T" and t.start < bracket.start()), last)
        if last and last.group:
            inside = self.tools.itemiser.known_within(self.clean, last.start, last.end)
            for place in self.state.subject:
                if inside:
                    self._add(place, inside, "build", "", "项目清单", 0.7)
        elif last and PROJECT.search(BRACKETS.sub("", self.clean[last.start : last.end])):
            self._emit(last, self.state.subject, "项目清单")

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
        self.state.subject = [name for group in self.groups for name in self._names(group)]
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
        self.verb = self._chained(self.verb, verb)
        filler = after is None or (after.kind == "T" and self._is_filler(after))
        filler = filler or bool(
            verb.action == "relocate_merge" and MOVED.match(self.clean, verb.end)
        )
        taken = verb.action == "relocate_merge" and self.verb.text.endswith("承接…转移")
        if filler and not self.pending and (taken or verb.action == "research"):
            self.found[self.mark :] = [
                replace(r, action=verb.action) if r.action in {"develop", "build"} else r
                for r in self.found[self.mark :]
            ]
        if filler and not self.pending and not self.found and self.state.pending:
            self.pending, self.state.pending = self.state.pending, None
        if self.pending and filler:
            self._emit(self.pending, self.attribute or self._current(), "宾语在动词前")
            self.pending = None
        if not self.pending:
            self.attribute = []

    def _on_places(self, group: Group, tokens: list[Token], index: int) -> None:
        role = self._role(tokens, index)
        if role == "ignore":
            return
        names = self._names(group)
        if role == "relocated":
            for n in range(self.mark, len(self.found)):
                self.found[n] = replace(self.found[n], place=names[0], reason="落地地点")
        elif role == "subject":
            self.state.subject, self.local = names, []
            self.state.fresh = False
        elif role == "local":
            self.local = names
            self.state.subject = self.state.subject or names
        elif role == "towards":
            self.local = names
            later = next((t.verb for t in tokens[index + 1 :] if t.verb), None)
            if self.pending:
                self.verb = self._chained(self.verb, later) if later else self.verb
                leaves = tokens[0].group and self.verb and self.verb.action == "relocate_merge"
                here = self.state.subject if leaves and index > 1 else names
                self._emit(self.pending, here, "向某地")
                self.pending = None
        elif role == "reversed" and self.pending:
            self._emit(self.pending, names, "宾语在前、地点在后")
            self.pending = None
        elif role == "founded":
            self._found_zone(group, names)
        elif role == "attribute":
            self.attribute = names
            if all(name.kind == "unit" for name in names):
                kept = self.state.subject if not self.state.fresh else []
                self.state.subject = kept or names
                self.state.fresh = False

    def _on_words(self, token: Token, after: Token | None) -> None:
        turn = TURN.match(self.clean, token.start, self.end)
        whole = turn and not any(g.start >= token.start for g in self.groups)
        if turn and whole and self._current() and self._turn(turn):
            return
        if self.verb is None or (self.verb.lead and after and after.kind in "VP"):
            self.pending = token
            return
        if self.verb.action == "restrict" and self.pending and not self._has_items(token):
            self._emit(self.pending, self._current(), "宾语在动词前")
            self.pending = None
            return
        reason = "定语地点" if self.attribute else "主语"
        places = self.attribute or self._current()
        if self.attribute and not any(place.place_id for place in self.attribute):
            places = [*self._current(), *self.attribute]  # 建设环杭州湾X集群: and the subject's
        self._emit(token, places, reason)
        self.attribute = []

    def _main(self, main: re.Match[str]) -> list[Reading]:
        """以X、Y为主攻方向: X and Y, whatever follows."""
        before = [g for g in self.groups if g.end <= main.start()]
        if before:
            self.state.subject = self._names(before[-1])
        words = f"以…为{main['role']}"
        self.verb = VerbPhrase(main.start(), main.end(), words, "develop")
        core = Token("T", main.start("core"), main.end("core"))
        if self.clean.endswith("分别", self.start, main.start()):
            self.verb = replace(self.verb, respectively=True)
        if main["role"] == "龙头" and "项目" in main["core"]:
            self.verb = replace(self.verb, action="build")
        self._emit(core, self.state.subject, "以…为主攻方向")
        if main.end() < self.end:
            rest = [g for g in self.groups if g.start >= main.end()]
            follow = Clause(self.tools, self.block, main.end(), self.end, rest, self.state)
            self.found += follow.read()
        return self.found

    def _theme(self, theme: re.Match[str]) -> list[Reading]:
        """围绕X、Y等领域…开展协作: X and Y."""
        before = [g for g in self.groups if g.end <= theme.start()]
        if before:
            self.state.subject = self._names(before[-1])
        words = f"围绕…{theme['verb']}"
        self.verb = VerbPhrase(theme.start(), theme.end(), words, "develop")
        core = Token("T", theme.start("core"), theme.end("core"))
        self._emit(core, self.state.subject, "围绕…开展")
        return self.found

    def _found_zone(self, group: Group, names: list[Named]) -> None:
        """甲与乙打造…新材料产业合作园区: the industry stands in the zone's own name."""
        inside = self.tools.itemiser.known_within(self.clean, group.start, group.end)
        founders = self.state.subject if self.groups[0] is not group else []
        for place in (*founders, *names):
            self._add(place, inside, "build", "", "园区名称中的产业", 0.7) if inside else None

    def _chained(self, before: VerbPhrase | None, verb: VerbPhrase) -> VerbPhrase:
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

    def _current(self) -> list[Named]:
        return self.local or self.state.subject

    def _has_items(self, token: Token) -> bool:
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
        if LOCATIVE.search(before) or landing:
            sited = self.verb and not self.verb.lead and last and last.start >= self.verb.end
            if self.pending and sited and not self.found:
                return "reversed"
            return "relocated" if self.found and after is None else "local"
        if TOWARDS.search(before):
            return "towards"
        if BASIS.search(before):
            return "local"
        if last is None or (last.verb and last.verb.lead):
            later = tokens[index + 2] if index + 2 < len(tokens) else None
            ends = later and later.verb and later.end == self.end
            if last and after and after.kind == "T" and ends and self._has_items(after):
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

    def _names(self, group: Group) -> list[Named]:
        """The places of a group, resolved with the subject and the clause as context."""
        state = self.state
        about = state.subject or state.heading
        context = "、".join(n.text for n in (*state.subject, *state.heading))
        units = tuple(dict.fromkeys(n.place_id for n in about if n.kind == "unit"))
        if len(units) != 1:
            units = tuple(n.place_id for n in state.topic if n.kind == "unit")
        if len(units) != 1:
            units = tuple(dict.fromkeys(code for n in about for code in n.parents))
        context += self.clean[self.start : self.end]
        finder = self.tools.finder
        names: list[Named] = []
        for mention in group.names:
            whole = finder.resolve(mention.text + mention.suffix, context, units)
            name = whole.name.removesuffix(LOCALITY) if mention.suffix == LOCALITY else whole.name
            names.append(self._remembered(replace(whole, text=mention.text, name=name)))
            units = names[-1].parents[:1] or units
        names = [n if n.place_id else finder.mistyped(n, names) for n in names]
        state.topic = state.topic or names
        return names

    def _remembered(self, named: Named) -> Named:
        """The zone named in full before, where a name is not resolved by itself."""
        stem, seen = zone_stem(normalised(named.text)), self.state.seen
        if named.reason == "new_zone":
            seen.setdefault(stem, named)
        elif not named.place_id and len(stem) > 1:
            full = next((zone for known, zone in seen.items() if known.endswith(stem)), None)
            return replace(full, text=named.text) if full else named
        return named

    # ---- rows ---------------------------------------------------------------------------

    def _emit(self, token: Token, places: Sequence[Named], reason: str, about: str = "") -> None:
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
            self._add(place, item, read.action, read.stage, reason, 0.8, read.words)
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

    def _add(
        self, place: Named, item: Item, action: str, stage: str, reason: str, confidence: float,
        words: str = "",
    ) -> None:  # fmt: skip
        verb = self.verb
        self.found.append(
            Reading(
                place=place,
                sector=self.block.span(item.start, item.end),
                verb=verb.text if verb else "",
                action=action,
                stage=stage,
                condition="",
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
