"""All of China by name: the registry, and behind it every unit of the boundary package."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyogrio

from geo.boundaries import COUNTRY, package_file
from geo.names import short_form
from geo.places import Place, Registry, located
from geo.tables import read_table, split_list

LEVELS = (
    ("china_province.geojson", "province"),
    ("china_city.geojson", "prefecture"),
    ("china_district.geojson", "county"),
)


def with_all_of_china(registry: Registry, folder: Path) -> Registry:
    """Add the units of the provinces that the registry does not keep by hand.

    Parameters
    ----------
    folder
        `data/districts/`; its new_areas.csv has the state-level new areas of those provinces,
        its unit_aliases.csv short names that no rule gives, its localities.csv zones whose
        names do not begin with their unit's.

    Returns
    -------
    Registry
        The same places, and provinces, prefectures and counties of the others, with codes
        and names of 2024 and no dates.
    """
    rows = read_table(folder / "unit_aliases.csv", ("code", "aliases"))
    irregular = {row["code"]: split_list(row["aliases"], ";") for row in rows}
    by_hand = {place.id[:2] for place in registry if place.level == "province"}
    others = [
        replace(place, aliases=(*place.aliases, *irregular.get(place.id, ())))
        for place in _package_units()
        if place.id[:2] not in by_hand
    ]
    known = {place.id for place in others}
    linked = [place for place in others if all(parent in known for parent in place.parents)]
    areas = located(folder / "new_areas.csv", "functional_area")
    zones = located(folder / "localities.csv", "park")
    return Registry([*registry, *linked, *areas, *zones], registry.regions.values(), registry.seats)


@lru_cache(maxsize=1)
def _package_units() -> tuple[Place, ...]:
    found: dict[str, Place] = {}
    for name, level in LEVELS:
        frame = pyogrio.read_dataframe(package_file(name), read_geometry=False)
        for code, full in zip(frame["gb"].fillna(""), frame["name"], strict=True):
            unit = code.removeprefix(COUNTRY)
            if unit and unit not in found:
                found[unit] = Place(
                    id=unit,
                    name=full,
                    kind="province" if level == "province" else "unit",
                    short_name=short_form(full),
                    aliases=_plain_names(full),
                    level=level,
                    parents=_parents(unit, level, found),
                    quality="published",
                )
    return tuple(found.values())


def _plain_names(name: str) -> tuple[str, ...]:
    """松桃苗族自治县 is also 松桃县, 黔南布依族苗族自治州 黔南州, 科尔沁左翼中旗 科左中旗."""
    short = short_form(name)
    autonomous = re.search("自治([县旗州])$", name)
    banner = re.match("(.)[^左右]{1,4}([左右])翼?([前中后]?).*([县旗])$", name)
    found = [short + autonomous[1]] if autonomous and short != name else []
    if banner:
        found.append("".join(banner.groups()))
        found += [banner[1] + banner[2]] if banner[4] == "县" else []
    return tuple(found)


def _parents(code: str, level: str, found: dict[str, Place]) -> tuple[str, ...]:
    """The prefecture above, or the province where there is none (municipalities, 省直辖)."""
    if level == "province":
        return ()
    prefecture, province = f"{code[:4]}00", f"{code[:2]}0000"
    return (prefecture,) if level == "county" and prefecture in found else (province,)
