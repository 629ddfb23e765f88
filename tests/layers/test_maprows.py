from __future__ import annotations

from datetime import date

import pytest

from layers.filters import FACETS
from layers.maprows import map_rows


def read(columns, name, values):
    """For every row, of some values of a column the row's."""
    column = columns[name]
    of = column.get("of") or [
        column["except"].get(str(row), number) for row, number in enumerate(columns["place"]["of"])
    ]
    return [values[number] for number in of]


@pytest.mark.parametrize("day", [date(2022, 12, 15), date(2026, 1, 1)])
def test_the_map_gets_what_the_rows_say(snapshot, day):
    rows = snapshot.rows_on(day)
    table = map_rows(rows, snapshot)
    assert table["ids"] == [row.assignment_id for row in rows]

    def values(name):
        return read(table["columns"], name, table["columns"][name]["values"])

    for name in FACETS:
        assert values(name) == [row.keys[name] for row in rows]
    assert values("sectorText") == [row.assignment.sector_text for row in rows]
    assert values("placeText") == [row.assignment.place_text for row in rows]
    assert values("parentName") == [row.assignment.parent_name for row in rows]
    assert values("condition") == [row.assignment.condition for row in rows]
    assert values("inheritedFrom") == [row.inherited_name for row in rows]
    assert values("share") == [row.share for row in rows]


@pytest.mark.parametrize("day", [date(2022, 12, 15), date(2026, 1, 1)])
def test_the_map_searches_the_same_words(snapshot, day):
    rows = snapshot.rows_on(day)
    table = map_rows(rows, snapshot)
    searched = {}
    for name, column in table["columns"].items():
        if texts := column.get("searched"):
            texts = [str(t).casefold() for t in column["values"]] if texts is True else texts
            searched[name] = read(table["columns"], name, texts)
    for number, row in enumerate(rows):
        lines = {line for texts in searched.values() for line in texts[number].split("\n")}
        assert lines - {""} == set(row.text.split("\n"))
