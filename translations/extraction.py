"""Finds what the interface says, and brings the catalogues up to date: `make messages`."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from settings import ROOT
from store.catalogues import FOLDER, catalogue, catalogue_files

KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "Message": None,
    "phrase": None,
    "translate": None,
    "t": None,
    "Caitu.t": None,
}
"""What a sentence to translate is handed to, beside gettext's own names."""

CHINESE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")

HEAD = re.compile(
    rb'^"(?:Report-Msgid-Bugs-To|POT-C|PO-R|Last-Translator|Language-Team|Generated-By).*\n',
    re.MULTILINE,
)
"""Lines of a catalogue's head that would differ after every update, or say nothing."""

Found = tuple[int, None, str, list[str]]


def vocabulary(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    tags: Collection[str],
    options: Any,  # noqa: ANN401
) -> Iterator[Any]:
    """What a module translates, and the Chinese that its constants and their values hold."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    for statement in ast.parse(file.read()).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        value = statement.value
        held: Iterable[Any] = value.values if isinstance(value, ast.Dict) else [value]
        for node in held:
            if isinstance(node, ast.Constant) and CHINESE.search(str(node.value)):
                yield node.lineno, None, str(node.value), []


def column(
    file: IO[bytes], keywords: object, tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """Chinese cells of a column of a table."""
    del keywords, tags
    rows = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")))
    for number, row in enumerate(rows, start=2):
        if CHINESE.search(row[options["name"]] or ""):
            yield number, None, row[options["name"]], []


def extracted() -> Catalog:
    """Every sentence of the interface, with the files that say it."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(project="caitu", charset="utf-8")
    for path, _, message, comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_ours
    ):
        plain = message if isinstance(message, str) else message[0]
        if CHINESE.search(plain):  # library code shares some of the names
            found.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return found


def _ours(folder: str) -> bool:
    name = folder.rpartition("/")[2]
    return not name.startswith(".") and name not in {"vendor", "node_modules", "build", "instance"}


def _texts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def update() -> None:
    """Add new sentences to every catalogue and drop those no longer said."""
    template = extracted()
    for language, path in catalogue_files().items():
        made = catalogue(language)
        made.update(template, no_fuzzy_matching=True)
        made.obsolete.clear()
        for message in made:  # a table may say the same in many rows
            message.locations = list(dict.fromkeys(message.locations))
        buffer = io.BytesIO()
        write_po(buffer, made, width=0, sort_by_file=True, include_lineno=False)
        path.write_bytes(HEAD.sub(b"", buffer.getvalue()).lstrip())
        missing = [message for message in made if message.id and not all(_texts(message.string))]
        print(f"{path.relative_to(ROOT)}: {len(made)}, {len(missing)} untranslated")


if __name__ == "__main__":
    update()
