"""The abstract tests of OGC API – Features (17-069r4 annex A, 18-058r1 annex A), one each.

`ets_methods.csv` lists the methods of the official test suite (ets-ogcapi-features10 1.9) with
the test here that covers each; where the suite looks at one feature, these look at all.
"""

from __future__ import annotations

import csv
import http.client
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import shapely
from openapi_spec_validator import validate
from pyproj import CRS, Transformer

METHODS = Path(__file__).with_name("ets_methods.csv")
COLLECTIONS = (
    "assignments", "districts", "prefectures", "functional-areas", "parks", "towns", "zones",
    "plans", "targets",
)  # fmt: skip
LOCATED = COLLECTIONS[:7]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
BOXES = ("-1.5,50.0,1.5,53.0", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90",
         "-180,-90,180,-85", "-.5000000,.0000000,110.5000000,30.0000000")  # fmt: skip
URI = re.compile(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/[0-9]+)")


@pytest.fixture
def get(client):
    def answer(path, status=200, **headers):
        found = client.get(f"/ogc{path}", headers=headers)
        assert found.status_code == status, (path, found.text[:500])
        return found

    return answer


@lru_cache
def transformer(source, target):
    return Transformer.from_crs(CRS(source), CRS(target))


def links(document, rel):
    return [link for link in document["links"] if link["rel"] == rel]


def shapes(document):
    return [
        shapely.geometry.shape(feature["geometry"]) if feature["geometry"] else None
        for feature in document["features"]
    ]


def check_items(get, path, document):
    """What every answer of `items` must be (/req/core/fc-response and those it names)."""
    assert document["type"] == "FeatureCollection"
    assert document["numberReturned"] == len(document["features"])
    assert "timeStamp" not in document  # optional; an answer is dated by its snapshot
    assert [link["type"] for link in links(document, "self")] == ["application/geo+json"]
    assert [link["type"] for link in links(document, "alternate")] == ["text/html"]
    assert all(link["rel"] and link["type"] for link in document["links"])
    count, page = len(document["features"]), document
    while links(page, "next"):
        page = get(links(page, "next")[0]["href"].partition("/ogc")[2]).get_json()
        count += len(page["features"])
    skipped = int(
        dict(p.split("=") for p in path.partition("?")[2].split("&") if p).get("offset", 0)
    )
    assert document["numberMatched"] == count + skipped
    for shape in shapes(document):
        if shape is not None:
            west, south, east, north = shape.bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90


def test_http(server):
    where = urlsplit(server)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    connection.request("GET", "/ogc/")
    answer = connection.getresponse()
    assert (answer.version, answer.status) == (11, 200)
    connection.close()


def test_landing_page(get):
    page = get("/", Accept="application/json").get_json()
    assert links(page, "service-desc")
    assert links(page, "conformance")
    assert links(page, "data")


def test_api_definition(get):
    link = links(get("/").get_json(), "service-desc")[0]
    assert link["type"] == OPENAPI
    answer = get(link["href"].partition("/ogc")[2].partition("?")[0], Accept=OPENAPI)
    assert answer.content_type == OPENAPI
    validate(answer.get_json())


def test_conformance(get):
    assert "/conformance" in get("/api").get_json()["paths"]
    classes = get("/conformance").get_json()["conformsTo"]
    for name in ("core", "geojson", "html", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes


def test_collections(get):
    assert "/collections" in get("/api").get_json()["paths"]
    document = get("/collections").get_json()
    assert [link["type"] for link in links(document, "self")] == ["application/json"]
    assert [link["type"] for link in links(document, "alternate")] == ["text/html"]
    assert [info["id"] for info in document["collections"]] == list(COLLECTIONS)
    assert document["crs"][0] == CRS84
    for info in document["collections"]:
        assert "application/geo+json" in [link["type"] for link in links(info, "items")]
        if info["id"] in LOCATED:
            assert len(info["extent"]["spatial"]["bbox"][0]) == 4


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collection(get, name):
    listed = next(i for i in get("/collections").get_json()["collections"] if i["id"] == name)
    alone = get(f"/collections/{name}").get_json()
    for key in ("id", "title", "description", "extent", "itemType"):
        assert alone[key] == listed[key]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_items(get, name):
    path = f"/collections/{name}/items?limit=10"
    answer = get(path, Accept="application/geo+json")
    assert answer.mimetype == "application/geo+json"
    check_items(get, path, answer.get_json())


@pytest.mark.parametrize("name", COLLECTIONS)
def test_bbox(get, name):
    box = get(f"/collections/{name}").get_json()["extent"].get("spatial", {}).get("bbox", [()])[0]
    own = [",".join(f"{number:.7f}" for number in box)] if box else []
    for text in (*own, *BOXES):
        path = f"/collections/{name}/items?bbox={text}&limit=1000"
        document = get(path).get_json()
        check_items(get, path, document)
        west, south, east, north = map(float, text.split(","))
        spans = [(west, east)] if west <= east else [(west, 180), (-180, east)]
        area = shapely.union_all([shapely.box(a, south, b, north) for a, b in spans])
        met = {f["id"] for f, s in zip(document["features"], shapes(document), strict=True)}
        assert all(shape.intersects(area) for shape in shapes(document))
        whole = get(f"/collections/{name}/items?limit=1000").get_json()
        expected = {
            feature["id"]
            for feature, shape in zip(whole["features"], shapes(whole), strict=True)
            if shape is not None and shape.intersects(area)
        }
        assert met == expected


@pytest.mark.parametrize("name", ["bbox", "limit", "datetime"])
def test_parameter_definitions(get, name):
    document = get("/api").get_json()
    shared = document["components"]["parameters"]
    expected = {
        "bbox": {"type": "array", "minItems": 4, "maxItems": 6},
        "limit": {"type": "integer", "minimum": 1, "maximum": 10000},
        "datetime": {"type": "string"},
    }[name]
    for collection in COLLECTIONS:
        operation = document["paths"][f"/collections/{collection}/items"]["get"]
        found = [
            shared[p["$ref"].rpartition("/")[2]] for p in operation["parameters"] if "$ref" in p
        ]
        parameter = next(p for p in found if p["name"] == name)
        assert parameter["in"] == "query"
        assert not parameter.get("required", False)
        assert parameter["style"] == "form"
        assert not parameter.get("explode", False)
        assert parameter["schema"].items() >= expected.items()
        if name == "bbox":
            assert parameter["schema"]["items"]["type"] == "number"


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_limit(get, name, limit):
    path = f"/collections/{name}/items?limit={limit}"
    document = get(path).get_json()
    assert len(document["features"]) == min(limit, document["numberMatched"])
    if limit > 1:
        check_items(get, path, document)


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize(
    "period", ["2022-12-15", "2019-03-01T12:00:00Z", "2018-01-01/2020-12-31", "../2018-01-01"]
)
def test_datetime(get, name, period):
    path = f"/collections/{name}/items?datetime={period}&limit=1000"
    document = get(path).get_json()
    check_items(get, path, document)
    start, _, end = period.partition("/")
    first = None if start == ".." else date.fromisoformat(start[:10])
    last = date.fromisoformat((end or start)[:10])
    for feature in document["features"]:
        properties = feature["properties"]
        if name in LOCATED[1:]:
            since, until = properties["valid_from"], properties["valid_to"]
            assert since is None or date.fromisoformat(since) <= last
            assert until is None or first is None or first < date.fromisoformat(until)
    if name == "districts" and period == "2022-12-15":
        chongqing = [f for f in document["features"] if f["properties"]["province"] == "重庆市"]
        assert len(chongqing) == 38


@pytest.mark.parametrize("name", COLLECTIONS)
def test_errors(get, name):
    for query in ("limit=unlimited", "unknownQueryParameter12345=1"):
        get(f"/collections/{name}/items?{query}", status=400)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_feature(get, name):
    for listed in get(f"/collections/{name}/items?limit=25").get_json()["features"]:
        path = f"/collections/{name}/items/{listed['id']}"
        feature = get(path, Accept="application/geo+json").get_json()
        assert [link["type"] for link in links(feature, "self")] == ["application/geo+json"]
        assert [link["type"] for link in links(feature, "alternate")] == ["text/html"]
        assert [link["type"] for link in links(feature, "collection")] == ["application/json"]
        assert feature | {"links": []} == listed | {"links": []}


def test_crs_discovery(get):
    document = get("/collections").get_json()
    assert all(URI.fullmatch(uri) for uri in document["crs"])
    for info in document["collections"]:
        alone = get(f"/collections/{info['id']}").get_json()
        listed = document["crs"] if info["crs"] == ["#/crs"] else info["crs"]
        assert alone["crs"] == listed
        assert CRS84 in listed
        assert all(URI.fullmatch(uri) for uri in alone["crs"])
        if info["id"] in LOCATED:
            assert info["storageCrs"] == alone["storageCrs"]
            assert alone["storageCrs"] in alone["crs"]


@pytest.mark.parametrize("name", LOCATED)
def test_crs(get, name):
    """Header, default and coordinates in every system, compared with pyproj's."""
    path = f"/collections/{name}/items"
    plain = get(f"{path}?limit=10")
    assert plain.headers["Content-Crs"] == f"<{CRS84}>"
    first = plain.get_json()["features"][0]["id"]
    assert get(f"{path}/{first}").headers["Content-Crs"] == f"<{CRS84}>"
    for uri in get(f"/collections/{name}").get_json()["crs"]:
        moved = get(f"{path}?limit=10&crs={uri}")
        one = get(f"{path}/{first}?crs={uri}")
        assert moved.headers["Content-Crs"] == one.headers["Content-Crs"] == f"<{uri}>"
        assert one.get_json()["geometry"] == moved.get_json()["features"][0]["geometry"]
        code = "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"
        back = transformer(code, "OGC:CRS84")
        pairs = zip(shapes(plain.get_json()), shapes(moved.get_json()), strict=True)
        for shape, other in pairs:
            if shape is None:
                assert other is None
                continue
            returned = shapely.transform(
                other, lambda *xy, t=back: t.transform(*xy), interleaved=False
            )
            assert shapely.equals_exact(shape, returned, tolerance=1e-6)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_crs_invalid(get, name):
    path = f"/collections/{name}/items"
    first = get(f"{path}?limit=1").get_json()["features"][0]["id"]
    get(f"{path}?crs={UNSUPPORTED}", status=400)
    get(f"{path}/{first}?crs={UNSUPPORTED}", status=400)
    get(f"{path}?bbox=5,49,6,50&bbox-crs={UNSUPPORTED}", status=400)


@pytest.mark.parametrize("name", LOCATED)
def test_bbox_crs(get, name):
    """A box around one feature finds it in every system; the default system is CRS84."""
    feature = get(f"/collections/{name}/items?limit=1").get_json()["features"][0]
    shape = shapely.geometry.shape(feature["geometry"]).buffer(0.001)  # points have no size
    path = f"/collections/{name}/items?limit=1000&bbox="
    text = ",".join(map(repr, shape.bounds))
    plain = {f["id"] for f in get(path + text).get_json()["features"]}
    same = get(f"{path}{text}&bbox-crs={CRS84}").get_json()["features"]
    assert {f["id"] for f in same} == plain
    for uri in get(f"/collections/{name}").get_json()["crs"][1:]:
        forward = transformer("OGC:CRS84", f"EPSG:{uri.rpartition('/')[2]}")
        box = shapely.transform(
            shape, lambda *xy, t=forward: t.transform(*xy), interleaved=False
        ).bounds
        found = {
            f["id"]
            for f in get(f"{path}{','.join(map(repr, box))}&bbox-crs={uri}").get_json()["features"]
        }
        assert feature["id"] in found
        # The boxes differ by the bend of their sides only: never by most of what they meet.
        assert len(plain & found) > 0.7 * len(plain)


def test_every_method_of_the_suite_is_covered():
    with METHODS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["class"], row["method"]) for row in rows}) == len(rows) == 80
    for row in rows:
        assert callable(globals()[row["test"]]), row
