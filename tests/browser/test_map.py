"""The map as a planner meets it: a real browser, the real data."""

from __future__ import annotations

import json
import re
import threading
import urllib.parse
import urllib.request

import pytest
import waitress

from app import create_app
from layers.filters import FACETS
from settings import Settings
from tests.support import until

PLAN = "/?plan=cq-2022-materials-14fyp"


@pytest.fixture
def exported(server):
    def get(query):
        address = f"{server}/export/assignments.geojson?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address) as answer:
            return [f["properties"] for f in json.load(answer)["features"]]

    return get


def drawn(page, css="path.caitu-assigned"):
    """Ids of the places drawn as assigned."""
    return set(page.eval_on_selector_all(css, "list => list.map(e => e.dataset.place)"))


def test_the_plans_own_date_draws_38_districts_from_this_host_alone(visit, server):
    page = visit(PLAN)
    assert page.locator("path.caitu-district").count() == 38
    ids = drawn(page, "path.caitu-district")
    assert len(ids) == 38
    assert {"500105", "500112"} <= ids
    assert {each.netloc for each in page.asked} == {urllib.parse.urlsplit(server).netloc}
    assert page.faults == []


def test_choosing_steel_leaves_exactly_the_places_with_steel(visit, exported):
    page = visit(PLAN)
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    rows = exported([("sector", "先进钢铁材料"), ("plan", "cq-2022-materials-14fyp")])
    expected = {row["place_id"] for row in rows if row["geometry_quality"] != "unknown"}
    assert drawn(page) == expected
    page.wait_for_url("**sector=steel**")
    listed = set(
        page.eval_on_selector_all("#drawer [data-place]", "l => l.map(e => e.dataset.place)")
    )
    assert listed == {row["place_id"] for row in rows}
    assert page.locator("path.caitu-district").count() == 38


@pytest.mark.parametrize(
    "query",
    [
        [("sector", "building")],
        [("sector", "new-energy.pv-glass")],
        [("action", "explore"), ("action", "phase_out")],
        [("region", "500000-west"), ("sector", "nonferrous")],
        [("kind", "park"), ("quality", "proxy")],
        [("q", "江津 光伏")],
        [("place", "500116")],
        [("in_force", "2026-01-01")],
        [("bbox", "106,29,106.2,29.2")],
        [("province", "510000")],
        [("action", "restrict")],
        [("sector", "rare-earth")],
        [("stage", "upstream")],
        [("kind", "town")],
        [("quality", "official")],
        [("place", "500105"), ("as_of", "2026-01-01")],
        [("place", "500116"), ("place", "500118")],
    ],
)
def test_the_page_and_the_export_filter_alike(visit, exported, query):
    page = visit("/?" + urllib.parse.urlencode(query))
    kept = page.evaluate("Caitu.view.kept.map(row => row.id)")
    assert kept == [row["assignment_id"] for row in exported(query)]
    page.click("#show-take")
    download = page.locator("#take [href*='.geojson']").get_attribute("href")
    assert urllib.parse.parse_qsl(urllib.parse.urlsplit(download).query) == sorted(
        query, key=lambda pair: FACETS.index(pair[0]) if pair[0] in FACETS else len(FACETS)
    )


def test_a_click_lists_the_plans_own_words(visit):
    page = visit("/")
    page.locator('path[data-place="500242"]').click()
    drawer = page.locator("#drawer")
    assert "酉阳土家族苗族自治县" in drawer.locator("h2").inner_text()
    text = drawer.inner_text()
    assert "稳步发展" in text
    assert "先进有色合金" in text
    assert "三、渝东南武陵山区城镇群" in text
    page.keyboard.press("Escape")
    assert "条布局任务" in drawer.locator("h2").inner_text()


def test_the_keyboard_reaches_a_district(visit):
    page = visit("/")
    page.locator('path[data-place="500236"]').focus()
    page.keyboard.press("Enter")
    assert "没有给这里安排本级布局任务" in page.locator("#drawer").inner_text()


def test_the_drawer_lists_overlapping_areas_apart(visit):
    page = visit("/")
    page.locator("#q").fill("沙坪坝")
    page.get_by_role("button", name=re.compile(r"沙坪坝区\s*行政区")).click()
    drawer = page.locator("#drawer")
    assert "重叠功能区的布局任务" in drawer.inner_text()
    assert "石墨烯" in drawer.inner_text()
    assert "本级布局任务 0 条" in drawer.inner_text()


def test_conditions_are_shown(visit):
    page = visit("/?place=500111-shuangqiao")
    page.locator('#drawer [data-place="500111-shuangqiao"]').click()
    card = page.locator("#drawer .card").inner_text()
    assert "条件" in card
    assert "有序合规" in card
    assert "同名镇街点位" in page.locator("#drawer").inner_text()


def test_back_and_clear(visit):
    page = visit("/")
    page.get_by_label("石墨烯", exact=False).first.check()
    page.wait_for_url("**sector=graphene**")
    page.go_back()
    page.wait_for_function("!document.querySelector('[value=graphene]').checked")
    page.go_forward()
    page.wait_for_function("document.querySelector('[value=graphene]').checked")
    page.locator("#clear").click()
    page.wait_for_url(lambda address: "sector" not in address)
    assert page.evaluate("Caitu.view.kept.length === Caitu.view.rows.length")


def test_nothing_found_says_what_to_do(visit):
    page = visit("/?q=不存在的产业")
    assert "没有符合条件的布局任务" in page.locator("#drawer").inner_text()
    page.locator("#drawer button").click()
    assert "条布局任务" in page.locator("#drawer h2").inner_text()


def test_unresolved_places_are_listed_with_their_words(visit):
    page = visit("/?plan=zj-2019-new-materials")
    text = page.locator("#drawer").inner_text()
    assert "未解析的地点 2 条" in text
    assert "仙童小镇" in text
    assert "环杭州湾" in text


def test_labels_do_not_collide(visit):
    page = visit(PLAN)
    boxes = page.eval_on_selector_all(
        ".caitu-label-box",
        "l => l.map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])",
    )
    assert len(boxes) > 20
    for index, a in enumerate(boxes):
        for b in boxes[index + 1 :]:
            assert not (a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1)


def test_the_layer_control_offers_quality_layers(visit):
    page = visit("/")
    page.locator(".leaflet-control-layers").hover()
    text = page.locator(".leaflet-control-layers-overlays").inner_text()
    assert "功能区（示意范围）" in text
    assert "园区与合作区（点位）" in text
    page.get_by_label("功能区（示意范围）").uncheck()
    assert page.locator("path.caitu-area").count() == 0


def test_a_phone_fits_the_page(visit):
    page = visit("/", {"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#map_main").bounding_box()
    assert box["height"] > 400


def test_hostile_values_stay_text(browser, server):
    context = browser.new_context()
    page = context.new_page()
    hostile = "<img src=x onerror=window.hit=1>\u202e\"'"

    def poison(route):
        answer = route.fetch()
        body = answer.json()
        for name in ("sectorText", "actionText", "condition", "project", "section", "placeText"):
            values = body["columns"][name]["values"]
            values[:] = [hostile + "长" * 10_000] * len(values)
        route.fulfill(response=answer, json=body)

    page.route("**/rows-*.json", poison)
    page.goto(server + "/")
    page.wait_for_selector("#map_main[data-ready]")
    page.locator('path[data-place="500242"]').click()
    assert hostile in page.locator("#drawer").inner_text()
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_failed_load_is_said(browser, server):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/rows-*.json", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(server + "/")
    page.wait_for_selector("#status.failed")
    assert "HTTP 503" in page.locator("#status").inner_text()
    context.close()


def test_todays_units_show_what_they_inherit(visit):
    page = visit(PLAN + "&as_of=2026-01-01")
    assert page.locator("path.caitu-district").count() == 37
    assert "500157" in drawn(page, "path.caitu-district")
    page.locator("#q").fill("江北区")
    page.wait_for_timeout(300)
    page.locator('#drawer [data-place="500157"]').click()
    text = page.locator("#drawer").inner_text()
    assert "承接自" in text
    assert "江北区" in text
    page.get_by_role("link", name="按印发时的区划").click()
    page.wait_for_url(lambda address: "as_of" not in address)
    page.wait_for_selector("#map_main[data-ready]")
    assert page.locator("path.caitu-district").count() == 38


def test_a_district_prints_as_tables_without_the_bar(browser, server):
    context = browser.new_context(viewport={"width": 700, "height": 900})
    page = context.new_page()
    page.goto(server + "/districts/500118")
    assert page.locator("table").first.evaluate("e => getComputedStyle(e).display") == "block"
    page.emulate_media(media="print")
    assert page.locator("table").first.evaluate("e => getComputedStyle(e).display") == "table"
    assert not page.locator(".bar").is_visible()
    context.close()


def test_a_view_of_all_china_keeps_the_boundary_lines_taiwan_and_the_islands(visit):
    page = visit("/")
    page.evaluate("Caitu.view.map.setView([25, 110], 4, { animate: false })")
    assert page.locator("path.caitu-boundary-line").count() == 1
    drawn_lines = page.locator("path.caitu-boundary-line").get_attribute("d")
    assert drawn_lines.count("M") >= 10
    lands = page.locator("path.caitu-land")
    assert lands.count() == 34
    assert page.locator('path[data-land="71"]').bounding_box()["height"] > 20  # 台湾
    assert page.locator('path[data-land="46"]').bounding_box()["height"] > 150  # 海南 to 曾母暗沙
    bounds = page.evaluate("Caitu.view.groups.context.getBounds().toBBoxString()")
    _, south, east, _ = map(float, bounds.split(","))
    assert south < 4
    assert east > 134


@pytest.mark.parametrize("zoom", [4, 7.25, 11])
def test_the_context_lies_where_the_districts_lie(visit, zoom):
    page = visit("/")
    page.evaluate(f"Caitu.view.map.setView([29.5, 107], {zoom}, {{ animate: false }})")
    land = page.locator('path[data-land="50"]').bounding_box()
    districts = page.evaluate("""() => {
      const box = document.getElementById("map_main").getBoundingClientRect();
      const bounds = L.latLngBounds([]);
      for (const [id, layer] of Caitu.view.shapes.bases) {
        if (layer.place.level === "county" && id.startsWith("50")) bounds.extend(layer.getBounds());
      }
      const start = Caitu.view.map.latLngToContainerPoint(bounds.getNorthWest());
      const end = Caitu.view.map.latLngToContainerPoint(bounds.getSouthEast());
      return [start.x + box.x, start.y + box.y, end.x - start.x, end.y - start.y];
    }""")
    near = 0.05 / 360 * 256 * 2**zoom + 2  # px: the context is simplified to 0.05 degrees
    assert [land["x"], land["y"], land["width"], land["height"]] == pytest.approx(
        districts, abs=2 * near
    )


def test_each_step_of_two_at_once_has_its_entry_in_the_history(visit):
    page = visit("/")
    page.evaluate("""() => {
      for (const value of ["graphene", "steel"]) document.querySelector(`[value=${value}]`).click();
    }""")
    page.wait_for_url("**sector=steel**")
    assert "sector=graphene" in page.url
    page.go_back()
    until(page, "!document.querySelector('[value=steel]').checked")
    assert "sector=graphene" in page.url
    page.go_back()
    until(page, "!document.querySelector('[value=graphene]').checked")
    assert "sector" not in page.url


def test_a_filter_by_name_survives_back(visit):
    page = visit("/?sector=光伏玻璃")
    assert "sector=new-energy.pv-glass" in page.url
    page.get_by_label("探索布局", exact=False).first.check()
    page.wait_for_url("**action=explore**")
    page.go_back()
    page.wait_for_function("!document.querySelector('[value=explore]').checked")
    assert page.evaluate("Caitu.view.kept.length") == 3


def test_clearing_clears_what_the_server_applied(visit):
    page = visit("/?as_of=2026-01-01&bbox=106,29,106.2,29.2")
    page.locator("#clear").click()
    page.wait_for_url(lambda address: "?" not in address)
    page.wait_for_selector("#map_main[data-ready]")
    assert page.evaluate("Caitu.view.kept.length === Caitu.view.rows.length")


def test_a_filtered_place_is_not_called_empty(visit):
    page = visit(PLAN + "&in_force=2026-01-01")
    page.locator('path[data-place="500116"]').click()
    assert "当前筛选条件下没有本级布局任务" in page.locator("#drawer").inner_text()


def test_a_base_map_shows_through(browser, tmp_path):
    app = create_app(Settings(instance_dir=tmp_path, tianditu_key="K"))
    running = waitress.create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=running.run, daemon=True).start()
    page = browser.new_page()
    page.route("https://*.tianditu.gov.cn/**", lambda route: route.fulfill(status=200, body=b""))
    page.goto(f"http://127.0.0.1:{running.effective_port}/")
    page.wait_for_selector("#map_main[data-ready]")
    fill = "getComputedStyle(document.querySelector('path.caitu-land')).fill"
    assert page.evaluate(fill) == "rgb(236, 238, 233)"
    page.locator(".leaflet-control-layers").hover()
    page.get_by_label("天地图底图").check()
    assert page.evaluate(fill) == "none"
    page.get_by_label("天地图底图").uncheck()
    assert page.evaluate(fill) == "rgb(236, 238, 233)"
    page.close()
    running.close()


def test_the_map_is_painted_first_and_the_list_follows(visit):
    page = visit("/")
    until(page, "document.querySelectorAll('#drawer li').length > 0")
    before, painted, kept, after = page.evaluate("""async () => {
      const frame = () => new Promise(requestAnimationFrame);
      const heading = () => document.querySelector("#drawer h2").textContent;
      const found = [heading()];
      document.querySelector('[value="steel"]').click();
      const jiangjin = document.querySelector('path[data-place="500116"]');
      found.push(jiangjin.getAttribute("fill"), Caitu.view.kept.length);
      await frame();
      await frame();
      await frame();
      return [...found, heading()];
    }""")
    assert painted not in {None, "none", "#ffffff"}
    assert before != after
    assert after.startswith(f"{kept} 条布局任务")


def test_the_places_to_choose_from_follow_too(visit):
    page = visit("/?place=500116")
    choice = page.locator("#place")
    until(page, "document.querySelectorAll('#place optgroup').length > 3")
    assert choice.input_value() == "500116"
    assert page.locator("#place option[value='500116']").count() == 1
    offered = page.evaluate("[...document.querySelectorAll('#place option')].map((o) => o.value)")
    listed = page.evaluate("Caitu.view.places.map((place) => place.id)")
    assert sorted(offered) == sorted(["", *listed])
    page.evaluate("""Caitu.filter.choices(document.getElementById("place"),
      Caitu.view.places.filter(({ id }) => id !== "500116"), Caitu.view.config.kinds)""")
    assert choice.input_value() == "500116"  # asked for, though not in the list
    choice.select_option("500118")
    page.wait_for_url("**place=500118*")
    assert (
        page.locator("#drawer h2")
        .inner_text()
        .startswith(str(page.evaluate("Caitu.view.kept.length")))
    )
