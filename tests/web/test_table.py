from __future__ import annotations

import csv
import io
import re
from datetime import date
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from geo.coordinates import gauss_kruger
from geo.file_formats import FORMATS
from layers.filters import parse_filter
from plans.tables import ACTIONS, STAGES
from tests.web.pages import inline_code, words

PLAN = "cq-2022-materials-14fyp"


@pytest.fixture
def published(app):
    return app.extensions["caitu"].now()


@pytest.fixture
def kept(published):
    """Records that a filter keeps, by the filter language itself."""

    def select(*pairs):
        chosen = parse_filter(pairs, published.vocabulary)
        return published.records.select("assignments", chosen, date.today())

    return select


@pytest.fixture
def order(page, published):
    """Values of the rows on all pages of an address, in their order."""
    values = {r.id: r.values for r in published.records.of("assignments")}

    def read(query):
        found, number, last = [], 1, 1
        while number <= last:
            made = page(f"/table?{query}&size=200&page={number}")
            found += ids(made)
            numbers = made.xpath("//nav[@class='pager no-print']//a[@aria-label]/@aria-label")
            last = max((int(re.sub(r"\D", "", text)) for text in numbers), default=1)
            number += 1
        return [values[key] for key in found]

    return read


def ids(made):
    return made.xpath("//table[@class='grid']/tbody/tr/@id")


def query_of(address):
    return parse_qsl(urlsplit(address).query)


@pytest.mark.parametrize("size", [20, 50, 100, 200])
def test_the_pages_hold_every_row_once(page, kept, size):
    expected = [record.id for record in kept()]
    found = []
    for number in range(1, -(-len(expected) // size) + 1):
        rows = ids(page(f"/table?size={size}&page={number}"))
        assert len(rows) <= size
        found += rows
    assert found == expected


@pytest.mark.parametrize(
    "query",
    [
        "sector=光伏玻璃",
        f"plan={PLAN}&action=phase_out&action=explore",
        "place=500116&as_of=2026-01-01",
        "province=330000&kind=town",
        "in_force=2026-01-01",
        "q=江津 夏坝",
        "bbox=106,29,106.2,29.2",
        "stage=upstream&quality=published",
    ],
)
def test_the_table_shows_what_the_download_holds(page, kept, client, query):
    made = page(f"/table?{query}&size=200")
    expected = [record.id for record in kept(*parse_qsl(query))]
    assert expected
    assert ids(made) == expected[:200]
    assert f"{len(expected)} 条布局任务" in words(made.xpath("//*[@role='status']")[0])
    address = made.xpath("//a[contains(@href, '/export/assignments.csv')]/@href")[0]
    text = client.get(address).get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["assignment_id"] for row in rows] == expected


def test_a_row_says_everything(page):
    (row,) = page("/table?q=江津 夏坝").xpath("//table[@class='grid']/tbody/tr")
    plan, place, sector, said, action, stage, other, section = row.xpath("td")
    assert words(plan) == "重庆 2022 材料工业“十四五”规划 2022-12-15 印发 规划期已满"
    assert words(place) == "江津夏坝 同名镇街点位 重庆市 江津区"
    assert place.xpath("a/@href") == ["/districts/500116-xiaba"]
    assert words(sector) == "先进钢铁材料 › 短流程炼钢"
    assert sector.xpath("svg[@class='swatch']")
    assert said.xpath("q/text()") == ["探索…布局", "短流程炼钢项目"]
    assert words(said.xpath("div")[0]) == "地点原文：夏坝"
    assert words(action) == "探索布局"
    assert (words(stage), words(other)) == ("—", "—")
    assert words(section).startswith("附件 全市材料工业布局重点 / 一、主城都市区")
    assert section.xpath("a/@href") == [f"/assignments/{row.get('id')}"]


def test_conditions_projects_and_stages_are_shown(page, kept):
    stated = {r.id: r.values for r in kept(("action", "build")) if r.values["project"]}
    assert len(stated) > 3
    shown = {row.get("id"): words(row) for row in page("/table?action=build").xpath("//tr[@id]")}
    for key, values in stated.items():
        assert f"项目：{values['project']}" in shown[key]
    assert "条件：有序合规" in words(page("/table?place=500111-shuangqiao&q=有序合规"))
    (stage,) = {words(cell) for cell in page("/table?stage=upstream").xpath("//tr[@id]/td[6]")}
    assert stage == "上游"


def test_expired_plans_are_marked_and_others_not(page):
    assert page(f"/table?plan={PLAN}").xpath("//tbody//*[@class='expired']")
    assert not page("/table?plan=cq-2023-fibre-composites").xpath("//tbody//*[@class='expired']")


def test_inherited_rows_say_from_where(page):
    made = page("/table?q=渝北区 前端研发&as_of=2026-01-01")
    assert [words(mark) for mark in made.xpath("//tbody//*[@class='inherited']")] == [
        "承接自渝北区（原面积的 60%）", "承接自渝北区（原面积的 40%）",
    ]  # fmt: skip
    assert "其中 2 条承接自已撤销的地点" in words(made)
    assert "承接自" not in words(page("/table?q=渝北区 前端研发&as_of=2023-12-01"))


def test_places_without_position_are_listed_without_link(page):
    (row,) = page("/table?q=仙童小镇").xpath("//tr[@id]")
    cell = row.xpath("td")[1]
    assert words(cell) == "仙童小镇 位置未知 浙江省"
    assert not cell.xpath(".//a")


def test_places_sort_by_code_and_the_unresolved_come_last(order):
    up = [row["place_id"] for row in order("sort=place_name")]
    known = [code for code in up if code]
    assert known == sorted(known)
    assert known[:1] == ["330000"]
    assert up[len(known) :] == [None] * (len(up) - len(known))
    assert len(up) > len(known)
    down = [row["place_id"] for row in order("sort=-place_name")]
    assert down == [*sorted(known, reverse=True), *[None] * (len(up) - len(known))]


def test_equals_stay_in_the_order_of_the_plans(order, kept):
    plans = [record.id for record in kept() if record.values["place_id"] == "500116"]
    for sort in ("place_name", "-place_name"):
        found = [r["assignment_id"] for r in order(f"sort={sort}") if r["place_id"] == "500116"]
        assert found == plans


@pytest.mark.parametrize("sign", ["", "-"])
def test_sectors_sort_as_the_tree_has_them(order, snapshot, sign):
    tree = [sector.code for sector in snapshot.sectors]
    found = [tree.index(row["sector_code"]) for row in order(f"sort={sign}sector_code")]
    assert found == sorted(found, reverse=bool(sign))
    tops = [tree.index(row["sector_code"].split(".")[0]) for row in order(f"sort={sign}sector_l1")]
    assert tops == sorted(tops, reverse=bool(sign))


@pytest.mark.parametrize("sign", ["", "-"])
def test_plans_sort_by_their_date_of_issue(order, snapshot, sign):
    days = [snapshot.plan_by_id[row["plan_id"]].issued for row in order(f"sort={sign}plan_id")]
    known = [day for day in days if day]
    assert known == sorted(known, reverse=bool(sign))
    assert len(set(known)) > 1
    assert days[len(known) :] == [None] * (len(days) - len(known))
    assert len(days) > len(known)


def test_closed_lists_sort_in_reading_order(order):
    actions = [list(ACTIONS).index(row["action"]) for row in order("sort=action")]
    assert actions == sorted(actions)
    stages = [row["chain_stage"] for row in order("sort=chain_stage")]
    known = [list(STAGES).index(stage) for stage in stages if stage]
    assert known == sorted(known)
    assert stages[len(known) :] == [None] * (len(stages) - len(known))


def test_other_text_sorts_by_pinyin(order):
    found = list(dict.fromkeys(row["sector_text"] for row in order("sort=sector_text")))
    wanted = ["高性能纤维和复合材料", "化工新材料", "绿色建材", "石墨烯", "新能源材料"]
    assert [text for text in found if text in wanted] == wanted


def test_sections_sort_as_they_stand_in_the_plans(order):
    rows = [row for row in order("sort=section") if row["plan_id"] == PLAN]
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    assert len(rows) > 1


def test_provinces_sort_by_code(order):
    codes = {"浙江省": 33, "重庆市": 50, "四川省": 51}
    found = [codes[row["province"].split("+")[0]] for row in order("sort=province")]
    assert found == sorted(found)
    assert set(found) == set(codes.values())


def test_every_field_sorts_both_ways(page, published, kept):
    for field in published.records.collection("assignments").fields:
        up, down = (ids(page(f"/table?size=20&sort={sign}{field.name}")) for sign in ("", "-"))
        assert len(up) == len(down) == 20
        stated = {record.values[field.name] for record in kept()} - {None}
        assert (up != down) == (len(stated) > 1)


def test_the_heads_say_the_order_and_turn_it(page):
    heads = page("/table?sector=steel").xpath("//th")
    assert [words(head) for head in heads] == [
        "规划", "地点", "材料门类", "规划原文用语", "动作", "环节", "条件、项目", "章节",
    ]  # fmt: skip
    assert all(head.get("scope") == "col" and not head.get("aria-sort") for head in heads)
    address = heads[1].xpath("a/@href")[0]
    assert query_of(address) == [("sector", "steel"), ("sort", "place_name")]
    up = page(address).xpath("//th")[1]
    assert up.get("aria-sort") == "ascending"
    down = page(up.xpath("a/@href")[0]).xpath("//th[@aria-sort]")
    assert [head.get("aria-sort") for head in down] == ["descending"]
    assert query_of(down[0].xpath("a/@href")[0])[-1] == ("sort", "place_name")


def test_an_order_without_a_column_is_kept(page):
    made = page("/table?sort=-share")
    assert made.xpath("//select[@name='sort']/option[@selected]/text()") == ["承接份额 ↓"]
    assert not made.xpath("//th[@aria-sort]")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sort=nowhere", ["sort", "nowhere", "place_name", "sector_code"]),
        ("sort=--place_name", ["sort", "place_name"]),
        ("sort=place_name&sort=action", ["sort", "只能出现一次"]),
        ("size=30", ["size", "30", "20", "50", "100", "200"]),
        ("page=0", ["page"]),
        ("page=-1", ["page"]),
        ("page=二", ["page"]),
        ("page=1&page=2", ["page", "只能出现一次"]),
        ("colour=red", ["colour", "sector", "sort", "page", "size"]),
        ("sector=不存在的门类", ["sector", "不存在的门类"]),
        ("as_of=1990-01-01", ["as_of"]),
    ],
)
def test_what_is_not_known_is_a_400_that_helps(page, query, told):
    text = words(page(f"/table?{query}", 400))
    assert [word for word in told if word not in text] == []


def test_programs_get_the_same_error_as_a_problem(client):
    answer = client.get("/table?sort=nowhere", headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["parameter"] == "sort"
    assert "place_name" in answer.get_json()["allowed"]


def test_a_page_beyond_the_last_is_the_last_and_says_so(page, kept):
    total = len(kept(("sector", "steel")))
    last = -(-total // 20)
    made = page("/table?sector=steel&size=20&page=99")
    assert ids(made) == ids(page(f"/table?sector=steel&size=20&page={last}"))
    assert "没有第 99 页，这是最后一页" in words(made)
    assert made.xpath("//main//a[@aria-current]/text()") == [str(last)]
    assert "没有第" not in words(page(f"/table?sector=steel&size=20&page={last}"))


def test_the_pager_keeps_filter_order_and_size(page, kept):
    made = page("/table?action=develop&sort=-place_name&size=20&page=6")
    kept_pairs = [("action", "develop"), ("sort", "-place_name"), ("size", "20")]
    assert query_of(made.xpath("//a[@rel='prev']/@href")[0]) == [*kept_pairs, ("page", "5")]
    assert query_of(made.xpath("//a[@rel='next']/@href")[0]) == [*kept_pairs, ("page", "7")]
    last = -(-len(kept(("action", "develop"))) // 20)
    numbers = made.xpath("//nav[@class='pager no-print']//a[@aria-label]/text()")
    assert numbers == ["1", "4", "5", "6", "7", "8", str(last)]
    first = made.xpath("//a[@aria-label='第 1 页']/@href")[0]
    assert query_of(first) == kept_pairs


def test_empty_fields_of_the_form_leave_the_address(client):
    answer = client.get("/table?q=&plan=&sector=steel&in_force=&sort=&size=50&page=2")
    assert answer.status_code == 302
    assert query_of(answer.location) == [("sector", "steel"), ("page", "2")]


def test_the_form_shows_the_filter_and_carries_the_rest(page):
    query = (
        "sector=steel&sector=graphene&province=500000&region=500000-west&as_of=2026-01-01&q=江津"
    )
    form = page(f"/table?{query}").xpath("//form[@class='find no-print']")[0]
    assert form.get("method") == "get"
    assert form.xpath("input[@type='hidden']/@name") == ["sector", "region", "as_of"]
    assert form.xpath("input[@type='hidden']/@value") == ["graphene", "500000-west", "2026-01-01"]
    chosen = {s.get("name"): s.xpath("option[@selected]/@value") for s in form.xpath(".//select")}
    assert chosen["sector"] == ["steel"]
    assert chosen["province"] == ["500000"]
    assert chosen["plan"] == chosen["action"] == chosen["in_force"] == []
    assert form.xpath(".//input[@name='q']/@value") == ["江津"]
    named = form.xpath(".//label/@for")
    assert named == form.xpath(".//select/@id | .//input[@type='search']/@id")


def test_a_chosen_value_without_rows_stays_in_the_form(page):
    made = page("/table?sector=rare-earth&in_force=2031-05-01")
    assert made.xpath("//select[@name='sector']/option[@selected]/@value") == ["rare-earth"]
    assert made.xpath("//select[@name='in_force']/option[@selected]/@value") == ["2031-05-01"]


def test_each_condition_can_be_taken_away(page):
    query = [
        ("plan", PLAN), ("sector", "steel"), ("sector", "graphene"), ("place", "500116"),
        ("in_force", "2025-01-01"), ("q", "江津"), ("bbox", "105,28,108,31"),
    ]  # fmt: skip
    address = "/table?" + "&".join(f"{name}={value}" for name, value in query)
    made = page(f"{address}&sort=action&size=20")
    removers = made.xpath("//ul[@class='conditions no-print']/li/a[@title]")
    rest = [[pair for pair in query if pair != left] for left in query]
    own = [("sort", "action"), ("size", "20")]
    assert [query_of(a.get("href")) for a in removers] == [[*pairs, *own] for pairs in rest]
    labels = [a.get("aria-label") for a in removers]
    assert "去掉条件：地点 江津区" in labels
    assert "去掉条件：规划期 2025-01-01 仍在规划期内" in labels


def test_nothing_found_shows_ways_out(page, kept):
    made = page("/table?sector=graphene&place=500116&province=500000")
    assert "没有符合条件的布局任务" in words(made)
    assert not made.xpath("//table")
    ways = made.xpath("//div[@class='empty']//li")
    without = len(kept(("place", "500116"), ("province", "500000")))
    assert f"去掉“材料门类：石墨烯”，有 {without} 条" in [words(way) for way in ways]
    for way in ways:
        count = int(re.search(r"有 (\d+) 条", words(way))[1])
        assert len(ids(page(f"{way.xpath('a/@href')[0]}&size=200"))) == min(count, 200)
    assert made.xpath("//div[@class='empty']//a[@class='button']/@href") == ["/table"]


def test_the_downloads_keep_the_filter_in_every_format(page):
    made = page(f"/table?plan={PLAN}&sector=steel&sector=graphene&sort=action&page=2&size=20")
    addresses = made.xpath("//section[@id='downloads']//ul//a/@href")
    assert {urlsplit(a).path for a in addresses} == {
        f"/export/assignments.{extension}" for extension in FORMATS
    }
    wanted = [("plan", PLAN), ("sector", "steel"), ("sector", "graphene")]
    assert all(query_of(address) == wanted for address in addresses)
    form = made.xpath("//section[@id='downloads']//form")[0]
    hidden = zip(
        form.xpath("input[@type='hidden']/@name"),
        form.xpath("input[@type='hidden']/@value"),
        strict=True,
    )
    assert list(hidden) == wanted
    buttons = {urlsplit(a).path for a in form.xpath(".//button/@formaction")}
    assert buttons == {urlsplit(a).path for a in addresses} - {"/export/assignments.kml"}


def test_the_systems_are_those_of_the_longitudes_found(page, client, kept):
    def systems(query):
        return page(f"/table?{query}").xpath("//select[@name='crs']//option/@value")

    places = {r.place.id: r.place for r in kept(("place", "500116")) if r.place and r.place.bbox}
    zones = {
        gauss_kruger(east, zone_prefix=prefix)
        for place in places.values()
        for east in place.bbox[::2]
        for prefix in (False, True)
    }
    assert set(systems("place=500116")) == {"", "EPSG:4490", "EPSG:4326", "GCJ-02"} | zones
    assert {"EPSG:4544", "EPSG:4523"} <= zones
    assert "EPSG:4549" not in zones
    assert "EPSG:4549" in systems("province=330000")
    for code in systems("place=500116")[1:]:
        answer = client.get(f"/export/assignments.csv?place=500116&crs={code}")
        assert answer.status_code == 200
    text = words(page("/table?place=500116").xpath("//select[@name='crs']")[0])
    assert "GCJ-02（偏移数百米，不能量测）" in text


def test_the_map_opens_with_the_same_filter(page, client):
    made = page("/table?sector=steel&in_force=2025-01-01&q=江津&sort=action")
    (address,) = [a for a in made.xpath("//div[@class='found']//a/@href") if a.startswith("/?")]
    assert query_of(address) == [("sector", "steel"), ("in_force", "2025-01-01"), ("q", "江津")]
    assert client.get(address).status_code == 200


def test_links_keep_the_plan_and_its_date(page):
    made = page(f"/table?plan={PLAN}&place=500105")
    assert made.xpath("//a[@class='place']/@href")[0] == f"/districts/500105?plan={PLAN}"
    dated = page("/table?place=500116&as_of=2026-01-01")
    assert parse_qs(urlsplit(dated.xpath("//a[@class='permalink no-print']/@href")[0]).query) == {
        "as_of": ["2026-01-01"]
    }


def test_what_is_typed_is_shown_as_text(client):
    answer = client.get("/table?q=<script>alert(1)</script>&sector=steel")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_the_page_can_be_reached_and_read(client, page):
    text = client.get("/table").text
    assert inline_code(text) == []
    made = page("/table?sector=steel")
    assert words(made.xpath("//table/caption")[0]).startswith("布局任务（材料门类：先进钢铁材料）")
    assert made.xpath("//main[@id='main']")
    current = made.xpath("//nav[@aria-label='主导航']/a[@aria-current]")
    assert [words(link) for link in current] == ["布局任务表"]
    nav = [words(link) for link in made.xpath("//nav[@aria-label='主导航']/a")]
    assert nav == ["地图", "区县名录", "布局任务表", "数据与接口"]
