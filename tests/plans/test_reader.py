"""The grammar, on sentences written for it: each shows one construction."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.extraction import UnclearProvince, likely_date, likely_province

CHONGQING, HUBEI, SICHUAN = "500000", "420000", "510000"


@pytest.fixture
def read(extractor):
    def rows(text, province=CHONGQING, day=date(2022, 12, 15)):
        return [
            (r.place.text, text[slice(*r.sector)], r.action)
            for r in extractor.read(text, province, day)
        ]

    return rows


SENTENCES = {
    "verb and list": (
        "推动荣昌区做强卫生陶瓷、发泡陶瓷和岩板产业。",
        [("荣昌区", s, "strengthen") for s in ("卫生陶瓷", "发泡陶瓷", "岩板")],
    ),
    "several verbs, one subject": (
        "支持合川区壮大气凝胶产业，引进碳纤维项目。",
        [("合川区", "气凝胶", "strengthen"), ("合川区", "碳纤维", "build")],
    ),
    "pairwise": (
        "探索在江津白沙组团、夏坝分别布局石英玻璃和电炉钢。",
        [("江津白沙组团", "石英玻璃", "explore"), ("夏坝", "电炉钢", "explore")],
    ),
    "elided mood": (
        "探索在丰都玉溪园区布局镁合金项目，湛普园区布局砂石项目。",
        [("丰都玉溪园区", "镁合金", "explore"), ("湛普园区", "砂石", "explore")],
    ),
    "a park in the middle does not capture what follows": (
        "推动大足区做大钢结构，在双桥经开区布局特种钢，培育五金产业。",
        [
            ("大足区", "钢结构", "strengthen"),
            ("双桥经开区", "特种钢", "develop"),
            ("大足区", "五金", "develop"),
        ],
    ),
    "a partner gets nothing": (
        "推动梁平区、垫江县深化与涪陵区合作，做强铝合金产业。",
        [("梁平区", "铝合金", "strengthen"), ("垫江县", "铝合金", "strengthen")],
    ),
    "the core of a chain": (
        "推动永川区做强以镁合金为核心的轻合金产业链。",
        [("永川区", "镁合金", "strengthen")],
    ),
    "examples of a class": (
        "推动北碚区发展传感材料、吸波材料等功能材料。",
        [("北碚区", "传感材料", "develop"), ("北碚区", "吸波材料", "develop")],
    ),
    "main direction": (
        "綦江区以再生铝、铝型材为主攻方向。",
        [("綦江区", "再生铝", "develop"), ("綦江区", "铝型材", "develop")],
    ),
    "industry first, places last": (
        "光伏边框重点布局涪陵区、九龙坡区等区县。",
        [("涪陵区", "光伏边框", "develop"), ("九龙坡区", "光伏边框", "develop")],
    ),
    "industry towards a place": (
        "推动焦化企业向长寿经开区集聚。",
        [("长寿经开区", "焦化", "develop")],
    ),
    "leaving": ("推动秀山县锰冶炼全部退出。", [("秀山县", "锰冶炼", "phase_out")]),
    "phasing out": ("秀山县加快淘汰电解锰落后产能。", [("秀山县", "电解锰", "phase_out")]),
    "limiting": ("万盛经开区不再新增焦炭产能。", [("万盛经开区", "焦炭", "restrict")]),
    "moving to a park": (
        "有序推进水泥熟料产能搬迁合并项目落地万州经开区新材料产业园。",
        [],
    ),
    "a research centre": (
        "支持九龙坡区建设镁合金研发中心。",
        [("九龙坡区", "镁合金", "research")],
    ),
    "places before as attributes": (
        "加快建设长寿硅基气凝胶项目、涪陵高端铝板项目。",
        [("长寿", "硅基气凝胶", "build"), ("涪陵", "高端铝板", "build")],
    ),
    "a list that goes on after a comma": (
        "涪陵区重点发展铝板、铝箔等铝加工，镁锭、镁压铸件等镁加工。",
        [("涪陵区", s, "develop") for s in ("铝板", "铝箔", "镁锭", "镁压铸件")],
    ),
    "a basis": (
        "依托涪陵区、南川区页岩气资源，发展合成氨。",
        [("涪陵区", "合成氨", "develop"), ("南川区", "合成氨", "develop")],
    ),
    "a company is no place": ("依托重庆钢铁股份有限公司发展耐候钢。", []),
    "a responsible body is no place": (
        "推动新材料发展。（责任单位：万州区人民政府、江津区人民政府）",
        [],
    ),
    "the past is no plan": ("长寿区已建成西部最大的天然气化工基地。", []),
    "no place, no row": ("大力发展铝合金、镁合金，做强铜产业。", []),
    "nothing abstract": ("推动江津区提升创新能力，打造一流营商环境，完善服务体系。", []),
    "nothing for the whole city": (
        "推动江津区发展铜加工。全市要大力培育石墨烯产业。",
        [("江津区", "铜加工", "develop")],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_constructions(read, name):
    text, expected = SENTENCES[name]
    assert read(text) == expected


def test_a_heading_of_places_is_the_subject_until_the_next(read):
    text = "（一）涪陵区。\n大力发展镁合金。\n（二）其他。\n大力发展铜加工。"
    assert read(text) == [("涪陵区", "镁合金", "develop")]


def test_a_label_of_a_place_is_the_subject(read):
    assert read("长寿区：重点发展聚氨酯。") == [("长寿区", "聚氨酯", "develop")]


def test_a_list_of_places_under_a_heading(read):
    text = "（一）做大磁性材料。\n专栏1磁性材料\n主要园区\t江津工业园区、同兴工业园区\n"
    assert read(text) == [
        ("江津工业园区", "磁性材料", "strengthen"), ("同兴工业园区", "磁性材料", "strengthen"),
    ]  # fmt: skip


def test_a_table_of_parks_beside_industries(read):
    text = (
        "所在区县\t园区名称\t主导产业\n长寿区\t长寿经开区\t聚氨酯、尼龙\n\t晏家工业园区\t特种钢\n"
    )
    assert read(text) == [
        ("长寿经开区", "聚氨酯", "develop"),
        ("长寿经开区", "尼龙", "develop"),
        ("晏家工业园区", "特种钢", "develop"),
    ]


def test_the_figures_of_a_province(read):
    text = "加快培育钒钛、锂电材料等2个500亿级产业链，稀土100亿级产业链。"
    assert read(text, SICHUAN) == [("", s, "develop") for s in ("钒钛", "锂电材料", "稀土")]


def test_other_provinces_and_industries_work_too(extractor):
    text = "支持枝江市姚家港化工园发展电子级磷酸。猇亭区退出黄磷。"
    rows = extractor.assignments(text, "x", HUBEI)
    assert [(r.place_kind, r.parent_code, r.sector_text, r.action) for r, _ in rows] == [
        ("park", "420583", "电子级磷酸", "develop"), ("unit", "420505", "黄磷", "phase_out"),
    ]  # fmt: skip
    assert rows[0][0].place_id == "420583-yaojiagang"
    assert rows[0][0].province == "湖北省"


def test_a_bare_name_shared_by_a_city_and_its_district_is_the_city(read):
    assert read("推动荆州发展石化。", HUBEI) == [("荆州", "石化", "develop")]


@pytest.mark.parametrize(
    "text",
    [
        "把五花肉切成小块，加入生姜、料酒腌制，大火烧开后转小火慢炖，发展出浓郁香味。",
        "春江潮水连海平，海上明月共潮生。",
        "2020年，綦江区形成了以铝合金为主的产业集群，涪陵区培育出聚氨酯产业。",
        "由市经济信息委牵头，涪陵区政府、长寿区政府配合，加快发展化工新材料产业。",
        "万州区、涪陵区经济和信息化局要推进先进材料产业发展。",
        "涪陵区建设年产10万吨，打造中国铝都。",
        "新建化工项目原则上进入长寿区化工园区。",
        "",
    ],
)
def test_nothing_is_invented(read, text):
    assert read(text) == []


def test_rows_say_how_they_were_read(extractor):
    ((row, reading),) = extractor.assignments("推动江津区有序合规发展铜加工。", "p", CHONGQING)
    assert (row.place_id, row.sector_l1, row.action_text) == (
        "500116",
        "先进有色合金",
        "推动…有序合规发展",
    )
    assert row.condition == "有序合规"
    assert reading.reason
    assert 0 < reading.confidence <= 1


def test_the_province_and_the_date_of_a_text(china):
    text = "重庆市经济和信息化委员会\n2022年12月15日\n推动重庆与四川合作，建设重庆"
    assert likely_province(text, china.registry) == CHONGQING
    assert likely_date(text) == date(2022, 12, 15)
    assert likely_date("2022年13月45日") is None
    with pytest.raises(UnclearProvince, match="--province"):
        likely_province("发展钢铁", china.registry)


PIECES = [
    "推动", "支持", "探索", "发展", "做强", "布局", "退出", "搬迁", "转移", "建设", "打造", "集聚",
    "江津区", "綦江", "白沙组团", "长寿经开区", "铝合金", "光伏玻璃", "石墨烯", "项目", "产业链",
    "（", "）", "“", "”", "，", "。", "；", "：", "、", "和", "与", "的", "分别",
    "为核心的", "为重点", "1800亿级", "500亿元", "2025年底前", "\n", "\t", "一、", "（一）",
    "1.", "专栏1", "主要园区", "由", "组成", "等地", "以", "向", "在", "围绕", "北翼由",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_mixture_of_words_is_read_without_a_fault(extractor, pieces):
    text = "".join(pieces)
    for row, _ in extractor.assignments(text, "x", CHONGQING):
        assert 0 <= row.start < row.end <= len(text)
        assert row.sector_text == re.sub(r"\s+", "", text[row.start : row.end])
    extractor.issues(text, CHONGQING)
