"""Building a snapshot: the one place where plans and boundaries are joined."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from geo.boundaries import load_boundaries
from geo.changes import load_changes
from geo.importing import Official
from geo.places import KINDS, Place, load_registry
from geo.shapes import place_shapes
from geo.timeline import Heir, Timeline
from layers.basemap import context_shapes
from layers.collections import load_collections
from layers.foliummap import map_script
from layers.mapfiles import as_json, map_files
from layers.notes import load_notes, map_notes
from layers.snapshot import MappedPlace, Row, Snapshot, shown_on
from layers.tiles import vector_tiles
from layers.versions import Period, periods, place_versions
from plans.catalogue import PlanRecord, load_plans
from plans.sectors import SectorTree, load_sectors
from plans.tables import ACTIONS, Assignment

Progress = Callable[[str], None]


def build_snapshot(
    data_dir: Path,
    snapshot_id: str,
    tianditu_key: str = "",
    progress: Progress = lambda _: None,
    official: Iterable[Official] = (),
    languages: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Snapshot:
    """Join all plans with their places.

    Parameters
    ----------
    data_dir
        Holds `districts/`, `plans/`, `sectors.csv`, `layers.csv`, `collections.csv` and
        `fields.csv`.
    snapshot_id
        Digest of the inputs; becomes the snapshot's id and part of its addresses.
    tianditu_key
        Offers the 天地图 base map when not empty.
    progress
        Told the name of each step before it starts.
    official
        Geometries the user imported; of several for one place the last one counts.
    languages
        Code of a language → what it says for each Chinese sentence; each gets a map script.

    Raises
    ------
    DataError
        A table breaks its contract.
    """
    progress("读取地点、门类与规划数据")
    registry = load_registry(data_dir / "districts")
    changes = load_changes(data_dir / "districts" / "changes.csv", [p.id for p in registry])
    sectors = load_sectors(data_dir / "sectors.csv")
    records = load_plans(data_dir / "plans", registry, sectors)
    progress("读取全国行政区边界并核对")
    boundaries = load_boundaries()
    progress("推算各时点的行政区、功能区示意范围与园区点位")
    timeline = Timeline(registry, boundaries, changes)
    shapes = place_shapes(registry, boundaries)
    wanted = _published(timeline, records)
    spans = periods(timeline, wanted)
    imported = {item.place_id: item for item in official}
    versions = {
        place.id: place_versions(place, timeline, shapes, spans, imported.get(place.id))
        for place in wanted
    }
    versions = {
        place_id: [replace(version, heirs=_heirs(timeline, place_id)) for version in found]
        for place_id, found in versions.items()
    }
    progress("化简邻省背景与境界线")
    context = context_shapes(boundaries)
    progress("绑定规划任务与地点，生成地图")
    rows = tuple(
        row for record in records for row in _rows(record, timeline, versions, spans, sectors)
    )
    bare = Snapshot(
        id=snapshot_id,
        epochs=tuple(span.start for span in spans),
        plans=tuple(record.plan for record in records),
        sectors=tuple(sectors),
        regions=tuple(registry.regions.values()),
        places=tuple(version for found in versions.values() for version in found),
        rows=rows,
        targets=tuple(t for record in records for t in record.targets),
        policies=tuple(p for record in records for p in record.policies),
        collections=load_collections(data_dir),
    )
    notes = map_notes(load_notes(data_dir / "layers.csv", sectors), context, bool(tianditu_key))
    files = {**map_files(bare, context), "layers.json": as_json(notes)}
    files["map.js"] = map_script(bare, tianditu_key).encode()
    for code, words in languages.items():
        files[f"map.{code}.js"] = map_script(bare, tianditu_key, words).encode()
    resources = {name: gzip.compress(body, mtime=0) for name, body in files.items()}
    progress("切分矢量瓦片")
    return replace(bare, resources={**resources, **vector_tiles(bare)})


def _heirs(timeline: Timeline, place_id: str) -> tuple[tuple[str, float | None], ...]:
    """Who inherits from a place right after its end; empty while it exists."""
    ended = timeline.registry[place_id].valid_to
    found = timeline.heirs(place_id, ended) if ended else []
    return tuple(
        (heir.place_id, None if heir.share is None else round(heir.share, 4)) for heir in found
    )


def _published(timeline: Timeline, records: Iterable[PlanRecord]) -> list[Place]:
    """Places worth publishing: all of the plans' provinces, and what plans name elsewhere.

    With a place come those above it, its members, and those it became.
    """
    registry = timeline.registry
    provinces = {record.plan.province for record in records}
    named = {row.place_id for record in records for row in record.assignments if row.place_id}
    for change in timeline.changes:
        if named.intersection(change.origins):
            named |= set(change.heirs)
    for place_id in tuple(named):
        place = registry[place_id]
        named |= {*registry.within(place), *place.parents, *registry.provinces_of(place)}
    return [p for p in registry if p.id in named or provinces & set(registry.provinces_of(p))]


def _rows(
    record: PlanRecord,
    timeline: Timeline,
    versions: Mapping[str, list[MappedPlace]],
    spans: list[Period],
    sectors: SectorTree,
) -> list[Row]:
    """Every assignment once per version of its place, and once per heir after its end."""
    seen: dict[str, int] = {}
    rows = []
    for assignment in record.assignments:
        row_id = _assignment_id(assignment, seen)
        if not assignment.place_id:
            rows.append(_row(assignment, row_id, None, sectors))
            continue
        own = versions[assignment.place_id]
        rows += [_row(assignment, row_id, version, sectors) for version in _back(own)]
        for span in spans:
            for heir in timeline.heirs(assignment.place_id, span.start):
                at = next(v for v in versions[heir.place_id] if shown_on(v, span.start))
                rows.append(_inherited(assignment, row_id, heir, at, span, timeline, sectors))
    return rows


def _back(found: list[MappedPlace]) -> list[MappedPlace]:
    """Let the first version reach back, so that no date loses an assignment."""
    return [replace(found[0], shown_from=None), *found[1:]]


def _row(
    assignment: Assignment, row_id: str, version: MappedPlace | None, sectors: SectorTree
) -> Row:
    quality = version.place.quality if version else "unknown"
    return Row(
        assignment=assignment,
        assignment_id=row_id,
        geometry_quality=quality,
        keys={
            "plan": (assignment.plan_id,),
            "sector": sectors[assignment.sector_code].lineage,
            "action": (assignment.action,),
            "stage": (assignment.chain_stage,) if assignment.chain_stage else (),
            "place": version.within if version else (),
            "province": version.provinces if version else (),
            "region": version.regions if version else (),
            "kind": (assignment.place_kind,),
            "quality": (quality,),
        },
        text=_search_text(assignment, version, sectors),
        shown_from=version.shown_from if version else None,
        shown_to=version.shown_to if version else None,
    )


def _inherited(
    assignment: Assignment,
    row_id: str,
    heir: Heir,
    version: MappedPlace,
    span: Period,
    timeline: Timeline,
    sectors: SectorTree,
) -> Row:
    """An assignment as the successor of its abolished place holds it."""
    registry = timeline.registry
    old = registry[assignment.place_id]
    moved = replace(
        assignment,
        place_id=heir.place_id,
        place_name=version.place.name,
        place_kind=version.place.kind,
        parent_code=heir.place_id,
        parent_name=version.place.name,
        province="+".join(registry[code].name for code in version.provinces),
    )
    row = _row(moved, f"{row_id}-{heir.place_id}", version, sectors)
    return replace(
        row,
        keys={**row.keys, "place": (*row.keys["place"], old.id)},
        text=f"{row.text}\n{old.name}".casefold(),
        inherited_from=old.id,
        inherited_name=old.name if old.kind == "unit" else f"{KINDS[old.kind]}{old.name}",
        share=None if heir.share is None else round(heir.share, 4),
        change_id=heir.change_id,
        shown_from=span.start,
        shown_to=span.end,
    )


def _assignment_id(row: Assignment, seen: dict[str, int]) -> str:
    """Digest of what the assignment says, not of where it stands in the text.

    Assignments that say the same are numbered in the plan's order.
    """
    said = (row.plan_id, row.place_id or row.place_text, row.sector_text, row.action, row.project)
    digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _search_text(row: Assignment, version: MappedPlace | None, sectors: SectorTree) -> str:
    """Everything a user may type to find a row, lower case."""
    parts = [
        row.place_text, row.place_name, row.parent_name, row.sector_text, row.action_text,
        row.condition, row.project, row.section, ACTIONS[row.action],
    ]  # fmt: skip
    for code in sectors[row.sector_code].lineage:
        parts += [sectors[code].name_zh, sectors[code].name_en, *sectors[code].aliases]
    if version:
        parts += version.place.aliases
    return "\n".join(dict.fromkeys(filter(None, parts))).casefold()
