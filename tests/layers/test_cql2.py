from __future__ import annotations

from datetime import date

import pytest

from errors import BadParameter
from layers.collections import Collection
from layers.cql2 import MAX_DEPTH, Filtering, like_pattern, read_filter
from layers.features import FeatureSet
from layers.records import collection_records


@pytest.fixture(scope="module")
def parks(snapshot):
    made = next(made for made in snapshot.collections if made.name == "parks")
    return FeatureSet(made, collection_records(snapshot, made))


@pytest.fixture(scope="module")
def keep(parks):
    def kept(text, language="cql2-text"):
        predicate = Filtering(parks, lambda g: g).compile(read_filter(text, language))
        return [r for n, r in enumerate(parks.records) if predicate(n) is True]

    return kept


CASES = {
    "name = '江津白沙组团'": lambda v: v["name"] == "江津白沙组团",
    "'江津白沙组团' = name": lambda v: v["name"] == "江津白沙组团",
    "geometry_quality <> 'unknown'": lambda v: v["geometry_quality"] != "unknown",
    "assignments > 2": lambda v: v["assignments"] > 2,
    "assignments >= 2 AND assignments < 5": lambda v: 2 <= v["assignments"] < 5,
    "assignments BETWEEN 2 AND 5": lambda v: 2 <= v["assignments"] <= 5,
    "assignments NOT BETWEEN 2 AND 5": lambda v: not 2 <= v["assignments"] <= 5,
    "confidence IN ('high', 'low')": lambda v: v["confidence"] in {"high", "low"},
    "name LIKE '江津%'": lambda v: v["name"].startswith("江津"),
    "name NOT LIKE '%园区'": lambda v: not v["name"].endswith("园区"),
    "name LIKE '江津__组团'": lambda v: (
        len(v["name"]) == 6 and v["name"][:2] == "江津" and v["name"][4:] == "组团"
    ),
    "confidence IS NULL": lambda v: v["confidence"] is None,
    "confidence IS NOT NULL": lambda v: v["confidence"] is not None,
    "NOT confidence = 'high'": lambda v: v["confidence"] not in {None, "high"},
    "confidence = 'high' OR assignments > 5": lambda v: (
        v["confidence"] == "high" or v["assignments"] > 5
    ),
    "valid_from >= DATE('2025-11-06')": lambda v: (
        v["valid_from"] is not None and v["valid_from"] >= date(2025, 11, 6)
    ),
    "valid_from >= TIMESTAMP('2025-11-06T00:00:00Z')": lambda v: (
        v["valid_from"] is not None and v["valid_from"] >= date(2025, 11, 6)
    ),
    "CASEI(place_id) = CASEI('500116-XIABA')": lambda v: v["place_id"] == "500116-xiaba",
    "ACCENTI(place_id) = 'xiaba'": lambda _: False,
    "place_id <> name": lambda _: True,
    "parent_name = short_name": lambda _: False,
    "TRUE": lambda _: True,
    "assignments = 0 AND FALSE": lambda _: False,
}


@pytest.mark.parametrize("text", CASES)
def test_filters_keep_what_they_say(parks, keep, text):
    expected = [r.id for r in parks.records if CASES[text](r.values)]
    assert [record.id for record in keep(text)] == expected


@pytest.mark.parametrize("text", CASES)
def test_candidates_leave_nothing_out(parks, keep, text):
    tree = read_filter(text, "cql2-text")
    among = Filtering(parks, lambda g: g).candidates(tree)
    if among is not None:
        assert {r.id for r in keep(text)} <= {parks.records[n].id for n in among}


def test_equality_and_its_conjunctions_are_looked_up(parks):
    filtering = Filtering(parks, lambda g: g)
    tree = read_filter("name LIKE '江%' AND parent_code = '500116'", "cql2-text")
    assert filtering.candidates(tree) == set(parks.equal("parent_code", "500116"))
    assert filtering.candidates(read_filter("name LIKE '江%'", "cql2-text")) is None
    assert filtering.candidates(read_filter("NOT name = '江'", "cql2-text")) is None


def test_unknown_is_neither_true_nor_false(parks, keep):
    some, rest = keep("confidence = 'high'"), keep("NOT (confidence = 'high')")
    missing = [r for r in parks.records if r.values["confidence"] is None]
    assert len(some) + len(rest) + len(missing) == len(parks.records)
    assert keep("confidence = 'high' OR confidence IS NULL OR confidence <> 'high'") == list(
        parks.records
    )


def test_accents_and_case():
    made = Collection("t", "plans", (), (), "", "", "", "", (), ())
    assert made.name == "t"
    tree = read_filter("ACCENTI(CASEI('É')) = 'e'", "cql2-text")
    features = FeatureSet(made, [])
    assert Filtering(features, lambda g: g).compile(tree)(0) is True


def test_both_languages_say_the_same(keep):
    json_form = (
        '{"op":"and","args":[{"op":"like","args":[{"property":"name"},"江津%"]},'
        '{"op":">","args":[{"property":"assignments"},1]}]}'
    )
    assert keep(json_form, "cql2-json") == keep("name LIKE '江津%' AND assignments > 1")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("S_INTERSECTS(geometry, BBOX(105.8,28.6,106.6,29.5))", None),
        ("S_WITHIN(geometry, POLYGON((105 28,107 28,107 30,105 30,105 28)))", None),
        ("S_CONTAINS(POLYGON((105 28,107 28,107 30,105 30,105 28)), geometry)", None),
        ("S_EQUALS(geometry, POINT(0 0))", 0),
    ],
)
def test_space(keep, text, count):
    found = keep(text)
    assert all(record.place.bbox for record in found)
    if count is None:
        assert found
        for record in found:
            assert 105 <= record.place.bbox[0] <= 107
    else:
        assert len(found) == count


def test_disjoint_leaves_out_what_is_not_located(parks, keep):
    box = "BBOX(105,28,107,30)"
    inside = keep(f"S_INTERSECTS(geometry, {box})")
    outside = keep(f"S_DISJOINT(geometry, {box})")
    located = [record for record in parks.records if record.place.bbox]
    assert len(inside) + len(outside) == len(located) < len(parks.records)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name =", "cql2-text"),
        ("nme = 'a'", "nme"),
        ("name", "比较"),
        ("name = 3", "类型"),
        ("name > DATE('2020-01-01')", "类型"),
        ("assignments LIKE '3%'", "like"),
        ("foo(name) = 'a'", "foo"),
        ("assignments + 1 > 2", "不支持"),
        ("S_INTERSECTS(name, POINT(1 2))", "geometry"),
        ("S_INTERSECTS(geometry, POLYGON EMPTY)", "filter"),
        ("valid_from > DATE('2020-13-45')", "日期"),
        ("name = '" + "长" * 30_000 + "'", "字符"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(keep, text, said):
    with pytest.raises(BadParameter, match=said) as caught:
        keep(text)
    assert caught.value.name == "filter"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4000 + "a=1" + ")" * 4000,
        "NOT " * 2400 + "name='a'",
        "not\n" * 2400 + "name='a'",
        "a=" + "-" * 9000 + "1",
        "a=" + "- " * 4000 + "1",
        "a=" + "(1+" * 3000 + "1" + ")" * 3000,
        "name = 'it''s' AND " + "(" * 3000,
        "name = '" + "(" * 4000,
        "[" * 4000,
    ],
)
def test_what_would_end_the_parser_is_refused(text):
    """Each of these ends the process when the library reads it."""
    with pytest.raises(BadParameter, match="filter"):
        read_filter(text, "cql2-text")


def test_brackets_in_quotes_do_not_count(keep):
    assert keep("name = '" + "(" * 4000 + "'") == []


def test_deep_nesting_is_refused(parks):
    tree = {"op": "=", "args": [{"property": "name"}, "a"]}
    for _ in range(MAX_DEPTH + 2):
        tree = {"op": "not", "args": [tree]}
    with pytest.raises(BadParameter, match="嵌套"):
        Filtering(parks, lambda g: g).compile(tree)


@pytest.mark.parametrize(
    "tree",
    [
        {"op": "and"},
        {"op": "=", "args": [{"property": "name"}]},
        {"op": "in", "args": [{"property": "name"}, "a"]},
        {"op": "between", "args": [{"property": "name"}, "a"]},
        {"op": "isNull", "args": []},
        {"op": "like", "args": [{"property": "name"}, {"property": "short_name"}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point"}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2]}]},
        {"op": "=", "args": [{"op": "and", "args": []}, "a"]},
        [],
        None,
        "name",
    ],
)
def test_malformed_trees_are_refused(parks, tree):
    with pytest.raises(BadParameter):
        Filtering(parks, lambda g: g).compile(tree)


def test_like_takes_the_rest_literally():
    assert like_pattern("a.c%").fullmatch("a.cd\ne")
    assert not like_pattern("a.c%").fullmatch("abcd")
    assert like_pattern("100\\%").fullmatch("100%")
    assert not like_pattern("100\\%").fullmatch("100 ")
