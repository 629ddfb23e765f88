from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import BadParameter
from layers.filters import FACETS, PARAMETERS, Filter, Vocabulary, parse_filter

TODAY = date(2026, 11, 20)
PLAN = "cq-2022-materials-14fyp"


@pytest.fixture(scope="module")
def vocabulary(snapshot):
    return Vocabulary.of(snapshot)


@pytest.fixture(scope="module")
def names(snapshot, vocabulary):
    def select(*pairs):
        rows = parse_filter([("plan", PLAN), *pairs], vocabulary).select(snapshot, TODAY)
        return {row.assignment.place_name for row in rows}

    return select


def test_no_parameter_keeps_everything(snapshot, vocabulary):
    assert parse_filter([], vocabulary).select(snapshot, TODAY) == snapshot.rows_on(TODAY)
    assert parse_filter([("plan", ""), ("q", " ")], vocabulary).pairs == []


def test_pv_glass(names):
    expected = {"江津白沙组团", "永川高新区凤凰湖产业园", "开州浦里新区赵家园区"}
    assert names(("sector", "光伏玻璃")) == expected
    assert names(("sector", "new-energy.pv-glass")) == expected
    assert names(("sector", "光伏压延玻璃")) == expected


def test_short_process_steel(names):
    assert names(("sector", "短流程炼钢")) == {
        "江津夏坝", "永川港桥产业园", "双桥经开区", "长寿区", "长寿晏家工业园区", "涪陵李渡组团",
    }  # fmt: skip


def test_a_sector_includes_what_is_below_it(names):
    assert names(("sector", "新能源材料")) == names(("sector", "光伏玻璃")) | {
        "江津区",
        "璧山区",
        "重庆市",
    }


def test_a_place_includes_what_lies_within_not_what_overlaps(names):
    assert names(("place", "500116")) == {"江津区", "江津白沙组团", "江津夏坝"}
    assert names(("place", "500106")) == set()
    assert names(("place", "500000-wansheng")) == {"万盛经开区", "万盛平山园区"}


def test_repeats_are_or_and_others_are_and(names):
    one, two = names(("action", "phase_out")), names(("action", "research"))
    assert names(("action", "phase_out"), ("action", "research")) == one | two
    assert names(("action", "explore"), ("kind", "functional_area")) == {"两江新区"}


def test_region_province_stage_quality(names):
    assert names(("region", "500000-wankaiyun"), ("kind", "unit")) == {"万州区", "开州区", "云阳县"}
    assert "自贡市" in names(("province", "四川省"))
    assert names(("province", "四川")) == names(("province", "510000"))
    assert names(("stage", "research")) == {"綦江区", "自贡市"}
    assert names(("quality", "proxy")) >= {"永川港桥产业园", "丰都玉溪园区"}


def test_free_text_words_must_all_be_there(names):
    assert names(("q", "江津 光伏")) == {"江津白沙组团"}
    assert names(("q", "晏家")) == {"长寿晏家工业园区"}
    assert names(("q", "没有这种东西")) == set()


def test_in_force(names):
    assert names(("in_force", "2024-01-01"))
    assert names(("in_force", "2026-01-01")) == set()
    assert names(("in_force", "any")) == names()


def test_bbox_meets_the_geometry_not_its_box(names, snapshot):
    assert names(("bbox", "106.1,29.0,106.2,29.1")) >= {"江津白沙组团", "江津区"}
    west, south, _, _ = snapshot.place("500241", TODAY).bbox
    corner = f"{west},{south},{west + 0.02},{south + 0.02}"
    assert "秀山土家族苗族自治县" not in names(("bbox", corner))
    assert names(("bbox", "179,-10,-179,10")) == set()
    assert "江津区" in names(("bbox", "100,20,-170,40"))


def test_as_of_defaults_to_the_issue_date_of_a_single_plan(snapshot, vocabulary):
    today = date(2026, 11, 20)
    assert parse_filter([], vocabulary).boundaries_on(snapshot, today) == today
    one = parse_filter([("plan", PLAN)], vocabulary)
    assert one.boundaries_on(snapshot, today) == date(2022, 12, 15)
    asked = parse_filter([("as_of", "2020-01-01")], vocabulary)
    assert asked.boundaries_on(snapshot, today) == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("pair", "listed"),
    [
        (("colour", "red"), "sector"),
        (("Sector", "steel"), "sector"),
        (("sector", "翡翠"), "steel（先进钢铁材料）"),
        (("action", "做梦"), "explore（探索布局）"),
        (("place", "江北"), "500105（江北区）"),
        (("kind", "x"), "park（园区）"),
        (("quality", "x"), "proxy（代表点）"),
        (("stage", "x"), "upstream（上游）"),
        (("as_of", "yesterday"), "2017-01-01 或更晚的日期（YYYY-MM-DD）"),
        (("as_of", "2016-12-31"), "2017-01-01 或更晚的日期（YYYY-MM-DD）"),
        (("in_force", "soon"), "any，或日期（YYYY-MM-DD）"),
        (("bbox", "1,2,3"), "西,南,东,北（十进制度，WGS 84），如 105.2,28.1,110.2,32.3"),
        (("bbox", "1,40,3,20"), "西,南,东,北（十进制度，WGS 84），如 105.2,28.1,110.2,32.3"),
        (("bbox", "nan,1,2,3"), "西,南,东,北（十进制度，WGS 84），如 105.2,28.1,110.2,32.3"),
    ],
)
def test_a_wrong_filter_names_the_parameter_and_what_is_allowed(vocabulary, pair, listed):
    with pytest.raises(BadParameter) as caught:
        parse_filter([pair], vocabulary)
    assert caught.value.name == pair[0]
    assert listed in caught.value.allowed
    assert pair[0] in caught.value.message


def test_single_parameters_do_not_repeat(vocabulary):
    with pytest.raises(BadParameter, match="只能出现一次"):
        parse_filter([("q", "甲"), ("q", "乙")], vocabulary)
    with pytest.raises(BadParameter, match="200"):
        parse_filter([("q", "甲" * 201)], vocabulary)


@given(data=st.data())
def test_canonical_pairs_mean_the_same_filter(snapshot, vocabulary, data):
    pairs = [
        (name, value)
        for name in data.draw(st.lists(st.sampled_from(FACETS), max_size=4))
        for value in [data.draw(st.sampled_from(sorted(vocabulary.values[name])))]
    ]
    chosen = parse_filter(pairs, vocabulary)
    again = parse_filter(chosen.pairs, vocabulary)
    assert again == chosen
    assert again.select(snapshot, TODAY) == chosen.select(snapshot, TODAY)


@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "x"]), st.text(max_size=30)), max_size=4))
def test_no_query_breaks_the_parser(vocabulary, pairs):
    with suppress(BadParameter):
        assert isinstance(parse_filter(pairs, vocabulary), Filter)
