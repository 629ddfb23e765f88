"""The map page's scripts as one file: one request, and one piece of work for the browser."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask import Blueprint, Response

from errors import Message, NotFound
from settings import ROOT
from web.responses import compressed, immutable_packed

scripts = Blueprint("scripts", __name__)

MAP = (
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet.fullscreen/Control.FullScreen.js",
    "vendor/topojson-client/topojson-client.min.js",
    "caitu-dom.js",
    "caitu-later.js",
    "caitu-skip.js",
    "caitu-source.js",
    "caitu-filter.js",
    "caitu-data.js",
    "caitu-borders.js",
    "caitu-groups.js",
    "caitu-paint.js",
    "caitu-points.js",
    "caitu-shapes.js",
    "caitu-labels.js",
    "caitu-panel.js",
    "caitu-time.js",
    "caitu-map.js",
    "caitu-layers.js",
    "caitu-extent.js",
    "caitu-rows.js",
    "caitu-numbers.js",
    "caitu-share.js",
    "caitu-download.js",
)
"""In the order they run; each in a function of its own, so that each keeps its strictness."""


@scripts.get("/scripts/<digest>/map-page.js")
def of_the_map(digest: str) -> Response:
    """All of them, cached for good under their digest."""
    if digest != map_scripts_digest():
        raise NotFound(Message("数据已更新，请刷新页面。"))
    return immutable_packed(_packed(), "text/javascript")


@lru_cache
def map_scripts_digest() -> str:
    """Changes when a script does."""
    return hashlib.sha256(_joined()).hexdigest()[:16]


@lru_cache
def _joined() -> bytes:
    bodies = ((ROOT / "static" / name).read_text("utf-8") for name in MAP)
    return "".join(f"(function () {{\n{body}\n}}).call(window);\n" for body in bodies).encode()


@lru_cache
def _packed() -> bytes:
    return compressed(_joined())
