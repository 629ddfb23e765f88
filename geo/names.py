"""Names of places as plans write them: normalising, splitting, comparing."""

from __future__ import annotations

import re
import unicodedata

SUFFIXES = (
    "高新技术产业开发区 经济技术开发区 产业协作示范园 工业集中区 产业集聚区 工业园区 "
    "化工园区 化工园 产业园区 工业组团 经开区 高新区 开发区 工业园 "
    "工业区 产业园 科技园 园工业区 园区 组团 "
    "基地 "
).split()
"""What a zone calls itself after its own name; plans vary it, and mistype it."""

GENERIC = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|盟|矿区|[省市县旗]|(?<!新)区)$")
"""The generic part that short forms of units leave out."""

PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 "
    "哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 "
    "土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 "
    "俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各 "
).split()
"""The 55 minority peoples (GB/T 3304), and 各 as in 各族自治县."""

ETHNIC = re.compile(rf"(?:(?:(?:{'|'.join(PEOPLES)})族)+|维吾尔)(?=自治)")

NOISE = re.compile(r"[\s“”\"'‘’《》、，。；：:,;.·…]+")
BRACKETS = str.maketrans({"(": "（", ")": "）", "[": "（", "]": "）", "【": "（", "】": "）"})
DASHES = re.compile(r"[-–—−－~～]+")


def normalised(text: str) -> str:
    """Bring a name to one form: full-width brackets, one kind of dash, no noise.

    Full-width letters and digits become half-width (Unicode NFKC); what plans put around
    names (quotation marks, enumeration commas, spaces) goes.
    """
    text = unicodedata.normalize("NFKC", text).translate(BRACKETS)
    return DASHES.sub("—", NOISE.sub("", text))


def short_form(name: str) -> str:
    """The short form of a unit's full name; a name of two characters has none.

    江津区 → 江津, 秀山土家族苗族自治县 → 秀山, 忠县 → 忠县.
    """
    short = GENERIC.sub("", ETHNIC.sub("", name))
    return short if len(short) > 1 and name != "市中区" else name


def zone_stem(name: str) -> str:
    """A zone's own name without what it calls itself; empty when nothing is left.

    白涛工业园区, 白涛园工业区 and 白涛组团 are all 白涛.
    """
    shortest = name
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) < len(shortest):
            shortest = name.removesuffix(suffix)
    return shortest


def is_zone_name(name: str) -> bool:
    """Tell whether a name calls itself a zone, park or base."""
    return zone_stem(name) != name


def inner_and_outer(name: str) -> tuple[str, str] | None:
    """Split 杭州（富阳） into (富阳, 杭州); None without brackets at the end."""
    found = re.fullmatch(r"(.+?)（(.+?)）", name)
    return (found[2], found[1]) if found else None
