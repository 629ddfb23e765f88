"""What leaves the program: a table of features with fields, read in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from errors import BadParameter

if TYPE_CHECKING:
    import numpy as np

FIELD_TYPES = ("string", "integer", "number", "date")
"""Types a field may have; a missing value is None in each."""

POLYGON, POINT, UNLOCATED = "polygon", "point", "unlocated"
"""Parts of a table by geometry; formats with one geometry type per layer write one each."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column.

    Attributes
    ----------
    name
        The same in every format but Shapefile.
    type
        One of `FIELD_TYPES`.
    short
        Name in a Shapefile: ASCII, at most eight characters, so that two digits may follow.
    title, title_en
        What people call it.
    note
        One sentence on what the values mean.
    """

    name: str
    type: str
    short: str
    title: str
    title_en: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some features of a table.

    Attributes
    ----------
    columns
        Field name → one value per feature: str, int, float, `datetime.date` or None.
    geometry
        (n,) shapely geometries, longitude and latitude in CGCS2000 (EPSG:4490); None where
        a feature is not located.
    labels
        (n,) points that stand for the geometries in formats without any, EPSG:4490.
    """

    columns: Mapping[str, Sequence[Any]]
    geometry: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class FeatureTable:
    """Features of one kind.

    Attributes
    ----------
    name
        ASCII; names files and layers.
    title
        In the interface language.
    fields
        In order.
    chunks
        Starts reading from the beginning, as often as it is called.
    identifier
        Name of the column whose values tell features apart; chunks have it even where the
        fields do not. The first field's when empty.
    parts
        Which of `POLYGON`, `POINT` and `UNLOCATED` occur; empty for a table that has no
        geometry at all.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    chunks: Callable[[], Iterator[Chunk]]
    parts: tuple[str, ...]
    identifier: str = ""

    @property
    def key(self) -> str:
        """The column that identifies."""
        return self.identifier or self.fields[0].name

    def only(self, names: Sequence[str]) -> FeatureTable:
        """The same table with some of its fields, in the order asked for.

        Raises
        ------
        BadParameter
            A name is none of its fields'.
        """
        by_name = {field.name: field for field in self.fields}
        unknown = next((name for name in names if name not in by_name), None)
        if unknown is not None:
            raise BadParameter("fields", unknown, tuple(by_name))
        chosen = tuple(by_name[name] for name in dict.fromkeys(names))
        return FeatureTable(self.name, self.title, chosen, self.chunks, self.parts, self.key)


@dataclass(frozen=True, slots=True)
class About:
    """Where a file comes from; written into it, or beside it where the format has no room.

    Attributes
    ----------
    entries
        Key → text or texts, in reading order.
    labels
        Key → what people call it; a key without one stands for itself.
    """

    entries: Mapping[str, str | Sequence[str]]
    labels: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """One line per entry that says something, values joined."""
        return [
            f"{self.labels.get(key, key)}：{value if isinstance(value, str) else '；'.join(value)}"
            for key, value in self.entries.items()
            if value
        ]
