"""Every layer is described, truly."""

from __future__ import annotations

import csv
import json
import re

import pytest

from errors import DataError
from layers.foliummap import build_map
from layers.notes import layer_titles, load_notes, map_notes
from settings import ROOT

TABLE = ROOT / "data" / "layers.csv"


@pytest.fixture
def changed(tmp_path):
    """The table with its rows changed."""

    def write(change):
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows = change(rows)
        path = tmp_path / "layers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def test_every_layer_of_the_map_has_a_note_and_every_note_a_layer(snapshot, sectors):
    keys = {note.key for note in load_notes(TABLE, sectors)}
    children = build_map(snapshot, "key")._children.values()
    names = {child.layer_name for child in children if hasattr(child, "layer_name")}
    titles = {key: name for key, (name, _) in layer_titles(sectors).items()}
    assert keys == set(titles)
    assert names - {"天地图注记"} == {titles[key] for key in keys - {"sectors"}}


def test_every_note_is_said_in_both_languages(sectors):
    for note in load_notes(TABLE, sectors):
        assert note.title
        assert note.title_en.isascii()
        assert note.title_en
        assert bool(note.source) == bool(note.source_en)
        assert bool(note.limits) == bool(note.limits_en)
        assert note.words_en


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1:], "图层 districts 没有说明"),
        (lambda rows: [*rows[:-1]], "图层 sector:other 没有说明"),
        (lambda rows: [*rows, rows[0] | {"key": "sector:none"}], "没有名为 sector:none 的图层"),
        (lambda rows: [*rows, rows[0]], "图层 districts 的说明重复"),
        (lambda rows: [rows[0] | {"limits": ""}, *rows[1:]], "图层 districts 缺少 limits"),
        (lambda rows: [*rows[:-1], rows[-1] | {"words_en": ""}], "sector:other 缺少 words_en"),
    ],
)
def test_a_wrong_table_is_refused(changed, sectors, change, said):
    with pytest.raises(DataError, match=said):
        load_notes(changed(change), sectors)


def test_the_base_map_is_described_where_there_is_one(sectors):
    notes = load_notes(TABLE, sectors)
    shapes = dict.fromkeys(("50", "51", "lines"))
    without, with_one = (map_notes(notes, shapes, given) for given in (False, True))
    assert {n["key"] for n in with_one["layers"]} - {n["key"] for n in without["layers"]} == {
        "basemap"
    }
    assert without["background"] == 2


def test_the_page_gets_the_notes(client, snapshot):
    told = json.loads(client.get(f"/map/{snapshot.id}/layers.json").data)
    assert told["edition"] == 2024
    assert told["background"] == 34
    assert [note["key"] for note in told["layers"]][:3] == ["districts", "areas", "parks"]


def test_the_review_number_is_the_sources_wherever_it_is_named(sectors):
    for note in load_notes(TABLE, sectors):
        for text in (note.words, note.source, note.limits):
            assert text.count("GS(2024)0650号") == text.count("GS(2024)0650号（数据来源的审图号")
    limits = next(note.limits for note in load_notes(TABLE, sectors) if note.key == "districts")
    assert "另行送审" in limits


def test_files_the_notes_name_are_there(sectors):
    notes = load_notes(TABLE, sectors)
    named = {name for note in notes for name in re.findall(r"[\w/]+\.csv", note.source)}
    assert "data/districts/changes.csv" in named
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "data" / "districts" / name).exists(), name
