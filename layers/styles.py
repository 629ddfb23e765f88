"""QGIS styles (QML) in the colours of our map, so that a file opens as the map looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from geo.feature_table import POINT, POLYGON
from geo.places import QUALITIES
from layers.collections import Collection
from plans.sectors import SectorTree

QUALITY_COLOURS: Mapping[str, str] = {
    "official": "#2f6f4f",
    "published": "#dfe6df",
    "indicative": "#b79ad6",
    "anchor": "#3b78b5",
    "proxy": "#e0903c",
}
"""Colours of places by geometry quality, as the map's symbols have them."""
OUTLINE = "#5c6a6b"
QGIS = "3.22"
"""Version whose form of the styles this is; later ones read it."""


def qgis_styles(collection: Collection, sectors: SectorTree) -> dict[str, str]:
    """Styles of a collection by part, each a QML document; empty where it is never drawn.

    Assignments are coloured by top-level sector, places by the quality of their geometry.
    """
    if not collection.located:
        return {}
    if collection.table == "assignments":
        attribute = "sector_l1"
        classes = [(top.name_zh, top.name_zh, top.colour) for top in sectors.top()]
        label = "place_name"
    else:
        attribute = "geometry_quality"
        classes = [(key, QUALITIES[key], colour) for key, colour in QUALITY_COLOURS.items()]
        label = "name"
    return {part: _document(part, attribute, classes, label) for part in (POLYGON, POINT)}


def _document(
    part: str, attribute: str, classes: Iterable[tuple[str, str, str]], label: str
) -> str:
    root = ET.Element("qgis", version=QGIS, styleCategories="Symbology|Labeling", labelsEnabled="1")
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": attribute, "symbollevels": "0", "forceraster": "0"},
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (value, title, colour) in enumerate(classes):
        entry = {"symbol": str(number), "value": value, "label": title, "render": "true"}
        ET.SubElement(categories, "category", entry)
        _symbol(symbols, part, str(number), colour)
    _labels(root, label)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _symbol(parent: ET.Element, part: str, name: str, colour: str) -> None:
    fill = part == POLYGON
    symbol = ET.SubElement(
        parent,
        "symbol",
        {
            "type": "fill" if fill else "marker",
            "name": name,
            "alpha": "0.75" if fill else "1",
            "clip_to_extent": "1",
            "force_rhr": "0",
        },
    )
    layer = ET.SubElement(
        symbol,
        "layer",
        {"class": "SimpleFill" if fill else "SimpleMarker", "enabled": "1", "pass": "0"},
    )
    properties = {"color": _rgba(colour), "outline_color": _rgba(OUTLINE), "outline_style": "solid"}
    properties |= {"outline_width": "0.2", "outline_width_unit": "MM"}
    properties |= (
        {"style": "solid"} if fill else {"name": "circle", "size": "2.6", "size_unit": "MM"}
    )
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in properties.items():
        ET.SubElement(options, "Option", type="QString", name=key, value=value)
        ET.SubElement(layer, "prop", k=key, v=value)  # QGIS before 3.26 reads these


def _labels(root: ET.Element, attribute: str) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = {"fieldName": attribute, "fontSize": "8", "textColor": "29,42,46,255"}
    text = ET.SubElement(settings, "text-style", style)
    ET.SubElement(
        text,
        "text-buffer",
        {"bufferDraw": "1", "bufferSize": "0.8", "bufferColor": "255,255,255,255"},
    )


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5)) + ",255"
