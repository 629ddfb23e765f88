"""Stepping from plan to plan, and choosing the day of the boundaries."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support import until

FIRST, SECOND, THIRD = (
    "cq-2017-new-materials",
    "cq-2022-materials-14fyp",
    "cq-2023-fibre-composites",
)
PLAN = f"/?plan={SECOND}"


def query(page):
    return parse_qs(urlsplit(page.url).query)


def arrived(page, plan):
    """Wait for the page of a plan, its map drawn."""
    page.wait_for_url(lambda address: parse_qs(urlsplit(address).query).get("plan") == plan)
    page.wait_for_selector("#map_main[data-ready]")


def view(page):
    return page.evaluate(
        "(({ map, selected, kept }) => ({ zoom: map.getZoom(), at: map.getCenter(), selected,"
        " kept: kept.length }))(Caitu.view)"
    )


def test_a_step_keeps_position_place_and_filter(visit):
    page = visit(PLAN)
    page.locator('[name="sector"][value="fibre-composites"]').check()
    page.locator('path[data-place="500118"]').first.click()
    page.evaluate("Caitu.view.map.setView([29.4, 106.1], 8.5, { animate: false })")
    before = view(page)
    page.get_by_role("link", name="下一份规划").click()
    arrived(page, [THIRD])
    after = view(page)
    assert query(page)["sector"] == ["fibre-composites"]
    assert after["selected"] == before["selected"] == "500118"
    assert after["zoom"] == before["zoom"]
    assert after["at"]["lat"] == pytest.approx(before["at"]["lat"], abs=1e-3)
    assert after["at"]["lng"] == pytest.approx(before["at"]["lng"], abs=1e-3)
    assert after["kept"] != before["kept"]
    assert "永川区" in page.locator("#drawer h2").inner_text()
    page.go_back()
    arrived(page, [SECOND])
    assert view(page)["selected"] == "500118"
    assert page.faults == []


def test_arrow_keys_step_and_the_slider_stays_in_use(visit):
    page = visit(PLAN)
    slider = page.locator("#time-slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    told = page.locator("[data-told]:visible")
    expect(told).to_contain_text("重庆 2017")  # at once, before the map follows
    arrived(page, [FIRST])
    assert query(page)["as_of"] == ["2017-12-31"]
    until(page, "document.activeElement.id === 'time-slider'")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    arrived(page, [THIRD])
    assert "as_of" not in query(page)
    assert slider.get_attribute("aria-valuetext") == "重庆 2023 纤维及复合材料行动计划"
    until(page, "document.activeElement.id === 'time-slider'")
    page.keyboard.press("Home")
    arrived(page, None)
    assert page.evaluate("Caitu.view.kept.length") > 400


def test_two_keys_in_a_row_take_one_step_of_two(visit):
    page = visit(f"/?plan={FIRST}&as_of=2017-12-31")
    page.locator("#time-slider").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    arrived(page, [THIRD])
    pages = [each for each in page.asked if each.path == "/"]
    assert len(pages) == 2


def test_the_step_buttons_keep_the_focus_and_the_end_hands_it_on(visit):
    page = visit(PLAN)
    page.locator("#time-prev").focus()
    page.keyboard.press("Enter")
    arrived(page, [FIRST])
    until(page, "document.activeElement.id === 'time-prev'")
    page.keyboard.press("Enter")
    arrived(page, None)
    until(page, "document.activeElement.id === 'time-slider'")


def test_the_choice_of_the_day_goes_along(visit):
    page = visit(PLAN)
    page.get_by_role("link", name="按今天的区划").click()
    page.wait_for_url(lambda address: "as_of=" in address)
    page.wait_for_selector("#map_main[data-ready]")
    today = str(date.today())
    assert query(page)["as_of"] == [today]
    assert page.locator("path.caitu-district").count() == 37
    page.get_by_role("link", name="下一份规划").click()
    arrived(page, [THIRD])
    assert query(page)["as_of"] == [today]
    page.locator("#plan").select_option(FIRST)
    arrived(page, [FIRST])
    assert query(page)["as_of"] == [today]
    page.get_by_role("link", name="按当时的区划").click()
    page.wait_for_url(lambda address: "as_of=2017-12-31" in address)
    page.wait_for_selector("#map_main[data-ready]")
    assert page.locator("path.caitu-district").count() == 38
    page.locator("#plan").select_option(SECOND)
    arrived(page, [SECOND])
    assert "as_of" not in query(page)


def test_another_day_is_picked_typed_or_refused(visit):
    page = visit(PLAN + "#map=8/29.5/106.5&place=500118")
    field = page.locator("#as_of")
    field.fill("2026-01-01")  # as one picked from the calendar
    page.wait_for_url(lambda address: "as_of=2026-01-01" in address)
    page.wait_for_selector("#map_main[data-ready]")
    assert view(page)["selected"] == "500118"
    assert view(page)["zoom"] == 8
    assert page.locator("path.caitu-district").count() == 37
    field = page.locator("#as_of")
    field.focus()
    page.evaluate("document.getElementById('as_of').dispatchEvent(new KeyboardEvent('keydown'))")
    field.fill("2016-12-31")  # before the data begins
    assert page.locator("#as_of:invalid").count() == 1
    page.locator("#q").focus()
    expect(field).to_have_value("2026-01-01")
    assert query(page)["as_of"] == ["2026-01-01"]
    field.focus()
    page.evaluate("document.getElementById('as_of').dispatchEvent(new KeyboardEvent('keydown'))")
    field.fill("2024-05-01")
    assert query(page)["as_of"] == ["2026-01-01"]  # typed, not yet left
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "as_of=2024-05-01" in address)
    page.wait_for_selector("#map_main[data-ready]")
    assert page.locator("path.caitu-district").count() == 38


def test_the_next_steps_resources_come_beforehand_where_they_differ(visit):
    page = visit(f"/?plan={FIRST}&as_of=2017-12-31")

    def data():
        return {each.path for each in page.asked if each.path.endswith(".json")}

    before = data()
    page.locator("#time-slider").focus()
    page.wait_for_timeout(500)
    ahead = data() - before
    assert any("geometry-" in path for path in ahead)
    page.keyboard.press("ArrowRight")
    arrived(page, [SECOND])
    assert page.locator("#map_main").get_attribute("data-geometry") in ahead


def test_a_quick_page_stands_where_it_should(visit):
    """Nothing that was under way before the data came may move the map afterwards."""
    page = visit(PLAN)
    first = view(page)
    for _ in range(3):
        page.reload()
        page.wait_for_selector("#map_main[data-ready]")
        page.wait_for_timeout(400)
        assert view(page)["zoom"] == first["zoom"]
        assert "map=" not in page.url


def test_without_scripts_links_and_form_do(browser, server):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(server + PLAN + "&sector=steel")
    assert not page.locator("#time-slider").is_visible()
    page.get_by_role("link", name="上一份规划").click()
    assert query(page) == {"plan": [FIRST], "sector": ["steel"], "as_of": ["2017-12-31"]}
    page.get_by_role("link", name="按今天的区划").click()
    assert query(page)["as_of"] == [str(date.today())]
    page.locator("#as_of").fill("2024-05-01")
    page.get_by_role("button", name="显示").click()
    assert query(page)["as_of"] == ["2024-05-01"]
    assert query(page)["plan"] == [FIRST]
    expect(page.locator("[data-told]:visible")).to_contain_text("重庆 2017")
    context.close()


def test_a_phone_fits_the_strip(visit):
    page = visit(PLAN, {"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    strip = page.locator("#time").bounding_box()
    assert strip["height"] < 220
    assert page.locator("#map_main").bounding_box()["y"] >= strip["y"] + strip["height"] - 1


def test_the_print_sheet_leaves_the_strip_out(visit):
    page = visit(PLAN)
    page.click("#show-sheet")
    expect(page.locator("#time")).to_be_hidden()
    page.get_by_role("button", name="返回地图").click()
    expect(page.locator("#time")).to_be_visible()


def test_how_is_compared_is_said_without_covering_the_map(visit):
    page = visit(PLAN)
    before = page.locator("#map_main").bounding_box()
    page.get_by_text("怎样比").click()
    expect(page.locator(".time-how p")).to_contain_text("不等于退出")
    after = page.locator("#map_main").bounding_box()
    assert after["y"] > before["y"]
    until(page, "Caitu.view.map.getSize().y < " + str(before["height"] - 10))
    assert "map=" not in page.url
