"""Where a text names places: units by their names, parks by how such names are built.

A name found is not yet a place that is assigned anything; the grammar decides its part.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from geo.places import Place
from geo.tables import read_column, read_table
from plans.naming import Namer
from plans.zones import BARE_ZONE, COUNTED_ZONES, PLAIN_ZONE, SHORT_ZONE, TOWN, ZoneWords

REGION_TAILS = (
    "", "地区", "片区", "区域", "沿线", "各市", "各县", "城市群", "都市圈", "经济带", "经济区",
    "经济圈", "生态经济区", "协同发展区", "城镇群", "产业带", "三市", "四市", "五市", "三地州",
    "四地州", "各地州",
)  # fmt: skip
"""What may follow the name of a part of the province: 豫西地区."""
OWN_REGION = re.compile(r"[㐀-鿿]{1,8}(?:带|翼|板块|走廊|组团)(?:由|以|包括|涵盖|覆盖|[，。；]|$)")
"""What makes it the name of the plan's own region: 皖北组件带由甲、乙组成."""
JOINTS = ("以及", "、", "和", "与", "及", "—", "-", "－", "·", "＋", "+", "/", "暨", "至")
ZONE_BRACKET = re.compile(r"（[㐀-鿿]{2,6}）")
BRACKETED_ZONE = re.compile(r"（([^（），、]{3,12})）")
UNIT_BRACKET = re.compile(r"（([^（）]{2,10})）")
DIVISION = re.compile("第[一二三四五六七八九十]{1,3}师$")
"""第八师石河子市: the division of the corps that runs the city."""
BODY = re.compile(
    "(?:人民)?政府|管委会|[区县市]?委(?:、|加强|负责|牵头|要|会同)"
    "|(?:经济和信息化|工业和信息化|发展(?:和)?改革|财政|科技|商务|生态环境)(?:局|委|厅)"
)
"""What makes a unit's name the name of a body."""
TOPONYM = re.compile(
    r"[㐀-鿿]{2,4}?(?<!石化)(?<!化工)(?<!汽车)(?<!制造)(?<!材料)(?<!产业)(?<!电子)(?<!金属)(?<!装备)(?<!企业)(?<!公司)"
    r"(?=为(?:核心|龙头|主体|支撑|中心|重点)|等(?:园区|片区|港区|基地|地)|（[㐀-鿿A-Za-z、]{3,30}）(?:[、和等及]|[㐀-鿿]{0,6}基地))"
)
"""A place's own name after its unit's, where only a place can stand: 盘锦辽东湾为核心."""
LOCALITY = "片区"
"""What a place is taken for that only has a name of its own."""
COUNTED_UNIT = re.compile(
    r"([㐀-鿿]{2})(?=[两三四五六](?:[县市区地]|个[㐀-鿿]{0,4}(?:园区|开发区|经开区|高新区)))"
    r"|([㐀-鿿]{1,3}[县市区旗])(?=[、，和与及等]|分别|重点|有序|布局|发展|建设)"
)
"""The last of a list of units, which no registry knows: 、靳春两县."""
BEGINS = re.compile(
    r"(?<=[㐀-鿿])(?:在|依托|落户|入驻|迁入|迁至|搬迁至|搬迁到|转移至)"
    r"|(?:^|(?<=[，。；：]))(?:(?:并|同时)?(?:推动|支持|引导|鼓励|促进|推进|重点支持|探索|加快|培育(?=[^，。]{2,8}小镇))?(?:在|依托|以)?)"
)
"""Where a clause begins, with the words that may stand before its first place."""
LISTS = re.compile("、(?=[^、，。；]{2,10}[区园城带][^、，。；])")
GROUP_TAIL = re.compile(
    r"等?(?:[0-9一二两三四五六七八九十]+)?(?:个)?(?:[一-鿿]{2}(?=城市|地区|区县))?"
    r"(?:区县（自治县）|省辖市|设区市|市州|县市区|县（市、区）|县（区）|区（县）|市（州）|区县|县区|县市|城市"
    r"|地区|园区|基地|[市县区地州盟省]|产业园区?|化工园区?|开发区)(?![一-鿿]{0,2}(?:级|场))|等"
)
"""What may follow a list of names and belongs to it."""
COMPANY = re.compile(
    r"[^，。；：、“”]{0,16}?(?:有限责任公司|有限公司|股份公司|集团公司|公司|集团|研究院|研究所|材料所|大学|学院|联盟|协会|创新中心"
    r"|科学院|实验室|总厂|(?<!工)厂(?!房|区|商|家))"
)
"""The rest of a company's or an institution's name that begins with a place."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place's name in a text.

    Attributes
    ----------
    start, end
        Half-open range in the clean text.
    parts
        The units the name is built from, outermost first; empty for a bare zone name.
    zone
        Whether the name calls itself a zone, park or base.
    suffix
        What it calls itself where that stands only at the end of a list: 织金、盘北两个化工园区.
    """

    start: int
    end: int
    text: str
    zone: bool = False
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Names in a row: 甲、乙和丙等地."""

    start: int
    end: int
    names: tuple[Mention, ...]


def trie_pattern(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of many words, fast."""
    root: dict[str, object] = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = True
    return _pattern(root)


def _pattern(node: dict[str, object]) -> str:
    branches = [
        re.escape(key) + _pattern(child)  # type: ignore[arg-type]
        for key, child in sorted(node.items())
        if key
    ]
    if not branches:
        return ""
    single = all(len(b.replace("\\", "")) == 1 for b in branches)
    body = f"[{''.join(branches)}]" if single and len(branches) > 1 else "|".join(branches)
    if single and len(branches) == 1:
        group = body
    else:
        group = body if body.startswith("[") and body.endswith("]") and single else f"(?:{body})"
    return f"{group}?" if "" in node and len(group) > 0 else group


class PlaceFinder:
    """Finds and resolves the names of places in the plans of one province.

    Parameters
    ----------
    namer
        Knows the units and the zones between provinces.
    zones
        How zones call themselves.
    lexicon
        Folder with cut_words.csv, common_names.csv, regions.csv.
    stop
        Matches words that cannot stand inside a zone's own name (verbs, prepositions).
    """

    def __init__(
        self,
        namer: Namer,
        zones: ZoneWords,
        lexicon: Path,
        stop: re.Pattern[str],
    ) -> None:
        self._stop = stop
        self._zones = zones
        registry, province = namer.resolver.registry, namer.province
        self._cut = read_column(lexicon / "cut_words.csv", "bigram")
        common = read_column(lexicon / "common_names.csv", "name")
        own: set[str] = set()
        foreign: set[str] = set()
        for place in registry:
            home = province in registry.provinces_of(place)
            names = {place.name, place.short_name, *place.aliases} - {""}
            if home:
                own |= names
            elif place.level in {"province", "prefecture"}:
                foreign |= names
            elif place.kind == "unit":
                foreign |= {place.name} - {"城区", "郊区", "矿区"}
            else:
                foreign |= {n for n in names if len(n) > 3}
        own = {name for name in own if len(name) > 1}
        self._own_units: dict[str, list[Place]] = {}
        for place in registry:
            if place.kind == "unit" and province in registry.provinces_of(place):
                for name in {place.name, place.short_name, *place.aliases} - {""}:
                    self._own_units.setdefault(name, []).append(place)
        foreign = {name for name in foreign if len(name) > 1} - own
        self._common = common & (own | foreign)
        self._weak = self._common | {n for n in foreign if len(n) < 3}
        foreign |= set(namer.members)
        self._provinces = {
            name
            for place in registry
            if place.level == "province"
            for name in (place.name, place.short_name)
        }
        regions = read_table(lexicon / "regions.csv", ("name", "province_code"))
        self._regions = {
            row["name"] + tail
            for row in regions
            for tail in REGION_TAILS
            if row["province_code"] == province and row["name"] not in own
        }
        self._names = re.compile(trie_pattern(own | foreign | self._regions))

    def find(self, clean: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """List the names in a range of a clean text, left to right, without overlaps."""
        stop = len(clean) if end is None else end
        found: list[Mention] = []
        position = start
        while True:
            hit = self._names.search(clean, position, stop)
            if not hit:
                break
            if hit[0] in self._regions and (
                OWN_REGION.match(clean, hit.end(), stop)
                or clean[hit.start() - 1 : hit.start()] == "等"
            ):
                position = hit.end()
                continue
            mention = self._grown(clean, hit.start(), hit.end(), stop)
            if mention is None or self._is_cut(clean, mention, found):
                position = hit.start() + 1
                continue
            found.append(mention)
            position = mention.end
        return self._listed(clean, self._with_bare(clean, found, start, stop), stop)

    def _with_bare(self, clean: str, found: list[Mention], start: int, stop: int) -> list[Mention]:
        """Add zones and towns named without their unit where a place may begin."""
        added = []
        begins = [start, *(begin.end() for begin in BEGINS.finditer(clean, start, stop))]
        listed = {begin.end() for begin in LISTS.finditer(clean, start, stop)} - set(begins)
        starts = [m.start for m in found]
        for position in dict.fromkeys((*begins, *listed)):
            before = bisect_right(starts, position)
            if before and position < found[before - 1].end:
                continue
            zone = self.zone_at(clean, position, stop) or self._plain_zone(clean, position, stop)
            if zone and position in listed and not self._stop.match(clean, zone.end, stop):
                continue  # only the subject of a verb: X、乙园区布局Y
            cut = bisect_left(starts, zone.end) if zone else 0
            if zone and not (cut and zone.end < found[cut - 1].end):
                added.append(zone)
        ends = sorted((zone.start, zone.end) for zone in added)
        kept = [m for m in found if not _covered(ends, m.start)]
        return sorted([*kept, *added], key=lambda mention: mention.start)

    def groups(self, clean: str, start: int, end: int | None = None) -> list[Group]:
        """List the names that may be places of assignment, those in a row together.

        Names that begin a company's or an institution's name, and provinces, are left out.
        In 甲市的乙县 the county alone is named.
        """
        groups: list[Group] = []
        for mention in self.find(clean, start, end):
            last = groups[-1] if groups else None
            if BODY.match(clean, mention.end):
                if last and clean[last.end : mention.start] in JOINTS:
                    groups.pop()  # 甲、乙市人民政府: neither is a place of assignment
                continue
            if self._is_company(clean, mention.end):
                continue
            begin = mention.start
            names: tuple[Mention, ...] = (mention,)
            names = () if mention.text in self._provinces else names
            between = clean[last.end : mention.start] if last else None
            if last and (between in JOINTS or (between == "" and not last.names[-1].zone)):
                begin, names = last.start, (*groups.pop().names, *names)
            elif last and names and between == "的" and self._holds(last.names[-1], mention):
                begin, names = last.start, (*groups.pop().names[:-1], *names)
            if not names:
                continue
            stop = mention.end
            counted = COUNTED_ZONES.match(clean, stop)
            tail = counted or GROUP_TAIL.match(clean, stop)
            if counted and not counted["own"]:
                names = tuple(replace(name, suffix=counted["zone"]) for name in names)
            if tail and (len(names) > 1 or tail[0].startswith("等")):
                stop = tail.end()
            groups.append(Group(begin, stop, self._completed(names)))
        return groups

    def after_units(self, clean: str, start: int, end: int) -> int:
        """Where the names of units, and the joints between them, end that begin at ``start``."""
        while unit := self._names.match(clean, start, end):
            start = unit.end()
            start += clean[start : start + 1] in {"—", "·", "、", "和", "与", "-"}
        return start

    def _completed(self, names: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """宁远、江华高新区: two zones, the first without what it calls itself."""
        plain = PLAIN_ZONE.search(names[-1].text)
        unit = names[-1].text[: plain.start()] if plain else ""
        if not plain or unit not in self._own_units or unit[-1] in "市县区州旗":
            return names
        return tuple(
            replace(name, suffix=plain[0])
            if name.text in self._own_units and name.text[-1] not in "市县区州旗"
            else name
            for name in names
        )

    def _holds(self, outer: Mention, inner: Mention) -> bool:
        """Tell whether a unit holds what is named after it: 铜仁市的松桃县."""
        units = {place.id for place in self._own_units.get(outer.text, ())}
        begun = next((n for n in self._own_units if inner.text.startswith(n)), "")
        within = (p for p in self._own_units.get(begun, ()) if units & set(p.parents))
        return inner.zone or any(within)

    def _is_company(self, clean: str, end: int) -> bool:
        company = COMPANY.match(clean, end)
        return bool(company) and not self._stop.search(company[0][:-2] if company else "")

    def zone_at(self, clean: str, start: int, stop: int) -> Mention | None:
        """A zone's name without a unit before it, beginning right here; or None."""
        town = TOWN.match(clean, start, stop)
        if town and not self._stop.search(town[1]):
            return Mention(start, town.end(), town[0], True)
        hit = self._zones.bare.match(clean, start, stop)
        if not hit or self._stop.search(hit[1]) or "的" in hit[1] or len(hit[0]) < 4:
            return None
        if COUNTED_ZONES.search(hit[0]):
            return None
        if self._zones.generic.fullmatch(hit[1]):
            return None
        end = self._bracket_end(clean, hit.end())
        return Mention(start, end, clean[start:end], True)

    def _plain_zone(self, clean: str, start: int, stop: int) -> Mention | None:
        """高新区建设…: a zone of the place the text is about, where a verb follows."""
        hit = BARE_ZONE.match(clean, start, stop)
        bare = start == 0 or clean[start - 1] in "，。；："
        if not hit or not bare or not self._stop.match(clean, hit.end(), stop):
            return None
        return Mention(start, hit.end(), hit[0], True)

    def _bracket_end(self, clean: str, end: int) -> int:
        """Where a zone's name ends that goes on in brackets: 工业园（天河）."""
        bracket = ZONE_BRACKET.match(clean, end)
        return bracket.end() if bracket and not self._stop.search(bracket[0]) else end

    def _grown(self, clean: str, start: int, end: int, stop: int) -> Mention | None:
        """A name with the names and the zone that follow it directly."""
        zone = False
        division = DIVISION.search(clean, max(start - 5, 0), start)
        start = division.start() if division else start
        while True:
            if clean[end - 1] == "园" and clean[end : end + 1] == "区":
                zone, end = True, end + 1
                continue
            more = self._zones.zone.match(clean, end, stop) or SHORT_ZONE.match(clean, end, stop)
            if (
                more
                and more[2] == "产业集聚区"
                and more[1].endswith(("材料", "器件", "化工", "装备"))
                and clean[start - 1 : start] in {"、", "以"}
            ):
                more = None  # 衢州氟硅材料产业集聚区 is what 衢州 has, not a park's name
            project = more and clean.startswith(("项目", "（含", "（包括"), more.end())
            counted = more and COUNTED_ZONES.search(clean, more.start(), more.end())
            nameless = more and not more[1] and more[2] == "园区"
            free = more and not nameless and not self._stop.search(more[1]) and "的" not in more[1]
            if more and free and not project and not counted:
                zone, end = True, more.end()
                continue
            inner = None if zone else self._names.match(clean, end, stop)
            inner = None if inner and inner[0] in self._regions else inner
            if inner and not zone and not self._beside(clean[start:end], inner[0]):
                end = inner.end()
                continue
            town = None if zone else TOWN.match(clean, end, stop)
            if town and not self._stop.search(town[1]):
                zone, end = True, town.end()
                break
            if zone:
                end = self._bracket_end(clean, end)
                break
            inside = BRACKETED_ZONE.match(clean, end, stop)
            if inside and self._zones.zone.fullmatch(inside[1]):
                zone, end = True, inside.end()
                break
            own = TOPONYM.match(clean, end, stop)
            if own and self._is_toponym(own[0]):
                return Mention(start, own.end(), clean[start : own.end()], True, LOCALITY)
            bracket = UNIT_BRACKET.match(clean, end, stop)
            if bracket and self._names.fullmatch(bracket[1].rstrip("区市县")):
                end = bracket.end()
                continue
            break
        return Mention(start, end, clean[start:end], zone)

    def _is_toponym(self, word: str) -> bool:
        return (
            not self._stop.search(word)
            and "的" not in word
            and not self._zones.generic.search(word)
        )

    def _beside(self, name: str, after: str) -> bool:
        """Tell whether two names in a row are two units, neither within the other: 株洲湘潭."""
        one, other = self._own_units.get(name, ()), self._own_units.get(after, ())
        return bool(one and other) and not any(a.id in b.parents for a in one for b in other)

    def _is_cut(self, clean: str, mention: Mention, before: list[Mention]) -> bool:
        """Tell whether a short name is cut from other words, or too common to stand alone."""
        if mention.zone or len(mention.text) > 2:
            return False
        left = clean[mention.start - 1 : mention.start + 1] if mention.start else ""
        right = clean[mention.end - 1 : mention.end + 1]
        if left in self._cut or (right in self._cut and mention.text not in self._provinces):
            return True
        if mention.text not in self._weak:
            return False
        return not self._has_neighbour(clean, mention, before)

    def _has_neighbour(self, clean: str, mention: Mention, before: list[Mention]) -> bool:
        last = before[-1] if before else None
        if last and clean[last.end : mention.start] in JOINTS:
            return True
        for joint in JOINTS:
            if clean.startswith(joint, mention.end):
                after = self._names.match(clean, mention.end + len(joint))
                if after and after[0] not in self._common | {mention.text}:
                    return True
        return False

    def _listed(self, clean: str, found: list[Mention], stop: int) -> list[Mention]:
        """Add zones that stand in a list with a place found: 、港桥产业园."""
        result: list[Mention] = []
        for index, mention in enumerate(found):
            result.append(mention)
            limit = found[index + 1].start if index + 1 < len(found) else stop
            last = mention
            while joint := next((j for j in JOINTS if clean.startswith(j, last.end)), None):
                begin = last.end + len(joint)
                unknown = COUNTED_UNIT.match(clean, begin, limit)
                zone = (
                    Mention(begin, unknown.end(), unknown[0])
                    if unknown and not self._stop.search(unknown[0])
                    else self.zone_at(clean, begin, limit)
                )
                if zone is None:
                    break
                result.append(zone)
                last = zone
        return result


def _covered(ranges: list[tuple[int, int]], position: int) -> bool:
    """Tell whether a position lies in one of some sorted ranges."""
    index = bisect_right(ranges, (position, sys.maxsize))
    return index > 0 and position < ranges[index - 1][1]
