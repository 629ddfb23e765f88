from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html

from app import create_app
from settings import Settings
from web.standalone import Part, json_text, pack, script_text

MOST = 1_500_000
"""Bytes of the file of three provinces."""


@pytest.fixture(scope="module")
def made(app):
    def get(query="", root=""):
        answer = app.test_client().get(f"{root}/export/map.html?{query}", buffered=True)
        assert answer.status_code == 200
        return answer

    return get


@pytest.fixture(scope="module")
def text(made):
    return made().get_data(as_text=True)


def blocks(text, tag="script"):
    return re.findall(rf"<{tag}\b([^>]*)>(.*?)</{tag}>", text, re.DOTALL)


def policy(text):
    return re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)[1]


def test_it_is_a_download_named_by_its_day(made):
    answer = made()
    assert answer.mimetype == "text/html"
    told = answer.headers["Content-Disposition"]
    assert told == f"attachment; filename=caitu-map-{date.today()}.html"
    assert len(answer.data) < MOST


def test_nothing_is_loaded_from_anywhere(text):
    page = html.fromstring(text)
    assert not page.xpath("//script/@src")
    assert not page.xpath("//link[@rel='stylesheet']")
    loaded = page.xpath("//img/@src | //link/@href")
    assert loaded
    assert all(address.startswith("data:") for address in loaded)
    styles = "".join(body for _, body in blocks(text, "style"))
    assert not [target for target in re.findall(r"url\(([^)]+)", styles) if "data:" not in target
                and "#default" not in target]  # fmt: skip
    assert "@import" not in styles


def test_links_lead_to_the_server_it_is_from(text):
    page = html.fromstring(text)
    links = [address for address in page.xpath("//a/@href") if not address.startswith("#")]
    assert len(links) > 5
    assert {urlsplit(address).netloc for address in links} == {"localhost"}


def test_the_policy_allows_just_what_the_file_holds(text):
    def digest(body):
        found = hashlib.sha256(body.encode()).digest()
        return f"'sha256-{base64.b64encode(found).decode()}'"

    rules = dict(rule.strip().split(" ", 1) for rule in policy(text).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy(text)
    code = [body for attributes, body in blocks(text) if "application/json" not in attributes]
    assert {digest(body) for body in code} == set(rules["script-src"].split())
    assert {digest(b) for _, b in blocks(text, "style")} == set(rules["style-src"].split())
    assert text.index("Content-Security-Policy") < text.index("<style")


def test_it_holds_what_the_page_would_ask_for(client, text):
    held = {
        html.fromstring(f"<i {attributes}></i>").get("data-url"): body
        for attributes, body in blocks(text)
        if "application/json" in attributes
    }
    page = html.fromstring(client.get("/").get_data(as_text=True))
    names = {"data-borders", "data-geometry", "data-rows", "data-targets", "data-notes"}
    named = {page.xpath(f"//@{name}")[0] for name in names}
    near = {address for address in held if re.search(r"/borders-(33|50|51)0000\.json$", address)}
    assert len(near) == 3  # as fine as they are, for the three provinces of the plans
    assert set(held) == named | near
    for address, body in held.items():
        assert json.loads(body) == client.get(address).get_json()
        assert "<" not in body


def test_the_filter_of_the_address_opens_with_it_on_its_day(made):
    page = html.fromstring(
        made("sector=光伏玻璃&plan=cq-2022-materials-14fyp").get_data(as_text=True)
    )
    told = parse_qsl(page.xpath("//body/@data-query")[0])
    assert told == [
        ("plan", "cq-2022-materials-14fyp"),
        ("sector", "new-energy.pv-glass"),
        ("as_of", "2022-12-15"),
    ]
    assert page.xpath("//input[@name='sector'][@checked]/@value") == ["new-energy.pv-glass"]
    assert page.xpath("//input[@name='as_of'][@readonly]/@value") == ["2022-12-15"]
    assert page.xpath("//body/@data-server") == ["http://localhost/"]
    assert "2022-12-15" in page.xpath("//footer")[0].text_content()


def test_what_the_server_cut_is_said(made):
    page = html.fromstring(made("bbox=106,29,107,30&in_force=2024-01-01").get_data(as_text=True))
    said = page.xpath("//footer")[0].text_content()
    assert "bbox=106,29,107,30" in said
    assert "in_force=2024-01-01" in said


def test_it_is_made_once(made):
    assert made("sector=steel").headers["ETag"] == made("sector=steel").headers["ETag"]
    assert made("sector=steel").headers["ETag"] != made("sector=graphene").headers["ETag"]


@pytest.mark.parametrize("query", ["sector=nothing", "crs=EPSG:4490", "colour=red"])
def test_it_takes_the_filter_language_and_no_more(client, query):
    answer = client.get(f"/export/map.html?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == query.partition("=")[0]


def test_the_key_of_the_base_map_stays_here(tmp_path):
    keyed = create_app(Settings(instance_dir=tmp_path, tianditu_key="SECRET"))
    client = keyed.test_client()
    script = re.search(r'src="([^"]+/map\.js)"', client.get("/").get_data(as_text=True))[1]
    assert "SECRET" in client.get(script).get_data(as_text=True)
    made = client.get("/export/map.html", buffered=True).get_data(as_text=True)
    assert "SECRET" not in made
    assert "tianditu.gov.cn" not in made


def test_the_key_stays_here_in_english_too(tmp_path):
    keyed = create_app(Settings(instance_dir=tmp_path, tianditu_key="SECRET"))
    made = keyed.test_client().get("/en/export/map.html", buffered=True).get_data(as_text=True)
    assert "SECRET" not in made
    assert "Functional areas (indicative)" in made


def test_in_english_it_is_the_english_page(made, client):
    answer = made("sector=steel", "/en")
    text = answer.get_data(as_text=True)
    page = html.fromstring(text)
    assert page.get("lang") == "en"
    assert page.xpath("//body/@data-server") == ["http://localhost/en/"]
    told = page.xpath("//footer")[0].text_content()
    assert told.startswith("Map in one file, made ")
    scripts = [body for attributes, body in blocks(text) if not attributes]
    words = client.get(html.fromstring(client.get("/en/").text).xpath("//script/@src")[0]).text
    assert scripts[0] == words.replace("<!--", "<\\!--")
    assert any("Functional areas (indicative)" in body for body in scripts)
    assert not any("功能区（示意）" in body for body in scripts[1:])
    assert answer.headers["ETag"] != made("sector=steel").headers["ETag"]


def test_in_english_pages_are_english_and_data_is_where_it_is(made):
    page = html.fromstring(made("sector=steel", "/en").get_data(as_text=True))
    assert "http://localhost/en/districts/" in page.xpath("//a/@href")
    assert page.xpath("//*[@data-district]/@data-district")[0].startswith(
        "http://localhost/en/districts/PLACE"
    )
    links = page.xpath("//section[@id='take']//a/@href")
    files = [link for link in links if link.startswith("http://localhost/export/assignments.")]
    assert len(files) == len(links) - 1
    assert "http://localhost/en/export/map.html?sector=steel" in "\n".join(links)
    held = page.xpath("//script/@data-url")
    assert held
    assert not [address for address in held if address.startswith("/en/")]


def test_below_a_path_the_languages_hold_the_same_data(app):
    def held(path):
        root = {"SCRIPT_NAME": "/plans"}
        answer = app.test_client().get(path, environ_overrides=root, buffered=True)
        assert answer.status_code == 200
        return html.fromstring(answer.get_data(as_text=True))

    chinese, english = held("/export/map.html"), held("/en/export/map.html")
    assert english.xpath("//body/@data-server") == ["http://localhost/plans/en/"]
    addresses = english.xpath("//script/@data-url")
    assert addresses == chinese.xpath("//script/@data-url")
    assert all(address.startswith("/plans/") for address in addresses)


HOSTILE = "</script ><!-- <script>alert(1)</script> </SCRIPT>"


def test_inlined_text_ends_no_element_and_means_the_same():
    assert not re.search("</script|<!--", script_text(f'say("{HOSTILE}")'), re.IGNORECASE)
    assert script_text('say("</script>")') == r'say("<\/script>")'
    told = json.dumps({"words": HOSTILE})
    assert "<" not in json_text(told)
    assert json.loads(json_text(told)) == {"words": HOSTILE}


def test_a_page_is_packed_where_the_server_is_below_a_path():
    parts = {
        "/caitu/static/a.css": Part("text/css", b"p { background: url('img/a.png') } /*</style>*/"),
        "/caitu/static/img/a.png": Part("image/png", b"png"),
        "/caitu/static/a.js": Part("text/javascript", b'\xef\xbb\xbfsay("<!--")\r\n'),
        "/caitu/static/late.js": Part("text/javascript", b"late()"),
        "/caitu/map/1/rows.json?q=a&b": Part("application/json", b'["</script>"]'),
    }
    page = (
        '<!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" '
        'href="/caitu/static/a.css"></head><body><a href="/caitu/table?q=%3C&amp;r">&lt;b&gt;</a>'
        '<div data-rows="/caitu/map/1/rows.json?q=a&amp;b" data-late="/caitu/static/late.js" '
        'title="&quot;&gt;"></div><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
        '<script src="/caitu/static/a.js"></script></body></html>'
    )
    made = pack(page, parts.__getitem__, "http://host/caitu/")
    assert '<script>say("<\\!--")\n</script>' in made
    assert (
        '<script type="application/json" data-url="/caitu/map/1/rows.json?q=a&amp;b">'
        '["\\u003c/script>"]</script>' in made
    )
    assert '<script type="text/plain" data-url="/caitu/static/late.js">late()</script>' in made
    assert '<a href="http://host/caitu/table?q=%3C&amp;r">&lt;b&gt;</a>' in made
    assert 'url("data:image/png;base64,cG5n")' in made
    assert "</style>*/" not in made
    assert 'title="&quot;&gt;"' in made
    assert '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>' in made
