"""Shapefiles whose tables keep every character.

The shapes are GDAL's; the tables (dBASE III) are written here, because GDAL cuts text at 254
bytes. What a table cannot hold in one field stands in several: the first has the short name
of the field, those after it the name and two digits (``SECTION``, ``SECTION02``,
``SECTION03``). A table has as many as its longest value needs; `join_pieces` puts them
together, and ``字段说明.csv`` in the zip lists them.

Limits of the format: a missing text and an empty one are the same, spaces at the ends of a
text are lost, and a missing number is blank, which some programs show as 0.
"""

from __future__ import annotations

import errno
import os
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from errors import BadParameter, DataError
from geo.feature_layers import STORED, Layer, features, layers, values
from geo.feature_table import UNLOCATED, FeatureTable, Field
from geo.gdal_layers import GEOMETRY, Batches, wkb, write_layer

PIECE = 254
"""Bytes a text field holds."""
MAX_PIECES = 99
"""Two digits."""
MAX_FIELDS = 255
"""As many fields of `PIECE` bytes stay below the 65,535 bytes a record may have."""
INTEGER_WIDTH = 18
"""What GDAL reads as 64 bits; longer numbers make a field wider."""
NUMBER_WIDTH = 24
"""The longest float64 as Python writes it."""
SHORT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,7}", re.ASCII)
SPACE = 0x20


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a dBASE table.

    Attributes
    ----------
    name
        ASCII, at most ten characters.
    source
        The field it is of.
    piece
        Which piece of the text, from 0.
    width
        Bytes.
    """

    name: str
    source: Field
    piece: int
    width: int


def write_shapefiles(table: FeatureTable, crs: str, folder: Path) -> tuple[Column, ...]:
    """Write a Shapefile per part; of what is not located, the table alone.

    Parameters
    ----------
    table
        Read twice for its widths and values, and once for its shapes.
    crs
        Output system.
    folder
        Takes the files.

    Returns
    -------
    tuple of Column
        The same in each table.

    Raises
    ------
    BadParameter
        The fields are too many or too long for the format.
    DataError
        Short names are not distinct ASCII names of at most eight characters.
    """
    columns = table_columns(table)
    for layer in layers(table):
        if layer.part != UNLOCATED:
            _write_shapes(table, crs, layer, folder)
        with (folder / f"{layer.name}.dbf").open("wb") as file:
            _write_table(file, table, columns, layer)
        (folder / f"{layer.name}.cpg").write_text("UTF-8", encoding="ascii")
    return columns


def table_columns(table: FeatureTable) -> tuple[Column, ...]:
    """The columns that hold every value of a table; see `write_shapefiles`."""
    widths = _widths(table)
    columns = tuple(
        Column(piece_name(field.short, piece), field, piece, width)
        for field in table.fields
        for piece, width in enumerate(widths[field.name])
    )
    names = [column.name.upper() for column in columns]
    if len(set(names)) < len(names) or not all(SHORT.fullmatch(f.short) for f in table.fields):
        raise DataError(f"表 {table.name} 的短字段名不合要求，或互相重复。")
    longest = max((len(pieces) for pieces in widths.values()), default=0)
    if longest > MAX_PIECES or len(columns) > MAX_FIELDS:
        reason = (
            "结果里的字段太多或文字太长，Shapefile 放不下"
            f"（最多 {MAX_FIELDS} 个字段，一段文字最长约 {PIECE * MAX_PIECES:,} 字节）；"
            "请改用 GPKG 或 CSV，或用 fields 少选几个字段。"
        )
        raise BadParameter("ext", "shp.zip", ("gpkg", "csv"), reason)
    return columns


def piece_name(short: str, piece: int) -> str:
    """Name of a piece, counted from 0: ``SECTION``, ``SECTION02``, …"""
    return short if piece == 0 else f"{short}{piece + 1:02}"


def split_text(text: str) -> list[bytes]:
    """Cut a text into pieces of at most `PIECE` bytes of UTF-8.

    Cuts lie between characters and, since readers drop spaces at the ends of a field, not
    beside a space, unless every character of the piece has one beside it.

    Returns
    -------
    list of bytes
        At least one; joined, they are the text.
    """
    raw = text.encode()
    pieces = []
    while len(raw) > PIECE:
        ends = [end for end in range(PIECE, 0, -1) if raw[end] & 0xC0 != 0x80]
        apart = (end for end in ends if SPACE not in {raw[end - 1], raw[end]})
        end = next(apart, ends[0])
        pieces.append(raw[:end])
        raw = raw[end:]
    return [*pieces, raw]


def join_pieces(record: Mapping[str, Any], short: str) -> str | None:
    """Put the pieces of a text together.

    Parameters
    ----------
    record
        Column name → value of a record, as any reader gives it.
    short
        Name of the first piece.

    Returns
    -------
    str or None
        None where all pieces are missing or empty.
    """
    names = [short]
    while piece_name(short, len(names)) in record:
        names.append(piece_name(short, len(names)))
    return "".join(record[name] for name in names if isinstance(record[name], str)) or None


def _widths(table: FeatureTable) -> dict[str, list[int]]:
    """Bytes needed by each piece of each field."""
    widths = {field.name: [_least(field)] for field in table.fields}
    for chunk in table.chunks():
        for field in table.fields:
            found = widths[field.name]
            for value in values(chunk, field):
                for piece, cell in enumerate(_cells(value)):
                    if piece == len(found):
                        found.append(1)
                    found[piece] = max(found[piece], len(cell))
    return widths


def _least(field: Field) -> int:
    return {"integer": INTEGER_WIDTH, "number": NUMBER_WIDTH, "date": 8}.get(field.type, 1)


def _cells(value: str | float | date | None) -> list[bytes]:
    """A value as it stands in the columns of its field."""
    if value is None:
        return [b""]
    if isinstance(value, str):
        return split_text(value)
    if isinstance(value, date):
        return [b"%04d%02d%02d" % (value.year, value.month, value.day)]
    return [repr(value).encode()]


def _write_shapes(table: FeatureTable, crs: str, layer: Layer, folder: Path) -> None:
    """Write geometry, index and system; GDAL wants a table, too, which is replaced."""
    schema = pa.schema([pa.field("n", pa.int32()), pa.field(GEOMETRY, pa.binary())])

    def read() -> Iterator[pa.RecordBatch]:
        for chunk in features(table, crs, layer.part, multi=True):
            number = pa.array(np.zeros(len(chunk.geometry), dtype=np.int32))
            yield pa.record_batch([number, wkb(chunk.geometry)], schema=schema)

    path = folder / f"{layer.name}.shp"
    options = {"2GB_LIMIT": "YES"}
    write_layer(
        path,
        "ESRI Shapefile",
        layer.name,
        layer.part,
        crs,
        Batches(schema, read),
        encoding="UTF-8",
        layer_options=options,
    )
    for written in (path, path.with_suffix(".shx")):
        if written.exists():
            _check_length(written)


def _check_length(path: Path) -> None:
    """Refuse a file that is shorter than its header says: GDAL does not tell of a full disk.

    Raises
    ------
    OSError
        It is.
    """
    with path.open("rb") as file:
        words = int.from_bytes(file.read(28)[24:28], "big")  # 16-bit words, whitepaper of 1998
    if path.stat().st_size != 2 * words:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _write_table(
    file: BinaryIO, table: FeatureTable, columns: tuple[Column, ...], layer: Layer
) -> None:
    """Write a dBASE III table in UTF-8."""
    records = 0
    file.write(_header(columns, records))
    pieces = {f.name: [c.width for c in columns if c.source is f] for f in table.fields}
    for chunk in features(table, STORED, layer.part):
        made = [_padded(values(chunk, f), f, pieces[f.name]) for f in table.fields]
        file.writelines(b" " + b"".join(row) for row in zip(*made, strict=True))
        records += len(chunk.geometry)
    file.write(b"\x1a")
    file.seek(0)
    file.write(_header(columns, records))


def _padded(column: list[Any], field: Field, widths: list[int]) -> Iterator[bytes]:
    """The cells of a field's columns, side by side: text to the left, numbers to the right."""
    numeric = field.type in {"integer", "number"}
    for value in column:
        cells = _cells(value)
        if numeric:
            yield cells[0].rjust(widths[0])
            continue
        cells += [b""] * (len(widths) - len(cells))
        yield b"".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def _header(columns: tuple[Column, ...], records: int) -> bytes:
    today = datetime.now(UTC).date()
    size = 32 + 32 * len(columns) + 1
    record = 1 + sum(column.width for column in columns)
    head = struct.pack(
        "<4BIHH20x", 3, today.year - 1900, today.month, today.day, records, size, record
    )
    kinds = {"string": b"C", "integer": b"N", "number": b"F", "date": b"D"}
    described = [
        struct.pack(
            "<11sc4xBB14x",
            column.name.encode("ascii"),
            kinds[column.source.type],
            column.width,
            15 if column.source.type == "number" else 0,
        )
        for column in columns
    ]
    return head + b"".join(described) + b"\r"
