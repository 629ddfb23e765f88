"""The shape of the house: imports run one way, modules stay small."""

from __future__ import annotations

import ast

import pytest

from settings import ROOT

ROOMS = ("geo", "plans", "layers", "store", "web")
COMMON = {"errors", "settings"}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported_rooms(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            names.add((node.module or "").partition(".")[0])
    return names & {*ROOMS, "app", "tests"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_in_one_direction(path):
    room = path.relative_to(ROOT).parts[0]
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    assert imported_rooms(path.read_text(encoding="utf-8")) <= allowed


@pytest.mark.parametrize("name", sorted(COMMON))
def test_common_modules_import_no_room(name):
    assert not imported_rooms((ROOT / f"{name}.py").read_text(encoding="utf-8"))


def test_the_check_sees_a_wrong_import():
    assert imported_rooms("def f():\n    from web.export import x\n") == {"web"}


@pytest.mark.parametrize("path", [*MODULES, *(ROOT / "static").glob("*.js")], ids=lambda p: p.name)
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def test_reading_loads_no_heavy_library():
    """A worker serves from the snapshot; geopandas and Folium belong to publishing."""
    heavy = {"geopandas", "folium", "shapely", "pandas", "pyproj", "numpy"}
    publishing = {"layers.build", "layers.foliummap", "layers.basemap", "store.official"}
    for path in [*MODULES, ROOT / "app.py"]:
        room = path.relative_to(ROOT).parts[0]
        if room not in {"store", "web", "app.py"} or path.name == "official.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Import):
                assert not heavy & {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in publishing
