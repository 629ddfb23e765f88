from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from plans.tables import POLICY_KINDS
from web.numbers import amount, figures


@pytest.fixture
def answer(client, snapshot):
    return client.get(f"/map/{snapshot.id}/targets.json")


def test_the_figures_are_cached_for_good(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert "immutable" in answer.headers["Cache-Control"]


def test_an_old_snapshot_says_so(client):
    answer = client.get("/map/0000/targets.json")
    assert answer.status_code == 404
    assert "刷新" in answer.get_json()["detail"]


def test_every_target_is_there_in_the_plans_words(answer, snapshot):
    targets = json.loads(answer.data)["targets"]
    told = [
        (t["plan"], t["indicator"], *((t[n] or {"text": ""})["text"] for n in ("base", "target")))
        for t in targets
    ]
    assert told == [(t.plan_id, t.indicator, t.base, t.target) for t in snapshot.targets]
    assert len({t["id"] for t in targets}) == len(targets)


def test_every_rule_is_there_caps_first(answer, snapshot):
    body = json.loads(answer.data)
    kinds = [policy["kind"] for policy in body["policies"]]
    assert kinds == sorted(kinds, key=list(POLICY_KINDS).index)
    assert {(p["plan"], p["words"], p["section"]) for p in body["policies"]} == {
        (p.plan_id, p.words, p.section) for p in snapshot.policies
    }
    assert len(kinds) == len(snapshot.policies)


def test_what_is_not_stated_is_null_and_zero_is_zero(snapshot):
    stated = snapshot.targets[0]
    empty = dict.fromkeys(("sector_code", "base_year", "base", "unit", "growth"), "")
    zero = replace(stated, base="0", target="0")
    body = figures(replace(snapshot, targets=(replace(stated, **empty), zero)))
    missing, none = json.loads(json.dumps(body))["targets"]
    assert [missing[name] for name in ("baseYear", "base", "unit", "growth")] == [None] * 4
    assert missing["sectors"] == []
    assert none["base"] == none["target"] == {"text": "0", "low": 0, "high": 0}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("500", 500, 500),
        ("3323.78", 3323.78, 3323.78),
        ("≥70", 70, None),
        ("≤1500", None, 1500),
        ("1—2", 1, 2),
        ("10-15", 10, 15),
        ("-3", -3, -3),
        ("翻一番", None, None),
    ],
)
def test_figures_have_bounds(text, low, high):
    assert amount(text) == {"text": text, "low": low, "high": high}


def test_every_figure_of_the_plans_is_understood(snapshot):
    for target in snapshot.targets:
        for text in filter(None, (target.base, target.target)):
            bounds = amount(text)
            assert (bounds["low"], bounds["high"]) != (None, None), target


def test_the_map_page_names_figures_and_library(client):
    page = client.get("/").get_data(as_text=True)
    addresses = re.findall(r'data-(?:chart|targets)="([^"]+)"', page)
    assert len(addresses) == 2
    for address in addresses:
        assert client.get(address).status_code == 200
