from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.features import FeatureSet
from layers.records import collection_records
from layers.spatial import RELATIONS

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def districts(snapshot):
    made = next(made for made in snapshot.collections if made.name == "districts")
    return FeatureSet(made, collection_records(snapshot, made))


@pytest.fixture(scope="module")
def shapes(districts):
    texts = [record.place.geometry for record in districts.records]
    return [shapely.from_geojson(text) if text != "null" else shapely.Point() for text in texts]


@given(west=st.floats(97, 123), south=st.floats(26, 34), wide=st.floats(0, 3), high=st.floats(0, 3))
def test_boxes_find_what_shapely_finds(districts, shapes, west, south, wide, high):
    box = (west, south, west + wide, south + high)
    area = shapely.box(*box)
    expected = {n for n, shape in enumerate(shapes) if shape.intersects(area)}
    assert districts.spatial.in_box(box) == expected


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        ("EPSG:4490", (29.28, 106.25, 29.29, 106.26)),
        ("EPSG:3857", (11827690, 3414800, 11828800, 3415900)),
        ("EPSG:4544", (3240500, 621400, 3241000, 622000)),
        ("EPSG:4523", (3240500, 35621400, 3241000, 35622000)),
    ],
)
def test_boxes_of_other_systems(districts, crs, box):
    found = districts.spatial.in_box(box, crs)
    assert {districts.records[n].values["name"] for n in found} == {"江津区"}


@pytest.mark.parametrize(
    "box",
    [(106.25, 29.28, 106.25, 29.28), (106.25, 29.28, 106.25, 29.29), (106.2, 29.28, 106.3, 29.28)],
)
def test_boxes_without_width_are_points_and_lines(districts, shapes, box):
    line = shapely.linestrings([box[:2], box[2:]]) if box[:2] != box[2:] else shapely.Point(box[:2])
    expected = {n for n, shape in enumerate(shapes) if shape.intersects(line)}
    assert districts.spatial.in_box(box) == expected
    assert expected


def test_systems_are_forgotten(districts):
    for code in range(4534, 4545):
        assert districts.spatial.in_box((-1e8, -1e8, 1e8, 1e8), f"EPSG:{code}")
    assert len(districts.spatial._trees) <= 4
    assert "" in districts.spatial._trees


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_put_the_feature_first(districts, shapes, relation):
    area = shapely.box(106, 29, 107.5, 30.5)
    expected = {
        n for n, s in enumerate(shapes) if not s.is_empty and getattr(s, relation[2:])(area)
    }
    assert districts.spatial.related(relation, area) == expected
    if relation == "s_within":
        assert expected


def test_features_of_one_place_are_found_together(snapshot):
    made = next(made for made in snapshot.collections if made.name == "assignments")
    features = FeatureSet(made, collection_records(snapshot, made))
    found = features.spatial.in_box((106.25, 29.28, 106.26, 29.29))  # 江津区
    names = {features.records[n].values["place_name"] for n in found}
    assert "江津区" in names
    places = {id(features.records[n].place) for n in found}
    assert len(found) > len(places)
