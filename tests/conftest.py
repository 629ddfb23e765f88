"""Fixtures: the real data, the real boundaries, a real server and a real browser."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
import waitress
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright

from app import create_app
from geo.boundaries import load_boundaries
from geo.gazetteer import with_all_of_china
from geo.places import load_registry
from geo.resolver import Resolver, load_overrides
from geo.shapes import place_shapes
from plans.catalogue import load_plans
from plans.extraction import Extractor
from plans.sectors import load_sectors
from settings import ROOT, Settings
from tests.support import missing

PLAN = "cq-2022-materials-14fyp"
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def registry():
    return load_registry(ROOT / "data" / "districts")


@pytest.fixture(scope="session")
def sectors():
    return load_sectors(ROOT / "data" / "sectors.csv")


@pytest.fixture(scope="session")
def china(registry):
    """The resolver of all China."""
    folder = ROOT / "data" / "districts"
    return Resolver(with_all_of_china(registry, folder), load_overrides(folder / "overrides.csv"))


@pytest.fixture(scope="session")
def extractor(china, sectors):
    """Reads plans of any province."""
    return Extractor(china, sectors, ROOT / "data" / "lexicon")


@pytest.fixture(scope="session")
def boundaries():
    return load_boundaries()


@pytest.fixture(scope="session")
def shapes(registry, boundaries):
    return place_shapes(registry, boundaries)


@pytest.fixture(scope="session")
def records(registry, sectors):
    return load_plans(ROOT / "data" / "plans", registry, sectors)


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(instance_dir=tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="session")
def app(settings):
    return create_app(settings)


@pytest.fixture(scope="session")
def snapshot(app):
    return app.extensions["caitu"].now().snapshot


class Buffered(FlaskClient):
    """Reads answers to their end, so that the files behind them are closed."""

    def open(self, *args, buffered=True, **named):
        return super().open(*args, buffered=buffered, **named)


@pytest.fixture
def client(app):
    app.test_client_class = Buffered
    return app.test_client()


@pytest.fixture(scope="session")
def texts():
    """Folder of the plan texts, which are not in the repository."""
    given = os.environ.get("CAITU_PLAN_TEXTS")
    candidates = [Path(given)] if given else []
    candidates += [ROOT / "instance" / "plans", ROOT.parent / "shared" / "plans"]
    for folder in candidates:
        if (folder / f"{PLAN}.txt").is_file():
            return folder
    return missing("没有规划文本（CAITU_PLAN_TEXTS）")


@pytest.fixture(scope="session")
def plan_text(texts):
    return (texts / f"{PLAN}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(app):
    """Address of a running server."""
    running = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.effective_port}"
    running.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, headless."""
    path = next((name for name in BROWSERS if Path(name).exists()), None)
    if path is None:
        missing("没有 Chromium")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()
