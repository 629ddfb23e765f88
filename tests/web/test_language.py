"""The language is part of the address; every page says all of itself in it."""

from __future__ import annotations

import re

import pytest
from lxml import html

from web.language import LanguageStep, language

KEPT = re.compile(r"GS\(2024\)0650号|字段说明\.csv")
"""A number and the name of a file, which have no other form."""
CHINESE = re.compile(r"[\u3001-\u30ff\u4e00-\u9fff\uff01-\uffef]+")
SAID = ("title", "aria-label", "placeholder", "alt", "data-label")
"""Attributes that readers see or hear."""

PAGES = {
    "map": "/",
    "map of one plan": "/?plan=cq-2022-materials-14fyp&region=500000-central",
    "districts": "/districts/",
    "districts of a plan": "/districts/?plan=sc-2020-new-materials",
    "district": "/districts/500116",
    "filtered district": "/districts/500116?sector=rare-earth",
    "ended district": "/districts/500112?as_of=2026-11-01",
    "successor": "/districts/500157?as_of=2026-11-01",
    "functional area": "/districts/500000-liangjiang?as_of=2022-12-31",
    "table": "/table",
    "filtered table": "/table?q=光伏&sector=new-energy&in_force=2023-01-01&sort=-start",
    "second page": "/table?page=2&size=20",
    "empty table": "/table?place=500116&sector=rare-earth",
    "assignment": "/assignments/{assignment}",
    "inherited assignment": "/assignments/{inherited}?as_of=2026-11-01",
    "data": "/data",
    "landing page of the API": "/ogc/?f=html",
    "collections": "/ogc/collections?f=html",
    "collection": "/ogc/collections/districts?f=html",
    "items": "/ogc/collections/assignments/items?f=html&limit=20",
    "no items": "/ogc/collections/assignments/items?f=html&place_id=none",
    "item": "/ogc/collections/assignments/items/{assignment}?f=html",
    "queryables": "/ogc/collections/assignments/queryables?f=html",
    "conformance": "/ogc/conformance?f=html",
    "tiles": "/ogc/tiles?f=html",
    "description of the API": "/ogc/api?f=html",
    "no such page": "/nowhere",
    "no such place": "/districts/nowhere",
    "no such assignment": "/assignments/nowhere",
    "unknown parameter": "/table?colour=red",
    "wrong sector": "/table?sector=nothing",
    "wrong date": "/?as_of=2001-01-01",
    "wrong box": "/?bbox=1,2",
    "wrong page": "/table?page=0",
    "wrong order": "/table?sort=colour",
    "parameter where none is": "/data?colour=red",
}
FAULTS = {"no": 404, "wrong": 400, "unknown": 400, "parameter": 400}


@pytest.fixture
def address(snapshot):
    """The address of a page by name, and the status of its answer."""

    def of(name):
        inherited = next(row for row in snapshot.rows if row.inherited_from)
        ids = {"assignment": snapshot.rows[0].assignment_id, "inherited": inherited.assignment_id}
        first = name.split()[0] if name != "no items" else ""
        return PAGES[name].format(**ids), FAULTS.get(first, 200)

    return of


@pytest.fixture(scope="module")
def names(snapshot):
    """Everything that data says in Chinese."""
    return snapshot.to_json().decode()


def unmarked(tree, names):
    """Chinese that neither an element nor the data accounts for."""
    found = []
    for node in tree.iter():
        if not isinstance(node.tag, str) or node.tag in {"script", "style"}:
            continue
        tongue = next((n.get("lang") for n in (node, *node.iterancestors()) if n.get("lang")), "")
        if tongue.startswith("en"):
            texts = [node.text, *(child.tail for child in node)]
            found += [run for text in texts for run in CHINESE.findall(KEPT.sub("", text or ""))]
        for name in SAID:
            runs = CHINESE.findall(node.get(name, ""))
            found += [f"{name}: {run}" for run in runs if run not in names]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_in_both_languages(page, address, name):
    path, status = address(name)
    chinese, english = page(path, status), page(f"/en{path}", status)
    assert chinese.get("lang") == "zh-CN"
    assert english.get("lang") == "en"
    assert [e.get("class") for e in chinese.iter("main")] == [
        e.get("class") for e in english.iter("main")
    ]
    assert CHINESE.search(chinese.findtext(".//title"))
    assert english.findtext(".//title").endswith("Caitu") or name.startswith(("map", "landing"))


@pytest.mark.parametrize("name", PAGES)
def test_english_pages_say_nothing_in_chinese_but_data(page, address, names, name):
    path, status = address(name)
    tree = page(f"/en{path}", status)
    assert not unmarked(tree.find("body"), names)


def test_the_check_sees_what_is_not_translated(names):
    told = '<body lang="en"><p title="永久地址">地点 <span lang="zh-CN">江津区</span>：3</p></body>'
    assert unmarked(html.fromstring(told), names) == ["地点", "：", "title: 永久地址"]


@pytest.mark.parametrize("name", ["map", "district", "table", "data", "assignment", "collections"])
def test_every_link_keeps_the_language(page, address, name):
    """Pages link to pages in the language; data, files and scripts have one address."""
    tree = page(f"/en{address(name)[0]}")
    links = [
        e.get("href") or e.get("src") or e.get("action")
        for e in tree.iter("a", "script", "link", "form", "img")
        if not (e.get("hreflang") or "").startswith("zh") and e.get("rel") != "canonical"
    ]
    for link in links:
        path = re.sub(r"^http://localhost", "", link or "#")
        if path.startswith("#") or not path.startswith("/"):
            continue
        neutral = path.startswith(("/static/", "/export/", "/map/", "/bundles/", "/words/"))
        neutral &= not path.startswith("/export/map.html")
        neutral |= path.startswith("/ogc") and "f=html" not in path
        assert neutral or path.startswith("/en/"), link


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en", "/en/"),
        ("/en?plan=x&q=%E9%92%A2", "/en/?plan=x&q=%E9%92%A2"),
        ("/en/export/plans.csv?q=%E9%92%A2", "/export/plans.csv?q=%E9%92%A2"),
        ("/en/static/caitu.css", "/static/caitu.css"),
        ("/en/healthz", "/healthz"),
        ("/en/map/0/map.js", "/map/0/map.js"),
        ("/en/ogc/", "http://localhost/ogc/"),
        ("/en/ogc/collections?f=json", "http://localhost/ogc/collections?f=json"),
        ("/en/ogc/tiles/WebMercatorQuad/0/0/0", "http://localhost/ogc/tiles/WebMercatorQuad/0/0/0"),
    ],
)
def test_what_has_no_language_has_one_address(client, path, target):
    answer = client.get(path)
    assert answer.status_code == 308
    assert answer.headers["Location"] == target


def test_a_redirect_stays_on_this_host(client):
    """What follows the language is a path, whatever it looks like."""
    for path in ("/en//export.example/x", "/en/%2Fexport.example", "/en/%5Cexport.example"):
        target = client.get(path).headers.get("Location", "")
        assert target.startswith(("", "http://localhost/")[bool(target)])
        assert not target.startswith("//")


def test_the_step_moves_the_language_to_script_name():
    seen = {}

    def application(environ, _start):
        seen.update(environ)
        return ()

    step = LanguageStep(application)
    step({"PATH_INFO": "/en/table", "SCRIPT_NAME": "/plans"}, None)
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("/plans/en", "/table")
    seen.clear()
    step({"PATH_INFO": "/english", "SCRIPT_NAME": ""}, None)
    assert seen == {"PATH_INFO": "/english", "SCRIPT_NAME": ""}


def test_outside_a_request_it_is_chinese(app):
    assert language() == "zh"
    with app.test_request_context():
        assert language() == "zh"


def test_the_switch_keeps_path_and_query(page):
    query = "?q=%E5%85%89%E4%BC%8F&size=20"
    chinese, english = page(f"/table{query}"), page(f"/en/table{query}")
    (link,) = chinese.xpath("//nav[@class='languages']//a")
    assert (link.get("href"), link.get("lang"), link.get("hreflang"), link.text) == (
        f"/en/table{query}", "en", "en", "English",
    )  # fmt: skip
    (link,) = english.xpath("//nav[@class='languages']//a")
    assert (link.get("href"), link.get("lang"), link.text) == (f"/table{query}", "zh-CN", "中文")
    assert page(link.get("href")).get("lang") == "zh-CN"


def test_the_switch_cannot_be_made_to_leave(page):
    tree = page("/en//evil.example/%22%3E%3Cscript%3E", 404)
    for link in tree.xpath("//a[@hreflang] | //link[@hreflang]"):
        assert not link.get("href").startswith("//")
        assert '"' not in link.get("href")


def test_sectors_have_their_english_names(page, snapshot):
    labels = {e.text_content() for e in page("/en/").xpath("//label[@class='line']/span")}
    tops = {top.name_en for top in snapshot.sector_tree.top()}
    assert len(labels & tops) > 15


def test_counts_agree_with_their_nouns(page, snapshot):
    row = max(snapshot.rows_on(snapshot.epochs[0]), key=lambda row: len(row.assignment.condition))
    found = page(f"/en/table?as_of=2017-01-01&q={row.assignment.condition}")
    assert re.search(r"\b1 assignment,", found.xpath("//div[@class='found']/p")[0].text_content())


def test_scripts_get_their_words(client, page):
    sources = [e.get("src") for e in page("/en/").iter("script")]
    (words,) = [source for source in sources if source.startswith("/words/")]
    first, *_ = [source for source in sources if source.startswith("/bundles/")]
    assert sources.index(words) < sources.index(first)
    answer = client.get(words)
    assert "immutable" in answer.headers["Cache-Control"]
    assert '"没有任务": "No assignments"' in answer.get_data(as_text=True)
    assert client.get("/words/0000/en.js").status_code == 404
    assert not [e for e in page("/").iter("script") if "/words/" in e.get("src")]


def test_a_pages_tag_and_the_apis_differ_by_language(client):
    first = client.get("/ogc/collections?f=html")
    second = client.get("/en/ogc/collections?f=html")
    assert first.headers["ETag"] != second.headers["ETag"]


def test_data_in_the_api_links_to_addresses_without_language(page):
    (link,) = page("/en/ogc/collections?f=html").xpath("//p[contains(@class, 'source')]/a")
    assert link.get("href") == "/ogc/collections?f=json"
    tree = page("/en/ogc/collections/assignments/items?f=html&limit=20")
    (next_page,) = tree.xpath("//a[@rel='next']")
    assert next_page.get("href").startswith("http://localhost/en/ogc/collections/assignments/items")
