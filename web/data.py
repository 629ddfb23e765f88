"""The catalogue: what data there is, and how to bring it into other programs."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from errors import BadParameter, Message
from geo.file_formats import FORMATS
from geo.gauss_kruger import zones
from layers.collections import Collection
from layers.credits import CREDITS
from layers.filters import PARAMETERS, Filter
from layers.snapshot import MappedPlace, Snapshot
from layers.tilematrix import MATRIX_SET, MAX_ZOOM
from web.responses import published, today

data = Blueprint("data", __name__)

TYPES = {
    "string": lazy_gettext("文本"),
    "integer": lazy_gettext("整数"),
    "number": lazy_gettext("小数"),
    "date": lazy_gettext("日期"),
}
"""Types of fields, as people call them."""


@dataclass(frozen=True)
class Entry:
    """A collection in the catalogue, with the number of its features today."""

    collection: Collection
    count: int


@data.get("/data")
def index() -> str:
    """What there is, in which formats and systems, and how to open it.

    Raises
    ------
    BadParameter
        There are parameters; the page takes none.
    """
    for name in request.args:
        reason = Message("这一页没有查询参数；筛选数据请用布局任务表，或在下载地址后面写筛选参数。")
        raise BadParameter(name, None, (), reason)
    snapshot, records = published().snapshot, published().records
    day = today()
    homes = [place for place in _homes(snapshot) if place.bbox]
    return render_template(
        "data.html",
        snapshot=snapshot,
        root=f"{request.scheme}://{request.host}",
        entries=[
            Entry(collection, len(records.select(name, Filter(), day)))
            for name, collection in records.collections.items()
        ],
        formats=FORMATS.values(),
        types=TYPES,
        parameters=PARAMETERS,
        provinces=[(place, zones([place.bbox])) for place in homes if place.bbox],
        home=next((place for place in homes if place.id == snapshot.plans[0].province), None),
        tiles=f"{MATRIX_SET}/{{z}}/{{y}}/{{x}}",
        max_zoom=MAX_ZOOM,
        credits=CREDITS,
        example=_example(snapshot),
        today=day,
    )


def _homes(snapshot: Snapshot) -> list[MappedPlace]:
    """The provinces whose plans we hold, in the order of their codes."""
    codes = sorted({plan.province for plan in snapshot.plans})
    return [snapshot.place(code, today()) for code in codes]


def _example(snapshot: Snapshot) -> str:
    """Id of an assignment to show as an example; empty where there is none."""
    return next((row.assignment_id for row in snapshot.rows if not row.inherited_from), "")
