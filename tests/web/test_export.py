from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from datetime import date
from shutil import which

import geopandas
import openpyxl
import pytest
import shapely

from geo.file_formats import FORMATS
from plans.tables import COLUMNS
from tests.support import missing

PLAN = "cq-2022-materials-14fyp"


@pytest.fixture
def features(client):
    def get(query):
        answer = client.get(f"/export/assignments.geojson?{query}")
        assert answer.status_code == 200
        assert answer.mimetype == "application/geo+json"
        return answer.get_json()["features"]

    return get


@pytest.fixture
def download(client, tmp_path):
    """Saves a file and opens it with geopandas."""

    def get(name, query=""):
        answer = client.get(f"/export/{name}?{query}")
        assert answer.status_code == 200, answer.text
        path = tmp_path / name
        path.write_bytes(answer.data)
        return path, answer

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


def test_the_columns_keep_the_contract(features):
    names = tuple(features("sector=光伏玻璃")[0]["properties"])
    assert names[: len(COLUMNS) + 5] == (
        "assignment_id", *COLUMNS, "geometry_quality", "inherited_from", "share", "change_id",
    )  # fmt: skip


def test_provenance_travels_with_the_file(client, snapshot):
    answer = client.get(f"/export/assignments.geojson?action=phase_out&plan={PLAN}")
    about = answer.get_json()["about"]
    assert about["snapshot"] == snapshot.id
    assert about["filter"] == [f"plan={PLAN}", "action=phase_out"]
    assert about["as_of"] == "2022-12-15"
    assert "GS(2024)0650号" in about["credits"][0]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_empty_result_is_not_an_error(features):
    assert features("place=500236") == []


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(
    "collection",
    ["assignments", "districts", "prefectures", "parks", "functional-areas", "towns", "zones",
     "plans", "targets"],
)  # fmt: skip
def test_every_collection_in_every_format(download, snapshot, collection, extension):
    path, answer = download(f"{collection}.{extension}")
    assert answer.mimetype == FORMATS[extension].media_type
    named = answer.headers["Content-Disposition"]
    assert f"caitu_{collection}_" in named
    assert named.endswith(f".{extension}")
    expected = count(snapshot, collection)
    if extension == "xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        assert len(list(book.worksheets[0].iter_rows())) == expected + 1
        book.close()
    elif extension == "csv":
        text = path.read_text(encoding="utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(text)))) == expected
    elif extension == "parquet":
        made = next(made for made in snapshot.collections if made.name == collection)
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        assert table.num_rows == expected
        assert table.column_names[: len(made.fields)] == [f.name for f in made.fields]
    else:
        tables = geopandas.list_layers(path) if extension != "shp.zip" else shapefiles(path)
        names = [name for name in tables["name"] if name != "layer_styles"]
        assert sum(len(geopandas.read_file(path, layer=name)) for name in names) == expected


def shapefiles(path):
    import pandas

    with zipfile.ZipFile(path) as packed:
        names = {name.rpartition(".")[0] for name in packed.namelist() if name.endswith(".dbf")}
    return pandas.DataFrame({"name": sorted(names)})


def count(snapshot, collection):
    from layers.filters import Filter
    from layers.selection import Records

    return len(Records(snapshot).select(collection, Filter(), date.today()))


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:3857", "EPSG:4544", "EPSG:4523"])
def test_systems(download, crs):
    path, answer = download("districts.gpkg", f"crs={crs}&place=500116")
    assert crs.replace(":", "") in answer.headers["Content-Disposition"]
    frame = geopandas.read_file(path, layer="districts")
    assert frame.crs == crs
    west, south, east, north = frame.to_crs("EPSG:4326").total_bounds
    assert shapely.box(west, south, east, north).contains(shapely.Point(106.25, 29.28))
    code = int(crs[5:])
    assert (frame.total_bounds[0] > 1e7) == (code in {3857, 4523})


def test_the_shifted_system_is_labelled(download):
    path, answer = download("districts.geojson", "crs=GCJ-02&place=500116")
    assert "GCJ-02" in answer.headers["Content-Disposition"]
    assert "GCJ-02" in path.read_text(encoding="utf-8")[:3000]
    plain, moved = (
        geopandas.read_file(
            download("districts.gpkg", f"crs={crs}&place=500116")[0], layer="districts"
        )
        for crs in ("EPSG:4490", "GCJ-02")
    )
    assert "GCJ-02" in moved.crs.name
    step = moved.geometry[0].centroid.x - plain.geometry[0].centroid.x
    assert 0.003 < step < 0.005


def test_some_fields(download):
    path, _ = download("assignments.csv", "fields=place_name,sector_text&sector=steel")
    header = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == "place_name,sector_text,longitude,latitude"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("assignments.dwg", 404, "geojson"),
        ("assignments", 404, ""),
        ("streets.geojson", 404, "districts"),
        ("assignments.geojson?crs=EPSG:4479", 400, "EPSG:4490"),
        ("assignments.geojson?crs=EPSG:4480", 400, "EPSG:4490"),
        ("assignments.geojson?crs=4490&crs=4326", 400, "一次"),
        ("assignments.kml?crs=EPSG:4490", 400, "KML"),
        ("assignments.csv?fields=nothing", 400, "place_name"),
        ("assignments.csv?nothing=1", 400, "fields"),
        ("assignments.csv?sector=nothing", 400, "steel"),
        ("targets.csv?action=build", 400, "plan"),
    ],
)
def test_what_cannot_be_is_refused(client, address, status, said):
    answer = client.get(f"/export/{address}")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said in answer.text


def test_the_excel_file_reads_well(download, snapshot):
    path, _ = download("assignments.xlsx", f"plan={PLAN}&sector=光伏玻璃")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert "布局动作" in [str(cell.value).partition("\n")[0] for cell in sheet[1]]
    assert sheet.freeze_panes is not None
    assert sheet.auto_filter.ref is not None
    assert sheet.max_row == 4
    everything = "\n".join(
        str(cell) for row in book["说明"].iter_rows(values_only=True) for cell in row if cell
    )
    assert snapshot.id in everything
    assert "GS(2024)0650号" in everything
    book.close()


def test_features_keep_their_ids_without_the_field(download):
    import json

    path, _ = download("assignments.geojson", "fields=action&sector=steel")
    found = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len({feature["id"] for feature in found}) == len(found) > 10
    assert {tuple(feature["properties"]) for feature in found} == {("action",)}


def test_a_file_made_again_has_another_tag(client, settings):
    first = client.get("/export/parks.gpkg")
    same = client.get("/export/parks.gpkg")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert same.headers["Last-Modified"] == first.headers["Last-Modified"]
    for path in (settings.instance_dir / "exports").glob("*.gpkg"):
        path.unlink()
    resumed = client.get(
        "/export/parks.gpkg", headers={"Range": "bytes=10-", "If-Range": first.headers["ETag"]}
    )
    assert resumed.status_code == 200
    assert resumed.headers["ETag"] != first.headers["ETag"]


def test_conditional_requests(client):
    first = client.get("/export/assignments.geojson?sector=steel")
    again = client.get(
        "/export/assignments.geojson?sector=steel",
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304
    other = client.get("/export/assignments.geojson?sector=building")
    assert other.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("name", ["assignments.geojson", "districts.fgb", "districts.gpkg"])
def test_ranges_give_the_same_bytes(client, name):
    whole = client.get(f"/export/{name}?sector=steel")
    assert whole.headers["Accept-Ranges"] == "bytes"
    size = len(whole.data)
    half = size // 2
    parts = [
        client.get(f"/export/{name}?sector=steel", headers={"Range": f"bytes={a}-{b}"})
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
