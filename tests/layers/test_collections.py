from __future__ import annotations

import shutil

import pytest

from errors import DataError
from layers.collections import load_collections
from plans.tables import COLUMNS
from settings import ROOT

CONTRACT = ("assignment_id", *COLUMNS, "geometry_quality", "inherited_from", "share", "change_id")


@pytest.fixture
def folder(tmp_path):
    for name in ("collections.csv", "fields.csv"):
        shutil.copy(ROOT / "data" / name, tmp_path)
    return tmp_path


def test_the_collections_of_the_contract(folder):
    found = {made.name: made for made in load_collections(folder)}
    assert set(found) >= {
        "assignments", "districts", "parks", "functional-areas", "towns", "zones", "plans",
        "targets",
    }  # fmt: skip
    assert found["districts"].located
    assert not found["targets"].located


def test_assignments_begin_with_the_columns_of_the_contract(folder):
    made = next(made for made in load_collections(folder) if made.name == "assignments")
    assert tuple(field.name for field in made.fields)[: len(CONTRACT)] == CONTRACT


def test_tiles_carry_some_of_the_fields(folder):
    for made in load_collections(folder):
        assert set(made.tile_fields) < {field.name for field in made.fields}
        assert bool(made.tile_fields) == made.located


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("plans,plan_id,string,PLAN_ID", "plans,plan_id,text,PLAN_ID", "type"),
        ("plans,plan_id,string,PLAN_ID", "plans,plan_id,string,PLAN_IDENT", "8"),
        ("plans,plan_id,string,PLAN_ID", "plans,plan_id,string,编号", "ASCII"),
        ("plans,title,string,TITLE", "plans,title,string,PLAN_ID", "重名"),
        ("plans,title,string,TITLE", "nothing,title,string,TITLE", "table"),
    ],
)
def test_faults_of_the_fields_are_named(folder, old, new, fault):
    path = folder / "fields.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        load_collections(folder)


def test_an_unknown_table_is_named(folder):
    path = folder / "collections.csv"
    text = path.read_text(encoding="utf-8").replace("\nplans,plans,", "\nplans,planes,")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="planes"):
        load_collections(folder)
