"""Geometries that users imported: one file per import, the last one can be taken back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import shapely

from errors import DataError, NotFound
from geo.importing import ImportReport, Official
from settings import Settings
from store.files import write_atomically


class OfficialGeometries:
    """The imports of one deployment, in `instance/official/`.

    Parameters
    ----------
    settings
        Says where the instance folder is.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.instance_dir / "official"

    def add(self, report: ImportReport, as_of: date) -> Path:
        """Keep the accepted geometries of an import.

        Parameters
        ----------
        as_of
            A day on which they hold.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        DataError
            The report accepts nothing.
        """
        if not report.accepted:
            raise DataError("没有可以采用的要素，什么都没有改变。")
        self._folder.mkdir(parents=True, exist_ok=True)
        number = len(list(self._folder.glob("*.json*"))) + 1
        path = self._folder / f"{number:04d}.json"
        content = {
            "file": report.file,
            "system": report.system,
            "as_of": as_of.isoformat(),
            "places": {
                place_id: json.loads(shapely.to_geojson(geometry))
                for place_id, geometry in report.accepted.items()
            },
        }
        write_atomically(path, json.dumps(content, ensure_ascii=False).encode())
        return path

    def undo(self) -> str:
        """Take the last import back; its file stays, renamed.

        Returns
        -------
        str
            Name of the imported file.

        Raises
        ------
        NotFound
            There is no import to take back.
        """
        files = self._files()
        if not files:
            raise NotFound("没有可以撤销的导入。")
        name: str = json.loads(files[-1].read_text(encoding="utf-8"))["file"]
        files[-1].rename(files[-1].with_suffix(".json.undone"))
        return name

    def current(self) -> list[Official]:
        """All geometries in force, oldest import first."""
        found = []
        for path in self._files():
            content = json.loads(path.read_text(encoding="utf-8"))
            found += [
                Official(
                    place_id=place_id,
                    geometry=shapely.from_geojson(json.dumps(geometry)),
                    as_of=date.fromisoformat(content["as_of"]),
                    source=content["file"],
                )
                for place_id, geometry in content["places"].items()
            ]
        return found

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))
