"""The form of every error."""

from __future__ import annotations

import pytest

QUERIES = [
    ("colour=red", "colour", "sector"),
    ("sector=gold", "sector", "steel（先进钢铁材料）"),
    ("action=dream", "action", "explore（探索布局）"),
    ("as_of=2016-06-01", "as_of", "2017-01-01 或更晚的日期（YYYY-MM-DD）"),
]


@pytest.mark.parametrize(("query", "parameter", "allowed"), QUERIES)
def test_programs_get_problem_details(client, query, parameter, allowed):
    answer = client.get(f"/export/assignments.geojson?{query}")
    body = answer.get_json()
    assert answer.status_code == body["status"] == 400
    assert answer.mimetype == "application/problem+json"
    assert body["parameter"] == parameter
    assert allowed in body["allowed"]
    assert {"type", "title", "detail"} <= set(body)


@pytest.mark.parametrize(("query", "parameter", "allowed"), QUERIES)
@pytest.mark.parametrize("path", ["/", "/districts/", "/districts/500116"])
def test_people_get_a_page(client, path, query, parameter, allowed):
    answer = client.get(f"{path}?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert f"<code>{parameter}</code>" in page
    assert allowed in page
    assert "返回地图" in page


def test_unknown_addresses(client):
    assert "没有找到" in client.get("/nope").get_data(as_text=True)
    assert client.get("/export/nope").get_json()["status"] == 404
    asked = client.get("/nope", headers={"Accept": "application/json"})
    assert asked.get_json()["title"] == "没有找到这个页面"


def test_wrong_methods(client):
    answer = client.post("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_unexpected_faults_do_not_show_their_insides(settings):
    from app import create_app

    app = create_app(settings)

    @app.get("/broken")
    def broken():
        raise ValueError("secret")

    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
