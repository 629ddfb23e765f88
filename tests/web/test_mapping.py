from __future__ import annotations

import gzip
import re
from datetime import date
from html import unescape

import pytest

from app import create_app
from settings import Settings
from web.mapping import SERVER_SIDE


def test_the_page_names_only_this_server(client):
    page = client.get("/").get_data(as_text=True)
    for address in re.findall(
        r'(?:src|href|action|data-(?:geometry|rows|district|export))="([^"]+)"', page
    ):
        assert address.startswith(("/", "#")), address


def test_the_page_has_no_inline_script_or_style(client):
    page = client.get("/").get_data(as_text=True)
    assert not re.findall(r"<script(?![^>]*src=)", page)
    assert not re.findall(r'\sstyle="|<style|\son\w+="', page)


def test_the_filter_of_the_address_is_shown(client):
    page = client.get("/?sector=光伏玻璃&action=explore&q=江津").get_data(as_text=True)
    assert re.search(r'name="sector" value="new-energy.pv-glass" checked', page)
    assert re.search(r'name="action" value="explore" checked', page)
    assert 'value="江津"' in page


def test_every_resource_of_the_page_is_served(client):
    page = client.get("/").get_data(as_text=True)
    sources = re.findall(r'<script src="([^"]+)"|<link[^>]+href="([^"#]+)"', page)
    assert len(sources) >= 9
    for source in filter(None, (one or two for one, two in sources)):
        assert client.get(source, buffered=True).status_code == 200, source


def test_resources_are_cached_for_good(client, snapshot):
    for name, kind in (("borders.json", "application/json"), ("map.js", "text/javascript")):
        answer = client.get(f"/map/{snapshot.id}/{name}")
        assert answer.mimetype == kind
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.data == gzip.decompress(snapshot.resources[name])
        packed = client.get(f"/map/{snapshot.id}/{name}", headers={"Accept-Encoding": "gzip"})
        assert packed.data == snapshot.resources[name]
        assert packed.headers["Content-Encoding"] == "gzip"


def test_an_old_snapshot_says_so(client):
    answer = client.get("/map/0000/geometry-0.json")
    assert answer.status_code == 404
    assert "刷新" in answer.get_json()["detail"]


def test_parameters_left_to_the_server_reach_the_rows(client):
    page = client.get("/?in_force=2026-01-01&sector=steel").get_data(as_text=True)
    address = unescape(re.search(r'data-rows="([^"]+)"', page).group(1))
    assert "in_force=2026-01-01" in address
    assert "sector" not in address
    columns = client.get(address).get_json()["columns"]
    assert columns["plan"]["values"] == [["cq-2023-fibre-composites"]]
    assert 'type="hidden" name="in_force" value="2026-01-01"' in page
    assert set(SERVER_SIDE) == {"as_of", "in_force", "bbox"}


def test_rows_are_those_of_the_date(client, snapshot):
    table = client.get(f"/map/{snapshot.id}/rows.json").get_json()
    assert len(table["ids"]) == len(snapshot.rows_on(date.today()))
    page = client.get("/").get_data(as_text=True)
    address = unescape(re.search(r'data-rows="([^"]+)"', page).group(1))
    assert client.get(address).get_json() == table


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=y>'])
def test_hostile_text_is_escaped(client, hostile):
    page = client.get("/", query_string={"q": hostile}).get_data(as_text=True)
    assert hostile not in page
    page = client.get("/", query_string={"sector": hostile}).get_data(as_text=True)
    assert hostile not in page


def test_the_security_policy_allows_this_host_only(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_configured_base_map_may_load_its_images(tmp_path):
    other = create_app(Settings(instance_dir=tmp_path, tianditu_key="K"))
    policy = other.test_client().get("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tianditu.gov.cn" in policy
    assert policy.count("http") == 1
