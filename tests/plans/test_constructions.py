"""Constructions that are no plain subject, verb and object: one sentence each."""

from __future__ import annotations

from datetime import date

import pytest

HUNAN, HENAN, YUNNAN, XINJIANG = "430000", "410000", "530000", "650000"


@pytest.fixture
def read(extractor):
    def rows(text, province=HUNAN):
        return [
            (r.place.text, text[slice(*r.sector)], r.action)
            for r in extractor.read(text, province, date(2022, 6, 1))
        ]

    return rows


def each(places, sector, action):
    return [(place, sector, action) for place in places.split()]


SENTENCES = {
    "a centre and its wings": (
        "以长沙为核心，株洲、湘潭为支撑，打造工程机械产业集群。",
        each("长沙 株洲 湘潭", "工程机械", "develop"),
    ),
    "a centre inside the object": (
        "形成以长沙为核心、株洲湘潭为两翼的先进储能材料产业布局。",
        each("长沙 株洲 湘潭", "先进储能材料", "develop"),
    ),
    "centres of an industry named before": (
        "陶瓷材料产业：以醴陵市为核心区，新化县、岳阳县为拓展区。",
        each("醴陵市 新化县 岳阳县", "陶瓷材料", "develop"),
    ),
    "centres, the industry at the end": (
        "形成以娄底为核心，衡阳为支撑，湘潭为补充的特种钢材发展格局。",
        each("娄底 衡阳 湘潭", "特种钢材", "develop"),
    ),
    "each place with its industry": (
        "重点打造岳阳石化、郴州有色金属、邵阳特种玻璃等产业基地。",
        [
            ("岳阳", "石化", "develop"),
            ("郴州", "有色金属", "develop"),
            ("邵阳", "特种玻璃", "develop"),
        ],
    ),
    "each place with its industry in brackets": (
        "建设长沙（工程机械）、株洲（轨道交通装备）产业基地。",
        [("长沙", "工程机械", "build"), ("株洲", "轨道交通装备", "build")],
    ),
    "projects, the verb at the end": (
        "加快推进岳阳己内酰胺、衡阳盐卤化工等项目建设。",
        [("岳阳", "己内酰胺", "build"), ("衡阳", "盐卤化工", "build")],
    ),
    "dealt out in two parts": (
        "宁乡高新区、娄底经开区分别培育电驱动总成和铝合金轮毂、转向节。",
        [
            ("宁乡高新区", "电驱动总成", "develop"),
            ("娄底经开区", "铝合金轮毂", "develop"),
            ("娄底经开区", "转向节", "develop"),
        ],
    ),
    "turning into another industry": (
        "推动耒阳市焦化副产向苯系精细化学品延伸。",
        [("耒阳市", "苯系精细化学品", "develop")],
    ),
    "both ends of a move": (
        "石峰区冶炼企业搬迁至常宁市。",
        each("石峰区 常宁市", "冶炼", "relocate_merge"),
    ),
    "put somewhere": ("正极材料放在宁乡市。", [("宁乡市", "正极材料", "develop")]),
    "the only verb is 聚焦": ("桂阳县聚焦石墨负极材料。", [("桂阳县", "石墨负极材料", "develop")]),
    "a part of the province": (
        "湘南地区延伸铝基复合材料。",
        [("湘南地区", "铝基复合材料", "develop")],
    ),
    "a county of a city": (
        "锰系材料主要布局在湘西州的花垣县、保靖县。",
        each("花垣县 保靖县", "锰系材料", "develop"),
    ),
    "a subject and the park it rests on": (
        "望城区依托铜官工业园发展聚氨酯。",
        each("望城区 铜官工业园", "聚氨酯", "develop"),
    ),
    "a zone founded together": (
        "推动长沙市与株洲市共建长株新材料产业走廊，发展硬质合金。",
        [
            *each("长沙市 株洲市 长株新材料产业走廊", "新材料产业", "build"),
            *each("长沙市 株洲市 长株新材料产业走廊", "硬质合金", "develop"),
        ],
    ),
    "a rule for any new project": ("新建化工项目原则上进入长沙市化工园区。", []),
    "a sentence that names another place limits that place": (
        "鼓励怀化市发展锰酸锂；严格控制花垣县电解锰产能，退出电解锰生产线。",
        [
            ("怀化市", "锰酸锂", "develop"),
            ("花垣县", "电解锰", "restrict"),
            ("花垣县", "电解锰", "phase_out"),
        ],
    ),
    "an aside on partners": (
        "支持宁乡高新区联合中南大学等院所开展固态电池攻关。",
        [("宁乡高新区", "固态电池", "research")],
    ),
    "a list of what is in one": (
        "打造浏阳市集光纤、光缆于一体的光通信基地。",
        [
            ("浏阳市", "光纤", "develop"),
            ("浏阳市", "光缆", "develop"),
            ("浏阳市", "光通信", "develop"),
        ],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_constructions(read, name):
    text, expected = SENTENCES[name]
    assert read(text) == expected


def test_a_zone_without_its_unit_is_the_subjects(extractor):
    text = "郑州高新区、经开区分别布局金刚石热沉材料和晶圆划片刀。"
    found = extractor.read(text, HENAN, date(2022, 6, 1))
    assert [(r.place.text, r.place.parents) for r in found] == [
        ("郑州高新区", ("410100",)), ("经开区", ("410100",)),
    ]  # fmt: skip


def test_a_zone_is_remembered_by_its_own_name(extractor):
    text = "昆明海埂产业园发展锡材。\n海埂产业园做强钛材。"
    found = extractor.read(text, YUNNAN, date(2022, 6, 1))
    assert len({r.place.place_id for r in found}) == 1


def test_a_city_of_the_corps(read):
    assert read("第八师石河子市发展多晶硅。", XINJIANG) == [("第八师石河子市", "多晶硅", "develop")]


def test_a_table_flattened_without_numbers(read):
    text = (
        "专栏 重点园区（做强）\n园区\n主导产业\n株洲高新区\n硬质合金\n娄底经开区\n薄板\n"
        "宁乡高新区\n储能材料\n\n一、下一节\n"
    )
    assert read(text) == [
        ("株洲高新区", "硬质合金", "strengthen"),
        ("娄底经开区", "薄板", "strengthen"),
        ("宁乡高新区", "储能材料", "strengthen"),
    ]


def test_a_column_that_asks(read):
    text = "产品方向\t承载地\t工作要求\n高纯铟\t株洲高新区\t壮大规模\n锗单晶\t衡阳市\t新建\n"
    assert read(text) == [
        ("株洲高新区", "高纯铟", "strengthen"), ("衡阳市", "锗单晶", "build"),
    ]  # fmt: skip
