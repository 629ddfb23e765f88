"""What the OGC APIs answer, as typed models; each names the clause it implements."""

from __future__ import annotations

from typing import Any

import msgspec


class Link(msgspec.Struct, omit_defaults=True):
    """OGC 17-069r4, clause 5.2 (RFC 8288)."""

    href: str
    rel: str
    type: str = ""
    title: str = ""


class LandingPage(msgspec.Struct):
    """OGC 17-069r4, clause 7.2 (/req/core/root-success)."""

    title: str
    description: str
    links: list[Link]
    attribution: str = ""


class Conformance(msgspec.Struct, rename={"conforms_to": "conformsTo"}):
    """OGC 17-069r4, clause 7.4 (/req/core/conformance-success)."""

    conforms_to: tuple[str, ...]


class SpatialExtent(msgspec.Struct):
    """OGC 17-069r4, clause 7.13 (/req/core/fc-md-extent)."""

    bbox: list[tuple[float, float, float, float]]
    crs: str


class TemporalExtent(msgspec.Struct):
    """OGC 17-069r4, clause 7.13; an open end is null."""

    interval: list[tuple[str | None, str | None]]
    trs: str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


class Extent(msgspec.Struct, omit_defaults=True):
    """OGC 17-069r4, clause 7.13."""

    spatial: SpatialExtent | None = None
    temporal: TemporalExtent | None = None


class CollectionInfo(
    msgspec.Struct,
    omit_defaults=True,
    rename={"item_type": "itemType", "storage_crs": "storageCrs"},
):
    """OGC 17-069r4, clause 7.14, with the systems of OGC 18-058r1, clause 6.2."""

    id: str
    title: str
    description: str
    links: list[Link]
    item_type: str
    extent: Extent | None = None
    crs: tuple[str, ...] = ()
    storage_crs: str = ""


class Collections(msgspec.Struct, omit_defaults=True):
    """OGC 17-069r4, clause 7.13; the list of systems is OGC 18-058r1, clause 6.2.1."""

    links: list[Link]
    collections: list[CollectionInfo]
    crs: tuple[str, ...] = ()


class Queryables(
    msgspec.Struct,
    rename={
        "schema": "$schema",
        "identifier": "$id",
        "additional_properties": "additionalProperties",
    },
):
    """OGC 19-079r2, clause 6.2 (/req/queryables/queryables-response): a JSON Schema."""

    identifier: str
    title: str
    properties: dict[str, dict[str, Any]]
    schema: str = "https://json-schema.org/draft/2020-12/schema"
    type: str = "object"
    additional_properties: bool = False
