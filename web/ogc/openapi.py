"""The definition of the API (OpenAPI 3.0), built from the collections themselves."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, render_template

from layers.collections import Collection
from layers.tilematrix import MATRIX_SET, MAX_ZOOM
from web.ogc.crs import CRS84, systems
from web.ogc.items import field_schema
from web.ogc.negotiation import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked
from web.ogc.parameters import DEFAULT_LIMIT, LANGUAGES, MAX_COORDINATE, MAX_LIMIT
from web.ogc.service import DESCRIPTION, TITLE
from web.ogc.tiles import MVT

openapi_of = Blueprint("ogc_openapi", __name__, url_prefix="/ogc")

PLAIN = "-plain"
"""Ends the names of the parameters of collections without geometry, which have one system."""
PROBLEM = "application/problem+json"
VERSION = "1.0.0"


@openapi_of.get("/api")
def api() -> Response:
    """The definition, for programs or as a page (OGC 17-069r4, clause 7.3)."""
    asked = Asked(media=OPENAPI)
    made = document(asked.root, list(asked.published.records.collections.values()))
    if asked.html:
        return asked.page(render_template("ogc/api.html", document=made))
    return asked.answer(msgspec.json.encode(made))


def document(server: str, collections: list[Collection]) -> dict[str, Any]:
    """Build the definition.

    Parameters
    ----------
    server
        Address of the landing page.
    collections
        Each gets paths of its own, with its queryables as parameters.
    """
    names = [made.name for made in collections]
    located = [made.name for made in collections if made.located]
    paths: dict[str, Any] = {
        "/": _get("landing", "首页 Landing page", "LandingPage"),
        "/conformance": _get("conformance", "符合的标准 Conformance", "Conformance"),
        "/api": _get("api", "接口定义 This document", "Any", media=OPENAPI),
        "/collections": _get("collections", "数据集 Collections", "Collections"),
        "/collections/{collectionId}": _get(
            "collection", "一个数据集 A collection", "Collection", [_name(names)]
        ),
        "/collections/{collectionId}/queryables": _get(
            "queryables", "可查询的属性 Queryables", "Any", [_name(names)], SCHEMA
        ),
    }
    for made in collections:
        paths |= _items(made)
    paths |= _tiles(located)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "description": DESCRIPTION,
            "contact": {"name": "材图 Caitu", "url": server},
        },
        "servers": [{"url": server}],
        "tags": [{"name": made.name, "description": made.title} for made in collections],
        "paths": paths,
        "components": {
            "parameters": _parameters(),
            "schemas": _schemas(),
            "responses": {
                name: {"description": text, "content": {PROBLEM: {"schema": _ref("Problem")}}}
                for name, text in _ERRORS.items()
            },
        },
    }


_ERRORS = {
    "400": "参数有误，说明列出可用的值 A parameter or its value is not valid",
    "404": "没有这个资源 Not found",
    "406": "没有这种格式 No acceptable form",
    "500": "服务器内部错误 Server error",
}


def _get(
    operation: str,
    summary: str,
    schema: str,
    parameters: list[dict[str, Any]] | None = None,
    media: str = JSON,
    tag: str = "",
) -> dict[str, Any]:
    errors = {code: {"$ref": f"#/components/responses/{code}"} for code in _ERRORS}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            **({"tags": [tag]} if tag else {}),
            "parameters": [*(parameters or []), _shared("f")],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {
                        media: {"schema": _ref(schema)},
                        HTML: {"schema": {"type": "string"}},
                    },
                },
                **errors,
            },
        }
    }


def _items(made: Collection) -> dict[str, Any]:
    path = f"/collections/{made.name}/items"
    systems_of = "" if made.located else PLAIN
    shared = ["limit", "offset", "bbox", "datetime", "filter", "filter-lang"]
    shared += [f"{name}{systems_of}" for name in ("crs", "bbox-crs", "filter-crs")]
    names = [field.name for field in made.fields]
    sort = {"type": "string", "pattern": f"^[+-]?({'|'.join(names)})(,[+-]?({'|'.join(names)}))*$"}
    own = [
        {
            "name": "sortby",
            "in": "query",
            "description": "排序的字段，前加 - 为降序 Fields to sort by, descending after a minus",
            "schema": sort,
        },
        *(
            {
                "name": field.name,
                "in": "query",
                "description": f"{field.title} {field.title_en}",
                "schema": field_schema(field),
            }
            for field in made.fields
        ),
    ]
    item = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "要素编号，可加 @日期 Identifier, a day may follow after @",
        "schema": {"type": "string"},
    }
    key = made.name.replace("-", "_")
    many = _get(
        f"items_{key}",
        f"{made.title}的要素 Features",
        "FeatureCollection",
        [*map(_shared, shared), *own],
        GEOJSON,
        made.name,
    )
    one = _get(
        f"item_{key}",
        f"{made.title}的一个要素 A feature",
        "Feature",
        [item, _shared(f"crs{systems_of}")],
        GEOJSON,
        made.name,
    )
    return {path: many, f"{path}/{{featureId}}": one}


def _tiles(located: list[str]) -> dict[str, Any]:
    zoom = {"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}
    place = {"type": "integer", "minimum": 0, "maximum": 2**MAX_ZOOM - 1}
    matrix = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in (("tileMatrix", zoom), ("tileRow", place), ("tileCol", place))
    ]
    paths: dict[str, Any] = {
        "/tileMatrixSets": _get("tileMatrixSets", "瓦片方案 Tile matrix sets", "Any"),
        f"/tileMatrixSets/{MATRIX_SET}": _get("tileMatrixSet", "瓦片方案 Tile matrix set", "Any"),
    }
    for key, prefix, own in (
        ("dataset", "", []),
        ("collection", "/collections/{collectionId}", [_name(located)]),
    ):
        base = f"{prefix}/tiles"
        paths[base] = _get(f"{key}Tilesets", "瓦片集 Tilesets", "Any", own)
        paths[f"{base}/{MATRIX_SET}"] = _get(f"{key}Tileset", "瓦片集 Tileset", "Any", own)
        tile = _get(f"{key}Tile", "矢量瓦片 Vector tile", "Any", [*own, *matrix])
        tile["get"]["parameters"][-1] = {
            "name": "f",
            "in": "query",
            "schema": {"type": "string", "enum": ["mvt"]},
        }
        tile["get"]["responses"]["200"]["content"] = {
            MVT: {"schema": {"type": "string", "format": "binary"}}
        }
        tile["get"]["responses"]["204"] = {"description": "这里没有要素 No features here"}
        paths[f"{base}/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = tile
    return paths


def _name(names: list[str]) -> dict[str, Any]:
    return {
        "name": "collectionId",
        "in": "path",
        "required": True,
        "description": "数据集 Collection",
        "schema": {"type": "string", "enum": names},
    }


def _shared(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameters() -> dict[str, Any]:
    uri = {"type": "string", "format": "uri", "enum": list(systems()), "default": CRS84}
    number = {"type": "number", "minimum": -MAX_COORDINATE, "maximum": MAX_COORDINATE}
    entries: dict[str, tuple[str, dict[str, Any]]] = {
        "f": ("格式 Form of the answer", {"type": "string", "enum": ["json", "html"]}),
        "limit": (
            f"每页要素数，超过 {MAX_LIMIT} 按 {MAX_LIMIT} Features on a page",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": (
            "跳过的要素数 Features to skip",
            {"type": "integer", "minimum": 0, "default": 0},
        ),
        "bbox": (
            "西,南,东,北 West, south, east, north; in the order of bbox-crs if given",
            {"type": "array", "minItems": 4, "maxItems": 6, "items": number},
        ),
        "bbox-crs": ("bbox 的坐标系 System of bbox", uri),
        "datetime": (
            "日期或时段（RFC 3339）；不给时为今天 A date or an interval; today if absent",
            {"type": "string", "format": "rfc3339-interval"},
        ),
        "crs": ("输出坐标系 System of the answer", uri),
        "filter": ("CQL2 过滤条件 CQL2 filter", {"type": "string", "format": "cql2"}),
        "filter-lang": (
            "过滤条件的写法 Language of the filter",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": ("过滤条件中图形的坐标系 System of geometries in the filter", uri),
    }
    made: dict[str, Any] = {}
    for name, (text, schema) in entries.items():
        made[name] = {"name": name, "in": "query", "required": False, "description": text}
        made[name]["schema"] = schema
        if schema.get("type") == "array":
            made[name] |= {"style": "form", "explode": False}
    for name in ("limit", "bbox", "datetime"):
        made[name] |= {"style": "form", "explode": False}
    for name in ("crs", "bbox-crs", "filter-crs"):
        made[name + PLAIN] = made[name] | {"schema": uri | {"enum": [CRS84]}}
    return made


def _schemas() -> dict[str, Any]:
    text = {"type": "string"}
    links = {"type": "array", "items": _ref("Link")}
    feature = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": text,
        "properties": {"type": "object", "nullable": True},
        "geometry": {"type": "object", "nullable": True},
        "links": links,
    }

    def thing(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
        return {"type": "object", "required": required, "properties": properties}

    return {
        "Any": {"type": "object"},
        "Link": thing({"href": text, "rel": text, "type": text, "title": text}, ["href", "rel"]),
        "LandingPage": thing({"title": text, "description": text, "links": links}, ["links"]),
        "Conformance": thing({"conformsTo": {"type": "array", "items": text}}, ["conformsTo"]),
        "Collection": thing(
            {
                "id": text,
                "title": text,
                "description": text,
                "links": links,
                "extent": {"type": "object"},
                "itemType": text,
                "crs": {"type": "array", "items": text},
                "storageCrs": text,
            },
            ["id", "links"],
        ),
        "Collections": thing(
            {"links": links, "collections": {"type": "array", "items": _ref("Collection")}},
            ["links", "collections"],
        ),
        "Feature": thing(feature, ["type", "id", "properties", "geometry"]),
        "FeatureCollection": thing(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
                "links": links,
                "features": {"type": "array", "items": _ref("Feature")},
            },
            ["type", "features", "links"],
        ),
        "Problem": thing(
            {
                "type": text,
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "parameter": text,
                "value": {"type": "string", "nullable": True},
                "allowed": {"type": "array", "items": text},
            },
            ["title", "status"],
        ),
    }
