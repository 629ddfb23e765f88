"""以甲为核心，乙、丙为支撑: the places that an industry is centred on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plans.mentions import Group

PART = re.compile(
    r"(?:梯次|协同|联动|配套|错位|跟进|支撑|互补|多点)(?:跟进|发展|布局|联动|推进|配套|协作|支撑|互补)(?=的)"
    r"|(?:作)?为(?:主要|重要|全省|全国|产业|发展|创新|增长|特色|主)?"
    r"(?:核心|中心|龙头|主体|重点|引领|引擎|两翼|一翼|支撑|支点|节点|载体|补充|配套|辅|骨干|拓展|承载|示范|延伸|联动|协同|极点|阵地|战场|平台|补充|先导|首位|窗口)"
    r"(?:区域|区|引领|带动|承载|布局|发展|拓展|地|载体|城市|基地|园区|节点|支点|轴|点|极)*"
)
"""What a place is of the whole: its core, its wings."""
BRACKET = re.compile(r"（[^（）]*）")


def centred(clean: str, groups: Sequence[Group], start: int, end: int) -> tuple[list[Group], int]:
    """The places of 以甲为核心、乙为两翼 that begins at ``start``, and where it ends.

    Returns
    -------
    tuple
        No groups where the words there are no such construction.
    """
    found: list[Group] = []
    position = begun = start
    while position < end:
        begin = position + (clean[position] == "以")
        group = next((g for g in groups if g.start == begin), None)
        if group is None:
            break
        bracket = BRACKET.match(clean, group.end, end)
        stop = bracket.end() if bracket else group.end
        part = PART.match(clean, stop, end)
        if part is None and bracket and clean[stop : stop + 1] == "、":
            found.append(group)
            position = stop + 1
            continue
        if part is None:
            break
        found.append(group)
        start = position = part.end()
        position += clean[position : position + 1] in {"、", "和"}
    return (found, start) if found and start > begun else ([], begun)
