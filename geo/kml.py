"""KML 2.2, written placemark by placemark.

By hand, because both of GDAL's writers lose something: carriage returns, titles of fields,
the flat memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from geo.feature_layers import (
    FLOAT_EXACT,
    INT32,
    features,
    largest_integers,
    values,
    xml_text,
)
from geo.feature_table import About, FeatureTable, Field
from geo.geojson import geometry_texts

TYPES = {"string": "string", "number": "double", "date": "string"}
"""Type of a KML field, by field type; there is none for dates."""


def write_kml(table: FeatureTable, crs: str, about: About, folder: Path) -> Path:
    """Write one document of all features, the provenance as its description.

    Parameters
    ----------
    table, about
        See `geo.exporting.write`. A placemark is called by the first field of text whose name
        ends in ``name``, else by the first field. What is missing has no element. Characters
        that XML cannot hold become U+FFFD.
    crs
        EPSG:4326.
    folder
        Takes the file.
    """
    path = folder / f"{table.name}.kml"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
            f"<name>{_text(table.title)}</name>\n"
            f"<description>{_text(chr(10).join(about.lines()))}</description>\n"
            # With the schema in a document of its own, GDAL lists the fields of an empty layer.
            f"<Document><name>{_text(table.name)}</name>\n"
            f"<Schema name={_attribute(table.name)} id={_attribute(table.name)}>\n"
        )
        integers = largest_integers(table)
        for field in table.fields:
            kind = TYPES.get(field.type) or _integer_type(integers[field.name])
            file.write(
                f'<SimpleField type="{kind}" name={_attribute(field.name)}>'
                f"<displayName>{_text(field.title)}</displayName></SimpleField>\n"
            )
        file.write("</Schema>\n")
        file.writelines(_placemarks(table, crs))
        file.write("</Document>\n</Document>\n</kml>\n")
    return path


def _integer_type(largest: int) -> str:
    """The type that holds a field's integers; GDAL reads an ``int`` as 32 bits."""
    if largest < INT32:
        return "int"
    return "double" if largest <= FLOAT_EXACT else "string"


def _placemarks(table: FeatureTable, crs: str) -> Iterator[str]:
    called = _naming_field(table.fields)
    opening = [f"<SimpleData name={_attribute(field.name)}>" for field in table.fields]
    schema = f"<ExtendedData><SchemaData schemaUrl={_attribute('#' + table.name)}>"
    for chunk in features(table, crs):
        columns = [values(chunk, field) for field in table.fields]
        texts = geometry_texts(chunk.geometry, crs)
        for text, row in zip(texts, zip(*columns, strict=True), strict=True):
            name = row[called]
            data = "".join(
                f"{tag}{_text(str(value))}</SimpleData>"
                for tag, value in zip(opening, row, strict=True)
                if value is not None
            )
            yield (
                "<Placemark>"
                + ("" if name is None else f"<name>{_text(str(name))}</name>")
                + f"{schema}{data}</SchemaData></ExtendedData>"
                + ("" if text is None else _shape(msgspec.json.decode(text)))
                + "</Placemark>\n"
            )


def _naming_field(fields: tuple[Field, ...]) -> int:
    named = (i for i, f in enumerate(fields) if f.type == "string" and f.name.endswith("name"))
    return next(named, 0)


def _shape(geometry: dict[str, Any]) -> str:
    """A geometry of GeoJSON in KML."""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return f"<Point>{_coordinates([coordinates])}</Point>"
    if geometry["type"] == "Polygon":
        return _polygon(coordinates)
    return f"<MultiGeometry>{''.join(map(_polygon, coordinates))}</MultiGeometry>"


def _polygon(rings: list[list[list[float]]]) -> str:
    sides = chain(("outer",), ("inner" for _ in rings[1:]))
    return (
        "<Polygon>"
        + "".join(
            f"<{side}BoundaryIs><LinearRing>{_coordinates(ring)}</LinearRing></{side}BoundaryIs>"
            for side, ring in zip(sides, rings, strict=True)
        )
        + "</Polygon>"
    )


def _coordinates(points: list[list[float]]) -> str:
    return f"<coordinates>{' '.join(f'{x},{y}' for x, y in points)}</coordinates>"


def _text(text: str) -> str:
    # A reader would take a bare carriage return for a line feed.
    return escape(xml_text(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text))
