"""The strip above the map: plans in order of time, and the day of the boundaries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from layers.filters import parse_filter
from tests.web.pages import words
from web.responses import Published
from web.steps import time_strip

FIRST, SECOND, THIRD = (
    "cq-2017-new-materials",
    "cq-2022-materials-14fyp",
    "cq-2023-fibre-composites",
)
TODAY = date.today()


def asked(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def stops(made):
    return made.xpath("//ol[@class='time-stops']//a")


def current(made):
    return made.xpath("//section[@id='time']//a[@aria-current='true' and @data-day]/@data-day")


def told(made):
    return words(made.xpath("//p[@data-told][not(@hidden)]")[0])


def test_the_plans_of_the_chosen_ones_province_are_the_stops(page):
    made = page(f"/?plan={SECOND}")
    assert [stop.get("data-stop") for stop in stops(made)] == ["", FIRST, SECOND, THIRD]
    assert [words(stop) for stop in stops(made)] == ["全部", "2017", "2022", "2023"]
    assert [stop.get("aria-current") for stop in stops(made)] == [None, None, "step", None]
    others = made.xpath("//ul[@class='time-series']//a")
    assert {words(link) for link in others} == {"浙江", "重庆", "四川"}


@pytest.mark.parametrize(
    ("query", "marked", "says"),
    [
        ("", "today", "全部 5 份规划 · 463 条布局任务 · 4 份规划期已满"),
        (f"plan={SECOND}", "issued", "2022-12-15 印发 · 规划期已满（2025 年） · 206 条布局任务"),
        (
            f"plan={SECOND}",
            "issued",
            "新提及 122 · 仍提及 12 · 不再提及 48（9 对的门类本规划未写）",
        ),
        (f"plan={SECOND}&as_of=2022-12-15", "issued", "2022-12-15 印发"),
        (f"plan={SECOND}&as_of={TODAY}", "today", "2022-12-15 印发"),
        (f"plan={FIRST}", "today", "原文未写日期，按资料编号为 2017 年 · 规划期已满（2020 年）"),
        (f"plan={FIRST}&as_of=2017-12-31", "issued", "重庆在库中最早的一份"),
        (f"plan={THIRD}", "issued", "不再提及 128（所属门类本规划均未写）"),
        ("plan=sc-2020-new-materials", "today", "原文未写印发日期，规划期始于 2020-01-01"),
        (f"plan={SECOND}&plan={THIRD}", "today", "已选 2 份规划"),
    ],
)
def test_where_the_map_stands_is_said(page, query, marked, says):
    made = page(f"/?{query}")
    assert current(made) == [marked]
    assert says in told(made)


def test_the_slider_tells_of_every_stop_wherever_the_map_stands(page):
    at_second = page(f"/?plan={SECOND}").xpath("//p[@data-told='']")[0]
    assert words(at_second) == words(page("/").xpath("//p[@data-told='']")[0])


def test_a_period_that_is_not_over_is_not_called_so(page):
    assert "规划期至 2027-12-31" in told(page(f"/?plan={THIRD}"))
    assert "已满" not in told(page(f"/?plan={THIRD}"))


def test_no_longer_named_is_not_called_phased_out(page):
    made = page(f"/?plan={SECOND}")
    assert "不等于退出" in words(made.xpath("//details[@class='time-how']")[0])
    assert "退出" not in told(made)


def test_a_step_keeps_the_filter_and_the_choice_of_the_day(page):
    made = page(f"/?plan={SECOND}&sector=steel&q=江津&in_force=any")
    (after,) = made.xpath("//a[@rel='next']/@href")
    assert asked(after) == {"plan": THIRD, "sector": "steel", "q": "江津"}
    (before,) = made.xpath("//a[@rel='prev']/@href")
    assert asked(before) == {"plan": FIRST, "sector": "steel", "q": "江津", "as_of": "2017-12-31"}
    made = page(f"/?plan={SECOND}&as_of={TODAY}")
    assert asked(made.xpath("//a[@rel='next']/@href")[0]) == {"plan": THIRD, "as_of": str(TODAY)}
    assert asked(stops(made)[0].get("href")) == {}
    made = page(f"/?plan={SECOND}&as_of=2024-05-01")
    assert current(made) == []
    assert made.xpath("//input[@name='as_of']/@value") == ["2024-05-01"]
    assert asked(made.xpath("//a[@rel='prev']/@href")[0])["as_of"] == "2024-05-01"


def test_the_ends_lead_nowhere(page):
    assert not page(f"/?plan={THIRD}").xpath("//a[@rel='next']/@href")
    assert not page("/").xpath("//a[@rel='prev']/@href")
    assert not page("/").xpath("//a[@id='day-issued']/@href")


def test_every_step_is_a_page(page):
    for address in ("/", f"/?plan={FIRST}&as_of=2017-12-31", f"/?plan={THIRD}&as_of={TODAY}"):
        made = page(address)
        for link in made.xpath("//section[@id='time']//a/@href"):
            assert page(link).xpath("//section[@id='time']"), link


def test_the_form_alone_takes_any_day_of_the_coverage(page, snapshot):
    (field,) = page("/").xpath("//input[@name='as_of']")
    assert field.get("type") == "date"
    assert field.get("form") == "filters"
    assert (field.get("min"), field.get("max")) == (str(snapshot.epochs[0]), str(TODAY))
    page(f"/?q=&plan={SECOND}&place=&as_of={field.get('min')}")


def test_days_of_the_same_boundaries_share_their_resources(client, snapshot):
    def drawn(query):
        text = client.get(f"/?{query}").get_data(as_text=True)
        return re.search(r'data-geometry="([^"]+)"', text)[1], re.search(
            r'data-rows="([^"]+)"', text
        )[1]

    assert snapshot.epoch(date(2022, 12, 15)) == snapshot.epoch(date(2023, 11, 24))
    assert drawn(f"plan={SECOND}") == drawn(f"plan={THIRD}")
    assert drawn(f"plan={SECOND}") != drawn(f"plan={SECOND}&as_of={TODAY}")


def test_resources_of_the_next_step_are_named_where_they_differ(page, client):
    (next_step,) = page(f"/?plan={FIRST}&as_of=2017-12-31").xpath("//a[@rel='next']")
    for address in next_step.get("data-preload").split():
        assert client.get(address).status_code == 200
    (same,) = page(f"/?plan={SECOND}").xpath("//a[@rel='next']")
    assert same.get("data-preload") is None


def test_a_plan_without_a_day_stands_apart(app, snapshot, settings):
    plans = tuple(
        replace(p, issued=None, valid_from=None, year=None) if p.id == THIRD else p
        for p in snapshot.plans
    )
    held = Published(settings, replace(snapshot, plans=plans))
    with app.test_request_context("/"):
        chosen = parse_filter([("plan", THIRD)], held.vocabulary)
        strip = time_strip(held, chosen, TODAY, TODAY)
    assert [stop.plan_id for stop in strip.stops] == ["", FIRST, SECOND]
    assert [stop.plan_id for stop in strip.apart] == [THIRD]
    assert strip.here.plan_id == THIRD
    assert (strip.before, strip.after, strip.issued_address) == (None, None, "")


def test_a_year_that_is_not_over_ends_today(app, snapshot, settings):
    plans = tuple(
        replace(p, issued=None, valid_from=None, year=TODAY.year) if p.id == THIRD else p
        for p in snapshot.plans
    )
    held = Published(settings, replace(snapshot, plans=plans))
    with app.test_request_context("/"):
        chosen = parse_filter([("plan", THIRD)], held.vocabulary)
        assert time_strip(held, chosen, TODAY, TODAY).here.day == TODAY


def test_a_plan_older_than_the_boundaries_has_no_day_of_its_own(app, snapshot, settings):
    plans = tuple(replace(p, year=2012) if p.id == FIRST else p for p in snapshot.plans)
    held = Published(settings, replace(snapshot, plans=plans))
    with app.test_request_context("/"):
        chosen = parse_filter([("plan", FIRST)], held.vocabulary)
        strip = time_strip(held, chosen, TODAY, TODAY)
    assert strip.issued_address == ""
    assert strip.at == 1


def test_steps_are_computed_once_per_snapshot(app, snapshot, settings, monkeypatch):
    held = Published(settings, snapshot)
    with app.test_request_context("/"):
        chosen = parse_filter([], held.vocabulary)
        time_strip(held, chosen, TODAY, TODAY)
        monkeypatch.setattr("web.steps.plan_steps", lambda _: pytest.fail("computed again"))
        time_strip(held, chosen, TODAY, TODAY)
