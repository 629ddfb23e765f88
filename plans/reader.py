"""Reading a plan: from its paragraphs, lists and tables to what it assigns where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from plans.documents import LABEL, Block, Document
from plans.figures import CAP, figured_items
from plans.grammar import Clause, State
from plans.lists import ListReader
from plans.mentions import Group
from plans.naming import Named
from plans.readings import NUMBER, Reading, Tools, split
from plans.tokens import Token

PAST_SECTION = re.compile(
    r"指导思想|基本原则|总体思路|发展(?:现状|基础|成效|环境|形势)|现状|基础与|形势|存在(?:的)?(?:主要)?问题|取得(?:的)?成效|回顾|编制依据"
)
PROJECTS = re.compile(r"项目(?:清单|表|名录|库)?(?:$|（)|工程清单")
WIDE = re.compile(
    r"(?<![一-鿿])全[省市区]|我[省市区]|各(?:地|市|区县|县|州|有关)|省级|市级|有关|除[^，。；]{2,20}外，?"
)
RESPONSIBLE = re.compile(r"（?(?:责任|牵头|配合|参与|实施|主办|承办)(?:单位|部门)[：]")


class Reader:
    """Reads the plans of one province.

    Parameters
    ----------
    tools
        Finder of that province's places, words, itemiser.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._seen: dict[str, Named] = {}
        self._titled: dict[str, list[Named] | None] = {}

    def read(self, document: Document) -> list[Reading]:
        """List what a document assigns, in the order of the text."""
        lists = ListReader(self._tools)
        self._seen, self._titled = {}, {}
        found: list[Reading] = []
        for block in document.blocks:
            if any(PAST_SECTION.search(h.title) for h in block.headings if h.level <= 2):
                continue
            if block.cells:
                found += lists.row(block)
                continue
            lists.leave_table()
            found += self._paragraph(block, lists)
        return _distinct(found, document.text)

    def _paragraph(self, block: Block, lists: ListReader) -> list[Reading]:
        clean = block.clean
        above = self._heading_places(block)
        listed = any(PROJECTS.search(h.title) for h in block.headings)
        state = State(list(above), above, list(above), projects=listed, seen=self._seen)
        label = block.headings[-1] if block.headings else None
        labelled = label is not None and label.level == LABEL and clean[block.body - 1] == "："
        begin = block.body
        if label and labelled and self._tools.lexicon.any_verb.search(label.title):
            begin = max(block.body - 1 - len(label.title), 0)
        groups = self._tools.finder.groups(clean, begin)
        if groups and lists.is_list(block) and not self._tells(block):
            return lists.places_under(block, block.body, 1)
        if label and labelled and len(groups) == 1 and not above:
            words = (max(block.body - 1 - len(label.title), 0), block.body - 1)
            rows = lists.after_colon(block, words, groups, block.body, len(clean.rstrip("。；")))
            if rows:
                return rows
        if not groups and not above:
            return self._figures(block, block.body, len(clean))
        found: list[Reading] = []
        starts = [group.start for group in groups]
        last = clean.find("（", begin) if listed and clean.endswith("）") else len(clean)
        for start, stop in split(clean, begin, last, "。；！？、" if listed else "。；！？"):
            responsible = RESPONSIBLE.search(clean, start, stop)
            end = responsible.start() if responsible else stop
            first = (begin - 1 - len(label.title), begin - 1) if label and labelled else None
            before = first if start == begin == block.body else None
            inside = groups[bisect_left(starts, start) : bisect_left(starts, end)]
            if not inside and not state.subject:
                found += self._figures(block, start, end)
                continue
            rows = self._sentence(block, start, end, inside, state, lists, before)
            found += rows + self._of_zone(block, inside, rows)
        if labelled and above and not found and not groups:
            found = lists.beside(block, above, block.body, len(clean))
        return found

    def _tells(self, block: Block) -> bool:
        """Tell whether what follows a label has verbs of its own: 重点区域：甲，发展X."""
        verbs = self._tools.lexicon.verb_phrase
        clean = block.clean
        pieces = split(clean, block.body, len(clean), "，。；")
        return any(v.verbs for a, b in pieces if (v := verbs(clean, a, b)))

    def _sentence(
        self,
        block: Block,
        start: int,
        end: int,
        groups: Sequence[Group],
        state: State,
        lists: ListReader,
        before: tuple[int, int] | None,
    ) -> list[Reading]:
        found: list[Reading] = []
        explored = False
        state.verb, state.industry = None, None
        state.fresh, state.centred, state.forming = True, False, None
        for a, b in split(block.clean, start, end, "，："):
            wide = WIDE.match(block.clean, a, b)
            side = re.match("前者|后者", block.clean[a:b])
            if side and len(state.regions) > 1:
                state.subject = list(state.regions[-2 if side[0] == "前者" else -1])
            if wide:
                city = wide[0] == "全市" and not self._tools.namer.is_municipality
                state.subject = list(state.topic if city else state.heading)
            inside = [g for g in groups if a <= g.start and g.end <= b]
            state.explore = explored and bool(inside) and inside[0].start == a
            rows = []
            if a > 0 and block.clean[a - 1] == "：" and before:
                rows = lists.after_colon(block, before, inside, a, b)
                named = self._tools.finder.find(block.clean, *before)
                state.industry = None if named else Token("T", *before)
            rows = rows or Clause(self._tools, block, a, b, inside, state).read()
            before = (a, b)
            explored = any(row.action == "explore" for row in rows)
            found += rows
        return found

    def _of_zone(
        self, block: Block, groups: Sequence[Group], rows: Sequence[Reading]
    ) -> list[Reading]:
        """A named cross-province zone gets a row beside those of its members."""
        finder = self._tools.finder
        if not rows or not self._tools.namer.joins_provinces:
            return []
        texts = [m.text for g in groups for m in g.names]
        texts += [m.text for h in block.headings[-1:] for m in finder.find(h.title)]
        named = {
            place.place_id: place
            for place in (self._tools.namer.resolve(text, "") for text in texts)
        }
        added = []
        for zone in (place for place in named.values() if place.kind == "cross_province"):
            for row in rows:
                beside = {r.place.place_id for r in rows if r.sector == row.sector}
                shared = len(beside & set(zone.parents)) > 1
                if shared and row.place.place_id != zone.place_id:
                    added.append(replace(row, place=zone, reason="合作区与成员同列"))
        return added

    def _figures(self, block: Block, begin: int, stop: int) -> list[Reading]:
        """Figures for industries of the whole province."""
        home = self._tools.namer.home
        found = []
        for start, end in split(block.clean, begin, stop, "。；！？，："):
            verb = self._tools.lexicon.verb_phrase(block.clean, start, end)
            first = verb.end if verb and verb.verbs else start
            capped = CAP.search(block.clean, start, end)
            if capped and capped[0].endswith(("亿", "亿元")):
                capped = None  # a turnover that is held, not a capacity
            for item in figured_items(self._tools.itemiser, block.clean, first, end):
                words, action = (verb.text, verb.action) if verb and verb.verbs else ("", "develop")
                action = "restrict" if capped else action
                span = block.span(item.start, item.end)
                found.append(
                    Reading(home, span, words, action, "", "", "", block.section, 0.7, "全省数字")
                )
        return found

    def _heading_places(self, block: Block) -> list[Named]:
        """The places of the nearest heading that is made of nothing but names of places."""
        for heading in reversed(block.headings):
            if heading.title not in self._titled:
                self._titled[heading.title] = self._places_of(heading.title)
            places = self._titled[heading.title]
            if places is not None:
                return places
            if heading.level <= 2 and heading.level != LABEL:
                return []
        return []

    def _places_of(self, heading: str) -> list[Named] | None:
        """The places a heading is made of; none where it has other words; None without places."""
        number = NUMBER.match(heading)
        title = heading[number.end() if number else 0 :].strip("“”。：")
        mentions = self._tools.finder.find(title)
        if not mentions:
            return None
        rest = re.sub(r"[、和与及+—·等市]", "", _without(title, mentions))
        return [] if rest else [self._tools.namer.resolve(m.text, title) for m in mentions]


def _without(title: str, mentions: Sequence[object]) -> str:
    for mention in mentions:
        title = title.replace(mention.text, "", 1)  # type: ignore[attr-defined]
    return title


def _distinct(readings: Sequence[Reading], text: str) -> list[Reading]:
    """Drop rows that say the same twice; the first stays.

    A figure for an industry of the province, often repeated, is one row however often.
    """
    kept: dict[tuple[str, object, str], Reading] = {}
    for row in readings:
        place: object = row.sector
        if row.place.kind == "province":
            words = text[slice(*row.sector)].removeprefix(row.place.name.rstrip("省市"))
            place, action = words, ""
        else:
            action = row.action
        kept.setdefault((row.place.place_id or row.place.text, place, action), row)
    return sorted(kept.values(), key=lambda row: row.sector)
