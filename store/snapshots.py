"""Snapshots on disk: one file each, and a pointer that is swapped atomically."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from layers.snapshot import Snapshot
from settings import ROOT, Settings
from store.catalogues import catalogue_files, words
from store.files import write_atomically

KEEP = 3
"""Snapshots kept on disk, the current one included."""
ROOMS = ("geo", "plans", "layers")
"""Code whose change makes a snapshot stale."""


class SnapshotStore:
    """The published snapshots of one deployment.

    Parameters
    ----------
    settings
        Says where the data and the instance folder are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.instance_dir / "snapshots"
        self._pointer = self._folder / "current"

    def fingerprint(self) -> str:
        """Digest of all a snapshot is built from: data, code, pins, translations, base map key."""
        digest = hashlib.sha256(self._settings.tianditu_key.encode())
        files = [ROOT / "requirements.txt"]
        files += sorted((self._settings.instance_dir / "official").glob("*.json"))
        files += sorted(path for path in self._settings.data_dir.rglob("*") if path.is_file())
        files += catalogue_files().values()
        files += sorted(path for room in ROOMS for path in (ROOT / room).glob("*.py"))
        for path in files:
            digest.update(f"{path.parent.name}/{path.name}".encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    def current(self) -> Snapshot | None:
        """The published snapshot, or None when there is none that this version can read."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
            return Snapshot.from_json((self._folder / f"{name}.json").read_bytes())
        except (OSError, ValueError, msgspec.MsgspecError):
            return None

    def stamp(self) -> tuple[int, int] | None:
        """Something that differs after every publish, cheap to ask for; None before the first."""
        try:
            status = self._pointer.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def publish(self, snapshot: Snapshot) -> None:
        """Write a snapshot, make it the current one, and drop the oldest."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._folder / f"{snapshot.id}.json", snapshot.to_json())
        write_atomically(self._pointer, snapshot.id.encode("ascii"))
        files = sorted(self._folder.glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in files[KEEP:]:
            path.unlink(missing_ok=True)

    def current_or_publish(self, progress: Callable[[str], None] = lambda _: None) -> Snapshot:
        """The current snapshot if it is up to date, else a freshly built one.

        Raises
        ------
        DataError
            A table breaks its contract.
        """
        fingerprint = self.fingerprint()
        snapshot = self.current()
        if snapshot is None or snapshot.id != fingerprint:
            from layers.build import build_snapshot  # here: loads geopandas and Folium, 2 s
            from store.official import OfficialGeometries

            snapshot = build_snapshot(
                self._settings.data_dir,
                fingerprint,
                self._settings.tianditu_key,
                progress,
                OfficialGeometries(self._settings).current(),
                {code: words(code) for code in catalogue_files()},
            )
            self.publish(snapshot)
        return snapshot
