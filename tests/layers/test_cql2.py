from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import BadParameter
from layers.collections import Collection
from layers.cql2 import MAX_DEPTH, MAX_PREFIXES, Filtering, like_matcher, read_filter
from layers.features import FeatureSet
from layers.records import collection_records
from settings import ROOT


@pytest.fixture(scope="module")
def parks(snapshot):
    made = next(made for made in snapshot.collections if made.name == "parks")
    return FeatureSet(made, collection_records(snapshot, made))


@pytest.fixture(scope="module")
def keep(parks):
    def kept(text, language="cql2-text"):
        keeps = Filtering(parks, lambda g: g).compile(read_filter(text, language)).keeps
        return [r for n, r in enumerate(parks.records) if keeps(n) is True]

    return kept


DEEP: dict = {}
for _ in range(5000):
    DEEP = {"op": "+", "args": [DEEP, 1]}

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


SPATIAL_CASES = (
    "S_INTERSECTS(geometry, BBOX(106, 29, 107, 30))",
    "S_DISJOINT(geometry, BBOX(106, 29, 107, 30)) AND confidence = 'high'",
    "S_WITHIN(geometry, BBOX(106, 29, 107, 30)) OR assignments > 5",
    "NOT S_INTERSECTS(geometry, BBOX(106, 29, 107, 30))",
)


@pytest.mark.parametrize("text", CASES)
def test_filters_keep_what_they_say(parks, keep, text):
    expected = [r.id for r in parks.records if CASES[text](r.values)]
    assert [record.id for record in keep(text)] == expected


@pytest.mark.parametrize("text", [*CASES, *SPATIAL_CASES])
def test_what_an_index_finds_is_what_is_kept(parks, keep, text):
    condition = Filtering(parks, lambda g: g).compile(read_filter(text, "cql2-text"))
    kept = {parks.numbers[record.id] for record in keep(text)}
    if condition.exact:
        assert kept == condition.among
    elif condition.among is not None:
        assert kept <= condition.among


def test_what_an_index_finds(parks):
    def compiled(text):
        return Filtering(parks, lambda g: g).compile(read_filter(text, "cql2-text"))

    in_county = frozenset(parks.equal("parent_code", "500116"))
    assert compiled("parent_code = '500116'")[1:] == (in_county, True)
    assert compiled("name LIKE '江%' AND parent_code = '500116'")[1:] == (in_county, False)
    assert compiled("parent_code IN ('500116', '500116')")[1:] == (in_county, True)
    assert compiled("name = '江' AND parent_code = '500116'")[1:] == (frozenset(), True)
    unknown = ("name LIKE '江%'", "NOT name = '江'", "name LIKE '江%' OR parent_code = '500116'")
    assert all(compiled(text)[1:] == (None, False) for text in unknown)


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
    assert Filtering(features, lambda g: g).compile(tree).keeps(0) is True


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
        '"\'" = 1 AND ' + "(" * 1800 + "a=1" + ")" * 1800 + ' AND "\'" = 1',
        "name = 'it",
        'name = "it',
        "=".join(["1"] * 4000),
    ],
)
def test_what_would_end_the_parser_is_refused(text):
    """Each of these ends the process when the library reads it."""
    with pytest.raises(BadParameter, match="filter"):
        read_filter(text, "cql2-text")


def test_brackets_in_quotes_do_not_count(keep):
    assert keep("name = '" + "(" * 3000 + "'") == []
    deep = "(" * 12 + "name = '江津白沙组团'" + ")" * 12
    assert len(keep(deep)) == 1
    assert keep("\"name\" = '\"' AND name = 'it''s'") == []


@pytest.mark.parametrize(
    "text",
    [
        "=".join(["1"] * 2000), "+".join(["1"] * 2000), "^".join(["1"] * 2000),
        " AND ".join(["a=1"] * 400), "NOT " * MAX_PREFIXES + "a=1",
        "a IN (" + ",".join("1" * 1900) + ")", "a=" + "x" * 3900, "1*" * 1999 + "1",
        "1/" * 1999 + "1", "a<" * 1999 + "a", "1 - " * 999 + "1", "a LIKE " * 570,
        "a IS NULL " * 390, "a BETWEEN " * 390, "(" * 64 + "a=1", "(" * 13 + "a=" + ")" * 13,
        "(" * 7 + "a=1 AND " * 490 + ")" * 7, "a=" + "(1+" * 7 + "1*" * 1900 + ")" * 7,
        "(" * 6 + "a IN (" + "1," * 1900 + ")" * 7, ("(" * 9 + "a=" + ")" * 9 + " AND ") * 40,
        "((a=1) AND " * 7 + "a=1 AND " * 400 + ")" * 7,
    ],
)  # fmt: skip
def test_the_longest_texts_read_leave_the_process_alive_and_well(text):
    script = "import sys\nfrom layers.cql2 import read_filter\nfrom errors import BadParameter\n"
    script += (
        "try:\n    read_filter(sys.stdin.read(), 'cql2-text')\nexcept BadParameter:\n    pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=text[:4000], cwd=ROOT, text=True, check=False,
        capture_output=True, timeout=20,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]


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
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, 3]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 9, 2, 3]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, DEEP]},
        {"op": "=", "args": [{"property": "valid_from"}, {"date": "2025-W45-4"}]},
        {"op": "=", "args": [{"op": "and", "args": []}, "a"]},
        [],
        None,
        "name",
    ],
)
def test_malformed_trees_are_refused(parks, tree):
    with pytest.raises(BadParameter):
        Filtering(parks, lambda g: g).compile(tree)


LIKES = [
    ("a.c%", "a.cd\ne", True),
    ("a.c%", "abcd", False),
    ("100\\%", "100%", True),
    ("100\\%", "100 ", False),
    ("%", "", True),
    ("", "", True),
    ("", "a", False),
    ("_%", "", False),
    ("a%a", "a", False),
    ("a%a", "aa", True),
    ("%ab%ab", "ab", False),
    ("%ab%ab", "abxab", True),
    ("%b_%c", "abbxc", True),
    ("江%区", "江津区", True),
    ("\\_%", "_x", True),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), LIKES)
def test_like(pattern, text, fits):
    assert like_matcher(pattern)(text) is fits


@given(st.text("ab%_", max_size=8), st.text("ab", max_size=12))
def test_like_finds_what_a_regular_expression_finds(pattern, text):
    expression = "".join({"%": ".*", "_": "."}.get(char, char) for char in pattern)
    assert like_matcher(pattern)(text) is (re.fullmatch(expression, text) is not None)


def test_like_takes_no_time_to_despair():
    """A regular expression would try for hours; this ends or the test does not."""
    assert like_matcher("%_" * 40 + "%~")("a" * 20_000) is False


def test_geometry_may_be_missing(parks, keep):
    missing = keep("geometry IS NULL")
    assert missing
    assert all(record.place.bbox is None for record in missing)
    assert len(keep("geometry IS NOT NULL")) + len(missing) == len(parks.records)


def test_a_box_may_cross_the_antimeridian(keep):
    assert keep("S_INTERSECTS(geometry, BBOX(170,-10,-170,60))") == []
    assert keep("S_INTERSECTS(geometry, BBOX(100,20,-170,40))") == keep("geometry IS NOT NULL")


def test_moments_are_taken_in_china(keep):
    late, early = "2025-11-05T20:00:00Z", "2025-11-06T04:00:00+08:00"
    assert keep(f"valid_from = TIMESTAMP('{late}')") == keep(f"valid_from = TIMESTAMP('{early}')")
    assert keep(f"valid_from = TIMESTAMP('{late}')") == keep("valid_from = DATE('2025-11-06')")
