from __future__ import annotations

import os

import pytest

from settings import Settings
from store import exports
from store.exports import ExportStore, digest, etag


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


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(exports, "LIMIT", 250)
    monkeypatch.setattr(exports, "IN_USE", -1)


def used(path, seconds):
    os.utime(path, ns=(seconds * 10**9, path.stat().st_mtime_ns))


@pytest.mark.usefixtures("small")
def test_the_least_recently_used_goes_first(store, tmp_path):
    log = []
    paths = [store.get(key, "csv", writing("x" * 100, log)) for key in "ab"]
    used(paths[0], 2)
    used(paths[1], 1)
    kept = store.get("c", "csv", writing("x" * 100, log))
    assert set((tmp_path / "exports").iterdir()) == {paths[0], kept}


def test_what_was_just_used_stays(store, monkeypatch, tmp_path):
    monkeypatch.setattr(exports, "LIMIT", 10)
    paths = [store.get(key, "csv", writing("x" * 100, [])) for key in "abc"]
    assert set((tmp_path / "exports").iterdir()) == set(paths)


def test_using_a_file_does_not_make_it_newer(store):
    path = store.get("a", "csv", writing("x", []))
    tag, made = etag(path), path.stat().st_mtime_ns
    used(path, 1)
    store.get("a", "csv", writing("y", []))
    assert path.stat().st_mtime_ns == made
    assert path.stat().st_atime > 1
    assert etag(path) == tag


def test_a_file_dropped_by_another_worker_is_written_again(store):
    path = store.get("a", "csv", writing("one", []))
    path.unlink()
    assert store.get("a", "csv", writing("two", [])).read_text() == "two"


def test_what_a_broken_write_left_goes(store):
    path = store.get("a", "csv", writing("one", []))
    left = path.parent / ".tmp-left"
    left.mkdir()
    (left / "half").write_text("x")
    os.utime(left, (1, 1))
    store.get("b", "csv", writing("two", []))
    assert not left.exists()


def test_an_instance_that_cannot_be_written_is_no_hindrance(tmp_path):
    (tmp_path / "exports").write_text("in the way")
    store = ExportStore(Settings(instance_dir=tmp_path))
    path = store.get("a", "csv", writing("one", []))
    assert path.read_text() == "one"
    assert tmp_path not in path.parents
    path.unlink()
