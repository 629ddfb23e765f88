from __future__ import annotations

from datetime import date

import pytest
import shapely

from geo.changes import load_changes
from geo.shapes import area_km2
from geo.timeline import Timeline
from settings import ROOT


@pytest.fixture(scope="module")
def timeline(registry, boundaries):
    path = ROOT / "data" / "districts" / "changes.csv"
    return Timeline(registry, boundaries, load_changes(path, [p.id for p in registry]))


def geometries(coverage):
    return [shape.geometry for shape in coverage.values() if shape.geometry is not None]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2012, 1, 1), 38),
        (date(2017, 1, 1), 38),
        (date(2022, 12, 15), 38),
        (date(2025, 11, 5), 38),
        (date(2025, 11, 6), 37),
        (date(2026, 1, 1), 37),
    ],
)
def test_chongqing_is_one_gap_free_coverage_on_any_date(timeline, registry, day, number):
    coverage = timeline.coverage("500000", day)
    shapes = geometries(coverage)
    assert len(coverage) == len(shapes) == number
    assert set(coverage) == {unit.id for unit in registry.counties("500000", day)}
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    merged = shapely.union_all(shapes)
    assert sum(map(area_km2, shapes)) == pytest.approx(area_km2(merged), rel=1e-6)
    assert sum(map(area_km2, shapes)) == pytest.approx(82_402, rel=1e-3)


def test_the_units_of_2026_are_indicative_and_near_their_published_areas(timeline):
    coverage = timeline.coverage("500000", date(2026, 1, 1))
    for code, published in (("500157", 1_360), ("500109", 1_100)):
        assert coverage[code].quality == "indicative"
        assert "不是界线" in coverage[code].reason
        assert area_km2(coverage[code].geometry) == pytest.approx(published, rel=0.10)
    others = [s for code, s in coverage.items() if code not in {"500157", "500109"}]
    assert {shape.quality for shape in others} == {"published"}


@pytest.mark.parametrize("province", ["510000", "330000"])
@pytest.mark.parametrize("day", [date(2017, 1, 1), date(2019, 6, 1), date(2024, 1, 1)])
def test_other_provinces_list_every_unit_and_cover_what_they_can(timeline, registry, province, day):
    coverage = timeline.coverage(province, day)
    assert set(coverage) == {unit.id for unit in registry.counties(province, day)}
    assert shapely.coverage_is_valid(geometries(coverage))
    for shape in coverage.values():
        assert (shape.geometry is None) == (shape.quality == "unknown")
        assert (shape.reason == "") == (shape.quality == "published")


def test_shapes_that_cannot_be_had_are_refused_with_the_reason(timeline):
    before = timeline.coverage("330000", date(2019, 6, 1))
    assert before["330103"].geometry is None
    assert "无从得知" in before["330103"].reason
    assert before["330109"].quality == "indicative"
    assert area_km2(before["330109"].geometry) == pytest.approx(1_417, rel=0.05)
    whole = timeline.coverage("330000", date(2024, 1, 1))
    assert before["330110"].quality == "published"  # old 余杭 is the new one with 临平
    parts = area_km2(whole["330110"].geometry) + area_km2(whole["330113"].geometry)
    assert area_km2(before["330110"].geometry) == pytest.approx(parts)


def test_a_rename_keeps_the_shape(timeline):
    before = timeline.state_on(date(2016, 6, 7))["500234"]
    after = timeline.state_on(date(2016, 6, 8))["500154"]
    assert before == after


def test_heirs_share_what_was(timeline):
    assert timeline.heirs("500105", date(2025, 11, 5)) == []
    (only,) = timeline.heirs("500105", date(2025, 11, 6))
    assert (only.place_id, only.share, only.change_id) == ("500157", 1.0, "cq-2025-liangjiang")
    split = {h.place_id: h.share for h in timeline.heirs("500112", date(2026, 1, 1))}
    assert set(split) == {"500157", "500109"}
    assert sum(split.values()) == pytest.approx(1)
    assert 0.5 < split["500157"] < 0.7
    assert timeline.heirs("500109", date(2026, 1, 1)) == []
    (area,) = timeline.heirs("500000-liangjiang", date(2026, 1, 1))
    assert area.place_id == "500157"


def test_unknown_shares_are_not_guessed(timeline):
    heirs = timeline.heirs("511521", date(2024, 1, 1))
    assert {h.place_id for h in heirs} == {"511502", "511504"}
    assert {h.share for h in heirs} == {None}


APART = {"500104", "500107", "500108", "500114", "500153"}
"""Units whose published area departs by 1.0 to 1.4 %: rounded or differing sources."""


def test_areas_agree_with_the_published_ones(timeline, registry):
    for code, shape in timeline.coverage("500000", date(2022, 12, 15)).items():
        published = registry[code].area_km2
        limit = 0.015 if code in APART else 0.01
        assert area_km2(shape.geometry) == pytest.approx(published, rel=limit), code
