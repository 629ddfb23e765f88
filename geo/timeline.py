"""Units through time: which existed on a day, what shape they had, who inherits from whom.

The boundaries are of 2024. Later changes are applied to them, earlier ones undone. Where a
unit is cut, the cut follows the Voronoi cells of town seats and the pieces are
`indicative`; where too few seats are known, the shape is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries import EDITION, Boundaries
from geo.changes import Change, Move
from geo.places import Registry, Seat
from geo.shapes import area_km2, seat_cells, seats_in, unit_shape

ENOUGH = 0.5
"""Share of the towns of a piece whose seats must be known for a cut."""


@dataclass(frozen=True, slots=True)
class UnitShape:
    """A unit's shape on some day.

    Attributes
    ----------
    geometry
        Degrees, EPSG:4490; None where it cannot be had.
    quality
        ``published``, ``indicative`` or ``unknown``.
    reason
        Why it is not published, in a sentence for the user.
    """

    geometry: BaseGeometry | None
    quality: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Heir:
    """A place that inherits from an abolished one.

    Attributes
    ----------
    share
        Part of the abolished place's area, 0 to 1; None where its shape is not known.
    change_id
        The last change that passed the territory on.
    """

    place_id: str
    share: float | None
    change_id: str


State = Mapping[str, UnitShape]


class Timeline:
    """The county-level units of the registry on any day.

    Parameters
    ----------
    registry
        Units, with the interval in which each existed, and town seats.
    boundaries
        Of 2024, EPSG:4490.
    changes
        In order of date.
    """

    def __init__(
        self, registry: Registry, boundaries: Boundaries, changes: Iterable[Change]
    ) -> None:
        self.registry = registry
        self.changes = tuple(changes)
        self._pieces: dict[tuple[str, str, str], BaseGeometry | None] = {}
        base = {
            place.id: UnitShape(unit_shape(place, boundaries), "published")
            for place in registry
            if place.level == "county" and place.exists_on(EDITION)
        }
        self._states: list[tuple[date, State]] = [(date.min, base)]
        for change in reversed([c for c in self.changes if c.day <= EDITION]):
            first, state = self._states[0]
            self._states[0] = (change.day, state)
            self._states.insert(0, (first, self._undone(change, state)))
        for change in (c for c in self.changes if c.day > EDITION):
            self._states.append((change.day, self._applied(change, self._states[-1][1])))

    def state_on(self, day: date) -> State:
        """Shapes of all units that existed on a day, by id."""
        return next(state for start, state in reversed(self._states) if start <= day)

    def coverage(self, province: str, day: date) -> dict[str, UnitShape]:
        """Shapes of a province's counties on a day, as one gap-free coverage.

        Parameters
        ----------
        province
            Six-digit code.

        Returns
        -------
        dict
            Unit id → shape. Where a unit was cut, the neighbours' shared edges are given the
            cut's end points, so that the coverage stays valid; nothing else moves.
        """
        state = {
            unit: shape
            for unit, shape in self.state_on(day).items()
            if province in self.registry.provinces_of(self.registry[unit])
        }
        drawn = {unit: s for unit, s in state.items() if s.geometry is not None}
        if all(shape.quality == "published" for shape in drawn.values()):
            return state
        cleaned = shapely.coverage_clean([shape.geometry for shape in drawn.values()])
        return state | {
            unit: UnitShape(geometry, shape.quality, shape.reason)
            for (unit, shape), geometry in zip(drawn.items(), cleaned, strict=True)
            if not _same(geometry, shape.geometry)
        }

    def heirs(self, place_id: str, day: date) -> list[Heir]:
        """Who inherits a place's assignments on a day.

        Returns
        -------
        list of Heir
            Empty when the place still exists on the day, or did not yet exist.
        """
        place = self.registry[place_id]
        if place.valid_to is None or place.valid_to > day:
            return []
        found: dict[str, Heir] = {}
        for heir in self._next(place_id, place.valid_to):
            later = self.heirs(heir.place_id, day)
            for last in later or [Heir(heir.place_id, 1.0, heir.change_id)]:
                share = _product(heir.share, last.share)
                before = found.get(last.place_id)
                if before:
                    share = _sum(before.share, share)
                found[last.place_id] = Heir(last.place_id, share, last.change_id)
        return list(found.values())

    def _next(self, place_id: str, day: date) -> list[Heir]:
        for change in self.changes:
            moves = change.of(place_id)
            if change.day != day or not moves:
                continue
            if len(moves) == 1:
                return [Heir(moves[0].heir, 1.0, change.id)]
            areas = [self._piece_area(change, move) for move in moves]
            total = sum(area for area in areas if area is not None)
            known = None not in areas and total > 0
            return [
                Heir(move.heir, area / total if known and area is not None else None, change.id)
                for move, area in zip(moves, areas, strict=True)
            ]
        return []

    def _piece_area(self, change: Change, move: Move) -> float | None:
        piece = self._pieces.get((change.id, move.origin, move.heir))
        return None if piece is None else area_km2(piece)

    def _applied(self, change: Change, before: State) -> State:
        """The state after a change, from the one before it."""
        return self._step(change, before, change.origins, change.heirs, change.of, _heir)

    def _undone(self, change: Change, after: State) -> State:
        """The state before a change, from the one after it."""
        return self._step(change, after, change.heirs, change.origins, change.into, _origin)

    def _step(
        self,
        change: Change,
        state: State,
        sources: Iterable[str],
        targets: Iterable[str],
        moves_of: Callable[[str], tuple[Move, ...]],
        target_of: Callable[[Move], str],
    ) -> State:
        """Cut every source into its pieces, then join the pieces of every target."""
        parts: dict[str, list[UnitShape]] = {target: [] for target in targets}
        for source in sources:
            if source not in state:
                continue  # a functional area that becomes a unit brings no land of its own
            for move, piece in zip(
                moves_of(source), self._cut(state[source], moves_of(source), change), strict=True
            ):
                self._pieces[(change.id, move.origin, move.heir)] = piece.geometry
                parts[target_of(move)].append(piece)
        kept = {unit: shape for unit, shape in state.items() if unit not in set(sources)}
        return kept | {target: _joined(pieces) for target, pieces in parts.items() if pieces}

    def _cut(self, whole: UnitShape, moves: tuple[Move, ...], change: Change) -> list[UnitShape]:
        """Cut a shape along the cells of the town seats that each move names."""
        if len(moves) == 1:
            return [whole]
        if whole.geometry is None:
            return [whole] * len(moves)
        inside = seats_in(whole.geometry, self.registry.seats)
        groups = _by_move(moves, inside)
        for move, seats in zip(moves, groups, strict=True):
            if len(seats) < max(1, len(move.towns) * ENOUGH):
                lost = f"{change.day} 变更前后的界线无从得知：{'、'.join(move.towns) or '其余'}"
                return [UnitShape(None, "unknown", lost)] * len(moves)
        cells = dict(seat_cells(inside, whole.geometry))
        reason = f"按镇街驻地推算 {change.day} 的划转范围，不是界线"
        return [
            UnitShape(shapely.union_all([cells[s.id] for s in seats]), "indicative", reason)
            for seats in groups
        ]


def _by_move(moves: tuple[Move, ...], seats: Iterable[Seat]) -> list[list[Seat]]:
    """Give each seat to the move that names its town, the others to the rest."""
    groups: list[list[Seat]] = [[] for _ in moves]
    rest = next((i for i, move in enumerate(moves) if not move.towns), None)
    for seat in seats:
        index = next((i for i, move in enumerate(moves) if seat.name in move.towns), rest)
        if index is not None:
            groups[index].append(seat)
    return groups


def _same(one: BaseGeometry, other: BaseGeometry | None) -> bool:
    """Tell whether two shapes have the same vertices, however their rings begin."""
    first, second = (np.unique(shapely.get_coordinates(s), axis=0) for s in (one, other))
    return np.array_equal(first, second)


def _joined(pieces: list[UnitShape]) -> UnitShape:
    if len(pieces) == 1:
        return pieces[0]
    lost = next((piece for piece in pieces if piece.geometry is None), None)
    if lost:
        return lost
    geometry = shapely.union_all([piece.geometry for piece in pieces])
    rough = next((piece for piece in pieces if piece.quality != "published"), None)
    return UnitShape(geometry, *((rough.quality, rough.reason) if rough else ("published",)))


def _heir(move: Move) -> str:
    return move.heir


def _origin(move: Move) -> str:
    return move.origin


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
