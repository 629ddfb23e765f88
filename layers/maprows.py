"""Assignments in the form the map's script reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from layers.snapshot import Row


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
