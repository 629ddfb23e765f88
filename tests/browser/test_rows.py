"""The table beside the map: it agrees with filter, extent and full page, and stays fast."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request

import pytest
from lxml import html

from tests.support import until

LINES = "() => [...document.querySelectorAll('.task-rows tbody tr')].map(e => e.dataset.assignment)"
EXTENTS = ["#map=8/29.5/106.5", "#map=9.5/28.9/105.9", "#map=8/29.9/121.2"]


@pytest.fixture
def full(server):
    """Ids on the full page, in its order."""

    def get(address):
        with urllib.request.urlopen(server + address) as answer:
            return html.fromstring(answer.read()).xpath("//table//tbody/tr/@id")

    return get


@pytest.fixture
def exported(server):
    def get(query):
        address = f"{server}/export/assignments.geojson?{query}"
        with urllib.request.urlopen(address) as answer:
            return [f["properties"]["assignment_id"] for f in json.load(answer)["features"]]

    return get


def opened(page):
    page.click("#show-rows")
    page.wait_for_selector(".task-rows tbody tr")
    return page


def lines(page):
    return page.evaluate(LINES)


def kept(page):
    return page.evaluate("Caitu.view.kept.map(row => row.id)")


def link(page):
    return page.locator(".rows-bar a").get_attribute("href")


def all_lines(page):
    while page.locator(".task-rows > .button").is_visible():
        page.click(".task-rows > .button")
    return lines(page)


def test_it_lists_what_the_filter_keeps_and_follows_it(visit):
    page = opened(visit())
    assert lines(page) == kept(page)[:100]
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    until(page, "document.querySelectorAll('.task-rows tbody tr').length < 100")
    assert lines(page) == kept(page)
    page.locator("#q").fill("不存在的产业")
    page.wait_for_selector("#numbers .empty:visible")
    page.locator("#q").fill("")
    until(page, "document.querySelectorAll('.task-rows tbody tr').length > 20")
    assert lines(page) == kept(page)
    assert page.faults == []


def test_a_line_says_what_the_plan_says(visit):
    page = opened(visit("/?place=500110&action=relocate_merge&plan=cq-2022-materials-14fyp"))
    row = page.evaluate(
        "(({ id, sectorText, condition, project, section }) =>"
        " ({ id, sectorText, condition, project, section }))(Caitu.view.kept[0])"
    )
    text = page.locator(f".task-rows tr[data-assignment='{row['id']}']").inner_text()
    for words in (row["sectorText"], row["condition"], row["project"]):
        assert words in text
    assert row["section"].replace("/", " / ") in text
    heads = page.locator(".task-rows thead th").all_inner_texts()
    assert heads == ["地点", "材料门类", "规划原文用语", "动作", "条件、项目", "规划、章节"]


@pytest.mark.parametrize("name", ["place_name", "sector_code", "action"])
def test_it_sorts_as_the_full_page_does(visit, full, name):
    page = opened(visit("/?sector=steel"))
    for order in (name, "-" + name):
        page.click(f".task-rows [data-sort={name}] button")
        assert lines(page) == full(f"/table?sector=steel&sort={order}&size=200")
        head = page.locator(f".task-rows [data-sort={name}]")
        told = "descending" if order.startswith("-") else "ascending"
        assert head.get_attribute("aria-sort") == told
        assert full(link(page)) == lines(page)[:50]
        assert f"sort={order}" in page.url
    page.click(f".task-rows [data-sort={name}] button")
    assert lines(page) == kept(page)
    assert page.locator(".task-rows [aria-sort]").count() == 0


def test_what_is_not_stated_comes_last(visit):
    page = opened(visit("/?plan=cq-2022-materials-14fyp"))
    stated = "row => Boolean(row.condition || row.project)"
    number = page.evaluate(f"Caitu.view.kept.filter({stated}).length")
    for _ in range(2):
        page.click(".task-rows [data-sort=condition] button")
        ids = all_lines(page)
        assert sorted(ids) == sorted(kept(page))
        bare = page.locator(".task-rows td:nth-child(5) .none")
        assert bare.count() == len(ids) - number
        assert page.locator(".task-rows tr").nth(number).locator(".none").count() == 0
        assert page.locator(".task-rows tr").nth(number + 1).locator(".none").count() == 1


@pytest.mark.parametrize("view", EXTENTS)
def test_the_extent_cuts_as_bbox_does(visit, exported, view):
    page = opened(visit("/" + view))
    page.wait_for_timeout(800)  # the fine borders come
    page.locator(".rows-bar input").check()
    box = page.evaluate("Caitu.extent.box(Caitu.view.map).join(',')")
    expected = exported(f"bbox={box}")
    assert 0 < len(expected) < len(kept(page))
    assert all_lines(page) == expected
    assert f"范围内 {len(expected)} 条，共 {len(kept(page))} 条" in (
        page.locator(".rows-bar").inner_text()
    )
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(link(page)).query)["bbox"] == [box]


def test_the_extent_follows_the_map_and_only_while_asked(visit):
    page = opened(visit("/#map=8/29.5/106.5"))
    page.locator(".rows-bar input").check()
    before = lines(page)
    move = "Caitu.view.map.setView([28.5, 121], 8, { animate: false })"
    page.evaluate(move)
    until(page, "location.hash.includes('121.0000')")
    page.wait_for_timeout(100)
    assert lines(page) != before
    page.locator(".rows-bar input").uncheck()
    everything = lines(page)
    page.evaluate("Caitu.view.map.setView([29.5, 106.5], 8, { animate: false })")
    page.wait_for_timeout(100)
    assert lines(page) == everything
    page.locator(".rows-bar input").check()
    page.evaluate("Caitu.view.map.setView([20, 180], 6, { animate: false })")
    page.wait_for_selector(".task-rows .empty:visible")
    west, _, east, _ = page.evaluate("Caitu.extent.box(Caitu.view.map)")
    assert west > 0 > east  # across the 180th meridian
    assert page.faults == []


def test_closed_it_does_nothing(visit):
    page = opened(visit())
    page.locator(".rows-bar input").check()
    page.click("#show-rows")
    assert not page.locator("#numbers").is_visible()
    page.evaluate("""() => { window.touched = 0; const rows = Caitu.rows.show;
        Caitu.rows.show = (view) => { window.touched += 1; return rows(view); };
        const places = Caitu.extent.places;
        Caitu.extent.places = (view) => { window.touched += 1; return places(view); }; }""")
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    page.evaluate("Caitu.view.map.setView([28.5, 121], 8, { animate: false })")
    page.wait_for_timeout(200)
    assert page.evaluate("window.touched") == 0
    page.click("#show-rows")
    until(page, "window.touched > 0")


def test_a_click_selects_the_place_on_the_map(visit):
    page = opened(visit("/?sector=steel"))
    line = page.locator(".task-rows tr[data-row='500116']").first
    line.locator("td").nth(2).click()
    assert page.evaluate("Caitu.view.selected") == "500116"
    assert "江津区" in page.locator("#drawer h2").inner_text()
    assert "chosen" in line.get_attribute("class")
    until(page, "Caitu.view.map.getBounds().contains([29.29, 106.26])")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("Caitu.view.selected") != "500116"
    focused = page.evaluate("document.activeElement.closest('tr').dataset.row")
    assert focused == page.evaluate("Caitu.view.selected")
    assert page.locator(".task-rows tbody [tabindex='0']").count() == 1


def test_the_address_keeps_tab_order_and_extent(visit):
    page = opened(visit("/?sector=steel"))
    page.click(".task-rows [data-sort=action] button")
    page.locator(".rows-bar input").check()
    address = page.url
    assert "numbers=rows&sort=action&within=1" in address
    again = visit("/?" + address.partition("/?")[2])
    again.wait_for_selector(".task-rows tbody tr")
    assert again.locator(".rows-bar input").is_checked()
    assert lines(again) == lines(page)
    again.click("#show-numbers")
    again.wait_for_selector(".matrix")
    assert again.locator("#show-rows").get_attribute("aria-expanded") == "false"
    assert again.locator("#show-numbers").get_attribute("aria-expanded") == "true"
    again.click("#show-rows")
    again.wait_for_selector(".task-rows")
    again.keyboard.press("Escape")
    assert not again.locator("#numbers").is_visible()
    assert "numbers=" not in again.url


def test_thousands_of_rows_are_drawn_by_the_hundred(visit):
    page = opened(visit())
    page.evaluate("""() => { const { kept } = Caitu.view;
        Caitu.view.kept = Array.from({ length: 20000 }, (_, number) => kept[number % kept.length]);
        document.dispatchEvent(new CustomEvent("caitu:filter", { detail: Caitu.view })); }""")
    until(page, "document.querySelector('.task-rows > .button').textContent.includes('19900')")
    assert page.locator(".task-rows tbody tr").count() == 100
    page.click(".task-rows > .button")
    assert page.locator(".task-rows tbody tr").count() == 200
    page.click(".task-rows [data-sort=sector_text] button")
    assert page.locator(".task-rows tbody tr").count() == 100
    page.click("text=复制表格")
    until(page, "document.querySelector('.numbers-copy').textContent.includes('已复制')")
    assert len(page.evaluate("navigator.clipboard.readText()").splitlines()) == 20001
