"""The map page and the resources it draws from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for

from errors import Message, NotFound
from layers.credits import CREDITS
from layers.filters import FACETS, Bbox, Filter
from layers.maprows import map_rows
from layers.snapshot import Row, Snapshot, count_by_place
from plans.sectors import Sector
from web.downloads import formats, systems
from web.language import CHINESE, language
from web.responses import immutable, immutable_packed, published, request_filter, today
from web.speech import facet_labels
from web.steps import time_strip

mapping = Blueprint("mapping", __name__)

SERVER_SIDE = ("as_of", "in_force", "bbox")
"""Parameters the page leaves to the server; it applies the others itself."""

MANY = 1000
"""Places a list to choose from can hold; of more, counties are left to the search."""

MIMETYPES = {".json": "application/json", ".js": "text/javascript"}


@mapping.get("/")
def index() -> str:
    """The map, its filter panel and the list of places that match."""
    snapshot = published().snapshot
    chosen = request_filter()
    rows = chosen.select(snapshot, today())
    day = chosen.boundaries_on(snapshot, today())
    places = snapshot.places_on(day)
    choices = [p for p in places if len(places) <= MANY or p.place.level != "county"]
    single = {name: value for name, value in chosen.pairs if name in SERVER_SIDE}
    epoch = snapshot.epoch(day)
    strip = time_strip(published(), chosen, day, today())
    facets = published().remember(
        f"facets-{epoch}", lambda: _facet_counts(snapshot.rows_on(snapshot.epochs[epoch]))
    )
    return render_template(
        "map.html",
        snapshot=snapshot,
        chosen=chosen,
        rows=rows,
        counts=count_by_place(rows),
        as_of=day,
        earliest=snapshot.epochs[0],
        number=len(chosen.counties(snapshot, day)),
        chosen_plans=chosen.plans(snapshot),
        choices=choices,
        place=next((p for p in choices if p.id in chosen.facets.get("place", ())[:1]), None),
        places=places,
        today=today(),
        server_side=single,
        drawn=_drawn(snapshot, day, single),
        script=script_address(snapshot),
        strip=strip,
        preload={
            stop.plan_id: set(_drawn(snapshot, stop.shown, single).values())
            for stop in (strip.before, strip.after)
            if stop and snapshot.epoch(stop.shown) != epoch
        },
        extras=_extras(chosen, facets, {place.id for place in choices}),
        credits=CREDITS,
        facets=facets,
        branches=_branches(snapshot, facets),
        formats=formats(),
        systems=systems(_boxes(snapshot, day)),
    )


def _drawn(snapshot: Snapshot, day: date, single: Mapping[str, str]) -> dict[str, str]:
    """Addresses of what the map draws, the same for all days of the same boundaries.

    The rows are a file, or what the server selects of it.
    """
    epoch = snapshot.epoch(day)
    file = partial(url_for, "mapping.resource", snapshot_id=snapshot.id)
    rows = file(name=f"rows-{epoch}.json")
    if single.keys() - {"as_of"}:
        query: dict[str, Any] = {**single, "as_of": snapshot.epochs[epoch].isoformat()}
        rows = url_for("mapping.rows", snapshot_id=snapshot.id, **query)
    return {"geometry": file(name=f"geometry-{epoch}.json"), "rows": rows}


def script_address(snapshot: Snapshot) -> str:
    """Address of the map's script, which speaks the language of the request."""
    name = "map.js" if language() == CHINESE else f"map.{language()}.js"
    return url_for("mapping.resource", snapshot_id=snapshot.id, name=name)


def _boxes(snapshot: Snapshot, day: date) -> set[Bbox]:
    """Where the places lie that have assignments on a day."""
    named = {row.assignment.place_id for row in snapshot.rows_on(day)}
    return {place.bbox for place in snapshot.places_on(day) if place.bbox and place.id in named}


def _extras(
    chosen: Filter, facets: dict[str, dict[str, int]], listed: set[str]
) -> list[tuple[str, str, str]]:
    """Chosen values the form has no control for: second choices, and values without rows.

    Without them the page would drop, silently, what its address asks for.
    """
    extras = []
    for name, values in chosen.facets.items():
        for number, value in enumerate(values):
            if name in {"plan", "place"}:
                missing = number > 0 or (name == "place" and value not in listed)
            else:
                missing = name not in {"region", "province"} and not facets[name].get(value)
            if missing:
                extras.append((name, value, facet_labels(name)[value]))
    return extras


def _branches(snapshot: Snapshot, facets: dict[str, dict[str, int]]) -> dict[str, list[Sector]]:
    """The sectors below each top-level one that have assignments."""
    branches: dict[str, list[Sector]] = {top.code: [] for top in snapshot.sector_tree.top()}
    for sector in snapshot.sectors:
        if sector.code != sector.top_code and sector.code in facets["sector"]:
            branches[sector.top_code].append(sector)
    return branches


def _facet_counts(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Number of assignments behind every value of every facet."""
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for row in rows:
        for name in FACETS:
            for value in row.keys[name]:
                counts[name][value] = counts[name].get(value, 0) + 1
    return counts


@mapping.get("/map/<snapshot_id>/<name>")
def resource(snapshot_id: str, name: str) -> Response:
    """A file of the snapshot, cached for good under its id."""
    _require(snapshot_id)
    try:
        body = published().snapshot.resources[name]
    except KeyError:
        raise NotFound(Message("没有名为“%(name)s”的地图资源。", name=name)) from None
    return immutable_packed(body, MIMETYPES[name[name.rindex(".") :]])


@mapping.get("/map/<snapshot_id>/rows.json")
def rows(snapshot_id: str) -> Response:
    """The assignments as the map reads them."""
    _require(snapshot_id)
    kept = request_filter().select(published().snapshot, today())
    return immutable(jsonify(map_rows(kept, published().snapshot)).get_data(), "application/json")


def _require(snapshot_id: str) -> None:
    if snapshot_id != published().snapshot.id:
        raise NotFound(Message("数据已更新，请刷新页面。"))
