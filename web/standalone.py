"""The map as one file: a page with its styles, scripts, pictures and data inside.

It opens from a disk on a computer without network. The page is the one the server shows; the
file is made from its markup, so that nothing is listed twice.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Blueprint, Response, current_app, g, make_response, request, send_file, url_for

from store.catalogues import words
from store.exports import ExportStore, etag
from web.language import CHINESE, language, neutral_root
from web.mapping import script_address
from web.responses import code_version, published, request_filter, today

standalone = Blueprint("standalone", __name__)

INLINED = ("/map/", "/static/")
"""Where scripts find what they ask for later; ``data-`` attributes list the addresses."""

POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What a file may load: nothing but what it holds."""

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Made:
    """What a file says of its making; templates read it as ``g.standalone``.

    Attributes
    ----------
    server
        Address of the map the file is made from.
    query
        The filter it opens with, the day of its boundaries included.
    made
        Date of its making.
    """

    server: str
    query: str
    made: date


@dataclass(frozen=True, slots=True)
class Part:
    """Something a page loads."""

    media_type: str
    body: bytes

    @property
    def text(self) -> str:
        """The body as a browser reads it: without a mark of order, lines ended as in Unix."""
        return self.body.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")

    @property
    def data_url(self) -> str:
        """The body as an address of its own."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.body).decode()}"


@standalone.get("/export/map.html")
def download() -> Response:
    """The map with its filter, on the boundaries of one day, as one file."""
    now = published()
    chosen = request_filter()
    day = chosen.boundaries_on(now.snapshot, today())
    query = urlencode(replace(chosen, as_of=day).pairs)
    address = url_for("mapping.index")
    made = Made(urljoin(request.url_root, address), query, today())

    def write(path: Path) -> None:
        page = _ask(f"{address}?{query}", made).text
        root = urljoin(request.url_root, f"{neutral_root()}/")
        packed = pack(page, lambda part: _ask(part, made), root)
        path.write_text(packed, encoding="utf-8", newline="")

    path = ExportStore(now.settings).get(
        repr((now.snapshot.id, code_version(), language(), made)), "html", write
    )
    return send_file(
        path,
        mimetype="text/html",
        as_attachment=True,
        download_name=f"caitu-map-{made.made}.html",
        etag=etag(path),
        max_age=0,
    )


def _ask(address: str, made: Made) -> Part:
    """What this server answers, from the snapshot that the whole file is made from."""
    now = published()
    if now.settings.tianditu_key and address == script_address(now.snapshot):
        # No network, no base map; and the key is not for everybody who gets the file.
        from layers.foliummap import map_script  # here: loads Folium

        spoken = None if language() == CHINESE else words(language())
        return Part("text/javascript", map_script(now.snapshot, words=spoken).encode())
    roots = (request.script_root, neutral_root())
    path = next(address[len(root) :] for root in roots if address.startswith(f"{root}/"))
    with current_app.test_request_context(path, base_url=request.url_root):
        g.published, g.standalone = now, made
        response = make_response(current_app.dispatch_request())
    response.direct_passthrough = False
    body = response.get_data()
    response.close()
    return Part(response.mimetype or "application/octet-stream", body)


def pack(page: str, ask: Callable[[str], Part], root: str) -> str:
    """Put everything that a page loads into it.

    Parameters
    ----------
    page
        Markup whose addresses on its own server begin with a slash.
    ask
        Answers for such an address.
    root
        Address of the server without a language, for the links that stay.
    """
    packer = _Packer(ask, root)
    packer.feed(page)
    packer.close()
    return packer.packed()


class _Packer(HTMLParser):
    """Writes down what it reads, with what is loaded in the place of its address."""

    def __init__(self, ask: Callable[[str], Part], root: str) -> None:
        super().__init__(convert_charrefs=False)
        self._ask = ask
        self._root = root
        below = urlsplit(root).path.rstrip("/")
        self._inlined = tuple(below + folder for folder in INLINED)
        self._out: list[str] = []
        self._policy_at = 0
        self._later: dict[str, None] = {}
        self._allowed: dict[str, dict[str, None]] = {"script": {}, "style": {}}

    def packed(self) -> str:
        """Everything, with the policy that allows it."""
        hashes = {tag: " ".join(found) or "'none'" for tag, found in self._allowed.items()}
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(**hashes)}">'
        at = self._policy_at
        return "".join([*self._out[:at], policy, *self._out[at:]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        if tag == "script" and "src" in given:
            self._hold()
            text = script_text(self._ask(given["src"]).text)
            self._out.append(f"<script>{self._allow(tag, text)}")
        elif tag == "link" and given.get("rel") in {"preload", "alternate"}:
            return  # it is here already, or another page
        elif tag == "link" and given.get("rel") == "stylesheet":
            text = self._style(given["href"])
            self._out.append(f"<style>{self._allow('style', text)}</style>")
        else:
            self._out.append(self._markup(tag, attrs))
        if tag == "meta" and "charset" in given:
            self._policy_at = len(self._out)

    def handle_endtag(self, tag: str) -> None:
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._out.append(f"<!{decl}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # else it would write an end as well

    def _markup(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        changed = [(name, self._value(tag, name, value or "")) for name, value in attrs]
        written = self.get_starttag_text() or ""
        if changed == [(name, value or "") for name, value in attrs]:
            return written
        told = "".join(f' {name}="{escape(value)}"' for name, value in changed)
        return f"<{tag}{told}{'/' if written.endswith('/>') else ''}>"

    def _value(self, tag: str, name: str, value: str) -> str:
        """An attribute's value in the file."""
        if not value.startswith("/"):
            return value
        if (tag, name) in {("img", "src"), ("link", "href")}:
            return self._ask(value).data_url
        if name.startswith("data-") and value.startswith(self._inlined):
            self._later.update(dict.fromkeys(value.split()))
            return value
        return urljoin(self._root, value)

    def _hold(self) -> None:
        """Write what scripts ask for later in front of them."""
        for address in self._later:
            part = self._ask(address)
            kind = part.media_type if part.media_type == JSON else "text/plain"
            text = json_text(part.text) if kind == JSON else script_text(part.text)
            if kind != JSON:
                self._allow("script", text)
            self._out.append(
                f'<script type="{kind}" data-url="{escape(address)}">{text}</script>\n'
            )
        self._later.clear()

    def _style(self, address: str) -> str:
        """A style sheet with its pictures inside."""

        def picture(found: re.Match[str]) -> str:
            target = found[2]
            if target.startswith(("#", "data:")):
                return found[0]
            return f'url("{self._ask(urljoin(address, target)).data_url}")'

        style = re.sub(r"""url\((['"]?)([^'")]+)\1\)""", picture, self._ask(address).text)
        return style.replace("</", "<\\/")

    def _allow(self, tag: str, text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        self._allowed[tag][f"'sha256-{digest}'"] = None
        return text


def script_text(code: str) -> str:
    """A script that ends no element and opens no comment; means the same."""
    code = re.sub(r"\n//# sourceMappingURL=.*", "", code)
    return re.sub(r"<(?=/script|!--)", r"<\\", code, flags=re.IGNORECASE)


def json_text(text: str) -> str:
    r"""JSON that ends no element: ``<`` stands only within its strings, where it may be escaped."""
    return text.replace("<", "\\u003c")
