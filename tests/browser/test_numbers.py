"""The numbers beside the map: they agree with it, lead it, and load only when opened."""

from __future__ import annotations

import urllib.parse

import pytest

from tests.support import until

PLAN = "cq-2022-materials-14fyp"
MATRIX = """() => [...document.querySelectorAll(".matrix tbody td:not(.sum):not(.other)")]
    .reduce((all, cell) => all + Number(cell.textContent), 0)"""

IN_SIGHT = """() => {
    const { map, byId, selected } = Caitu.view;
    const [lon, lat] = byId.get(selected).label;
    return map.getBounds().contains([lat, lon]);
}"""
DRAWN = """() => [...document.querySelectorAll(".of-plan canvas")]
    .map(e => Chart.getChart(e).data.datasets.map(each => each.data))"""


def opened(page, tab="matrix"):
    page.locator("#show-numbers").click()
    page.locator(f"#numbers-{tab}").click()
    page.wait_for_selector({"matrix": ".matrix"}.get(tab, "#numbers canvas"))
    return page


def paths(page):
    """Of everything the page asked for."""
    return [each.path for each in page.asked]


def placed(page):
    return page.evaluate("Caitu.view.kept.filter(row => row.place).length")


def counted(page):
    """The matrix's sum, once it has been drawn after a change of the filter."""
    until(page, f"({MATRIX})() === Caitu.view.kept.filter(r => r.place).length")
    return page.evaluate(MATRIX)


def test_the_library_loads_when_a_chart_is_shown_and_no_sooner(visit):
    page = visit()
    library = page.locator("#numbers").get_attribute("data-chart")
    assert not page.locator("#numbers").is_visible()
    opened(page)
    assert not [path for path in paths(page) if "chart" in path or "targets" in path]
    page.locator("#numbers-counts").click()
    page.wait_for_selector("#numbers canvas")
    assert paths(page).count(library) == 1
    page.locator("#numbers-targets").click()
    page.wait_for_selector(".of-plan canvas")
    page.locator("#show-numbers").click()
    assert not page.locator("#numbers").is_visible()
    page.locator("#show-numbers").click()
    page.wait_for_selector(".of-plan canvas")
    assert paths(page).count(library) == 1
    assert len([path for path in paths(page) if path.endswith("targets.json")]) == 1
    assert page.faults == []


@pytest.mark.parametrize(
    "query", ["", f"?plan={PLAN}", "?sector=steel", "?sector=new-energy.pv-glass&sector=steel"]
)
def test_the_matrix_sums_to_what_the_map_shows(visit, query):
    page = opened(visit("/" + query))
    assert counted(page) == placed(page) > 0
    total = page.locator(".matrix tfoot td").last.inner_text()
    assert int(total) == placed(page)


def test_it_follows_the_filter_while_open(visit):
    page = opened(visit())
    page.get_by_label("探索布局", exact=False).first.check()
    assert counted(page) == placed(page)
    page.locator("#q").fill("不存在的产业")
    page.wait_for_selector("#numbers .empty")
    page.locator("#numbers .empty + button").click()
    page.wait_for_selector(".matrix")
    assert counted(page) == placed(page)


def test_a_number_leads_the_map_to_its_place_and_sector(visit):
    page = opened(visit())
    cell = page.locator(".matrix tbody td button").first
    place, sector, number = cell.evaluate(
        "e => [e.dataset.place, e.dataset.sector, Number(e.textContent)]"
    )
    cell.click()
    page.wait_for_url("**sector=**")
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert query["sector"] == [sector]
    assert page.evaluate("Caitu.view.selected") == place
    assert page.evaluate("Caitu.view.byPlace.get(Caitu.view.selected).length") == number
    assert page.evaluate(IN_SIGHT)
    page.wait_for_selector(f'.matrix tr.chosen[data-row="{place}"]')
    assert page.locator(".matrix td.other button").count() > 0
    page.locator(f'.matrix thead button[data-sector="{sector}"]').click()
    page.wait_for_url(lambda address: "sector=" not in address)
    assert counted(page) == placed(page)


def test_a_place_and_a_sector_can_be_chosen_alone(visit):
    page = opened(visit())
    page.locator('.matrix tbody th button[data-place="500116"]').click()
    assert page.evaluate("Caitu.view.selected") == "500116"
    assert "sector=" not in page.url
    page.locator('.matrix thead button[data-sector="steel"]').click()
    page.wait_for_url("**sector=steel**")
    head = page.locator('.matrix thead button[data-sector="steel"][aria-pressed="true"]')
    head.wait_for()


def test_a_number_within_a_finer_filter_keeps_it(visit):
    page = opened(visit("/?sector=new-energy.pv-glass"))
    page.locator(".matrix tbody td:not(.other) button").first.click()
    assert "sector=new-energy.pv-glass" in page.url
    page.locator(".matrix td.other button").first.click()
    page.wait_for_url(lambda address: "pv-glass" not in address)


def test_the_keyboard_does_all_of_it(visit):
    page = visit()
    page.locator("#show-numbers").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".matrix")
    assert page.evaluate("document.activeElement.id") == "numbers-matrix"
    stops = page.locator('.matrix [tabindex="0"]')
    assert stops.count() == 1
    stops.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    place, sector = page.evaluate(
        "[document.activeElement.dataset.place, document.activeElement.dataset.sector]"
    )
    assert place
    assert sector
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.matrix .other')")
    assert page.evaluate("Caitu.view.selected") == place
    assert [place, sector] == page.evaluate(
        "[document.activeElement.dataset.place, document.activeElement.dataset.sector]"
    )
    page.locator("#numbers-matrix").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#numbers canvas")
    assert page.evaluate("document.activeElement.id") == "numbers-counts"
    page.keyboard.press("Escape")
    assert not page.locator("#numbers").is_visible()
    assert page.evaluate("document.activeElement.id") == "show-numbers"
    assert page.locator("#show-numbers").get_attribute("aria-expanded") == "false"


def test_charts_have_their_tables_and_filter(visit):
    page = opened(visit(), "counts")
    for summary in page.locator("#numbers summary").all():
        summary.click()
    numbers = page.locator("#numbers .figures").first.locator("td").all_inner_texts()
    assert sum(map(int, numbers)) == page.evaluate("Caitu.view.kept.length")
    page.locator("#numbers canvas").first.click(position={"x": 90, "y": 14})
    page.wait_for_url(lambda address: "action=strengthen" in address)
    page.wait_for_selector("#numbers tr.other")
    page.locator(f'#numbers [data-value="{PLAN}"]').click()
    page.wait_for_url(lambda address: f"plan={PLAN}" in address)
    page.wait_for_selector("#numbers canvas")  # the panel is open again
    assert page.locator("#plan").input_value() == PLAN
    assert page.faults == []


def test_targets_are_the_plans_own_and_none_is_made_up(visit, snapshot):
    page = opened(visit(f"/?plan={PLAN}"), "targets")
    assert page.locator(".of-plan").count() == 1
    own = [target for target in snapshot.targets if target.plan_id == PLAN]
    page.locator(".of-plan summary").click()
    rows = page.locator(".of-plan .figures").first.locator("tbody tr")
    assert rows.count() == len(own)
    texts = [row.locator("td").all_inner_texts() for row in rows.all()]
    for target, cells in zip(own, texts, strict=True):
        assert cells[0] == target.indicator
        assert (target.base or "未写") in cells[2]
        assert (target.target or "未写") in cells[3]
    drawn = [n for chart in page.evaluate(DRAWN) for series in chart for n in series]
    assert len(drawn) == sum(bool(t.target) + bool(t.base) for t in own)
    assert 0 not in drawn
    caps = [policy for policy in snapshot.policies if policy.plan_id == PLAN]
    rules = page.locator(".of-plan .figures").last
    assert rules.locator("tbody tr").count() == len(caps)
    assert "产能上限" in rules.locator("tbody tr").first.inner_text()


def test_a_stated_zero_is_drawn_and_a_missing_base_is_not(server, browser):
    context = browser.new_context()
    page = context.new_page()

    def change(route):
        answer = route.fetch()
        body = answer.json()
        first = next(t for t in body["targets"] if t["plan"] == PLAN and t["base"])
        body["targets"] = [
            {**first, "base": {"text": "0", "low": 0, "high": 0}, "unit": "甲"},
            {**first, "base": None, "unit": "甲"},
        ]
        route.fulfill(response=answer, json=body)

    page.route("**/targets.json", change)
    page.goto(server + f"/?plan={PLAN}")
    page.wait_for_selector("#map_main[data-ready]")
    opened(page, "targets")
    assert page.evaluate(DRAWN) == [[[0], [5000]], [[5000]]]
    page.locator(".of-plan summary").click()
    assert page.get_by_role("cell", name="未写").count() == 1
    context.close()


def test_sectors_narrow_the_targets(visit):
    page = opened(visit(f"/?plan={PLAN}&sector=steel"), "targets")
    text = page.locator(".of-plan").inner_text()
    assert "另有" in text
    assert "粗钢" in text
    assert "电解铝…产能规模" not in text


def test_without_the_library_the_tables_remain(visit):
    page = visit()
    page.route("**/chart.umd.js", lambda route: route.abort())
    page.locator("#show-numbers").click()
    page.locator("#numbers-counts").click()
    page.wait_for_selector("#numbers [role=alert]")
    assert page.locator("#numbers .figures").first.is_visible()
    assert page.locator("#numbers canvas").count() == 0
    page.unroute("**/chart.umd.js")
    page.locator("#numbers-targets").click()
    page.wait_for_selector(".of-plan canvas")


def test_what_is_copied_pastes_into_a_sheet(visit):
    page = opened(visit("/?sector=steel"))
    page.locator(".numbers-copy").click()
    page.get_by_text("已复制").wait_for()
    text = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    lines = [line.split("\t") for line in text.split("\n")]
    assert lines[0] == ["地点", "类型", "先进钢铁材料", "合计"]
    assert {len(line) for line in lines} == {4}
    assert sum(int(line[3]) for line in lines[1:-1]) == int(lines[-1][3]) == placed(page)


def test_it_copies_without_a_clipboard(visit):
    page = opened(visit())
    page.evaluate("""() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.addEventListener("copy", event => { window.copied = event.target.value; });
    }""")
    page.locator(".numbers-copy").click()
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("window.copied").startswith("地点\t类型\t")
    assert page.locator("#numbers textarea").count() == 0


def test_hostile_values_stay_text(browser, server):
    context = browser.new_context()
    page = context.new_page()
    hostile = '<img src=x onerror=window.hit=1>"'

    def poison(route):
        answer = route.fetch()
        body = answer.json()
        for each in body["targets"]:
            each.update(dict.fromkeys(("indicator", "scope", "unit", "section"), hostile))
        for each in body["policies"]:
            each.update({"words": hostile, "where": hostile})
        route.fulfill(response=answer, json=body)

    page.route("**/targets.json", poison)
    page.goto(server + "/")
    page.wait_for_selector("#map_main[data-ready]")
    opened(page, "targets")
    assert hostile in page.locator("#numbers").inner_text()
    assert page.evaluate("window.hit") is None
    context.close()


def test_a_phone_keeps_the_map_in_sight(visit):
    page = opened(visit("/", {"width": 390, "height": 844}))
    box = page.locator("#numbers").bounding_box()
    map_box = page.locator("#map_main").bounding_box()
    assert box["width"] == 390
    assert map_box["height"] > 200
    assert map_box["y"] + map_box["height"] <= box["y"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_map_gets_its_room_back(visit):
    page = visit()
    height = page.locator("#map_main").bounding_box()["height"]
    page.evaluate("Caitu.view.select('500116', true)")
    page.wait_for_timeout(600)
    before = page.evaluate("[Caitu.view.map.getZoom(), Caitu.view.map.getCenter().lat]")
    opened(page)
    assert page.locator("#map_main").bounding_box()["height"] < height * 0.6
    page.locator(".numbers-close").click()
    assert page.locator("#map_main").bounding_box()["height"] == height
    assert page.evaluate("[Caitu.view.map.getZoom(), Caitu.view.map.getCenter().lat]") == before
