"""The data the map page draws from: borders, places, assignments, each a file by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from layers.backdrop import backdrop
from layers.maprows import map_rows
from layers.snapshot import MappedPlace, Snapshot
from layers.topology import arcs_of, from_afar, topology


def map_files(snapshot: Snapshot, context: Mapping[str, BaseGeometry]) -> dict[str, bytes]:
    """The files by name, as JSON.

    ``borders.json`` is for a view from afar, with the drawing of the grey context;
    ``borders-<province>.json`` has the same arcs of a province as fine as they are;
    ``geometry-<n>.json`` and ``rows-<n>.json`` have the places and the assignments under the
    n-th set of boundaries.

    Parameters
    ----------
    snapshot
        Without resources.
    context
        What is drawn grey around the places, by name; degrees.
    """
    borders, drawn = _borders(snapshot.places)
    far = from_afar(borders) | {"backdrop": backdrop(context)}
    files = {"borders.json": far, **_near(snapshot.places, borders, drawn)}
    for number, start in enumerate(snapshot.epochs):
        files[f"geometry-{number}.json"] = _geometry(snapshot, start, drawn)
        files[f"rows-{number}.json"] = map_rows(snapshot.rows_on(start), snapshot)
    return {name: as_json(value) for name, value in files.items()}


def as_json(value: object) -> bytes:
    """A value as JSON, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _borders(places: Iterable[MappedPlace]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The borders of all places at all times, shared by every day.

    Returns
    -------
    borders : dict
        TopoJSON without objects.
    drawn : dict
        What the map draws of a place, by the place's geometry: a geometry object of the
        borders, or a point as GeoJSON.
    """
    plain, shapes = {}, {}
    for text in dict.fromkeys(place.geometry for place in places):
        value = json.loads(text)
        if value is None or value["type"] == "Point":
            plain[text] = value
        else:
            shapes[text] = shapely.from_geojson(text)
    borders, drawn = topology(shapes)
    return borders, drawn | plain


def _near(
    places: Iterable[MappedPlace], borders: Mapping[str, Any], shapes: Mapping[str, Any]
) -> dict[str, Any]:
    """For each province the arcs of all its places at all times, as fine as they are."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for place in places:
        shape = shapes[place.geometry]
        if shape and "arcs" in shape:
            for code in place.provinces:
                found.setdefault(code, []).append(shape)
    return {f"borders-{code}.json": arcs_of(borders, drawn) for code, drawn in found.items()}


def _geometry(snapshot: Snapshot, day: date, shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The places of the map on a day: units, areas, points; empty properties are left out."""
    drawn = {
        row.assignment.place_id: snapshot.place(row.assignment.place_id, day)
        for row in snapshot.rows_on(day)
        if row.assignment.place_id
    }
    assigned = set(drawn)
    drawn |= {place.id: place for place in snapshot.places_on(day)}
    places = [
        {
            "id": place.id,
            "name": place.place.name,
            "short": place.place.short_name,
            "kind": place.place.kind,
            "level": place.place.level,
            "quality": place.place.quality,
            "confidence": place.place.confidence,
            "note": place.place.note,
            "parents": place.place.parents,
            "provinces": place.provinces,
            "label": place.label and [round(degrees, 3) for degrees in place.label],
            "area": place.area_km2 and round(place.area_km2),
            "shape": shapes[place.geometry],
        }
        for place in sorted(drawn.values(), key=lambda place: place.id)
        if place.place.kind != "province" or place.id in assigned
    ]
    return {"places": [{name: v for name, v in place.items() if v} for place in places]}
