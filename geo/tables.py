"""Reading our CSV tables: UTF-8, a header, `+`-joined and `;`-joined lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from errors import DataError

CHINA = timezone(timedelta(hours=8))
"""The time by which changes of China's units take effect."""


def read_table(path: Path, required: Iterable[str]) -> list[dict[str, str]]:
    """Read a CSV table as a list of rows.

    Parameters
    ----------
    path
        UTF-8 file (a byte-order mark is tolerated) with a header line.
    required
        Columns that must be there; more may follow.

    Raises
    ------
    DataError
        The file is missing, lacks a column, or a row has another number of cells.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(required) - set(reader.fieldnames or ())
            if missing:
                raise DataError(f"{path.name} 缺少列：{'、'.join(sorted(missing))}")
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise DataError(f"{path.name} 第 {reader.line_num} 行的列数与表头不符")
                rows.append(row)
            return rows
    except OSError as error:
        raise DataError(f"读不到表 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} 不是 UTF-8 编码：{error}") from error


def split_list(cell: str, separator: str = "+") -> tuple[str, ...]:
    """Split a joined cell; an empty cell is an empty tuple."""
    return tuple(part for part in cell.split(separator) if part)


def parse_date(cell: str) -> date | None:
    """Read an ISO 8601 calendar date; an empty cell is None.

    Raises
    ------
    ValueError
        The cell is not a date.
    """
    return date.fromisoformat(cell) if cell else None


def calendar_day(text: str) -> date:
    """Read a day written YYYY-MM-DD and in no other way.

    Raises
    ------
    ValueError
        It is not.
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def china_day(text: str) -> date:
    """The day in China of a moment written by RFC 3339.

    Raises
    ------
    ValueError
        It is not, or lacks its offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", text):
        raise ValueError(text)
    try:
        return moment.astimezone(CHINA).date()
    except OverflowError as error:
        raise ValueError(text) from error


def parse_number(cell: str) -> float | None:
    """Read a decimal number; an empty cell is None.

    Raises
    ------
    ValueError
        The cell is not a number.
    """
    return float(cell) if cell else None


def read_column(path: Path, column: str) -> set[str]:
    """The words of one column of a table, blanks left out."""
    return {row[column] for row in read_table(path, (column,)) if row[column]}
