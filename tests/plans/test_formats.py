from __future__ import annotations

import io
import zipfile

import docx
import pypdf
import pytest

from plans.formats import UnreadableDocument, document_text

WORDS = "支持江津区发展绿色建材产业。"
PAGE = """<html><head><meta charset="gb2312"><script>发展(脚本)</script></head><body>
<nav>导航</nav><h2>一、布局</h2><p>支持江津区<b>发展</b>绿色建材产业。</p>
<table><tr><td rowspan="2">甲市</td><td>钢铁</td></tr><tr><td>水泥</td></tr>
<tr><td colspan="2">合计</td></tr></table></body></html>"""


def put(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_plain_text_in_any_usual_encoding(tmp_path, encoding):
    assert document_text(put(tmp_path, "p.txt", WORDS.encode(encoding))) == WORDS


def test_line_ends_become_line_feeds(tmp_path):
    assert document_text(put(tmp_path, "p.txt", "甲\r\n乙\r丙")) == "甲\n乙\n丙"


def test_markdown_loses_its_marks(tmp_path):
    text = "## 一、布局\n\n**支持**江津\n\n| 园区 | 产业 |\n|---|---|\n| 甲 | 钢铁 |\n"
    assert document_text(put(tmp_path, "p.md", text)).split("\n")[::2] == [
        "一、布局", "支持江津", "园区\t产业", "",
    ]  # fmt: skip


def test_a_page_gives_paragraphs_and_rows(tmp_path):
    text = document_text(put(tmp_path, "p.html", PAGE.encode("gb18030")))
    assert text.split("\n") == ["一、布局", WORDS, "甲市\t钢铁", "\t水泥", "合计\t"]


def word(*parts):
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=len(part), cols=len(part[0]))
        for cells, words in zip(table.rows, part, strict=True):
            for cell, value in zip(cells.cells, words, strict=True):
                cell.text = value
        if len(part) > 2:
            table.cell(1, 0).merge(table.cell(2, 0))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_document_keeps_the_order_of_paragraphs_and_tables(tmp_path):
    content = word("一、布局", [["园区", "产业"], ["甲", "钢铁"], ["", "水泥"]], WORDS)
    text = document_text(put(tmp_path, "p.docx", content))
    assert text.split("\n") == ["一、布局", "园区\t产业", "甲\t钢铁", "\t水泥", WORDS]


def test_a_box_of_one_cell_is_paragraphs(tmp_path):
    content = word([["专栏1 重点\n支持甲市发展钢铁。"]])
    assert document_text(put(tmp_path, "p.docx", content)) == "专栏1 重点\n支持甲市发展钢铁。"


def pdf(password=None, pages=1):
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (300 * 2**20))
    return buffer.getvalue()


REFUSED = {
    "scan.pdf": (lambda: pdf(pages=2), "OCR"),
    "locked.pdf": (lambda: pdf("秘密"), "加了密码"),
    "broken.pdf": (lambda: b"%PDF-1.7\nnothing", "损坏|没有文字层"),
    "bomb.docx": (bomb, "压缩炸弹"),
    "broken.docx": (lambda: word(WORDS)[:2000], "损坏"),
    "empty.docx": (lambda: word(""), "没有读到中文文字"),
    "lie.docx": (pdf, "内容却是 PDF"),
    "lie.pdf": (lambda: word(WORDS), "内容却是 Word"),
    "lie.txt": (lambda: word(WORDS), "内容却是 Word"),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "内容却是 图片"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0", "另存为 .docx"),
    "plan.wps": (lambda: b"\xd0\xcf\x11\xe0", "另存为 .docx"),
    "plan.ofd": (lambda: b"PK\x03\x04", "另存为 .docx"),
    "plan.xyz": (lambda: b"abc", "可以读取"),
    "empty.txt": (lambda: b"", "没有读到中文文字"),
    "binary.txt": (lambda: bytes(range(256)) * 9, "二进制"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_advice(tmp_path, name):
    make, advice = REFUSED[name]
    with pytest.raises(UnreadableDocument, match=advice):
        document_text(put(tmp_path, name, make()))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableDocument, match=r"无此规划\.txt"):
        document_text(tmp_path / "无此规划.txt")
