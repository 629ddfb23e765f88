from __future__ import annotations

import subprocess
from datetime import date
from shutil import which

import pytest

from tests.support import missing


@pytest.fixture
def features(client):
    def get(query):
        answer = client.get(f"/export/assignments.geojson?{query}")
        assert answer.status_code == 200
        assert answer.mimetype == "application/geo+json"
        return answer.get_json()["features"]

    return get


def test_pv_glass(features):
    found = {f["properties"]["place_name"]: f for f in features("sector=光伏玻璃")}
    assert {name: f["properties"]["geometry_quality"] for name, f in found.items()} == {
        "江津白沙组团": "anchor",
        "永川高新区凤凰湖产业园": "proxy",
        "开州浦里新区赵家园区": "anchor",
    }
    for feature in found.values():
        assert feature["geometry"]["type"] == "Point"
        assert feature["properties"]["sector_text"] == "光伏压延玻璃"
        assert feature["properties"]["action"] == "explore"


def test_short_process_steel(features):
    assert sorted(f["properties"]["place_id"] for f in features("sector=短流程炼钢")) == [
        "500102-lidu", "500111-shuangqiao", "500115", "500115-yanjia", "500116-xiaba",
        "500118-gangqiao",
    ]  # fmt: skip


def test_provenance_travels_with_the_file(client, snapshot):
    answer = client.get("/export/assignments.geojson?action=phase_out&plan=cq-2022-materials-14fyp")
    about = answer.get_json()["about"]
    assert about["snapshot"] == snapshot.id
    assert about["filter"] == ["plan=cq-2022-materials-14fyp", "action=phase_out"]
    assert about["as_of"] == "2022-12-15"
    assert "GS(2024)0650号" in about["credits"][0]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_empty_result_is_not_an_error(features):
    assert features("place=500236") == []


def test_conditional_requests(client):
    first = client.get("/export/assignments.geojson?sector=steel")
    again = client.get(
        "/export/assignments.geojson?sector=steel",
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304
    other = client.get("/export/assignments.geojson?sector=building")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_ranges_give_the_same_bytes(client):
    whole = client.get("/export/assignments.geojson?sector=steel")
    assert whole.headers["Accept-Ranges"] == "bytes"
    size = len(whole.data)
    half = size // 2
    parts = [
        client.get("/export/assignments.geojson?sector=steel", headers={"Range": f"bytes={a}-{b}"})
        for a, b in ((0, half - 1), (half, size - 1))
    ]
    assert [part.status_code for part in parts] == [206, 206]
    assert b"".join(part.data for part in parts) == whole.data


@pytest.mark.parametrize("prefix", ["", "/vsicurl/"])
def test_gdal_opens_the_address(server, snapshot, prefix):
    tool = which("ogrinfo")
    if tool is None:
        missing("没有 GDAL 的 ogrinfo")
    address = f"{prefix}{server}/export/assignments.geojson?sector=steel&as_of=2022-12-15"
    done = subprocess.run(
        [tool, "-al", "-geom=NO", address], capture_output=True, text=True, check=True, timeout=60
    )
    steel = [row for row in snapshot.rows_on(date(2022, 12, 15)) if "steel" in row.keys["sector"]]
    assert f"Feature Count: {len(steel)}" in done.stdout
    for row in steel:
        assert f"assignment_id (String) = {row.assignment_id}\n" in done.stdout
        assert f"sector_text (String) = {row.assignment.sector_text}\n" in done.stdout
