from __future__ import annotations

import json
from datetime import date

import pyogrio.raw
import pytest
import shapely

from layers.features import EXPORT_COLUMNS, feature_collection, map_rows, record
from plans.tables import COLUMNS

DAY = date(2022, 12, 15)


@pytest.fixture(scope="module")
def collection(snapshot):
    return json.loads(
        "".join(feature_collection(snapshot, snapshot.rows_on(DAY), DAY, {"title": "甲"}))
    )


def test_columns_keep_the_contract():
    assert (
        "assignment_id", *COLUMNS, "geometry_quality", "inherited_from", "share", "change_id",
    ) == EXPORT_COLUMNS  # fmt: skip


def test_every_row_is_a_feature(snapshot, collection):
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection  # RFC 7946, section 4
    assert len(collection["features"]) == len(snapshot.rows_on(DAY))
    for feature in collection["features"]:
        assert tuple(feature["properties"]) == EXPORT_COLUMNS
        assert feature["id"] == feature["properties"]["assignment_id"]


def test_ids_are_unique(collection):
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids)


def test_geometry_follows_the_right_hand_rule_and_its_quality(collection):
    for feature in collection["features"]:
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


def test_what_is_not_stated_is_null(snapshot):
    values = record(snapshot.rows[0])
    assert values["inherited_from"] is None
    assert values["share"] is None
    assert isinstance(values["start"], int)


def test_gdal_reads_the_same_values(snapshot, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        "".join(feature_collection(snapshot, snapshot.rows_on(DAY), DAY, {})), encoding="utf-8"
    )
    meta, _, geometry, fields = pyogrio.raw.read(path)
    assert meta["crs"] == "EPSG:4326"
    assert len(geometry) == len(snapshot.rows_on(DAY))
    table = dict(zip(meta["fields"], fields, strict=True))
    assert list(table["sector_text"]) == [
        row.assignment.sector_text for row in snapshot.rows_on(DAY)
    ]
    assert list(table["start"]) == [row.assignment.start for row in snapshot.rows_on(DAY)]


def test_an_empty_result_is_a_collection(snapshot, tmp_path):
    path = tmp_path / "none.geojson"
    path.write_text("".join(feature_collection(snapshot, [], DAY, {})), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["features"] == []
    assert len(pyogrio.raw.read(path)[2]) == 0


def test_the_map_gets_keys_and_words(snapshot):
    rows = map_rows(snapshot.rows_on(DAY))["rows"]
    assert len(rows) == len(snapshot.rows_on(DAY))
    assert {row["keys"]["plan"][0] for row in rows} == {plan.id for plan in snapshot.plans}
