"""Building a snapshot: the one place where plans and boundaries are joined."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries import CRS, SHAPES_FROM, SHAPES_TO, load_boundaries
from geo.coordinates import to_wgs84
from geo.places import Place, Registry, load_registry
from geo.shapes import area_km2, place_shapes
from layers.basemap import context_features
from layers.foliummap import map_script
from layers.snapshot import MappedPlace, Row, Snapshot
from plans.catalogue import PlanRecord, load_plans
from plans.sectors import SectorTree, load_sectors
from plans.tables import ACTIONS, Assignment

Progress = Callable[[str], None]
DIGITS = 6
"""Decimals of a degree kept: 0.1 m, finer than the source's own rounding."""


def build_snapshot(
    data_dir: Path, snapshot_id: str, tianditu_key: str = "", progress: Progress = lambda _: None
) -> Snapshot:
    """Join all plans with their places.

    Parameters
    ----------
    data_dir
        Holds `districts/`, `plans/` and `sectors.csv`.
    snapshot_id
        Digest of the inputs; becomes the snapshot's id and part of its addresses.
    tianditu_key
        Offers the 天地图 base map when not empty.
    progress
        Told the name of each step before it starts.

    Raises
    ------
    DataError
        A table breaks its contract.
    """
    progress("读取地点、门类与规划数据")
    registry = load_registry(data_dir / "districts")
    sectors = load_sectors(data_dir / "sectors.csv")
    records = load_plans(data_dir / "plans", registry, sectors)
    progress("读取全国行政区边界并核对")
    boundaries = load_boundaries()
    progress("推算功能区示意范围、园区点位")
    shapes = place_shapes(registry, boundaries)
    places = tuple(_mapped(place, registry, shapes.get(place.id)) for place in registry)
    progress("化简邻省背景与境界线")
    context = context_features(boundaries)
    progress("绑定规划任务与地点，生成地图")
    rows = tuple(row for record in records for row in _rows(record, registry, sectors))
    bare = Snapshot(
        id=snapshot_id,
        as_of_from=SHAPES_FROM,
        as_of_to=SHAPES_TO,
        plans=tuple(record.plan for record in records),
        sectors=tuple(sectors),
        regions=tuple(registry.regions.values()),
        places=places,
        rows=rows,
        targets=tuple(t for record in records for t in record.targets),
        policies=tuple(p for record in records for p in record.policies),
    )
    return Snapshot(
        **{name: getattr(bare, name) for name in bare.__dataclass_fields__ if name != "resources"},
        resources={
            "geometry.json": _map_geometry(bare, context),
            "map.js": map_script(bare, tianditu_key).encode(),
        },
    )


def _mapped(place: Place, registry: Registry, shape: BaseGeometry | None) -> MappedPlace:
    label = bbox = area = None
    geometry = "null"
    if shape is not None:
        world = to_wgs84(shape, CRS)
        west, south, east, north = (round(float(v), DIGITS) for v in world.bounds)
        bbox = (west, south, east, north)
        point = world if world.geom_type == "Point" else shapely.maximum_inscribed_circle(world)
        anchor = shapely.get_coordinates(point)[0]
        label = (round(float(anchor[0]), DIGITS), round(float(anchor[1]), DIGITS))
        area = None if world.geom_type == "Point" else round(area_km2(shape), 2)
        geometry = _geojson(world, DIGITS)
    return MappedPlace(
        place=place,
        within=registry.within(place.id),
        provinces=registry.provinces_of(place.id),
        regions=registry.regions_of(place.id),
        label=label,
        bbox=bbox,
        area_km2=area,
        geometry=geometry,
    )


def _geojson(shape: BaseGeometry, digits: int) -> str:
    """GeoJSON geometry as text: right-hand rule, coordinates rounded."""
    wound = shapely.orient_polygons(shape) if "Polygon" in shape.geom_type else shape
    rounded = shapely.transform(wound, lambda xy: xy.round(digits))
    text: str = shapely.to_geojson(rounded)
    return text.replace(" ", "")


def _rows(record: PlanRecord, registry: Registry, sectors: SectorTree) -> list[Row]:
    seen: dict[str, int] = {}
    rows = []
    for assignment in record.assignments:
        place = registry[assignment.place_id] if assignment.place_id else None
        rows.append(
            Row(
                assignment=assignment,
                assignment_id=_assignment_id(assignment, seen),
                geometry_quality=place.quality if place else "unknown",
                keys=_keys(assignment, registry, sectors),
                text=_search_text(assignment, registry, sectors),
            )
        )
    return rows


def _assignment_id(row: Assignment, seen: dict[str, int]) -> str:
    """Digest of what the assignment says, not of where it stands in the text.

    Assignments that say the same are numbered in the plan's order.
    """
    said = (row.plan_id, row.place_id or row.place_text, row.sector_text, row.action, row.project)
    digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _keys(
    row: Assignment, registry: Registry, sectors: SectorTree
) -> Mapping[str, tuple[str, ...]]:
    resolved = row.place_id
    return {
        "plan": (row.plan_id,),
        "sector": sectors[row.sector_code].lineage,
        "action": (row.action,),
        "stage": (row.chain_stage,) if row.chain_stage else (),
        "place": registry.within(resolved) if resolved else (),
        "province": registry.provinces_of(resolved) if resolved else (),
        "region": registry.regions_of(resolved) if resolved else (),
        "kind": (row.place_kind,),
        "quality": (registry[resolved].quality if resolved else "unknown",),
    }


def _search_text(row: Assignment, registry: Registry, sectors: SectorTree) -> str:
    """Everything a user may type to find a row, lower case."""
    parts = [
        row.place_text, row.place_name, row.parent_name, row.sector_text, row.action_text,
        row.condition, row.project, row.section, ACTIONS[row.action],
    ]  # fmt: skip
    for code in sectors[row.sector_code].lineage:
        parts += [sectors[code].name_zh, *sectors[code].aliases]
    if row.place_id:
        parts += registry[row.place_id].aliases
    return "\n".join(dict.fromkeys(filter(None, parts))).casefold()


def _map_geometry(snapshot: Snapshot, context: Mapping[str, list[object]]) -> bytes:
    """The one geometry resource of the map: units, areas, points, and the grey context."""
    features = [
        {
            "type": "Feature",
            "id": place.id,
            "properties": {
                "name": place.place.name,
                "short": place.place.short_name or place.place.name,
                "kind": place.place.kind,
                "level": place.place.level,
                "quality": place.place.quality,
                "note": place.place.note,
                "parents": place.place.parents,
                "provinces": place.provinces,
                "label": place.label,
                "area": place.area_km2,
            },
            "geometry": _rounded(place.geometry, 5),
        }
        for place in snapshot.places
        if place.place.kind != "province"
    ]
    return json.dumps(
        {"places": features, **context}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _rounded(geometry: str, digits: int) -> object:
    return json.loads(geometry, parse_float=lambda text: round(float(text), digits))
