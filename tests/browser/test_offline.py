"""The map as one file: opened from a disk, the network off, in a real browser."""

from __future__ import annotations

import gzip
import io
import json
import threading
import urllib.parse
import urllib.request
from dataclasses import replace

import pypdf
import pytest
import waitress

from app import create_app
from layers.foliummap import map_script
from tests.browser.test_language import PARTS, UNMARKED
from tests.support import until, watched
from web.responses import Published

PLAN = "cq-2022-materials-14fyp"
ALLOWED = ("file", "data", "blob")
HOSTILE = "</script><script>window.hacked=1</script><!--<img src=x onerror='window.hacked=1'>"


@pytest.fixture
def opened(browser, server, tmp_path):
    """Download the file, and open it where there is no network; note what it asks for."""
    contexts = []

    def go(query="", origin=server, viewport=None, view="", root=""):
        path = tmp_path / f"地图 {len(contexts)}.html"
        with urllib.request.urlopen(f"{origin}{root}/export/map.html?{query}") as answer:
            path.write_bytes(answer.read())
        context = browser.new_context(
            viewport=viewport or {"width": 1440, "height": 860}, locale="zh-CN"
        )
        contexts.append(context)
        context.set_offline(True)
        page = watched(context.new_page())
        page.goto(path.as_uri() + view)
        page.wait_for_selector("#map_main[data-ready]")
        return page

    yield go
    for context in contexts:
        for page in context.pages:
            assert page.faults == []
            assert {each.scheme for each in page.asked} <= set(ALLOWED)
        context.close()


@pytest.fixture
def exported(server):
    def get(query):
        address = f"{server}/export/assignments.geojson?{query}"
        with urllib.request.urlopen(address) as answer:
            return [f["properties"] for f in json.load(answer)["features"]]

    return get


def kept(page):
    return page.evaluate("Caitu.view.kept.map(row => row.id)")


def drawn(page):
    return page.evaluate(
        "() => [...new Set([...document.querySelectorAll('path.caitu-assigned')]"
        ".map(e => e.dataset.place))].sort()"
    )


def test_it_opens_from_a_disk_and_filters(opened, exported):
    page = opened()
    everything = kept(page)
    assert everything == [row["assignment_id"] for row in exported("")]
    assert page.locator("path.caitu-district").count() > 300
    before = drawn(page)
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    steel = exported("sector=steel")
    assert kept(page) == [row["assignment_id"] for row in steel]
    shown = drawn(page)
    assert shown != before
    assert set(shown) <= {row["place_id"] for row in steel}
    assert str(len(steel)) in page.locator("#drawer h2").inner_text()
    assert "先进钢铁材料" in page.locator("#legend").inner_text()
    assert len(page.asked) == 1


def test_a_place_opens_and_its_pages_are_the_servers(opened, server):
    page = opened(f"plan={PLAN}")
    page.locator('path[data-place="500116"]').first.click()
    drawer = page.locator("#drawer")
    assert "江津区" in drawer.locator("h2").inner_text()
    assert drawer.locator(".card").count() > 3
    link = drawer.get_by_role("link", name="打开专页").get_attribute("href")
    assert link.startswith(f"{server}/districts/500116?")
    with urllib.request.urlopen(link) as answer:
        assert "江津区" in answer.read().decode()
    footer = page.locator("footer").inner_text()
    assert server in footer
    assert page.evaluate("Caitu.view.urls.snapshot") in footer


def test_numbers_charts_and_table_work(opened):
    page = opened("sector=steel")
    page.click("#show-numbers")
    page.wait_for_selector(".matrix")
    page.click("#numbers-targets")
    page.wait_for_selector("#numbers canvas")
    assert page.evaluate("Chart.getChart(document.querySelector('#numbers canvas')).data.datasets"
                         "[0].data.length") > 0  # fmt: skip
    page.click("#numbers-counts")
    until(page, "document.querySelectorAll('#numbers canvas').length === 2")
    page.click("#numbers-rows")
    page.wait_for_selector(".task-rows tbody tr")
    assert page.locator(".task-rows tbody tr").count() == len(kept(page))


def test_in_english_it_opens_from_a_disk(opened, server):
    page = opened("sector=steel", root="/en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Advanced steel" in page.locator("#legend").inner_text()
    assert "assignments" in page.locator("#drawer h2").inner_text()
    page.click("#show-layers")
    page.wait_for_selector("#layers h3")
    assert page.evaluate(UNMARKED, ["#layers h2", "#layers h3", "#layers dt"]) == []
    page.keyboard.press("Escape")
    page.click("#show-take")
    page.wait_for_selector("#take")
    page.click("#show-rows")
    page.wait_for_selector(".task-rows tbody tr")
    page.evaluate("document.querySelector('#layers').replaceChildren()")  # notes name places
    assert page.evaluate(UNMARKED, PARTS) == []
    page.click("#numbers-targets")
    page.wait_for_selector("#numbers canvas")
    assert page.evaluate(UNMARKED, ["#numbers"]) == []
    page.click("#copy-link")
    assert page.locator("#said textarea").input_value().startswith(f"{server}/en/?sector=steel")
    assert len(page.asked) == 1


def test_its_switch_leads_to_the_server_with_the_filter(opened, server):
    page = opened("sector=steel", root="/en")
    page.locator("input[name=action][value=develop]").check()
    link = page.get_by_role("link", name="中文")
    link.focus()
    parts = urllib.parse.urlsplit(link.get_attribute("href"))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{server}/"
    query = dict(urllib.parse.parse_qsl(parts.query))
    assert (query["sector"], query["action"]) == ("steel", "develop")
    assert "filter=" not in parts.fragment


def test_the_layers_are_explained(opened):
    page = opened()
    page.click("#show-layers")
    page.wait_for_selector("#layers h3")


def test_the_plan_filters_in_the_page_and_the_day_stays(opened, exported):
    page = opened()
    wide = page.evaluate("Caitu.view.map.getZoom()")
    page.select_option("#plan", PLAN)
    day = page.locator("#as_of").input_value()
    assert kept(page) == [r["assignment_id"] for r in exported(f"plan={PLAN}&as_of={day}")]
    assert page.evaluate("Caitu.view.map.getZoom()") > wide  # its province fills the map
    assert page.locator("#as_of").is_editable() is False
    page.wait_for_url("**filter=**")
    page.go_back()
    until(page, "document.getElementById('plan').value === ''")
    assert kept(page) == [r["assignment_id"] for r in exported(f"as_of={day}")]
    page.select_option("#plan", "zj-2019-new-materials")
    assert page.evaluate("Caitu.view.map.getCenter().lng") > 118
    page.click("#show-numbers")
    page.click("#numbers-counts")
    page.wait_for_selector("#numbers canvas")
    page.locator("#numbers details").last.locator("summary").click()
    page.click("#numbers button[data-value='zj-2019-new-materials']")
    until(page, "document.getElementById('plan').value === ''")


def test_it_opens_with_its_filter_and_what_is_changed_lives_behind_the_hash(opened):
    page = opened("sector=steel&action=develop")
    assert page.locator("input[name=sector]:checked").get_attribute("value") == "steel"
    assert "filter=" not in page.url
    first = kept(page)
    page.locator("input[name=action][value=develop]").uncheck()
    until(page, "location.hash.includes('filter=')")
    second = kept(page)
    assert set(first) < set(second)
    page.click("#drawer .places button")
    page.wait_for_selector(".drawer-head")
    page.reload()
    page.wait_for_selector("#map_main[data-ready]")
    assert kept(page) == second
    assert page.locator(".drawer-head").count() == 1
    page.click("#clear")
    page.reload()
    page.wait_for_selector("#map_main[data-ready]")
    assert len(kept(page)) > len(second)
    assert page.locator("input[name=sector]:checked").count() == 0


def test_the_link_that_is_copied_opens_the_same_on_the_server(opened, browser, server):
    page = opened("sector=steel")
    page.locator("input[name=action][value=develop]").check()
    page.click("#drawer .places button")
    page.click("#copy-link")
    link = page.locator("#said textarea").input_value()
    assert link.startswith(f"{server}/?")
    context = browser.new_context(locale="zh-CN")
    online = context.new_page()
    online.goto(link)
    online.wait_for_selector("#map_main[data-ready]")
    assert kept(online) == kept(page)
    assert online.evaluate("Caitu.view.selected") == page.evaluate("Caitu.view.selected")
    context.close()
    page.click("#cite")
    assert "file:" not in page.locator("#said textarea").input_value()


def test_downloads_lead_to_the_server_with_the_filter_of_the_file(opened, exported, server):
    page = opened()
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    page.click("#show-take")
    link = page.locator("#take [href*='.geojson']").get_attribute("href")
    assert link.startswith(f"{server}/export/assignments.geojson?")
    query = urllib.parse.urlsplit(link).query
    assert kept(page) == [row["assignment_id"] for row in exported(query)]


def test_the_sheet_prints(opened, server):
    page = opened("sector=steel")
    page.click("#show-sheet")
    assert server in page.locator("#sheet").inner_text()
    assert "file:" not in page.locator("#sheet").inner_text()
    made = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(made.pages) == 1
    assert "先进钢铁材料" in made.pages[0].extract_text()


def test_a_phone_shows_it(opened):
    page = opened(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.wait_for_timeout(500)  # longer than an animation that would carry it away
    assert page.evaluate(
        "Caitu.view.map.getBounds().contains(Caitu.view.shapes.homeBounds(Caitu.view.homes))"
    )
    page.click("#show-rows")
    page.wait_for_selector(".task-rows tbody tr")


@pytest.fixture(scope="module")
def hostile_server(settings, snapshot):
    """A server whose data tries to be markup, wherever a plan's words go."""
    rows = tuple(
        replace(
            row,
            assignment=replace(
                row.assignment, sector_text=HOSTILE, condition=HOSTILE, place_text=HOSTILE
            ),
        )
        for row in snapshot.rows[:40]
    )
    plans = tuple(replace(plan, title=HOSTILE) for plan in snapshot.plans)
    policies = tuple(replace(policy, words=HOSTILE) for policy in snapshot.policies)
    made = replace(snapshot, id="hostile", rows=rows, plans=plans, policies=policies)
    script = gzip.compress(map_script(made).encode())
    made = replace(made, resources={**made.resources, "map.js": script})
    app = create_app(settings)
    app.extensions["caitu"].now = lambda: Published(settings, made)
    running = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.effective_port}"
    running.close()
    thread.join(timeout=5)


def test_hostile_values_are_text(opened, hostile_server):
    page = opened("bbox=70,10,140,55", origin=hostile_server)  # rows are selected, not kept
    assert len(kept(page)) > 30
    page.click("#drawer .places button")
    assert "<!--<img src=x" in page.locator("#drawer .card").first.inner_text()
    page.click("#show-rows")
    page.wait_for_selector(".task-rows tbody tr")
    page.click("#numbers-targets")
    page.wait_for_selector("#numbers .of-plan")
    page.click("#show-sheet")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_hostile_addresses_are_text(opened):
    page = opened(urllib.parse.urlencode({"q": HOSTILE}), view=f"#place={HOSTILE}&numbers=rows")
    assert page.locator("#q").input_value() == HOSTILE.casefold()
    assert kept(page) == []
    assert page.evaluate("window.hacked") is None


def test_the_policy_lets_nothing_else_run(opened):
    page = opened()
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in fault for fault in page.faults)
    page.faults.clear()
