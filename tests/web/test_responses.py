from __future__ import annotations

import gzip
import time
from dataclasses import replace

import pytest

from app import create_app
from settings import Settings
from store.snapshots import SnapshotStore
from web.responses import LOOK_EVERY


@pytest.mark.parametrize("path", ["/", "/districts/", "/export/assignments.geojson"])
def test_responses_are_compressed_for_those_who_ask(client, path):
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 3
    assert "Accept-Encoding" in small.headers["Vary"]


def test_static_files_are_compressed_too(client):
    answer = client.get("/static/caitu-map.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"


def test_small_answers_are_left_alone(client):
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/nope", "/healthz", "/table", "/data", "/ogc/?f=html"])
def test_every_page_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/export/assignments.geojson?x=1", "/export/parks.csv", "/ogc/", "/ogc/nothing"]
)
def test_data_is_never_taken_for_a_page_and_may_be_read_from_elsewhere(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]


def test_other_origins_learn_what_they_may_ask(client):
    headers = client.options("/ogc/collections").headers
    assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in headers["Access-Control-Allow-Headers"]


def test_a_running_server_serves_what_is_published_next(tmp_path):
    settings = Settings(instance_dir=tmp_path)
    running = create_app(settings).test_client()
    first = running.get("/healthz").get_json()["snapshot"]
    store = SnapshotStore(settings)
    store.publish(replace(store.current(), id="f" * 16))
    time.sleep(LOOK_EVERY)
    assert running.get("/healthz").get_json()["snapshot"] == "f" * 16 != first
    pointer = tmp_path / "snapshots" / "current"
    pointer.write_text("damaged")
    time.sleep(LOOK_EVERY)
    assert running.get("/healthz").get_json()["snapshot"] == "f" * 16
    pointer.write_text(first)
    time.sleep(LOOK_EVERY)
    assert running.get("/healthz").get_json()["snapshot"] == first
    pointer.write_text("f" * 16)
    time.sleep(LOOK_EVERY)
    assert running.get("/healthz").get_json()["snapshot"] == "f" * 16
