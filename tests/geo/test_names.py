from __future__ import annotations

import pytest

from geo.names import inner_and_outer, is_zone_name, normalised, short_form, zone_stem


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("江津区", "江津"), ("忠县", "忠县"), ("自贡市", "自贡"), ("四川省", "四川"),
        ("市中区", "市中区"),
        ("秀山土家族苗族自治县", "秀山"), ("凉山彝族自治州", "凉山"), ("广西壮族自治区", "广西"),
        ("新疆维吾尔自治区", "新疆"), ("内蒙古自治区", "内蒙古"),
        ("隆林各族自治县", "隆林"), ("两江新区", "两江新区"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("鄂温克族自治旗", "鄂温克族自治旗"), ("大兴安岭地区", "大兴安岭"),
    ],
)  # fmt: skip
def test_short_forms(name, short):
    assert short_form(name) == short


def test_short_forms_agree_with_the_registry(registry):
    for place in registry:
        if place.kind in {"unit", "province"}:
            assert short_form(place.name) == place.short_name


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("白涛园工业区", "白涛"), ("涪陵白涛工业园", "涪陵白涛"), ("李渡组团", "李渡"),
        ("双桥经开区", "双桥"),
        ("西彭工业园区", "西彭"), ("港桥产业园", "港桥"), ("夏坝", "夏坝"), ("工业园区", ""),
    ],
)  # fmt: skip
def test_stems(name, stem):
    assert zone_stem(name) == stem
    assert is_zone_name(name) == (stem != name)


def test_normalising():
    assert normalised(" “江津 白沙组团” ") == "江津白沙组团"
    assert normalised("荣昌-隆昌") == normalised("荣昌—隆昌") == normalised("荣昌——隆昌")
    assert normalised("杭州(富阳)") == "杭州（富阳）"
    assert normalised("合江·江津") == normalised("合江江津")


def test_brackets():
    assert inner_and_outer("杭州（富阳）") == ("富阳", "杭州")
    assert inner_and_outer("杭州") is None
    assert inner_and_outer("宁波（江北）膜幻动力小镇") is None
