from __future__ import annotations

import gzip

import mapbox_vector_tile
import pytest

from layers.tilematrix import MAX_ZOOM

HERE = "6/26/50"
BASE = "/ogc/collections/districts/tiles/WebMercatorQuad"


def test_a_tile(client):
    answer = client.get(f"{BASE}/{HERE}?f=mvt")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    assert "Content-Encoding" not in answer.headers
    layers = mapbox_vector_tile.decode(answer.data)
    assert list(layers) == ["districts"]
    assert {f["properties"]["name"] for f in layers["districts"]["features"]} >= {"江津区"}


def test_tiles_are_compressed_where_that_is_understood(client):
    plain = client.get(f"{BASE}/{HERE}")
    small = client.get(f"{BASE}/{HERE}", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in small.headers["Vary"]
    assert small.headers["ETag"] != plain.headers["ETag"]  # other bytes
    again = client.get(f"{BASE}/{HERE}", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304


def test_the_tile_of_everything_has_all_layers(client, snapshot):
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        answer = client.get(f"/ogc/tiles/WebMercatorQuad/{HERE}", headers=headers)
        raw = answer.data
        if answer.headers.get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        layers = mapbox_vector_tile.decode(raw)
        located = {made.name for made in snapshot.collections if made.located}
        assert {"assignments", "districts", "prefectures", "parks"} <= set(layers) <= located


def test_nothing_here_is_204(client):
    answer = client.get(f"{BASE}/6/0/0")
    assert answer.status_code == 204
    assert answer.data == b""
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/{MAX_ZOOM + 1}/0/0", f"{BASE}/2/4/0", f"{BASE}/2/0/4", f"{BASE}/a/0/0",
        "/ogc/collections/plans/tiles", "/ogc/collections/plans/tiles/WebMercatorQuad",
        "/ogc/collections/districts/tiles/Other", "/ogc/tileMatrixSets/Other",
    ],
)  # fmt: skip
def test_what_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_unknown_parameters_are_refused(client):
    assert client.get(f"{BASE}/{HERE}?f=png").status_code == 400
    assert client.get(f"{BASE}/{HERE}?limit=3").status_code == 400


@pytest.mark.parametrize("prefix", ["/ogc", "/ogc/collections/parks"])
def test_tilesets_describe_themselves(client, snapshot, prefix):
    listed = client.get(f"{prefix}/tiles").get_json()["tilesets"]
    assert len(listed) == 1
    self_link = next(link for link in listed[0]["links"] if link["rel"] == "self")
    made = client.get(self_link["href"]).get_json()
    assert made["dataType"] == "vector"
    assert made["tileMatrixSetURI"].endswith("/WebMercatorQuad")
    assert [limit["tileMatrix"] for limit in made["tileMatrixSetLimits"]] == [
        str(zoom) for zoom in range(MAX_ZOOM + 1)
    ]
    names = [layer["id"] for layer in made["layers"]]
    located = [c.name for c in snapshot.collections if c.located]
    assert names == (["parks"] if "parks" in prefix else located)
    template = next(link for link in made["links"] if link["rel"] == "item")
    assert template["templated"] is True
    limit = made["tileMatrixSetLimits"][5]
    address = template["href"].format(
        tileMatrix=5, tileRow=limit["minTileRow"], tileCol=limit["minTileCol"]
    )
    assert client.get(address).status_code in {200, 204}


def test_every_tile_lies_within_the_limits(client, snapshot):
    made = client.get("/ogc/collections/parks/tiles/WebMercatorQuad").get_json()
    limits = {int(limit["tileMatrix"]): limit for limit in made["tileMatrixSetLimits"]}
    for key in snapshot.resources:
        if key.startswith("tiles/parks/"):
            zoom, row, column = map(int, key.split("/")[2:])
            limit = limits[zoom]
            # a neighbour's buffer may reach one tile further
            assert limit["minTileRow"] - 1 <= row <= limit["maxTileRow"] + 1
            assert limit["minTileCol"] - 1 <= column <= limit["maxTileCol"] + 1


def test_the_matrix_set(client):
    listed = client.get("/ogc/tileMatrixSets").get_json()["tileMatrixSets"]
    assert [entry["id"] for entry in listed] == ["WebMercatorQuad"]
    made = client.get("/ogc/tileMatrixSets/WebMercatorQuad").get_json()
    assert len(made["tileMatrices"]) == MAX_ZOOM + 1
    assert made["crs"].endswith("/3857")
