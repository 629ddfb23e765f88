"""What a request asks for: its form, its parameters, and the addresses it is answered with."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote_to_bytes

import msgspec
from flask import Request, Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.routing import RequestRedirect

from errors import BadParameter, Message
from store.exports import digest
from web.language import neutral_root
from web.ogc.models import Link
from web.responses import (
    DataResponse,
    code_version,
    compressed,
    published,
    today,
    worth_compressing,
)

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

_SAFE = "&=+,:/?!$'()*;@"
"""Beside letters, digits and ``-._~``, what a query may hold (RFC 3986, 3.4)."""
_FIT = re.compile(rf"(?:[\w.~{re.escape(_SAFE)}-]|%[0-9A-Fa-f]{{2}})*", re.ASCII).fullmatch

CACHING = (("Cache-Control", "no-cache"), ("Vary", "Accept, Accept-Encoding"))
"""Caches may keep an answer and have to revalidate it."""


class Asked:
    """The current request, read once.

    Parameters
    ----------
    allowed
        The parameters its address takes (/req/core/query-param-unknown).
    queryables_of
        Name of a collection whose properties are parameters too.
    media
        Media type of the first form; that of ``html`` is a page.
    forms
        Values of the parameter ``f``.

    Attributes
    ----------
    today
        The day it came.
    root
        Address of the landing page, without a closing slash; data has it, in no language.
    html
        Whether a page is wanted: by the parameter ``f``, else by the header ``Accept``.

    Raises
    ------
    NotFound
        There is no such collection.
    BadParameter
        A parameter is unknown or stands twice, or ``f`` is none of the forms.
    NotAcceptable
        The header takes neither form.
    RequestRedirect
        Data was asked for at an address with a language.
    """

    def __init__(
        self,
        allowed: Collection[str] = ("f",),
        media: str = JSON,
        forms: tuple[str, ...] = ("json", "html"),
        queryables_of: str = "",
    ) -> None:
        current: Request = request._get_current_object()  # type: ignore[attr-defined]
        self.environ = environ = current.environ
        self.media = media
        self.published = published()
        self.today = today()
        queryables = self.published.features(queryables_of).fields if queryables_of else ()
        self.args: dict[str, str] = {}
        self._sent: dict[str, str] = {}
        for pair in _as_sent(environ["QUERY_STRING"]).split("&"):
            name, _, value = map(_decoded, pair.partition("="))
            if not pair:
                continue
            if name not in allowed and name not in queryables:
                raise BadParameter(name, None, (*allowed, *queryables))
            if name in self.args:
                raise BadParameter(
                    name, value, (), Message("参数 %(name)s 只能出现一次。", name=name)
                )
            self.args[name], self._sent[name] = value, pair
        host = f"{current.scheme}://{current.host}"
        self.root = f"{host}{neutral_root()}/ogc"
        self._pages = f"{host}{current.root_path}/ogc"
        self.html = self._html_wanted(forms)
        if not self.html and self._pages != self.root:  # data is the same in every language
            query = environ["QUERY_STRING"]
            path = quote(environ["PATH_INFO"].encode("latin-1"))
            raise RequestRedirect(f"{host}{neutral_root()}{path}" + (f"?{query}" if query else ""))

    def _html_wanted(self, forms: tuple[str, ...]) -> bool:
        asked = self.args.get("f")
        if asked is not None:
            if asked not in forms:
                raise BadParameter("f", asked, forms)
            return asked == "html"
        if "html" not in forms:
            return False
        if self.environ.get("HTTP_ACCEPT", "*/*") in {"", "*/*"}:
            return False
        plain = self.media.partition(";")[0]
        best = request.accept_mimetypes.best_match((self.media, plain, JSON, HTML))
        if best is None:
            raise NotAcceptable
        return best == HTML

    def own_links(self, path: str, title: str = "") -> list[Link]:
        """Links to this document and to its other form, with the same parameters."""
        forms = [(self.media, "json"), (HTML, "html")]
        (own, form), (other, other_form) = reversed(forms) if self.html else forms
        query = f"{path}?{self._query_without('f')}f="
        return [
            Link(f"{self._root_of(own)}{query}{form}", "self", own, title),
            Link(f"{self._root_of(other)}{query}{other_form}", "alternate", other, title),
        ]

    def page_links(self, path: str, offset: int, limit: int, total: int) -> list[Link]:
        """Links to the neighbouring pages (/req/core/fc-links)."""
        pages = []
        if offset + limit < total:
            pages.append(("next", offset + limit, limit))
        if offset:
            end = min(offset, total)
            pages.append(("prev", max(end - limit, 0), min(limit, end) or limit))
        if not pages:
            return []
        media = HTML if self.html else self.media
        address = f"{self._root_of(media)}{path}?{self._query_without('offset', 'limit')}"
        return [
            Link(f"{address}limit={size}&offset={start}", rel, media) for rel, start, size in pages
        ]

    def _root_of(self, media: str) -> str:
        """The landing page's address for a form: pages stay in their language."""
        return self._pages if media == HTML else self.root

    def _query_without(self, *names: str) -> str:
        """The request's query without some parameters, ready for more to follow."""
        return "".join([f"{pair}&" for name, pair in self._sent.items() if name not in names])

    def answer(self, body: bytes, crs: str = "", encoding: str = "") -> Response:
        """Data as the answer, which caches may keep and have to revalidate.

        Parameters
        ----------
        crs
            Address of the coordinate system, for features.
        encoding
            How the body is already compressed.
        """
        if not encoding and worth_compressing(self.environ, len(body), self.media):
            body, encoding = compressed(body), "gzip"
        tag = self._tag(self.media, encoding)
        headers = [("Content-Type", self.media), ("ETag", tag), *CACHING]
        if crs:
            headers.append(("Content-Crs", f"<{crs}>"))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return self._unchanged(tag, self.media) or DataResponse(body, headers)

    def nothing(self) -> Response:
        """Word that there is nothing here, though there might be (RFC 9110, 15.3.5)."""
        return Response(status=204, content_type=self.media, headers=CACHING)

    def page(self, text: str) -> Response:
        """A page as the answer."""
        tag = self._tag(HTML)
        return self._unchanged(tag, HTML) or Response(
            text, mimetype=HTML, headers=[("ETag", tag), *CACHING]
        )

    def _tag(self, media: str, encoding: str = "") -> str:
        """What differs whenever the answer does; weak where other bytes mean the same."""
        environ = self.environ
        key = (
            self.published.snapshot.id, code_version(), self.today, self._pages,
            environ["PATH_INFO"], environ["QUERY_STRING"], media,
        )  # fmt: skip
        return f'{"W/" if encoding else ""}"{digest(repr(key))}"'

    def _unchanged(self, tag: str, media: str) -> Response | None:
        """Word that the client has the answer, if it has (RFC 9110, 13.1.2)."""
        if "HTTP_IF_NONE_MATCH" in self.environ and request.if_none_match.contains_weak(
            tag.removeprefix("W/").strip('"')
        ):
            return Response(status=304, content_type=media, headers=[("ETag", tag), *CACHING])
        return None

    def model(self, value: msgspec.Struct) -> Response:
        """A model as the answer, in JSON."""
        return self.answer(msgspec.json.encode(value))


def _decoded(text: str) -> str:
    """A name or value of a query, as HTML forms escape them; faster than `parse_qsl`."""
    if "%" not in text and "+" not in text:
        return text
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def _as_sent(query: str) -> str:
    """A query string fit for an address: what a program sent as it stands is escaped."""
    return query if _FIT(query) else quote(query.encode("latin-1"), safe=f"%{_SAFE}")
