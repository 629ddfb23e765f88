"""Assignments in the form the map's script reads: columns, every value written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from layers.filters import FACETS
from layers.snapshot import Row, Snapshot
from plans.sectors import Sector, SectorTree
from plans.tables import ACTIONS

WORDS: dict[str, Callable[[Row], str | float | None]] = {
    "placeText": lambda row: row.assignment.place_text,
    "placeName": lambda row: row.assignment.place_name,
    "parentName": lambda row: row.assignment.parent_name,
    "sectorText": lambda row: row.assignment.sector_text,
    "actionText": lambda row: row.assignment.action_text,
    "condition": lambda row: row.assignment.condition,
    "project": lambda row: row.assignment.project,
    "section": lambda row: row.assignment.section,
    "inheritedFrom": lambda row: row.inherited_name,
    "share": lambda row: row.share,
}
"""What is shown of a row beside its facets."""
UNSEARCHED = {"inheritedFrom", "share"}
OF_PLACE = {"placeText", "placeName", "parentName"}


def map_rows(rows: Iterable[Row], snapshot: Snapshot) -> dict[str, Any]:
    """Rows as the map reads them: keys to filter by, words to show and to search.

    Returns
    -------
    dict
        ``ids`` of the assignments, and ``columns`` by name, each with its ``values`` and, for
        every row, ``of``: the number of its value. Of words that nearly always follow from the
        place there is no ``of``, but ``except``: the numbers are those of the column ``place``
        but for these rows. The values of a facet are lists, the narrowest key first. Where
        free text is searched, ``searched`` has the words of each value, lower case, or is true
        where they are the value itself. Found in any column is found in `Row.text`.
    """
    listed = list(rows)
    columns: dict[str, dict[str, Any]] = {}
    for name in FACETS:
        columns[name] = _column([row.keys[name] for row in listed])
    for name, read in WORDS.items():
        words = [read(row) for row in listed]
        column = _following(words, columns["place"]) if name in OF_PLACE else _column(words)
        columns[name] = column | ({} if name in UNSEARCHED else {"searched": True})
    columns["sector"]["searched"] = [
        _sector_words(lineage, snapshot.sector_tree) for lineage in columns["sector"]["values"]
    ]
    columns["action"]["searched"] = [ACTIONS[key] for (key,) in columns["action"]["values"]]
    columns["place"]["searched"] = _place_words(listed, columns["place"], snapshot)
    return {"ids": [row.assignment_id for row in listed], "columns": columns}


def _column(values: Sequence[object]) -> dict[str, Any]:
    numbers: dict[object, int] = {}
    of = [numbers.setdefault(value, len(numbers)) for value in values]
    return {"values": list(numbers), "of": of}


def _following(values: Sequence[object], place: dict[str, Any]) -> dict[str, Any]:
    """A column with the value that each place has first, and what differs from it."""
    usual: dict[int, object] = {}
    for value, number in zip(values, place["of"], strict=True):
        usual.setdefault(number, value)
    listed = [usual[number] for number in range(len(place["values"]))]
    others: dict[object, int] = {}
    differing = {
        str(row): others.setdefault(value, len(listed) + len(others))
        for row, (value, number) in enumerate(zip(values, place["of"], strict=True))
        if value != usual[number]
    }
    return {"values": [*listed, *others], "except": differing}


def _sector_words(lineage: Iterable[str], tree: SectorTree) -> str:
    words = (word for code in lineage for word in _names(tree[code]))
    return "\n".join(dict.fromkeys(filter(None, words))).casefold()


def _names(sector: Sector) -> tuple[str, ...]:
    return (sector.name_zh, sector.name_en, *sector.aliases)


def _place_words(rows: Iterable[Row], column: dict[str, Any], snapshot: Snapshot) -> list[str]:
    """Other names of the places, and the name of an abolished one that they inherit from."""
    found = [""] * len(column["values"])
    for row, number in zip(rows, column["of"], strict=True):
        place_id = row.assignment.place_id
        if found[number] or not place_id:
            continue
        words = list(snapshot.versions[place_id][0].place.aliases)
        if row.inherited_from:
            words.append(snapshot.versions[row.inherited_from][0].place.name)
        found[number] = "\n".join(words).casefold()
    return found
