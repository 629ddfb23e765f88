"""Places and the registry that knows them by id: units, functional areas, parks, zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from errors import DataError
from geo.tables import parse_date, parse_number, read_table, split_list

KINDS: Mapping[str, str] = {
    "unit": "行政区",
    "functional_area": "功能区",
    "park": "园区",
    "town": "特色小镇",
    "region": "片区",
    "province": "省级",
    "cross_province": "跨省合作区",
}
"""Place kinds in reading order, with their Chinese labels."""

QUALITIES: Mapping[str, str] = {
    "official": "正式边界",
    "published": "公开边界",
    "indicative": "示意范围",
    "anchor": "同名镇街点位",
    "proxy": "代表点",
    "unknown": "位置未知",
}
"""Geometry qualities, best first, with their Chinese labels."""

QUALITY_NOTES: Mapping[str, str] = {
    "official": "由使用单位导入的边界",
    "published": "天地图公开边界（概略）",
    "indicative": "由镇街驻地推算的示意范围，不是界线",
    "anchor": "以同名镇街的驻地表示，不是园区范围",
    "proxy": "以附近驻地示意，园区实际位置未公开",
    "unknown": "没有公开位置，只列出、不上图",
}
"""What a quality means, in one sentence for the legend."""

CONFIDENCES: Mapping[str, str] = {"high": "高", "medium": "中", "low": "低"}
"""How sure it is that a point or an indicative shape stands where the place is: a source says
so; only the name says so; a guess. Empty for units and for places that are not drawn."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that plans name.

    Attributes
    ----------
    id
        Six-digit GB/T 2260 code of a unit, else a stable slug.
    kind
        One of `KINDS`.
    level
        ``province``, ``prefecture`` or ``county`` for units, else empty.
    parents
        Codes of the units directly above (units), the county-level units it lies in
        (functional areas, parks), or its members (zones).
    lon, lat
        Position of a place that is drawn as a point, degrees, CGCS2000 (EPSG:4490).
    quality
        One of `QUALITIES`.
    confidence
        One of `CONFIDENCES`, or empty.
    anchor
        The settlement whose position stands for the place, where it is drawn as a point.
    area_id
        The functional area a park belongs to, if any.
    valid_from, valid_to
        Half-open interval of existence; None is unbounded.
    area_km2
        Published area, where one is known.
    """

    id: str
    name: str
    kind: str
    short_name: str = ""
    level: str = ""
    aliases: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    quality: str = "unknown"
    confidence: str = ""
    anchor: str = ""
    area_id: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    area_km2: float | None = None
    source: str = ""
    note: str = ""

    def exists_on(self, day: date) -> bool:
        """Tell whether the place existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A region 片区 as plans group county-level units; regions nest."""

    id: str
    name: str
    short_name: str
    parent_id: str
    province: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Seat of a town or street (a point), and the functional area it belongs to, if any.

    Coordinates are degrees, CGCS2000 (EPSG:4490).
    """

    id: str
    name: str
    unit: str
    lon: float
    lat: float
    area_id: str


class Registry:
    """All places by id, with the relations that plans and maps need."""

    def __init__(
        self, places: Iterable[Place], regions: Iterable[Region], seats: Iterable[Seat]
    ) -> None:
        self._places: dict[str, Place] = {}
        for place in places:
            if place.id in self._places:
                raise DataError(f"地点编号重复：{place.id}")
            self._places[place.id] = place
        self.regions: dict[str, Region] = {region.id: region for region in regions}
        self.seats: tuple[Seat, ...] = tuple(seats)
        self._check()

    def _check(self) -> None:
        for place in self._places.values():
            for parent in filter(None, (*place.parents, place.area_id)):
                if parent not in self._places:
                    raise DataError(f"{place.id} 引用了不存在的编号：{parent}")
        for region in self.regions.values():
            unknown = [code for code in region.units if code not in self._places]
            if region.parent_id and region.parent_id not in self.regions:
                unknown.append(region.parent_id)
            if unknown:
                raise DataError(f"片区 {region.id} 引用了不存在的编号：{'、'.join(unknown)}")
        for seat in self.seats:
            for code in filter(None, (seat.unit, seat.area_id)):
                if code not in self._places:
                    raise DataError(f"驻地 {seat.id} 引用了不存在的编号：{code}")

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, place_id: str) -> bool:
        return place_id in self._places

    def __getitem__(self, place_id: str) -> Place:
        return self._places[place_id]

    def counties(self, province: str, day: date) -> list[Place]:
        """List the county-level units of a province that existed on a day, by code."""
        return sorted(
            (
                place
                for place in self
                if place.level == "county"
                and province in self.provinces_of(place)
                and place.exists_on(day)
            ),
            key=lambda place: place.id,
        )

    def provinces_of(self, place: Place) -> tuple[str, ...]:
        """Codes of the provinces a place lies in, in the order of its parents."""
        if place.level == "province":
            return (place.id,)
        found = (code for parent in place.parents for code in self.provinces_of(self[parent]))
        return tuple(dict.fromkeys(found))

    def within(self, place: Place) -> tuple[str, ...]:
        """Ids of the places that a place lies wholly within, itself first.

        A functional area or zone that touches several units merely overlaps each of them;
        it lies within what all of them lie within.
        """
        above = [self.within(self[parent]) for parent in place.parents]
        shared = [i for i in above[0] if all(i in other for other in above[1:])] if above else []
        area = self.within(self[place.area_id]) if place.area_id else ()
        return tuple(dict.fromkeys((place.id, *area, *shared)))

    def regions_of(self, place: Place) -> tuple[str, ...]:
        """Ids of the regions whose units a place lies in, and of the regions above them."""
        units = {place.id} if place.kind == "unit" else set(place.parents)
        found: dict[str, None] = {}
        for region in self.regions.values():
            if units.intersection(region.units):
                up: Region | None = region
                while up is not None:
                    found[up.id] = None
                    up = self.regions.get(up.parent_id)
        return tuple(found)


def load_registry(folder: Path) -> Registry:
    """Read `data/districts/`.

    Parameters
    ----------
    folder
        Holds units.csv, areas.csv, functional_areas.csv, parks.csv,
        characteristic_towns.csv, zones.csv, regions.csv, towns.csv.

    Raises
    ------
    DataError
        A table breaks its contract.
    """
    places = [
        *_units(folder),
        *located(folder / "functional_areas.csv", "functional_area"),
        *located(folder / "parks.csv", "park"),
        *located(folder / "characteristic_towns.csv", "town"),
        *located(folder / "zones.csv", "cross_province"),
    ]
    regions = [
        Region(
            id=row["id"],
            name=row["name"],
            short_name=row["short_name"],
            parent_id=row["parent_id"],
            province=row["province_code"],
            units=split_list(row["unit_codes"]),
        )
        for row in read_table(
            folder / "regions.csv",
            ("id", "name", "short_name", "parent_id", "province_code", "unit_codes"),
        )
    ]
    seats = [
        Seat(
            id=row["id"],
            name=row["name"],
            unit=row["unit_code"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            area_id=row["area_id"],
        )
        for row in read_table(
            folder / "towns.csv", ("id", "name", "unit_code", "lon", "lat", "area_id")
        )
    ]
    return Registry(places, regions, seats)


def _units(folder: Path) -> Iterator[Place]:
    rows = read_table(folder / "areas.csv", ("code", "area_km2", "source"))
    areas = {row["code"]: parse_number(row["area_km2"]) for row in rows}
    columns = ("code", "name", "short_name", "aliases", "level", "parent_code")
    for row in read_table(folder / "units.csv", (*columns, "valid_from", "valid_to")):
        yield Place(
            id=row["code"],
            name=row["name"],
            kind="province" if row["level"] == "province" else "unit",
            short_name=row["short_name"],
            level=row["level"],
            aliases=split_list(row["aliases"], ";"),
            parents=split_list(row["parent_code"]),
            quality="published",
            area_km2=areas.get(row["code"]),
            valid_from=parse_date(row["valid_from"]),
            valid_to=parse_date(row["valid_to"]),
        )


def located(path: Path, kind: str) -> Iterator[Place]:
    """Read places other than units from a table.

    Raises
    ------
    DataError
        A quality or confidence is none, or the two contradict each other.
    """
    columns = ("id", "name", "aliases", "unit_codes", "lon", "lat", "quality")
    for row in read_table(path, (*columns, "confidence", "source", "note")):
        if row["quality"] not in QUALITIES:
            raise DataError(f"{path.name}：{row['id']} 的图形质量“{row['quality']}”无效")
        drawn = row["quality"] != "unknown"
        if row["confidence"] not in (CONFIDENCES if drawn else {""}):
            raise DataError(f"{path.name}：{row['id']} 的可信度“{row['confidence']}”无效")
        yield Place(
            id=row["id"],
            name=row["name"],
            kind=kind,
            aliases=split_list(row["aliases"], ";"),
            parents=split_list(row["unit_codes"]),
            lon=parse_number(row["lon"]),
            lat=parse_number(row["lat"]),
            quality=row["quality"],
            confidence=row["confidence"],
            anchor=row.get("anchor", ""),
            area_id=row.get("area_id", ""),
            valid_from=parse_date(row.get("valid_from", "")),
            valid_to=parse_date(row.get("valid_to", "")),
            area_km2=parse_number(row.get("area_km2", "")),
            source=row["source"],
            note=row["note"],
        )
