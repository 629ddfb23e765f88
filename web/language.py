"""The language of the interface is part of the address: `/en/…` is English, without it Chinese.

A step before the application moves the language from the path to SCRIPT_NAME, so that every
address a page makes stays in its language, can be shared, and no cache mixes languages. What
is the same in every language (files, data, scripts) has one address, without a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, request

from store.catalogues import catalogue_files

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHINESE = "zh"
TAGS = {CHINESE: "zh-CN"}
"""Tags of languages in markup (BCP 47) that differ from our code."""
NAMES = {CHINESE: "中文", "en": "English"}
"""What each language calls itself."""
_CURRENT: ContextVar[str] = ContextVar("language", default=CHINESE)
NEUTRAL_PATHS = ("/bundles/", "/export/", "/map/", "/static/", "/words/", "/healthz", "/readyz")
SPOKEN_PATHS = frozenset({"/export/map.html"})
"""Addresses beneath those of files that have a language nevertheless: the file is a page."""
NEUTRAL_BLUEPRINTS = frozenset({None, "bundles", "export", "numbers", "operations", "speech"})
"""Of addresses that have no language; None is that of static files."""
NEUTRAL_ENDPOINTS = frozenset({"mapping.resource", "mapping.rows"})
SAFE = "%&=+,:/?!$'()*;@~"
"""What a query keeps as it was sent."""


class LanguageStep:
    """Moves the language from the path to SCRIPT_NAME (PEP 3333) before the application runs.

    Addresses that have no language are redirected to where they are.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._languages = frozenset(catalogue_files())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or redirect."""
        first, slash, rest = environ["PATH_INFO"][1:].partition("/")
        if first not in self._languages:
            return self._application(environ, start_response)
        root, path = environ.get("SCRIPT_NAME", ""), f"/{rest}"
        if not slash:
            return _redirect(environ, start_response, f"{root}/{first}/")
        if path.startswith(NEUTRAL_PATHS) and path not in SPOKEN_PATHS:
            return _redirect(environ, start_response, f"{root}{path}")
        moved = {"SCRIPT_NAME": f"{root}/{first}", "PATH_INFO": path}
        before = _CURRENT.set(first)
        try:
            return self._application(environ | moved, start_response)
        finally:
            _CURRENT.reset(before)


def _redirect(
    environ: WSGIEnvironment, start_response: StartResponse, path: str
) -> Iterable[bytes]:
    query = environ.get("QUERY_STRING", "")
    target = _quoted(path) + (f"?{query}" if query else "")
    start_response("308 Permanent Redirect", [("Location", target), ("Content-Length", "0")])
    return ()


def _quoted(path: str) -> str:
    """A path of an environment, fit for an address."""
    return quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~")


class Application(Flask):
    """Leaves the language out of the addresses of what is the same in every language."""

    def url_for(self, /, endpoint: str, **values: Any) -> str:  # noqa: ANN401
        """The address of an endpoint; pages of the API are in the language, its data is not."""
        address = super().url_for(endpoint, **values)
        if language() == CHINESE or not _neutral(endpoint, values):
            return address
        before, found, after = address.partition(f"{request.root_path}/")
        return f"{before}{neutral_root()}/{after}" if found else address


def _neutral(endpoint: str, values: Mapping[str, Any]) -> bool:
    blueprint = endpoint.rpartition(".")[0] or None
    if blueprint and blueprint.startswith("ogc"):
        return values.get("f") != "html"
    return blueprint in NEUTRAL_BLUEPRINTS or endpoint in NEUTRAL_ENDPOINTS


def neutral_root() -> str:
    """The root of the addresses that have no language, without a closing slash."""
    chosen = language()
    return request.root_path if chosen == CHINESE else request.root_path[: -len(chosen) - 1]


def language() -> str:
    """The language of the current request; Chinese where there is none."""
    return _CURRENT.get()


def tag(code: str | None = None) -> str:
    """A language as markup names it; the current one unless told."""
    code = code or language()
    return TAGS.get(code, code)


@dataclass(frozen=True, slots=True)
class Choice:
    """A language the page can be had in, and the page's address in it."""

    code: str
    name: str
    tag: str
    address: str
    current: bool


def choices() -> list[Choice]:
    """The current page in every language."""
    query = quote(request.query_string, safe=SAFE)
    path = request.environ["PATH_INFO"].lstrip("/")  # two slashes would begin a host
    rest = f"/{_quoted(path)}" + (f"?{query}" if query else "")
    return [
        Choice(
            code,
            NAMES.get(code, code),
            tag(code),
            neutral_root() + ("" if code == CHINESE else f"/{code}") + rest,
            code == language(),
        )
        for code in (CHINESE, *catalogue_files())
    ]
