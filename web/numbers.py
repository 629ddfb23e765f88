"""The figures the plans set, for the numbers beside the map."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from errors import NotFound
from layers.snapshot import Snapshot
from plans.tables import POLICY_KINDS, Policy, Target
from web.mapping import MIMETYPES
from web.responses import immutable, published

numbers = Blueprint("numbers", __name__)

AMOUNT = re.compile(r"([≥≤]?)(-?\d+(?:\.\d+)?)(?:[—–~～-](\d+(?:\.\d+)?))?")
"""A figure as a plan writes it: a number, a bound, or a range."""


@numbers.get("/map/<snapshot_id>/targets.json")
def targets(snapshot_id: str) -> Response:
    """Targets and rules of every plan, cached for good under the snapshot's id."""
    snapshot = published().snapshot
    if snapshot_id != snapshot.id:
        raise NotFound("数据已更新，请刷新页面。")
    return immutable(jsonify(figures(snapshot)).get_data(), MIMETYPES[".json"])


def figures(snapshot: Snapshot) -> dict[str, Any]:
    """Targets and rules as the page reads them; what a plan does not state is None.

    Returns
    -------
    dict
        ``targets`` and ``policies``, lists of objects in the plans' order, rules by kind.
    """
    order = list(POLICY_KINDS)
    rules = sorted(snapshot.policies, key=lambda policy: order.index(policy.kind))
    return {
        "targets": [_target(target) for target in snapshot.targets],
        "policies": [_policy(policy) for policy in rules],
    }


def amount(text: str) -> dict[str, Any] | None:
    """A figure in the plan's own words with its bounds; None where none is stated.

    Parameters
    ----------
    text
        ``500``, ``≥500``, ``1—2``, or empty.

    Returns
    -------
    dict or None
        ``text``, and ``low`` and ``high``: equal for a plain number, None where open. Both
        are None for words that are no number; zero is a number.
    """
    if not text:
        return None
    found = AMOUNT.fullmatch(text)
    if not found:
        return {"text": text, "low": None, "high": None}
    sign, first, last = found.groups()
    low, high = float(first), float(last or first)
    return {
        "text": text,
        "low": None if sign == "≤" else low,
        "high": None if sign == "≥" else high,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": f"{target.plan_id}-{target.start}",
        "plan": target.plan_id,
        "sectors": [target.sector_code] if target.sector_code else [],
        "scope": target.scope or None,
        "indicator": target.indicator,
        "baseYear": target.base_year or None,
        "base": amount(target.base),
        "targetYear": target.target_year or None,
        "target": amount(target.target),
        "unit": target.unit or None,
        "growth": target.growth or None,
        "section": target.section,
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "plan": policy.plan_id,
        "sectors": policy.sector_codes,
        "kind": policy.kind,
        "where": policy.where or None,
        "words": policy.words,
        "section": policy.section,
    }
