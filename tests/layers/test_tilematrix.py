from __future__ import annotations

import pytest

from layers.tilematrix import MAX_ZOOM, limits, matrices, tile_key


def test_the_matrices_are_those_of_the_standard():
    """OGC 17-083r4, annex D.1: scale denominators and cell sizes of WebMercatorQuad."""
    found = matrices()
    assert len(found) == MAX_ZOOM + 1
    assert found[0]["cellSize"] == pytest.approx(156543.033928041)
    assert found[8]["scaleDenominator"] == pytest.approx(2183915.09386217)
    assert found[8]["matrixWidth"] == found[8]["matrixHeight"] == 256
    for matrix in found:  # 0.28 mm pixels
        assert matrix["scaleDenominator"] == pytest.approx(matrix["cellSize"] / 0.00028)


def test_limits_enclose_the_box():
    chongqing = (105.28, 28.16, 110.2, 32.2)
    found = limits(chongqing)
    assert found[0] == {
        "tileMatrix": "0", "minTileRow": 0, "maxTileRow": 0, "minTileCol": 0, "maxTileCol": 0,
    }  # fmt: skip
    at = found[8]
    assert (at["minTileCol"], at["maxTileCol"]) == (202, 206)
    assert (at["minTileRow"], at["maxTileRow"]) == (103, 107)


def test_limits_stay_inside_the_square():
    whole = limits((-180, -89, 180, 89))
    for zoom, level in enumerate(whole):
        assert level["minTileRow"] == level["minTileCol"] == 0
        assert level["maxTileRow"] == level["maxTileCol"] == 2**zoom - 1


def test_keys_tell_layers_apart():
    assert tile_key("parks", 1, 2, 3) != tile_key("parks", 1, 3, 2) != tile_key("towns", 1, 3, 2)
