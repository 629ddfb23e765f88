"""The tile matrix set WebMercatorQuad (OGC 17-083r4, annex D.1)."""

from __future__ import annotations

import math

MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
MAX_ZOOM = 9
"""A step of a tile's grid is then 19 m; the boundaries depart by 50–80 m from finer ones."""
ORIGIN = 20037508.3427892
"""Half the width of the square, metres."""
SCALE_0 = 559082264.028717
"""Scale denominator of the matrix 0."""
TILE = 256
"""Pixels on a side."""


def tile_key(layer: str, zoom: int, row: int, column: int) -> str:
    """Name of a tile among a snapshot's resources."""
    return f"tiles/{layer}/{zoom}/{row}/{column}"


def matrices() -> list[dict[str, object]]:
    """The tile matrices, coarsest first (OGC 17-083r4, table 7)."""
    return [
        {
            "id": str(zoom),
            "scaleDenominator": SCALE_0 / 2**zoom,
            "cellSize": 2 * ORIGIN / TILE / 2**zoom,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-ORIGIN, ORIGIN],
            "tileWidth": TILE,
            "tileHeight": TILE,
            "matrixWidth": 2**zoom,
            "matrixHeight": 2**zoom,
        }
        for zoom in range(MAX_ZOOM + 1)
    ]


def limits(bbox: tuple[float, float, float, float]) -> list[dict[str, object]]:
    """Rows and columns that a box touches in each matrix (OGC 17-083r4, table 9).

    Parameters
    ----------
    bbox
        West, south, east, north, degrees, WGS 84.
    """
    west, south, east, north = bbox
    found = []
    for zoom in range(MAX_ZOOM + 1):
        (first_row, first_column), (last_row, last_column) = (
            _position(west, north, zoom),
            _position(east, south, zoom),
        )
        found.append(
            {
                "tileMatrix": str(zoom),
                "minTileRow": first_row,
                "maxTileRow": last_row,
                "minTileCol": first_column,
                "maxTileCol": last_column,
            }
        )
    return found


def _position(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Row and column of the tile a point lies in (EPSG:3857, spherical Mercator)."""
    count = 2**zoom
    column = int((longitude + 180) / 360 * count)
    northing = math.asinh(math.tan(math.radians(latitude)))
    row = int((1 - northing / math.pi) / 2 * count)
    return min(max(row, 0), count - 1), min(max(column, 0), count - 1)
