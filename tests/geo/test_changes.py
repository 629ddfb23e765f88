from __future__ import annotations

from datetime import date

import pytest

from errors import DataError
from geo.changes import load_changes
from settings import ROOT

HEADER = "change_id,date,precision,kind,from_code,to_code,towns,source,note\n"


@pytest.fixture(scope="module")
def changes(registry):
    path = ROOT / "data" / "districts" / "changes.csv"
    return load_changes(path, [place.id for place in registry])


def test_changes_and_units_agree(registry, changes):
    """A unit's dates are those of the changes that made and ended it."""
    for place in registry:
        if place.level != "county":
            continue
        born = [c.day for c in changes if place.id in c.heirs and place.id not in c.origins]
        ended = [c.day for c in changes if place.id in c.origins and place.id not in c.heirs]
        assert [place.valid_from] == (born or [None]), place
        assert [place.valid_to] == (ended or [None]), place


def test_every_change_has_a_source(changes):
    assert len(changes) >= 35
    assert all(change.source for change in changes)
    assert [c.day for c in changes] == sorted(c.day for c in changes)


def test_the_change_of_2025(changes):
    change = next(c for c in changes if c.id == "cq-2025-liangjiang")
    assert change.day == date(2025, 11, 6)
    assert set(change.heirs) == {"500157", "500109"}
    assert {m.towns for m in change.of("500109")} == {
        (),
        ("水土街道", "复兴街道", "蔡家岗街道", "施家梁镇", "童家溪镇"),
    }


@pytest.mark.parametrize(
    "rows",
    [
        "c,2020-01-01,day,rename,a,z,,s,\n",
        "c,2020-01-01,day,vanish,a,b,,s,\n",
        "c,2020-01-01,year,rename,a,b,,s,\n",
        "c,2020-01-01,day,split,a,b,,s,\nc,2020-01-02,day,split,a,c,x,s,\n",
        "c,2020-01-01,day,split,a,b,,s,\nc,2020-01-01,day,split,a,c,,s,\n",
    ],
)
def test_a_broken_table_is_refused(tmp_path, rows):
    path = tmp_path / "changes.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(DataError):
        load_changes(path, ["a", "b", "c"])
