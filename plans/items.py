"""From the object of a verb to the industries it lists: 铝、铜和绿色建材等产业链 → three."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.lexicon import Lexicon
from plans.sectors import SectorTree

CORE = re.compile(
    r"(?:以|将)?(?P<core>[^，。；]{1,60}?)等?(?:产业|行业|领域|产品)?(?:为|作为)(?:主要)?"
    r"(?:核心|重点|主体|主导|主|代表|特色|龙头|支撑|引领|基础|方向|支柱|骨干)"
    r"(?:产品|产业|内容|方向)?的(?P<rest>.*)"
)
WHOLE = re.compile(r"集(?P<parts>[^，。；]{2,40}?)(?:为|于)?一体的(?P<rest>.*)")
ACTIVITIES = re.compile("(?:研发|制造|检测|营销|生产|销售|服务|设计|贸易|培训|孵化)(?=[、和与]|$)")
INCLUDED = re.compile(r"（(?:含|包括|主要为|主要包括|重点发展|重点是)(?P<items>[^（）]+)）")
BRACKET = re.compile(r"（(?P<words>[^（）]+)）")
COUNT = re.compile(
    r"(?:(?<![0-9])[0-9一二两三四五六七八九十]+|若干)(?:条|台|座|家|个|套|孔|处)(?:以上)?$"
)
SURPLUS = re.compile(r"(?:落后|过剩|低效|低端|新增)?(?:产能|产量)")
COURSE = re.compile(r"从[^，。；]{2,30}到[^，。；]{2,40}的")
WITHIN = re.compile(r"由[^，。；]{2,20}?向|[^，。；、]{2,20}(?:公里|范围|岸线)(?:以)?[内外]的?")
ET_CETERA = re.compile(r"(?<![高中同平均相])等(?![离级静温腐量效同候])")
SPLIT = re.compile(r"以及|[、/；]|和|与|及(?!以[上下内外])|或|暨")
JOINED = re.compile(r"[和与及]")
QUOTED_CHAIN = re.compile(r"”(?:全?产业链条?|链条?)?$")
CHAIN = re.compile(r"[^—\-→]+[—\-→][^—\-→]+[—\-→]")
PROCESSED = re.compile(r"(?<![一-鿿])([一-鿿]{1,4})[及和与]\1(?:基材料)?(?:精|深|精深)?加工")
"""铝及铝加工: one industry."""
LINKS = re.compile(r"以及|[、/；—\-→]|和|与|及|或|暨")
QUALITIES = ("优势", "竞争力", "附加值", "品质", "质量", "水平", "产能", "规模", "比重")
QUALITY = re.compile(
    r"(?:领先|改装|精深加工|深加工|能效|能耗|综合能效|技术|装备|工艺|综合回收|合成|生产|制造|加工|冶炼|回收|利用|保障|供给|供应|自主|综合|产品)*"
    r"(?:水平|质量|能力|品质|供给|供应|附加值|档次|竞争力|自给率|比重|占比|效率|优势|地位)$"
)
"""What may be raised of an industry: 提升X质量."""
SUBSTANCES = tuple(
    "金属 剂 渣 砖 膜 板 钢 铝 铜 硅 料 品 件 器 油 酸 盐 碱 纤维 玻璃 陶瓷 树脂 电池 矿 金".split()
)
"""How the names of goods end."""
METAPHOR = re.compile(
    "[碳硅光药车锂钒镍铜锡锑氢钛铝][谷都城港湾]$"
    r"|(?:年产|总?投资|占地)约?[0-9.]+(?:万|亿)?(?:吨|元|台|台套|辆|套|兆瓦|千瓦|平方米|亩|件|只|片)$"
)
"""中国碳谷, 总投资9亿元: no industry."""
SIZED = re.compile(
    r"(?:年产|年处理|单线|单套|单条线?)?[0-9][0-9.]*(?:万|亿)?(?:吨|辆|台|套|千瓦|吉瓦时?|GWh?|GW|MW|平方米|立方米|立方|千伏安|米|毫米)"
    r"(?:/年|/日)?级?(?:及?以[上下])?的?(?=[一-鿿A-Z])"
)
"""The size before what is made: 年产1万吨以下电解锰."""
SITE = re.compile(
    r"(?:研发|生产|制造|加工|应用|供应|集散|出口|配套|产业|示范|创新|重要|特色)*"
    r"(?:基地|中心|集群|集聚区|聚集区|高地|园区|产业链|产业带|项目)等?"
)
"""What an industry may be the attribute of: X的研发生产基地."""
QUOTES = "“”‘’《》\"'"
SIZE = re.compile(r"(?:百亿|千亿|万亿|[0-9]+亿)(?:级|元级)?(?:以上)?$")
PROVINCES = re.compile(
    r"[京津冀沪苏浙皖川渝粤港澳台闽赣湘鄂鲁豫晋陕甘宁青新藏云贵桂琼黑吉辽蒙]{2,4}"
)
COUNTED = re.compile(r"[0-9一二三四五六七八九十两几]+(?:[—-][0-9]+)?[家个户条种类项座所件名批年]")
VAGUE = {
    "省内",
    "省外",
    "专业",
    "特色",
    "备案外",
    "中小",
    "本地",
    "国内领先",
    "高性能",
    "高端",
    "优质",
    "大型",
    "先进",
    "绿色",
    "智能",
    "高附加值",
    "新型",
    "中高端",
    "国内",
    "我国",
    "高品质",
    "关键",
    "核心",
}
TOO_LONG = 26
"""Characters beyond which words between two commas are a sentence, not an industry."""


@dataclass(frozen=True, slots=True)
class Item:
    """An industry's words: a half-open range in the clean text."""

    start: int
    end: int


class Itemiser:
    """Splits objects into industries.

    Parameters
    ----------
    lexicon
        Says what is no industry, and what is taken off at both ends.
    sectors
        Names in it are never split nor refused.
    """

    def __init__(self, lexicon: Lexicon, sectors: SectorTree) -> None:
        self._lexicon = lexicon
        self._sectors = sectors
        self._endings = {n for s in sectors for n in (s.name_zh, *s.aliases, *s.heads)}
        self._plain = {
            name
            for s in sectors
            if s.top_code == "building"  # only building materials are written so
            for name in (s.name_zh, *s.aliases)
            if name in s.heads
        }
        self._known = {name for s in sectors for name in (s.name_zh, *s.aliases)}
        self._verbal = [name for name in self._known if lexicon.any_verb.match(name)]
        joined = [
            name
            for name in self._known
            if JOINED.search(name)
            and not ("及" in name and all(part in self._known for part in JOINED.split(name)))
        ]
        self._joined = re.compile("|".join(map(re.escape, sorted(joined, key=len, reverse=True))))

    def items(self, clean: str, start: int, end: int) -> list[Item]:
        """List the industries in a range of a clean text, in order.

        以X为核心的Y gives the items of X, and Y where it is of another top-level sector;
        集A、B于一体的Y gives A, B and Y;
        A、B等Y gives A and B.
        """
        core = CORE.match(clean, start, end)
        if core:
            inner = self._split(clean, core.start("core"), core.end("core"))
            outer = self._split(clean, core.start("rest"), core.end("rest"))
            tops = {self._top(clean, item) for item in inner}
            beside = [item for item in outer[:1] if self._top(clean, item) not in tops]
            return inner + beside + outer[1:]
        whole = WHOLE.search(clean, start, end)
        if whole:
            parts = self._split(clean, whole.start("parts"), whole.end("parts"))
            if ACTIVITIES.search(whole["parts"]):
                parts = []
            return parts + self._split(clean, whole.start("rest"), end)
        return self._split(clean, start, end)

    def knows(self, words: str) -> bool:
        """Tell whether words end with the name of a sector of the tree."""
        return any(words[n:] in self._endings for n in range(len(words)))

    def begins_name(self, clean: str, start: int, end: int) -> bool:
        """Tell whether a name of the tree begins at ``start`` and goes past ``end``: 培育钻石."""
        return any(
            clean.startswith(name, start) for name in self._verbal if len(name) > end - start
        )

    def known_within(self, clean: str, start: int, end: int) -> Item | None:
        """The longest name of a sector, of three characters or more, inside some words."""
        found = [
            Item(a, b)
            for a in range(start, end)
            for b in range(a + 3, end + 1)
            if clean[a:b] in self._known
        ]
        return max(found, key=lambda i: (i.end - i.start, i.end), default=None)

    def is_industry(self, words: str) -> bool:
        """Tell whether words, already trimmed, name an industry or product."""
        if words in self._known:
            return True
        if METAPHOR.search(words):
            return False
        if (
            re.search(
                "公司|集团|跟着|企业.|保留|就近|提供|须|一律|进入|应当|不得|做好|各地|妥善|严防|坚持|并举",
                words,
            )
            or PROVINCES.fullmatch(words)
            or COUNTED.match(words)
            or words in VAGUE
        ):
            return False
        if len(words) < 2 or len(words) > TOO_LONG or words in self._lexicon.abstract:
            return False
        if re.fullmatch(r"[\dA-Z.%—\-]+(?:家|个|户|万|亿|元|亿元|以上|吨|万吨)*", words):
            return bool(re.fullmatch(r"[A-Z]{2,8}", words))
        named = any(words[n:] in self._known for n in range(len(words) - 2))
        return named or not words.endswith(self._lexicon.abstract_heads)

    def _split(self, clean: str, start: int, end: int) -> list[Item]:
        course = COURSE.match(clean, start, end) or WITHIN.match(clean, start, end)
        if course:
            start = course.end()
        items = []
        included = INCLUDED.search(clean, start, end)
        if included:
            items = self._split(clean, included.start("items"), included.end("items"))
            end = included.start()
        more = ET_CETERA.search(clean, start, end)
        stop = more.start() if more else end
        for a, b in self._pieces(clean, start, stop):
            bracket = BRACKET.search(clean, a, b)
            if bracket and bracket.start() == a:
                items += self._split(clean, *bracket.span("words"))
                a = bracket.end()  # noqa: PLW2901  甲（X）产业基地: the brackets hold the industry
            item = self._trimmed(clean, a, b)
            if item:
                items += self._pair(clean, item)
            if item and bracket and bracket.start() > a and "、" in bracket["words"]:
                items += self._split(clean, *bracket.span("words"))
        return items

    def _top(self, clean: str, item: Item) -> str:
        return self._sectors.classify(clean[item.start : item.end]).top_code

    def _pair(self, clean: str, item: Item) -> list[Item]:
        """玻璃陶瓷: two sectors of the tree written in one word."""
        words = clean[item.start : item.end]
        if words not in self._known:
            for cut in range(2, len(words) - 1):
                if words[:cut] in self._plain and words[cut:] in self._plain:
                    middle = item.start + cut
                    return [Item(item.start, middle), Item(middle, item.end)]
        return [item]

    def _pieces(self, clean: str, start: int, end: int) -> list[tuple[int, int]]:
        """Ranges between the joints that stand outside brackets and known names."""
        held = (
            [m.span() for m in self._joined.finditer(clean, start, end)]
            if self._joined.pattern
            else []
        )
        held += [m.span() for m in re.compile(r"（[^（）]*）").finditer(clean, start, end)]
        held += [m.span() for m in PROCESSED.finditer(clean, start, end)]
        pieces, last = [], start
        quoted = QUOTED_CHAIN.search(clean[start : end + 1]) or QUOTED_CHAIN.search(
            clean[start:end]
        )
        chain = quoted and CHAIN.search(clean, start, end)
        for joint in (LINKS if chain else SPLIT).finditer(clean, start, end):
            if any(a <= joint.start() < b for a, b in held):
                continue
            pieces.append((last, joint.start()))
            last = joint.end()
        pieces.append((last, end))
        return pieces

    def _trimmed(self, clean: str, start: int, end: int) -> Item | None:
        """Take modifiers and tails off; None where no industry is left."""
        start, end = _unwrapped(clean, start, end)
        attribute = clean.rfind("的", start, end)
        if attribute >= 0 and attribute + 1 < end:
            item = self._trimmed(clean, attribute + 1, end)
            quality = clean[attribute + 1 : end].endswith(QUALITIES)
            quality = quality or bool(SITE.fullmatch(clean, attribute + 1, end))
            if item is None and quality and attribute > start:
                return self._trimmed(clean, start, attribute)  # 提升X的技术优势
            return item
        sized = SIZED.match(clean, start, end)
        if sized and end - sized.end() > 1 and clean[start:end] not in self._known:
            start = sized.end()
        while True:
            front = self._lexicon.front.match(clean, start, end)
            if not front or clean[start:end] in self._known:
                break
            start = front.end()
        surplus = SURPLUS.search(clean, start + 1, end)
        end = surplus.start() if surplus else end
        while clean[start:end] not in self._known:
            tail = self._lexicon.tail.search(clean[start:end])
            if not tail or not tail.start():
                break
            end = start + tail.start()
            while start < end and clean[end - 1] in QUOTES:
                end -= 1
            size = SIZE.search(clean, start, end)
            end = size.start() if size and size.start() > start else end
        if self.is_industry(clean[start:end]):
            return Item(start, end)
        raised = QUALITY.search(clean[start:end])
        rest = clean[start : start + raised.start()] if raised else ""
        if raised and (self.knows(rest) or (len(rest) > 2 and rest.endswith(SUBSTANCES))):
            return self._trimmed(clean, start, start + raised.start())
        return None


def _unwrapped(clean: str, start: int, end: int) -> tuple[int, int]:
    """A range without a bracket, a count or quotation marks at its ends."""
    bracket = clean.find("（", start, end)
    if bracket > start and clean[end - 1] == "）":
        end = bracket
    count = COUNT.search(clean[start:end])
    end = start + count.start() if count and count.start() else end
    while start < end and clean[start] in QUOTES:
        start += 1
    while start < end and clean[end - 1] in QUOTES + "的中上等":
        end -= 1
    return start, end
