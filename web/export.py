"""Files: any collection, filtered, in any format and coordinate system, with provenance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, send_file, url_for

from errors import NotFound
from geo.feature_table import About
from geo.file_formats import FORMATS, output_crs
from layers.collections import Collection
from layers.credits import CREDITS
from layers.filters import Filter
from layers.records import Record
from layers.snapshot import Snapshot
from store.exports import ExportStore, etag
from web.responses import code_version, filter_and_own, published, today

export = Blueprint("export", __name__, url_prefix="/export")

OWN = ("crs", "fields")
"""Parameters beside those of the filter language."""

ABOUT_LABELS = {
    "title": "题名",
    "plans": "规划",
    "snapshot": "数据版本",
    "filter": "筛选条件",
    "as_of": "行政区划时点",
    "crs": "坐标系",
    "features": "要素数",
    "credits": "数据来源与许可",
    "note": "说明",
}
"""What a file says of itself, in reading order."""

MAX_LABEL = 40
"""Longest part of a file name that tells the filter, in characters."""


@export.get("/<stem:collection>.<extension>")
def download(collection: str, extension: str) -> Response:
    """A collection as a file."""
    snapshot, records = published().snapshot, published().records
    wanted = records.collection(collection)
    if extension not in FORMATS:
        raise NotFound(f"没有 .{extension} 格式，可用的有：{'、'.join(FORMATS)}。")
    chosen, crs, names = _parameters(extension)
    day = chosen.boundaries_on(snapshot, today())
    kept = records.select(collection, chosen, today())
    about = _about(snapshot, wanted, chosen, kept, day, crs)

    def write(path: Path) -> None:
        from geo.exporting import write as write_file  # here: loads GDAL and Arrow
        from layers.feature_tables import feature_table
        from layers.styles import qgis_styles

        table = feature_table(wanted, kept)
        styles = qgis_styles(wanted, snapshot.sector_tree)
        write_file(table.only(names) if names else table, extension, crs, about, path, styles)

    key = repr((snapshot.id, code_version(), collection, extension, crs, names, day, chosen.pairs))
    path = ExportStore(published().settings).get(key, extension, write)
    response = send_file(
        path,
        mimetype=FORMATS[extension].media_type,
        as_attachment=True,
        download_name=_file_name(collection, chosen, day, crs, extension),
        etag=etag(path),
        max_age=0,
    )
    response.headers.add("Link", f"<{url_for('data.index')}>", rel="describedby", type="text/html")
    return response


def _parameters(extension: str) -> tuple[Filter, str, tuple[str, ...]]:
    """The filter, the coordinate system and the fields asked for."""
    chosen, own = filter_and_own(OWN)
    names = (name.strip() for name in own.get("fields", "").split(","))
    return chosen, output_crs(own.get("crs", ""), extension), tuple(filter(None, names))


def _about(
    snapshot: Snapshot,
    collection: Collection,
    chosen: Filter,
    kept: Sequence[Record],
    day: date,
    crs: str,
) -> About:
    said = {record.values.get("plan_id") for record in kept}
    entries = {
        "title": f"材图 · {collection.title}",
        "plans": [plan.name for plan in snapshot.plans if plan.id in said],
        "snapshot": snapshot.id,
        "filter": [f"{name}={value}".replace("\0", "\ufffd") for name, value in chosen.pairs],
        "as_of": day.isoformat(),
        "crs": crs,
        "features": str(len(kept)),
        "credits": list(CREDITS),
        "note": collection.note,
    }
    return About(entries, ABOUT_LABELS)


def _file_name(collection: str, chosen: Filter, day: date, crs: str, extension: str) -> str:
    """A name that tells what is inside: collection, filter, date, coordinate system."""
    labels = published().vocabulary.values
    told = [labels[n][v] if n in labels else v for n, v in chosen.pairs if n != "as_of"]
    words = re.sub(r"[^\w.+-]+", "-", "-".join(told))[:MAX_LABEL].strip("-")
    parts = ["caitu", collection, words, day.isoformat(), crs.replace(":", "")]
    return "_".join(filter(None, parts)) + f".{extension}"
