"""OGC API – Tiles: Mapbox vector tiles of the collections, cut at publish (OGC 20-057)."""

from __future__ import annotations

import gzip
import json
from typing import Any

from flask import Blueprint, Response, render_template

from errors import NotFound
from layers.collections import Collection
from layers.credits import CREDITS
from layers.tilematrix import (
    CRS_URI,
    MATRIX_SET,
    MATRIX_SET_URI,
    MAX_ZOOM,
    limits,
    matrices,
    tile_key,
)
from web.ogc.crs import CRS84
from web.ogc.items import field_schema
from web.ogc.negotiation import JSON, Asked
from web.responses import Published, accepts_gzip

tiles_of = Blueprint("ogc_tiles", __name__, url_prefix="/ogc")

MVT = "application/vnd.mapbox-vector-tile"
TILING = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"


@tiles_of.get("/tileMatrixSets")
def matrix_sets() -> Response:
    """The tile matrix sets in use (OGC 20-057, clause 9)."""
    asked = Asked()
    path = f"{asked.root}/tileMatrixSets/{MATRIX_SET}"
    entry = {"id": MATRIX_SET, "title": MATRIX_SET, "uri": MATRIX_SET_URI, "crs": CRS_URI}
    entry["links"] = [{"rel": "self", "href": path, "type": JSON}]  # type: ignore[assignment]
    return _document(
        asked, {"tileMatrixSets": [entry]}, "瓦片方案 Tile matrix sets", "/tileMatrixSets"
    )


@tiles_of.get(f"/tileMatrixSets/{MATRIX_SET}")
def matrix_set() -> Response:
    """The definition of WebMercatorQuad (OGC 17-083r4, clause 6.2)."""
    made = {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": MATRIX_SET_URI,
        "crs": CRS_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices(),
    }
    return _document(Asked(), made, MATRIX_SET, f"/tileMatrixSets/{MATRIX_SET}")


@tiles_of.get("/tiles")
@tiles_of.get("/collections/<name>/tiles")
def tilesets(name: str = "") -> Response:
    """The tilesets of everything, or of one collection (OGC 20-057, clause 8)."""
    asked = Asked()
    entry = _tileset(asked, name)
    for key in ("layers", "tileMatrixSetLimits", "boundingBox"):
        entry.pop(key)
    return _document(asked, {"tilesets": [entry]}, "瓦片集 Tilesets", _path(name))


@tiles_of.get(f"/tiles/{MATRIX_SET}")
@tiles_of.get(f"/collections/<name>/tiles/{MATRIX_SET}")
def tileset(name: str = "") -> Response:
    """What a tileset holds (OGC 17-083r4, clause 6.4)."""
    asked = Asked()
    made = _tileset(asked, name)
    return _document(asked, made, made["title"], f"{_path(name)}/{MATRIX_SET}")


@tiles_of.get(f"/tiles/{MATRIX_SET}/<int:zoom>/<int:row>/<int:column>")
@tiles_of.get(f"/collections/<name>/tiles/{MATRIX_SET}/<int:zoom>/<int:row>/<int:column>")
def tile(zoom: int, row: int, column: int, name: str = "") -> Response:
    """One tile (OGC 20-057, clause 7.1); 204 where there is nothing in it."""
    asked = Asked(media=MVT, forms=("mvt",))
    if zoom > MAX_ZOOM or row >= 2**zoom or column >= 2**zoom:
        raise NotFound(f"瓦片 {zoom}/{row}/{column} 不在 0–{MAX_ZOOM} 级的范围内。")
    resources = asked.published.snapshot.resources
    keys = [tile_key(made.name, zoom, row, column) for made in _collections(asked.published, name)]
    found = [resources[key] for key in keys if key in resources]
    if not found:
        return asked.nothing()
    if len(found) == 1 and accepts_gzip(asked.environ):
        return asked.answer(found[0], encoding="gzip")
    return asked.answer(b"".join(map(gzip.decompress, found)))


def _collections(now: Published, name: str) -> list[Collection]:
    """The located collection of a name, or all of them.

    Raises
    ------
    NotFound
        There is none, or it has no geometry.
    """
    records = now.records
    if not name:
        return [made for made in records.collections.values() if made.located]
    if not records.collection(name).located:
        raise NotFound(f"数据集 {name} 没有图形，也就没有瓦片。")
    return [records.collection(name)]


def _path(name: str) -> str:
    return f"/collections/{name}/tiles" if name else "/tiles"


def _tileset(asked: Asked, name: str) -> dict[str, Any]:
    listed = _collections(asked.published, name)
    boxes = [box for made in listed if (box := asked.published.features(made.name).extent)]
    west, south, east, north = zip(*boxes, strict=True)
    box = (min(west), min(south), max(east), max(north))
    path = f"{asked.root}{_path(name)}/{MATRIX_SET}"
    return {
        "title": listed[0].title if name else "材图 Caitu",
        "dataType": "vector",
        "crs": CRS_URI,
        "tileMatrixSetURI": MATRIX_SET_URI,
        "attribution": "；".join(CREDITS),
        "links": [
            {"rel": "self", "href": path, "type": JSON},
            {"rel": TILING, "href": f"{asked.root}/tileMatrixSets/{MATRIX_SET}", "type": JSON},
            {
                "rel": "item",
                "href": f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
                "type": MVT,
                "templated": True,
            },
        ],
        "boundingBox": {"lowerLeft": box[:2], "upperRight": box[2:], "crs": CRS84},
        "tileMatrixSetLimits": limits(box),
        "layers": [
            {
                "id": made.name,
                "title": f"{made.title} {made.title_en}",
                "dataType": "vector",
                "minTileMatrix": "0",
                "maxTileMatrix": str(MAX_ZOOM),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        field.name: field_schema(field)
                        for field in made.fields
                        if field.name in made.tile_fields
                    },
                },
            }
            for made in listed
        ],
    }


def _document(asked: Asked, made: dict[str, Any], title: str, path: str) -> Response:
    if asked.html:
        text = json.dumps(made, ensure_ascii=False, indent=2)
        return asked.page(render_template("ogc/document.html", title=title, text=text))
    own = [{"rel": x.rel, "href": x.href, "type": x.type} for x in asked.own_links(path)]
    others = [link for link in made.get("links", ()) if link["rel"] != "self"]
    return asked.answer(json.dumps(made | {"links": [*own, *others]}).encode())
