"""Changes of the administrative division: who became whom, when, by which towns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from errors import DataError
from geo.tables import read_table, split_list

CHANGE_KINDS: Mapping[str, str] = {
    "rename": "更名或改设",
    "merge": "合并",
    "split": "析置",
    "transfer": "部分划转",
    "reparent": "改变隶属",
}
"""Kinds of changes, with their Chinese labels."""

PRECISIONS = ("day", "month")
"""How exactly the source gives the date; a month's date is its best-known day."""


@dataclass(frozen=True, slots=True)
class Move:
    """Territory that goes from one place to another.

    Attributes
    ----------
    towns
        Towns that make up the piece; empty for the rest of the source, or for all of it.
    """

    origin: str
    heir: str
    towns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change on one day; its moves account for every place it touches."""

    id: str
    day: date
    precision: str
    kind: str
    moves: tuple[Move, ...]
    source: str
    note: str

    def of(self, origin: str) -> tuple[Move, ...]:
        """Moves out of a place."""
        return tuple(move for move in self.moves if move.origin == origin)

    def into(self, heir: str) -> tuple[Move, ...]:
        """Moves into a place."""
        return tuple(move for move in self.moves if move.heir == heir)

    @property
    def origins(self) -> tuple[str, ...]:
        """Places before the change."""
        return tuple(dict.fromkeys(move.origin for move in self.moves))

    @property
    def heirs(self) -> tuple[str, ...]:
        """Places after the change."""
        return tuple(dict.fromkeys(move.heir for move in self.moves))


def load_changes(path: Path, places: Iterable[str]) -> tuple[Change, ...]:
    """Read `changes.csv`, in order of date.

    Parameters
    ----------
    path
        One row per move; rows of one change share its id and day.
    places
        Ids the moves may name.

    Raises
    ------
    DataError
        A row names an unknown place, kind or precision, rows of one change contradict each
        other, or a place leaves two rests behind.
    """
    known = set(places)
    columns = ("change_id", "date", "precision", "kind", "from_code", "to_code", "towns", "source")
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in read_table(path, (*columns, "note")):
        unknown = {row["from_code"], row["to_code"]} - known
        if unknown:
            raise DataError(f"变更 {row['change_id']} 引用了不存在的编号：{'、'.join(unknown)}")
        if row["kind"] not in CHANGE_KINDS or row["precision"] not in PRECISIONS:
            raise DataError(f"变更 {row['change_id']} 的类别或日期精度无效")
        grouped.setdefault(row["change_id"], []).append(row)
    changes = [_change(change_id, rows) for change_id, rows in grouped.items()]
    return tuple(sorted(changes, key=lambda change: (change.day, change.id)))


def _change(change_id: str, rows: list[dict[str, str]]) -> Change:
    first = rows[0]
    shared = ("date", "precision", "kind", "source")
    if any(row[name] != first[name] for row in rows for name in shared):
        raise DataError(f"变更 {change_id} 各行的日期、类别或来源不一致")
    moves = tuple(Move(row["from_code"], row["to_code"], split_list(row["towns"])) for row in rows)
    change = Change(
        id=change_id,
        day=date.fromisoformat(first["date"]),
        precision=first["precision"],
        kind=first["kind"],
        moves=moves,
        source=first["source"],
        note=first["note"],
    )
    for origin in change.origins:
        if sum(not move.towns for move in change.of(origin)) > 1:
            raise DataError(f"变更 {change_id} 中 {origin} 有两处“其余”")
    return change
