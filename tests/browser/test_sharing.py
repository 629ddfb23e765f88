"""Taking the map along: its address, its citation, its sheet."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from tests.support import until

PLAN = "/?plan=cq-2022-materials-14fyp"


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport={"width": 1440, "height": 860}, locale="zh-CN")
    page = context.new_page()
    page.faults = []
    page.on("console", lambda m: m.type == "error" and page.faults.append(m.text))
    page.on("pageerror", lambda e: page.faults.append(str(e)))

    def go(path):
        page.goto(server + path if path.startswith("/") else path)
        page.wait_for_selector("#map_main[data-ready]")

    page.go = go
    yield page
    assert page.faults == []
    context.close()


def view(page):
    return page.evaluate(
        "(() => { const m = Caitu.view.map, c = m.getCenter();"
        " return [m.getZoom(), +c.lat.toFixed(3), +c.lng.toFixed(3)]; })()"
    )


def test_the_address_keeps_the_view_and_the_place(page):
    page.go(PLAN)
    assert page.evaluate("location.hash") == ""
    page.click(".places button[data-place='500116']")
    until(page, "/map=.*place=500116/.test(location.hash)")
    page.wait_for_timeout(500)  # the map has arrived
    page.evaluate("Caitu.view.map.setView([29.3, 106.2], 9, {animate: false})")
    until(page, "location.hash.includes('map=9/29.3')")
    address, seen = page.url, view(page)
    page.goto("about:blank")
    page.go(address)
    assert view(page) == seen
    assert page.locator("#drawer h2").inner_text() == "江津区"


def test_back_closes_the_place_and_forward_opens_it(page):
    page.go(PLAN)
    page.click(".places button[data-place='500116']")
    page.wait_for_selector("#drawer .drawer-head")
    page.go_back()
    page.wait_for_selector("#drawer .drawer-head", state="detached")
    page.go_forward()
    assert page.locator("#drawer h2").inner_text() == "江津区"


def test_back_puts_the_address_back(page):
    page.go(PLAN)
    page.evaluate("Caitu.view.map.setView([29.3, 106.2], 8, {animate: false})")
    until(page, "location.hash.includes('map=8')")
    page.evaluate("Caitu.view.select('500116')")
    assert "place=500116" in page.url
    page.go_back()
    until(page, "!Caitu.view.selected")
    assert "place=" not in page.url
    assert "map=8/29.3" in page.url


def test_after_going_back_the_address_says_what_is_shown(page):
    page.go(PLAN)
    page.click(".places button[data-place='500116']")
    until(page, "/map=.*place=500116/.test(location.hash)")
    page.wait_for_timeout(500)  # the map has arrived
    page.go_back()
    until(page, "!Caitu.view.selected")
    zoom = view(page)[0]
    until(page, f"location.hash.startsWith('#map={zoom}/')")


def test_a_sheet_leaves_no_trace_in_the_address(page):
    page.go(PLAN)
    before = page.url
    page.click("#show-sheet")
    page.click("#sheet-form button[type=reset]")
    page.wait_for_timeout(300)
    assert page.url == before


def test_an_address_with_nonsense_behind_it_opens(page):
    page.go(f"{PLAN}#map=//&place=nowhere")
    assert view(page)[0] > 5
    assert page.locator("#drawer h2").inner_text().startswith("206 条")


def test_the_link_is_copied_where_there_is_no_clipboard(page):
    page.go(f"{PLAN}&sector=steel")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = getSelection() + ''; })"
    )
    page.click("#copy-link")
    assert page.locator("#said textarea").input_value() == page.url
    assert "已复制" in page.locator("#said p").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#said").is_hidden()


def test_a_citation_says_plan_section_date_and_version(page, snapshot):
    page.go(PLAN)
    page.click("#cite")
    text = page.locator("#said textarea").input_value()
    for words in (
        "重庆 2022",
        "行政区划 2022-12-15",
        f"数据版本 {snapshot.id}",
        page.url,
        "206 条",
    ):
        assert words in text
    assert re.search(r"\d{4}-\d\d-\d\d 查阅", text)
    page.click(".places button[data-place='500116']")
    page.click("#cite")
    text = page.locator("#said textarea").input_value()
    row = next(r for r in snapshot.rows if r.assignment.place_id == "500116"
               and r.assignment.plan_id == "cq-2022-materials-14fyp")  # fmt: skip
    assert "江津区" in text
    assert row.assignment.section in text


@pytest.mark.parametrize(("size", "width", "height"), [("a4", 297, 210), ("a3", 420, 297)])
def test_the_sheet_is_one_page(page, snapshot, size, width, height):
    page.go(f"{PLAN}&sector=steel")
    page.click("#show-sheet")
    page.fill("#sheet-form input", "钢铁材料布局")
    page.select_option("#sheet-form select", size)
    assert page.locator("#sheet h2").inner_text() == "钢铁材料布局"
    assert page.locator(".north").is_visible()
    assert page.locator(".leaflet-control-scale").is_visible()
    assert page.locator(".filters").is_hidden()
    document = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    (sheet,) = document.pages
    assert [float(n) / 72 * 25.4 for n in sheet.mediabox[2:]] == pytest.approx(
        [width, height], abs=1
    )
    text = sheet.extract_text()
    for words in ("钢铁材料布局", "GS(2024)0650", "送审", snapshot.id, "2022-12-15", "江津"):
        assert words in text, words
    page.click("#sheet-form button[type=reset]")
    assert page.locator(".filters").is_visible()
