"""How the map shows several sectors, actions and many parks at once."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.support import until

PLAN = "/?plan=cq-2022-materials-14fyp"
PHONE = {"width": 390, "height": 800}


def fills(page):
    """Fill of every place drawn as assigned."""
    pairs = page.eval_on_selector_all(
        "path.caitu-assigned", "list => list.map(e => [e.dataset.place, e.getAttribute('fill')])"
    )
    return {place: fill for place, fill in pairs if fill != "none"}


def rows_of(page, *sectors):
    """Place → sector → the actions there, as the page has them."""
    kept = page.evaluate("Caitu.view.kept.map(r => [r.place, r.sector.split('.')[0], r.action])")
    found = defaultdict(lambda: defaultdict(set))
    for place, sector, action in kept:
        assert sector in sectors
        found[place][sector].add(action)
    return found


def test_a_few_sectors_are_told_apart_by_stripes(visit):
    page = visit(f"{PLAN}&sector=steel&sector=nonferrous&sector=building")
    colours = page.evaluate(
        "Object.fromEntries(Caitu.view.painted.map(c => [c, Caitu.view.colour(c)]))"
    )
    assert list(colours) == ["nonferrous", "steel", "building"]
    thin = page.evaluate(
        """colours => Object.fromEntries([0.18, 0.55, 0.75].map(share => [share,
          Object.fromEntries(Object.entries(colours).map(
            ([code, colour]) => [code, Caitu.paint.tint(colour, share)]))]))""",
        colours,
    )
    rows, drawn = rows_of(page, *colours), fills(page)
    rough = page.evaluate("Caitu.view.places.filter(p => p.quality === 'proxy').map(p => p.id)")
    counties = page.evaluate("Caitu.view.places.filter(p => p.level === 'county').map(p => p.id)")
    mixed = 0
    for place, fill in drawn.items():
        sectors = [code for code in colours if code in rows[place]]
        if len(sectors) == 1:
            shades = colours
            if place in counties:
                shades = thin["0.18" if rows[place][sectors[0]] == {"explore"} else "0.55"]
            assert fill == ("#ffffff" if place in rough else shades[sectors[0]]), place
            continue
        mixed += 1
        name = re.fullmatch(r'url\("?#((?:ground|stripes|slices)-[\w-]+)"?\)', fill)[1]
        used = page.eval_on_selector_all(
            f"#{name} [fill]", "list => list.map(e => e.getAttribute('fill'))"
        )
        shades = thin["0.75"] if name.startswith("ground") else colours
        assert set(used) - {"#ffffff"} == {shades[code] for code in sectors}, place
    assert mixed > 10
    legend = page.locator("#legend-fill li").all_inner_texts()
    assert [text.strip() for text in legend] == ["先进有色合金", "先进钢铁材料", "绿色建材"]
    assert page.faults == []


def test_what_is_only_explored_has_broken_stripes(visit):
    page = visit("/?plan=cq-2017-new-materials")
    page.evaluate(
        """() => {
          const view = Caitu.view;
          const { number } = view.kept.find(row => row.kind === 'unit');
          const columns = {};
          for (const [name, { values, of }] of Object.entries(view.table.columns)) {
            columns[name] = { values, of: [of[number], of[number]] };
          }
          columns.sector = { values: [['steel'], ['building']], of: [0, 1] };
          columns.action = { values: [['explore'], ['develop']], of: [0, 1] };
          view.table = new Caitu.Table({ ids: ['one', 'two'], columns });
          view.refresh(false);
        }"""
    )
    (fill,) = fills(page).values()
    assert "building-" not in fill
    assert "steel_" in fill
    assert "building_" not in fill
    name = re.search(r"ground-[\w-]+", fill)[0]
    assert page.locator(f"#{name} rect").count() == 1 + 2 + 1  # ground, two dashes, one stripe


def test_many_sectors_are_counted_instead(visit):
    page = visit(PLAN)
    assert page.evaluate("Caitu.view.painted") is None
    assert not page.locator("#legend-fill .painted").count()
    assert page.locator("#legend-fill .ramp li").count() == 5


def test_parks_stand_together_from_afar_and_apart_from_near(visit):
    page = visit("/")
    points = page.evaluate(
        "Caitu.view.places.filter(p => p.shape && p.shape.type === 'Point'"
        " && Caitu.view.byPlace.has(p.id)).length"
    )

    def shown():
        clusters = [int(text) for text in page.locator(".caitu-cluster").all_inner_texts()]
        return clusters, page.locator("path.caitu-park").count()

    clusters, single = shown()
    assert clusters
    assert sum(clusters) + single == points
    page.locator(".caitu-cluster").first.focus()
    page.keyboard.press("Enter")
    until(page, "Caitu.view.map.getZoom() >= 7.5")
    until(page, "!document.querySelector('.caitu-cluster')")
    assert shown() == ([], points)
    assert page.faults == []


def test_far_away_only_assigned_places_are_named(visit):
    page = visit("/", PHONE)
    named = page.locator(".caitu-label bdi").all_inner_texts()
    assigned = page.evaluate(
        "Caitu.view.places.filter(p => Caitu.view.byPlace.has(p.id))"
        ".flatMap(p => [p.name, p.short])"
    )
    assert named
    assert set(named) <= set(assigned)


def test_the_keyboard_goes_on_where_a_cluster_was(visit):
    page = visit("/?as_of=2024-05-01")
    dot = page.locator(".caitu-cluster").first
    name = dot.get_attribute("aria-label")
    dot.focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('caitu-park')")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") in name
