from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from errors import DataError
from settings import ROOT, Settings
from store.snapshots import KEEP, SnapshotStore


@pytest.fixture
def store(tmp_path):
    return SnapshotStore(Settings(instance_dir=tmp_path))


def test_nothing_is_published_at_first(store):
    assert store.current() is None


def test_what_is_published_comes_back(store, snapshot):
    store.publish(snapshot)
    assert store.current() == snapshot


def test_an_up_to_date_snapshot_is_not_built_again(store, snapshot):
    store.publish(snapshot)
    steps = []
    assert store.current_or_publish(steps.append) == snapshot
    assert steps == []


def test_a_stale_snapshot_is_built_again(store, snapshot):
    store.publish(replace(snapshot, id="0" * 16))
    steps = []
    assert store.current_or_publish(steps.append).id == snapshot.id
    assert steps


def test_a_damaged_file_is_built_again(store, snapshot, tmp_path):
    store.publish(snapshot)
    path = tmp_path / "snapshots" / f"{snapshot.id}.json"
    path.write_bytes(path.read_bytes()[:1000])
    assert store.current() is None
    assert store.current_or_publish() == snapshot


def test_old_snapshots_go_and_no_part_files_stay(store, snapshot, tmp_path):
    for number in range(KEEP + 2):
        store.publish(replace(snapshot, id=f"{number:016d}"))
    names = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert len(names) == KEEP + 1
    assert f"{KEEP + 1:016d}.json" in names
    assert not [name for name in names if name.startswith(".tmp")]


def test_the_fingerprint_follows_data_and_key(tmp_path):
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    settings = Settings(data_dir=data, instance_dir=tmp_path)
    before = SnapshotStore(settings).fingerprint()
    assert SnapshotStore(replace(settings, tianditu_key="k")).fingerprint() != before
    with (data / "sectors.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert SnapshotStore(settings).fingerprint() != before


def test_bad_data_leaves_the_published_snapshot(tmp_path, snapshot):
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    settings = Settings(data_dir=data, instance_dir=tmp_path)
    store = SnapshotStore(settings)
    store.publish(snapshot)
    (data / "sectors.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(DataError, match="缺少列"):
        store.current_or_publish()
    assert store.current() == snapshot


@pytest.mark.parametrize("raw", [b"\0\0\0", b"\xff\xfe", b"", b"../../x"])
def test_a_damaged_pointer_is_no_snapshot(store, snapshot, tmp_path, raw):
    store.publish(snapshot)
    (tmp_path / "snapshots" / "current").write_bytes(raw)
    assert store.current() is None
