"""Made-up data of the whole country: a plan for every province, 20,000 assignments in all."""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import astuple, fields, replace
from pathlib import Path

from geo.boundaries import load_boundaries
from geo.gazetteer import with_all_of_china
from geo.places import Place, Registry, load_registry
from plans.tables import COLUMNS, Assignment, Policy, Target, load_records

SEED = 9
ASSIGNMENTS = 20_000
PLAN = """\
id = "{id}"
title = "{name}材料工业发展规划"
short_title = "{name} 材料工业发展规划"
issuer = "{name}"
number = ""
province = "{province}"
issued = 2024-06-01
valid_to = 2030-12-31
source = "made up for a benchmark"
note = ""
sha256 = ""
"""


def write_national(source: Path, target: Path) -> None:
    """Copy a data folder, and add the units and the plans of the provinces it lacks.

    The five plans stay. The words, sectors and actions of the assignments that are added are
    drawn from theirs, each apart from the others; the counties are drawn from all.

    Parameters
    ----------
    source
        Our data folder.
    target
        Folder to make, anew if it is there.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    districts = target / "districts"
    registry = load_registry(districts)
    units = _units(registry, districts)
    with (districts / "units.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (p.id, p.name, p.short_name, "", p.level, "+".join(p.parents), "", "") for p in units
        )
    registry = load_registry(districts)
    real = [
        row
        for path in sorted(target.glob("plans/*/assignments.csv"))
        for row in load_records(path, Assignment)
    ]
    made = _assignments(registry, real)
    for province in (place for place in registry if place.level == "province"):
        rows = [row for row in made if row.plan_id == _plan_id(province)]
        _write_plan(target / "plans" / _plan_id(province), province, rows)


def _units(registry: Registry, districts: Path) -> list[Place]:
    """The units of 2024 that the registry lacks.

    A county directly under its province has the code of a prefecture in the boundary
    package; Macao's only unit has that of its province and stays a province.
    """
    boundaries = load_boundaries()
    known = {place.id: place for place in with_all_of_china(registry, districts)}
    kept = [p for p in known.values() if p.level == "province"]
    kept_ids = {place.id for place in kept}
    codes = [c for c in boundaries.units.index if c not in registry and c not in kept_ids]
    filled = {code[:4] for code in codes}
    kept += [
        place for place in known.values()
        if place.level == "prefecture" and place.id[:4] in filled and place.id not in codes
    ]  # fmt: skip
    kept_ids = {place.id for place in kept}
    for code in codes:
        above = f"{code[:4]}00" if f"{code[:4]}00" in kept_ids else f"{code[:2]}0000"
        name = str(boundaries.units.name[code])
        place = known.get(code) or Place(id=code, name=name, kind="unit", short_name=name)
        kept.append(replace(place, level="county", kind="unit", parents=(above,)))
    return [place for place in kept if place.id not in registry]


def _plan_id(province: Place) -> str:
    return f"made-up-{province.id}"


def _assignments(registry: Registry, real: list[Assignment]) -> list[Assignment]:
    random_ = random.Random(SEED)
    counties = [p for p in registry if p.level == "county" and p.valid_to is None]
    made = []
    for number in range(ASSIGNMENTS - len(real)):
        county = random_.choice(counties)
        province = registry[registry.provinces_of(county)[0]]
        what, how, where, extra = (random_.choice(real) for _ in range(4))
        made.append(
            replace(
                what,
                plan_id=_plan_id(province),
                place_text=county.short_name or county.name,
                place_id=county.id,
                place_name=county.name,
                place_kind="unit",
                parent_code=county.id,
                parent_name=county.name,
                province=province.name,
                action=how.action,
                action_text=how.action_text,
                chain_stage=how.chain_stage,
                condition=extra.condition,
                project=extra.project,
                section=where.section,
                start=number * 10,
                end=number * 10 + len(what.sector_text),
            )
        )
    return made


def _write_plan(folder: Path, province: Place, rows: list[Assignment]) -> None:
    folder.mkdir()
    text = PLAN.format(id=folder.name, name=province.name, province=province.id)
    (folder / "plan.toml").write_text(text, "utf-8")
    tables = {"targets.csv": Target, "policies.csv": Policy}
    for name, kind in tables.items():
        (folder / name).write_text(",".join(f.name for f in fields(kind)) + "\n", "utf-8")
    with (folder / "assignments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *map(astuple, rows)])
