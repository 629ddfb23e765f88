"""Coordinate systems by address, as OGC API – Features part 2 names them (OGC 18-058r1)."""

from __future__ import annotations

from collections.abc import Mapping

from errors import BadParameter
from geo.gauss_kruger import zones
from layers.collections import Collection
from web.responses import published

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
STORAGE = f"{EPSG}4490"


def systems() -> Mapping[str, str]:
    """Address → code of every system offered.

    CRS84, which needs no transformation and has no code; CGCS2000, WGS 84, Web Mercator; and
    the 3-degree Gauss–Krüger zones of CGCS2000 that the data reaches into, first without the
    zone number in the easting. A zone far away would only distort.
    """
    return published().remember("systems", _systems)


def _systems() -> Mapping[str, str]:
    boxes = [place.bbox for place in published().snapshot.places if place.bbox]
    near = zones(boxes)
    codes = ["EPSG:4490", "EPSG:4326", "EPSG:3857"]
    codes += [zone.code for zone in near] + [zone.numbered_code for zone in near]
    return {CRS84: ""} | {EPSG + code.removeprefix("EPSG:"): code for code in codes}


def system(name: str, uri: str | None, collection: Collection) -> str:
    """The code of a system asked for by address; the default is CRS84.

    Raises
    ------
    BadParameter
        The collection is not given in it (/req/crs/fc-crs-valid-value).
    """
    if uri is None:
        return ""
    known = systems() if collection.located else {CRS84: ""}
    try:
        return known[uri]
    except KeyError:
        raise BadParameter(name, uri, tuple(known)) from None


def uri_of(code: str) -> str:
    """The address of a code."""
    return EPSG + code.removeprefix("EPSG:") if code else CRS84
