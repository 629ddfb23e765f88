"""Figures a plan sets for an industry of its whole province: 打造1800亿级X产业集群."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.items import Item, Itemiser

AMOUNT = r"(?:(?<![0-9.,])[0-9][0-9.,]*(?:万|千|百)?亿元?|[千百万]亿)"
UNIT = "辆|吨|标箱|千瓦|吉瓦时|吉瓦|兆瓦|GWh|GW|MW|台|套|片|平方米|立方米|重量箱|件"
QUANTITY = rf"(?:{AMOUNT}|(?<![0-9.,])[0-9][0-9.,]*(?:万|亿)?(?:{UNIT}))"
LEVEL = re.compile(
    rf"(?P<count>(?<![0-9一二三四五六七八九十两几])[0-9一二三四五六七八九十两几]+[个大])?{AMOUNT}(?:元)?(?:级|规模)(?:以上)?的?"
)
REACHES = re.compile(
    r"(?:年?(?:规模以上)?(?:工业)?(?:生产能力|产能|产量|规模总量|产业规模|总规模|规模|总产值|年产值|产值|工业产值|主营业务收入|营业收入|年营业收入|销售收入|总收入|收入|增加值))?"
    rf"(?:力争|争取|总量|预计|分别|将|要)*(?:突破|达到|超过|实现|达|超|超千亿|保持在|稳定在|提高到)+"
    rf"(?:销售收入|营业收入|产值|主营业务收入)?(?:到)?{QUANTITY}"
)
CAP = re.compile(
    r"(?:日熔量|产能规模|产能|产量|总量|能力)?(?:分别)?(?:严格)?(?:控制在|限制在|稳定在|压减到|压减至|降至|降到|不超过)"
    + QUANTITY
)
"""The words of an upper limit; the action is then `restrict`."""
SEVERAL = re.compile(rf"(?<=元)、(?=[^、]*{AMOUNT})")
GROWTH = re.compile(
    r"(?:营业收入|产值|主营业务收入|增加值|规模|产量)?(?:年均|每年)?(?:增长|增速)(?:达到|保持在|超过|达)?[0-9.]+[%％]"
)
FIGURE = re.compile(AMOUNT)
BARE = re.compile(rf"(?<=[一-鿿])(?={AMOUNT}元?(?:$|，|、|；))")
SUBJECT = re.compile(
    r"(?:^|[，：；])(?:到20\d\d年，?|20\d\d年|其中|全[省市区]|我[省市]|力争|力争到|使|推动|确保|实现)*"
)


def figured_items(itemiser: Itemiser, clean: str, start: int, end: int) -> Iterator[Item]:
    """List the industries for which a clause sets a figure.

    Parameters
    ----------
    clean
        A clean text without places between ``start`` and ``end``.
    """
    level = LEVEL.search(clean, start, end)
    if level:
        after = itemiser.items(clean, level.end(), end)
        before = clean[start : level.start()].rstrip("等")
        listed = itemiser.items(clean, start, start + len(before))
        yield from (listed or after) if level["count"] else (after or listed)
        return
    pieces = SEVERAL.split(clean[start:end])
    if len(pieces) > 1:
        begin = start
        for piece in pieces:
            yield from figured_items(itemiser, clean, begin, begin + len(piece))
            begin += len(piece) + 1
        return
    reach = (
        REACHES.search(clean, start, end)
        or CAP.search(clean, start, end)
        or GROWTH.search(clean, start, end)
        or BARE.search(clean, start, end)
    )
    if reach and reach.start() > start:
        begin = start
        opening = re.compile(r"(?:到?20\d\d年|其中|全[省市区]|我[省市]|力争|推动|确保)+").match(
            clean, start, end
        )
        if opening:
            begin = opening.end()
        found = itemiser.items(clean, begin, reach.start())
        grows = not FIGURE.search(clean, reach.start(), reach.end())
        yield from (i for i in found if not grows or itemiser.knows(clean[i.start : i.end]))
