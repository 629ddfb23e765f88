from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from web.ogc.parameters import DEFAULT_LIMIT, OWN


@pytest.fixture
def document(client):
    answer = client.get("/ogc/api")
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.0"
    return answer.get_json()


def test_the_document_is_valid(document):
    validate(document)
    assert document["openapi"].startswith("3.0")
    assert document["servers"] == [{"url": "http://localhost/ogc"}]


def test_every_path_is_served_and_every_route_described(app, document):
    prefix = "/ogc"
    served = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(prefix):
            path = rule.rule.removeprefix(prefix)
            path = path.replace("<int:zoom>/<int:row>/<int:column>", "{z}")
            served.add(path.replace("<name>", "{c}").replace("<item_id>", "{i}"))
    described = set()
    for path in document["paths"]:
        made = path.replace("{tileMatrix}/{tileRow}/{tileCol}", "{z}")
        for name in ("assignments", "districts", "prefectures", "functional-areas", "parks",
                     "towns", "zones", "plans", "targets", "{collectionId}"):  # fmt: skip
            made = made.replace(f"/collections/{name}", "/collections/{c}")
        described.add(made.replace("{featureId}", "{i}"))
    assert described == served


def test_items_take_what_the_document_says(document, snapshot):
    shared = document["components"]["parameters"]
    for made in snapshot.collections:
        operation = document["paths"][f"/collections/{made.name}/items"]["get"]
        names = {
            shared[entry["$ref"].rpartition("/")[2]]["name"] if "$ref" in entry else entry["name"]
            for entry in operation["parameters"]
        }
        assert names == {*OWN, *(field.name for field in made.fields)}


def test_limit_says_its_bounds(document):
    limit = document["components"]["parameters"]["limit"]
    assert limit["schema"]["minimum"] == 1
    assert limit["schema"]["default"] == DEFAULT_LIMIT
    assert limit["style"] == "form"
    assert limit["explode"] is False


def test_the_page_lists_every_path(client, document):
    page = client.get("/ogc/api?f=html").text
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page
    assert page.count("<code>limit</code>") == len(
        [path for path in document["paths"] if path.endswith("/items")]
    )


def test_it_is_given_to_those_who_ask_for_its_very_type(client):
    media = "application/vnd.oai.openapi+json;version=3.0"
    answer = client.get("/ogc/api", headers={"Accept": media})
    assert answer.status_code == 200
    assert answer.content_type == media
