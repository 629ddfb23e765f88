from __future__ import annotations

import numpy as np
import pytest

from errors import DataError
from geo.tables import read_table
from plans.sectors import Sector, SectorTree, load_sectors
from settings import ROOT

TOP = (
    "先进有色合金 先进钢铁材料 特种合金 钒钛材料 稀土材料 "
    "磁性材料 化工新材料 氟硅新材料 高性能纤维和复合材料 无机非金属材料 "
    "先进陶瓷 绿色建材 新能源材料 电子信息材料 光电与光学膜材料 "
    "生物医用与生物基材料 石墨烯 气凝胶 前沿新材料 功能材料 "
    "新材料综合 其他产业 "
).split()
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB."""
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
"""sRGB to XYZ (IEC 61966-2-1); white is D65."""
HEADER = "code,parent_code,name_zh,name_en,aliases,colour\n"


def test_the_top_level_is_fixed(sectors):
    assert {sector.name_zh for sector in sectors.top()} == set(TOP)
    assert len({sector.colour for sector in sectors.top()}) == len(TOP)


def lab(colours, vision):
    """CIE 1976 L*a*b* of sRGB colours as somebody with that vision sees them."""
    channels = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ vision.T, 0, 1) @ XYZ.T / np.array([0.95047, 1, 1.08883])
    f = np.where(seen > 216 / 24389, np.cbrt(seen), (24389 / 27 * seen + 16) / 116)
    x, y, z = f.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@pytest.mark.parametrize("vision", VISION)
def test_colours_differ_with_any_vision(sectors, vision):
    points = lab([sector.colour for sector in sectors.top()], VISION[vision])
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert apart[~np.eye(len(points), dtype=bool)].min() > 15, "ΔE of the nearest two"


@pytest.mark.parametrize("scheme", ["gbt4754", "sei2018"])
def test_every_class_of_the_crosswalk_has_its_name(sectors, scheme):
    rows = read_table(ROOT / "data" / "classifications.csv", ("scheme", "code", "name"))
    names = {row["code"]: row["name"] for row in rows if row["scheme"] == scheme}
    used = {code for sector in sectors for code in getattr(sector, scheme)}
    assert used == set(names)
    assert all(names.values())


def test_the_crosswalk(sectors):
    assert sectors["nonferrous"].gbt4754 == ("C32",)
    assert sectors["nonferrous"].sei2018 == ("3.2",)
    assert not sectors["functional"].gbt4754, "no class covers it"


def test_lineage_runs_up_to_the_top(sectors):
    sector = sectors["nonferrous.light.aluminium"]
    assert sector.lineage == ("nonferrous.light.aluminium", "nonferrous.light", "nonferrous")
    assert sector.top_code == "nonferrous"
    assert sectors.path_names(sector.code) == ("先进有色合金", "轻合金", "铝合金")


def test_the_head_noun_decides(sectors):
    names = {n: s.top_code for s in sectors for n in (s.name_zh, *s.aliases)}
    assert names["光伏玻璃"] == names["光伏压延玻璃"] == "new-energy"
    assert names["平板玻璃"] == "building"


def test_no_name_means_two_sectors(sectors):
    names = [name for s in sectors for name in (s.name_zh, *s.aliases)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "rows",
    [
        "a.b,a,甲,A,,\n",
        "a,,甲,A,,\n",
        "a,,甲,A,,#000000\nb,a,乙,B,,#000000\n",
    ],
)
def test_a_broken_tree_is_refused(tmp_path, rows):
    path = tmp_path / "sectors.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(DataError):
        load_sectors(path)


def test_codes_are_looked_up():
    tree = SectorTree([Sector("a", "甲", "A", (), "#000000")])
    assert "a" in tree
    assert "b" not in tree
