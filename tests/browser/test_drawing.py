"""How the map shows several sectors, actions and many parks at once."""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urljoin

import pytest

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


def colour_at(page, place):
    """What the canvas of districts shows a little below the middle of a place."""
    return page.evaluate(
        """id => {
          const { map, byId } = Caitu.view;
          const [lon, lat] = byId.get(id).label;
          const at = map.latLngToContainerPoint([lat, lon]);
          const canvas = document.querySelector('.leaflet-caitu-districts-pane canvas');
          const [frame, box] = [canvas, map.getContainer()].map(e => e.getBoundingClientRect());
          const ratio = canvas.width / frame.width;
          const [x, y] = [at.x + box.left - frame.left, at.y + box.top - frame.top + 3];
          const pixel = canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data;
          return [...pixel];
        }""",
        place,
    )


@pytest.fixture
def on_canvas(browser, server):
    """A plan's map as one of many districts is drawn."""
    context = browser.new_context(viewport={"width": 1440, "height": 860})
    page = context.new_page()

    def fewer(route):
        answer = route.fetch()
        assert "const MANY = 600; // districts" in answer.text()
        route.fulfill(response=answer, body=answer.text().replace("MANY = 600;", "MANY = 30;"))

    page.route("**/map-page.js", fewer)
    page.goto(server + PLAN)
    page.wait_for_selector("#map_main[data-ready]")
    yield page
    context.close()


DIFFERING = """() => {
  const { canvas } = Caitu.view.shapes;
  function drawn(polygon) {
    canvas._updatePoly = polygon;
    canvas._redraw();
    const { width, height } = canvas._container;
    return canvas._ctx.getImageData(0, 0, width, height).data;
  }
  const [ours, theirs] = [Caitu.Canvas, L.Canvas].map((made) => drawn(made.prototype._updatePoly));
  delete canvas._updatePoly;
  if (!theirs.some((value) => value > 0 && value < 255)) throw new Error("nothing is drawn");
  return theirs.filter((value, at) => Math.abs(value - ours[at]) > 2).length;
}"""
"""How many values of the picture Leaflet's own canvas draws otherwise than ours."""
RING = """() => {
  const { map, shapes } = Caitu.view;
  const square = (half) => {
    const [south, west, north, east] = [-half, -half, half, half];
    const corners = [[south, west], [north, west], [north, east], [south, east]];
    return corners.map(([lat, lng]) => [lat + 29.5, lng + 107]);
  };
  const look = { fillColor: "#ff0000", fillOpacity: 1 };
  L.polygon([square(0.6), square(0.3)], { renderer: shapes.canvas, ...look }).addTo(map);
}"""
"""Puts a square with a hole on the canvas, both walked the same way."""
FEW = 100
"""Of some four million: a path that is kept may round a pixel of an edge otherwise."""


def test_the_canvas_draws_what_leaflets_own_draws(on_canvas):
    page = on_canvas
    page.evaluate(RING)
    assert page.evaluate(DIFFERING) < FEW
    page.locator('[name="sector"][value="steel"]').check()
    page.locator('[name="sector"][value="building"]').check()
    assert page.evaluate(DIFFERING) < FEW  # stripes
    page.evaluate("Caitu.view.map.setView([29.5, 106.5], 7.75, { animate: false })")
    until(page, "Caitu.view.shapes.borders.near.size > 0")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(DIFFERING) < FEW  # other outlines
    page.evaluate("Caitu.view.select('500116')")
    assert page.evaluate(DIFFERING) < FEW
    page.goto(urljoin(page.url, f"{PLAN}&as_of=2026-02-01"))
    page.wait_for_selector("#map_main[data-ready]")
    assert page.evaluate(DIFFERING) < FEW  # broken lines around what is not known for certain


def test_many_districts_are_drawn_on_a_canvas(on_canvas):
    page = on_canvas
    assert page.locator("path.caitu-district").count() == 0
    assert page.locator("path.caitu-area").count() > 0
    page.get_by_label("先进钢铁材料", exact=False).first.check()
    until(page, "document.querySelector('#drawer h2').textContent.startsWith('23 ')")
    tint = page.evaluate("Caitu.paint.tint(Caitu.view.colour('steel'), 0.55)")
    steel = [int(tint[at : at + 2], 16) for at in (1, 3, 5)]
    assert "500102" in rows_of(page, "steel")
    seen = colour_at(page, "500102")[:3]
    assert all(abs(a - b) < 15 for a, b in zip(seen, steel, strict=True)), (seen, steel)
    assert min(colour_at(page, "500236")[:3]) > 235  # nothing there: white
    at = page.evaluate(
        """() => {
          const { map, byId } = Caitu.view;
          const [lon, lat] = byId.get('500236').label;
          const [at, box] = [map.latLngToContainerPoint([lat, lon]), map.getContainer()];
          const frame = box.getBoundingClientRect();
          return [at.x + frame.left, at.y + frame.top + 14];
        }"""
    )
    page.mouse.move(at[0] - 2, at[1])
    page.mouse.move(*at)
    tip = "(document.querySelector('.leaflet-tooltip') || {}).textContent"
    until(page, f"{tip} === '奉节县 没有任务'")
    page.mouse.click(*at)
    until(page, "document.querySelector('#drawer h2').textContent === '奉节县'")
