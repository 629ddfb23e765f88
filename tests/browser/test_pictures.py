"""Key views compared with pictures of them: a layer, legend, panel or colour that goes missing
shows, letters drawn a little otherwise do not. `make pictures` renews the pictures."""

from __future__ import annotations

import os

import pytest

from tests.browser.views import (
    BUILD,
    FOLDER,
    MOST,
    SHARE,
    VIEWS,
    difference,
    dress,
    has_chinese_fonts,
    keep,
    photograph,
)
from tests.support import missing

NO_FILLS = "path.leaflet-interactive { fill: #ffffff !important; }"
NO_LEGEND = "#legend { opacity: 0; }"
NO_LABELS = ".caitu-label-box { opacity: 0; }"


@pytest.fixture(autouse=True)
def fonts():
    if not has_chinese_fonts():
        missing("没有中文字体，图片无从比较（apt install fontconfig fonts-noto-cjk）")


@pytest.mark.parametrize("name", VIEWS)
def test_the_view_looks_as_it_did(visit, name):
    view = VIEWS[name]
    page = visit(view.address, view.size)
    picture = photograph(page, view)
    assert page.faults == []
    if os.environ.get("CAITU_RENEW_PICTURES"):
        assert keep(name, picture) <= MOST
    share = difference(name, picture)
    assert share <= SHARE, (
        f"{share:.1%} of {name} differ from {FOLDER / name}.png: see {BUILD}; "
        "where the change is meant, `make pictures`"
    )


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("stripes", NO_FILLS),
        ("stripes", NO_LEGEND),
        ("all-plans", NO_LEGEND),
        ("all-plans", NO_LABELS),
        ("phone", NO_FILLS),
        ("english", NO_LEGEND),
        ("numbers", ".numbers { opacity: 0; }"),
        ("district", ".drawer-head { opacity: 0; }"),
        ("sheet", ".symbols { opacity: 0; }"),
    ],
)
def test_what_is_missing_shows(visit, name, css, monkeypatch, tmp_path):
    monkeypatch.setattr("tests.browser.views.BUILD", tmp_path)
    view = VIEWS[name]
    page = visit(view.address, view.size)
    dress(page, css)
    assert difference(name, photograph(page, view)) > SHARE
    assert (tmp_path / f"{name}.png").exists()
    assert (tmp_path / f"{name}-difference.png").exists()
