from __future__ import annotations

import gzip

import pytest

from web.ogc.service import CONFORMANCE

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PATHS = (
    "/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/districts",
    "/ogc/collections/districts/queryables", "/ogc/collections/districts/items",
    "/ogc/collections/districts/items/500116", "/ogc/api", "/ogc/tiles", "/ogc/tileMatrixSets",
    "/ogc/tiles/WebMercatorQuad", "/ogc/collections/parks/tiles",
)  # fmt: skip


def rels(document):
    return {link["rel"] for link in document["links"]}


@pytest.mark.parametrize("path", ["/ogc", "/ogc/"])
def test_the_landing_page_leads_everywhere(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert page.mimetype == "application/json"
    assert rels(page.get_json()) >= {
        "self", "alternate", "service-desc", "service-doc", "conformance", "data",
    }  # fmt: skip
    assert "GS(2024)0650号" in page.get_json()["attribution"]


def test_every_link_answers_what_it_says(client):
    """Crawl all links of all JSON documents, apart from tiles and single items."""
    seen, waiting = set(), ["http://localhost/ogc/"]
    while waiting:
        address = waiting.pop()
        if address in seen or "{" in address:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.mimetype == "text/html" or "/items" in address or "/api" in address:
            continue
        document = answer.get_json()
        links = list(document.get("links", ()))
        for part in ("collections", "tilesets", "tileMatrixSets"):
            links += [link for inner in document.get(part, ()) for link in inner["links"]]
        for link in links:
            waiting.append(link["href"])
            if "{" not in link["href"]:
                said = link["type"].partition(";")[0]
                assert client.get(link["href"]).mimetype == said, link
    assert len(seen) > 60


def test_conformance_lists_the_classes(client):
    assert client.get("/ogc/conformance").get_json() == {"conformsTo": list(CONFORMANCE)}


def test_collections_describe_themselves(client, snapshot):
    document = client.get("/ogc/collections").get_json()
    assert rels(document) >= {"self", "alternate"}
    infos = {info["id"]: info for info in document["collections"]}
    assert list(infos) == [made.name for made in snapshot.collections]
    for name, info in infos.items():
        assert rels(info) >= {"self", "items"}
        assert info["itemType"] == "feature"
        alone = client.get(f"/ogc/collections/{name}").get_json()
        assert alone["title"] == info["title"]
        assert alone["extent"] == info["extent"]
        if name not in {"plans", "targets"}:
            assert info["crs"] == ["#/crs"]
            assert info["storageCrs"] in document["crs"]
            assert alone["crs"] == document["crs"]
    assert infos["districts"]["extent"]["spatial"]["bbox"][0][0] == pytest.approx(97.35, abs=0.5)
    assert infos["districts"]["extent"]["temporal"]["interval"] == [["2017-01-01T00:00:00Z", None]]
    assert "spatial" not in infos["plans"]["extent"]


@pytest.mark.parametrize("path", PATHS)
def test_both_forms(client, path):
    page = client.get(path, headers=HTML)
    assert page.mimetype == "text/html"
    assert 'lang="zh-CN"' in page.text
    assert client.get(f"{path}?f=html").mimetype == "text/html"
    data = client.get(f"{path}?f=json", headers=HTML)
    assert data.mimetype in {
        "application/json", "application/geo+json", "application/schema+json",
        "application/vnd.oai.openapi+json",
    }  # fmt: skip
    assert client.get(path).mimetype == data.mimetype
    assert client.get(path, headers={"Accept": "*/*"}).mimetype == data.mimetype
    assert "Accept" in data.headers["Vary"]
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", PATHS)
def test_unknown_parameters_and_forms_are_refused(client, path):
    answer = client.get(f"{path}?nonsense=1")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["parameter"] == "nonsense"
    assert "f" in answer.get_json()["allowed"]
    assert client.get(f"{path}?f=xml").status_code == 400
    assert client.get(f"{path}?f=json&f=json").status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_revalidated_shared_and_compressed(client, path):
    first = client.get(path)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    if len(first.data) > 2000:
        assert small.headers["Content-Encoding"] == "gzip"
        assert small.headers["ETag"] == f"W/{first.headers['ETag']}"
        assert gzip.decompress(small.data) == first.data
    for tag in (first.headers["ETag"], small.headers["ETag"], "*", f'"x", {first.headers["ETag"]}'):
        again = client.get(path, headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert "Content-Security-Policy" not in again.headers
    assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    head = client.head(path)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(first.data)))


@pytest.mark.parametrize(
    "path", ["/ogc/nothing", "/ogc/collections/nope", "/ogc/collections/nope/items", "/ogcx"]
)
def test_what_is_not_there(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_only_reading(client):
    for path in ("/ogc/", "/ogc/collections/districts/items"):
        answer = client.post(path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
