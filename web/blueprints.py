"""The blueprints of the read side, in one list."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup
from werkzeug.routing import BaseConverter

from settings import ROOT
from web.assignments import assignments
from web.bundles import bundle_address, bundles
from web.data import data
from web.districts import districts
from web.export import export
from web.mapping import mapping
from web.numbers import numbers
from web.ogc.items import items_of
from web.ogc.openapi import openapi_of
from web.ogc.service import ogc
from web.ogc.tiles import tiles_of
from web.operations import operations
from web.speech import speech
from web.standalone import standalone
from web.table import table


class Stem(BaseConverter):
    """A name up to its first dot; extensions such as ``shp.zip`` have dots of their own."""

    regex = "[^/.]+"


def register(app: Flask) -> None:
    """Add every blueprint to an application."""
    app.url_map.converters["stem"] = Stem
    app.jinja_env.globals["bundle_address"] = bundle_address
    icon = (ROOT / "static" / "icon.svg").read_text("utf-8")
    app.jinja_env.globals["icon"] = Markup(icon)  # noqa: S704 - a file of ours
    pages = (mapping, numbers, districts, table, assignments, data)
    others = (standalone, export, ogc, items_of, tiles_of, openapi_of, bundles, speech, operations)
    for blueprint in (*pages, *others):
        app.register_blueprint(blueprint)
