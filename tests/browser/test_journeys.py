"""The ten things people come for, each from start to end, by mouse and by keyboard alone."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
import urllib.request
from datetime import date

import openpyxl
import pypdf
import pytest
from playwright.sync_api import expect

from settings import ROOT
from tests.browser.hands import HANDS
from tests.support import until

OLD = "cq-2017-new-materials"
PLAN = "cq-2022-materials-14fyp"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=HANDS)
def walk(request, visit):
    """Open a page of the map and take it in hand; nothing may have gone wrong at the end."""
    hands = []

    def go(path, viewport=None):
        hand = HANDS[request.param](visit(path, viewport))
        hands.append(hand)
        return hand, hand.page

    yield go
    for hand in hands:
        assert hand.page.faults == []


@pytest.fixture(scope="session")
def tables():
    """The tables that the map is made of, as they lie in the repository."""
    found = []
    for path in sorted((ROOT / "data" / "plans").glob("*/assignments.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found


def ready(page, *parts):
    """Wait for a page of the map whose address has these parts."""
    page.wait_for_url(lambda address: all(part in address for part in parts))
    page.wait_for_selector("#map_main[data-ready]")


def ids(page, css):
    return set(page.eval_on_selector_all(css, "list => list.map(e => e.dataset.place)"))


def within(code, sector):
    return code == sector or code.startswith(sector + ".")


@pytest.mark.parametrize("sector", ["new-energy.pv-glass", "steel.short-process"])
def test_where_do_the_plans_put_it(walk, tables, sector):
    """1. Type the industry: the map and the list show the places of the tables."""
    hand, page = walk(f"/?plan={PLAN}")
    words = {"new-energy.pv-glass": "光伏玻璃", "steel.short-process": "短流程"}[sector]
    hand.write(page.locator("#q"), words)
    wanted = {
        row["place_id"]
        for row in tables
        if row["plan_id"] == PLAN and within(row["sector_code"], sector)
    }
    until(page, f"document.querySelectorAll('#drawer [data-place]').length === {len(wanted)}")
    assert ids(page, "#drawer [data-place]") == wanted
    assert ids(page, "path.caitu-assigned") == wanted
    expect(page.locator("#legend-fill")).to_contain_text("有布局任务的地点")


def test_what_changed_since_the_last_plan(walk, tables):
    """2. One step of the strip: what is new, still said, no longer said, and the day."""
    hand, page = walk(f"/?plan={OLD}&as_of=2017-12-31")
    before = page.evaluate("Caitu.view.kept.length")
    hand.jump("#time")
    hand.press(page.locator("#time-next"))
    ready(page, PLAN)
    pairs = {OLD: set(), PLAN: set()}
    for row in tables:
        if row["plan_id"] in pairs:
            place = row["place_id"] or row["place_text"]
            pairs[row["plan_id"]].add((place, row["sector_code"].split(".")[0]))
    then, now = pairs[OLD], pairs[PLAN]
    told = page.locator(f"[data-told='{PLAN}']")
    for words, found in (("新提及", now - then), ("仍提及", now & then), ("不再提及", then - now)):
        expect(told).to_contain_text(f"{words} {len(found)}")
    expect(page.locator("#day-issued")).to_contain_text("2022-12-15")
    assert page.locator("#map_main").get_attribute("data-as-of") == "2022-12-15"
    assert page.evaluate("Caitu.view.kept.length") != before
    until(page, "document.activeElement.id === 'time-next'")  # ready for the next step


def test_what_is_my_district_assigned(walk, tables):
    """3. On a phone: search the district, read words, condition, plan and section."""
    hand, page = walk(f"/?plan={PLAN}", PHONE)
    hand.write(page.locator("#q"), "永川")
    hand.press(page.locator("#suggestions button", has_text="永川区"))
    drawer = page.locator("#drawer")
    expect(drawer.locator("h2")).to_have_text("永川区")
    expect(drawer.locator("h2")).to_be_focused()
    own = [r for r in tables if r["plan_id"] == PLAN and r["place_id"] == "500118"]
    cards = drawer.locator("h3", has_text="本级布局任务").locator("+ ul > li")
    expect(cards).to_have_count(len(own))
    texts = cards.all_inner_texts()
    for row in own:
        parts = (row["sector_text"], row["action_text"], row["condition"], row["section"])
        assert any(all(part in text for part in parts) for text in texts), parts
    assert any(row["condition"] for row in own)
    assert all("重庆 2022 材料工业" in text for text in texts)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_of_a_district(walk, tables):
    """4. From the map to the district's own page: its tables, its parks, on paper too."""
    hand, page = walk(f"/?plan={PLAN}")
    hand.write(page.locator("#q"), "江津")
    hand.press(page.locator("#suggestions button", has_text="江津区"))
    hand.press(page.get_by_role("link", name="打开专页"))
    page.wait_for_url("**/districts/500116?*")
    for place in ("500116", "500116-xiaba", "500116-baisha"):
        for row in tables:
            if row["plan_id"] == PLAN and row["place_id"] == place:
                line = page.locator("table.assignments tr", has_text=row["sector_text"])
                expect(line.filter(has_text=row["section"].split("/")[-1]).first).to_be_visible()
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    hand.press(page.get_by_role("button", name="打印本页"))
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    paper = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(page.pdf())).pages)
    assert "江津区" in paper
    assert "夏坝" in paper
    assert "打印本页" not in paper


def test_take_it_along(walk, tmp_path):
    """5. The view as a workbook and, in a projected system, as GeoJSON."""
    hand, page = walk("/?plan=zj-2019-new-materials&kind=unit&kind=town")
    shown = sorted(page.evaluate("Caitu.view.kept.map(row => row.id)"))

    def fetched(extension):
        with page.expect_download() as download:
            hand.press(page.locator(f"#take [data-download][href*='.{extension}?']"))
        path = tmp_path / f"taken.{extension}"
        download.value.save_as(path)
        return path

    hand.jump("#tools")
    hand.press(page.locator("#show-take"))
    expect(page.locator("#take-found")).to_have_text(f"{len(shown)} 条布局任务")
    book = openpyxl.load_workbook(fetched("xlsx"), read_only=True)
    cells = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    column = next(i for i, value in enumerate(cells[-1]) if value in shown)
    assert sorted(row[column] for row in cells if row[column] in shown) == shown
    assert len(cells) - len(shown) == 1  # the header
    hand.choose(page.locator("#take-crs"), "EPSG:4549")
    taken = json.loads(fetched("geojson").read_text(encoding="utf-8"))
    assert sorted(f["properties"]["assignment_id"] for f in taken["features"]) == shown
    assert taken["crs"]["properties"]["name"].endswith("4549")
    shapes = [f["geometry"] for f in taken["features"] if f["geometry"]]
    dots = [shape["coordinates"] for shape in shapes if shape["type"] == "Point"]
    assert dots
    for east, north in dots:  # metres, in Zhejiang
        assert 250_000 < east < 800_000
        assert 3_000_000 < north < 3_500_000


def test_several_sectors_at_a_glance(walk):
    """6. Three sectors: stripes where a place has several, a legend that says so."""
    hand, page = walk(f"/?plan={PLAN}")
    for code in ("nonferrous", "steel", "building"):
        hand.tick(page.locator(f"[name=sector][value={code}]"))
    until(page, "Caitu.view.painted && Caitu.view.painted.length === 3")
    legend = page.locator("#legend-fill")
    expect(legend).to_contain_text("条纹：兼有几类")
    expect(legend.locator(".painted li")).to_have_text(
        ["先进有色合金", "先进钢铁材料", "绿色建材"], use_inner_text=True
    )
    several = "[...Caitu.view.byPlace.keys()].filter(id => Caitu.view.tops(id).length > 1)"
    found = set(page.evaluate(several))
    assert len(found) > 3
    fills = page.eval_on_selector_all(
        "path.caitu-district.caitu-assigned",
        "list => list.map(e => [e.dataset.place, e.getAttribute('fill')])",
    )
    striped = {place for place, fill in fills if fill.startswith("url(#")}
    assert found & {place for place, _ in fills} <= striped


def test_the_numbers_lead_the_map(walk):
    """7. In English: the matrix, one of its numbers, and the map and drawer follow."""
    hand, page = walk(f"/en/?plan={PLAN}&sector=steel")
    hand.jump("#tools")
    hand.press(page.get_by_role("button", name="Figures", exact=True))
    number = page.locator(".matrix tbody td:not(.other) button[data-sector=steel]").nth(2)
    place, count = number.evaluate("e => [e.dataset.place, Number(e.textContent)]")
    hand.cell(number)
    until(page, f"Caitu.view.selected === '{place}'")
    assert page.evaluate("Caitu.view.byPlace.get(Caitu.view.selected).length") == count
    heading = page.locator("#drawer h2")
    assert heading.inner_text() == page.evaluate(f"Caitu.view.byId.get('{place}').name")
    expect(page.locator(f".matrix tr.chosen[data-row='{place}']")).to_be_visible()
    expect(page.locator("#drawer .cards").first.locator("> li")).to_have_count(count)
    expect(page.locator("#drawer .back")).to_contain_text("list")
    assert f"place={place}" in page.url


def test_a_sheet_to_print(walk):
    """8. A title, A3, print: the sheet names its sources and the review it needs."""
    hand, page = walk(f"/?plan={PLAN}&sector=steel")
    hand.jump("#tools")
    hand.press(page.locator("#show-sheet"))
    hand.write(page.locator("#sheet-form [name=title]"), "钢铁材料布局")
    hand.choose(page.locator("#sheet-form [name=size]"), "a3")
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    hand.press(page.get_by_role("button", name="打印或存为 PDF"))
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    expect(page.locator("body.sheet-a3 #sheet h2")).to_have_text("钢铁材料布局")
    (paper,) = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert float(paper.mediabox.width) / 72 * 25.4 == pytest.approx(420, abs=1)
    text = paper.extract_text()
    for words in ("钢铁材料布局", "GS(2024)0650", "送审", "2022-12-15"):
        assert words in text, words
    hand.press(page.get_by_role("button", name="返回地图"))
    expect(page.locator("#filters")).to_be_visible()


def test_share_and_cite(walk, visit, snapshot, tables):
    """9. The copied link opens the same filter, place and position; the citation is whole."""
    hand, page = walk(f"/?plan={PLAN}&sector=steel")
    hand.write(page.locator("#q"), "永川")
    hand.press(page.locator("#suggestions button", has_text="永川区"))
    until(page, "location.hash.includes('map=') && location.hash.includes('place=500118')")
    state = (
        "(v => [v.filter.query.toString(), v.selected, v.map.getZoom(),"
        " v.map.getCenter().lat.toFixed(3), v.map.getCenter().lng.toFixed(3)])(Caitu.view)"
    )
    page.wait_for_timeout(500)  # the map has arrived
    hand.press(page.locator("#copy-link"))
    expect(page.locator("#said [role=status]")).to_contain_text("链接已复制")
    link = urllib.parse.urlsplit(page.evaluate("navigator.clipboard.readText()"))
    other = visit(f"{link.path}?{link.query}#{link.fragment}")
    assert other.evaluate(state) == page.evaluate(state)
    expect(other.locator("#drawer h2")).to_have_text("永川区")
    other.close()
    page.bring_to_front()
    hand.press(page.locator("#cite"))
    expect(page.locator("#said [role=status]")).to_contain_text("引用格式已复制")
    cited = page.evaluate("navigator.clipboard.readText()")
    row = next(
        row for row in tables
        if (row["plan_id"], row["place_id"]) == (PLAN, "500118")
        and within(row["sector_code"], "steel")
    )  # fmt: skip
    for words in ("重庆 2022", row["section"], snapshot.id, "永川区", "sector=steel"):
        assert words in cited, words


def test_open_it_in_ones_own_tools(walk):
    """10a. The address on the data page answers, and lists the collections."""
    hand, page = walk("/")
    hand.press(page.locator(".bar").get_by_role("link", name="数据与接口"))
    page.wait_for_url("**/data")
    hand.press(page.locator("#collections [data-copy]").first)
    expect(page.locator("#collections [data-copy]").first).to_have_text("已复制")
    address = page.evaluate("navigator.clipboard.readText()").strip()
    with urllib.request.urlopen(f"{address}/collections?f=json") as answer:
        names = {each["id"] for each in json.load(answer)["collections"]}
    assert {"assignments", "districts", "parks"} <= names


def test_todays_districts_take_over(walk, tables):
    """10b. What 江北区 was assigned in 2022 is 两江新区's by inheritance today."""
    hand, page = walk(f"/?plan={PLAN}&sector=steel&sector=building")
    hand.jump("#time")
    hand.press(page.locator("#day-today"))
    ready(page, f"as_of={date.today()}")
    hand.press(page.locator("path.caitu-district[data-place='500157']"))
    expect(page.locator("#drawer h2")).to_have_text("两江新区")
    cards = page.locator("#drawer .card", has_text="江北区").filter(has_text="承接自")
    texts = cards.all_inner_texts()
    own = [
        row["sector_text"]
        for row in tables
        if row["plan_id"] == PLAN
        and row["place_id"] == "500105"
        and row["sector_code"].split(".")[0] in ("steel", "building")
    ]
    assert len(own) == len(texts) > 0
    assert all(any(words in text for text in texts) for words in own)
