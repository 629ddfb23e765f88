"""Operations: is the program alive, and is it ready to serve?"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.responses import published

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
@operations.get("/readyz")
def health() -> Response:
    """Answer once the snapshot is loaded, with its id and size."""
    snapshot = published().snapshot
    response = jsonify(
        status="ok",
        snapshot=snapshot.id,
        plans=len(snapshot.plans),
        assignments=len({row.assignment for row in snapshot.rows if not row.inherited_from}),
        places=len(snapshot.versions),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
