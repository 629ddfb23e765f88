"""What the web room says, in the language of the request: sentences, labels, names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from babel.messages.mofile import write_mo
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, Response
from flask_babel import Babel, Domain, gettext
from markupsafe import Markup, escape

from errors import Message, NotFound
from layers.credits import CREDITS
from plans.sectors import Sector, SectorTree
from store.catalogues import catalogue, catalogue_files, words
from web.language import CHINESE, TAGS, LanguageStep, choices, language, neutral_root, tag
from web.responses import immutable, published

speech = Blueprint("speech", __name__)

CHINESE_HALF = re.compile(r"^.*[\u3001-\u30ff\u4e00-\u9fff\uff00-\uffef]\s*", re.DOTALL)

TRANSLATED_FACETS = frozenset({"action", "stage", "kind", "quality"})
"""Closed lists among the facets; the others are names that plans, places and regions bear."""


class Catalogues(Domain):  # type: ignore[misc]
    """Reads the catalogues from text, where Flask-Babel looks for compiled files."""

    def get_translations(self) -> NullTranslations:
        """The translations of the current request's language."""
        return translations(language())


@lru_cache
def translations(code: str) -> NullTranslations:
    """The translations of a language; those of Chinese change nothing."""
    if code not in catalogue_files():
        return NullTranslations()
    buffer = BytesIO()
    write_mo(buffer, catalogue(code))
    buffer.seek(0)
    return Translations(buffer)


def said(text: str) -> str:
    """A sentence of another room, or a label of a closed list, in the current language."""
    if not text:
        return text  # the empty sentence is a catalogue's head
    find = translations(language()).gettext
    if not isinstance(text, Message):
        return find(text)
    values = {k: said(v) if isinstance(v, Message) else v for k, v in text.values.items()}
    return find(text.template) % values if values else find(text.template)


class Labels(Mapping[str, str]):
    """A closed list of values with its labels in the current language."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels

    def __getitem__(self, value: str) -> str:
        return said(self._labels[value])

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)


def sector_name(sector: Sector) -> str:
    """The name of a sector in the current language."""
    return sector.name_zh if language() == CHINESE else sector.name_en or sector.name_zh


def sector_path(tree: SectorTree, code: str) -> list[str]:
    """Names from the top level down to a sector."""
    return [sector_name(tree[each]) for each in reversed(tree[code].lineage)]


def facet_labels(name: str) -> Mapping[str, str]:
    """Labels of the values of a facet; names that plans and places bear stay as they are."""
    if name == "sector":
        return {sector.code: sector_name(sector) for sector in published().snapshot.sectors}
    labels = published().vocabulary.values[name]
    return Labels(labels) if name in TRANSLATED_FACETS else labels


def titled(thing: Any) -> str:  # noqa: ANN401
    """The title of what has one in Chinese and one in English."""
    title: str = thing.title if language() == CHINESE else thing.title_en
    return title


def noted(thing: Any) -> str:  # noqa: ANN401
    """The note of what has one in Chinese, and perhaps one in English."""
    if language() == CHINESE:
        return str(thing.note)
    return str(getattr(thing, "note_en", "")) or said(thing.note)


def half(text: str) -> str | Markup:
    """A title as programs get it, 首页 Landing page; on a page in English its English half."""
    if language() == CHINESE:
        return text
    return CHINESE_HALF.sub("", text) or chinese(text)


def chinese(text: str) -> str | Markup:
    """Words of a plan, or a name, on a page: marked as Chinese where the page is not.

    In every language they keep their direction to themselves.
    """
    if not text:
        return text
    if language() == CHINESE or not CHINESE_HALF.match(str(text)):
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="{}">{}</bdi>').format(TAGS[CHINESE], text)


def phrase(template: str, **values: object) -> Markup:
    """A sentence with marked words in it."""
    return Markup(gettext(template)) % {k: escape(v) for k, v in values.items()}  # noqa: S704


def chinese_mark() -> Markup:
    """The attribute of an element that holds nothing but such words."""
    return Markup("") if language() == CHINESE else Markup(' lang="{}"').format(TAGS[CHINESE])


@speech.get("/words/<digest>/<code>.js")
def script(digest: str, code: str) -> Response:
    """What scripts say, in a language; the scripts read it before they begin."""
    if code not in catalogue_files() or digest != _digest(code):
        raise NotFound(Message("数据已更新，请刷新页面。"))
    return immutable(_script(code), "text/javascript")


@lru_cache
def _script(code: str) -> bytes:
    said = json.dumps(words(code, "static"), ensure_ascii=False, sort_keys=True)
    return f'"use strict";\nwindow.Caitu = {{ words: {said} }};\n'.encode()


@lru_cache
def _digest(code: str) -> str:
    return hashlib.sha256(_script(code)).hexdigest()[:16]


def words_file() -> tuple[str, str] | None:
    """Digest and language of the words that the page's scripts need; none in Chinese."""
    chosen = language()
    return None if chosen == CHINESE else (_digest(chosen), chosen)


def register(app: Flask, labels: Mapping[str, Mapping[str, str]]) -> None:
    """Give an application its languages, and the templates what they say things with.

    Parameters
    ----------
    labels
        The closed lists the templates speak, under the name ``labels``.
    """
    babel = Babel(app, default_locale=CHINESE, locale_selector=language)
    babel.domain_instance = Catalogues()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: translations(language()).gettext(text),  # much faster than Babel's
        ngettext=lambda one, many, number: translations(language()).ngettext(one, many, number),
        newstyle=True,
    )
    app.wsgi_app = LanguageStep(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals |= {
        "credits": CREDITS,
        "data_root": neutral_root,
        "labels": {name: Labels(values) for name, values in labels.items()},
        "language": language,
        "language_tag": tag,
        "languages": choices,
        "words_file": words_file,
        "sector_path": sector_path,
        "zh": chinese_mark,
    }
    app.jinja_env.filters |= {
        "half": half,
        "noted": noted,
        "said": said,
        "sector_name": sector_name,
        "titled": titled,
        "zh": chinese,
    }
