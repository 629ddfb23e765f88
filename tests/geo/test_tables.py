from __future__ import annotations

from datetime import date

import pytest

from errors import DataError
from geo.tables import parse_date, parse_number, read_table, split_list


def write(tmp_path, raw):
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    return path


def test_reads_rows_and_tolerates_a_byte_order_mark(tmp_path):
    path = write(tmp_path, b"\xef\xbb\xbfa,b\n1,\xe7\x94\xb2\n")
    assert read_table(path, ("a", "b")) == [{"a": "1", "b": "甲"}]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a\n1\n", "缺少列：b"),
        (b"a,b\n1\n", "第 2 行"),
        (b"a,b\n1,2,3\n", "第 2 行"),
        ("a,b\n甲,乙\n".encode("gb18030"), "不是 UTF-8"),
    ],
)
def test_a_broken_table_is_refused(tmp_path, raw, said):
    with pytest.raises(DataError, match=said):
        read_table(write(tmp_path, raw), ("a", "b"))


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv"):
        read_table(tmp_path / "none.csv", ())


def test_cells():
    assert split_list("a+b") == ("a", "b")
    assert split_list("") == ()
    assert parse_date("2025-11-06") == date(2025, 11, 6)
    assert parse_date("") is None
    assert parse_number("0") == 0.0
    assert parse_number("") is None
