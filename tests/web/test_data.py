from __future__ import annotations

import re
import subprocess
import sys
from shutil import which
from urllib.request import urlopen

import pytest
from lxml import html
from pyproj import CRS

from geo.file_formats import FORMATS
from geo.places import QUALITIES
from layers.credits import CREDITS
from layers.filters import PARAMETERS
from tests.support import missing
from tests.web.pages import inline_code, words

TOOLS = ("ogrinfo", "ogr2ogr", "curl")


@pytest.fixture
def catalogue(client):
    answer = client.get("/data")
    assert answer.status_code == 200
    return html.fromstring(answer.get_data(as_text=True))


@pytest.fixture
def collections(app):
    return app.extensions["caitu"].now().records.collections


def lines(made, tool=None):
    """The texts to copy, of a tool or without one."""
    found = made.xpath("//div[contains(@class, 'snippet')]/pre/code")
    return [code.text_content() for code in found if code.get("data-tool") == tool]


def test_every_collection_is_described(catalogue, collections):
    for name, made in collections.items():
        entry = catalogue.xpath(f"//article[@id='{name}']")[0]
        text = words(entry)
        for told in (made.title, made.title_en, made.note, made.note_en):
            assert told in text
        rows = entry.xpath(".//tbody/tr")
        assert len(rows) == len(made.fields)
        for row, field in zip(rows, made.fields, strict=True):
            assert row.xpath(".//code/text()") == [field.name, field.short]
            assert field.title in words(row)
            assert field.note in words(row)


def test_the_numbers_are_those_of_the_api(catalogue, collections, client):
    for name in collections:
        answer = client.get(f"/ogc/collections/{name}/items?limit=1&f=json").get_json()
        count = catalogue.xpath(f"//article[@id='{name}']//*[@class='count']")[0]
        assert re.sub(r"\D", "", words(count)) == str(answer["numberMatched"])


def test_every_collection_has_every_format_and_an_api_address(catalogue, collections, client):
    for name in collections:
        entry = catalogue.xpath(f"//article[@id='{name}']")[0]
        assert entry.xpath(".//ul//a/@href") == [f"/export/{name}.{ext}" for ext in FORMATS]
        (link,) = [a for a in entry.xpath(".//a") if "/ogc/" in a.get("href")]
        assert link.text == f"http://localhost/ogc/collections/{name}"
        assert client.get(link.get("href")).status_code == 200
        assert client.get(f"/export/{name}.csv").status_code == 200


def test_the_lines_have_this_servers_address(client):
    made = html.fromstring(client.get("/data", base_url="https://gis.example.cn:8443").text)
    told = [*lines(made), *lines(made, "shell"), *lines(made, "python")]
    assert len(told) > 20
    for line in told:
        assert "https://gis.example.cn:8443/" in line
        assert "localhost" not in line


def test_the_addresses_answer(catalogue, client):
    addresses = [line for line in lines(catalogue) if line.startswith("http")]
    assert len(addresses) > 10
    (tiles,) = [address for address in addresses if "{z}" in address]
    assert tiles.endswith("/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}")
    chongqing = tiles.format(z=6, x=50, y=26)
    for address in [chongqing, *addresses]:
        if address != tiles:
            assert client.get(address.removeprefix("http://localhost")).status_code == 200


def test_the_example_of_the_api_keeps_what_it_says(catalogue, client):
    (address,) = [line for line in lines(catalogue) if "?filter=" in line]
    found = client.get(address.removeprefix("http://localhost")).get_json()["features"]
    assert found
    for feature in found:
        assert feature["properties"]["sector_code"].split(".")[0] == "steel"
        assert feature["properties"]["action"] == "explore"


def test_the_lines_for_the_terminal_run(server, tmp_path):
    if any(which(tool) is None for tool in TOOLS):
        missing("没有 GDAL 或 curl")
    made = html.fromstring(urlopen(f"{server}/data").read().decode())
    commands = lines(made, "shell")
    assert {command.split()[0] for command in commands} == set(TOOLS)
    outputs = {}
    for command in commands:
        assert server in command
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, (command, done.stderr)
        outputs[command] = done.stdout
    listed = outputs[f'ogrinfo "OAPIF:{server}/ogc"']
    assert "assignments (title: 布局任务" in listed
    explored = next(text for command, text in outputs.items() if "-where" in command)
    actions = re.findall(r"action \(String\) = (\w+)", explored)
    assert set(actions) == {"explore"}
    assert f"Feature Count: {len(actions)}" in explored
    accepted = next(text for command, text in outputs.items() if "Accept:" in command)
    assert '"type":"Feature"' in accepted
    for name, layer in (("districts", "districts"), ("steel", "")):
        info = subprocess.run(
            ["ogrinfo", "-so", "-al", f"{name}.gpkg", *filter(None, [layer])],
            cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        assert int(re.search(r"Feature Count: (\d+)", info.stdout)[1]) > 0
    assert (tmp_path / "assignments.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_lines_of_python_run(server, client):
    made = html.fromstring(urlopen(f"{server}/data").read().decode())
    read, page = lines(made, "python")
    printed = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
        ).stdout
        for script in (read, page)
    ]
    steel = client.get("/export/assignments.geojson?sector=steel").get_json()["features"]
    assert printed[0].startswith(f"{len(steel)} [")
    found, matched = printed[1].split()
    assert found == matched
    assert int(found) > 200


def test_the_table_of_meridians_agrees_with_the_registry(catalogue):
    rows = catalogue.xpath("//section[@id='systems']//table[2]/tbody/tr")
    named = {words(th) for row in rows for th in row.xpath("th")}
    assert named == {"重庆市", "四川省", "浙江省"}
    assert len(rows) > 8
    for row in rows:
        meridian, number, plain, numbered = (words(cell) for cell in row.xpath("td"))
        for code, easting in ((plain, 500_000), (numbered, int(number) * 10**6 + 500_000)):
            given = {p.name: p.value for p in CRS(code).coordinate_operation.params}
            assert f"{given['Longitude of natural origin']:g}°E" == meridian
            assert given["False easting"] == easting


def test_qualities_parameters_and_credits_are_explained(catalogue):
    text = words(catalogue.xpath("//main")[0])
    for told in (*QUALITIES, *QUALITIES.values(), *PARAMETERS, *CREDITS, "GCJ-02", ".cpg"):
        assert told in text
    example = catalogue.xpath("//section[@id='cite']//code[contains(., '/assignments/')]")
    assert example


def test_there_are_no_parameters(client):
    answer = client.get("/data?sector=steel")
    assert answer.status_code == 400
    assert "没有查询参数" in answer.text


def test_nothing_needs_an_inline_script(client, catalogue):
    assert inline_code(client.get("/data").text) == []
    buttons = catalogue.xpath("//button[@data-copy]")
    assert len(buttons) == len(catalogue.xpath("//div[contains(@class, 'snippet')]"))
    assert all(button.get("hidden") is not None for button in buttons)


def test_files_lead_to_the_catalogue(client):
    assert client.get("/export/plans.csv").headers["Link"].startswith("</data>; rel=")
