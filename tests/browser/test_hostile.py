"""Words of plans are given by strangers: on every page they are words, and stay in their place."""

from __future__ import annotations

import re
import threading
import urllib.parse

import pytest
import waitress
from playwright.sync_api import expect

from app import create_app
from settings import ROOT, Settings
from tests.browser.hostile import (
    ALL,
    DISTRICT,
    LONG,
    PARK,
    PARK_NAME,
    PLAN,
    WORDS,
    write_hostile,
)
from tests.support import until

SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
PAGES = {
    "districts": f"/districts/?plan={PLAN}",
    "district": f"/districts/{DISTRICT}?plan={PLAN}",
    "park": f"/districts/{PARK}?plan={PLAN}",
    "table": f"/table?plan={PLAN}&size=200",
    "sorted table": f"/table?plan={PLAN}&sort=-place_text",
    "data": "/data",
    "items": f"/ogc/collections/assignments/items?f=html&limit=100&plan_id={PLAN}",
    "plans": "/ogc/collections/plans/items?f=html&limit=100",
    "plan": f"/ogc/collections/plans/items/{PLAN}?f=html",
    "parks": "/ogc/collections/parks/items?f=html&limit=300",
    "park as item": f"/ogc/collections/parks/items/{PARK}?f=html",
    "targets": f"/ogc/collections/targets/items?f=html&limit=100&plan_id={PLAN}",
    "not found": "/districts/" + urllib.parse.quote(WORDS["script"], safe=""),
}
STATUS = {"not found": 404}
SEEN = """() => [...document.querySelectorAll("bdi, q, dd, td, h1, h2, .place, .link")]
  .filter((node) => node.getClientRects().length).map((node) => node.textContent)"""
HARMED = (
    "() => [window.harmed, document.querySelectorAll('[onerror], [onload], img[src=x]').length]"
)
SIDEWAYS = """() => [...document.querySelectorAll("*")].filter((node) => {
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
  if (!scrolls && node !== document.documentElement) return false;
  if (node.closest(".scroll, .rows, .wide-table, [data-tab=matrix], pre, textarea")) return false;
  return node.scrollWidth > node.clientWidth + 1;
}).map((node) => [node.tagName, node.className, node.scrollWidth, node.clientWidth].join(" "))"""
"""What scrolls sideways, but for tables that are meant to."""
REVERSED = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const directed = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
  const joined = /[\ud800-\udfff\u200b-\u200d\s]/;
  const range = document.createRange();
  const box = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const reversed = (node, at) => {
    if (joined.test(node.data.slice(at - 1, at + 1))) return false;
    const [one, two] = [box(node, at - 1), box(node, at)];
    const apart = !one.width || !two.width || Math.abs(one.top - two.top) > 3;
    return !apart && two.left < one.left - 1;
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    if (!node.data.trim() || directed.test(node.data) || !own.getClientRects().length) continue;
    if (own.closest("select, textarea, script, noscript, svg, .unseen")) continue;
    if (getComputedStyle(own).writingMode !== "horizontal-tb") continue;
    for (let at = 1; at < Math.min(node.length, 150); at += 1) {
      if (!reversed(node, at)) continue;
      found.push([own.tagName, own.className, node.data.slice(0, 40)].join(" "));
      break;
    }
  }
  return found;
}"""
"""Texts without directional marks whose letters run from right to left."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Address and snapshot of a server with the plan."""
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(ROOT / "data", folder / "data")
    app = create_app(Settings(data_dir=folder / "data", instance_dir=folder / "instance"))
    running = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.effective_port}", app.extensions["caitu"].now().snapshot
    running.close()
    thread.join(timeout=5)


@pytest.fixture(params=SIZES)
def visit(request, browser, hostile):
    """Open an address in a window of each size; notes whatever goes wrong in it."""
    contexts = []

    def go(path, status=200):
        context = browser.new_context(
            viewport=SIZES[request.param], locale="zh-CN", permissions=["clipboard-write"]
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("dialog", lambda dialog: (page.faults.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda m: m.type in {"error", "warning"} and page.faults.append(m.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        assert page.goto(hostile[0] + path).status == status
        return page

    yield go
    for context in contexts:
        context.close()


def open_map(visit, path=f"/?plan={PLAN}"):
    page = visit(path)
    page.wait_for_selector("#map_main[data-ready]")
    return page


def harmless(page, status=200):
    """Nothing ran, nothing was pushed aside, nothing was turned round."""
    refused = f"the server responded with a status of {status}"
    assert [fault for fault in page.faults if refused not in fault] == []
    assert page.evaluate(HARMED) == [None, 0]
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(REVERSED) == []


def shows(page, words):
    """Each of the words stands somewhere on the page as it is."""
    seen = page.evaluate(SEEN)
    missing = [each[:50] for each in words if each not in seen]
    assert not missing, missing


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_words_as_words(visit, name):
    page = visit(PAGES[name], STATUS.get(name, 200))
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    harmless(page, STATUS.get(name, 200))
    if name in {"district", "park", "table", "items"}:
        shows(page, WORDS.values())
    if name in {"park", "plan", "district"}:
        shows(page, [ALL])


@pytest.mark.parametrize("name", WORDS)
def test_the_page_of_an_assignment_shows_words_as_words(visit, hostile, name):
    rows = [row for row in hostile[1].rows if row.assignment.sector_text == WORDS[name]]
    ids = {row.assignment.place_id: row.assignment_id for row in rows}
    for place in ("", PARK):
        page = visit(f"/assignments/{ids[place]}")
        harmless(page)
        shows(page, [WORDS[name], ALL])
        title = re.sub("[ \\t\\n]+", " ", PARK_NAME if place else WORDS[name])
        assert page.title().startswith(title.strip()[:40])
    page = visit(f"/ogc/collections/assignments/items/{ids[PARK]}?f=html")
    harmless(page)
    shows(page, [WORDS[name]])


def test_the_map_shows_words_as_words(visit):
    page = open_map(visit)
    harmless(page)
    shows(page, WORDS.values())  # of nowhere, in the list
    option = page.locator(f'#plan option[value="{PLAN}"]')
    assert option.evaluate("node => node.textContent") == ALL
    page.locator(f'#drawer [data-place="{DISTRICT}"]').click()
    expect(page.locator("#drawer h2")).to_contain_text("江津")
    shows(page, [*WORDS.values(), PARK_NAME])
    harmless(page)
    page.locator(f'#drawer [data-place="{PARK}"]').click()
    expect(page.locator("#drawer .back")).to_be_visible()
    shows(page, [*WORDS.values(), PARK_NAME])
    harmless(page)


def test_what_the_map_says_of_a_place_is_words(visit):
    page = open_map(visit, f"/?plan={PLAN}#place={PARK}&map=11/29.2/106.3")
    page.locator("#drawer .back").wait_for()
    page.evaluate(
        "id => Caitu.view.map.setView([...Caitu.view.byId.get(id).label].reverse(), 12)", PARK
    )
    until(page, "document.querySelector('.caitu-label-park') !== null")
    labels = page.locator(".caitu-label-park").all_text_contents()
    assert PARK_NAME in labels
    tips = page.evaluate(
        "id => Caitu.view.tip(Caitu.view.byId.get(id)).firstChild.textContent", PARK
    )
    assert tips == PARK_NAME
    page.locator(f'path[data-place="{PARK}"]').hover(force=True)
    expect(page.locator(".leaflet-tooltip strong")).to_have_text(PARK_NAME, use_inner_text=False)
    harmless(page)


def test_suggestions_numbers_sheet_and_citation_are_words(visit):
    page = open_map(visit)
    page.fill("#q", "<img src=x onerror=window.harmed=1>")
    suggestion = page.locator("#suggestions button")
    expect(suggestion).to_have_count(1)
    assert suggestion.evaluate("node => node.firstChild.textContent") == PARK_NAME
    harmless(page)
    page.fill("#q", "")
    until(page, "document.getElementById('suggestions').hidden")
    page.click("#show-numbers")
    for tab in ("matrix", "counts", "targets"):
        page.click(f"#numbers-{tab}")
        until(page, f"document.querySelector('.numbers-body').dataset.tab === '{tab}'")
        page.evaluate(
            "for (const d of document.querySelectorAll('.numbers details')) d.open = true"
        )
        harmless(page)
        if tab == "counts":
            heights = page.evaluate(
                "[...document.querySelectorAll('.chart')].map(c => c.offsetHeight)"
            )
            assert max(heights) < 1500
        if tab == "targets":
            shows(page, WORDS.values())
    page.click(".numbers-close")
    page.click("#cite")
    cited = page.locator("#said textarea").input_value()
    assert ALL in cited.replace("\u2068", "").replace("\u2069", "")
    assert f"\u2068{ALL}\u2069" in cited
    harmless(page)
    page.keyboard.press("Escape")
    page.click("#show-sheet")
    page.fill("#sheet-form [name=title]", WORDS["script"] + WORDS["override"])
    page.select_option("#sheet-form [name=size]", "a3")
    assert ALL in page.locator("#sheet p").first.text_content()
    assert page.locator("#sheet h2").text_content() == WORDS["script"] + WORDS["override"]
    page.evaluate("document.querySelector('.workspace').scrollLeft = 0")
    page.set_viewport_size({"width": 1800, "height": 900})
    harmless(page)


@pytest.mark.parametrize("visit", ["desk"], indirect=True)
@pytest.mark.parametrize("words", [*WORDS.values(), "x" * 200], ids=[*WORDS, "many"])
def test_words_in_an_address_are_words(visit, words):
    asked = urllib.parse.quote(words)
    kept = len(words) <= 200
    status = 200 if kept else 400
    for page in (visit(f"/table?q={asked}", status), visit(f"/?q={asked}", status)):
        harmless(page, status)
        if kept:
            value = page.locator("#q, #f-q").input_value()
            assert value.split() == words.lower().split() or value.split() == words.split()
    page = visit(f"/table?sector={asked}", 400)
    harmless(page, 400)
    page = open_map(visit, f"/#place={asked}&map={asked}&numbers={asked}")
    harmless(page)


def test_long_words_can_be_read_whole(visit):
    page = visit(PAGES["table"])
    words = page.locator("q.item bdi, q.item", has_text=LONG).first
    box = words.bounding_box()
    assert box["width"] < page.viewport_size["width"]
    assert box["height"] > 400  # they are broken, not cut
