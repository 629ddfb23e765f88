from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely

from app import create_app
from settings import Settings


def test_places_resolve(app):
    runner = app.test_cli_runner()
    args = ["places", "resolve", "玉溪园区", "--province", "500000"]
    assert "500230-yuxi\t丰都玉溪园区\talias" in runner.invoke(args=args).output
    record = json.loads(runner.invoke(args=[*args, "--format", "json"]).output)
    assert list(record)[:5] == ["place_id", "place_name", "place_kind", "parent_code", "reason"]
    dated = ["places", "resolve", "江北区", "--province", "500000", "--as-of", "2026-01-01"]
    assert "ended" in runner.invoke(args=dated).output
    wrong = runner.invoke(args=["places", "resolve", "甲", "--province", "500116"])
    assert wrong.exit_code == 2
    assert "500000 重庆市" in wrong.output


@pytest.fixture
def runner(tmp_path):
    return create_app(Settings(instance_dir=tmp_path / "instance")).test_cli_runner()


@pytest.fixture
def park(tmp_path):
    frame = gpd.GeoDataFrame(
        {"名称": ["江津白沙组团", "无此园区"]},
        geometry=[shapely.box(106.10, 29.05, 106.14, 29.08), shapely.box(106, 29, 106.1, 29.1)],
        crs=4490,
    )
    frame.to_file(tmp_path / "park.gpkg")
    return str(tmp_path / "park.gpkg")


def test_import_previews_applies_and_undoes(runner, park, tmp_path):
    preview = runner.invoke(args=["places", "import", park])
    assert preview.exit_code == 0, preview.output
    assert "+ 江津白沙组团 → 江津白沙组团" in preview.output
    assert "- 无此园区" in preview.output
    assert "什么都没有改变" in preview.output
    assert not (tmp_path / "instance" / "official").exists()
    applied = runner.invoke(args=["places", "import", park, "--apply"])
    assert "已采用 1 个图形" in applied.output
    assert len(list((tmp_path / "instance" / "official").glob("*.json"))) == 1
    undone = runner.invoke(args=["places", "undo"])
    assert "已撤销 park.gpkg" in undone.output
    again = runner.invoke(args=["places", "undo"])
    assert again.exit_code == 1
    assert "没有可以撤销的导入" in again.output


def test_bad_files_are_said_plainly(runner, tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK")
    answer = runner.invoke(args=["places", "import", str(tmp_path / "bad.zip"), "--apply"])
    assert answer.exit_code == 1
    assert "不是完整的压缩包" in answer.output
    assert "Traceback" not in answer.output


def test_an_import_is_held_against_the_day_and_the_published_area(runner, tmp_path):
    box = shapely.box(106.4, 29.6, 106.9, 29.9)
    frame = gpd.GeoDataFrame({"code": ["500157"]}, geometry=[box], crs=4490)
    frame.to_file(tmp_path / "new.gpkg")
    args = ["places", "import", str(tmp_path / "new.gpkg"), "--as-of"]
    today = runner.invoke(args=[*args, "2026-06-01"]).output
    assert "+ 500157 → 两江新区" in today
    assert "现有 1,29" in today
    assert "公布 1,360.0" in today
    before = runner.invoke(args=[*args, "2024-06-01"]).output
    assert "- 500157 → 两江新区：2024-06-01 没有这个地点" in before
