"""Taking along what the map shows: formats, systems and extent, by mouse and keyboard."""

from __future__ import annotations

import csv
import urllib.parse
from pathlib import Path

from geo.file_formats import FORMATS
from tests.support import until


def queries(page):
    """Extension → parameters of its link."""
    found = {}
    for address in page.eval_on_selector_all("#take [data-download]", "l => l.map(e => e.href)"):
        parts = urllib.parse.urlsplit(address)
        found[parts.path.partition(".")[2]] = dict(urllib.parse.parse_qsl(parts.query))
    return found


def opened(page):
    page.click("#show-take")
    page.wait_for_selector("#take")
    return page


def test_every_format_and_the_file_are_offered(visit):
    page = opened(visit("/?sector=steel"))
    assert set(queries(page)) == {*FORMATS, "html"}
    assert all(query == {"sector": "steel"} for query in queries(page).values())
    assert "33 条布局任务" in page.locator("#take-found").inner_text()
    assert page.faults == []


def test_links_follow_filter_system_and_extent(visit):
    page = opened(visit("/#map=9/29.3/106.2"))
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    page.select_option("#take-crs", "EPSG:4544")
    page.locator("#take-extent").check()
    found = queries(page)
    assert found["gpkg"]["crs"] == "EPSG:4544"
    assert "crs" not in found["kml"]
    assert "crs" not in found["html"]
    assert {query["sector"] for query in found.values()} == {"steel"}
    box = page.evaluate("Caitu.extent.box(Caitu.view.map).join(',')")
    assert {query["bbox"] for query in found.values()} == {box}
    page.evaluate("Caitu.view.map.setView([29.6, 107], 9, { animate: false })")
    until(page, f"!document.querySelector('#take [href*=csv]').href.includes('{box[:7]}')")
    assert "crs" not in page.url
    page.locator("#take-extent").uncheck()
    assert "bbox" not in queries(page)["csv"]


def test_the_file_holds_what_was_counted(visit, tmp_path):
    page = opened(visit("/#map=9/29.3/106.2"))
    page.wait_for_timeout(800)  # the fine borders come
    page.locator("#take-extent").check()
    counted = int(page.locator("#take-found").inner_text().split()[0])
    with page.expect_download() as download:
        page.click("#take [href*='.csv']")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == counted > 0


def test_an_address_that_cuts_is_not_cut_again(visit):
    page = opened(visit("/?bbox=106,29,107,30"))
    assert page.locator("#take-extent").is_disabled()
    assert queries(page)["csv"]["bbox"] == "106,29,107,30"


def test_by_keyboard(visit):
    page = visit()
    page.focus("#show-take")
    page.keyboard.press("Enter")
    assert page.locator("#show-take").get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.id") == "take-title"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "take-extent"
    page.keyboard.press("Space")
    assert "在地图范围内" in page.locator("#take-found").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#take").is_visible()
    assert page.evaluate("document.activeElement.id") == "show-take"
    assert page.locator("#show-take").get_attribute("aria-expanded") == "false"


def test_it_gives_way_to_the_other_tools(visit):
    page = opened(visit())
    page.click("#cite")
    assert not page.locator("#take").is_visible()
    assert page.locator("#said").is_visible()
