from __future__ import annotations

from datetime import date

import pytest
import shapely

from errors import DataError, NotFound
from geo.importing import ImportReport, Match
from layers.build import build_snapshot
from settings import ROOT, Settings
from store.official import OfficialGeometries
from store.snapshots import SnapshotStore

TODAY = date(2026, 11, 20)
PARK = shapely.box(106.10, 29.05, 106.14, 29.08)


def report(registry, place_id, geometry):
    match = Match("甲", registry[place_id], geometry, 1.0, None)
    return ImportReport("园区.gpkg", "a", "name", "EPSG:4490", "", (match,))


@pytest.fixture
def settings(tmp_path):
    return Settings(instance_dir=tmp_path)


def test_what_is_imported_comes_back_and_goes(settings, registry):
    store = OfficialGeometries(settings)
    assert store.current() == []
    store.add(report(registry, "500116-baisha", PARK), TODAY)
    (item,) = store.current()
    assert (item.place_id, item.as_of, item.source) == ("500116-baisha", TODAY, "园区.gpkg")
    assert item.geometry.equals(PARK)
    assert store.undo() == "园区.gpkg"
    assert store.current() == []
    with pytest.raises(NotFound):
        store.undo()


def test_the_last_import_counts_and_undo_restores_the_one_before(settings, registry):
    store = OfficialGeometries(settings)
    store.add(report(registry, "500116-baisha", PARK), TODAY)
    store.add(report(registry, "500116-baisha", PARK.buffer(0.01)), TODAY)
    assert [i.geometry.area > PARK.area for i in store.current()] == [False, True]
    store.undo()
    store.add(report(registry, "500116-baisha", PARK), TODAY)
    assert len(store.current()) == 2


def test_an_empty_report_changes_nothing(settings):
    empty = ImportReport("a", "a", "a", "a", "a", ())
    with pytest.raises(DataError, match="什么都没有改变"):
        OfficialGeometries(settings).add(empty, TODAY)
    assert not (settings.instance_dir / "official").exists()


def test_an_import_makes_the_snapshot_stale(settings, registry):
    before = SnapshotStore(settings).fingerprint()
    OfficialGeometries(settings).add(report(registry, "500116-baisha", PARK), TODAY)
    assert SnapshotStore(settings).fingerprint() != before


def test_an_official_geometry_is_published_as_such(settings, registry):
    store = OfficialGeometries(settings)
    store.add(report(registry, "500116-baisha", PARK), TODAY)
    snapshot = build_snapshot(ROOT / "data", "0" * 16, official=store.current())
    place = snapshot.place("500116-baisha", TODAY)
    assert place.place.quality == "official"
    assert "园区.gpkg" in place.place.note
    assert place.area_km2 > 5
    rows = [r for r in snapshot.rows if r.assignment.place_id == "500116-baisha"]
    assert {row.geometry_quality for row in rows} == {"official"}


def test_an_official_geometry_holds_for_its_own_time_only(settings, registry, shapes):
    store = OfficialGeometries(settings)
    store.add(report(registry, "500109", shapes["500109"]), TODAY)
    snapshot = build_snapshot(ROOT / "data", "0" * 16, official=store.current())
    assert snapshot.place("500109", TODAY).place.quality == "official"
    assert snapshot.place("500109", date(2022, 12, 15)).place.quality == "published"
