"""What a download may be: formats and coordinate systems, as the pages offer them."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from geo.file_formats import CGCS2000, FORMATS, GCJ02, WGS84, Format
from geo.gauss_kruger import zones
from layers.filters import Bbox

SPREADSHEETS = ("csv", "xlsx")
"""Formats that most visitors come for; they stand first."""

Systems = list[tuple[str, list[tuple[str, str]]]]
"""Groups of codes and their names."""


def formats() -> list[Format]:
    """Every format, those for everybody first."""
    return sorted(FORMATS.values(), key=lambda made: made.extension not in SPREADSHEETS)


def systems(boxes: Iterable[Bbox]) -> Systems:
    """Coordinate systems that suit what lies in some boxes, in groups.

    Parameters
    ----------
    boxes
        West, south, east, north of each place, degrees.
    """
    found = zones(boxes)
    plane = gettext("中央经线 %(meridian)s°E（%(code)s）")
    numbered = gettext("第 %(number)s 带，中央经线 %(meridian)s°E（%(code)s）")
    groups = [
        (
            gettext("经纬度"),
            [
                (code, gettext("%(name)s（%(code)s）", name=name, code=code))
                for code, name in ((CGCS2000, "CGCS2000"), (WGS84, "WGS 84"))
            ],
        ),
        (
            gettext("CGCS2000 高斯–克吕格三度带，东坐标不加带号"),
            [(zone.code, plane % {"meridian": zone.meridian, "code": zone.code}) for zone in found],
        ),
        (
            gettext("CGCS2000 高斯–克吕格三度带，东坐标加带号"),
            [
                (code, numbered % {"number": z.number, "meridian": z.meridian, "code": code})
                for z, code in ((zone, zone.numbered_code) for zone in found)
            ],
        ),
        (
            gettext("加偏坐标，只用于叠加互联网地图"),
            [(GCJ02, gettext("GCJ-02（偏移数百米，不能量测）"))],
        ),
    ]
    return [(title, systems) for title, systems in groups if systems]
