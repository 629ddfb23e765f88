"""A plan as a document: its text, and in it headings, paragraphs and table rows with offsets.

Offsets are half-open and count Unicode code points of the text as read. Everything else
reads `Block.clean`, in which a line broken in mid-clause is whole again, blanks are gone
and punctuation has one width; `Block.offset` leads back into the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

NUMERALS = "一二三四五六七八九十百"
LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"附件\d*|附表\d*|附录[\dA-Z]?|第[" + NUMERALS + r"\d]+[篇章部]")),
    (1, re.compile(rf"[{NUMERALS}]+、")),
    (1, re.compile(rf"第[{NUMERALS}\d]+节")),
    (2, re.compile(rf"（[{NUMERALS}]+）")),
    (3, re.compile(r"(?:专栏|表|专表)\d+(?:-\d+)?|专栏(?=[：一-鿿])")),
    (4, re.compile(r"\d{1,2}(?:\.|．|、)(?!\d)")),
    (5, re.compile(r"（\d{1,2}）|\d{1,2}）")),
    (6, re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
    (7, re.compile(rf"[{NUMERALS}]{{1,2}}是|[—－-]{{1,2}}(?=[一-鿿])")),
)
"""How headings begin, and how deep each kind lies."""
BOX = 3
NUMBERED = 4
LABEL = 8
WIDEST = 9
"""Columns, at most, of a table flattened to a cell a line."""
TITLE_CELL = re.compile(
    r"[一-鿿（）/]{0,8}(?:园区|地区|区域|城市|县区|区县|县市|市州|名称|产业|产品|领域|方向|要求|重点|布局|内容"
    r"|任务|目标|单位|所在地|承载地|承载区|地点|载体|类别|定位|环节|措施|备注|行业|数量|所在市县|所在县市|规模)"
)
"""The title of a column."""
WIDEST_CELL = 60
"""Characters, at most, of a cell in such a table."""
LONGEST_TABLE = 400
"""Lines, at most, of such a table."""
TITLE_LIMIT = 34
"""Characters up to which the first clause of a numbered paragraph is its heading."""
LABEL_LIMIT = 22
"""Characters up to which the words before a colon are a paragraph's label."""
ENDS = "。；：！？"
WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！",
                      "﹑": "、", "､": "、", "•": "·", "―": "—", "–": "—", "~": "～"})  # fmt: skip
BLANK = re.compile(r"[\s\u200b\ufeff\u3000]+")
INKED = re.compile(r"[^\s\u200b\ufeff\u3000]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its level (1 outermost) and where its words stand."""

    title: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading line or a table row.

    Attributes
    ----------
    clean
        The words without blanks, punctuation in full width.
    positions
        Offset in the text of every character of `clean`.
    headings
        The headings above, outermost first; a heading line's own is the last.
    body
        Where in `clean` the words after the heading or label begin.
    cells
        For a table row, the half-open ranges of its cells in `clean`; else empty.
    """

    clean: str
    positions: tuple[int, ...]
    headings: tuple[Heading, ...]
    body: int = 0
    cells: tuple[tuple[int, int], ...] = ()

    def offset(self, index: int) -> int:
        """The offset in the text of a position in `clean`."""
        return self.positions[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets in the text of a non-empty half-open range of `clean`."""
        return self.positions[start], self.positions[end - 1] + 1

    @property
    def section(self) -> str:
        """The titles of the headings above, joined with ``/``."""
        return "/".join(heading.title for heading in self.headings)


@dataclass(frozen=True)
class Document:
    """A text and its blocks in reading order."""

    text: str
    blocks: tuple[Block, ...] = field(repr=False)


def read_document(text: str) -> Document:
    """Find the structure of a text.

    Parameters
    ----------
    text
        Plain text with line feeds; table rows hold tabs between their cells.
    """
    stack: list[Heading] = []
    blocks: list[Block] = []
    for lines in _paragraphs(text):
        start, end = lines[0][0], lines[-1][1]
        raw = text[start:end]
        if len(lines) > 1:
            blocks.append(_row_of_lines(text, lines, tuple(stack)))
            continue
        if "\t" in raw.strip("\t \u3000\n"):
            blocks.append(_row(raw, start, tuple(stack)))
            continue
        clean, positions = _cleaned(raw, start)
        if not clean:
            continue
        if blocks and blocks[-1].cells and _in_box(stack):
            del stack[next(i for i, heading in enumerate(stack) if _is_box(heading)) :]
        body = 0
        found = _heading(clean)
        if found:
            level, length = found
            level = _settled(level, clean, stack)
            _push(stack, clean[:length], level, positions, length)
            body = length + (clean[length : length + 1] in set(f"{ENDS}，.．、"))
            if level >= NUMBERED and body == len(clean) and clean[-1] in "。；":
                body = _numeral_end(clean)  # a numbered sentence is also to be read
        label = _label(clean, body)
        if label:
            if body == 0 or label > body:
                _push(stack, clean[body:label], LABEL, positions[body:], label - body)
            body = label + 1
        elif not found:
            stack[:] = [heading for heading in stack if heading.level < LABEL]
        blocks.append(Block(clean, tuple(positions), tuple(stack), body))
    return Document(text, tuple(blocks))


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    """Ranges of paragraphs; the rows of a table flattened to a cell a line have several."""
    lines = _joined_lines(text)
    words = [BLANK.sub("", text[a:b]) for a, b in lines]
    found: list[list[tuple[int, int]]] = []
    index = 0
    while index < len(lines):
        width = _width(words, index)
        rows = [index] if width else []
        while width and words[rows[-1] + width : rows[-1] + width + 1] == [str(len(rows))]:
            rows.append(rows[-1] + width)
        if not width:
            width, count = _titled(text, lines, words, index)
            rows = [index + n * width for n in range(count)]
        if len(rows) > 1:
            found += [lines[row : row + width] for row in rows]
            index = rows[-1] + width
        else:
            found.append([lines[index]])
            index += 1
    return found


def _width(words: list[str], index: int) -> int:
    """Number of columns of a flattened table whose header begins at a line, or 0."""
    if words[index] != "序号" or "1" not in words[index : index + WIDEST]:
        return 0
    return words.index("1", index) - index


def _titled(
    text: str, lines: list[tuple[int, int]], words: list[str], index: int
) -> tuple[int, int]:
    """Columns and rows of a flattened table without numbers, whose titles begin at a line."""
    width = 0
    while index + width < len(words) and TITLE_CELL.fullmatch(words[index + width]):
        width += 1
    stop = index + 1
    while stop < len(words) and stop - index < LONGEST_TABLE:
        gap = text[lines[stop - 1][1] : lines[stop][0]]
        if gap.count("\n") > 1 or len(words[stop]) > WIDEST_CELL or words[stop][-1] in ENDS:
            break
        stop += 1
    for columns in range(min(width, WIDEST), 1, -1):
        rows, rest = divmod(stop - index, columns)
        if rows > 2 and not rest:
            return columns, rows
    return 0, 0


def _joined_lines(text: str) -> list[tuple[int, int]]:
    """Ranges of lines that are not blank, joined where one breaks off in mid-clause."""
    found: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        words = BLANK.sub("", line).translate(WIDE)
        if not words:
            continue
        last = text[slice(*found[-1])] if found else ""
        rows = "\t" in line.strip() or "\t" in last.strip()
        if found and not rows and _continues(BLANK.sub("", last).translate(WIDE), words):
            found[-1] = (found[-1][0], start + len(line))
            continue
        found.append((start, start + len(line)))
    return found


def _continues(before: str, line: str) -> bool:
    """Tell whether a line goes on with the sentence the paragraph before it broke off."""
    if before[-1] in "。；：！？）” " or _opens(line):
        return False
    if before[-1] in "，、（“" or line[0] in "，。；、）”":
        return True
    stop = max((before.rfind(mark) for mark in "。；"), default=-1)
    clause = before[stop + 1 :]
    return ("，" in clause or stop >= 0) and any(mark in line for mark in "，。；")


def _opens(line: str) -> bool:
    return _heading(line) is not None


def _cleaned(raw: str, start: int) -> tuple[str, list[int]]:
    characters: list[str] = []
    positions: list[int] = []
    for run in INKED.finditer(raw):
        characters += map(_folded, run[0])
        positions += range(start + run.start(), start + run.end())
    return "".join(characters), positions


@cache
def _folded(character: str) -> str:
    """A character in the width the grammar expects (Unicode NFKC, where it stays one)."""
    if "一" <= character <= "鿿":
        return character
    folded = unicodedata.normalize("NFKC", character)
    return (folded if len(folded) == 1 else character).translate(WIDE)


def _row_of_lines(text: str, lines: list[tuple[int, int]], stack: tuple[Heading, ...]) -> Block:
    """A row of a table that was flattened to a cell a line."""
    clean, positions, cells = "", [], []
    for number, (start, end) in enumerate(lines):
        if number:
            clean += "｜"
            positions.append(start)
        words, places = _cleaned(text[start:end], start)
        cells.append((len(clean), len(clean) + len(words)))
        clean += words
        positions += places
    return Block(clean, tuple(positions), stack, 0, tuple(cells))


def _row(raw: str, start: int, stack: tuple[Heading, ...]) -> Block:
    """A table row: its cells, cleaned, with a ``｜`` between them."""
    clean, positions, cells = "", [], []
    offset = start
    for number, cell in enumerate(raw.split("\t")):
        if number:
            clean += "｜"
            positions.append(max(offset - 1, start))
        words, places = _cleaned(cell, offset)
        cells.append((len(clean), len(clean) + len(words)))
        clean += words
        positions += places
        offset += len(cell) + 1
    return Block(clean, tuple(positions), stack, 0, tuple(cells))


def _heading(clean: str) -> tuple[int, int] | None:
    """Level and length of the heading a paragraph begins with, or None."""
    for level, pattern in LEVELS:
        begin = pattern.match(clean)
        if not begin:
            continue
        if level == 1 and clean[:2] in {"附件", "附表", "附录"} and len(clean) > TITLE_LIMIT:
            return None
        stop = _clause_end(clean, begin.end())
        if stop is None or stop > TITLE_LIMIT:
            return level, len(begin[0].rstrip(".．、"))
        return level, stop
    return None


def _numeral_end(clean: str) -> int:
    """Where the words after a heading's number begin."""
    return max((m.end() for _, pattern in LEVELS if (m := pattern.match(clean))), default=0)


def _clause_end(clean: str, begin: int) -> int | None:
    """Where the first clause ends, if nothing but a full stop or colon ends it."""
    depth = 0
    for index in range(begin, len(clean)):
        character = clean[index]
        depth += (character == "（") - (character == "）")
        if depth == 0 and character in ENDS:
            return index if character in "。：" else None
        if depth == 0 and character == "，":
            return None
    return len(clean)


def _settled(level: int, clean: str, stack: list[Heading]) -> int:
    """A numbered heading after a box: inside it, or the next one of those around the box."""
    if level != NUMBERED:
        return level
    if not _in_box(stack):
        return BOX
    inner = [heading for heading in stack if heading.level == NUMBERED]
    around = [heading for heading in stack if heading.level == BOX and not _is_box(heading)]
    number = _number(clean)
    if inner and number == _number(inner[-1].title) + 1:
        return NUMBERED
    return BOX if around and number == _number(around[-1].title) + 1 else NUMBERED


def _in_box(stack: list[Heading]) -> bool:
    return any(_is_box(heading) for heading in stack)


def _is_box(heading: Heading) -> bool:
    return heading.title.startswith(("专栏", "表", "专表"))


def _number(title: str) -> int:
    digits = re.match(r"\d+", title)
    return int(digits[0]) if digits else 0


def _push(stack: list[Heading], title: str, level: int, positions: list[int], length: int) -> None:
    box = _is_box(Heading(title, level, 0, 0))
    while stack and stack[-1].level >= level:
        if box and level == stack[-1].level and not _is_box(stack[-1]):
            break  # a box lies inside the numbered heading it follows
        stack.pop()
    stack.append(Heading(title, level, positions[0], positions[length - 1] + 1))


def _label(clean: str, body: int) -> int | None:
    """Where the colon of a label at the begin of a paragraph stands, or None."""
    colon = clean.find("：", body)
    if colon <= body or colon - body > LABEL_LIMIT or colon == len(clean) - 1:
        return None
    words = clean[body:colon]
    return None if any(mark in words for mark in "，。；（") else colon
