"""Commands about plans: `plans extract`, `evaluate`, `list`, `publish`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from errors import CaituError
from store.snapshots import SnapshotStore
from web.place_commands import all_places
from web.responses import published, report_progress

if TYPE_CHECKING:
    from plans.evaluation import Evaluation, Row

plans = AppGroup("plans", help="Plans: reading, comparing, publishing.")
DATE = click.DateTime(["%Y-%m-%d"])
CONTEXT = 24
"""Characters shown on either side of a difference."""


@plans.command("list")
def list_plans() -> None:
    """List the published plans: id, issue date, number of assignments, title."""
    snapshot = published().snapshot
    for plan in snapshot.plans:
        count = len(
            {
                r.assignment
                for r in snapshot.rows
                if r.assignment.plan_id == plan.id and not r.inherited_from
            }
        )
        click.echo(f"{plan.id}\t{plan.issued or ''}\t{count}\t{plan.name}")


@plans.command("publish")
def publish() -> None:
    """Build the snapshot if the data changed; a running server serves it at once."""
    store = SnapshotStore(published().settings)
    snapshot = store.current_or_publish(report_progress)
    click.echo(f"已发布 {snapshot.id}：{len(snapshot.rows)} 行布局任务")


@plans.command("extract")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_id", default="", help="Id of the plan; default the file's name.")
@click.option("--province", default="", help="Six-digit code; default the one the text names most.")
@click.option("--as-of", type=DATE, help="Date of the units; default the date in the text.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--issues", is_flag=True, help="Write what was seen and not turned into rows.")
def extract(
    file: Path, plan_id: str, province: str, as_of: datetime | None, form: str, issues: bool
) -> None:
    """Read FILE and write the layout assignments it makes to standard output."""
    from plans.extraction import Extractor, likely_date, likely_province
    from plans.formats import document_text
    from plans.sectors import load_sectors
    from plans.tables import COLUMNS

    settings = published().settings
    try:
        text = document_text(file)
        resolver = all_places(settings)
        provinces = {p.id for p in resolver.registry if p.level == "province"}
        code = province or likely_province(text, resolver.registry)
        if code not in provinces:
            raise click.UsageError(f"--province {province} 不是省级代码，例如 500000（重庆市）。")
        day = as_of.date() if as_of else likely_date(text)
        sectors = load_sectors(settings.data_dir / "sectors.csv")
        extractor = Extractor(resolver, sectors, settings.data_dir / "lexicon")
        if issues:
            _write([asdict(issue) for issue in extractor.issues(text, code, day)], form)
            return
        found = extractor.assignments(text, plan_id or file.stem, code, day)
    except CaituError as error:
        raise click.ClickException(error.message) from error
    rows: list[dict[str, Any]] = [
        {name: getattr(row, name) for name in COLUMNS}
        | {"confidence": reading.confidence, "reason": reading.reason}
        for row, reading in found
    ]
    _write(rows, form, (*COLUMNS, "confidence", "reason"))


def _write(rows: list[dict[str, Any]], form: str, columns: Sequence[str] = ()) -> None:
    """Write a table to standard output; its header too where it is empty."""
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    buffer = io.StringIO()
    names = columns or ("kind", "words", "start", "end", "section")
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    click.echo(buffer.getvalue(), nl=False)


@plans.command("evaluate")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("predicted", type=click.Path(path_type=Path))
@click.option("--text", type=click.Path(path_type=Path), help="The plan's text, to show context.")
def evaluate(gold: Path, predicted: Path, text: Path | None) -> None:
    """Compare PREDICTED with GOLD: recall, precision, F1, and every difference."""
    from geo.tables import read_table
    from plans.evaluation import evaluate as compare

    columns = ("place_text", "place_id", "parent_code", "sector_l1", "action", "start", "end")
    try:
        result = compare(read_table(gold, columns), read_table(predicted, columns))
        words = text.read_text(encoding="utf-8") if text else ""
    except (CaituError, OSError, UnicodeDecodeError, ValueError) as error:
        raise click.ClickException(getattr(error, "message", str(error))) from error
    _show(result, words)


def _show(result: Evaluation, words: str) -> None:
    click.echo(f"recall\t{result.recall:.3f}")
    click.echo(f"precision\t{result.precision:.3f}")
    click.echo(f"f1\t{result.f1:.3f}")
    click.echo(f"place accuracy\t{result.place_accuracy:.3f}")
    click.echo(f"sector accuracy\t{result.accuracy('sector_l1'):.3f}")
    click.echo(f"action accuracy\t{result.accuracy('action'):.3f}")
    for title, rows in (("missed", result.missed), ("extra", result.extra)):
        for row in rows:
            click.echo(f"{title}\t{_line(row, words)}")
    for one, other in result.pairs:
        if one["action"] != other["action"]:
            click.echo(f"action {one['action']} ≠ {other['action']}\t{_line(other, words)}")


def _line(row: Row, words: str) -> str:
    start, end = int(row["start"]), int(row["end"])
    around = words[max(0, start - CONTEXT) : start] + "【" + words[start:end] + "】"
    around += words[end : end + CONTEXT]
    shown = " ".join(around.split()) if words else row.get("sector_text", "")
    return f"{row['place_text']}\t{row['place_id']}\t{row['action']}\t{start}–{end}\t{shown}"
