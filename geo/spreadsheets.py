"""Tables for Excel: CSV and XLSX.

Where a feature is, two columns at the end say, in the output system, of the point that stands
for it: ``longitude`` and ``latitude`` in degrees, or ``easting`` and ``northing`` in metres.
GCJ-02 has column names of its own, so that nobody takes one for the other.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from errors import BadParameter
from geo.feature_layers import FLOAT_EXACT, STORED, features, project, values, xml_text
from geo.feature_table import About, Chunk, FeatureTable, Field
from geo.file_formats import GCJ02, is_geographic
from geo.geojson import DEGREE_DECIMALS, METRE_DECIMALS

MAX_ROWS = 1_048_575
"""Rows of a sheet under its header."""
MAX_TEXT = 32_767
"""UTF-16 units in a cell."""
MIN_WIDTH, MAX_WIDTH = 8, 48
"""Widths of columns, in digits."""
FIRST_DAY = date(1900, 3, 1)
"""Days before it have no number, or a wrong one, in Excel; they are written as text."""

LONGITUDE = Field("longitude", "number", "LON", "经度", "Longitude", "代表点的经度，单位度。")
LATITUDE = Field("latitude", "number", "LAT", "纬度", "Latitude", "代表点的纬度，单位度。")
EASTING = Field("easting", "number", "EAST", "东坐标", "Easting", "代表点的东坐标，单位米。")
NORTHING = Field("northing", "number", "NORTH", "北坐标", "Northing", "代表点的北坐标，单位米。")
GCJ_NOTE = "代表点在 GCJ-02（网络地图的偏移坐标）中的坐标，单位度，与真实位置相差数百米。"
GCJ_LONGITUDE = Field("longitude_gcj02", "number", "LONGCJ", "经度（GCJ-02）", "", GCJ_NOTE)
GCJ_LATITUDE = Field("latitude_gcj02", "number", "LATGCJ", "纬度（GCJ-02）", "", GCJ_NOTE)


def position_fields(table: FeatureTable, crs: str) -> tuple[Field, ...]:
    """The two columns that say where a feature is; none in a table without geometry."""
    if not table.parts:
        return ()
    if crs == GCJ02:
        return (GCJ_LONGITUDE, GCJ_LATITUDE)
    return (LONGITUDE, LATITUDE) if is_geographic(crs) else (EASTING, NORTHING)


def write_csv(table: FeatureTable, crs: str, folder: Path) -> Path:
    """Write a CSV that Excel opens by double click: UTF-8 with a byte order mark, CRLF.

    Values are exact; a missing one and an empty text are the same.

    Parameters
    ----------
    table, crs
        See `geo.exporting.write`.
    folder
        Takes the file.
    """
    path = folder / f"{table.name}.csv"
    fields = (*table.fields, *position_fields(table, crs))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields])
        for columns in _columns(table, crs):
            writer.writerows(zip(*columns, strict=True))
    return path


def write_xlsx(table: FeatureTable, crs: str, about: About, folder: Path) -> Path:
    """Write a workbook: the data, the provenance (说明) and the fields (字段说明).

    Text is written as text, never as a formula or an address; CR LF and CR become line feeds,
    Excel's line break, and characters that XML cannot hold become U+FFFD. Numbers have 16
    digits; integers beyond 2^53 and days before March 1900 are text.

    Parameters
    ----------
    table, crs, about
        See `geo.exporting.write`.
    folder
        Takes the file and, while it is written, its parts.

    Raises
    ------
    BadParameter
        A text or the number of rows is beyond Excel's limits.
    """
    path = folder / f"{table.name}.xlsx"
    fields = (*table.fields, *position_fields(table, crs))
    options = {"constant_memory": True, "tmpdir": str(folder)}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": table.title})
        heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        data = workbook.add_worksheet("数据")
        _write_data(
            data, table, crs, fields, heading, workbook.add_format({"num_format": "yyyy-mm-dd"})
        )
        notes = [
            ("" if number else about.labels.get(key, key), line)
            for key, text in about.entries.items()
            for number, line in enumerate([text] if isinstance(text, str) else text)
            if line
        ]
        _write_text(workbook.add_worksheet("说明"), notes, (18, 90), wrapped)
        meanings = [
            (field.name, field.title, field.title_en, field.type, field.note) for field in fields
        ]
        header = ("字段 name", "名称 title", "英文名 title_en", "类型 type", "说明 note")
        _write_text(
            workbook.add_worksheet("字段说明"),
            [header, *meanings],
            (22, 22, 26, 12, 70),
            wrapped,
            heading,
        )
    return path


def _columns(table: FeatureTable, crs: str) -> Iterator[list[list[Any]]]:
    """The columns of each chunk, those of the position last."""
    for chunk in features(table, STORED):
        columns = [values(chunk, field) for field in table.fields]
        yield columns + (_positions(chunk, crs) if table.parts else [])


def _positions(chunk: Chunk, crs: str) -> list[list[float | None]]:
    points = project(chunk.labels, crs)
    decimals = DEGREE_DECIMALS if is_geographic(crs) else METRE_DECIMALS
    axes = np.round((shapely.get_x(points), shapely.get_y(points)), decimals)
    return [[None if math.isnan(v) else v for v in axis] for axis in axes.tolist()]


def _write_data(
    sheet: Worksheet,
    table: FeatureTable,
    crs: str,
    fields: tuple[Field, ...],
    heading: Format,
    day: Format,
) -> None:
    """Write the data under two-line headings, and make them easy to read and to filter."""
    sheet.set_row(0, 33)
    for column, field in enumerate(fields):
        sheet.write_string(0, column, f"{field.title}\n{field.name}", heading)
    widths = [_width(f"{field.title}\n{field.name}") + 3 for field in fields]
    row = 0
    for columns in _columns(table, crs):
        if row == 0:
            widths = [max(w, *map(_width, c[:200])) for w, c in zip(widths, columns, strict=True)]
        for record in zip(*columns, strict=True):
            row += 1
            if row > MAX_ROWS:
                raise _too_large(f"结果超过 {MAX_ROWS:,} 行")
            for column, value in enumerate(record):
                _write_value(sheet, row, column, value, day)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, MIN_WIDTH), MAX_WIDTH))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(fields) - 1)


def _write_value(
    sheet: Worksheet, row: int, column: int, value: str | float | date | None, day: Format
) -> None:
    """Write a value as what it is, or as text where Excel would change it."""
    if value is None:
        return
    if isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) <= FLOAT_EXACT):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, _cell(str(value), sheet.name, row))


def _write_text(
    sheet: Worksheet,
    rows: Sequence[tuple[str, ...]],
    widths: tuple[int, ...],
    wrapped: Format,
    heading: Format | None = None,
) -> None:
    """Write a small sheet of text; the first row is its header where there is a heading."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            style = heading if heading and row == 0 else wrapped
            sheet.write_string(row, column, _cell(text, sheet.name, row), style)


def _cell(text: str, sheet: str, row: int) -> str:
    """Text as a cell holds it: line feeds alone, U+FFFD for what XML cannot hold."""
    made = xml_text(re.sub("\r\n?", "\n", text))
    if len(made) > MAX_TEXT // 2 and len(made.encode("utf-16-le")) > 2 * MAX_TEXT:
        raise _too_large(f"工作表“{sheet}”第 {row + 1} 行有一段文字超过 {MAX_TEXT:,} 字")
    return made


def _width(value: object) -> int:
    """Digits the longest line of a value takes; a Chinese character takes two."""
    lines = "" if value is None else str(value)
    return max(
        sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line[:MAX_WIDTH])
        for line in lines[: 4 * MAX_WIDTH].split("\n")
    )


def _too_large(what: str) -> BadParameter:
    return BadParameter(
        "ext", "xlsx", ("csv", "gpkg"), f"{what}，Excel 工作簿放不下；请改用 CSV 或 GPKG。"
    )
