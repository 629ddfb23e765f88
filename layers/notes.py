"""What each layer of the map shows, in plain words: source, date, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from errors import DataError
from geo.boundaries import EDITION
from geo.tables import read_table
from layers.basemap import LINES
from layers.foliummap import BASE_MAP, CONTEXT, REFERENCE_GROUPS
from plans.sectors import SectorTree

FAMILY = "sectors"
"""Key of the note all sectors share; theirs add to it."""
TEXTS = ("words", "source", "limits", "words_en", "source_en", "limits_en")


@dataclass(frozen=True, slots=True)
class LayerNote:
    """A layer's description; the English texts end in ``_en``.

    Attributes
    ----------
    words
        What it shows.
    source
        Where it comes from; empty for a sector, which shares its family's.
    limits
        What it must not be taken for; empty likewise.
    """

    key: str
    title: str
    title_en: str
    words: str
    source: str
    limits: str
    words_en: str
    source_en: str
    limits_en: str


def layer_titles(sectors: SectorTree) -> dict[str, tuple[str, str]]:
    """Every layer the map may have: its key, its Chinese and its English name if it has one."""
    fixed = REFERENCE_GROUPS | {"context": CONTEXT, "basemap": BASE_MAP, FAMILY: "材料门类"}
    named = {key: (name, "") for key, name in fixed.items()}
    tops = sectors.top()
    return named | {f"sector:{top.code}": (top.name_zh, top.name_en) for top in tops}


def load_notes(path: Path, sectors: SectorTree) -> tuple[LayerNote, ...]:
    """Read the descriptions of all layers, in the table's order.

    Raises
    ------
    DataError
        A layer has no row or two, a row has no layer, or a text is missing.
    """
    titles = layer_titles(sectors)
    rows = read_table(path, ("key", "title_en", *TEXTS))
    keys = [row["key"] for row in rows]
    faults = [f"图层 {key} 没有说明" for key in titles if key not in keys]
    faults += [f"没有名为 {key} 的图层" for key in keys if key not in titles]
    faults += [f"图层 {key} 的说明重复" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    for row in rows:
        needed = TEXTS if not row["key"].startswith("sector:") else ("words", "words_en")
        faults += [f"图层 {row['key']} 缺少 {name}" for name in needed if not row[name]]
    if faults:
        raise DataError(f"{path.name}：{'；'.join(faults)}")
    return tuple(
        LayerNote(
            key=row["key"],
            title=titles[row["key"]][0],
            title_en=row["title_en"] or titles[row["key"]][1],
            **{name: row[name] for name in TEXTS},
        )
        for row in rows
    )


def map_notes(
    notes: Iterable[LayerNote], context: Mapping[str, Any], base_map: bool
) -> dict[str, Any]:
    """The descriptions as the page reads them.

    Parameters
    ----------
    context
        The shapes around the plans' provinces, the 境界线 among them, by name.
    base_map
        Whether the map offers one; without it, its note is left out.

    Returns
    -------
    dict
        ``edition``, the year of the boundaries; ``background``, the number of provinces
        in grey;
        ``layers``, a list of objects with the texts.
    """
    return {
        "edition": EDITION.year,
        "background": len(context.keys() - {LINES}),
        "layers": [asdict(note) for note in notes if base_map or note.key != "basemap"],
    }
