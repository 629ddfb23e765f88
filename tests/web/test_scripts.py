from __future__ import annotations

import re

from settings import ROOT
from web.scripts import MAP


def test_the_map_asks_for_one_file_with_all_its_scripts(client):
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(r'src="(/scripts/[^"]+)"', page)
    answer = client.get(address)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    at = [text.index((ROOT / "static" / name).read_text("utf-8")) for name in MAP]
    assert at == sorted(at)
    assert 'src="/static/caitu-map.js"' not in page


def test_every_script_of_ours_is_used():
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    for path in (ROOT / "static").glob("caitu-*.js"):
        assert path.name in MAP or path.name in templates, path.name


def test_scripts_of_another_version_are_refused(client):
    answer = client.get("/scripts/0000/map-page.js")
    assert answer.status_code == 404
    assert "刷新" in answer.get_data(as_text=True)
    assert client.get("/en/scripts/0000/map-page.js").status_code == 308
