"""The map page and the resources it draws from."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, url_for

from errors import NotFound
from layers.features import BOUNDARY_CREDIT, SEAT_CREDIT, map_rows
from layers.filters import FACETS, Filter
from layers.snapshot import Snapshot, count_by_place
from web.responses import immutable, published, request_filter, today

mapping = Blueprint("mapping", __name__)

SERVER_SIDE = ("as_of", "in_force", "bbox")
"""Parameters the page leaves to the server; it applies the others itself."""

MIMETYPES = {"geometry.json": "application/json", "map.js": "text/javascript"}


@mapping.get("/")
def index() -> str:
    """The map, its filter panel and the list of places that match."""
    snapshot = published().snapshot
    chosen = request_filter()
    rows = chosen.select(snapshot)
    single = {name: value for name, value in chosen.pairs if name in SERVER_SIDE}
    return render_template(
        "map.html",
        snapshot=snapshot,
        chosen=chosen,
        rows=rows,
        counts=count_by_place(rows),
        as_of=chosen.boundaries_on(snapshot, today()),
        today=today(),
        server_side=single,
        rows_url=url_for("mapping.rows", snapshot_id=snapshot.id, _external=False, **single),
        credits=(BOUNDARY_CREDIT, SEAT_CREDIT),
        facets=_facet_counts(snapshot),
    )


def _facet_counts(snapshot: Snapshot) -> dict[str, dict[str, int]]:
    """Number of assignments behind every value of every facet."""
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for row in snapshot.rows:
        for name in FACETS:
            for value in row.keys[name]:
                counts[name][value] = counts[name].get(value, 0) + 1
    return counts


@mapping.get("/map/<snapshot_id>/<any('geometry.json', 'map.js'):name>")
def resource(snapshot_id: str, name: str) -> Response:
    """A file of the snapshot, cached for good under its id."""
    _require(snapshot_id)
    return immutable(published().snapshot.resources[name], MIMETYPES[name])


@mapping.get("/map/<snapshot_id>/rows.json")
def rows(snapshot_id: str) -> Response:
    """The assignments as the map reads them."""
    _require(snapshot_id)
    chosen: Filter = request_filter()
    response = jsonify(map_rows(chosen.select(published().snapshot)))
    return immutable(response.get_data(), "application/json")


def _require(snapshot_id: str) -> None:
    if snapshot_id != published().snapshot.id:
        raise NotFound("数据已更新，请刷新页面。")
