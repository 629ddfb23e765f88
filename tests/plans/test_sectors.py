from __future__ import annotations

import pytest

from errors import DataError
from plans.sectors import Sector, SectorTree, load_sectors

TOP = (
    "先进有色合金 先进钢铁材料 特种合金 钒钛材料 稀土材料 "
    "磁性材料 化工新材料 氟硅新材料 高性能纤维和复合材料 无机非金属材料 "
    "先进陶瓷 绿色建材 新能源材料 电子信息材料 光电与光学膜材料 "
    "生物医用与生物基材料 石墨烯 气凝胶 前沿新材料 功能材料 "
    "新材料综合 其他产业 "
).split()
HEADER = "code,parent_code,name_zh,name_en,aliases,colour\n"


def test_the_top_level_is_fixed(sectors):
    assert {sector.name_zh for sector in sectors.top()} == set(TOP)
    assert len({sector.colour for sector in sectors.top()}) == len(TOP)


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
