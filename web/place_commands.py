"""Commands about places: `places resolve`, `places import`, `places undo`."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from errors import CaituError
from settings import Settings
from store.snapshots import SnapshotStore
from web.responses import published, report_progress, today

if TYPE_CHECKING:  # these load geopandas, which only these commands need
    from shapely.geometry.base import BaseGeometry

    from geo.importing import ImportReport, Match
    from geo.places import Registry
    from geo.resolver import Resolver

places = AppGroup("places", help="Places: names and boundaries.")
DATE = click.DateTime(["%Y-%m-%d"])


@places.command("resolve")
@click.argument("text")
@click.option("--province", required=True, help="Six-digit code of the plan's own province.")
@click.option("--context", default="", help="The sentence, or the district it is about.")
@click.option("--as-of", type=DATE, help="Date of the units.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def resolve(text: str, province: str, context: str, as_of: datetime | None, form: str) -> None:
    """Find the one place that TEXT names, or say why there is none."""
    from geo.resolver import describe

    resolver = all_places(published().settings)
    provinces = {p.id: p.name for p in resolver.registry if p.level == "province"}
    if province not in provinces:
        known = "、".join(f"{code} {name}" for code, name in sorted(provinces.items()))
        raise click.UsageError(f"--province {province} 不是省级代码，应为下列之一：{known}")
    record = describe(resolver.resolve(text, province, context, as_of and as_of.date()))
    if form == "json":
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        found = f"{record['place_id']}\t{record['place_name']}" if record["place_id"] else "—"
        click.echo(f"{found}\t{record['reason']}\t{record['explanation']}")


@places.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer", help="The layer, where the file has several.")
@click.option("--crs", help="Coordinate system, where the file declares a wrong one or none.")
@click.option("--as-of", type=DATE, help="A day on which the boundaries hold; default today.")
@click.option("--apply", "apply_it", is_flag=True, help="Replace the geometries; else preview.")
def import_file(
    file: Path, layer: str | None, crs: str | None, as_of: datetime | None, apply_it: bool
) -> None:
    """Show what FILE would change, and with --apply change it (undo: `places undo`)."""
    from geo.importing import examine
    from store.official import OfficialGeometries

    settings = published().settings
    day = as_of.date() if as_of else today()
    try:
        report_progress("读取现有地点与边界")
        resolver = all_places(settings)
        known = _known(settings, resolver.registry, day)
        report_progress(f"读取并核对 {file.name}")
        report = examine(file, resolver.registry, resolver, known, layer, crs, day)
        _show(report, day)
        if not apply_it:
            click.echo("以上只是预览，什么都没有改变。确认无误后加 --apply 采用。")
            return
        store = OfficialGeometries(settings)
        store.add(report, day)
        try:
            snapshot = SnapshotStore(settings).current_or_publish(report_progress)
        except BaseException:
            store.undo()  # what cannot be published must not stay
            raise
    except CaituError as error:
        raise click.ClickException(error.message) from error
    click.echo(
        f"已采用 {len(report.accepted)} 个图形，发布版本 {snapshot.id}。运行中的服务随即采用。"
    )


@places.command("undo")
def undo() -> None:
    """Take the last import back."""
    from store.official import OfficialGeometries

    settings = published().settings
    try:
        name = OfficialGeometries(settings).undo()
        snapshot = SnapshotStore(settings).current_or_publish(report_progress)
    except CaituError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"已撤销 {name} 的导入，发布版本 {snapshot.id}。")


def all_places(settings: Settings) -> Resolver:
    """The resolver of all China, with the decisions made by hand."""
    from geo.gazetteer import with_all_of_china
    from geo.places import load_registry
    from geo.resolver import Resolver, load_overrides

    folder = settings.data_dir / "districts"
    registry = with_all_of_china(load_registry(folder), folder)
    return Resolver(registry, load_overrides(folder / "overrides.csv"))


def _held(match: Match) -> str:
    """The areas a match is held against, in brackets."""
    if not match.area_km2:
        return ""
    figures = (("现有", match.known_km2), ("公布", match.published_km2))
    said = [f"{word} {km2:,.1f}，{match.area_km2 / km2 - 1:+.1%}" for word, km2 in figures if km2]
    return f"（{'；'.join(said)}）" if said else ""


def _known(settings: Settings, registry: Registry, day: date) -> dict[str, BaseGeometry]:
    """The geometries held so far, units as of a day."""
    from geo.boundaries import load_boundaries
    from geo.changes import load_changes
    from geo.shapes import place_shapes
    from geo.timeline import Timeline
    from store.official import OfficialGeometries

    boundaries = load_boundaries()
    ids = {place.id for place in registry}
    changes = load_changes(settings.data_dir / "districts" / "changes.csv", ids)
    state = Timeline(registry, boundaries, changes).state_on(day)
    known = place_shapes(registry, boundaries)
    known |= {unit: shape.geometry for unit, shape in state.items() if shape.geometry}
    return known | {o.place_id: o.geometry for o in OfficialGeometries(settings).current()}


def _show(report: ImportReport, day: date) -> None:
    """Print the preview of an import."""
    accepted = [m for m in report.matches if m.accepted]
    refused = [m for m in report.matches if not m.accepted]
    click.echo(f"文件 {report.file}，图层 {report.layer}，按字段“{report.column}”对应地点")
    click.echo(f"坐标系 {report.system}：{report.evidence}")
    for note in report.notes:
        click.echo(note)
    click.echo(f"将采用 {len(accepted)} 个，用于 {day}；不采用 {len(refused)} 个")
    for match in accepted:
        area = f"{match.area_km2:,.1f} 平方公里" if match.area_km2 else "点"
        name = match.place.name if match.place else ""
        click.echo(f"  + {match.label} → {name}  {area}{_held(match)}  {match.remark}".rstrip())
    for match in refused:
        name = f" → {match.place.name}" if match.place else ""
        click.echo(f"  - {match.label}{name}：{match.remark}")
    for one, other, shared in report.overlaps:
        click.echo(f"  ！{one} 与 {other} 重叠 {shared:,.3f} 平方公里")
    if report.gaps_km2:
        click.echo(f"  ！图形之间有空隙，共 {report.gaps_km2:,.3f} 平方公里")
