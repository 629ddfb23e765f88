"""What the API definition says in formats and words, for schemathesis to write valid requests."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st

LARGEST = 1e8
LARGEST_LIMIT = 10_000
DAYS = st.dates().map(str)
INTERVALS = st.tuples(DAYS, DAYS).map(lambda days: "/".join(sorted(days)))
OPEN_ENDS = DAYS.map(lambda day: f"../{day}")
MOMENTS = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z")
FILTERS = st.sampled_from(["true", "false"])  # the same in both languages

schemathesis.openapi.format("rfc3339-interval", DAYS | INTERVALS | OPEN_ENDS | MOMENTS)
schemathesis.openapi.format("cql2", FILTERS)


@schemathesis.hook
def map_query(context, query):  # noqa: ARG001
    """A box has its lower corner first, and degrees stay degrees."""
    try:
        numbers = [float(part) for part in str(query["bbox"]).split(",")]
    except (KeyError, TypeError, ValueError):
        return query
    if len(numbers) == 5:  # the schema allows it, the standard's words do not
        numbers = numbers[:4]
    half = len(numbers) // 2
    if len(numbers) in {4, 6} and all(abs(number) <= LARGEST for number in numbers):
        if str(query.get("bbox-crs", "CRS84")).endswith("CRS84"):
            numbers = [max(-90.0, min(90.0, number)) for number in numbers]
        pairs = [sorted(pair) for pair in zip(numbers[:half], numbers[half:], strict=True)]
        ordered = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        query["bbox"] = ",".join(map(repr, ordered))
    return query


@schemathesis.hook
def filter_case(context, case):  # noqa: ARG001
    """A limit beyond the greatest is no error (/req/core/fc-limit-response-1): the definition
    must state the greatest, the answer must not insist on it. And a box of five numbers, which
    the standard's schema allows, its words do not."""
    query = case.query or {}
    box = query.get("bbox", "")
    numbers = box if isinstance(box, list) else str(box).split(",")
    limit = str(query.get("limit", ""))
    return len(numbers) != 5 and not (limit.isdigit() and int(limit) > LARGEST_LIMIT)
