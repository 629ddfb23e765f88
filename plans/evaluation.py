"""How well a reading agrees with a reference: recall, precision, F1, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.names import normalised, zone_stem

Row = Mapping[str, str]
"""A row of the assignment table, as text."""


@dataclass(frozen=True)
class Evaluation:
    """Agreement of predicted rows with a reference.

    Attributes
    ----------
    pairs
        Reference row and predicted row that name the same place and overlapping words, one
        to one, as many as can be paired.
    missed, extra
        Reference rows, and predicted rows, without a partner.
    misplaced
        Pairs of a missed and an extra row with the same words of place and overlapping words
        of industry: the place was seen, but resolved to another one.
    """

    pairs: tuple[tuple[Row, Row], ...]
    missed: tuple[Row, ...]
    extra: tuple[Row, ...]
    misplaced: tuple[tuple[Row, Row], ...]

    @property
    def recall(self) -> float:
        """Share of the reference rows that were found."""
        return _share(len(self.pairs), len(self.pairs) + len(self.missed))

    @property
    def precision(self) -> float:
        """Share of the predicted rows that are in the reference."""
        return _share(len(self.pairs), len(self.pairs) + len(self.extra))

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        both = 2 * len(self.pairs) + len(self.missed) + len(self.extra)
        return _share(2 * len(self.pairs), both)

    @property
    def place_accuracy(self) -> float:
        """Of the rows whose place and industry were seen, the share with the right place."""
        return _share(len(self.pairs), len(self.pairs) + len(self.misplaced))

    @property
    def span_accuracy(self) -> float:
        """Of the pairs, the share in which one row's words contain the other's."""
        return _share(sum(_contain(a, b) for a, b in self.pairs), len(self.pairs))

    def accuracy(self, column: str) -> float:
        """Of the pairs, the share that agrees in a column."""
        return _share(sum(a[column] == b[column] for a, b in self.pairs), len(self.pairs))


def evaluate(reference: Sequence[Row], predicted: Sequence[Row]) -> Evaluation:
    """Pair rows of two tables: same place, overlapping words of industry, one to one.

    Parameters
    ----------
    reference, predicted
        Rows with at least place_text, place_id, place_name, parent_code, start, end. A
        reference row with something in the column ``optional`` is a reading that another
        may make or not: it counts for neither side.
    """
    needed = [row for row in reference if not row.get("optional")]
    partner = _paired(needed, predicted)
    pairs = tuple((needed[i], predicted[j]) for j, i in sorted(partner.items()))
    taken = set(partner.values())
    missed = [row for i, row in enumerate(needed) if i not in taken]
    extra = [row for j, row in enumerate(predicted) if j not in partner]
    allowed = _paired([row for row in reference if row.get("optional")], extra)
    extra = [row for j, row in enumerate(extra) if j not in allowed]
    misplaced, left = [], list(extra)
    for gold in missed:
        other = next(
            (r for r in left if _overlap(gold, r) and gold["place_text"] == r["place_text"]), None
        )
        if other is not None and gold["place_id"]:
            misplaced.append((gold, other))
            left.remove(other)
    return Evaluation(pairs, tuple(missed), tuple(extra), tuple(misplaced))


def _paired(reference: Sequence[Row], predicted: Sequence[Row]) -> dict[int, int]:
    """As many pairs as can be: index of the predicted row → index of the reference row."""
    choices = [
        sorted(
            (j for j, row in enumerate(predicted) if _overlap(gold, row) and same_place(gold, row)),
            key=lambda j, gold=gold: (
                gold["action"] != predicted[j]["action"],
                -_overlap(gold, predicted[j]),
            ),  # type: ignore[misc]
        )
        for gold in reference
    ]
    partner: dict[int, int] = {}
    for i in range(len(reference)):
        _augment(i, choices, partner, set())
    return partner


def same_place(one: Row, other: Row) -> bool:
    """Tell whether two rows mean the same place.

    Units by code. Zones by id; where only one of them is in the registry, by their own
    names and a unit in common.
    """
    if one["place_id"] == other["place_id"] and (
        one["place_id"] or one["place_text"] == other["place_text"]
    ):
        return True
    codes = [row["place_id"] for row in (one, other)]
    if any(len(code) == 6 and code.isdigit() for code in codes) or not all(codes):
        return False
    units = [set(row["parent_code"].split("+")) for row in (one, other)]
    near = any(a[:4] == b[:4] for a in units[0] for b in units[1])
    stems = [zone_stem(normalised(row["place_text"])) for row in (one, other)]
    return near and (stems[0].endswith(stems[1]) or stems[1].endswith(stems[0]))


def _overlap(one: Row, other: Row) -> int:
    return max(
        0, min(int(one["end"]), int(other["end"])) - max(int(one["start"]), int(other["start"]))
    )


def _contain(one: Row, other: Row) -> bool:
    a, b, c, d = (int(row[name]) for row in (one, other) for name in ("start", "end"))
    return (a <= c and d <= b) or (c <= a and b <= d)


def _augment(
    i: int, choices: Sequence[Sequence[int]], partner: dict[int, int], seen: set[int]
) -> bool:
    """One step of bipartite matching by augmenting paths (H. W. Kuhn 1955)."""
    for j in choices[i]:
        if j not in seen:
            seen.add(j)
            if j not in partner or _augment(partner[j], choices, partner, seen):
                partner[j] = i
                return True
    return False


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
