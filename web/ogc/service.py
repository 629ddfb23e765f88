"""Landing page, conformance and collections of the OGC APIs."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from layers.collections import Collection
from layers.credits import CREDITS
from web.ogc.crs import CRS84, STORAGE, systems
from web.ogc.models import (
    CollectionInfo,
    Collections,
    Conformance,
    Extent,
    LandingPage,
    Link,
    SpatialExtent,
    TemporalExtent,
)
from web.ogc.negotiation import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked
from web.responses import Published

ogc = Blueprint("ogc", __name__, url_prefix="/ogc")

TITLE = "材图 OGC API"
DESCRIPTION = (
    "规划把哪种材料产业放在哪里：布局任务、区县、园区、规划与指标，供 QGIS、GDAL 按地址打开。"
    "不带 datetime 时给出今天的行政区划。"
    " Which material industry do the plans put where; without datetime, places as of today."
)

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
FILTERING = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"

CONFORMANCE = (
    f"{FEATURES}/core",
    f"{FEATURES}/oas30",
    f"{FEATURES}/html",
    f"{FEATURES}/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    f"{FILTERING}/queryables",
    f"{FILTERING}/queryables-query-parameters",
    f"{FILTERING}/filter",
    f"{FILTERING}/features-filter",
    f"{CQL2}/cql2-text",
    f"{CQL2}/cql2-json",
    f"{CQL2}/basic-cql2",
    f"{CQL2}/advanced-comparison-operators",
    f"{CQL2}/case-insensitive-comparison",
    f"{CQL2}/accent-insensitive-comparison",
    f"{CQL2}/basic-spatial-functions",
    f"{CQL2}/basic-spatial-functions-plus",
    f"{CQL2}/spatial-functions",
    f"{CQL2}/property-property",
    f"{TILES}/core",
    f"{TILES}/tileset",
    f"{TILES}/tilesets-list",
    f"{TILES}/dataset-tilesets",
    f"{TILES}/geodata-tilesets",
    f"{TILES}/mvt",
)
"""Conformance classes; `tests/web/ogc/` tests them, `tests/layers/test_cql2.py` those of CQL2."""


@ogc.get("/", strict_slashes=False)
def landing() -> Response:
    """Where to begin (/req/core/root-op)."""
    asked = Asked()
    page = LandingPage(
        title=TITLE,
        description=DESCRIPTION,
        attribution="；".join(CREDITS),
        links=[
            *asked.own_links("/", "本页 This document"),
            Link(f"{asked.root}/api", "service-desc", OPENAPI, "接口定义 API definition"),
            Link(f"{asked.root}/api?f=html", "service-doc", HTML, "接口说明 API documentation"),
            Link(f"{asked.root}/conformance", "conformance", JSON, "符合的标准 Conformance"),
            Link(f"{asked.root}/collections", "data", JSON, "数据集 Collections"),
            Link(
                f"{asked.root}/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                JSON,
                "矢量瓦片 Vector tiles",
            ),
            Link(
                f"{asked.root}/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                JSON,
                "瓦片方案 Tiling schemes",
            ),
        ],
    )
    if asked.html:
        return asked.page(render_template("ogc/landing.html", page=page))
    return asked.model(page)


@ogc.get("/conformance")
def conformance() -> Response:
    """What a client may rely on (/req/core/conformance-op)."""
    asked = Asked()
    if asked.html:
        return asked.page(render_template("ogc/conformance.html", classes=CONFORMANCE))
    return asked.model(Conformance(CONFORMANCE))


@ogc.get("/collections")
def collections() -> Response:
    """All collections (/req/core/fc-md-op)."""
    asked = Asked()
    infos = [_described(asked, made) for made in asked.published.records.collections.values()]
    if asked.html:
        return asked.page(render_template("ogc/collections.html", infos=infos))
    links = asked.own_links("/collections", "数据集 Collections")
    return asked.model(Collections(links, infos, tuple(systems())))


@ogc.get("/collections/<name>")
def collection(name: str) -> Response:
    """One collection (/req/core/sfc-md-op)."""
    asked = Asked()
    made = asked.published.records.collection(name)
    info = _described(asked, made, alone=True)
    if asked.html:
        return asked.page(render_template("ogc/collection.html", info=info, collection=made))
    return asked.model(info)


def _described(asked: Asked, made: Collection, *, alone: bool = False) -> CollectionInfo:
    """A collection's description; `alone` adds the links and systems a list states once."""
    path = f"{asked.root}/collections/{made.name}"
    title = f"{made.title} {made.title_en}"
    if alone:
        links = asked.own_links(f"/collections/{made.name}", title)
    else:
        links = [Link(path, "self", JSON, title)]
    links += [
        Link(f"{path}/items", "items", GEOJSON, title),
        Link(f"{path}/items?f=html", "items", HTML, title),
        Link(
            f"{path}/queryables",
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            SCHEMA,
            "可查询的属性 Queryables",
        ),
    ]
    if made.located:
        links.append(
            Link(
                f"{path}/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                JSON,
                "矢量瓦片 Vector tiles",
            )
        )
    return CollectionInfo(
        id=made.name,
        title=title,
        description=f"{made.note} {made.note_en}",
        links=links,
        item_type="feature",
        extent=_extent(asked.published, made),
        crs=_systems(made, alone=alone),
        storage_crs=STORAGE if made.located else "",
    )


def _systems(made: Collection, *, alone: bool) -> tuple[str, ...]:
    """Systems a collection is given in; what has no geometry has the default alone."""
    if not made.located:
        return (CRS84,)
    return tuple(systems()) if alone else ("#/crs",)


def _extent(now: Published, made: Collection) -> Extent:
    features = now.features(made.name)
    earliest = now.snapshot.epochs[0].isoformat()
    spatial = SpatialExtent([features.extent], CRS84) if features.extent else None
    temporal = TemporalExtent([(f"{earliest}T00:00:00Z", None)]) if made.located else None
    return Extent(spatial, temporal)
