"""The Folium map: base, panes, layers and controls; geometry comes from one shared resource.

Folium writes the script once, at publish. It is served as a file of its own, so that the
page needs no inline script, and every element has a fixed name, so that caches hit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.plugins import Fullscreen
from jinja2 import Template

from geo.places import CONFIDENCES, KINDS, QUALITIES
from layers.snapshot import Snapshot
from plans.sectors import Sector
from plans.tables import ACTIONS, POLICY_KINDS, STAGES

TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
"""WMTS in Web Mercator of 天地图, http://lbs.tianditu.gov.cn/server/MapService.html."""

PANES = {"caitu-context": 210, "caitu-districts": 410, "caitu-sectors": 420, "caitu-areas": 430}
"""Drawing order below Leaflet's marker pane (600)."""

REFERENCE_GROUPS = {
    "districts": "行政区",
    "areas": "功能区（示意范围）",
    "parks": "园区与合作区（点位）",
    "labels": "地名与门类标记",
}
"""Layers of places, with the names the layer control shows."""

CONTEXT = "邻省与境界线"
BASE_MAP = "天地图底图"
"""Names of the layer beneath all others, and of the map that may be put under it."""


class SharedGeometry(MacroElement):
    """Hands the map and its layer groups to the page's own script.

    Parameters
    ----------
    groups
        Layer key → Folium layer. The script fills each from the one geometry resource.
    config
        Vocabulary and colours, as JSON.
    """

    def __init__(self, groups: dict[str, folium.FeatureGroup], config: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "SharedGeometry"
        self.groups = groups
        # Not Jinja's tojson: it sorts keys, and the vocabularies have an order.
        text = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
        # Folium takes what this template made for a template again: no word may look like one.
        self.config = re.sub(r"\{(?=[{%#])", r"\\u007b", text)
        self._template = Template(
            "{% macro script(this, kwargs) %}"
            "Caitu.start({{ this._parent.get_name() }}, { "
            "{% for key, group in this.groups.items() %}"
            "{{ key|tojson }}: {{ group.get_name() }},"
            "{% endfor %}"
            "}, {{ this.config }});"
            "{% endmacro %}"
        )


def build_map(
    snapshot: Snapshot, tianditu_key: str = "", words: Mapping[str, str] | None = None
) -> folium.Map:
    """Build the layered map of a snapshot.

    Parameters
    ----------
    snapshot
        Gives the extent (its plans' own provinces) and the sectors.
    tianditu_key
        Adds the 天地图 base map, off until chosen, when not empty.
    words
        Chinese sentence → what another language says; for a map in that language.
    """

    def translate(text: str) -> str:
        return (words or {}).get(text, text)

    west, south, east, north = _extent(snapshot)
    figure = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],  # fitting would set off an animation,
        zoom_start=4,  # which ends after the page has found its place
        tiles=None,
        control_scale=False,
        zoom_control="topright",
        zoom_snap=0.25,
        world_copy_jump=True,
        attribution_control=True,
    )
    for name, z_index in PANES.items():
        folium.map.CustomPane(name, z_index=z_index, pointer_events=True).add_to(figure)
    if tianditu_key:
        for layer, name in (
            ("vec", translate(BASE_MAP)),
            ("cva", translate("天地图注记")),
        ):
            folium.TileLayer(
                TIANDITU.format(layer=layer, key=tianditu_key),
                attr=translate("天地图"),
                name=name,
                overlay=True,
                show=False,
                subdomains="01234567",
                max_zoom=18,
            ).add_to(figure)
    groups = {"context": folium.FeatureGroup(translate(CONTEXT), control=False)}
    groups |= {key: folium.FeatureGroup(translate(name)) for key, name in REFERENCE_GROUPS.items()}
    tops = snapshot.sector_tree.top()
    groups |= {
        f"sector:{sector.code}": folium.FeatureGroup(_name(sector, words), control=False)
        for sector in tops
    }
    for group in groups.values():
        group.add_to(figure)
    fullscreen = Fullscreen(  # type: ignore[no-untyped-call]
        position="topright", title=translate("全屏"), title_cancel=translate("退出全屏")
    )
    fullscreen.add_to(figure)
    folium.LayerControl(position="topright", collapsed=True).add_to(figure)
    figure.add_child(SharedGeometry(groups, _config(snapshot, words)))
    _fix_names(figure)
    return figure


def map_script(
    snapshot: Snapshot, tianditu_key: str = "", words: Mapping[str, str] | None = None
) -> str:
    """Render the map's script without the page around it."""
    root: Any = build_map(snapshot, tianditu_key, words).get_root()
    root.render()
    pieces = (child.render() for child in root.script._children.values())
    return "\n".join(line for piece in pieces for line in piece.split("\n") if line.strip())


def _extent(snapshot: Snapshot) -> tuple[float, float, float, float]:
    last = snapshot.epochs[-1]
    boxes = [snapshot.place(plan.province, last).bbox for plan in snapshot.plans]
    west, south, east, north = zip(*(box for box in boxes if box), strict=True)
    return min(west), min(south), max(east), max(north)


def _config(snapshot: Snapshot, words: Mapping[str, str] | None) -> dict[str, Any]:
    def labels(listed: Mapping[str, str]) -> dict[str, str]:
        return {value: (words or {}).get(label, label) for value, label in listed.items()}

    tree = snapshot.sector_tree
    return {
        "actions": labels(ACTIONS),
        "stages": labels(STAGES),
        "kinds": labels(KINDS),
        "confidences": labels(CONFIDENCES),
        "qualities": labels(QUALITIES),
        "policies": labels(POLICY_KINDS),
        "provinces": sorted({plan.province for plan in snapshot.plans}),
        "provinceNames": {
            place.id: place.place.name
            for place in snapshot.places
            if place.place.kind == "province"
        },
        "plans": {plan.id: plan.short_title for plan in snapshot.plans},
        "homes": {plan.id: plan.province for plan in snapshot.plans},
        "sectors": {
            sector.code: {
                "name": _name(sector, words),
                "path": [_name(tree[code], words) for code in reversed(sector.lineage)],
                "colour": tree[sector.top_code].colour,
            }
            for sector in snapshot.sectors
        },
    }


def _name(sector: Sector, words: Mapping[str, str] | None) -> str:
    return sector.name_zh if words is None else sector.name_en or sector.name_zh


def _fix_names(figure: folium.Map) -> None:
    """Number the elements in drawing order instead of Folium's random ids."""
    for number, element in enumerate(_elements(figure.get_root())):
        element._id = f"{number}"
    figure._id = "main"


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _elements(child)
