"""The map page's scripts and styles as few files: fewer requests, fewer pieces of work."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from functools import cached_property

from flask import Blueprint, Response, url_for

from errors import Message, NotFound
from settings import ROOT
from web.responses import compressed, immutable_packed

bundles = Blueprint("bundles", __name__)

FIRST_SCRIPTS = ("caitu-dom.js", "caitu-source.js", "caitu-language.js", "caitu-ask.js")
"""Few and small: the data is asked for before the others are even read."""

SCRIPTS = (
    "caitu-leaflet.js",
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet.fullscreen/Control.FullScreen.js",
    "vendor/topojson-client/topojson-client.min.js",
    "caitu-later.js",
    "caitu-skip.js",
    "caitu-filter.js",
    "caitu-data.js",
    "caitu-borders.js",
    "caitu-canvas.js",
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

STYLES = (
    "vendor/leaflet/leaflet.css",
    "vendor/leaflet.fullscreen/Control.FullScreen.css",
    "caitu-numbers.css",
    "caitu-time.css",
    "caitu-layers.css",
    "caitu-beside.css",
    "caitu.css",
)
"""In the order they count, the last most."""


class Bundle:
    """Files of ``static/`` that a page loads as one.

    Parameters
    ----------
    names
        Below ``static/``, in their order.
    media_type
        Of each and of all.
    join
        What stands in the bundle for a file: its name and its text to text.
    """

    def __init__(
        self, names: tuple[str, ...], media_type: str, join: Callable[[str, str], str]
    ) -> None:
        self.names = names
        self.media_type = media_type
        self._join = join

    @cached_property
    def digest(self) -> str:
        """Changes when a file does."""
        return hashlib.sha256(self._body).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes:
        """All of it, compressed."""
        return compressed(self._body)

    @cached_property
    def _body(self) -> bytes:
        folder = ROOT / "static"
        return "".join(self._join(n, (folder / n).read_text("utf-8")) for n in self.names).encode()


def script_alone(_: str, text: str) -> str:
    """A script in a function of its own."""
    return f"(function () {{\n{text}\n}}).call(window);\n"


def style_from_here(name: str, text: str) -> str:
    """A style sheet whose pictures are found from the bundle's address."""
    below = posixpath.join("../../static", posixpath.dirname(name))
    return re.sub(r"""url\((['"]?)(?![#/'"]|\w+:)""", rf"url(\1{below}/", text) + "\n"


MAP_PAGE = {
    "map-first.js": Bundle(FIRST_SCRIPTS, "text/javascript", script_alone),
    "map-page.js": Bundle(SCRIPTS, "text/javascript", script_alone),
    "map-page.css": Bundle(STYLES, "text/css", style_from_here),
}


@bundles.get("/bundles/<digest>/<name>")
def bundle(digest: str, name: str) -> Response:
    """All of one kind, cached for good under their digest."""
    found = MAP_PAGE.get(name)
    if found is None or digest != found.digest:
        raise NotFound(Message("数据已更新，请刷新页面。"))
    return immutable_packed(found.packed, found.media_type)


def bundle_address(name: str) -> str:
    """Where a bundle lies now."""
    return url_for("bundles.bundle", digest=MAP_PAGE[name].digest, name=name)
