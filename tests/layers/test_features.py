from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from layers.features import FeatureSet
from layers.records import collection_records

DAY = date(2022, 12, 15)


@pytest.fixture(scope="module")
def sets(snapshot):
    return {
        made.name: FeatureSet(made, collection_records(snapshot, made))
        for made in snapshot.collections
    }


def read(features, numbers, crs=""):
    return json.loads(b"[%b]" % b"".join(features.features(numbers, crs)))


def test_every_record_is_a_feature(sets):
    for features in sets.values():
        found = read(features, range(len(features.records)))
        assert [feature["id"] for feature in found] == [r.id for r in features.records]
        for feature, record in zip(found, features.records, strict=True):
            assert feature["type"] == "Feature"
            assert list(feature["properties"]) == list(record.values)


def test_geometry_follows_the_right_hand_rule_and_its_quality(sets):
    for feature in read(sets["assignments"], sets["assignments"].holding(DAY, DAY)):
        quality = feature["properties"]["geometry_quality"]
        if quality == "unknown":
            assert feature["geometry"] is None
            continue
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        assert (shape.geom_type == "Point") == (quality in {"anchor", "proxy"})
        assert 97 < shape.bounds[0] < shape.bounds[2] + 1e-9 < 123
        for part in getattr(shape, "geoms", [shape]):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert not any(ring.is_ccw for ring in part.interiors)


def test_what_is_located_comes_first(snapshot, sets):
    for made in snapshot.collections:
        located = [bool(r.place and r.place.bbox) for r in sets[made.name].records]
        assert located == sorted(located, reverse=True)
        kept = [r.id for r in collection_records(snapshot, made) if r.place and r.place.bbox]
        assert [r.id for r in sets[made.name].records][: len(kept)] == kept


def test_holding_keeps_the_order_and_remembers(sets):
    districts = sets["districts"]
    held = districts.holding(DAY, DAY)
    assert list(held) == sorted(held)
    assert districts.holding(DAY, DAY) is held
    assert len(districts.holding(None, None)) == len(districts.records)


def test_equal_finds_positions(sets):
    parks = sets["parks"]
    found = parks.equal("geometry_quality", "anchor")
    assert found == [
        n for n, r in enumerate(parks.records) if r.values["geometry_quality"] == "anchor"
    ]
    assert parks.equal("geometry_quality", "nothing") == []


def test_extent(sets):
    west, south, east, north = sets["districts"].extent
    assert (west, south, east, north) == pytest.approx((97.35, 26.05, 122.95, 34.31), abs=0.5)
    assert sets["plans"].extent is None


def test_other_systems_follow_the_order_of_their_axes(sets):
    districts = sets["districts"]
    number = districts.numbers["500116"]
    plain = shapely.from_geojson(json.dumps(read(districts, [number])[0]["geometry"]))
    turned = read(districts, [number], "EPSG:4490")[0]["geometry"]
    shape = shapely.from_geojson(json.dumps(turned))
    assert shape.bounds == pytest.approx(
        (plain.bounds[1], plain.bounds[0], plain.bounds[3], plain.bounds[2]), abs=1e-6
    )
    north, east, _, _ = shapely.from_geojson(
        json.dumps(read(districts, [number], "EPSG:4544")[0]["geometry"])
    ).bounds
    assert 3_100_000 < north < 3_300_000  # CGCS2000 / 3-degree Gauss-Kruger CM 105E
    assert 500_000 < east < 700_000


def test_what_is_not_located_stays_so(sets):
    parks = sets["parks"]
    unknown = parks.equal("geometry_quality", "unknown")
    for feature in read(parks, unknown, "EPSG:3857"):
        assert feature["geometry"] is None
