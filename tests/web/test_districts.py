from __future__ import annotations

import re
from datetime import date

import pytest


@pytest.fixture
def page(client):
    def get(address, status=200):
        answer = client.get(address)
        assert answer.status_code == status
        text = re.sub(r"</?bdi[^>]*>", "", answer.get_data(as_text=True))
        return re.sub(r"\s+", " ", text)

    return get


def section(page, title):
    found = re.search(rf"<h2>{title}.*?</section>", page)
    return found.group(0) if found else ""


def test_the_list_has_every_district_once(page, snapshot):
    plan = snapshot.plan_by_id["cq-2022-materials-14fyp"]
    text = page(f"/districts/?plan={plan.id}")
    assert "38 个区县" in text
    for unit in snapshot.counties(plan.issued):
        if unit.provinces != ("500000",):
            continue  # listed only where the plan names it
        assert text.count(f'href="/districts/{unit.id}?plan={plan.id}"') == 1
    assert f"{len(snapshot.counties(date.today()))} 个区县" in page("/districts/")


def test_the_list_keeps_the_filter(page):
    text = page("/districts/?sector=steel")
    assert 'href="/districts/500116?sector=steel"' in text
    assert re.search(r"江津区</a> <span.*?<b>1</b> 条", text)


def test_a_district_shows_the_plans_own_words(page):
    own = section(page("/districts/500116"), "本级布局任务")
    for words in ("巩固提升", "钢材加工", "其他新材料", "（二）主城新区 / 1.渝西片区"):
        assert words in own
    assert "白沙" not in own


def test_parks_are_listed_apart(page):
    parks = section(page("/districts/500116"), "园区的布局任务")
    assert "江津白沙组团" in parks
    assert "光伏压延玻璃" in parks
    assert "同名镇街点位" in parks


@pytest.mark.parametrize("code", ["500103", "500108", "500236"])
def test_a_district_without_assignment_says_so(page, code):
    text = page(f"/districts/{code}")
    own = section(text, "本级布局任务")
    assert "no assignment in this plan" in own
    assert "<table" not in own


def test_shapingba_has_none_of_its_own_and_lists_the_overlapping_area_apart(page):
    text = page("/districts/500106")
    own = section(text, "本级布局任务")
    assert "no assignment in this plan" in own
    assert "石墨烯" not in own
    areas = section(text, "重叠功能区的布局任务")
    assert "重庆高新区" in areas
    for words in ("石墨烯", "增材制造材料", "生物医药材料"):
        assert words in areas


def test_policies_touch_the_districts_sectors(page):
    rules = section(page("/districts/500115"), "涉及上述门类的全省（市）规则")
    assert "1500万吨" in rules
    assert "差别化产能置换" in rules
    assert "82万吨" not in rules
    assert "光伏压延玻璃产能预警" not in rules
    kaizhou = section(page("/districts/500154"), "涉及上述门类的全省（市）规则")
    assert "光伏压延玻璃产能预警" in kaizhou


def test_functional_areas_have_a_page_with_their_parks(page):
    text = page("/districts/500000-wansheng")
    assert "示意范围" in text
    assert "万盛平山园区" in section(text, "园区的布局任务")


def test_cross_province_zones_are_listed_apart(page):
    zones = section(page("/districts/500153"), "跨省合作区的布局任务")
    assert "荣昌—隆昌产业协作示范园" in zones
    assert "位置未知" in zones


def test_an_unknown_district_is_a_404_that_helps(page):
    assert "区县名录" in page("/districts/999999", 404)


def test_the_page_prints(client):
    css = client.get("/static/caitu.css", buffered=True).get_data(as_text=True)
    assert "@media print" in css
    assert "data-print" in client.get("/districts/500116").get_data(as_text=True)


def test_expired_plans_are_marked_not_hidden(page):
    assert "规划期已满" in page("/districts/500116")


def test_an_abolished_district_names_its_heir(page):
    text = page("/districts/500105?as_of=2026-01-01")
    assert "江北区已于 2025-11-06 撤销，规划任务由" in text
    assert 'href="/districts/500157?as_of=2026-01-01">两江新区</a>' in text
    assert "as_of=2025-11-05" in text
    heir = page("/districts/500157?as_of=2026-01-01")
    assert "承接自江北区" in heir
    assert "示意范围" in heir


def test_the_list_follows_the_date(page):
    today = page("/districts/?plan=cq-2022-materials-14fyp&as_of=2026-01-01")
    assert "37 个区县" in today
    assert "500157" in today
    assert '/districts/500105"' not in today
    assert "/districts/500105?" not in today


def test_a_filter_never_makes_the_plan_say_nothing(page):
    text = page("/districts/500116?sector=steel")
    assert "所选规划没有安排任务" not in text
    assert "当前筛选条件下没有任务" in text
    assert "no assignment in this plan" not in page("/districts/500117?sector=steel")


def test_a_divided_district_names_all_its_heirs(page):
    text = page("/districts/500112?as_of=2026-01-01")
    assert "渝北区已于 2025-11-06 撤销" in text
    assert "两江新区</a>（原面积的 60%）" in text
    assert "北碚区</a>（原面积的 40%）" in text


def test_links_keep_the_plan_and_its_date(page, client):
    plan = "plan=cq-2022-materials-14fyp"
    text = page(f"/districts/500105?{plan}&sector=steel")
    assert "撤销" not in text
    assert f'href="/?place=500105&amp;{plan}"' in text
    assert f'href="/export/assignments.geojson?place=500105&amp;{plan}"' in text
    assert f'data-district="/districts/PLACE?{plan}"' in client.get(f"/?{plan}").text
