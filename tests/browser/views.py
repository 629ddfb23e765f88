"""Key views of the map as small pictures, and how two of them are compared.

`make pictures` renews the references in `tests/browser/pictures/`.
"""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page

from settings import ROOT

FOLDER = Path(__file__).parent / "pictures"
BUILD = ROOT / "build" / "pictures"

PLAN = "cq-2022-materials-14fyp"
DAY = "2024-05-01"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SECTORS = "&sector=nonferrous&sector=steel&sector=building"

BLOCK = 16
"""Pixels of the page whose mean is one dot of what is compared."""

APART = 12
"""Levels of 255 by which a block's mean may differ: letters drawn a little otherwise."""

SHARE = 0.005
"""Of the blocks, how many may differ by more."""

MOST = 60_000
"""Bytes of one picture in the repository."""

STILL = """*, *::before, *::after {
    animation: none !important; transition: none !important; caret-color: transparent !important; }
#sheet .fine, #as_of, .expired, .time-day .choices, footer.credits {
    visibility: hidden !important; }"""
"""Nothing moves; where the date of today or the version of the data may stand is left out."""

ADOPT = """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""
"""The pages' policy lets no style element in."""


@dataclass(frozen=True)
class View:
    """One view: its address, the size of its window, and the button that opens something."""

    address: str
    size: dict[str, int]
    button: str = ""
    ready: str = "#map_main[data-ready]"


VIEWS = {
    "all-plans": View(f"/?as_of={DAY}", DESK),
    "stripes": View(f"/?plan={PLAN}{SECTORS}", DESK),
    "district": View(f"/?plan={PLAN}#place=500116", DESK, ready="#drawer .drawer-head"),
    "numbers": View(f"/?plan={PLAN}", DESK, "#show-numbers", ".matrix"),
    "phone": View(f"/?plan={PLAN}&sector=steel", PHONE),
    "sheet": View(f"/?plan={PLAN}{SECTORS}", DESK, "#show-sheet", "body.on-sheet"),
    "english": View(f"/en/?plan={PLAN}&sector=steel", DESK),
}


def dress(page: Page, css: str) -> None:
    """Add a style sheet of the test's own to a page."""
    page.evaluate(ADOPT, css)


def photograph(page: Page, view: View) -> Image.Image:
    """The view as it stands when nothing moves any more, at half its size."""
    if view.button:
        page.click(view.button)
    page.wait_for_selector(view.ready)
    page.mouse.move(0, 0)
    dress(page, STILL)
    before = b""
    for _ in range(40):
        page.wait_for_timeout(150)
        now = page.screenshot(caret="initial")
        if now == before:
            break
        before = now
    else:
        raise AssertionError(f"{view.address} does not come to rest")
    picture = Image.open(io.BytesIO(now)).convert("RGB")
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def thrifty(picture: Image.Image) -> bytes:
    """A picture as a small PNG."""
    into = io.BytesIO()
    colours = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    colours.save(into, "PNG", optimize=True)
    return into.getvalue()


def keep(name: str, picture: Image.Image) -> int:
    """Renew a reference; its size in bytes."""
    FOLDER.mkdir(exist_ok=True)
    body = thrifty(picture)
    if len(body) > MOST:
        body = thrifty(picture.resize((picture.width * 2 // 3, picture.height * 2 // 3)))
    (FOLDER / f"{name}.png").write_bytes(body)
    return len(body)


def means(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """One dot for each block."""
    return picture.convert("RGB").resize(
        (size[0] * 2 // BLOCK, size[1] * 2 // BLOCK), Image.Resampling.BOX
    )


def difference(name: str, picture: Image.Image) -> float:
    """Share of the blocks that differ from the reference; where too many, both are written."""
    with Image.open(FOLDER / f"{name}.png") as kept:
        reference = means(kept, picture.size)
    gaps = ImageChops.difference(reference, means(picture, picture.size))
    levels = [max(dot) for dot in zip(*(band.tobytes() for band in gaps.split()), strict=True)]
    share = sum(level > APART for level in levels) / len(levels)
    if share > SHARE:
        BUILD.mkdir(parents=True, exist_ok=True)
        picture.save(BUILD / f"{name}.png")
        marked = Image.new("L", gaps.size)
        marked.putdata([255 if level > APART else 0 for level in levels])
        spots = marked.resize(picture.size, Image.Resampling.NEAREST)
        red = Image.new("RGB", picture.size, "#e00000")
        faded = Image.blend(picture, Image.new("RGB", picture.size, "white"), 0.6)
        Image.composite(red, faded, spots).save(BUILD / f"{name}-difference.png")
    return share


def has_chinese_fonts() -> bool:
    """Whether this machine can write Chinese as the references do (fonts-noto-cjk)."""
    try:
        found = subprocess.run(
            ["fc-match", "sans-serif:lang=zh-cn", "family"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return False
    return "CJK" in found.stdout
