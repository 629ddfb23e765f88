"""What the documents say is so."""

from __future__ import annotations

import re

from geo.file_formats import FORMATS
from layers.filters import PARAMETERS
from settings import ROOT


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_counts_right(snapshot):
    text = read("README.md")
    rows = {row.assignment for row in snapshot.rows if not row.inherited_from}
    places = {row.place_id for row in rows} - {""}
    assert f"{len(snapshot.plans)} 份规划，{len(rows)} 条布局任务、{len(places)} 个地点" in text
    assert f"{len(rows)} assignments of {len(snapshot.plans)} plans" in text


def test_the_readme_names_every_parameter_and_page(app):
    text = read("README.md")
    for name in PARAMETERS:
        assert f"`{name}`" in text
    for path in re.findall(r"`(/[a-z0-9/.]*)`", text):
        assert app.test_client().get(path, buffered=True).status_code == 200, path


def test_the_readme_names_every_collection_and_format(snapshot):
    text = read("README.md")
    assert f"`{', '.join(made.name for made in snapshot.collections)}`" in text
    assert f"`{', '.join(FORMATS)}`" in text


def test_every_table_of_data_has_its_source():
    sources = read("data/SOURCES.md")
    for path in (ROOT / "data").glob("*.csv"):
        assert f"`{path.name}`" in sources


def test_the_boundary_window_is_the_one_documented(snapshot):
    text = read("README.md")
    assert f"{snapshot.epochs[0]} 起" in text


def test_every_table_has_its_source():
    sources = read("data/districts/SOURCES.md")
    for path in (ROOT / "data" / "districts").glob("*.csv"):
        assert f"`{path.name}`" in sources


def test_the_screenshot_is_there():
    assert (ROOT / "docs" / "map.png").stat().st_size < 1_000_000
    assert "docs/map.png" in read("README.md")


def test_make_targets_of_the_readme_exist():
    makefile = read("Makefile")
    for target in set(re.findall(r"make ([a-z]+)", read("README.md"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
