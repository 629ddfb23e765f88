from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from app import create_app
from tests.conftest import PLAN
from tests.web.pages import inline_code, words
from web.assignments import citation

GEOJSON = {"Accept": "application/geo+json"}
XIABA = "江津夏坝"


@pytest.fixture(scope="session")
def row_of(snapshot):
    """The row of a place and of some of its words."""

    def find(place, sector="", inherited=""):
        return next(
            row
            for row in snapshot.rows
            if (row.assignment.place_name or row.assignment.place_text) == place
            and sector in row.assignment.sector_text
            and row.inherited_from == inherited
        )

    return find


def facts(made):
    return {
        words(pair.xpath("dt")[0]): words(pair.xpath("dd")[0])
        for pair in made.xpath("//dl[@class='pairs']/div")
    }


def hrefs(made):
    return made.xpath("//main//a/@href")


def test_every_assignment_and_every_inherited_one_has_its_address(client, snapshot):
    keys = {row.assignment_id for row in snapshot.rows}
    assert len(keys) > 463
    for row in snapshot.rows:
        answer = client.get(f"/assignments/{row.assignment_id}")
        assert answer.status_code == 200
        assert row.assignment_id in answer.text


def test_the_page_says_where_everything_comes_from(page, row_of, snapshot):
    row = row_of(XIABA)
    made = page(f"/assignments/{row.assignment_id}")
    told = facts(made)
    assert made.xpath("//h1")[0].text_content().startswith("江津夏坝：短流程炼钢项目")
    assert told["动作"] == "探索…布局 → 探索布局 explore"
    assert told["产业"] == "短流程炼钢项目 → 先进钢铁材料 › 短流程炼钢 steel.short-process"
    said = row.assignment
    assert told["原文位置"].startswith(f"第 {said.start}–{said.end} 个码位")
    assert told["章节"] == said.section.replace("/", " / ")
    assert told["地点"] == "江津夏坝 500116-xiaba · 园区"
    assert told["地点原文"] == "夏坝"
    assert told["所在区县"] == "江津区"
    assert told["省市"] == "重庆市"
    assert told["图形质量"].startswith("同名镇街点位 以同名镇街的驻地表示，不是园区范围")
    assert told["名称"] == "重庆市材料工业高质量发展“十四五”规划"
    assert told["印发机关"] == "重庆市经济和信息化委员会"
    assert told["文号"] == "原文未写"
    assert told["印发日期"] == "2022-12-15"
    assert told["规划期"] == "起始日期未写 至 2025-12-31 规划期已满"
    assert "条件" not in told
    assert snapshot.id in words(made)
    assert "行政区划时点 2022-12-15" in words(made)


def test_conditions_stages_and_projects(page, snapshot):
    for field, title in (("condition", "条件"), ("project", "项目")):
        row = next(row for row in snapshot.rows if getattr(row.assignment, field))
        assert facts(page(f"/assignments/{row.assignment_id}"))[title] == getattr(
            row.assignment, field
        )
    row = next(row for row in snapshot.rows if row.assignment.chain_stage == "upstream")
    assert facts(page(f"/assignments/{row.assignment_id}"))["产业链环节"] == "上游"


def test_its_links_lead_somewhere(page, client, row_of):
    row = row_of(XIABA)
    made = page(f"/assignments/{row.assignment_id}")
    inside = [href for href in hrefs(made) if href.startswith("/")]
    wanted = {
        f"/districts/500116-xiaba?plan={PLAN}#{row.assignment_id}",
        f"/?place=500116-xiaba&sector=steel.short-process&plan={PLAN}",
        f"/table?place=500116-xiaba&plan={PLAN}",
        f"/table?sector=steel.short-process&plan={PLAN}",
        f"/ogc/collections/assignments/items/{row.assignment_id}",
        f"/export/assignments.xlsx?place=500116-xiaba&plan={PLAN}",
    }
    assert wanted <= set(inside)
    for href in inside:
        assert client.get(href.partition("#")[0]).status_code == 200
    district = client.get(f"/districts/500116-xiaba?plan={PLAN}").text
    assert f'<tr id="{row.assignment_id}">' in district
    assert f'href="/assignments/{row.assignment_id}"' in district


def test_the_citation_can_be_copied(page, row_of, snapshot):
    row = row_of(XIABA)
    made = page(f"/assignments/{row.assignment_id}")
    permanent, citation = (words(code) for code in made.xpath("//div/pre/code"))
    assert permanent == f"http://localhost/assignments/{row.assignment_id}"
    said = row.assignment
    assert citation.startswith(
        "重庆市经济和信息化委员会《重庆市材料工业高质量发展“十四五”规划》（2022-12-15 印发），"
        f"{said.section}：江津夏坝，“探索…布局”“短流程炼钢项目”"
        f"（全文码位 {said.start}–{said.end}）。"
        f"材图布局任务 {row.assignment_id}，数据版本 {snapshot.id}，{permanent}，"
    )


def test_what_a_plan_does_not_say_is_not_invented(page, snapshot):
    row = next(r for r in snapshot.rows if r.assignment.plan_id == "zj-2019-new-materials")
    made = page(f"/assignments/{row.assignment_id}")
    told = facts(made)
    assert told["名称"] == "浙江 2019 新材料产业行动计划 原文没有标题，这是本库的称呼"
    assert told["印发机关"] == told["文号"] == told["印发日期"] == "原文未写"
    citation = words(made.xpath("//div/pre/code")[1])
    assert citation.startswith("浙江 2019 新材料产业行动计划（原文没有标题），")
    assert "None" not in words(made)
    numbered = next(r for r in snapshot.rows if "fibre" in r.assignment.plan_id)
    told = words(page(f"/assignments/{numbered.assignment_id}").xpath("//div/pre/code")[1])
    assert "（渝经信材料〔2023〕9号，2023-11-24 印发）" in told


def test_an_unknown_id_is_a_404_that_helps(page, client):
    assert "/table" in words(page("/assignments/000000000000", 404))
    answer = client.get("/assignments/000000000000", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "told"),
    [("sector=steel", "as_of"), ("as_of=soon", "soon"), ("as_of=1990-01-01", "2017-01-01")],
)
def test_only_a_date_is_taken(page, row_of, query, told):
    assert told in words(page(f"/assignments/{row_of(XIABA).assignment_id}?{query}", 400))


def test_an_abolished_place_names_those_that_inherit(page, row_of):
    row = row_of("渝北区", "前端研发")
    made = page(f"/assignments/{row.assignment_id}?as_of=2026-01-01")
    text = words(made)
    assert "渝北区已于 2025-11-06 撤销，2026-01-01 由下列地点承接这条任务" in text
    assert "：两江新区（原面积的 60%）、北碚区（原面积的 40%）。" in text
    heir = f"/assignments/{row.assignment_id}-500109?as_of=2026-01-01"
    assert heir in hrefs(made)
    assert "撤销" not in words(page(f"/assignments/{row.assignment_id}?as_of=2024-01-01"))
    inherited = page(heir)
    assert "承接自渝北区（原面积的 40%）" in words(inherited)
    assert f"/assignments/{row.assignment_id}?as_of=2026-01-01" in hrefs(inherited)
    assert "示意范围" in facts(inherited)["图形质量"]


def test_an_inherited_row_shows_today_unless_told(page, row_of):
    key = f"{row_of('渝北区', '前端研发').assignment_id}-500109"
    assert "不成立" not in words(page(f"/assignments/{key}"))
    assert "在 2020-01-01 它不成立" in words(page(f"/assignments/{key}?as_of=2020-01-01"))


def test_a_place_that_was_not_resolved_has_no_link(page, row_of):
    made = page(f"/assignments/{row_of('主城新区').assignment_id}")
    assert facts(made)["地点"] == "主城新区，没有归到地点，不上图 · 片区"
    assert facts(made)["图形质量"].startswith("位置未知")
    assert not any("/districts/" in href for href in hrefs(made))


def test_a_zone_lists_its_members(page, row_of):
    told = facts(page(f"/assignments/{row_of('荣昌—隆昌产业协作示范园', '玻璃').assignment_id}"))
    assert told["成员"] == "荣昌区、隆昌市"
    assert told["省市"] == "重庆市、四川省"


def test_clients_that_want_data_are_sent_to_it(client, row_of):
    key = row_of(XIABA).assignment_id
    answer = client.get(f"/assignments/{key}", headers=GEOJSON)
    assert answer.status_code == 303
    assert answer.location == f"/ogc/collections/assignments/items/{key}"
    assert "Accept" in answer.headers["Vary"]
    feature = client.get(f"/assignments/{key}", headers=GEOJSON, follow_redirects=True)
    assert feature.mimetype == "application/geo+json"
    assert feature.get_json()["id"] == key
    assert feature.get_json()["properties"]["sector_text"] == "短流程炼钢项目"


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/html",
        "text/html,application/geo+json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "image/png",
    ],
)
def test_browsers_get_the_page(client, row_of, accept):
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"/assignments/{row_of(XIABA).assignment_id}", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert "Accept" in answer.headers["Vary"]
    links = answer.headers.getlist("Link")
    assert any("cite-as" in link and "http://localhost/assignments/" in link for link in links)
    assert any("alternate" in link and "application/geo+json" in link for link in links)


def test_data_of_a_day_is_that_days(client, row_of):
    row = row_of("渝北区", "前端研发")
    address = f"/assignments/{row.assignment_id}?as_of=2024-01-01"
    answer = client.get(address, headers=GEOJSON)
    assert answer.location.endswith(f"/items/{row.assignment_id}@2024-01-01")
    assert client.get(answer.location).status_code == 200
    gone = client.get(address.replace("2024", "2026"), headers=GEOJSON)
    assert gone.location.endswith(f"/items/{row.assignment_id}")
    assert client.get(gone.location).status_code == 200


def test_without_the_text_the_own_words_are_shown(page, row_of):
    quoted = page(f"/assignments/{row_of(XIABA).assignment_id}").xpath("//blockquote")[0]
    assert quoted.xpath(".//q/text()") == ["探索…布局", "短流程炼钢项目"]
    assert "没有装入这份规划的全文" in words(quoted)


def test_with_the_text_the_words_stand_in_their_sentence(settings, texts, plan_text, snapshot):
    client = create_app(replace(settings, plan_texts=texts)).test_client()
    rows = [r for r in snapshot.rows if r.assignment.plan_id == PLAN and not r.inherited_from]
    for row in rows[::20]:
        made = html.fromstring(client.get(f"/assignments/{row.assignment_id}").text)
        quoted = made.xpath("//blockquote/p")[0]
        said = row.assignment
        assert quoted.xpath("mark")[0].text_content() == plan_text[said.start : said.end]
        sentence = quoted.text_content().strip("…").strip()
        assert sentence in plan_text
        assert "\n" not in sentence
        assert len(sentence) > said.end - said.start


def test_another_text_is_not_quoted(settings, tmp_path, plan_text, row_of):
    (tmp_path / f"{PLAN}.txt").write_text(f"{plan_text}\n改过", encoding="utf-8")
    client = create_app(replace(settings, plan_texts=tmp_path)).test_client()
    made = html.fromstring(client.get(f"/assignments/{row_of(XIABA).assignment_id}").text)
    assert not made.xpath("//blockquote//mark")


def test_nothing_needs_an_inline_script(client, row_of):
    text = client.get(f"/assignments/{row_of(XIABA).assignment_id}").text
    assert inline_code(text) == []
    assert 'rel="canonical" href="http://localhost/assignments/' in text


def test_a_directional_mark_turns_nothing_but_its_own_words_in_a_citation(snapshot, row_of):
    row = row_of(XIABA)
    plan = snapshot.plan_by_id[row.assignment.plan_id]
    plain = citation(snapshot, row, plan, "ADDRESS")
    assert "\u2068" not in plain
    turned = replace(row.assignment, section="\u202eabc", action_text="a\u200f")
    cited = citation(snapshot, replace(row, assignment=turned), plan, "ADDRESS")
    assert "，\u2068\u202eabc\u2069：" in cited
    assert "“\u2068a\u200f\u2069”" in cited
    assert cited.count("\u2068") == 2
