from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.documents import read_document


def sections(text):
    return [block.section for block in read_document(text).blocks]


def test_headings_nest():
    text = "一、总则\n（一）目标。到明年。\n1.甲市。发展钢铁。\n（1）子项\n二、任务\n正文。"
    assert sections(text) == [
        "一、总则",
        "一、总则/（一）目标",
        "一、总则/（一）目标/1.甲市",
        "一、总则/（一）目标/1.甲市/（1）子项",
        "二、任务",
        "二、任务",
    ]


def test_the_words_after_a_heading_are_the_body():
    (block,) = read_document("（一）做强钢铁。支持甲市发展不锈钢。").blocks
    assert block.clean[block.body :] == "支持甲市发展不锈钢。"


def test_a_long_numbered_sentence_is_no_heading():
    text = (
        "5.推动恒力集团智能化产业园、雅安玻璃等五十七个重大项目开工建设，做好项目建设前期手续办理。"
    )
    (block,) = read_document(text).blocks
    assert block.section == "5"
    assert block.clean[block.body :].startswith("推动恒力")


def test_a_number_is_no_heading():
    assert sections("2025年产值达到5.3亿元。") == [""]


def test_a_box_keeps_its_numbers_and_ends_where_the_count_outside_goes_on():
    text = "1.有色\n正文。\n专栏2 重点\n1.铝\n2.铜\n3.锌\n2.钢铁\n正文。"
    assert sections(text)[-2:] == ["2.钢铁", "2.钢铁"]
    assert sections(text)[4].endswith("专栏2重点/2.铜")


def test_a_box_of_rows_ends_with_its_rows():
    text = "（一）钢铁。\n专栏1 钢铁\n主要园区\t甲园区、乙园区\n依托丙企业发展不锈钢。"
    assert sections(text) == [
        "（一）钢铁",
        "（一）钢铁/专栏1钢铁",
        "（一）钢铁/专栏1钢铁",
        "（一）钢铁",
    ]


def test_a_label_before_a_colon():
    (block,) = read_document("长寿区：发展天然气化工。").blocks
    assert block.section == "长寿区"
    assert block.clean[block.body :] == "发展天然气化工。"


def test_a_line_broken_in_mid_clause_is_whole_again():
    text = "推动荣昌区做强陶瓷；推动永川区\n\n做优绿色建材产业链，做强铝合金。"
    (block,) = read_document(text).blocks
    assert "推动永川区做优绿色建材" in block.clean
    at = block.clean.index("绿色建材")
    assert text[slice(*block.span(at, at + 4))] == "绿色建材"


def test_lines_that_end_are_not_joined():
    assert len(read_document("发展钢铁。\n发展水泥。").blocks) == 2


def test_rows_have_cells():
    (block,) = read_document("园区\t主导产业\t ").blocks
    assert [block.clean[a:b] for a, b in block.cells] == ["园区", "主导产业", ""]


def test_punctuation_has_one_width():
    (block,) = read_document("发展玻璃(含光伏玻璃),做强陶瓷;").blocks
    assert block.clean == "发展玻璃（含光伏玻璃），做强陶瓷；"


@given(st.text(alphabet="一二、（）1.。：；，\n\t 甲市发展钢铁专栏附件", max_size=120))
def test_every_character_leads_back_to_its_own(text):
    document = read_document(text)
    for block in document.blocks:
        assert len(block.clean) == len(block.positions)
        assert list(block.positions) == sorted(block.positions)
        for character, position in zip(block.clean, block.positions, strict=True):
            if character not in "｜：；，（）。":
                assert text[position] == character


@pytest.mark.parametrize("text", ["", "\n\n", "　", "\t\t"])
def test_nothing_is_an_empty_document(text):
    assert all(not block.clean.strip("｜") for block in read_document(text).blocks)
