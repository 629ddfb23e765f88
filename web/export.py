"""Files: the assignments a filter keeps, with their provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from layers.features import BOUNDARY_CREDIT, SEAT_CREDIT, feature_collection
from layers.filters import Filter
from layers.snapshot import Row, Snapshot
from web.responses import published, request_filter, today

export = Blueprint("export", __name__, url_prefix="/export")


@export.get("/assignments.geojson")
def assignments_geojson() -> Response:
    """The assignments a filter keeps, as GeoJSON (RFC 7946)."""
    snapshot = published().snapshot
    chosen = request_filter()
    day = chosen.boundaries_on(snapshot, today())
    rows = chosen.select(snapshot, today())
    about = _about(snapshot, chosen, rows, day)
    body = "".join(feature_collection(snapshot, rows, day, about)).encode()
    response = Response(body, mimetype="application/geo+json")
    response.headers["Content-Disposition"] = 'attachment; filename="caitu-assignments.geojson"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(hashlib.sha256(repr(sorted(about.items())).encode()).hexdigest()[:20])
    # GDAL's /vsicurl/, which QGIS uses, reads in ranges.
    response.make_conditional(request, accept_ranges=True, complete_length=len(body))
    return response


def _about(snapshot: Snapshot, chosen: Filter, rows: Iterable[Row], day: date) -> dict[str, Any]:
    plans = {row.assignment.plan_id for row in rows}
    return {
        "title": "材图 · 规划布局任务",
        "plans": [plan.name for plan in snapshot.plans if plan.id in plans],
        "snapshot": snapshot.id,
        "filter": [f"{name}={value}" for name, value in chosen.pairs],
        "as_of": day.isoformat(),
        "credits": [BOUNDARY_CREDIT, SEAT_CREDIT],
    }
