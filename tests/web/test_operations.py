from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_names_the_snapshot(client, snapshot, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {
        "status": "ok",
        "snapshot": snapshot.id,
        "plans": len(snapshot.plans),
        "assignments": len({r.assignment for r in snapshot.rows if not r.inherited_from}),
        "places": len(snapshot.versions),
    }
