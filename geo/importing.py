"""Boundaries people bring: matched with places, held against what is known, then judged."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries import CRS
from geo.coordinates import gauss_kruger, transform
from geo.detection import Verdict, probable_system
from geo.files import UnreadableFile, read_vector
from geo.names import normalised
from geo.places import Place, Registry
from geo.resolver import Resolver
from geo.shapes import area_km2

CHINA = (73.0, 3.0, 136.0, 54.0)
"""Box of all land and islands, degrees, west to north."""
REPAIR_LIMIT = 0.01
"""Share of its area a repair may change; beyond it the feature is refused."""
SLIVER = 0.001
"""Share of the smaller area from which an overlap is reported."""
AREA_LIMIT = 0.10
"""Departure from the known area from which a feature is doubted."""


@dataclass(frozen=True)
class Match:
    """A feature and the place it was taken for.

    Attributes
    ----------
    label
        The feature's own name or code.
    geometry
        EPSG:4490; None where the feature was refused.
    remark
        What was repaired or is doubtful, or why there is no match.
    """

    label: str
    place: Place | None
    geometry: BaseGeometry | None
    area_km2: float | None
    known_km2: float | None
    remark: str = ""

    @property
    def published_km2(self) -> float | None:
        """The published area of the place, where one is known."""
        return self.place.area_km2 if self.place else None

    @property
    def accepted(self) -> bool:
        """Whether the feature will replace a geometry."""
        return self.place is not None and self.geometry is not None


@dataclass(frozen=True)
class Official:
    """A geometry that a user imported.

    Attributes
    ----------
    geometry
        Degrees, EPSG:4490.
    as_of
        A day on which it holds; it replaces the version of the place of that day.
    source
        Name of the file it came from.
    """

    place_id: str
    geometry: BaseGeometry
    as_of: date
    source: str


@dataclass(frozen=True)
class ImportReport:
    """What an import would do.

    Attributes
    ----------
    system
        The coordinate system the coordinates were read in, and the evidence.
    overlaps
        Pairs of accepted places whose areas overlap, with the overlap in km².
    gaps_km2
        Area of the holes between accepted places.
    notes
        Remarks on the file as a whole.
    """

    file: str
    layer: str
    column: str
    system: str
    evidence: str
    matches: tuple[Match, ...]
    overlaps: tuple[tuple[str, str, float], ...] = ()
    gaps_km2: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def accepted(self) -> dict[str, BaseGeometry]:
        """Place id → geometry in EPSG:4490."""
        return {m.place.id: m.geometry for m in self.matches if m.place and m.geometry}


def examine(
    path: Path,
    registry: Registry,
    resolver: Resolver,
    known: Mapping[str, BaseGeometry],
    layer: str | None = None,
    crs: str | None = None,
    day: date | None = None,
) -> ImportReport:
    """Read a file and say what importing it would do; nothing is changed.

    Parameters
    ----------
    path
        A vector file, see `geo.files`.
    known
        Place id → geometry held so far, EPSG:4490.
    layer, crs
        Override what the file says.
    day
        A day on which the geometries hold; places that did not exist on it are refused.

    Raises
    ------
    UnreadableFile
        The file cannot be read, or none of its features can be placed.
    """
    with tempfile.TemporaryDirectory() as workspace:
        source = read_vector(path, Path(workspace), layer)
    frame = source.frame
    notes = [f"属性编码 {source.encoding}"] if source.encoding else []
    frame, swapped = _unswapped(frame, crs)
    if swapped:
        notes.append("坐标轴次序为先纬后经，已对调")
    column, codes = _best_column(frame, registry, resolver)
    declared = crs or _declared(frame, codes, known)
    raw = {
        place.id: shape
        for place, shape in zip(codes, frame.geometry, strict=True)
        if place and shape is not None and not shape.is_empty
    }
    verdict = probable_system(raw, known, declared) if not crs else Verdict(crs, "由使用者指定", ())
    matches = _matches(frame, column, codes, verdict.system, known, day)
    accepted = {m.place.id: m for m in matches if m.accepted and m.place}
    overlaps, gaps = _topology(accepted)
    return ImportReport(
        file=path.name,
        layer=source.layer,
        column=column,
        system=verdict.system,
        evidence=verdict.evidence,
        matches=tuple(matches),
        overlaps=overlaps,
        gaps_km2=gaps,
        notes=tuple(notes),
    )


def _unswapped(frame: gpd.GeoDataFrame, crs: str | None) -> tuple[gpd.GeoDataFrame, bool]:
    """Put longitude first where degrees are plainly the other way round."""
    west, south, east, north = frame.total_bounds
    a, b, c, d = CHINA
    geographic = crs is None and (frame.crs is None or frame.crs.is_geographic)
    if geographic and b <= west <= east <= d and a <= south <= north <= c:
        flipped = frame.geometry.apply(lambda s: shapely.transform(s, lambda xy: xy[:, ::-1]))
        return frame.set_geometry(flipped, crs=frame.crs), True
    return frame, False


def _best_column(
    frame: gpd.GeoDataFrame, registry: Registry, resolver: Resolver
) -> tuple[str, list[Place | None]]:
    """The attribute that names most features' places, by code or by name."""
    best: tuple[str, list[Place | None]] = ("", [None] * len(frame))
    for column in frame.columns.drop(frame.geometry.name):
        values = [_text(value) for value in frame[column]]
        found = _places_of(values, registry, resolver)
        hits = {p.id for p in found if p}
        if len(hits) > len({p.id for p in best[1] if p}):
            best = (str(column), found)
    if not best[0]:
        columns = "、".join(map(str, frame.columns.drop(frame.geometry.name))) or "（无）"
        raise UnreadableFile(
            f"没有一个属性字段的值是已知地点的名称或代码。现有字段：{columns}。"
            "请加一个字段，写六位行政区划代码或全称。"
        )
    return best


def _text(value: object) -> str:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else ""
    return "" if value is None else str(value).strip()


def _by_code(value: str, registry: Registry) -> Place | None:
    """A place by its id, or by a division code: six digits, with 156 before or zeros after."""
    if value in registry:
        return registry[value]
    digits = value.removeprefix("156") if len(value) in {9, 15} else value[:6]
    exact = value.isdigit() and (len(value) in {6, 9} or set(value[6:]) <= {"0"})
    return registry[digits] if exact and digits in registry else None


def _places_of(values: Iterable[str], registry: Registry, resolver: Resolver) -> list[Place | None]:
    """The place each value names; a name known in several provinces goes with the others."""
    options = [
        [place] if (place := _by_code(v, registry)) else _by_name(v, registry, resolver)
        for v in values
    ]
    sure = Counter(places[0].id[:2] for places in options if len(places) == 1)
    return [
        max(places, key=lambda place: sure[place.id[:2]]) if places else None for places in options
    ]


def _by_name(value: str, registry: Registry, resolver: Resolver) -> list[Place]:
    """Places of a name in the provinces whose parks and history are kept by hand."""
    if not normalised(value) or value.isdigit():
        return []
    by_hand = {p.id[:2] for p in registry if p.kind == "park" or p.valid_from}
    found = (resolver.resolve(value, f"{digits}0000").place for digits in sorted(by_hand))
    return list({place.id: place for place in found if place}.values())


def _declared(
    frame: gpd.GeoDataFrame, places: Iterable[Place | None], known: Mapping[str, BaseGeometry]
) -> str:
    """The file's own system, or the likeliest where it declares none."""
    if frame.crs is not None:
        code = frame.crs.to_epsg()
        return f"EPSG:{code}" if code else str(frame.crs.to_wkt())
    west, south, east, north = frame.total_bounds
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        return CRS
    zone = int(west // 1_000_000)
    if 25 <= zone <= 45 and zone == int(east // 1_000_000):
        return gauss_kruger(zone * 3, zone_prefix=True)
    first = next((p for p in places if p and p.id in known), None)
    if first is None:
        raise UnreadableFile("文件没有声明坐标系，也没有可以对照的行政区。请用 --crs 指定。")
    return gauss_kruger(float(shapely.centroid(known[first.id]).x))


def _matches(
    frame: gpd.GeoDataFrame,
    column: str,
    places: list[Place | None],
    system: str,
    known: Mapping[str, BaseGeometry],
    day: date | None,
) -> list[Match]:
    taken: set[str] = set()
    matches = []
    for value, place, shape in zip(frame[column], places, frame.geometry, strict=True):
        label = _text(value) or "（空）"
        if place is None:
            matches.append(Match(label, None, None, None, None, "没有这个名称或代码的地点"))
        elif day and not place.exists_on(day):
            span = f"{place.valid_from or '……'} 至 {place.valid_to or '……'}"
            remark = f"{day} 没有这个地点（存续 {span}），请用 --as-of 指定边界的日期"
            matches.append(Match(label, place, None, None, None, remark))
        elif place.id in taken:
            matches.append(Match(label, place, None, None, None, "同一地点出现第二次，未采用"))
        else:
            taken.add(place.id)
            matches.append(_match(label, place, shape, system, known.get(place.id)))
    return matches


def _match(
    label: str, place: Place, raw: BaseGeometry | None, system: str, known: BaseGeometry | None
) -> Match:
    """Judge one feature: transform, repair, hold against what is known."""
    if raw is None or raw.is_empty:
        return Match(label, place, None, None, None, "没有图形")
    shape = shapely.force_2d(transform(raw, system, CRS))
    before = area_km2(known) if known is not None and known.area else None
    refusal = _refusal(shape, place, known)
    if refusal:
        return Match(label, place, None, None, before, refusal)
    if "Polygon" not in shape.geom_type:
        return Match(label, place, shape, None, before)
    remarks = [] if shape.is_valid else ["图形有误，已修复"]
    shape = _repaired(shape)
    area = area_km2(shape)
    for what, reference in (("现有图形", before), ("公布面积", place.area_km2)):
        if reference and abs(area / reference - 1) > AREA_LIMIT:
            remarks.append(f"面积与{what}相差 {area / reference - 1:+.0%}，请核对")
    return Match(label, place, shape, area, before, "；".join(remarks))


def _refusal(shape: BaseGeometry, place: Place, known: BaseGeometry | None) -> str:
    """Why a shape cannot be used, or nothing."""
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "坐标超出所用坐标系的范围"
    if shape.geom_type == "Point" and place.kind != "unit":
        return ""
    if "Polygon" not in shape.geom_type:
        return "行政区需要面状图形，其他地点需要面或单个点"
    fixed = _repaired(shape)
    change = abs(fixed.area - _signed_area(shape)) / max(fixed.area, 1e-12)
    if fixed.is_empty or "Polygon" not in fixed.geom_type or change > REPAIR_LIMIT:
        return f"图形自相交，无法可靠修复（{shapely.is_valid_reason(shape)}）"
    if known is not None and not fixed.intersects(known):
        return "与该地点的已知位置不相交"
    return ""


def _repaired(shape: BaseGeometry) -> BaseGeometry:
    if shape.is_valid:
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _signed_area(shape: BaseGeometry) -> float:
    """Shoelace area of possibly crossing rings, parts added."""
    total = 0.0
    for part in shapely.get_parts(shape):
        x, y = shapely.get_coordinates(part.exterior).T
        total += abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)
        for ring in part.interiors:
            x, y = shapely.get_coordinates(ring).T
            total -= abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)
    return total


def _topology(
    accepted: Mapping[str, Match],
) -> tuple[tuple[tuple[str, str, float], ...], float]:
    """Overlaps between the areas of one file, and the holes they leave between them."""
    areas = [(m.place.name, m.geometry) for m in accepted.values() if m.place and m.area_km2]
    shapes = [shape for _, shape in areas]
    if len(shapes) < 2:
        return (), 0.0
    tree = shapely.STRtree(shapes)
    pairs = []
    for i, j in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        if i < j:
            shared = shapely.intersection(shapes[i], shapes[j])
            if shared.area > SLIVER * min(shapes[i].area, shapes[j].area):
                pairs.append((areas[i][0], areas[j][0], round(area_km2(shared), 3)))
    merged = shapely.union_all(shapes)
    holes = [h for part in shapely.get_parts(merged) for h in part.interiors]
    own = [h for shape in shapes for part in shapely.get_parts(shape) for h in part.interiors]
    gaps = sum(area_km2(shapely.Polygon(h)) for h in holes)
    gaps -= sum(area_km2(shapely.Polygon(h)) for h in own)
    return tuple(pairs), round(max(gaps, 0.0), 3)
