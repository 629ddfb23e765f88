"""What all responses share: the published snapshot, filters, headers, compression."""

from __future__ import annotations

import gzip
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.http import parse_accept_header

from errors import BadParameter, Message
from geo.places import CONFIDENCES, KINDS, QUALITIES, QUALITY_NOTES
from layers.features import FeatureSet
from layers.filters import PARAMETERS, Filter, Vocabulary, parse_filter
from layers.selection import Records
from layers.snapshot import Snapshot
from plans.tables import ACTIONS, POLICY_KINDS, STAGES
from settings import ROOT, Settings
from store.snapshots import SnapshotStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

T = TypeVar("T")

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
COMPRESSIBLE = (
    "text/",
    "image/svg+xml",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
)
OPEN = ("/ogc", "/export/")
"""Addresses that pages of other origins may read."""
OPEN_HEADERS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Crs, Content-Disposition, ETag, Link"),
)
PREFLIGHT_HEADERS = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept, If-None-Match, Range"),
)
DATA_HEADERS = (("X-Content-Type-Options", "nosniff"), *OPEN_HEADERS)
"""Of open data: what no browser shows as a page needs no policy on what a page may load."""
SECURITY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)
"""Of every page, beside the policy on what it may load."""
SMALL = 1024
"""Bytes under which compressing is not worth its time."""
LARGE = 8 * 2**20
"""Bytes beyond which a file goes out as it lies on disk, piece by piece."""


@dataclass(frozen=True)
class Published:
    """What an application serves."""

    settings: Settings
    snapshot: Snapshot

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The values its filters accept."""
        return Vocabulary.of(self.snapshot)

    @cached_property
    def records(self) -> Records:
        """The records of its collections."""
        return Records(self.snapshot)

    @cached_property
    def _features(self) -> dict[str, FeatureSet]:
        return {}

    @cached_property
    def _remembered(self) -> dict[str, Any]:
        return {}

    def remember(self, name: str, make: Callable[[], T]) -> T:
        """What `make` returned when first asked for the name under this snapshot."""
        if name not in self._remembered:
            self._remembered[name] = make()
        found: T = self._remembered[name]
        return found

    def features(self, name: str) -> FeatureSet:
        """The features of a collection, encoded when first asked for.

        Raises
        ------
        NotFound
            There is no such collection.
        """
        if name not in self._features:
            collection = self.records.collection(name)
            self._features[name] = FeatureSet(collection, self.records.of(name))
        return self._features[name]


LOOK_EVERY = 0.1
"""Seconds between two looks at whether something newer is published."""


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
        self._look_at = 0.0

    def now(self) -> Published:
        """The newest published snapshot that can be read, looked for ten times a second."""
        now = time.monotonic()
        if now < self._look_at:
            return self._now
        self._look_at = now + LOOK_EVERY
        stamp = self._store.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            newer = self._store.current()
            if stamp != self._stamp:  # published again meanwhile, and read by another thread
                return self._now
            if newer is None:
                self._stamp = None  # unreadable: look again
            elif newer.id != self._now.snapshot.id:
                self._now = Published(self._now.settings, newer)
        return self._now


class DataResponse(Response):
    """Open data in memory that goes out as it was made, with status 200.

    A response that may still be changed copies its headers and looks through them again and
    again; for a small answer that takes longer than all else. This one cannot be changed:
    it has neither `headers` nor `response`.

    Parameters
    ----------
    body
        The bytes, already compressed where they are to be.
    headers
        All but those of `DATA_HEADERS` and the length.
    """

    def __init__(self, body: bytes, headers: Sequence[tuple[str, str]]) -> None:
        self._body = body
        self._sent = [*headers, *DATA_HEADERS, ("Content-Length", str(len(body)))]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer (PEP 3333)."""
        start_response("200 OK", self._sent)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self._body,)


def published() -> Published:
    """What the current application serves; the same from a request's begin to its end."""
    value: Published | None = g.get("published")
    if value is None:
        value = g.published = current_app.extensions["caitu"].now()
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


def filter_and_own(own: Sequence[str]) -> tuple[Filter, dict[str, str]]:
    """The filter in the current request's query, and the address's own parameters.

    Parameters
    ----------
    own
        Names that are not of the filter language; each may stand once.

    Returns
    -------
    Filter
    dict
        Own parameters that are given and not empty.

    Raises
    ------
    BadParameter
        Naming the parameter and what it accepts.
    """
    given = {name: request.args.getlist(name) for name in own}
    for name, values in given.items():
        if len(values) > 1:
            raise BadParameter(
                name, values[1], (), Message("参数 %(name)s 只能出现一次。", name=name)
            )
    rest = [pair for pair in request.args.items(multi=True) if pair[0] not in own]
    try:
        chosen = parse_filter(rest, published().vocabulary)
    except BadParameter as error:
        if error.value is None:  # an unknown name: say what this address takes besides
            raise BadParameter(error.name, None, (*PARAMETERS, *own)) from None
        raise
    stripped = {name: values[0].strip() for name, values in given.items() if values}
    return chosen, {name: value for name, value in stripped.items() if value}


@lru_cache(maxsize=1)
def code_version() -> str:
    """Digest of the code, templates, scripts and styles; beside the snapshot's id in every tag."""
    content = hashlib.sha256()
    sources = (
        ("web", "*.py"),
        ("geo", "*.py"),
        ("templates", "*.html"),
        ("static", "*.[jc]s*"),
        ("translations", "*.po"),
    )
    for folder, pattern in sources:
        for path in sorted(filter(Path.is_file, (ROOT / folder).rglob(pattern))):
            content.update(path.read_bytes())
    return content.hexdigest()[:16]


def today() -> date:
    """Today's date where the server runs."""
    return date.today()


def register(app: Flask) -> None:
    """Add headers and compression to every response."""
    app.jinja_env.globals["live"] = published
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    policy = _security_policy(bool(app.extensions["caitu"].now().settings.tianditu_key))
    headers = [("Content-Security-Policy", policy), *SECURITY_HEADERS]

    @app.after_request
    def finish(response: Response) -> Response:
        if isinstance(response, DataResponse):
            return response
        environ = request.environ
        if not environ["PATH_INFO"].startswith(OPEN):
            response.headers.extend(headers)
        elif environ["REQUEST_METHOD"] == "OPTIONS":
            response.headers.extend([*DATA_HEADERS, *PREFLIGHT_HEADERS])
        elif "text/html" in response.headers.get("Content-Type", ""):
            response.headers.extend([*headers, *OPEN_HEADERS])
        else:
            response.headers.extend(DATA_HEADERS)
        response.vary.add("Accept-Encoding")
        _compress(response, environ)
        return response


def immutable(body: bytes, mimetype: str) -> Response:
    """Answer with bytes whose address changes whenever they do."""
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def immutable_packed(packed: bytes, mimetype: str) -> Response:
    """The same with a body that is kept compressed."""
    if not accepts_gzip(request.environ):
        return immutable(gzip.decompress(packed), mimetype)
    response = immutable(packed, mimetype)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _security_policy(tianditu: bool) -> str:
    images = "'self' data:" + (" https://*.tianditu.gov.cn" if tianditu else "")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src {images}; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )


def accepts_gzip(environ: WSGIEnvironment) -> bool:
    """Whether the client takes what is compressed."""
    header = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in header and parse_accept_header(header)["gzip"] > 0


def worth_compressing(environ: WSGIEnvironment, size: int, media: str) -> bool:
    """Whether the client takes what is compressed, and it is worth its time.

    Parameters
    ----------
    environ
        Of the request.
    size
        Bytes.
    media
        Type of the content.
    """
    return accepts_gzip(environ) and SMALL <= size <= LARGE and media.startswith(COMPRESSIBLE)


def compressed(body: bytes) -> bytes:
    """The body, smaller; the same bytes every time."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def _compress(response: Response, environ: WSGIEnvironment) -> None:
    """Compress what is worth it; what is streamed has no length and stays as it is."""
    if (
        response.status_code == 200
        and "Content-Encoding" not in response.headers
        and worth_compressing(environ, response.content_length or 0, response.mimetype or "")
    ):
        response.direct_passthrough = False
        response.set_data(compressed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)  # RFC 9110, 8.8.1: other bytes, same meaning
