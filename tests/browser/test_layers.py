"""The layers explained, with the numbers of the present filter."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

PLAN = "cq-2022-materials-14fyp"


@pytest.fixture
def exported(server):
    def get(*pairs):
        query = urllib.parse.urlencode([("plan", PLAN), *pairs])
        with urllib.request.urlopen(f"{server}/export/assignments.geojson?{query}") as answer:
            return json.load(answer)["features"]

    return get


def opened(page):
    page.click("#show-layers")
    page.wait_for_selector("[data-layer]")
    return page.locator("#layers")


def numbers(page, key):
    text = page.locator(f'[data-layer="{key}"] .now').inner_text()
    return [int(number) for number in re.findall(r"\d+", text)]


def test_every_layer_has_words_source_date_and_limits(visit, snapshot):
    page = visit(f"/?plan={PLAN}")
    assert not [each for each in page.asked if each.path.endswith("layers.json")]
    panel = opened(page)
    keys = panel.locator("[data-layer]").evaluate_all("l => l.map(e => e.dataset.layer)")
    tops = [f"sector:{top.code}" for top in snapshot.sector_tree.top()]
    assert keys == ["districts", "areas", "parks", "labels", "context", "sectors", *tops]
    assert "2022-12-15" in panel.locator('[data-layer="districts"]').inner_text()
    assert "来源" in panel.locator('[data-layer="parks"]').inner_text()
    assert "不是界线" in panel.locator('[data-layer="areas"]').inner_text()
    assert "重庆 2022" in panel.locator('[data-layer="sectors"]').inner_text()
    assert page.faults == []


def test_the_numbers_are_those_of_the_export(visit, exported):
    page = visit(f"/?plan={PLAN}")
    opened(page)
    for code in ("steel", "building", "functional"):
        rows = exported(("sector", code))
        places = set(filter(None, (row["properties"]["place_id"] for row in rows)))
        hidden = sum(row["geometry"] is None for row in rows)
        found = numbers(page, f"sector:{code}")
        assert found == [len(rows), len(places), *([hidden] if hidden else [])], code
    everything = exported()
    assert any(row["geometry"] is None for row in everything)
    assert numbers(page, "sectors")[:3] == [
        len(everything),
        len(set(filter(None, (row["properties"]["place_id"] for row in everything)))),
        sum(row["geometry"] is None for row in everything),
    ]
    units = {row["properties"]["place_id"] for row in everything if is_home_county(row)}
    assert numbers(page, "districts") == [38, len(units)]


def is_home_county(row):
    told = row["properties"]
    return told["place_kind"] == "unit" and re.fullmatch(r"50\d{4}", told["place_id"] or "")


def test_the_numbers_follow_the_filter(visit, exported):
    page = visit(f"/?plan={PLAN}")
    opened(page)
    page.locator('[name="sector"][value="steel"]').check()
    rows = exported(("sector", "steel"))
    expect(page.locator('[data-layer="sectors"] .now')).to_contain_text(
        f"当前 {len(rows)} 条布局任务"
    )
    expect(page.locator('[data-layer="sector:building"] .now')).to_have_text(
        "当前筛选没有布局任务。"
    )
    points = {
        (row["properties"]["place_id"], row["properties"]["geometry_quality"])
        for row in rows
        if row["properties"]["place_kind"] in {"park", "town", "cross_province"}
    }
    kinds = [quality for _, quality in points]
    assert numbers(page, "parks")[:3] == [len(points), kinds.count("anchor"), kinds.count("proxy")]


def test_a_layer_that_is_off_says_so(visit):
    page = visit(f"/?plan={PLAN}")
    opened(page)
    page.evaluate("Caitu.view.map.removeLayer(Caitu.view.groups.areas)")
    page.evaluate("Caitu.view.map.fire('overlayremove', { layer: Caitu.view.groups.areas })")
    expect(page.locator('[data-layer="areas"] h3')).to_contain_text("已关闭")
    expect(page.locator('[data-layer="parks"] h3')).not_to_contain_text("已关闭")


def test_the_keyboard_opens_and_closes_it(visit):
    page = visit(f"/?plan={PLAN}#place=500118")
    opener = page.locator("#show-layers")
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-layer]")
    assert opener.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.id") == "layers-title"
    page.keyboard.press("Escape")
    expect(page.locator("#layers")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "show-layers"
    assert page.evaluate("Caitu.view.selected") == "500118"  # Escape closed the panel alone


def test_a_failed_load_is_said(visit):
    page = visit(f"/?plan={PLAN}")
    page.route("**/layers.json", lambda route: route.fulfill(status=503, body="{}"))
    page.click("#show-layers")
    expect(page.locator("#layers [role=alert]")).to_contain_text("HTTP 503")


def test_a_phone_fits_it(visit):
    page = visit(f"/?plan={PLAN}", {"width": 390, "height": 844})
    page.locator("#legend summary").click()
    opened(page)
    box = page.locator("#layers").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.get_by_role("button", name="关闭图层说明").click()
    expect(page.locator("#layers")).to_be_hidden()
