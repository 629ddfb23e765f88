"""CSV and XLSX as Excel needs them."""

from __future__ import annotations

import datetime
import os
import re
import time
import zipfile

import numpy as np
import openpyxl
import pytest
import shapely

from errors import BadParameter
from geo import spreadsheets
from geo.exporting import write
from geo.feature_table import About, Chunk, FeatureTable, Field

FIELDS = (
    Field("action", "string", "ACTION", "布局动作", "Action", "规划的用词。"),
    Field("n", "integer", "N", "数量", "Count"),
    Field("share", "number", "SHARE", "份额", "Share"),
    Field("day", "date", "DAY", "日期", "Date"),
)
ABOUT = About({"title": "=SUM(1)", "规划": ("规划一", "规划二"), "空": ()}, {"title": "标题"})
DAY = datetime.date(2022, 12, 15)


def table(*records: tuple, parts: tuple[str, ...] = ("point",)) -> FeatureTable:
    columns = {f.name: [row[i] for row in records] for i, f in enumerate(FIELDS)}
    points = np.array([shapely.Point(106.12345678, 29.5) for _ in records], dtype=object)
    if not parts:
        points = np.full(len(records), None, dtype=object)
    return FeatureTable(
        "things", "事物", FIELDS, lambda: iter([Chunk(columns, points, points)]), parts
    )


def workbook(made: FeatureTable, folder, crs: str = ""):
    write(made, "xlsx", crs, ABOUT, folder / "a.xlsx")
    return openpyxl.load_workbook(folder / "a.xlsx")


def csv_text(made: FeatureTable, folder, crs: str = "") -> bytes:
    write(made, "csv", crs, ABOUT, folder / "a.csv")
    return (folder / "a.csv").read_bytes()


def test_the_bytes_of_a_csv(tmp_path):
    made = table(('引"号', 1, 0.1 + 0.2, DAY), ("a,b\nc\r\nd", None, 1e-20, None), (None,) * 4)
    assert csv_text(made, tmp_path).decode() == (
        "\ufeffaction,n,share,day,longitude,latitude\r\n"
        '"引""号",1,0.30000000000000004,2022-12-15,106.1234568,29.5\r\n'
        '"a,b\nc\r\nd",,1e-20,,106.1234568,29.5\r\n'
        ",,,,106.1234568,29.5\r\n"
    )


@pytest.mark.parametrize(
    ("crs", "names"),
    [
        ("EPSG:4490", ["longitude", "latitude"]),
        ("EPSG:4549", ["easting", "northing"]),
        ("EPSG:3857", ["easting", "northing"]),
        ("GCJ-02", ["longitude_gcj02", "latitude_gcj02"]),
    ],
)
def test_columns_of_the_position(crs, names, tmp_path):
    made = table(("a", 1, 1.0, DAY))
    head, row, _ = csv_text(made, tmp_path, crs).decode("utf-8-sig").split("\r\n")
    assert head.split(",")[-2:] == names
    decimals = [len(number.partition(".")[2]) for number in row.split(",")[-2:]]
    assert max(decimals) <= (3 if names[0] == "easting" else 7)
    sheet = workbook(made, tmp_path, crs)["数据"]
    assert [cell.value.split("\n")[1] for cell in sheet[1][-2:]] == names
    assert [cell.value for cell in sheet[2][-2:]] == [float(v) for v in row.split(",")[-2:]]


def test_a_table_without_geometry_has_no_position(tmp_path):
    assert csv_text(table(parts=()), tmp_path) == b"\xef\xbb\xbfaction,n,share,day\r\n"
    assert workbook(table(parts=()), tmp_path)["数据"].max_column == 4


def test_the_data_sheet_is_ready_to_work_with(tmp_path):
    made = table(("发展" * 40, 1, 0.5, DAY), (None, -3, None, None))
    book = workbook(made, tmp_path)
    assert book.sheetnames == ["数据", "说明", "字段说明"]
    sheet = book["数据"]
    assert sheet["A1"].value == "布局动作\naction"
    assert sheet["A1"].font.b
    assert sheet["A1"].alignment.wrap_text
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet["D2"].is_date
    assert sheet["D2"].value.date() == DAY
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "n", "n"]
    assert [cell.value for cell in sheet[3][:4]] == [None, -3, None, None]
    assert sheet.column_dimensions["A"].width == pytest.approx(48, abs=1)
    assert 8 <= sheet.column_dimensions["B"].width < 16


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://example.org/", "mailto:a@b.c", "123", "0012",
     "2022-12-15", "TRUE", "#N/A", "_x0041_", " 前后 ", "<b>&amp;", "😀", "第一行\n第二行", "'x"],
)  # fmt: skip
def test_text_stays_text(text, tmp_path):
    path = tmp_path / "a.xlsx"
    cell = workbook(table((text, None, None, None)), tmp_path)["数据"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value.replace("_x005F_", "_") == text
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_line_breaks_are_those_of_excel(tmp_path):
    cell = workbook(table(("a\r\nb\rc\nd", None, None, None)), tmp_path)["数据"]["A2"]
    assert cell.value == "a\nb\nc\nd"


def test_what_excel_would_change_is_text(tmp_path):
    early, exact = datetime.date(1900, 2, 28), datetime.date(1900, 3, 1)
    made = table((None, 2**53, None, early), (None, 2**53 + 1, None, exact))
    sheet = workbook(made, tmp_path)["数据"]
    assert (sheet["B2"].value, sheet["B3"].value) == (2**53, "9007199254740993")
    assert (sheet["D2"].value, sheet["D3"].value.date()) == ("1900-02-28", exact)


def test_sheets_of_notes(tmp_path):
    book = workbook(table(("a", 1, 0.5, DAY)), tmp_path)
    assert list(book["说明"].values) == [
        ("标题", "=SUM(1)"),
        ("规划", "规划一"),
        ("", "规划二"),
    ]
    assert book["说明"]["B1"].data_type == "s"
    notes = list(book["字段说明"].values)
    assert notes[0] == ("字段 name", "名称 title", "英文名 title_en", "类型 type", "说明 note")
    assert notes[1] == ("action", "布局动作", "Action", "string", "规划的用词。")
    assert [note[0] for note in notes[1:]] == [f.name for f in FIELDS] + ["longitude", "latitude"]


@pytest.mark.parametrize("text", ["长" * 32_768, "😀" * 16_384, "a\n" * 16_384])
def test_text_beyond_a_cell_is_refused(text, tmp_path):
    with pytest.raises(BadParameter, match=r"第 2 行.*请改用 CSV 或 GPKG") as raised:
        workbook(table((text, None, None, None)), tmp_path)
    assert raised.value.allowed == ("csv", "gpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["长" * 32_767, "😀" * 16_383 + "a", "a\r\n" * 16_383 + "a"])
def test_text_that_just_fits_a_cell(text, tmp_path):
    cell = workbook(table((text, None, None, None)), tmp_path)["数据"]["A2"]
    assert cell.value == text.replace("\r\n", "\n")


def test_rows_beyond_a_sheet_are_refused(monkeypatch, tmp_path):
    assert spreadsheets.MAX_ROWS == 1_048_575
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    row = ("a", 1, 0.5, DAY)
    assert workbook(table(row, row, row), tmp_path)["数据"].max_row == 4
    (tmp_path / "a.xlsx").unlink()
    with pytest.raises(BadParameter, match="请改用 CSV 或 GPKG"):
        workbook(table(row, row, row, row), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_clock_of_the_server_does_not_matter(monkeypatch, tmp_path):
    made = table(("a", 1, 0.5, DAY))
    texts, days = set(), set()
    for zone in ("Asia/Shanghai", "America/Los_Angeles"):
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()
        texts.add(csv_text(made, tmp_path))
        workbook(made, tmp_path)
        with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
            days.add(archive.read("xl/worksheets/sheet1.xml"))
    monkeypatch.undo()
    time.tzset()
    assert len(texts) == len(days) == 1
    assert re.search(rb"<v>44910</v>", days.pop())
