"""What a request asks for: its form, its parameters, and the addresses it is answered with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote_plus

import msgspec
from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from errors import BadParameter
from store.exports import digest
from web.ogc.models import Link
from web.responses import code_version, published, today

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


class Asked:
    """The current request, read once.

    Parameters
    ----------
    allowed
        The parameters its address takes (/req/core/query-param-unknown).
    media
        Media type of the first form; that of ``html`` is a page.
    forms
        Values of the parameter ``f``.

    Attributes
    ----------
    root
        Address of the landing page, without a closing slash.
    html
        Whether a page is wanted: by the parameter ``f``, else by the header ``Accept``.

    Raises
    ------
    BadParameter
        A parameter is unknown or stands twice, or ``f`` is none of the forms.
    NotAcceptable
        The header takes neither form.
    """

    def __init__(
        self,
        allowed: Collection[str] = ("f",),
        media: str = JSON,
        forms: tuple[str, ...] = ("json", "html"),
    ) -> None:
        current = request
        self.environ = current.environ
        self.args: Mapping[str, str] = current.args
        self.media = media
        self.published = published()
        for name, values in current.args.lists():
            if name not in allowed:
                raise BadParameter(name, None, tuple(allowed))
            if len(values) > 1:
                raise BadParameter(name, values[1], (), f"参数 {name} 只能出现一次。")
        self.root = f"{current.scheme}://{current.host}{current.script_root}/ogc"
        self.html = self._html_wanted(forms)

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
        address = f"{self.root}{path}?{self._query_without('f')}f="
        return [
            Link(address + form, "self", own, title),
            Link(address + other_form, "alternate", other, title),
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
        address = f"{self.root}{path}?{self._query_without('offset', 'limit')}"
        media = HTML if self.html else self.media
        return [
            Link(f"{address}limit={size}&offset={start}", rel, media) for rel, start, size in pages
        ]

    def _query_without(self, *names: str) -> str:
        """The request's query without some parameters, ready for more to follow."""
        return "".join(
            f"{quote_plus(name)}={quote_plus(value)}&"
            for name, value in self.args.items()
            if name not in names
        )

    def answer(self, body: bytes, media: str = "", crs: str = "", encoding: str = "") -> Response:
        """An answer that caches may keep and have to revalidate.

        Parameters
        ----------
        media
            Its type, if it is not that of the first form.
        crs
            Address of the coordinate system, for features.
        encoding
            How the body is already compressed.
        """
        media = media or self.media
        environ = self.environ
        key = (
            self.published.snapshot.id, code_version(), today(), self.root,
            environ["PATH_INFO"], environ["QUERY_STRING"], media, encoding,
        )  # fmt: skip
        headers = [
            ("Content-Type", media),
            ("ETag", f'"{digest(repr(key))}"'),
            ("Cache-Control", "no-cache"),
            ("Vary", "Accept, Accept-Encoding"),
        ]
        if crs:
            headers.append(("Content-Crs", f"<{crs}>"))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        response = Response(body, headers=headers)
        if "HTTP_IF_NONE_MATCH" in environ:
            response.make_conditional(environ)
        return response

    def page(self, text: str) -> Response:
        """A page as the answer."""
        return self.answer(text.encode(), HTML)

    def model(self, value: msgspec.Struct) -> Response:
        """A model as the answer, in JSON."""
        return self.answer(msgspec.json.encode(value))
