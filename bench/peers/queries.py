"""What the API benchmark asks, and what each answer must hold according to shapely."""

from __future__ import annotations

import json
import math
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import shapely

SEED = 9
ROLES = {"code": ("code", "place_id", "id"), "name": ("name", "place_name"),
         "parent": ("parent_code", "parent")}  # fmt: skip
"""What our API may call the properties that the attribute queries ask for."""
ZOOM, BUFFER = 8, 1 / 16
"""Of the tiles; the buffer is PostGIS's usual 256 of 4,096 units."""
LAYER = "/ogc/collections/districts"


@dataclass(frozen=True)
class Query:
    """One request and what its answer must hold.

    Attributes
    ----------
    parameters
        Of the query; for a tile, `z`, `x` and `y`.
    least, most
        How many features the answer may have.
    ids
        Exactly these features, where known.
    matched
        `numberMatched`, where the answer has one.
    """

    parameters: dict[str, str]
    least: int
    most: int
    ids: frozenset[str] | None = None
    matched: int | None = None

    def fault(self, status: int, body: bytes) -> str:
        """What is wrong with an answer; empty when it is right."""
        if status != 200:
            return f"{status} {' '.join(body[:80].decode('utf-8', 'replace').split())}"
        if "z" in self.parameters:
            count = tile_features(body)
        else:
            answer = json.loads(body)
            found = [str(feature["id"]) for feature in answer["features"]]
            count = len(found)
            if self.ids is not None and set(found) != self.ids:
                return f"{len(set(found) ^ self.ids)} features too many or too few"
            if self.matched is not None and answer.get("numberMatched", self.matched) != (
                self.matched
            ):
                return f"numberMatched {answer['numberMatched']} for {self.matched}"
        return "" if self.least <= count <= self.most else f"{count} features, not {self.least}"


@dataclass
class Workload:
    """Distinct queries of one kind, and what each server reached.

    Attributes
    ----------
    forms
        Address of a query, by server.
    rates
        Requests per second of each round, by server and number of connections.
    faults
        What was wrong first, by server.
    lender
        Whose bytes the bare limit answers: the first server that answered all rightly.
    """

    name: str
    queries: list[Query]
    forms: dict[str, Callable[[Query], str]]
    rates: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    lender: str = ""

    def paths(self, server: str) -> list[str]:
        """Addresses at a server, in the order of the queries."""
        return [self.forms[server](query) for query in self.queries]

    def median(self, server: str, connections: int) -> float | None:
        """Median of the rounds, where there are any and every answer was right."""
        rates = self.rates.get((server, connections))
        return statistics.median(rates) if rates and server not in self.faults else None

    def ratio(self, connections: int) -> float | None:
        """Median of the rounds' ratios of ours to the limit."""
        if None in (self.median("ours", connections), self.median("limit", connections)):
            return None
        ours, limit = (self.rates[name, connections] for name in ("ours", "limit"))
        return statistics.median(a / b for a, b in zip(ours, limit, strict=True))


def tile_features(tile: bytes) -> int:
    """Count the features of a vector tile's largest layer."""

    def fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
        at = 0

        def varint() -> int:
            nonlocal at
            value = shift = 0
            while True:
                byte = message[at]
                at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
                if byte < 128:
                    return value

        while at < len(message):
            key = varint()
            size = {1: 8, 5: 4}.get(key & 7, 0)
            if key & 7 == 0:
                varint()
            elif key & 7 == 2:
                size = varint()
            yield key >> 3, message[at : at + size]
            at += size

    layers = [layer for number, layer in fields(memoryview(tile)) if number == 3]
    return max((sum(n == 2 for n, _ in fields(layer)) for layer in layers), default=0)


def items_at(path: str, language: str) -> Callable[[Query], str]:
    """Address of a query for features, with the server's name of CQL text."""

    def address(query: Query) -> str:
        values = dict(query.parameters)
        if "filter" in values:
            values["filter-lang"] = language
        return f"{path}?{urlencode(values, quote_via=quote, safe=',')}"

    return address


ITEM_FORMS = {
    "ours": items_at(f"{LAYER}/items", "cql2-text"),
    "pygeoapi": items_at("/collections/districts/items", "cql-text"),
    "tipg": items_at("/collections/public.districts/items", "cql2-text"),
}
TILE_FORMS: dict[str, Callable[[Query], str]] = {
    "ours": lambda q: LAYER + "/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt".format(**q.parameters),
    "tipg": lambda q: "/collections/public.districts/tiles/WebMercatorQuad/{z}/{x}/{y}".format(
        **q.parameters
    ),
    "limit": lambda q: "{z} {x} {y}".format(**q.parameters),
}


def workloads(features: list[dict[str, Any]]) -> list[Workload]:
    """The queries, from a fixed seed, with what they must find according to shapely."""
    random_ = random.Random(SEED)
    ids = [str(feature["id"]) for feature in features]
    total = len(ids)
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    tree = shapely.STRtree(shapes)

    def inside(box: shapely.Polygon) -> frozenset[str]:
        return frozenset(ids[n] for n in tree.query(box, predicate="intersects"))

    def found(parameters: dict[str, str], chosen: frozenset[str]) -> Query:
        size = len(chosen)
        return Query({"limit": "100", **parameters}, size, size, chosen, size)

    pages = [
        Query(
            {"limit": "10", "offset": str(n)}, min(10, total - n), min(10, total - n), None, total
        )
        for n in random_.sample(range(300), 300)
    ]
    whole = [Query({"limit": "1000"}, total, total, frozenset(ids), total)]
    boxes: dict[str, Query] = {}
    while len(boxes) < 1000:
        like, near = random_.choice(shapes).bounds, random_.choice(shapes).bounds
        x, y = random_.uniform(near[0], near[2]), random_.uniform(near[1], near[3])
        half = ((like[2] - like[0]) / 2, (like[3] - like[1]) / 2)
        box = [round(v, 4) for v in (x - half[0], y - half[1], x + half[0], y + half[1])]
        text = ",".join(map(str, box))
        boxes[text] = found({"bbox": text}, inside(shapely.box(*box)))
    attributes = []
    for pairs in attribute_queries(features, random_):
        chosen = frozenset(
            ids[n]
            for n, feature in enumerate(features)
            if all(str(feature["properties"][name]) == value for name, value in pairs)
        )
        attributes.append((pairs, chosen))
    spoken = [(" AND ".join(f"{name}='{value}'" for name, value in p), c) for p, c in attributes]
    return [
        Workload("10 items", pages, ITEM_FORMS),
        Workload("whole layer", whole, ITEM_FORMS),
        Workload("box", list(boxes.values()), ITEM_FORMS),
        Workload("attribute, parameters", [found(dict(p), c) for p, c in attributes], ITEM_FORMS),
        Workload("attribute, CQL2", [found({"filter": t}, c) for t, c in spoken], ITEM_FORMS),
        Workload(f"tile z{ZOOM}", tiles(shapely.union_all(shapes).bounds, inside), TILE_FORMS),
    ]


def attribute_queries(
    features: list[dict[str, Any]], random_: random.Random
) -> list[tuple[tuple[str, str], ...]]:
    """A thousand distinct ones: by code, by name, by parent, and by name or code and parent."""
    has = features[0]["properties"]
    names = {role: next((n for n in known if n in has), "") for role, known in ROLES.items()}
    if not all(names.values()):
        raise SystemExit(f"the features' properties {list(has)} name none of {ROLES}")
    pool: dict[tuple[tuple[str, str], ...], None] = {}
    for feature in features:
        code, name, parent = (
            (names[role], str(feature["properties"][names[role]])) for role in ROLES
        )
        if feature["properties"][names["parent"]] is not None:
            pool |= dict.fromkeys([(parent,), (name, parent), (code, parent)])
        pool |= dict.fromkeys([(code,), (name,)])
    return random_.sample(list(pool), 1000)


def tiles(
    bounds: tuple[float, float, float, float], inside: Callable[[shapely.Polygon], frozenset[str]]
) -> list[Query]:
    """The tiles with features; an answer may add what lies in the buffer around the tile."""
    side = 2**ZOOM

    def degrees(x: float, y: float) -> tuple[float, float]:
        return x / side * 360 - 180, math.degrees(
            math.atan(math.sinh(math.pi * (1 - 2 * y / side)))
        )

    def number(lon: float, lat: float) -> tuple[int, int]:
        down = 1 - math.asinh(math.tan(math.radians(lat))) / math.pi
        return int((lon + 180) / 360 * side), int(down / 2 * side)

    def around(x: int, y: int, margin: float) -> int:
        corners = degrees(x - margin, y + 1 + margin), degrees(x + 1 + margin, y - margin)
        return len(inside(shapely.box(*corners[0], *corners[1])))

    (west, south), (east, north) = number(*bounds[:2]), number(*bounds[2:])
    found = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            least, most = around(x, y, -0.01), around(x, y, BUFFER + 0.001)
            if least:
                place = {"z": str(ZOOM), "x": str(x), "y": str(y)}
                found.append(Query(place, least, most))
    return random.Random(SEED).sample(found, len(found))
