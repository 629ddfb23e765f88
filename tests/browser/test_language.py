"""The map in English, in a real browser: nothing of the interface is left in Chinese."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import until

PLAN = "plan=cq-2022-materials-14fyp"
PARTS = [
    "#filters",
    ".legend",
    ".tools",
    "#drawer",
    ".numbers",
    ".bar",
    ".credits",
    "#sheet-form",
    "#time",
    "#layers",
    "#take",
]
SKIPPED = "[lang|=zh], script, .leaflet-pane"

UNMARKED = """parts => parts.flatMap((part) =>
  [...document.querySelectorAll(part)].flatMap((root) => {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data.replace(/GS\\(2024\\)0650号/, '');
    const owner = walk.currentNode.parentElement;
    if (/[\\u3001-\\u30ff\\u4e00-\\u9fff\\uff01-\\uffef]/.test(text)
      && !owner.closest('SKIPPED')) found.push(part + ': ' + text.trim());
  }
  return found;
}))""".replace("SKIPPED", SKIPPED)


def left_in_chinese(page):
    """Texts that no element marks as Chinese; details are open or not, all are looked at."""
    return page.evaluate(UNMARKED, PARTS)


def test_the_map_is_drawn_and_the_filter_keeps_the_address_english(visit):
    page = visit(f"/en/?{PLAN}")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("#drawer h2")).to_have_text(re.compile(r"^\d+ assignments, \d+ places$"))
    page.get_by_text("Advanced steel", exact=True).click()
    until(page, "new URLSearchParams(location.search).get('sector') === 'steel'")
    assert page.evaluate("location.pathname") == "/en/"
    expect(page.locator("#legend-fill")).to_contain_text("Advanced steel")
    page.locator("#drawer .places button").first.click()
    expect(page.locator("#drawer .action").first).to_have_text(
        re.compile("Strengthen|Develop|Explore|Build|Relocate or merge|Phase out")
    )
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url("**/en/districts/**")
    assert page.faults == []


def test_search_finds_sectors_by_their_english_names(visit):
    page = visit(f"/en/?{PLAN}")
    page.locator("#q").fill("short-process")
    until(page, "new URLSearchParams(location.search).get('q') === 'short-process'")
    expect(page.locator("#drawer h2")).to_have_text(re.compile(r"^[1-9]\d* assignment"))


@pytest.mark.parametrize(
    "state",
    [
        "",
        "&sector=steel#place=500116",
        "&sector=steel&sector=nonferrous",
        "&place=500116&sector=rare-earth",
        "#numbers=matrix",
        "#numbers=counts",
        "#numbers=targets",
        "#numbers=rows",
        "#numbers=rows&within=1",
    ],
)
def test_no_word_of_the_interface_is_chinese(visit, state):
    page = visit(f"/en/?{PLAN}{state}")
    if "numbers" in state:
        expect(page.locator("#numbers-body table").first).to_be_attached()
    assert left_in_chinese(page) == []
    assert page.faults == []


def test_the_table_tab_is_english_and_its_sheet_too(visit):
    page = visit(f"/en/?{PLAN}&sector=steel#map=8/29.5/106.5&numbers=rows")
    heads = page.locator(".task-rows thead th").all_inner_texts()
    assert heads == [
        "Place",
        "Material sector",
        "In the plan's words",
        "Action",
        "Condition, project",
        "Plan, section",
    ]
    expect(page.locator(".rows-bar [role=status]")).to_have_text(re.compile(r"^\d+ assignments$"))
    page.get_by_label("Only in the map's extent").check()
    expect(page.locator(".rows-bar [role=status]")).to_have_text(
        re.compile(r"^\d+ in the extent, of \d+$")
    )
    assert page.locator(".rows-bar a").get_attribute("href").startswith("/en/table?")
    link = page.locator(".task-rows .permalink").first
    assert link.get_attribute("href").startswith("/en/assignments/")
    assert link.get_attribute("aria-label").endswith(": Permanent address")
    page.click(".numbers-copy")
    until(page, "document.querySelector('.numbers-copy').textContent.startsWith('Copied')")
    sheet = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert sheet[0].split("\t")[-2:] == ["Plan", "Section"]
    page.evaluate("Caitu.view.map.setView([20, 180], 6, { animate: false })")
    expect(page.locator(".task-rows .empty")).to_contain_text("Move the map or zoom out.")
    assert left_in_chinese(page) == []


def test_long_lists_go_on_in_english(visit):
    page = visit("/en/#numbers=rows")
    expect(page.locator(".task-rows > .button")).to_have_text(
        re.compile(r"^Show 100 more \(\d+ left\)$")
    )
    expect(page.locator(".task-rows")).to_contain_text("Inherited from: ")
    assert left_in_chinese(page) == []


def test_the_download_panel_is_english(visit):
    page = visit("/en/?sector=steel#map=9/29.3/106.2")
    page.click("#show-take")
    expect(page.locator("#take-found")).to_have_text(re.compile(r"^\d+ assignments$"))
    page.get_by_label("Only what is in the map's extent").check()
    expect(page.locator("#take-found")).to_have_text(
        re.compile(r"^\d+ assignments? in the map's extent$")
    )
    page.get_by_label("Coordinate system").select_option("Central meridian 105°E (EPSG:4544)")
    assert "crs=EPSG%3A4544" in page.locator("#take [href*='.gpkg']").get_attribute("href")
    groups = page.eval_on_selector_all("#take optgroup", "nodes => nodes.map(n => n.label)")
    assert len(groups) == 4
    assert not [name for name in groups if re.search("[\u4e00-\u9fff]", name)]
    file = page.get_by_role("link", name="Map in one file").get_attribute("href")
    assert re.search(r"/en/export/map\.html\?sector=steel&bbox=", file)
    assert left_in_chinese(page) == []
    assert page.faults == []


def test_folds_are_english_but_for_names(visit):
    """Of many places the list has a fold for each province."""
    page = visit("/en/")
    page.evaluate("""() => { const { byPlace, places, config } = Caitu.view;
        const units = places.filter((p) => p.kind === "unit" && p.shape && byPlace.has(p.id));
        const many = Array.from({ length: 401 },
          (_, n) => ({ ...units[n % units.length], id: "n" + n }));
        const rows = new Map(many.map((p) => [p.id, [{}]]));
        document.getElementById("drawer").replaceChildren(...Caitu.panel.list(
          { config, byPlace: rows, places: many, select() {}, rows: many, clear() {} })); }""")
    expect(page.locator("#drawer summary").first).to_be_visible()
    assert left_in_chinese(page) == []


def test_the_check_sees_chinese(visit):
    page = visit("/en/")
    page.evaluate("for (const n of document.querySelectorAll('[lang|=zh]')) n.lang = ''")
    assert len(left_in_chinese(page)) > 100


def test_today_lists_heirs_and_unresolved_places_in_english(visit):
    page = visit("/en/#place=500157")
    expect(page.locator("#drawer")).to_contain_text("Inherited from")
    assert left_in_chinese(page) == []
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator("#drawer h2")).to_contain_text("assignments")
    assert left_in_chinese(page) == []


def test_layers_and_controls_have_english_names(visit):
    page = visit("/en/")
    names = page.locator(".leaflet-control-layers-overlays label").all_text_contents()
    assert [name.strip() for name in names] == [
        "Administrative unit",
        "Functional areas (indicative)",
        "Parks and zones (points)",
        "Names and sector marks",
    ]
    expect(page.locator(".leaflet-control-zoom-fullscreen")).to_have_attribute(
        "title", "Full screen"
    )


def test_the_layer_notes_are_english(visit):
    page = visit(f"/en/?{PLAN}")
    page.click("#show-layers")
    expect(page.locator("#layers section").first).to_be_visible()
    parts = ["h2", "h3", "h4", "dt", ".now"]  # the notes themselves name places and industries
    assert page.evaluate(UNMARKED, [f"#layers {part}" for part in parts]) == []


def test_citation_and_sheet_are_english(visit):
    page = visit(f"/en/?{PLAN}&sector=steel")
    page.click("#cite")
    text = page.locator("#said textarea").input_value()
    assert text.startswith("Caitu, map of the layout of materials industries: Advanced steel, ")
    assert re.search(r"boundaries of 2022-12-15, \d+ assignments, data version \w{16}\. ", text)
    assert re.search(r"accessed \d{4}-\d\d-\d\d\.$", text)
    page.click("#show-sheet")
    expect(page.locator("#sheet h2")).to_have_text("Layout of materials industries")
    assert page.evaluate(UNMARKED, ["#sheet"]) == []


def test_the_switch_keeps_filter_and_view(visit):
    page = visit(f"/?{PLAN}")
    page.get_by_text("先进钢铁材料", exact=True).click()
    until(page, "location.search.includes('sector=steel')")
    page.locator("#drawer .places button").first.click()
    until(page, "/map=.*place=/.test(location.hash)")
    before = page.evaluate("location.search + location.hash")
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("#map_main[data-ready]")
    until(page, "location.pathname === '/en/'")
    assert page.evaluate("location.search + location.hash") == before
    expect(page.get_by_role("button", name="Back to the list")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    page.wait_for_selector("#map_main[data-ready]")
    until(page, "location.pathname === '/'")
    assert page.evaluate("location.search + location.hash") == before


def test_both_languages_share_the_data(visit):
    """Borders, places and rows are fetched from the same addresses, so caches hold them once."""
    paths = [
        {url.path for url in visit(path).asked if url.path.endswith(".json")}
        for path in ("/", "/en/")
    ]
    assert paths[0] == paths[1] != set()
