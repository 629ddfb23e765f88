"""The API as GDAL and QGIS read it, beside what the CSV says."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import urllib.request
from pathlib import Path
from shutil import which

import pytest

from tests.support import missing

SCRIPT = Path(__file__).with_name("qgis_reader.py")
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module")
def districts(server):
    with urllib.request.urlopen(f"{server}/export/districts.csv") as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def qgis(tmp_path_factory):
    """Runs `qgis_reader.py` in the system's Python, which has PyQGIS."""
    home = tmp_path_factory.mktemp("qgis")
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
        "HOME": str(home),
        "PYTHONPATH": "",
        "no_proxy": "127.0.0.1",
    }
    probe = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run(probe, env=environment, capture_output=True, check=False).returncode
    ):
        missing("没有 QGIS 的 Python 模块（python3-qgis）")

    def run(*arguments):
        done = subprocess.run(
            [SYSTEM_PYTHON, str(SCRIPT), *arguments],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def same(value, cell):
    """A value as QGIS gives it and a cell of the CSV."""
    if value is None:
        return cell == ""
    if isinstance(value, float):
        return value == pytest.approx(float(cell))
    return str(value) == cell


def ogrinfo(*arguments):
    tool = which("ogrinfo")
    if tool is None:
        missing("没有 GDAL 的 ogrinfo")
    done = subprocess.run(
        [tool, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("root", ["/ogc", "/ogc/"])
def test_gdal_lists_the_collections(server, snapshot, root):
    said = ogrinfo(f"OAPIF:{server}{root}")
    for made in snapshot.collections:
        assert f": {made.name} " in said.replace("\n", " \n")


def test_gdal_pages_through_all_features(server, districts):
    said = ogrinfo("-al", "-geom=NO", "-oo", "PAGE_SIZE=50", f"OAPIF:{server}/ogc", "districts")
    assert f"Feature Count: {len(districts)}" in said
    for row in districts:
        assert f"name (String) = {row['name']}\n" in said
    assert said.count("OGRFeature(districts)") == len(districts)


def test_gdal_filters_by_attribute_and_box(server, districts):
    here = ("-al", "-geom=NO", "-q", f"OAPIF:{server}/ogc", "districts")
    found = ogrinfo("-where", "province = '浙江省' AND assignments > 5", *here)
    expected = {
        r["name"] for r in districts if r["province"] == "浙江省" and int(r["assignments"]) > 5
    }
    assert found.count("OGRFeature") == len(expected)
    for name in expected:
        assert f"name (String) = {name}\n" in found
    box = ogrinfo("-spat", "106.25", "29.28", "106.26", "29.29", *here)
    assert box.count("OGRFeature") == 1
    assert "name (String) = 江津区\n" in box


def test_qgis_reads_the_same_values_as_the_csv(server, districts, qgis):
    read = qgis("oapif", f"{server}/ogc/", "districts")
    assert read["valid"]
    assert read["crs"] in {"OGC:CRS84", "EPSG:4326"}
    rows = {row["place_id"]: row for row in read["features"]}
    assert len(rows) == len(read["features"]) == len(districts)
    for expected in districts:
        row = rows[expected["place_id"]]
        for name, cell in expected.items():
            if name in {"longitude", "latitude"}:
                continue
            assert same(row[name], cell), (expected["place_id"], name, row[name], cell)


def test_qgis_filters_by_attribute_and_box(server, districts, qgis):
    read = qgis("oapif", f"{server}/ogc/", "districts", "province = '浙江省' AND assignments > 5")
    expected = {
        r["place_id"] for r in districts if r["province"] == "浙江省" and int(r["assignments"]) > 5
    }
    assert {row["place_id"] for row in read["features"]} == expected
    box = qgis("oapif", f"{server}/ogc/", "districts", "", "106.25,29.28,106.26,29.29")
    assert [row["name"] for row in box["features"]] == ["江津区"]


def test_qgis_lists_the_collections(server, snapshot, qgis):
    for made in snapshot.collections:
        assert qgis("oapif", f"{server}/ogc/", made.name, "", "", "count")["valid"]


def test_qgis_opens_the_geopackage_coloured(server, snapshot, qgis, tmp_path):
    path = tmp_path / "assignments.gpkg"
    with urllib.request.urlopen(f"{server}/export/assignments.gpkg") as answer:
        path.write_bytes(answer.read())
    for layer in ("assignments_polygon", "assignments_point"):
        read = qgis("gpkg", str(path), layer)
        assert read["valid"]
        assert read["renderer"] == "categorizedSymbol"
        assert read["attribute"] == "sector_l1"
        assert read["colours"] == {top.name_zh: top.colour for top in snapshot.sector_tree.top()}
        assert read["labels"]
        used = {row["sector_l1"] for row in read["features"]}
        assert used <= set(read["colours"])
    assert qgis("gpkg", str(path), "assignments_unlocated")["valid"]
