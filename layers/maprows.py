"""Rows as records and as GeoJSON features (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from layers.snapshot import Row, Snapshot
from plans.tables import COLUMNS

EXPORT_COLUMNS: tuple[str, ...] = (
    "assignment_id", *COLUMNS, "geometry_quality", "inherited_from", "share", "change_id",
)  # fmt: skip
"""Columns of every assignment that leaves the program."""

BOUNDARY_CREDIT = "行政区边界数据来源：天地图，GS(2024)0650号（数据来源审图号，非本产品审图号）"
SEAT_CREDIT = "园区、功能区位置依据 GeoNames 镇街驻地（CC BY 4.0）推算"


def record(row: Row) -> dict[str, Any]:
    """One row with the export columns; what is not stated is None."""
    values = asdict(row.assignment) | {
        "assignment_id": row.assignment_id,
        "geometry_quality": row.geometry_quality,
        "inherited_from": row.inherited_from,
        "share": row.share,
        "change_id": row.change_id,
    }
    return {name: None if values[name] == "" else values[name] for name in EXPORT_COLUMNS}


def feature_collection(
    snapshot: Snapshot, rows: Iterable[Row], day: date, about: dict[str, Any]
) -> Iterator[str]:
    """Write rows as a GeoJSON FeatureCollection, piece by piece.

    Parameters
    ----------
    snapshot
        Holds the geometries, longitude and latitude in WGS 84.
    rows
        One feature each; the geometry is null where the place is not drawn.
    day
        Date of the boundaries.
    about
        Provenance, written as the foreign member ``about``.

    Yields
    ------
    str
        Text whose concatenation is the document.
    """
    head = {"type": "FeatureCollection", "name": "assignments", "about": about}
    yield _dump(head)[:-1] + ',"features":['
    separator = "\n"
    for row in rows:
        place_id = row.assignment.place_id
        geometry = snapshot.place(place_id, day).geometry if place_id else "null"
        yield (
            f'{separator}{{"type":"Feature","id":"{row.assignment_id}",'
            f'"properties":{_dump(record(row))},"geometry":{geometry}}}'
        )
        separator = ",\n"
    yield "\n]}\n"


def map_rows(rows: Iterable[Row]) -> dict[str, Any]:
    """Rows as the map reads them: keys to filter by, words to show.

    Returns
    -------
    dict
        ``rows``: a list of objects with the assignment's id, place, words, section,
        condition, project, the filter keys and the searched text.
    """
    return {
        "rows": [
            {
                "id": row.assignment_id,
                "place": row.assignment.place_id,
                "plan": row.assignment.plan_id,
                "placeText": row.assignment.place_text,
                "placeName": row.assignment.place_name,
                "kind": row.assignment.place_kind,
                "quality": row.geometry_quality,
                "sector": row.assignment.sector_code,
                "sectorText": row.assignment.sector_text,
                "action": row.assignment.action,
                "actionText": row.assignment.action_text,
                "stage": row.assignment.chain_stage,
                "condition": row.assignment.condition,
                "project": row.assignment.project,
                "section": row.assignment.section,
                "inheritedFrom": row.inherited_name,
                "share": row.share,
                "keys": row.keys,
                "text": row.text,
            }
            for row in rows
        ]
    }


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
