"""The blueprints of the read side, in one list."""

from __future__ import annotations

from flask import Flask

from web.districts import districts
from web.export import export
from web.mapping import mapping
from web.operations import operations


def register(app: Flask) -> None:
    """Add every blueprint to an application."""
    for blueprint in (mapping, districts, export, operations):
        app.register_blueprint(blueprint)
