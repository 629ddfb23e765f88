"""Vector tiles of the located collections, cut once at publish (GDAL's MVT writer)."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

from layers.collections import Collection
from layers.records import Record, collection_records
from layers.snapshot import Snapshot
from layers.tilematrix import MAX_ZOOM, tile_key

OPTIONS: Mapping[str, Any] = {
    "FORMAT": "DIRECTORY",
    "MINZOOM": 0,
    "MAXZOOM": MAX_ZOOM,
    "COMPRESS": "NO",
    "EXTENT": 4096,
    "BUFFER": 80,
    "MAX_SIZE": 10_000_000,
    "MAX_FEATURES": 1_000_000,
}
"""The limits on size keep GDAL from dropping features: no tile of ours comes near them."""


def vector_tiles(snapshot: Snapshot) -> dict[str, bytes]:
    """Cut the tiles of what holds under the newest boundaries.

    Returns
    -------
    dict
        `layers.tilematrix.tile_key` → Mapbox Vector Tile 2.1 of one layer, named like its
        collection; compressed with gzip. Tiles without features are left out.
    """
    day = snapshot.epochs[-1]
    tiles: dict[str, bytes] = {}
    for collection in snapshot.collections:
        if collection.located:
            records = [
                record
                for record in collection_records(snapshot, collection)
                if record.holds(day, day) and record.place and record.place.geometry != "null"
            ]
            tiles |= _cut(collection, records)
    return tiles


def _cut(collection: Collection, records: Sequence[Record]) -> dict[str, bytes]:
    if not records:
        return {}
    names = ["id", *collection.tile_fields]
    rows = [{**record.values, "id": record.id} for record in records]
    columns = {name: [_plain(row[name]) for row in rows] for name in names}
    geometry = shapely.from_geojson([record.place.geometry for record in records if record.place])
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")
    with tempfile.TemporaryDirectory() as workspace:
        folder = Path(workspace) / "tiles"
        pyogrio.write_dataframe(
            frame, folder, driver="MVT", layer=collection.name, dataset_options=dict(OPTIONS)
        )
        return {
            tile_key(collection.name, *_position(path)): gzip.compress(path.read_bytes(), mtime=0)
            for path in sorted(folder.rglob("*.pbf"))
        }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _position(path: Path) -> tuple[int, int, int]:
    """Zoom, row and column of a tile that GDAL wrote to zoom/column/row."""
    return int(path.parts[-3]), int(path.stem), int(path.parts[-2])
