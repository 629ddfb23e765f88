"""Draw the coverages of the registry, one panel per province and date: `make coverage`.

Needs Chromium. Quality shows as colour: published grey, indicative violet, unknown missing.
"""

from __future__ import annotations

import sys
from datetime import date
from html import escape

import shapely
from playwright.sync_api import sync_playwright

from geo.boundaries import load_boundaries
from geo.changes import load_changes
from geo.places import QUALITIES, load_registry
from geo.shapes import area_km2
from geo.timeline import Timeline, UnitShape
from settings import ROOT

PANELS = [
    ("500000", date(2022, 12, 15)),
    ("500000", date(2026, 1, 1)),
    ("510000", date(2018, 1, 1)),
    ("510000", date(2026, 1, 1)),
    ("330000", date(2019, 6, 1)),
    ("330000", date(2026, 1, 1)),
]
FILL = {"published": "#d9e2dd", "indicative": "#b99adf"}
WIDTH, HEIGHT = 460, 420


def path(shape: shapely.Geometry, bounds: tuple[float, float, float, float]) -> str:
    """SVG path data of a polygon, fitted into a panel."""
    west, south, east, north = bounds
    shrink = 0.87  # cosine of 30°, the middle of the three provinces
    scale = min(WIDTH / ((east - west) * shrink), HEIGHT / (north - south))
    rings = [
        [((x - west) * shrink * scale, (north - y) * scale) for x, y in ring.coords]
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)


def panel(title: str, coverage: dict[str, UnitShape]) -> str:
    """One province on one day."""
    drawn = [shape for shape in coverage.values() if shape.geometry is not None]
    bounds = tuple(shapely.total_bounds([shape.geometry for shape in drawn]))
    paths = "".join(
        f'<path d="{path(shape.geometry, bounds)}" fill="{FILL[shape.quality]}"/>'
        for shape in drawn
    )
    counts = {q: sum(s.quality == q for s in coverage.values()) for q in QUALITIES}
    words = "、".join(f"{QUALITIES[q]} {n}" for q, n in counts.items() if n)
    total = sum(area_km2(shape.geometry) for shape in drawn)
    return (
        f"<figure><figcaption><b>{escape(title)}</b> {len(coverage)} 个县级单位"
        f"<br>{words}；图上合计 {total:,.0f} km²</figcaption>"
        f'<svg width="{WIDTH}" height="{HEIGHT}" stroke="#5b6b66" stroke-width=".6" '
        f'fill-rule="evenodd">{paths}</svg></figure>'
    )


def main(chromium: str) -> None:
    """Write `docs/coverage.png`."""
    folder = ROOT / "data" / "districts"
    registry = load_registry(folder)
    changes = load_changes(folder / "changes.csv", [place.id for place in registry])
    timeline = Timeline(registry, load_boundaries(), changes)
    figures = "".join(
        panel(f"{registry[code].name} {day}", timeline.coverage(code, day)) for code, day in PANELS
    )
    style = (
        "body{display:grid;grid-template-columns:repeat(2,auto);gap:18px;width:max-content;"
        "margin:16px;font:14px 'Noto Sans CJK SC',sans-serif;color:#1d2a2e;background:#fff}"
        "figure{margin:0}figcaption{margin-bottom:6px}"
    )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1000})
        page.set_content(f"<style>{style}</style>{figures}")
        page.screenshot(path=ROOT / "docs" / "coverage.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
