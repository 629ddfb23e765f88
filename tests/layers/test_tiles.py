from __future__ import annotations

import gzip
import math

import mapbox_vector_tile
import pytest
import shapely

from layers.records import collection_records
from layers.tilematrix import MAX_ZOOM

EXTENT = 4096


@pytest.fixture(scope="module")
def tiles(snapshot):
    """(layer, zoom, row, column) → the tile's only layer."""
    found = {}
    for key, raw in snapshot.resources.items():
        if key.startswith("tiles/"):
            _, layer, *position = key.split("/")
            decoded = mapbox_vector_tile.decode(gzip.decompress(raw))
            assert list(decoded) == [layer]
            found[layer, *map(int, position)] = decoded[layer]
    return found


def held(snapshot, name):
    made = next(made for made in snapshot.collections if made.name == name)
    day = snapshot.epochs[-1]
    return made, [
        record
        for record in collection_records(snapshot, made)
        if record.holds(day, day) and record.place and record.place.bbox
    ]


@pytest.mark.parametrize("name", ["assignments", "districts", "parks"])
@pytest.mark.parametrize("zoom", [3, 6, MAX_ZOOM])
def test_every_feature_is_in_some_tile_of_every_zoom(snapshot, tiles, name, zoom):
    _, records = held(snapshot, name)
    found = {
        feature["properties"]["id"]
        for (layer, z, _, _), tile in tiles.items()
        if layer == name and z == zoom
        for feature in tile["features"]
    }
    assert found == {record.id for record in records}


def test_tiles_carry_the_chosen_fields_as_they_are(snapshot, tiles):
    made, records = held(snapshot, "districts")
    by_id = {record.id: record.values for record in records}
    for feature in tiles["districts", 0, 0, 0]["features"]:
        properties = feature["properties"]
        values = by_id[properties.pop("id")]
        stated = {n: values[n] for n in made.tile_fields if values[n] is not None}
        assert properties == stated


def test_geometry_lies_where_it_should(snapshot, tiles):
    _, records = held(snapshot, "districts")
    by_id = {record.id: record.place for record in records}
    zoom = MAX_ZOOM
    step = 360 / 2**zoom
    for (layer, z, _, column), tile in list(tiles.items())[::40]:
        if layer != "districts" or z != zoom:
            continue
        for feature in tile["features"]:
            west, _, east, _ = shapely.from_geojson(
                str(feature["geometry"]).replace("'", '"').replace("(", "[").replace(")", "]")
            ).bounds
            left, right = (-180 + (column + x / EXTENT) * step for x in (west, east))
            place = by_id[feature["properties"]["id"]]
            assert place.bbox[0] - step / EXTENT <= left <= right
            assert right <= place.bbox[2] + step / EXTENT


def test_the_tiles_of_a_zoom_cover_the_area(snapshot, tiles):
    """Summed over the tiles, a district's area is its own (spherical Mercator, one zoom)."""
    zoom, name = 7, "500116"
    total = 0.0
    for (layer, z, row, _), tile in tiles.items():
        if layer != "districts" or z != zoom:
            continue
        for feature in tile["features"]:
            if feature["properties"]["id"] == name:
                shape = shapely.geometry.shape(feature["geometry"])
                clipped = shape.intersection(shapely.box(0, 0, EXTENT, EXTENT))
                latitude = math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / 2**zoom)))
                metres = 40_075_017 / 2**zoom / EXTENT * math.cos(latitude)
                total += clipped.area * metres**2 / 1e6
    place = next(place for place in snapshot.places if place.id == name)
    assert total == pytest.approx(place.area_km2, rel=0.02)
