"""Places listed under an industry, and tables with places beside industries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from plans.documents import Block
from plans.figures import FIGURE, figured_items
from plans.grammar import Clause, State
from plans.lexicon import VerbPhrase
from plans.mentions import Group
from plans.naming import Named
from plans.readings import Reading, Tools, split

LIST_LABEL = re.compile(
    r"^(?:主要|重点|核心|优先|布局|承载|依托|空间|产业|主体|实施|建设|牵头|集聚|发展)*(?:布局)?"
    r"(?:园区|区域|地区|载体|城市|基地|县市区?|区县|布局|市州|地市)$"
)
COLUMN_PLACE = re.compile(
    r"所在|园区|市州|地区|区县|县市区|城市|布局|承载|地市|区域|基地|开发区|所在地|集聚区|地点|载体|市（州）|[市县]$"
)
COLUMN_SECTOR = re.compile(
    r"产业|产品|领域|方向|门类|行业|定位|发展重点|重点发展|主导|内容|任务|细分|项目"
)
SURELY_SECTOR = re.compile(
    r"(?:产业|发展|主导|重点)(?:定位|方向|内容|领域|名称)|主导产业|重点产业|产业领域|细分"
)
NAMED_SECTOR = re.compile(r"产业|产品|领域|门类|行业|细分")
AIM = re.compile(r"(?:方向|内容|任务|措施|思路)$")
"""A column of what is to be done about the industries that another column names."""
ASKED = re.compile("要求$|性质$")
TITLED = {"restrict", "phase_out", "relocate_merge"}
UNTOLD = {"cooperate", "research", "relocate_merge"}
MOVING = re.compile("搬迁|退城|兼并|重组")
"""What a heading says of the list under it: not 合作, 研发, 整合."""
LONGEST_TITLE = 12
"""Characters up to which a cell may be the title of a column."""


class ListReader:
    """Reads labelled lists and tables; keeps the columns of the table it is in.

    Parameters
    ----------
    tools
        Finder, words and itemiser of the plan.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._columns: list[str] = []
        self._titles: list[str] = []
        self._title = ""
        self._above: dict[int, list[Named]] = {}

    def leave_table(self) -> None:
        """Forget the columns: a paragraph stands between two tables."""
        self._columns = []
        self._above = {}

    def is_list(self, block: Block) -> bool:
        """Tell whether a paragraph's label announces places: 重点区域：甲、乙."""
        return bool(block.headings and LIST_LABEL.search(block.headings[-1].title))

    def after_colon(
        self, block: Block, words: tuple[int, int], groups: Sequence[Group], start: int, end: int
    ) -> list[Reading]:
        """绿色建材：甲、乙: rows where a colon stands between industries and nothing but places."""
        if len(groups) != 1 or groups[0].start != start or groups[0].end < end:
            return []
        namer, verb = self._tools.namer, self._heading_verb(block)
        items = self._tools.itemiser.items(block.clean, *words)
        return [
            _row(
                block,
                namer.resolve(m.text, ""),
                block.span(i.start, i.end),
                verb,
                "门类：地点",
                0.85,
            )
            for m in groups[0].names
            for i in items
        ]

    def places_under(self, block: Block, start: int, above: int) -> list[Reading]:
        """Rows for the places listed in a block, with the industry of a heading above it.

        Parameters
        ----------
        start
            Where the list begins.
        above
            Number of headings, from the innermost, that are not looked at.
        """
        finder = self._tools.finder
        groups = finder.groups(block.clean, start)
        headings = block.headings[: len(block.headings) - above]
        spans = self._tools.title_spans(headings)
        verb = self._heading_verb(block)
        names = [self._tools.namer.resolve(m.text, "") for group in groups for m in group.names]
        return [_row(block, n, s, verb, "列在门类之下", 0.9) for n in names for s in spans]

    def beside(self, block: Block, places: Sequence[Named], start: int, end: int) -> list[Reading]:
        """甲园区：X、Y: industries after the colon behind a place, without any verb."""
        verb, lexicon = self._heading_verb(block), self._tools.lexicon
        last = block.clean.rfind("：", start, end)
        start = last + 1 if last >= 0 else start
        if any(
            lexicon.verb_phrase(block.clean, a, b)
            for a, b in split(block.clean, start, end, "，。；")
        ):
            return []
        items = [
            i
            for a, b in split(block.clean, start, end, "。；")
            for i in self._tools.itemiser.items(block.clean, a, b)
        ]
        return [
            _row(block, p, block.span(i.start, i.end), verb, "地点：门类", 0.8)
            for p in places
            for i in items
        ]

    def row(self, block: Block) -> list[Reading]:
        """Rows for one row of a table."""
        texts = [block.clean[a:b] for a, b in block.cells]
        kinds = [_column_kind(text) for text in texts]
        titles = list(zip(texts, kinds, strict=True))
        if any(kind == "sector" and NAMED_SECTOR.search(text) for text, kind in titles):
            kinds = ["" if k == "sector" and _is_aim(text) else k for text, k in titles]
        if "place" in kinds and "sector" in kinds and not self._names_places(block):
            self._columns, self._titles = kinds, texts
            self._above = {}
            return []
        if LIST_LABEL.search(texts[0]) and len(texts) > 1:
            return self.places_under(block, block.cells[1][0], 0)
        if texts[0].endswith("目标") and len(texts) == 2:
            return self._figure_of_box(block)
        return self._body_row(block) if len(self._columns) == len(texts) else []

    def _names_places(self, block: Block) -> bool:
        """Tell whether a row names units or zones, as the titles of columns never do."""
        groups = self._tools.finder.groups(block.clean, 0)
        names = (m.text for group in groups for m in group.names)
        return any(self._tools.namer.resolve(name, "").place_id for name in names)

    def _figure_of_box(self, block: Block) -> list[Reading]:
        """产值目标｜实现产值200亿元: the figure of the industry in the box's title."""
        start, end = block.cells[1]
        own = list(figured_items(self._tools.itemiser, block.clean, start, end))
        if own or not FIGURE.search(block.clean, start, end):
            return []  # an industry named in the cell has its figure elsewhere too
        spans = self._tools.title_spans(block.headings)
        verb = self._heading_verb(block)
        return [_row(block, self._tools.namer.home, s, verb, "全省数字", 0.7) for s in spans]

    def _body_row(self, block: Block) -> list[Reading]:
        """A zone in one column wins over the unit it lies in, which stands in another."""
        cells = [(n, a, b) for n, (a, b) in enumerate(block.cells) if self._columns[n] == "place"]
        units = [place for _, a, b in cells for place in self._cell_places(block.clean, a, b, ())]
        inside = tuple(place.place_id for place in units if place.kind == "unit")[-1:]
        places: list[Named] = []
        for number, a, b in cells:
            here = self._cell_places(block.clean, a, b, inside)
            here = here if a < b else self._above.get(number, [])
            self._above[number] = here
            if not places or any(place.kind != "unit" for place in here):
                places = here or places
        found: list[Reading] = []
        for number, ((a, b), kind) in enumerate(zip(block.cells, self._columns, strict=True)):
            if kind == "sector" and a < b:
                self._title = self._titles[number]
                found += self._cell_rows(block, a, b, places)
        asked = self._asked(block)
        return [replace(r, verb=asked.text, action=asked.action) for r in found] if asked else found

    def _asked(self, block: Block) -> VerbPhrase | None:
        """The verb of the row, where a column says what is asked of it: 壮大规模, 新建."""
        for title, (a, b) in zip(self._titles, block.cells, strict=True):
            verb = self._tools.lexicon.any_verb.search(block.clean, a, b)
            if verb and ASKED.search(title):
                return VerbPhrase(a, b, verb[0], self._tools.lexicon.verbs[verb[0]])
        return None

    def _cell_rows(self, block: Block, a: int, b: int, places: Sequence[Named]) -> list[Reading]:
        found = self._clauses(block, a, b, places)
        for start, end in split(block.clean, a, b, "。；，") if not found else ():
            own = self._tools.lexicon.verb_phrase(block.clean, start, end)
            verb = own if own and own.verbs else self._title_verb() or self._heading_verb(block)
            if (
                block.clean[start:end].endswith(("项目", "产业园", "生产线"))
                or "项目" in self._title
            ):
                verb = VerbPhrase(start, start, verb.text, "build")
            begin = own.end if own else start
            items = self._tools.itemiser.items(block.clean, begin, end)
            found += [
                _row(block, p, block.span(i.start, i.end), verb, "表格行", 0.85)
                for p in places
                for i in items
            ]
        return found

    def _title_verb(self) -> VerbPhrase | None:
        """What the title of a column asks: 控制和退出方向."""
        lexicon = self._tools.lexicon
        verbs = [m[0] for m in lexicon.any_verb.finditer(self._title)]
        told = next((v for v in verbs if lexicon.verbs[v] in TITLED), None)
        return VerbPhrase(0, 0, told, lexicon.verbs[told]) if told else None

    def _clauses(self, block: Block, a: int, b: int, places: Sequence[Named]) -> list[Reading]:
        """Read a cell that holds sentences, with the places of its row as their subject."""
        state = State(subject=list(places), heading=list(places))
        found: list[Reading] = []
        for start, end in split(block.clean, a, b, "。；，"):
            groups = self._tools.finder.groups(block.clean, start, end)
            found += Clause(self._tools, block, start, end, groups, state).read()
        return found

    def _cell_places(
        self, clean: str, start: int, end: int, inside: tuple[str, ...]
    ) -> list[Named]:
        finder = self._tools.finder
        found = [m for group in finder.groups(clean, start, end) for m in group.names]
        names = [self._tools.namer.resolve(m.text, clean, inside) for m in found]
        return [name for name in names if name.place_id]

    def _heading_verb(self, block: Block) -> VerbPhrase:
        """The verb of the nearest heading that has one, else a plain 发展."""
        lexicon = self._tools.lexicon
        for heading in reversed(block.headings):
            verbs = [m[0] for m in lexicon.any_verb.finditer(heading.title)]
            verbs = [v for v in verbs if lexicon.verbs[v] not in UNTOLD or MOVING.search(v)]
            if verbs:
                verb = min(verbs, key=lambda v: lexicon.verbs[v] in {"develop", "build"})
                return VerbPhrase(0, 0, verb, lexicon.verbs[verb])
        return VerbPhrase(0, 0, "", "develop")


def _row(
    block: Block, place: Named, span: tuple[int, int], verb: VerbPhrase, reason: str, sure: float
) -> Reading:
    return Reading(place, span, verb.text, verb.action, "", "", "", block.section, sure, reason)


def _column_kind(title: str) -> str:
    """What a column holds, by its title: ``place``, ``sector`` or nothing."""
    if not title or len(title) > LONGEST_TITLE:
        return ""
    if SURELY_SECTOR.search(title):
        return "sector"
    if COLUMN_PLACE.search(title):
        return "place"
    return "sector" if COLUMN_SECTOR.search(title) else ""


def _is_aim(title: str) -> bool:
    told = NAMED_SECTOR.search(title) or re.search("控制|限制|退出|淘汰|搬迁", title)
    return bool(AIM.search(title)) and not told
