"""Catalogues of translations: what the interface says in languages other than Chinese.

The Chinese sentences are the keys. The catalogues are kept as gettext's text files and read as
they are when the program starts, so that nothing has to be compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from settings import ROOT

FOLDER = ROOT / "translations"


def catalogue_files() -> Mapping[str, Path]:
    """The file of each language by its code."""
    found = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
    return {path.parent.parent.name: path for path in found}


@lru_cache
def catalogue(language: str) -> Catalog:
    """The catalogue of a language, read once."""
    with catalogue_files()[language].open("rb") as file:
        return read_po(file, locale=language)


@lru_cache
def words(language: str, folder: str = "") -> Mapping[str, str]:
    """The translated sentences of a language without plural forms.

    Parameters
    ----------
    folder
        Keeps only those that files in this folder say.
    """
    return {
        message.id: message.string
        for message in catalogue(language)
        if isinstance(message.id, str)
        and message.id
        and isinstance(message.string, str)
        and message.string
        and not message.fuzzy
        and (not folder or any(path.startswith(f"{folder}/") for path, _ in message.locations))
    }
