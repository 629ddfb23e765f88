"""The tables of a reviewed plan: assignments, targets, policies, sheets, projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from errors import DataError
from geo.tables import read_table, split_list

ACTIONS: Mapping[str, str] = {
    "strengthen": "做强",
    "develop": "发展",
    "explore": "探索布局",
    "build": "项目建设",
    "relocate_merge": "搬迁整合",
    "restrict": "限制",
    "phase_out": "退出",
    "research": "研发布局",
    "cooperate": "协作",
}
"""Actions 布局动作 in reading order, with their Chinese labels."""

STAGES: Mapping[str, str] = {
    "research": "研发",
    "upstream": "上游",
    "midstream": "中游",
    "downstream": "下游",
}
"""Chain stages 产业链环节; an assignment may name none."""

SHEET_KINDS: Mapping[str, str] = {
    "product": "重点产品",
    "enterprise": "支撑企业",
    "investment": "招商方向",
    "chain": "产业链环节",
    "direction": "发展方向",
}
"""Kinds of lists attached to a sector, with their Chinese labels."""

POLICY_KINDS: Mapping[str, str] = {
    "cap": "产能上限",
    "warning": "产能预警",
    "ban": "禁止",
    "swap": "产能置换",
    "support": "支持",
}
"""Kinds of city-wide rules, with their Chinese labels."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One place × one sector item × one action, from one plan, in the plan's own words.

    ``start`` and ``end`` are half-open offsets in Unicode code points into the plan's text
    as read (UTF-8, line feeds), spanning the sector words; ``…`` in a text joins words that
    stand apart. ``place_id`` is empty where the place is not resolved.
    """

    plan_id: str
    place_text: str
    place_id: str
    place_name: str
    place_kind: str
    parent_code: str
    parent_name: str
    province: str
    sector_text: str
    sector_code: str
    sector_l1: str
    action_text: str
    action: str
    chain_stage: str
    condition: str
    project: str
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class Target:
    """A figure the plan sets; empty cells are figures it does not state."""

    plan_id: str
    sector_code: str
    scope: str
    indicator: str
    base_year: str
    base: str
    target_year: str
    target: str
    unit: str
    growth: str
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule for the whole province or city on some sectors.

    Attributes
    ----------
    sector_codes
        The sectors it touches; empty when it touches every sector of the plan.
    where
        The place or circumstance it is limited to, in the plan's words.
    words
        The rule in the plan's words, shortened with ``…``.
    """

    plan_id: str
    sector_codes: tuple[str, ...]
    kind: str
    where: str
    words: str
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item of a list that a plan attaches to a sector for the whole province.

    Attributes
    ----------
    kind
        One of `SHEET_KINDS`.
    seq
        Its place in the list, from 1.
    """

    plan_id: str
    sector_code: str
    kind: str
    seq: int
    item: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project a plan names, or a number of projects, with a place or without.

    Attributes
    ----------
    count
        How many the words stand for; empty for one.
    """

    plan_id: str
    name: str
    place_text: str
    place_id: str
    sector_text: str
    sector_code: str
    count: str
    start: int
    end: int
    section: str


Record = TypeVar("Record", Assignment, Target, Policy, SheetItem, Project)

COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Assignment))
"""The assignment columns of every table that leaves the program, in order."""


def load_records(path: Path, record: type[Record]) -> tuple[Record, ...]:
    """Read one of the tables.

    Parameters
    ----------
    path
        CSV file with at least the columns of the record.
    record
        The record class; its fields are the columns.

    Raises
    ------
    DataError
        A column is missing or an offset is not a whole number.
    """
    names = [field.name for field in fields(record)]
    records = []
    for line, row in enumerate(read_table(path, names), start=2):
        values: dict[str, Any] = {name: row[name] for name in names}
        try:
            values |= {name: int(row[name]) for name in ("start", "end", "seq") if name in values}
        except ValueError as error:
            raise DataError(f"{path.name} 第 {line} 行的起止位置或序号不是整数") from error
        if "sector_codes" in values:
            values["sector_codes"] = split_list(row["sector_codes"])
        records.append(record(**values))
    return tuple(records)
