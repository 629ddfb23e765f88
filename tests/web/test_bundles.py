from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from settings import ROOT
from web.bundles import FIRST_SCRIPTS, SCRIPTS, STYLES

LINKED = {
    "map-first.js": (r'src="([^"]+map-first[^"]+)"', FIRST_SCRIPTS, "text/javascript"),
    "map-page.js": (r'src="([^"]+map-page[^"]+)"', SCRIPTS, "text/javascript"),
    "map-page.css": (r'<link rel="stylesheet" href="([^"]+)"', STYLES, "text/css"),
}


@pytest.mark.parametrize("name", LINKED)
def test_the_map_asks_for_one_file_with_all_of_a_kind(client, name):
    pattern, names, media_type = LINKED[name]
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(pattern, page)
    answer = client.get(address)
    assert answer.mimetype == media_type
    assert "immutable" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    parts = [(ROOT / "static" / each).read_text("utf-8") for each in names]
    at = [text.index(part.partition("url(")[0]) for part in parts]
    assert at == sorted(at)


def test_nothing_that_is_in_a_bundle_is_asked_for_again(client):
    page = client.get("/").get_data(as_text=True)
    assert not re.findall(r'(?:src|href)="/static/[^"]+\.(?:js|css)"', page)


def test_pictures_of_styles_are_found_from_where_the_bundle_lies(client):
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(LINKED["map-page.css"][0], page)
    pictures = re.findall(r"""url\(['"]?([^'"#)]+)""", client.get(address).get_data(as_text=True))
    assert any("layers-2x.png" in picture for picture in pictures)
    assert any("icon-fullscreen" in picture for picture in pictures)
    for picture in pictures:
        assert client.get(urljoin(address, picture)).status_code == 200, picture


@pytest.mark.parametrize("ending", ["js", "css"])
def test_every_script_and_style_of_ours_is_used(ending):
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    for path in (ROOT / "static").glob(f"caitu*.{ending}"):
        bundled = path.name in (*FIRST_SCRIPTS, *SCRIPTS, *STYLES)
        assert bundled or path.name in templates, path.name


@pytest.mark.parametrize("name", LINKED)
def test_bundles_of_another_version_are_refused(client, name):
    answer = client.get(f"/bundles/0000/{name}")
    assert answer.status_code == 404
    assert "刷新" in answer.get_data(as_text=True)
    assert client.get(f"/en/bundles/0000/{name}").status_code == 308


def test_there_are_no_other_bundles(client):
    assert client.get("/bundles/0000/other.js").status_code == 404
