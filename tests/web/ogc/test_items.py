from __future__ import annotations

import html
import re
from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from web.ogc.crs import CRS84, EPSG
from web.ogc.parameters import DEFAULT_LIMIT, MAX_LIMIT

ITEMS = "/ogc/collections/districts/items"


@pytest.fixture
def items(client):
    def get(query="", collection="districts"):
        answer = client.get(f"/ogc/collections/{collection}/items?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "application/geo+json"
        return answer.get_json()

    return get


def names(document):
    return [feature["properties"]["name"] for feature in document["features"]]


def test_a_page_says_how_many_there_are(items):
    page = items()
    assert page["type"] == "FeatureCollection"
    assert page["numberMatched"] == 310
    assert page["numberReturned"] == len(page["features"]) == DEFAULT_LIMIT
    assert {link["rel"] for link in page["links"]} == {"self", "alternate", "collection", "next"}


@pytest.mark.parametrize("limit", [1, 7, 100, 310, 400])
def test_paging_reaches_every_feature_once(client, limit):
    address, ids = f"{ITEMS}?limit={limit}&geometry_quality=published", []
    while address:
        page = client.get(address).get_json()
        ids += [feature["id"] for feature in page["features"]]
        assert page["numberReturned"] <= limit
        assert page["numberMatched"] == 308
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(ids) == len(set(ids)) == 308


def test_pages_go_back(items):
    page = items("limit=50&offset=30")

    def before(query):
        links = items(query)["links"]
        return next(x["href"] for x in links if x["rel"] == "prev").rpartition("?")[2]

    assert next(x for x in page["links"] if x["rel"] == "prev")
    assert before("limit=50&offset=30") == "limit=30&offset=0"
    assert before("limit=50&offset=120") == "limit=50&offset=70"
    assert before("limit=50&offset=5000") == "limit=50&offset=260"


def test_a_large_limit_is_the_largest(items):
    assert items(f"limit={MAX_LIMIT * 5}")["numberReturned"] == 310


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=a", "limit=1.5", "limit=", "offset=-1", "offset=x",
        "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,nan", "bbox=1,20,3,10", "bbox=1,-95,3,10",
        "bbox=1,2,3,4,5", "bbox=", "bbox-crs=EPSG:4326",
        "bbox=1,2,3,4&bbox-crs=nope", "crs=EPSG:4490", "crs=", "datetime=yesterday",
        "datetime=2020-13-01", "datetime=2020-01-02/2020-01-01", "datetime=2020",
        "datetime=20200101", "datetime=2020-01-01T00:00:00", "datetime=a/b/c", "datetime=",
        "filter=name", "filter=", "filter-lang=sql", "filter-crs=nope", "sortby=nope", "sortby=",
        "area_km2=large", "valid_from=soon", "assignments=1.5", "geometry=1", "name=a&name=b",
        "as_of=2020-01-01", "datetime=2022-W50-4", "valid_from=20251106", "assignments=1_0",
        "assignments=%D9%A3", "area_km2=nan", "bbox=1_0,2,3,4", "sortby=%2B-name",
    ],
)  # fmt: skip
def test_what_is_not_valid_is_refused(client, query):
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, query
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    named = {part.partition("=")[0] for part in query.split("&")}
    assert problem["parameter"] in named


def test_boxes(items):
    found = items("bbox=106.25,29.28,106.26,29.29")
    assert names(found) == ["江津区"]
    assert items("bbox=106.25,29.28,0,106.26,29.29,500") | {"links": []} == found | {"links": []}
    assert items("bbox=0,0,1,1")["features"] == []
    assert items("bbox=170,-10,-170,10")["features"] == []
    assert items("bbox=105,20,-170,40")["numberMatched"] > 100


def test_boxes_in_other_systems_follow_their_axes(items):
    plain = items("bbox=106.25,29.28,106.26,29.29")
    turned = items(
        "bbox=29.28,106.25,29.29,106.26&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490"
    )
    assert turned["features"] == plain["features"]
    mercator = shapely.box(11827733, 3412000, 11828846, 3413272)
    web = items(
        "bbox=" + ",".join(map(str, mercator.bounds))
        + "&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857"
    )  # fmt: skip
    assert names(web) == ["江津区"]


def test_the_day_decides_the_places(items):
    now, then = names(items("limit=500")), names(items("limit=500&datetime=2022-12-15"))
    assert "两江新区" in now
    assert then.count("江北区") == 2  # Chongqing's and Ningbo's
    assert now.count("江北区") == 1
    assert names(items("limit=500&datetime=2022-12-15T08:00:00Z")) == then


def test_days_are_those_of_china(items):
    assert items("datetime=2025-11-05T20:00:00Z")["numberMatched"] == 310
    assert items("datetime=2025-11-06T04:00:00%2B08:00")["numberMatched"] == 310
    assert items("datetime=2025-11-05T15:59:59Z")["numberMatched"] == 311


def test_nothing_is_said_of_days_before_the_boundaries(items):
    assert items("datetime=2016-12-31")["features"] == []
    assert items("datetime=../2016-12-31")["features"] == []
    assert items("datetime=2017-01-01")["numberMatched"] > 300
    assert items("datetime=1990-01-01", "plans")["numberMatched"] == 5


def test_a_new_day_is_a_new_answer(client, monkeypatch):
    tags = {}
    for day in (date(2025, 11, 5), date(2025, 11, 6)):
        monkeypatch.setattr("web.ogc.negotiation.today", lambda day=day: day)
        answer = client.get(ITEMS, headers={"If-None-Match": tags.get("ETag", "")})
        assert answer.status_code == 200
        assert answer.get_json()["numberMatched"] == (311 if day.day == 5 else 310)
        tags = answer.headers


@pytest.mark.parametrize(
    "query",
    [
        "filter=name+%3D+'%E6%B1%9F%E6%B4%A5%E5%8C%BA'",
        "&filter=name%20=%20'江津区'&&",
        "%66ilter=name='江津区'&%66=json",
        "n%61me=%E6%B1%9F%E6%B4%A5%E5%8C%BA&limit=10",
    ],
)
def test_a_query_is_read_however_it_is_escaped(client, query):
    found = client.get(ITEMS, query_string=query).get_json()
    assert found["numberMatched"] == 1
    for link in found["links"][:2]:
        assert link["href"].isascii()
        assert client.get(link["href"]).status_code == 200
    assert client.get(found["links"][0]["href"]).get_json()["features"] == found["features"]


def test_links_are_addresses_whatever_was_sent(client):
    query = "filter=\"name\"='江津区' OR name='<|{^`\\%zz'&limit=1"
    found = client.get(ITEMS, query_string=query).get_json()
    assert found["numberMatched"] == 1
    href = found["links"][0]["href"]
    assert re.fullmatch(r"[\w\-.~%&=+,:/?!$'()*;@]+", href, re.ASCII)
    assert client.get(href).get_json()["numberMatched"] == 1


def test_what_is_no_utf_8_matches_nothing(client):
    assert client.get(ITEMS, query_string="name=%FF").get_json()["numberMatched"] == 0


def test_the_page_leads_to_its_own_data(client):
    page = client.get(f"{ITEMS}?f=html&name=江津区").text
    (address,) = re.findall(r'<a href="([^"]+)">JSON</a>', page)
    assert client.get(html.unescape(address)).get_json()["numberMatched"] == 1


def test_periods(items):
    every = items("limit=1000&datetime=../..")
    versions = [f for f in every["features"] if f["properties"]["name"] == "萧山区"]
    assert [f["id"] for f in versions] == ["330109@2017-01-01", "330109"]
    assert items("datetime=2021-03-11/2021-03-12&name=萧山区")["numberMatched"] == 1
    assert items("datetime=2021-03-10/2021-03-12&name=萧山区")["numberMatched"] == 2
    assert items("datetime=../2021-03-10&name=萧山区")["numberMatched"] == 1
    assert items("datetime=2021-03-11/..&name=萧山区")["numberMatched"] == 1


def test_queryables_as_parameters(items):
    assert names(items("name=江津区")) == ["江津区"]
    assert names(items("place_id=500116&level=county")) == ["江津区"]
    assert items("name=江津区&level=prefecture")["features"] == []
    assert {f["properties"]["assignments"] for f in items("assignments=3")["features"]} == {3}
    assert names(items("valid_from=2025-11-06"))


def test_filters_in_both_languages(items):
    text = names(items("filter=name LIKE '江%25' AND province='重庆市'"))
    assert text == ["江津区"]
    tree = '{"op":"=","args":[{"property":"name"},"江津区"]}'
    assert names(items(f"filter-lang=cql2-json&filter={tree}")) == ["江津区"]
    both = names(items("filter=name LIKE '江%25'&province=浙江省"))
    assert sorted(both) == ["江北区", "江山市"]


def test_geometry_of_a_filter_in_another_system(items):
    point = "POINT(29.29 106.26)"
    system = "http://www.opengis.net/def/crs/EPSG/0/4326"
    found = items(f"filter=S_INTERSECTS(geometry,{point})&filter-crs={system}")
    assert names(found) == ["江津区"]


def test_order(items):
    areas = [f["properties"]["area_km2"] for f in items("sortby=-area_km2&limit=20")["features"]]
    assert areas == sorted(areas, reverse=True)
    both = items("sortby=province,-assignments&limit=310")["features"]
    keys = [(f["properties"]["province"], -f["properties"]["assignments"]) for f in both]
    assert keys == sorted(keys)
    again = "sortby=province,-assignments,-province&limit=310"
    assert items(again)["features"] == both
    last = items("sortby=valid_from&limit=310")["features"]
    stated = [f["properties"]["valid_from"] is not None for f in last]
    assert stated == sorted(stated, reverse=True)


@pytest.mark.parametrize("uri", [CRS84, *(f"{EPSG}{n}" for n in (4490, 4326, 3857, 4544, 4523))])
def test_systems(client, uri):
    answer = client.get(f"{ITEMS}/500116?crs={uri}")
    assert answer.headers["Content-Crs"] == f"<{uri}>"
    many = client.get(f"{ITEMS}?place_id=500116&crs={uri}")
    assert many.headers["Content-Crs"] == f"<{uri}>"
    geometry = answer.get_json()["geometry"]
    assert many.get_json()["features"][0]["geometry"] == geometry
    plain = client.get(f"{ITEMS}/500116")
    assert plain.headers["Content-Crs"] == f"<{CRS84}>"
    first = plain.get_json()["geometry"]["coordinates"]
    if uri != CRS84:
        assert geometry["coordinates"] != first


def test_the_systems_are_those_that_suit_the_data(client):
    listed = client.get("/ogc/collections/districts").get_json()["crs"]
    assert listed[0] == CRS84
    zones = sorted(int(uri.rpartition("/")[2]) for uri in listed[4:])
    meridians = (96, 99, 102, 105, 108, 111, 117, 120, 123)
    assert zones == [first + (m - 75) // 3 for first in (4513, 4534) for m in meridians]
    far = client.get(f"{ITEMS}?crs={EPSG}4534")
    assert far.status_code == 400
    assert far.get_json()["allowed"] == listed


def test_what_has_no_geometry_has_the_default_system_alone(client):
    for name in ("plans", "targets"):
        info = client.get(f"/ogc/collections/{name}").get_json()
        assert info["crs"] == [CRS84]
        assert "storageCrs" not in info
        assert client.get(f"/ogc/collections/{name}/items?crs={EPSG}4490").status_code == 400
        answer = client.get(f"/ogc/collections/{name}/items?crs={CRS84}")
        assert answer.headers["Content-Crs"] == f"<{CRS84}>"


def test_one_item(client):
    feature = client.get(f"{ITEMS}/500116").get_json()
    assert feature["type"] == "Feature"
    assert feature["id"] == "500116"
    assert {link["rel"] for link in feature["links"]} == {"self", "alternate", "collection"}
    listed = client.get(f"{ITEMS}?place_id=500116").get_json()["features"][0]
    del feature["links"]
    assert feature == listed


def test_an_item_as_it_was(client):
    now = client.get(f"{ITEMS}/330109").get_json()
    then = client.get(f"{ITEMS}/330109@2019-06-01").get_json()
    assert then["id"] == "330109@2017-01-01"
    assert then["geometry"] != now["geometry"]
    assert client.get(f"{ITEMS}/330109@2024-06-01").get_json()["id"] == "330109"
    for bad in ("999999", "330109@soon", "500157@2019-01-01"):
        assert client.get(f"{ITEMS}/{bad}").status_code == 404


def test_every_feature_has_its_address(client, snapshot):
    for made in snapshot.collections:
        page = client.get(f"/ogc/collections/{made.name}/items?limit=3&datetime=../..").get_json()
        for feature in page["features"]:
            one = client.get(f"/ogc/collections/{made.name}/items/{feature['id']}").get_json()
            assert one["properties"] == feature["properties"]


def test_tables_without_geometry(items):
    page = items("", "targets")
    assert page["numberMatched"] == 53
    assert all(feature["geometry"] is None for feature in page["features"])
    assert items("bbox=0,0,1,1", "targets")["features"] == []


def test_queryables_describe_what_may_be_asked(client):
    answer = client.get("/ogc/collections/assignments/queryables")
    assert answer.mimetype == "application/schema+json"
    schema = answer.get_json()
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    assert "strengthen" in schema["properties"]["action"]["enum"]
    assert schema["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    assert (
        "geometry" not in client.get("/ogc/collections/plans/queryables").get_json()["properties"]
    )


NAMES = st.sampled_from(
    ["limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "sortby",
     "name", "area_km2", "valid_from", "f"]
)  # fmt: skip


@given(st.dictionaries(NAMES, st.text(max_size=30), max_size=4))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_breaks_it(client, query):
    answer = client.get(ITEMS, query_string=query)
    assert answer.status_code in {200, 400}
