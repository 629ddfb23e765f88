"""Constructions that tell where an industry goes without a plain subject, verb and object."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from plans.centres import PART, centred
from plans.lexicon import VerbPhrase
from plans.mentions import Group
from plans.naming import Named
from plans.patterns import (
    BRACKETS,
    FORMING,
    FOUNDING,
    HEADING_NUMBER,
    INDUSTRIAL,
    JOINT_ZONE,
    PROJECT,
    PROVINCE_SIGNS,
    REGION,
    STAGE_WORD,
)
from plans.readings import Reading
from plans.tokens import Token

if TYPE_CHECKING:
    from plans.grammar import Clause


def read_turn(clause: Clause, turn: re.Match[str]) -> bool:
    """推动X由A向B转变: B, or X where B is no industry."""
    for part in ("new", "old"):
        words = Token("T", turn.start(part), turn.end(part))
        known = part == "new" or clause.tools.itemiser.knows(clause.clean[words.start : words.end])
        if known and clause.has_items(words):
            raised = part == "old" or turn["verb"] in {"升级", "提升", "攀升", "迈进"}
            action = "strengthen" if raised else "develop"
            verb = VerbPhrase(turn.start("verb"), turn.end(), turn["verb"], action)
            clause.verb = clause.chained(clause.verb, verb)
            clause.emit(words, clause.current(), "由某业向某业")
            return True
    return False


def read_region(clause: Clause) -> bool:
    """北翼由甲、乙、丙三市组成: the members, and the region itself, become the subject."""
    made = REGION.match(clause.clean, clause.start, clause.end)
    if not made or len(clause.groups) != 1 or clause.groups[0].start != made.end():
        return False
    members = clause.names_of(clause.groups[0])
    named = Token("T", made.start("name"), made.end("name"))
    if made["name"] and clause.has_items(named) and _is_industry(clause, made["name"]):
        action = "research" if "研发" in made["name"] else "develop"
        clause.verb = VerbPhrase(made.end("name"), made.end(), "以…为主", action)
        clause.emit(named, members, "以某地为主")
        return True
    parents = tuple(dict.fromkeys(code for m in members for code in m.parents or (m.place_id,)))
    title = clause.block.headings[-1].title if clause.block.headings else ""
    whole = re.search("组成|构成", clause.clean[clause.start : clause.end])
    name = made["name"] or (HEADING_NUMBER.sub("", title) if whole else "")
    if STAGE_WORD.fullmatch(name):
        clause.state.subject = members
        clause.found += clause.follow(_part_end(clause))
        return True
    if not name:
        return False
    region = clause.tools.namer.region(name, parents)
    clause.state.subject = [region, *members]
    clause.state.regions.append(clause.state.subject)
    clause.found += clause.follow(_part_end(clause))
    return True


def _part_end(clause: Clause) -> int:
    """Where 为主体 and the like ends after the first places; the end of the clause without it."""
    part = PART.match(clause.clean, clause.groups[0].end, clause.end)
    return part.end() if part else clause.end


def read_centre(clause: Clause, tokens: list[Token]) -> bool:
    """X以甲为核心，乙、丙为支撑: X, or what the next clauses say, for all of them.

    In the middle of a clause (打造以甲为核心的X产业带) the places are those of the object,
    and the tokens of the construction are taken out.
    """
    state, clean = clause.state, clause.clean
    begin, words = _centre_begin(clause, tokens)
    if words and tokens[0] is words and not _is_industry(clause, clean[words.start : begin]):
        return False
    groups, end = centred(clean, clause.groups, begin, clause.end)
    if not groups or (begin == clause.start != groups[0].start - 1 and not state.centred):
        state.centred = False
        return False
    places = [name for group in groups for name in clause.names_of(group)]
    if tokens[0].group and tokens[0].end <= begin and words is None:
        places = [*clause.names_of(tokens[0].group), *places]  # 甲以其乙园为核心
    if begin > clause.start and end < clause.end:
        tokens[:] = [t for t in tokens if t.end <= begin or t.end > end]
        for token in tokens:
            if token.kind == "T" and token.start < end:
                token.start = end
        clause.local = places
        return False
    if words:
        verb = FORMING.search(clean, words.start, begin)
        words = Token("T", words.start, verb.start() if verb else min(words.end, begin))
    state.subject = [*state.subject, *places] if state.centred else places
    state.centred = True
    forming = next((t.verb for t in tokens if t.verb and t.end <= begin), None)
    state.forming = forming or state.forming
    state.industry = words if words and clause.has_items(words) else state.industry
    _read_centred(clause, begin, end, places)
    return True


def _centre_begin(clause: Clause, tokens: list[Token]) -> tuple[int, Token | None]:
    """Where 以甲为核心 begins, and the words before it."""
    begin = clause.start
    for token in tokens:
        if token.group and clause.clean[token.start - 1] == "以" and token.start > clause.start:
            begin = token.start - 1
    if begin == clause.start:
        return begin, None
    return begin, next((t for t in tokens if t.start < begin and t.kind == "T"), None)


def _is_industry(clause: Clause, name: str) -> bool:
    return bool(INDUSTRIAL.search(FORMING.sub("", name))) or clause.tools.itemiser.knows(name)


def _read_centred(clause: Clause, begin: int, end: int, places: list[Named]) -> None:
    """Emit the industry that the places are the centre of, and read what follows."""
    state = clause.state
    if state.industry and end >= clause.end:
        clause.verb = VerbPhrase(begin, end, "以…为主", "develop")
        clause.emit(state.industry, places, "以某地为主")
    if clause.clean[end : end + 1] == "的":
        clause.verb = state.forming or VerbPhrase(begin, end, "以…为主", "develop")
        clause.emit(Token("T", end, clause.end), state.subject, "以某地为主")
    elif end < clause.end:
        clause.found += clause.follow(end)


def read_parallel(clause: Clause, tokens: list[Token], index: int) -> int:
    """甲X、乙Y和丙Z等基地: each place with its own industry; the number of tokens read."""
    before = tokens[index - 1] if index else None
    if before and before.kind != "V":
        return 0
    stop = index
    while stop + 1 < len(tokens) and tokens[stop].group and tokens[stop + 1].kind == "T":
        stop += 2
        if clause.clean[tokens[stop - 1].end - 1] not in "、和及与":
            break
    later = next((t.verb for t in tokens[stop:] if t.verb), None)
    governed = clause.verb is not None and not clause.verb.lead
    if stop - index < 4 or (stop < len(tokens) and not tokens[stop].verb):
        return 0
    if not governed and later is None and not (before and before.verb):
        return 0
    kept, last = clause.verb, tokens[stop - 1]
    if not governed and later:
        clause.verb = clause.chained(clause.verb, later)
    for place, words in zip(tokens[index:stop:2], tokens[index + 1 : stop : 2], strict=True):
        joint = clause.clean[words.end - 1] in "、和及与" and words is not last
        object_ = Token("T", words.start, words.end - joint)
        names = clause.names_of(place.group) if place.group else []
        count = len(clause.found)
        clause.emit(object_, names, "并列的地点与门类", clause.clean[last.start : last.end])
        if place.group and place.group.names[-1].zone and len(clause.found) == count:
            _add_named(clause, place.group, names)
        clause.state.subject = clause.state.subject or names
    clause.verb = kept
    return stop - index


def read_project(clause: Clause, tokens: list[Token]) -> None:
    """An entry of a list of projects: 甲市某企业X项目."""
    clause.verb = VerbPhrase(clause.start, clause.start, "", "build")
    for token in tokens:
        if token.group:
            names = clause.names_of(token.group)
            alone = token is tokens[-1]
            clause.state.subject = [
                clause.tools.namer.unit_of(name) if alone else name for name in names
            ]
    last = tokens[-1] if tokens else None
    bracket = BRACKETS.search(clause.clean, clause.start, clause.end)
    if last and bracket and bracket.end() == clause.end:
        last = next((t for t in tokens if t.kind == "T" and t.start < bracket.start()), last)
    if last and last.group:
        inside = clause.tools.itemiser.known_within(clause.clean, last.start, last.end)
        for place in clause.state.subject:
            if inside:
                clause.add(place, inside, "build", "", "项目清单", 0.7)
    elif last and PROJECT.search(BRACKETS.sub("", clause.clean[last.start : last.end])):
        clause.emit(last, clause.state.subject, "项目清单")


def read_main(clause: Clause, main: re.Match[str]) -> list[Reading]:
    """以X、Y为主攻方向: X and Y, whatever follows."""
    _take_subject(clause, main.start())
    words = f"以…为{main['role']}"
    clause.verb = VerbPhrase(main.start(), main.end(), words, "develop")
    core = Token("T", main.start("core"), main.end("core"))
    if clause.clean.endswith("分别", clause.start, main.start()):
        clause.verb = replace(clause.verb, respectively=True)
    if main["role"] == "龙头" and "项目" in main["core"]:
        clause.verb = replace(clause.verb, action="build")
    clause.emit(core, clause.state.subject, "以…为主攻方向")
    if main.end() < clause.end:
        clause.found += clause.follow(main.end())
    return clause.found


def read_theme(clause: Clause, theme: re.Match[str]) -> list[Reading]:
    """围绕X、Y等领域…开展协作: X and Y."""
    _take_subject(clause, theme.start())
    words = f"围绕…{theme['verb']}"
    clause.verb = VerbPhrase(theme.start(), theme.end(), words, "develop")
    core = Token("T", theme.start("core"), theme.end("core"))
    clause.emit(core, clause.state.subject, "围绕…开展")
    return clause.found


def _take_subject(clause: Clause, start: int) -> None:
    """Let the last places named before `start`, if any, be the subject."""
    before = [group for group in clause.groups if group.end <= start]
    if before:
        clause.state.subject = clause.names_of(before[-1])


def read_joint(clause: Clause, words: Token) -> bool:
    """甲与乙共建丙产业带: the zone joins them as subject; an industry in its name is its own."""
    text = clause.clean[words.start : words.end]
    members = clause.state.subject
    verb = clause.verb
    if verb is None or not FOUNDING.search(verb.text) or len(members) < 2 or not clause.groups:
        return False
    first = {name.text[0] for name in members} | PROVINCE_SIGNS
    if not JOINT_ZONE.fullmatch(text) or text[0] not in first:
        return False
    zone = clause.tools.namer.joint(text, members)
    _add_named(clause, words, [*members, zone])
    clause.state.subject = [*members, zone]
    return True


def read_zone(clause: Clause, group: Group, names: list[Named]) -> None:
    """甲与乙打造…新材料产业合作园区: the industry stands in the zone's own name."""
    founders = clause.state.subject if clause.groups[0] is not group else []
    _add_named(clause, group, [*founders, *names])


def _add_named(clause: Clause, group: Group | Token, places: list[Named]) -> None:
    """Rows for the industry in a zone's own name, if there is one."""
    itemiser, clean = clause.tools.itemiser, clause.clean
    begin = clause.tools.finder.after_units(clean, group.start, group.end)
    own = itemiser.items(clean, begin, group.end) if begin > group.start else []
    inside = own[0] if own else itemiser.known_within(clean, group.start, group.end)
    if inside is None:
        return
    verb = clause.verb
    action = "develop" if verb and verb.verbs[-1:] == ("打造",) else "build"
    for place in places:
        clause.add(place, inside, action, "", "园区名称中的产业", 0.7)
