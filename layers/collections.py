"""The collections that leave the program: what each holds and which fields it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from errors import DataError
from geo.feature_table import FIELD_TYPES, Field
from geo.tables import read_table, split_list

TABLES = ("assignments", "places", "plans", "targets")
"""Kinds of rows; collections of places share one."""
SHORT = 8
"""Longest name in a Shapefile: its ten bytes leave two for a number."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of features of one kind, as `data/collections.csv` describes it.

    Attributes
    ----------
    name
        In addresses.
    table
        One of `TABLES`.
    kinds, levels
        Of places: the kinds it takes, and among units the levels.
    note, note_en
        One sentence for people.
    fields
        In order; the first is the identifier.
    tile_fields
        Names of those that vector tiles carry.
    """

    name: str
    table: str
    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    title: str
    title_en: str
    note: str
    note_en: str
    fields: tuple[Field, ...]
    tile_fields: tuple[str, ...]

    @property
    def located(self) -> bool:
        """Whether its features may have a geometry."""
        return self.table in {"assignments", "places"}


def load_collections(data_dir: Path) -> tuple[Collection, ...]:
    """Read `collections.csv` and `fields.csv`.

    Raises
    ------
    DataError
        A table or type is none, or a name is unfit for a Shapefile or stands twice.
    """
    fields, in_tiles = _fields(data_dir / "fields.csv")
    path = data_dir / "collections.csv"
    columns = ("name", "table", "kinds", "levels", "title", "title_en", "note", "note_en")
    collections = []
    for row in read_table(path, columns):
        if row["table"] not in TABLES:
            raise DataError(f"{path.name}：{row['name']} 的 table“{row['table']}”无效")
        collections.append(
            Collection(
                **{name: row[name] for name in columns if name not in {"kinds", "levels"}},
                kinds=split_list(row["kinds"]),
                levels=split_list(row["levels"]),
                fields=tuple(fields[row["table"]]),
                tile_fields=tuple(in_tiles[row["table"]]),
            )
        )
    return tuple(collections)


def _fields(path: Path) -> tuple[dict[str, list[Field]], dict[str, list[str]]]:
    """Fields by table, and the names of those that vector tiles carry."""
    found: dict[str, list[Field]] = {table: [] for table in TABLES}
    in_tiles: dict[str, list[str]] = {table: [] for table in TABLES}
    columns = ("name", "type", "short", "title", "title_en", "note")
    for row in read_table(path, ("table", "tile", *columns)):
        field = Field(**{name: row[name] for name in columns})
        where = f"{path.name}：{row['table']}.{field.name}"
        if row["table"] not in found or field.type not in FIELD_TYPES:
            raise DataError(f"{where} 的 table 或 type 无效")
        if not field.short.isascii() or not 0 < len(field.short) <= SHORT:
            raise DataError(f"{where} 的 short 应为 1 到 {SHORT} 个 ASCII 字符")
        taken = found[row["table"]]
        if any(field.name == other.name or field.short == other.short for other in taken):
            raise DataError(f"{where} 与前面的字段重名")
        taken.append(field)
        if row["tile"] == "yes":
            in_tiles[row["table"]].append(field.name)
    return found, in_tiles
