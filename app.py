"""Wires the rooms together: `create_app`, and `python app.py` to serve."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask

from errors import CaituError
from settings import ROOT, Settings
from store.snapshots import SnapshotStore
from web import blueprints, commands, errors, responses, speech
from web.language import Application


def create_app(settings: Settings | None = None) -> Flask:
    """Create the application; may be called any number of times.

    Parameters
    ----------
    settings
        Read from the environment when not given.

    Raises
    ------
    CaituError
        The settings or the data are wrong.
    """
    settings = settings or Settings.from_env()
    app = Application(
        "caitu",
        root_path=str(ROOT),
        instance_path=str(Path(settings.instance_dir).resolve()),
        template_folder="templates",
        static_folder="static",
    )
    store = SnapshotStore(settings)
    app.extensions["caitu"] = responses.Live(
        settings, store.current_or_publish(responses.report_progress)
    )
    blueprints.register(app)
    errors.register(app)
    responses.register(app)
    speech.register(app, responses.LABELS)
    commands.register(app)
    return app


def main() -> int:
    """Serve until interrupted."""
    try:
        settings = Settings.from_env()
        commands.serve(lambda: create_app(settings), settings)
    except CaituError as error:
        print(f"材图无法启动：{error.message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
