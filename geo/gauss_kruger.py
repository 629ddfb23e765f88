"""The 3-degree Gauss–Krüger zones of CGCS2000 and their EPSG codes; loads no heavy library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Box = tuple[float, float, float, float]

FIRST_MERIDIAN, LAST_MERIDIAN = 75, 135
"""Central meridians of the outermost 3-degree zones that have an EPSG code."""


@dataclass(frozen=True, slots=True, order=True)
class Zone:
    """A 3-degree Gauss–Krüger zone of CGCS2000.

    Attributes
    ----------
    meridian
        Its central meridian, degrees east.
    """

    meridian: int

    @property
    def number(self) -> int:
        """The number of the zone 带号."""
        return self.meridian // 3

    @property
    def code(self) -> str:
        """The system whose eastings have no zone number."""
        return f"EPSG:{4534 + (self.meridian - FIRST_MERIDIAN) // 3}"

    @property
    def numbered_code(self) -> str:
        """The system whose eastings begin with the zone number."""
        return f"EPSG:{4513 + (self.meridian - FIRST_MERIDIAN) // 3}"


def zones(boxes: Iterable[Box]) -> tuple[Zone, ...]:
    """The zones that some boxes reach into, from west to east.

    Parameters
    ----------
    boxes
        West, south, east, north in degrees.
    """
    found: set[int] = set()
    for west, _, east, _ in boxes:
        first, last = (int(longitude / 3 + 0.5) * 3 for longitude in (west, east))
        found.update(range(max(first, FIRST_MERIDIAN), min(last, LAST_MERIDIAN) + 1, 3))
    return tuple(Zone(meridian) for meridian in sorted(found))
