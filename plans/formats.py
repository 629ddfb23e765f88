"""Files a plan comes in → its plain text: TXT, Markdown, HTML, DOCX, PDF with a text layer.

The text is what offsets refer to from then on: paragraphs on lines of their own, table rows
as lines with tabs between the cells, a merged cell written once.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from errors import CaituError

MAX_FILE = 50 * 2**20
"""Bytes; the five plans at hand have under 100 kB."""
MAX_UNPACKED = 200 * 2**20
"""Bytes the parts of a DOCX may unpack to."""
MAX_RATIO = 200
"""Unpacked to packed; ordinary documents reach 20."""
FULL_LINE = 0.8
"""Share of the widest line from which a line of a PDF is taken to go on in the next one."""
OLD = {".doc", ".wps", ".wpt", ".rtf", ".ofd", ".odt", ".pages", ".et", ".xls", ".xlsx"}
TEXT = {".txt", ".text", ".md", ".markdown", ".csv", ".tsv"}
MARKS = "。；：！？…”）"
HEADING = re.compile(
    r"[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．、]"
    r"|第[一二三四五六七八九十]+[章节]|专栏|附件|[—-]?\s*\d+\s*[—-]?$"
)


class UnreadableDocument(CaituError):
    """A document that cannot be read; the message says what to do instead."""

    status = 400
    title = "读不了这份文件"


def document_text(path: Path) -> str:
    """Read the text of a plan's file.

    Parameters
    ----------
    path
        .txt, .md, .html, .docx or .pdf; the content must be what the name says.

    Raises
    ------
    UnreadableDocument
        The file is missing, of another kind, encrypted, without text, or a bomb.
    """
    suffix = path.suffix.lower()
    if suffix in OLD:
        raise UnreadableDocument(
            f"{path.name}：不直接读取 {suffix} 文件。"
            "请在 Word 或 WPS 中打开，另存为 .docx（或 .pdf、.txt）后再试。"
        )
    try:
        if path.stat().st_size > MAX_FILE:
            raise UnreadableDocument(
                f"{path.name} 超过 {MAX_FILE >> 20} MB。请只保留规划正文后再试。"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"打不开 {path}：{error.strerror}。请检查文件名。") from error
    readers: dict[str, Callable[[bytes], str]] = {
        "docx": _docx, "pdf": _pdf, "html": _html, "text": _plain, "markdown": _markdown,
    }  # fmt: skip
    kind = _kind(content)
    said = _said(suffix)
    if said is None:
        raise UnreadableDocument(
            f"{path.name}：不认识的文件类型“{suffix or '无扩展名'}”。"
            "可以读取 .txt、.md、.html、.docx、.pdf。"
        )
    if kind != said and not (kind == "text" and said in {"markdown", "html"}):
        raise UnreadableDocument(
            f"{path.name}：扩展名是 {suffix}，内容却是 {LABELS[kind]}。"
            "请确认文件没有损坏，改正扩展名后再试。"
        )
    text = readers[said](content)
    if not re.search(r"[一-鿿]", text):
        raise UnreadableDocument(
            f"{path.name}：没有读到中文文字。"
            + (
                "可能是扫描件：请先用文字识别（OCR）软件转成可复制文字的 PDF 或 .docx。"
                if said == "pdf"
                else "请确认文件内容和编码。"
            )
        )
    return text


LABELS = {
    "docx": "Word 文档（.docx）",
    "zip": "压缩包",
    "pdf": "PDF",
    "old": "旧版 Word/WPS 文档",
    "image": "图片",
    "html": "网页",
    "text": "文字",
    "markdown": "文字",
    "binary": "二进制数据",
}


def _said(suffix: str) -> str | None:
    if suffix in {".htm", ".html", ".xhtml", ".mht"}:
        return "html"
    if suffix in {".md", ".markdown"}:
        return "markdown"
    return {".docx": "docx", ".pdf": "pdf"}.get(suffix) or ("text" if suffix in TEXT else None)


def _kind(content: bytes) -> str:
    """What a file is, by its first bytes."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in content else "zip"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "old"
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "image"
    if re.match(rb"<!doctype html|<html|<\?xml[^>]*>\s*<(?:!doctype )?html", head, re.I):
        return "html"
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary" if b"\0" in content[:4096] and not wide else "text"


def _plain(content: bytes) -> str:
    """Decode UTF-8, UTF-16 with its mark, or GB 18030 (GBK and GB 2312 are parts of it)."""
    for encoding in (
        "utf-8-sig",
        "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "gb18030",
    ):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument(
        "文字编码不是 UTF-8 也不是 GB 18030。请用记事本打开，另存为 UTF-8 编码后再试。"
    )


def _markdown(content: bytes) -> str:
    lines = []
    for line in _plain(content).split("\n"):
        words = re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[*+-]\s+(?=\S))", "", line)
        words = re.sub(r"\*\*|__|`", "", words)
        if re.fullmatch(r"\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*", line):
            continue
        if line.lstrip().startswith("|"):
            words = "\t".join(cell.strip() for cell in words.strip().strip("|").split("|"))
        lines.append(words)
    return "\n".join(lines)


def _html(content: bytes) -> str:
    from lxml import etree, html  # here: 20 ms that other formats need not pay

    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    encoding = declared[1].decode("ascii", "replace").lower() if declared else ""
    if encoding in {"gb2312", "gbk"}:
        encoding = "gb18030"
    try:
        source = content.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        source = _plain(content)
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    try:
        tree = html.document_fromstring(source)
    except (etree.ParserError, ValueError) as error:
        raise UnreadableDocument("网页里没有内容。请在浏览器中打开，另存为网页后再试。") from error
    for element in tree.xpath(
        "//script|//style|//nav|//header|//footer|//form|//noscript|//template"
    ):
        element.drop_tree()
    return "\n".join(_html_lines(tree))


def _html_lines(element: object) -> Iterator[str]:
    """Lines of a page: one per paragraph, table rows with tabs."""
    buffer: list[str] = []

    def flush() -> Iterator[str]:
        line = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(buffer)).strip()
        buffer.clear()
        if line:
            yield line

    def walk(node: object) -> Iterator[str]:
        tag = node.tag if isinstance(node.tag, str) else ""  # type: ignore[attr-defined]
        if tag == "table" and not node.xpath(".//table"):  # type: ignore[attr-defined]
            yield from flush()
            yield from _html_rows(node)
            return
        block = tag in BLOCKS
        if block:
            yield from flush()
        if tag:
            buffer.append(node.text or "")  # type: ignore[attr-defined]
        for child in node:  # type: ignore[attr-defined]
            yield from walk(child)
            buffer.append(child.tail or "")
        if block:
            yield from flush()

    yield from walk(element)
    yield from flush()


BLOCKS = frozenset(
    "p div br h1 h2 h3 h4 h5 h6 li ul ol tr table section article body dd dt dl "
    "blockquote td th pre".split()
)


def _html_rows(table: object) -> Iterator[str]:
    spans: dict[int, int] = {}
    for row in table.iter("tr"):  # type: ignore[attr-defined]
        cells: list[str] = []
        todo = [c for c in row if c.tag in {"td", "th"}]
        column = 0
        while todo or spans.get(column, 0):
            if spans.get(column, 0):
                spans[column] -= 1
                cells.append("")
                column += 1
                continue
            cell = todo.pop(0)
            words = re.sub(r"\s+", " ", cell.text_content()).strip()
            width, height = (_count(cell.get(name)) for name in ("colspan", "rowspan"))
            for n in range(width):
                spans[column] = height - 1
                cells.append("" if n else words)
                column += 1
        if any(cells):
            yield "\t".join(cells)


def _count(value: str | None) -> int:
    return max(1, min(int(value), 1000)) if value and value.isdigit() else 1


def _docx(content: bytes) -> str:
    import docx  # here: 200 ms
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = [(info.file_size, max(info.compress_size, 1)) for info in archive.infolist()]
            if archive.testzip() if sum(s for s, _ in sizes) < MAX_UNPACKED else False:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument(
            "这份 .docx 已损坏或加了密码。请在 Word 中打开，重新另存为 .docx。"
        ) from error
    if sum(size for size, _ in sizes) > MAX_UNPACKED or any(
        s > 2**20 and s / p > MAX_RATIO for s, p in sizes
    ):
        raise UnreadableDocument(
            "这份 .docx 解压后过大，像是压缩炸弹，没有打开。"
            "请在 Word 中另存一份，或只保留规划正文。"
        )
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise UnreadableDocument(
            "这份 .docx 已损坏。请在 Word 中打开，重新另存为 .docx。"
        ) from error
    lines: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            lines += _docx_rows(part)
        else:
            lines.append(part.text)
    return "\n".join(lines)


def _docx_rows(table: object) -> Iterator[str]:
    """Rows of a Word table; a box with one cell is given back as paragraphs."""
    if len(table.columns) == 1:  # type: ignore[attr-defined]
        for row in table.rows:  # type: ignore[attr-defined]
            for cell in row.cells:
                yield from cell.text.split("\n")
        return
    seen: set[object] = set()  # holds the elements, or their identities would be used again
    for row in table.rows:  # type: ignore[attr-defined]
        cells = []
        for cell in row.cells:
            known = cell._tc in seen
            seen.add(cell._tc)
            cells.append("" if known else re.sub(r"\s*\n\s*", "", cell.text).strip())
        yield "\t".join(cells)


def _pdf(content: bytes) -> str:
    import pypdf  # here: 150 ms
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(
                "这份 PDF 加了密码。请用密码打开后另存（或打印）为不加密的 PDF 再试。"
            )
        pages = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, RecursionError, AttributeError) as error:
        raise UnreadableDocument(
            "这份 PDF 已损坏，读不出来。请用阅读器打开后另存为 PDF 再试。"
        ) from error
    if sum(len(page.strip()) for page in pages) < 20 * len(pages):
        raise UnreadableDocument(
            "这份 PDF 没有文字层，可能是扫描件。"
            "请先用文字识别（OCR）软件转成可复制文字的 PDF 或 .docx。"
        )
    return _joined_lines([line for page in pages for line in page.split("\n")])


def _joined_lines(lines: list[str]) -> str:
    """Join the lines of a page that only its margin broke; page numbers go."""
    kept = [line.strip() for line in lines if not re.fullmatch(r"\s*[—-]?\s*\d+\s*[—-]?\s*", line)]
    widest = max((len(line) for line in kept), default=0)
    text: list[str] = []
    last = ""
    for line in kept:
        full = last and len(last) >= FULL_LINE * widest and last[-1] not in MARKS
        if full and line and not HEADING.match(line):
            text[-1] += line
        else:
            text.append(line)
        last = line
    return "\n".join(text)
