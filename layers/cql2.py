"""CQL2 filters over the features of a collection (OGC 21-065r2).

The library `cql2` reads the text and the JSON form; here the tree it gives becomes a
predicate. Comparisons with what is not stated are unknown, and only features for which the
whole is true are kept, as in SQL.
"""

from __future__ import annotations

import json
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import cql2

from errors import BadParameter
from geo.feature_table import Field
from geo.tables import calendar_day, china_day
from layers.features import FeatureSet

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEOMETRY = "geometry"
"""Name of the geometry property."""
MAX_DEPTH = 64
"""Deepest nesting read."""
MAX_LENGTH = {"cql2-text": 4_000, "cql2-json": 20_000}
"""Longest filter read in each language, in characters."""
MAX_PREFIXES = 200
"""Most NOTs read. The library's parser of text descends once for each, for each bracket and for
each comparison in a chain; it has no limit of its own, and where its stack ends, so does the
process. So its texts are short, and not deep."""
MAX_EFFORT = 2**19
"""Greatest length × 2^depth of a text read. What is wrong inside brackets, that parser reads
twice for every bracket around it: this much takes it a seventh of a second."""

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt,
    "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
SPATIAL = (
    "s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses",
    "s_contains",
)  # fmt: skip
MIRRORED = {"s_within": "s_contains", "s_contains": "s_within"}
"""What a relation becomes when its sides change places; the others are symmetric."""
OPERATORS = (
    "and", "or", "not", *COMPARISONS, "like", "between", "in", "isNull", "casei", "accenti",
    *SPATIAL,
)  # fmt: skip

Value = str | float | bool | date | None
Getter = Callable[[int], Value]
Predicate = Callable[[int], bool | None]


class Condition(NamedTuple):
    """A filter, or a part of one.

    Attributes
    ----------
    keeps
        True, false or unknown (None) of a feature's position.
    among
        Positions outside which it keeps nothing, where an index tells.
    exact
        Whether it keeps all of these.
    """

    keeps: Predicate
    among: frozenset[int] | None = None
    exact: bool = False


def read_filter(text: str, language: str) -> dict[str, Any]:
    """Read a filter into the tree of its JSON form.

    Parameters
    ----------
    language
        ``cql2-text`` or ``cql2-json``.

    Raises
    ------
    BadParameter
        It is too long or no CQL2.
    """
    if len(text) > MAX_LENGTH[language]:
        raise _bad(text, f"过滤条件不能超过 {MAX_LENGTH[language]} 个字符。")
    if language == "cql2-text" and _too_deep(text):
        reason = f"括号不成对、嵌套太深，或 NOT 超过 {MAX_PREFIXES} 个；很长的条件请用 cql2-json。"
        raise _bad(text, reason)
    try:
        read = cql2.parse_text if language == "cql2-text" else cql2.parse_json
        tree = read(text).to_json()
    except Exception as error:  # the library raises plain exceptions
        first = " ".join(str(error).split())[:300]
        raise _bad(text, f"不是有效的 {language}：{first}") from None
    if not isinstance(tree, dict):
        tree = {"op": "and", "args": [tree]}
    return tree


class Filtering:
    """Compiles filters for one collection.

    Parameters
    ----------
    features
        What is filtered.
    to_wgs84
        Brings a geometry of the filter from its coordinate system to WGS 84.
    """

    def __init__(
        self, features: FeatureSet, to_wgs84: Callable[[BaseGeometry], BaseGeometry]
    ) -> None:
        self._features = features
        self._fields = features.fields
        self._to_wgs84 = to_wgs84
        self._records = features.records

    def compile(self, tree: Any, depth: int = 0) -> Condition:  # noqa: ANN401
        """Turn a tree into a condition.

        Raises
        ------
        BadParameter
            It names a property or function that there is not, or compares what cannot be.
        """
        if depth > MAX_DEPTH:
            raise _bad(tree, f"过滤条件嵌套超过 {MAX_DEPTH} 层。")
        if isinstance(tree, bool):
            return Condition(lambda _: tree)
        if isinstance(tree, dict) and "property" in tree:
            self._field(tree)
            raise _bad(tree, "属性不能单独作为条件，请写成比较，如 name = '江津区'。")
        op, args = self._call(tree)
        if op in {"and", "or"}:
            return _joined(op, [self.compile(arg, depth + 1) for arg in args])
        if op == "not":
            return _negated(self.compile(_only(args, 1, op)[0], depth + 1))
        if op in SPATIAL:
            return self._spatial(op, args)
        if op in COMPARISONS:
            return self._comparison(op, args)
        if op == "isNull":
            return self._missing(_only(args, 1, op)[0])
        if op == "like":
            return self._like(args)
        if op == "between":
            value, low, high = _only(args, 3, op)
            least = self._comparison(">=", [value, low])
            return _joined("and", [least, self._comparison("<=", [value, high])])
        if op == "in":
            value, options = _only(args, 2, op)
            if not isinstance(options, list):
                raise _bad(tree, "in 后面应是括号中的一列值。")
            return _joined("or", [self._comparison("=", [value, option]) for option in options])
        raise _bad(op, f"“{op}”不是条件。", OPERATORS)

    def _call(self, tree: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
        if not isinstance(tree, dict) or not isinstance(tree.get("args"), list):
            raise _bad(tree, "这里应是一个条件。", OPERATORS)
        op = str(tree.get("op", ""))
        known = _OPERATORS.get(op.lower())
        if known is None:
            raise _bad(op, f"不支持“{op}”，可用的有：{'、'.join(OPERATORS)}。", OPERATORS)
        return known, tree["args"]

    def _field(self, tree: Mapping[str, Any]) -> Field:
        name = str(tree["property"])
        if name not in self._fields:
            known = (*self._fields, GEOMETRY)
            raise _bad(name, f"没有名为“{name}”的属性，可用的有：{'、'.join(known)}。", known)
        return self._fields[name]

    def _value(self, tree: Any) -> tuple[Getter, str]:  # noqa: ANN401
        """A property, a literal or a function of one, with its type."""
        if isinstance(tree, dict) and "property" in tree:
            field, records = self._field(tree), self._records
            kind = "number" if field.type == "integer" else field.type
            name = field.name
            return (lambda n: records[n].values[name]), kind
        if isinstance(tree, dict) and "op" in tree:
            op, args = self._call(tree)
            if op not in {"casei", "accenti"}:
                raise _bad(op, f"“{op}”的结果不能参加比较。", ("casei", "accenti"))
            get, kind = self._value(_only(args, 1, op)[0])
            if kind != "string":
                raise _bad(tree, f"{op} 只用于文字。")
            fold = str.casefold if op == "casei" else _without_accents
            return (lambda n: fold(str(v)) if (v := get(n)) is not None else None), kind
        value, kind = _literal(tree)
        return (lambda _: value), kind

    def _missing(self, tree: Any) -> Condition:  # noqa: ANN401
        if tree == {"property": GEOMETRY}:
            records = self._records
            return Condition(lambda n: not ((place := records[n].place) and place.bbox))
        get = self._value(tree)[0]
        return Condition(lambda n: get(n) is None)

    def _comparison(self, op: str, args: list[Any]) -> Condition:
        left, right = _only(args, 2, op)
        (get, kind), (other, other_kind) = self._value(left), self._value(right)
        if kind != other_kind:
            raise _bad(args, f"{op} 两边类型不同：{kind} 与 {other_kind}。")
        compare = COMPARISONS[op]
        if not isinstance(right, dict):
            fixed = other(0)
            indexed = op == "=" and isinstance(left, dict) and "property" in left
            return Condition(
                lambda n: None if (v := get(n)) is None else compare(v, fixed),
                frozenset(self._features.equal(left["property"], fixed)) if indexed else None,
                exact=indexed,
            )

        def predicate(n: int) -> bool | None:
            one, two = get(n), other(n)
            return None if one is None or two is None else compare(one, two)

        return Condition(predicate)

    def _like(self, args: list[Any]) -> Condition:
        value, pattern = _only(args, 2, "like")
        get, kind = self._value(value)
        wanted, other = self._value(pattern)
        constant = wanted(0) if not _has_property(pattern) else None
        if kind != "string" or other != "string" or not isinstance(constant, str):
            raise _bad(args, "like 用于文字属性，后面是一个文字样式，如 '江%'。")
        matches = like_matcher(constant)
        return Condition(lambda n: None if (v := get(n)) is None else matches(str(v)))

    def _spatial(self, op: str, args: list[Any]) -> Condition:
        one, two = _only(args, 2, op)
        if one != {"property": GEOMETRY}:
            one, two, op = two, one, MIRRORED.get(op, op)
        if one != {"property": GEOMETRY}:
            raise _bad(args, f"{op} 的一边应是 geometry。", (GEOMETRY,))
        found = frozenset(self._features.spatial.related(op, self._to_wgs84(_geometry(two))))
        located = self._records
        return Condition(
            lambda n: (n in found) if (p := located[n].place) and p.bbox else None,
            found,
            exact=True,
        )


_OPERATORS = {name.lower(): name for name in OPERATORS}
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"[^"]*\"""")
_BRACKETS = re.compile(r"[()\[\]]")
_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
_NESTING = re.compile(r"[][()~!+-]|\bnot\b", re.IGNORECASE)
_SIGNS = re.compile(r"(?:[-+~!]\s*){4}")


def _too_deep(text: str) -> bool:
    bare = _QUOTED.sub("''", text)
    if "'" in bare.replace("''", "") or '"' in bare:
        return True  # a quotation without an end may hide anything
    if not _NESTING.search(bare):
        return False
    depth = deepest = 0
    for bracket in _BRACKETS.findall(bare):
        depth += 1 if bracket in "([" else -1
        if depth < 0:
            return True
        deepest = max(deepest, depth)
    return (
        depth > 0
        or len(text) << deepest > MAX_EFFORT
        or len(_NOT.findall(bare)) > MAX_PREFIXES
        or _SIGNS.search(bare) is not None
    )


def like_matcher(pattern: str) -> Callable[[str], bool]:
    r"""Compile a LIKE pattern: ``%`` any text, ``_`` one character, ``\\`` the next as it is.

    The pieces between the ``%`` are looked for one after the other, each where it first fits,
    so that the time grows with the text and not with what could be tried.
    """
    pieces, sizes, escaped = [""], [0], False
    for char in pattern:
        if char == "\\" and not escaped:
            escaped = True
        elif char == "%" and not escaped:
            pieces.append("")
            sizes.append(0)
        else:
            pieces[-1] += "." if char == "_" and not escaped else re.escape(char)
            sizes[-1] += 1
            escaped = False
    first, *others = (re.compile(piece, re.DOTALL) for piece in pieces)
    if not others:
        return lambda text: first.fullmatch(text) is not None
    *inner, last = others

    def matches(text: str) -> bool:
        found = first.match(text)
        for piece in inner:
            found = piece.search(text, found.end()) if found else None
        if found is None:
            return False
        start = len(text) - sizes[-1]
        return start >= found.end() and last.match(text, start) is not None

    return matches


def _joined(op: str, parts: list[Condition]) -> Condition:
    """Three-valued AND or OR."""
    decides = op == "or"

    def predicate(n: int) -> bool | None:
        unknown = False
        for part in parts:
            result = part.keeps(n)
            if result is decides:
                return decides
            unknown = unknown or result is None
        return None if unknown else not decides

    known = [part.among for part in parts if part.among is not None]
    if not known or (decides and len(known) < len(parts)):
        return Condition(predicate)
    join = frozenset.union if decides else frozenset.intersection
    return Condition(predicate, join(*known), all(part.exact for part in parts))


def _negated(part: Condition) -> Condition:
    return Condition(lambda n: None if (result := part.keeps(n)) is None else not result)


def _literal(tree: Any) -> tuple[Value, str]:  # noqa: ANN401
    if isinstance(tree, bool):
        return tree, "boolean"
    if isinstance(tree, int | float):
        return tree, "number"
    if isinstance(tree, str):
        return tree, "string"
    try:
        if isinstance(tree, dict) and "date" in tree:
            return calendar_day(tree["date"]), "date"
        if isinstance(tree, dict) and "timestamp" in tree:
            return china_day(tree["timestamp"]), "date"
    except (TypeError, ValueError):
        raise _bad(tree, "日期应写成 DATE('2022-12-15')。") from None
    raise _bad(tree, "这里应是属性、文字、数字或日期。")


def _geometry(tree: Any) -> BaseGeometry:  # noqa: ANN401
    import shapely

    try:
        if isinstance(tree, dict) and "bbox" in tree:
            return _box([float(number) for number in tree["bbox"]])
        shape: BaseGeometry = shapely.from_geojson(json.dumps(tree))
    except (TypeError, ValueError, RecursionError, shapely.GEOSException):
        raise _bad(
            tree, "图形应写成 WKT（如 POINT(106.5 29.5)）、GeoJSON 或 BBOX(西,南,东,北)。"
        ) from None
    if shape.is_empty:
        raise _bad(tree, "图形是空的。")
    return shape


def _box(numbers: list[float]) -> BaseGeometry:
    """A box of four or six numbers; one whose west is east of its east crosses the antimeridian.

    Raises
    ------
    ValueError
        It is no box.
    """
    import shapely

    if len(numbers) not in {4, 6}:
        raise ValueError
    half = len(numbers) // 2
    west, south, east, north = *numbers[:2], *numbers[half : half + 2]
    if south > north:
        raise ValueError
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def _has_property(tree: Any) -> bool:  # noqa: ANN401
    if isinstance(tree, dict):
        return "property" in tree or any(_has_property(value) for value in tree.values())
    return isinstance(tree, list) and any(_has_property(value) for value in tree)


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def _only(args: list[Any], number: int, op: str) -> list[Any]:
    if len(args) != number:
        raise _bad(args, f"{op} 应有 {number} 个参数。")
    return args


def _bad(value: object, reason: str, allowed: tuple[str, ...] = ()) -> BadParameter:
    try:
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        shown = "…"
    return BadParameter("filter", shown[:200], allowed, f"参数 filter 有误：{reason}")
