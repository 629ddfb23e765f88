from __future__ import annotations

import pytest

from settings import Settings
from store import exports
from store.exports import ExportStore, digest


@pytest.fixture
def store(tmp_path):
    return ExportStore(Settings(instance_dir=tmp_path))


def writing(text, log):
    def write(path):
        assert not path.exists()
        log.append(text)
        path.write_text(text)

    return write


def test_a_file_is_written_once(store):
    log = []
    first = store.get("a", "shp.zip", writing("one", log))
    again = store.get("a", "shp.zip", writing("two", log))
    assert first == again
    assert first.read_text() == "one"
    assert first.name == f"{digest('a')}.shp.zip"
    assert log == ["one"]


def test_keys_tell_files_apart(store):
    log = []
    assert store.get("a", "csv", writing("1", log)) != store.get("b", "csv", writing("2", log))
    assert log == ["1", "2"]


def test_a_failure_leaves_nothing(store, tmp_path):
    def broken(path):
        path.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.get("a", "csv", broken)
    assert list((tmp_path / "exports").iterdir()) == []


def test_the_least_recently_used_goes_first(store, monkeypatch, tmp_path):
    import os

    monkeypatch.setattr(exports, "LIMIT", 250)
    log = []
    paths = [store.get(key, "csv", writing("x" * 100, log)) for key in "ab"]
    os.utime(paths[0], ns=(2_000_000_000, 2_000_000_000))
    os.utime(paths[1], ns=(1_000_000_000, 1_000_000_000))
    kept = store.get("c", "csv", writing("x" * 100, log))
    assert set((tmp_path / "exports").iterdir()) == {paths[0], kept}


def test_a_file_larger_than_the_limit_is_still_given(store, monkeypatch):
    monkeypatch.setattr(exports, "LIMIT", 10)
    path = store.get("a", "csv", writing("x" * 100, []))
    assert path.read_text() == "x" * 100
