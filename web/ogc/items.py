"""Features of a collection: `items`, one item, and what may be queried."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template

from errors import Message, NotFound
from geo.feature_table import Field
from layers.collections import Collection
from layers.features import FeatureSet
from web.ogc.crs import system, uri_of
from web.ogc.models import Link, Queryables
from web.ogc.negotiation import GEOJSON, JSON, SCHEMA, Asked
from web.ogc.parameters import OWN, VOCABULARIES, read_items_query

items_of = Blueprint("ogc_items", __name__, url_prefix="/ogc/collections/<name>")


@items_of.get("/items")
def items(name: str) -> Response:
    """A page of the features that match (/req/core/fc-op)."""
    asked = Asked(OWN, GEOJSON, queryables_of=name)
    features = asked.published.features(name)
    query = read_items_query(features, asked)
    path = f"/collections/{name}/items"
    total = len(query.numbers)
    links = [
        *asked.own_links(path),
        Link(f"{asked.root}/collections/{name}", "collection", JSON),
        *asked.page_links(path, query.offset, query.limit, total),
    ]
    if asked.html:
        records = [features.records[number] for number in query.page]
        return asked.page(
            render_template(
                "ogc/items.html",
                collection=features.collection,
                records=records,
                query=query,
                links=links,
            )
        )
    body = b'{"type":"FeatureCollection","numberMatched":%d,"numberReturned":%d,"links":%b,' % (
        total,
        len(query.page),
        msgspec.json.encode(links),
    )
    pieces = [body, b'"features":[', *features.features(query.page, query.crs), b"]}"]
    return asked.answer(b"".join(pieces), crs=uri_of(query.crs))


@items_of.get("/items/<item_id>")
def item(name: str, item_id: str) -> Response:
    """One feature (/req/core/f-op); ``id@2019-01-01`` is the feature as it was on that day."""
    asked = Asked(("f", "crs"), GEOJSON)
    features = asked.published.features(name)
    number = _number(features, item_id)
    crs = system("crs", asked.args.get("crs"), features.collection)
    links = [
        *asked.own_links(f"/collections/{name}/items/{item_id}"),
        Link(f"{asked.root}/collections/{name}", "collection", JSON),
    ]
    if asked.html:
        record = features.records[number]
        return asked.page(
            render_template("ogc/item.html", collection=features.collection, record=record)
        )
    body = features.feature(number, crs) + b',"links":%b}' % msgspec.json.encode(links)
    return asked.answer(body, crs=uri_of(crs))


def _number(features: FeatureSet, item_id: str) -> int:
    """Position of a feature by id, or by id and day."""
    found = features.numbers.get(item_id)
    if found is not None:
        return found
    plain, _, text = item_id.partition("@")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    versions = [
        number
        for key, number in features.numbers.items()
        if day and key.partition("@")[0] == plain and features.records[number].holds(day, day)
    ]
    if not versions:
        raise NotFound(
            Message(
                "数据集 %(name)s 中没有编号为“%(id)s”的要素。",
                name=features.collection.name,
                id=item_id,
            )
        )
    return versions[0]


@items_of.get("/queryables")
def queryables(name: str) -> Response:
    """Properties that filters may name, as a JSON Schema (OGC 19-079r2, clause 6)."""
    asked = Asked(media=SCHEMA)
    collection = asked.published.records.collection(name)
    schema = Queryables(
        identifier=f"{asked.root}/collections/{name}/queryables",
        title=f"{collection.title} {collection.title_en}",
        properties=queryable_properties(collection),
    )
    if asked.html:
        return asked.page(
            render_template("ogc/queryables.html", collection=collection, schema=schema)
        )
    return asked.model(schema)


def queryable_properties(collection: Collection) -> dict[str, dict[str, Any]]:
    """JSON Schema of each queryable."""
    found = {field.name: field_schema(field) for field in collection.fields}
    if collection.located:
        found["geometry"] = {
            "title": "图形 geometry",
            "format": "geometry-any",
            "x-ogc-role": "primary-geometry",
        }
    return found


def field_schema(field: Field) -> dict[str, Any]:
    """JSON Schema of a field's values."""
    schema: dict[str, Any] = {"title": f"{field.title} {field.title_en}"}
    schema |= {"type": "string", "format": "date"} if field.type == "date" else {"type": field.type}
    if field.note:
        schema["description"] = field.note
    if field.name in VOCABULARIES:
        schema["enum"] = list(VOCABULARIES[field.name])
    return schema
