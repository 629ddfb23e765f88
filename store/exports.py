"""Files made for download: kept by content, so that ranges and repeats read the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from settings import Settings

LIMIT = 512 * 2**20
"""Bytes of files kept; the least recently used go first."""
IN_USE = 60
"""Seconds after its last use in which a file is not dropped."""
ABANDONED = 3600
"""Seconds after which an unfinished file belongs to nobody."""


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

        Returns
        -------
        Path
            In the instance folder; in a temporary one where that cannot be written.

        Raises
        ------
        Exception
            Whatever `write` raises; nothing is kept then.
        """
        name = f"{digest(key)}.{extension}"
        path = self._folder / name
        try:
            made = path.stat()
            os.utime(path, ns=(time.time_ns(), made.st_mtime_ns))  # used now, made then
            return path
        except OSError:  # not there, or another worker just dropped it
            pass
        folder = self._writable()
        with tempfile.TemporaryDirectory(dir=folder, prefix=".tmp-") as workspace:
            written = Path(workspace) / name
            write(written)
            written.replace(folder / name)
        self._trim(folder)
        return folder / name

    def _writable(self) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                return self._folder
        except OSError:
            return _temporary()

    def _trim(self, folder: Path) -> None:
        """Drop the least recently used files beyond the limit, and what broken writes left.

        What was used a moment ago stays: somebody may be about to open it.
        """
        now, total, files = time.time(), 0, []
        for path in folder.iterdir():
            try:
                status = path.stat()
            except FileNotFoundError:  # another worker was faster
                continue
            if not path.name.startswith("."):
                files.append((status.st_atime, status.st_size, path))
            elif now - status.st_mtime > ABANDONED:
                shutil.rmtree(path, ignore_errors=True)
        for used, size, path in sorted(files, reverse=True):
            total += size
            if total > LIMIT and now - used > IN_USE:
                path.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _temporary() -> Path:
    """A folder for this process where the instance folder is of no use."""
    return Path(tempfile.mkdtemp(prefix="caitu-exports-"))


def etag(path: Path) -> str:
    """A tag that differs between two files of one key: not every format writes the same twice."""
    status = path.stat()
    return f"{path.name.partition('.')[0]}-{status.st_mtime_ns:x}-{status.st_size:x}"


def digest(key: str) -> str:
    """A short name for a key."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
