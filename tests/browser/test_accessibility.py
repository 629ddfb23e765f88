"""Every page against the rules of axe-core and by keyboard: on a desk, zoomed and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from settings import ROOT
from tests.support import missing

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
DESK = {"width": 1440, "height": 860}
ZOOMED = {"width": 720, "height": 430}  # the desk at 200 %
PHONE = {"width": 390, "height": 800}
MAPS = {
    "map": "/",
    "map of one plan": "/?plan=cq-2022-materials-14fyp",
    "map with a place selected": "/?place=500116",
    "map with suggestions": "/?sector=steel",
    "map without results": "/?place=500116&sector=rare-earth",
    "map with its citation": "/?plan=cq-2022-materials-14fyp&sector=steel",
    "map with numbers": "/?plan=cq-2022-materials-14fyp&sector=steel&sector=building",
    "map with layer notes": "/?plan=cq-2022-materials-14fyp&sector=steel",
    "map on another day": "/?plan=cq-2017-new-materials&as_of=2019-03-01",
    "map with downloads": "/?sector=steel",
    "map with its table": "/?sector=steel",
    "print sheet": "/?plan=cq-2022-materials-14fyp&sector=steel&action=develop",
}
SHEETS = {
    "districts": "/districts/",
    "district": "/districts/500116",
    "ended district": "/districts/500112?as_of=2026-11-01",
    "table": "/table",
    "filtered table": "/table?q=光伏",
    "empty table": "/table?place=500116&sector=rare-earth",
    "data": "/data",
    "assignment": "/assignments/{assignment}",
    "not found": "/districts/nowhere",
    "bad request": "/table?sector=nothing",
    "API": "/ogc/?f=html",
    "collections": "/ogc/collections?f=html",
    "collection": "/ogc/collections/assignments?f=html",
    "items": "/ogc/collections/assignments/items?f=html&limit=20",
    "no items": "/ogc/collections/assignments/items?f=html&place_id=none",
    "item": "/ogc/collections/assignments/items/{assignment}?f=html",
    "queryables": "/ogc/collections/assignments/queryables?f=html",
    "conformance": "/ogc/conformance?f=html",
    "tiles": "/ogc/tiles?f=html",
    "description of the API": "/ogc/api?f=html",
}
PAGES = MAPS | SHEETS
BUTTONS = {
    "map with its citation": "#cite",
    "map with numbers": "#show-numbers",
    "map with layer notes": "#show-layers",
    "map with downloads": "#show-take",
    "map with its table": "#show-rows",
    "print sheet": "#show-sheet",
}
STATUS = {"not found": 404, "bad request": 400}


@pytest.fixture(scope="module")
def axe():
    if not AXE.is_file():
        missing("没有 axe-core（npm ci --ignore-scripts）")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def visit(browser, server, snapshot):
    """Open a page by its name; whatever can be unfolded is."""
    contexts = []

    def go(name, viewport=DESK, root=""):
        context = browser.new_context(viewport=viewport, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        path = PAGES[name].format(assignment=snapshot.rows[0].assignment_id)
        assert page.goto(server + root + path).status == STATUS.get(name, 200)
        if name in MAPS:
            page.wait_for_selector("#map_main[data-ready]")
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        return page

    yield go
    for context in contexts:
        context.close()


def prepare(page, name):
    """Bring a map into the state it is named for."""
    if name == "map with a place selected":
        page.locator('path[data-place="500116"]').focus()
        page.keyboard.press("Enter")
        expect(page.locator("#drawer h2")).to_contain_text("江津区")
    elif name == "map with suggestions":
        page.locator("#q").fill("沙坪坝")
        expect(page.locator("#suggestions button").first).to_be_visible()
    elif name in BUTTONS:
        page.click(BUTTONS[name])
    if name == "map with layer notes":
        page.wait_for_selector("[data-layer]")


def violations(page, **options):
    """Rule, impact, help and the first selectors of whatever breaks a rule."""
    options = {"runOnly": TAGS, "resultTypes": ["violations"]} | options
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n  "
        + "\n  ".join(" ".join(map(str, node["target"])) for node in rule["nodes"][:8])
        for rule in found
    ]


@pytest.mark.parametrize(
    ("viewport", "root"),
    [(DESK, ""), (PHONE, ""), (DESK, "/en")],
    ids=["desk", "phone", "desk in English"],
)
@pytest.mark.parametrize("name", PAGES)
def test_no_rule_is_broken(visit, axe, name, viewport, root):
    page = visit(name, viewport, root)
    prepare(page, name)
    page.evaluate(axe)
    found = violations(page)
    if name in MAPS:  # beneath the map's panes axe sees no background
        page.evaluate("document.querySelector('.leaflet-map-pane').style.visibility = 'hidden'")
        found += violations(page, runOnly=["color-contrast"])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("root", ["", "/en"], ids=["Chinese", "English"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(visit, name, root):
    page = visit(name, ZOOMED, root)
    prepare(page, name)
    for viewport in (ZOOMED, PHONE):
        page.set_viewport_size(viewport)
        over = "(root => root.scrollWidth - root.clientWidth)(document.documentElement)"
        assert page.evaluate(over) == 0


@pytest.mark.parametrize("name", ["map", *SHEETS])
def test_the_keyboard_skips_to_the_content(visit, name):
    page = visit(name)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.locator("h1")).to_have_count(1)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
