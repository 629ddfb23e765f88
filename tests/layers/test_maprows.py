from __future__ import annotations

from datetime import date

from layers.maprows import map_rows

DAY = date(2022, 12, 15)


def test_the_map_gets_keys_and_words(snapshot):
    rows = map_rows(snapshot.rows_on(DAY))["rows"]
    assert len(rows) == len(snapshot.rows_on(DAY))
    assert {row["keys"]["plan"][0] for row in rows} == {plan.id for plan in snapshot.plans}
