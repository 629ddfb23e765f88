"""Shapefiles: text is split, never cut, and put together again; what does not fit is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from itertools import pairwise

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import BadParameter, DataError
from geo import shapefile
from geo.exporting import write
from geo.feature_table import About, Chunk, FeatureTable, Field
from geo.shapefile import join_pieces, piece_name, split_text, table_columns

ABOUT = About({"标题": "表"})
TEXT = Field("condition", "string", "COND", "条件", "Condition", "规划原文。")
ALPHABET = st.sampled_from("a 规é😀\n，") | st.characters(exclude_categories=["Cs"])
LONG = st.text(ALPHABET, max_size=400) | st.text(st.sampled_from("规😀 "), max_size=700)


def rows(fields: tuple[Field, ...], *records: tuple, located: bool = True) -> FeatureTable:
    """A table of points, or of features without geometry."""
    columns = {f.name: [row[i] for row in records] for i, f in enumerate(fields)}
    points = np.array([shapely.Point(106, 29) if located else None for _ in records])
    return FeatureTable(
        "things",
        "事物",
        fields,
        lambda: iter([Chunk(columns, points, points)]),
        ("point",) if located else (),
    )


def export(table: FeatureTable, folder) -> list[dict]:
    path = folder / "things.shp.zip"
    write(table, "shp.zip", "", ABOUT, path)
    return pyogrio.raw.read_arrow(path, read_geometry=False)[1].to_pylist()


@settings(deadline=None)
@given(LONG)
def test_pieces_fit_and_join_to_the_text(text):
    pieces = split_text(text)
    assert all(len(piece) <= 254 for piece in pieces)
    assert "".join(piece.decode() for piece in pieces) == text
    assert all(pieces) or text == ""


@settings(deadline=None)
@given(st.text(st.sampled_from("规 a"), max_size=900))
def test_no_cut_lies_beside_a_space_where_another_is_possible(text):
    pieces = split_text(text)
    for left, right in pairwise(pieces):
        if left.endswith(b" ") or right.startswith(b" "):
            characters = (left + right[:4]).decode(errors="ignore")[: len(left.decode()) + 1]
            assert all(" " in pair for pair in pairwise(characters))


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("", [0]),
        ("a" * 254, [254]),
        ("a" * 255, [254, 1]),
        ("规" * 84, [252]),
        ("规" * 85, [252, 3]),
        ("a" + "规" * 85, [253, 3]),
        ("😀" * 64, [252, 4]),
        ("a" * 253 + " b", [252, 3]),
        ("a" * 254 + " b", [253, 3]),
        (" " * 300, [254, 46]),
    ],
)
def test_cuts(text, sizes):
    assert [len(piece) for piece in split_text(text)] == sizes


@settings(deadline=None, max_examples=15)
@given(st.lists(LONG, min_size=1, max_size=4))
def test_what_gdal_reads_joins_to_the_text(tmp_path_factory, texts):
    texts = [" ".join(text.replace("\0", "").split()) for text in texts]
    folder = tmp_path_factory.mktemp("shp")
    table = rows((TEXT,), *((text,) for text in texts), located=False)
    found = [join_pieces(row, "COND") for row in export(table, folder)]
    assert found == [text or None for text in texts]


def test_pieces_are_counted_over_the_whole_result(tmp_path):
    fields = (TEXT, Field("note", "string", "NOTE", "注", "Note"))
    first, second = "规" * 100, "划" * 2000
    found = export(rows(fields, (first, None), (None, "短"), (second, "")), tmp_path)
    names = ["COND", *(f"COND{number:02}" for number in range(2, 25)), "NOTE"]
    assert list(found[0]) == names
    assert [join_pieces(row, "COND") for row in found] == [first, None, second]
    assert [join_pieces(row, "NOTE") for row in found] == [None, "短", None]


def test_the_zip_explains_its_fields(tmp_path):
    fields = (TEXT, Field("share", "number", "SHARE", "份额", "Share"))
    export(rows(fields, ("规" * 100, 0.5)), tmp_path)
    with zipfile.ZipFile(tmp_path / "things.shp.zip") as archive:
        guide = archive.read("字段说明.csv")
        assert archive.read("things.cpg") == b"UTF-8"
    assert guide.startswith(b"\xef\xbb\xbf")
    listed = list(csv.reader(io.StringIO(guide.decode("utf-8-sig"), newline="")))
    assert listed == [
        ["短字段名", "字段", "名称", "英文名", "类型", "说明", "第几段"],
        ["COND", "condition", "条件", "Condition", "string", "规划原文。", "1"],
        ["COND02", "condition", "条件", "Condition", "string", "规划原文。", "2"],
        ["SHARE", "share", "份额", "Share", "number", "", "1"],
    ]


def test_numbers_and_days_are_exact(tmp_path):
    fields = (
        Field("n", "integer", "N", "数", "Number"),
        Field("x", "number", "X", "值", "Value"),
        Field("day", "date", "DAY", "日", "Day"),
    )
    records = [
        (0, 0.1 + 0.2, date(2022, 12, 15)),
        (-(10**17) + 1, -2.2250738585072014e-308, date(1949, 10, 1)),
        (None, None, None),
        (2**59, 1.7976931348623157e308, date(999, 1, 2)),
    ]
    found = export(rows(fields, *records), tmp_path)
    assert [tuple(row.values()) for row in found] == records
    info = pyogrio.read_info(tmp_path / "things.shp.zip")
    assert info["dtypes"].tolist() == ["int64", "float64", "datetime64[D]"]


def test_the_largest_integers_widen_their_field(tmp_path):
    fields = (Field("n", "integer", "N", "数", "Number"),)
    assert [c.width for c in table_columns(rows(fields, (5,)))] == [18]
    assert [c.width for c in table_columns(rows(fields, (-(2**63),)))] == [20]
    (row,) = export(rows(fields, (-(2**63),)), tmp_path)
    assert row == {"N": -(2**63)}


def test_the_bytes_of_a_table_are_dbase(tmp_path):
    fields = (TEXT, Field("x", "number", "X", "值", "Value"))
    write(rows(fields, ("规划", 7.5), located=False), "shp.zip", "", ABOUT, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        raw = archive.read("things.dbf")
    assert raw[0] == 3
    assert int.from_bytes(raw[4:8], "little") == 1
    start = int.from_bytes(raw[8:10], "little")
    assert start == 32 + 2 * 32 + 1
    assert int.from_bytes(raw[10:12], "little") == 1 + 6 + 24
    assert raw[32:44] == b"COND".ljust(11, b"\0") + b"C"
    assert raw[64:76] == b"X".ljust(11, b"\0") + b"F"
    assert raw[start - 1 : start] == b"\r"
    assert raw[start:] == b" " + "规划".encode() + b"7.5".rjust(24) + b"\x1a"


@pytest.mark.parametrize(
    ("fields", "record"),
    [
        ((TEXT,), ("规" * 8_400,)),
        (
            tuple(Field(f"f{i}", "string", f"F{i}", "字段", "Field") for i in range(3)),
            ("a" * 254 * 90,) * 3,
        ),
        (
            tuple(Field(f"f{i}", "string", f"F{i}", "字段", "Field") for i in range(256)),
            ("a",) * 256,
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_advice(fields, record, tmp_path):
    with pytest.raises(BadParameter, match="GPKG 或 CSV") as raised:
        export(rows(fields, record), tmp_path)
    assert raised.value.allowed == ("gpkg", "csv")
    assert not list(tmp_path.iterdir())


def test_the_limits_themselves_are_taken(tmp_path):
    fields = tuple(Field(f"f{i}", "string", f"F{i}", "字段", "Field") for i in range(255))
    (row,) = export(rows(fields, tuple(str(i) for i in range(255))), tmp_path)
    assert list(row.values()) == [str(i) for i in range(255)]
    text = "a" * (254 * 99)
    (row,) = export(rows((TEXT,), (text,)), tmp_path)
    assert join_pieces(row, "COND") == text
    assert shapefile.MAX_PIECES == 99


@pytest.mark.parametrize("names", [("TOOLONGNAME",), ("条件",), ("A", "a"), ("A-B",), ("",)])
def test_short_names_are_checked(names, tmp_path):
    fields = tuple(Field(f"f{i}", "string", name, "字段", "Field") for i, name in enumerate(names))
    with pytest.raises(DataError, match="短字段名"):
        export(rows(fields, ("x",) * len(fields)), tmp_path)


def test_a_piece_may_not_take_the_name_of_a_field(tmp_path):
    fields = (TEXT, Field("other", "string", "COND02", "其他", "Other"))
    export(rows(fields, ("短", "短")), tmp_path)
    with pytest.raises(DataError):
        export(rows(fields, ("规" * 100, "短")), tmp_path)


def test_names_of_pieces():
    assert [piece_name("COND", piece) for piece in (0, 1, 8, 9, 98)] == [
        "COND",
        "COND02",
        "COND09",
        "COND10",
        "COND99",
    ]
    record = {"COND": "a", "COND02": None, "COND03": "c", "COND05": "x", "CONDX": "y"}
    assert join_pieces(record, "COND") == "ac"
    assert join_pieces({"COND": float("nan")}, "COND") is None
