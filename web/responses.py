"""What all responses share: the published snapshot, filters, headers, compression."""

from __future__ import annotations

import gzip
import sys
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import Flask, Response, current_app, g, request

from geo.places import CONFIDENCES, KINDS, QUALITIES, QUALITY_NOTES
from layers.filters import Filter, Vocabulary, parse_filter
from layers.snapshot import Snapshot
from plans.tables import ACTIONS, POLICY_KINDS, STAGES
from settings import Settings
from store.snapshots import SnapshotStore

LABELS = {
    "actions": ACTIONS,
    "confidences": CONFIDENCES,
    "kinds": KINDS,
    "policy_kinds": POLICY_KINDS,
    "qualities": QUALITIES,
    "quality_notes": QUALITY_NOTES,
    "stages": STAGES,
}
"""The vocabularies the templates speak, under the name ``labels``."""
YEAR = 365 * 24 * 3600
COMPRESSIBLE = ("text/", "application/json", "application/geo+json", "application/problem+json",
                "image/svg+xml")  # fmt: skip
SMALL = 1024
"""Bytes under which compressing is not worth its time."""


@dataclass(frozen=True)
class Published:
    """What an application serves."""

    settings: Settings
    snapshot: Snapshot

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The values its filters accept."""
        return Vocabulary.of(self.snapshot)


class Live:
    """What an application serves now; follows the store, so that publishing needs no restart.

    Parameters
    ----------
    settings
        Say where the store is.
    snapshot
        What to serve first.
    """

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        self._store = SnapshotStore(settings)
        self._stamp = self._store.stamp()
        self._now = Published(settings, snapshot)

    def now(self) -> Published:
        """The newest published snapshot that can be read; costs one look at a file's date."""
        stamp = self._store.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            newer = self._store.current()
            if newer and newer.id != self._now.snapshot.id:
                self._now = Published(self._now.settings, newer)
        return self._now


def published() -> Published:
    """What the current application serves; the same from a request's begin to its end."""
    if "published" not in g:
        g.published = current_app.extensions["caitu"].now()
    value: Published = g.published
    return value


def report_progress(step: str) -> None:
    """Show one step of a long work on the terminal."""
    print(f"  … {step}", file=sys.stderr, flush=True)


def request_filter() -> Filter:
    """The filter in the current request's query.

    Raises
    ------
    BadParameter
        Naming the parameter and what it accepts.
    """
    return parse_filter(request.args.items(multi=True), published().vocabulary)


def today() -> date:
    """Today's date where the server runs."""
    return date.today()


def register(app: Flask) -> None:
    """Add the templates' vocabularies, and headers and compression to every response."""
    app.jinja_env.globals["labels"] = LABELS
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    policy = _security_policy(bool(app.extensions["caitu"].now().settings.tianditu_key))

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return _compressed(response)


def immutable(body: bytes, mimetype: str) -> Response:
    """Answer with bytes whose address changes whenever they do."""
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _security_policy(tianditu: bool) -> str:
    images = "'self' data:" + (" https://*.tianditu.gov.cn" if tianditu else "")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src {images}; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if (
        response.status_code != 200
        or (response.is_streamed and not response.direct_passthrough)
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
        or not (response.mimetype or "").startswith(COMPRESSIBLE)
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= SMALL:
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)  # RFC 9110, 8.8.1: other bytes, same meaning
    return response
