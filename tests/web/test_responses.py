from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from app import create_app
from settings import Settings
from store.snapshots import SnapshotStore


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


@pytest.mark.parametrize("path", ["/", "/nope", "/healthz", "/export/assignments.geojson?x=1"])
def test_every_response_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_running_server_serves_what_is_published_next(tmp_path):
    settings = Settings(instance_dir=tmp_path)
    running = create_app(settings).test_client()
    first = running.get("/healthz").get_json()["snapshot"]
    store = SnapshotStore(settings)
    store.publish(replace(store.current(), id="f" * 16))
    assert running.get("/healthz").get_json()["snapshot"] == "f" * 16 != first
    (tmp_path / "snapshots" / "current").write_text("damaged")
    assert running.get("/healthz").get_json()["snapshot"] == "f" * 16
