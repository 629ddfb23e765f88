"""Files made for download: kept by content, so that ranges and repeats read the same bytes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from settings import Settings

LIMIT = 512 * 2**20
"""Bytes of files kept; the least recently used go first."""


class ExportStore:
    """The downloads of one deployment, in `instance/exports/`; may be deleted at any time.

    Parameters
    ----------
    settings
        Says where the instance folder is.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.instance_dir / "exports"

    def get(self, key: str, extension: str, write: Callable[[Path], None]) -> Path:
        """Find the file of a key, or have it written.

        Parameters
        ----------
        key
            Everything the content depends on, in any form.
        extension
            Without a leading dot.
        write
            Writes the content to a path that does not exist yet.

        Raises
        ------
        Exception
            Whatever `write` raises; nothing is kept then.
        """
        name = f"{digest(key)}.{extension}"
        path = self._folder / name
        if path.is_file():
            path.touch()
            return path
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".tmp-") as workspace:
            made = Path(workspace) / name
            write(made)
            made.replace(path)
        self._trim(keep=path)
        return path

    def _trim(self, keep: Path) -> None:
        """Drop the least recently used files beyond the limit; a reader keeps its open file."""
        files = []
        for path in self._folder.glob("[!.]*"):
            try:
                status = path.stat()
            except FileNotFoundError:  # another worker was faster
                continue
            files.append((status.st_mtime_ns, status.st_size, path))
        total = 0
        for _, size, path in sorted(files, reverse=True):
            total += size
            if total > LIMIT and path != keep:
                path.unlink(missing_ok=True)


def digest(key: str) -> str:
    """A short name for a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
