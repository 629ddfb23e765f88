"""Formats and coordinate systems in which files leave the program; loads no heavy library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from errors import BadParameter

CGCS2000 = "EPSG:4490"
WGS84 = "EPSG:4326"
WEB_MERCATOR = "EPSG:3857"
GCJ02 = "GCJ-02"
"""Spelled as in `geo.coordinates`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes
    ----------
    extension
        With all its dots but the first: ``shp.zip``.
    media_type
        As registered with IANA, else the one in common use.
    title, title_en
        What people call it.
    crs
        Coordinate system where none is asked for.
    """

    extension: str
    media_type: str
    title: str
    title_en: str
    crs: str


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        made.extension: made
        for made in (
            Format("geojson", "application/geo+json", "GeoJSON", "GeoJSON", WGS84),
            Format("gpkg", "application/geopackage+sqlite3", "GeoPackage", "GeoPackage", CGCS2000),
            Format(
                "shp.zip", "application/zip", "Shapefile（压缩包）", "Shapefile (zip)", CGCS2000
            ),
            Format(
                "gdb.zip",
                "application/zip",
                "文件地理数据库（压缩包）",
                "File Geodatabase (zip)",
                CGCS2000,
            ),
            Format("kml", "application/vnd.google-earth.kml+xml", "KML", "KML", WGS84),
            Format("fgb", "application/vnd.flatgeobuf", "FlatGeobuf", "FlatGeobuf", CGCS2000),
            Format(
                "parquet", "application/vnd.apache.parquet", "GeoParquet", "GeoParquet", CGCS2000
            ),
            Format("csv", "text/csv", "CSV 表格", "CSV table", WGS84),
            Format(
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "Excel 工作簿",
                "Excel workbook",
                WGS84,
            ),
        )
    }
)
"""By extension."""

ALLOWED_CRS = (
    CGCS2000,
    WGS84,
    WEB_MERCATOR,
    "EPSG:4513–4533",
    "EPSG:4534–4554",
    GCJ02,
)
"""Coordinate systems a file may have; the ranges are the CGCS2000 3-degree Gauss–Krüger zones,
with and without the zone number in the easting."""

_GEOGRAPHIC = frozenset({CGCS2000, WGS84, GCJ02})
_CODES = frozenset({3857, 4326, 4490, *range(4513, 4555)})
_GEOCENTRIC = frozenset({4479, 4978})
_WITH_HEIGHT = frozenset({4480, 4979})
_CODE = re.compile(r"(?:EPSG:)?([1-9][0-9]{3,5})")


def file_format(extension: str) -> Format:
    """The format of an extension.

    Raises
    ------
    BadParameter
        There is none.
    """
    try:
        return FORMATS[extension]
    except KeyError:
        raise BadParameter("ext", extension, tuple(FORMATS)) from None


def output_crs(text: str, extension: str) -> str:
    """The coordinate system a file will have.

    Parameters
    ----------
    text
        What was asked for: ``EPSG:4490``, ``epsg:4490``, ``4490``, ``OGC:CRS84``, ``GCJ-02``;
        empty for the default of the format.
    extension
        Of the format.

    Returns
    -------
    str
        ``EPSG:<code>`` or ``GCJ-02``. OGC:CRS84 becomes EPSG:4326: in files, both are written
        longitude first.

    Raises
    ------
    BadParameter
        The system is unknown, not of two dimensions, or not one the format can have.
    """
    made = file_format(extension)
    crs = _known(text) if text.strip() else made.crs
    if extension == "kml" and crs != WGS84:
        reason = f"KML 只能用 WGS 84（{WGS84}），不能用 {crs}；请去掉 crs 参数，或改用别的格式。"
        raise BadParameter("crs", text, (WGS84,), reason)
    return crs


def is_geographic(crs: str) -> bool:
    """Whether coordinates are degrees; metres otherwise."""
    return crs in _GEOGRAPHIC


def _known(text: str) -> str:
    spelled = text.strip().upper()
    if spelled in {"OGC:CRS84", "CRS84"}:
        return WGS84
    if re.sub(r"[-_ ]", "", spelled) == "GCJ02":
        return GCJ02
    match = _CODE.fullmatch(spelled)
    code = int(match[1]) if match else 0
    if code in _CODES:
        return f"EPSG:{code}"
    reason = ""
    if code in _GEOCENTRIC:
        reason = f"EPSG:{code} 是地心直角坐标（X、Y、Z），不能画成平面地图；请改用 {CGCS2000}。"
    elif code in _WITH_HEIGHT:
        reason = f"EPSG:{code} 带大地高（三维），而这里的数据没有高程；请改用 {CGCS2000}。"
    raise BadParameter("crs", text, ALLOWED_CRS, reason)
