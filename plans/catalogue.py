"""The plans we hold: what each is, and its reviewed tables, checked against the registry."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from errors import DataError
from geo.places import KINDS, Registry
from plans.sectors import SectorTree
from plans.tables import (
    ACTIONS,
    POLICY_KINDS,
    SHEET_KINDS,
    STAGES,
    Assignment,
    Policy,
    Project,
    Record,
    SheetItem,
    Target,
    load_records,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan is. Dates and texts are empty where the plan itself does not say.

    Attributes
    ----------
    issued
        The date under the issuing notice.
    valid_from, valid_to
        First and last day of the planning period.
    year
        The year it is filed under, where its text gives no date at all.
    sha256
        Of the text file the offsets refer to.
    """

    id: str
    title: str
    short_title: str
    issuer: str
    number: str
    province: str
    source: str
    note: str
    sha256: str
    issued: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    year: int | None = None

    @property
    def name(self) -> str:
        """Its title, or what we call it where the text has none."""
        return self.title or self.short_title

    def in_force_on(self, day: date) -> bool:
        """Tell whether a day lies in the planning period; an open end is unbounded."""
        start = self.valid_from or self.issued
        return (start is None or start <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan with its tables."""

    plan: Plan
    assignments: tuple[Assignment, ...]
    targets: tuple[Target, ...]
    policies: tuple[Policy, ...]
    sheets: tuple[SheetItem, ...] = ()
    projects: tuple[Project, ...] = ()


def load_plans(folder: Path, registry: Registry, sectors: SectorTree) -> tuple[PlanRecord, ...]:
    """Read every plan in `data/plans/`, newest issue first.

    Raises
    ------
    DataError
        A table names a place, sector, action, stage or kind that does not exist, or
        contradicts the registry.
    """
    records = [
        load_plan(path.parent, registry, sectors) for path in sorted(folder.glob("*/plan.toml"))
    ]
    return tuple(sorted(records, key=lambda r: r.plan.issued or date.min, reverse=True))


def load_plan(folder: Path, registry: Registry, sectors: SectorTree) -> PlanRecord:
    """Read one plan's folder; see `load_plans`."""
    plan = _read_plan(folder / "plan.toml")
    if plan.id != folder.name:
        raise DataError(f"{folder.name}/plan.toml 的 id 应与文件夹同名")
    record = PlanRecord(
        plan=plan,
        assignments=load_records(folder / "assignments.csv", Assignment),
        targets=load_records(folder / "targets.csv", Target),
        policies=load_records(folder / "policies.csv", Policy),
        sheets=_optional(folder / "sheets.csv", SheetItem),
        projects=_optional(folder / "projects.csv", Project),
    )
    faults = [
        *_assignment_faults(record, registry, sectors),
        *_other_faults(record, sectors),
        *_extra_faults(record, registry, sectors),
    ]
    if faults:
        raise DataError(f"规划 {plan.id} 的数据有误：" + "；".join(faults[:10]))
    return record


def _read_plan(path: Path) -> Plan:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(table, Plan)
    except (OSError, tomllib.TOMLDecodeError, KeyError, msgspec.ValidationError) as error:
        raise DataError(f"读不懂 {path}：{error}") from error


def _assignment_faults(record: PlanRecord, registry: Registry, sectors: SectorTree) -> list[str]:
    faults = []
    for row in record.assignments:
        where = f"{row.place_text}×{row.sector_text}（{row.start}）"
        checks = {
            "规划编号": row.plan_id == record.plan.id,
            "地点": not row.place_id or row.place_id in registry,
            "地点类型": row.place_kind in KINDS,
            "门类": row.sector_code in sectors,
            "动作": row.action in ACTIONS,
            "环节": row.chain_stage in {"", *STAGES},
            "起止位置": 0 <= row.start < row.end,
        }
        if all(checks.values()):
            top = sectors[sectors[row.sector_code].top_code]
            checks["一级门类"] = top.name_zh == row.sector_l1
        if checks["地点"] and row.place_id:
            checks |= _place_checks(row, registry)
        faults += [f"{where} 的{name}不符" for name, kept in checks.items() if not kept]
    return faults


def _place_checks(row: Assignment, registry: Registry) -> dict[str, bool]:
    """Hold the place columns, which repeat the registry, against it."""
    place = registry[row.place_id]
    codes = place.parents
    if place.kind == "unit":
        codes = (place.id,) if place.level == "county" else ()
    return {
        "地点名称": place.name == row.place_name,
        "地点类型": place.kind == row.place_kind,
        "所属区县代码": "+".join(codes) == row.parent_code,
        "所属区县名称": "+".join(registry[code].name for code in codes) == row.parent_name,
        "省份": "+".join(registry[c].name for c in registry.provinces_of(place)) == row.province,
    }


def _other_faults(record: PlanRecord, sectors: SectorTree) -> list[str]:
    faults = []
    for policy in record.policies:
        if policy.kind not in POLICY_KINDS:
            faults.append(f"规则“{policy.words}”的类别 {policy.kind} 无效")
        faults += [
            f"规则“{policy.words}”的门类 {c} 无效" for c in policy.sector_codes if c not in sectors
        ]
    for target in record.targets:
        if target.sector_code and target.sector_code not in sectors:
            faults.append(f"指标“{target.indicator}”的门类 {target.sector_code} 无效")
    return faults


def _optional(path: Path, kind: type[Record]) -> tuple[Record, ...]:
    """The records of a table not every plan has."""
    return load_records(path, kind) if path.exists() else ()


def _extra_faults(record: PlanRecord, registry: Registry, sectors: SectorTree) -> list[str]:
    faults = [
        f"清单项“{item.item}”的类别 {item.kind} 或门类 {item.sector_code} 无效"
        for item in record.sheets
        if item.kind not in SHEET_KINDS or item.sector_code not in sectors
    ]
    for project in record.projects:
        if project.sector_code not in {"", *(s.code for s in sectors)}:
            faults.append(f"项目“{project.name}”的门类 {project.sector_code} 无效")
        if project.place_id and project.place_id not in registry:
            faults.append(f"项目“{project.name}”的地点 {project.place_id} 无效")
    return faults


def text_digest(path: Path) -> str:
    """SHA-256 of a plan text, as `plan.toml` keeps it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
