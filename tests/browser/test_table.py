"""The table, the catalogue and an assignment's page as people meet them: a real browser."""

from __future__ import annotations

import csv
import io
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = ("/table", "/table?sector=graphene&place=500116", "/data")
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture
def visit(browser, server):
    """Open an address; faults are those the browser reports, breaches of the policy included."""
    contexts = []

    def go(path, viewport=None, before="", **options):
        context = browser.new_context(viewport=viewport or WIDE, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda m: m.type == "error" and page.faults.append(m.text))
        page.on("pageerror", lambda e: page.faults.append(str(e)))
        if before:
            page.add_init_script(before)
        page.goto(server + path)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def assignment(snapshot):
    """Address of an assignment with everything on its page."""
    row = next(row for row in snapshot.rows if row.assignment.place_name == "江津夏坝")
    return f"/assignments/{row.assignment_id}"


def query(page):
    return urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query)


def rows(page):
    return page.eval_on_selector_all(".grid tbody tr", "list => list.map(e => e.id)")


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_a_click_on_a_head_sorts_and_another_turns(visit):
    page = visit("/table?sector=steel")
    page.get_by_role("columnheader", name="地点").get_by_role("link").click()
    assert query(page) == [("sector", "steel"), ("sort", "place_name")]
    head = page.get_by_role("columnheader", name="地点")
    assert head.get_attribute("aria-sort") == "ascending"
    up = rows(page)
    head.get_by_role("link").click()
    assert query(page)[-1] == ("sort", "-place_name")
    assert set(rows(page)) == set(up)
    assert rows(page) != up
    assert page.faults == []


def test_the_keyboard_sorts(visit):
    page = visit("/table?sector=steel")
    page.get_by_role("columnheader", name="材料门类").get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sort=sector_code" in address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"


@pytest.mark.parametrize("script", [True, False])
def test_the_form_filters_with_and_without_script(visit, script):
    page = visit("/table?place=500116&sort=action", java_script_enabled=script)
    page.get_by_label("搜索", exact=True).fill("光伏")
    page.get_by_label("规划", exact=True).select_option(label="重庆 2022 材料工业“十四五”规划")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**/table?plan=*")
    assert query(page) == [
        ("plan", "cq-2022-materials-14fyp"),
        ("place", "500116"),
        ("q", "光伏"),
        ("sort", "action"),
    ]
    expect(page.locator(".grid tbody tr")).to_have_count(1)
    assert "江津白沙组团" in page.locator(".grid tbody").text_content()
    page.get_by_label("去掉条件：搜索 光伏").click()
    page.wait_for_url(lambda address: "q=" not in address)
    assert "q" not in dict(query(page))
    assert page.locator(".grid tbody tr").count() > 1


def test_the_chosen_system_goes_into_the_downloads(visit):
    page = visit("/table?place=500116")
    links = page.locator("#downloads a[data-download]").filter(has=page.locator("[data-system]"))
    assert all("crs" not in (a.get_attribute("href") or "") for a in links.all())
    page.get_by_label("坐标系").select_option("EPSG:4544")
    for link in links.all():
        assert "crs=EPSG%3A4544" in link.get_attribute("href")
        assert "place=500116" in link.get_attribute("href")
        assert "EPSG:4544" in link.inner_text()
    kml = page.get_by_role("link", name="KML")
    assert "crs" not in kml.get_attribute("href")
    with urllib.request.urlopen(page.locator("a", has_text="CSV").evaluate("a => a.href")) as file:
        table = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    assert len(table) == page.locator(".grid tbody tr").count()
    assert "easting" in table[0]
    page.get_by_label("坐标系").select_option("")
    assert all("crs" not in a.get_attribute("href") for a in links.all())
    assert page.faults == []


def test_a_system_can_be_chosen_without_script(visit):
    page = visit("/table?sector=graphene", java_script_enabled=False)
    page.get_by_label("坐标系").select_option("GCJ-02")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=".csv").click()
    assert "GCJ-02" in waiting.value.suggested_filename
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert "longitude_gcj02" in text.splitlines()[0]
    assert len(text.splitlines()) == 1 + page.locator(".grid tbody tr").count()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("viewport", [WIDE, {"width": 1000, "height": 800}, PHONE])
def test_nothing_sticks_out_and_nothing_breaks(visit, path, viewport):
    page = visit(path, viewport)
    assert overflow(page) <= 0
    for details in page.locator("details").all():
        details.evaluate("d => { d.open = true; }")
    assert overflow(page) <= 0
    assert page.faults == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_an_assignment_fits(visit, assignment, viewport):
    page = visit(assignment, viewport)
    assert overflow(page) <= 0
    assert page.faults == []
    page.get_by_role("link", name="江津夏坝专页").click()
    page.wait_for_selector("tr:target")


def test_a_phone_shows_cards_with_the_names_of_the_columns(visit):
    page = visit("/table?q=江津 夏坝", PHONE)
    cell = page.locator(".grid td").nth(1)
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"地点"'
    assert cell.evaluate("e => getComputedStyle(e).display") == "block"
    assert not page.locator(".grid thead").is_visible()
    assert not page.locator(".grid td.bare").first.is_visible()
    page.get_by_label("排序").select_option("-place_name")
    page.get_by_role("button", name="筛选").click()
    assert ("sort", "-place_name") in query(page)


def test_the_head_stays_in_sight(visit):
    page = visit("/table?size=200")
    page.evaluate("scrollTo(0, 3000)")
    assert page.locator(".grid thead th").first.bounding_box()["y"] == 0


def test_print_leaves_the_table_alone(visit):
    page = visit("/table?sector=steel")
    page.emulate_media(media="print")
    for css in (".bar", ".find", ".conditions", "#downloads", ".permalink"):
        assert not page.locator(css).first.is_visible()
    assert "材料门类：先进钢铁材料" in page.locator("caption").inner_text()
    assert page.locator("caption").bounding_box()["height"] > 10
    assert page.locator(".grid td").first.is_visible()


@pytest.mark.parametrize("before", ["", NO_CLIPBOARD])
def test_a_line_is_copied(visit, server, before):
    permissions = ["clipboard-read", "clipboard-write"]
    page = visit("/data", before=before, permissions=permissions)
    snippet = page.locator("#gdal .snippet").first
    snippet.get_by_role("button", name="复制").click()
    page.wait_for_function("document.querySelector('#gdal [data-copy]').textContent === '已复制'")
    page.goto(server + "/table")
    page.get_by_label("搜索").focus()
    page.keyboard.press("Control+V")
    assert page.get_by_label("搜索").input_value() == f'ogrinfo "OAPIF:{server}/ogc"'
    assert page.faults == []


def test_without_script_the_lines_are_text(visit, server):
    page = visit("/data", java_script_enabled=False)
    assert page.locator("#gdal pre").first.inner_text() == f'ogrinfo "OAPIF:{server}/ogc"'
    assert page.get_by_role("button", name="复制").count() == 0
