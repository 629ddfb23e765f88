"""Names of places: ours beside cpca and jionlp, on the names the plans use.

Counts right, wrong and abstained, and the names resolved per second, in one run. A name is
right when the county-level unit (or the prefecture or province, for such names) is the
expected one; for parks the peers are forgiven the park and asked for its district only.
"""

from __future__ import annotations

import csv
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.gazetteer import with_all_of_china
from geo.places import Registry, load_registry
from geo.resolver import Resolver, load_overrides

FOLDER = ROOT / "data" / "districts"
ROUNDS = 20
ISSUED = date(2022, 12, 15)
"""Issue date of the plan most names are from."""


def names() -> list[tuple[str, str, str]]:
    """Text, province and expected place of every name in the test tables and the data."""
    found: dict[tuple[str, str], str] = {}
    with (ROOT / "tests" / "geo" / "plan_places.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["text"], row["province"]] = row["place_id"]
    for path in (ROOT / "data" / "plans").glob("*/assignments.csv"):
        plan = tomllib.loads(path.with_name("plan.toml").read_text(encoding="utf-8"))
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["place_text"] and "+" not in row["province"]:
                    found[row["place_text"], plan["province"]] = row["place_id"]
    return [(text, province, place_id) for (text, province), place_id in found.items()]


def districts(registry: Registry, place_id: str) -> set[str]:
    """Codes that count as right: the unit itself, or the units a place lies in."""
    place = registry[place_id]
    return {place_id} if place.kind in {"unit", "province"} else set(place.parents)


def ours(registry: Registry) -> Callable[[str, str], str]:
    """Resolve with this program."""
    resolver = Resolver(registry, load_overrides(FOLDER / "overrides.csv"))

    def run(text: str, province: str) -> str:
        place = resolver.resolve(text, province, "", ISSUED).place
        return "" if place is None else "+".join(sorted(districts(registry, place.id)))

    return run


def with_cpca() -> Callable[[str, str], str]:
    """Resolve with cpca, which knows no context."""
    import cpca

    def run(text: str, _: str) -> str:
        code = cpca.transform([text])["adcode"].iloc[0]
        return str(code or "")[:6]

    return run


def with_jionlp(registry: Registry) -> Callable[[str, str], str]:
    """Resolve with jionlp; its names are looked up among our codes."""
    import jionlp

    codes = {p.name: p.id for p in registry if p.kind in {"unit", "province"} and not p.valid_to}

    def run(text: str, _: str) -> str:
        try:
            found = jionlp.parse_location(text)
        except (TypeError, ValueError, IndexError, KeyError):
            return ""
        levels = (found[key] for key in ("county", "city", "province"))
        return next((codes.get(name, "?") for name in levels if name), "")

    return run


def main() -> None:
    """Print one line per program."""
    registry = with_all_of_china(load_registry(FOLDER), FOLDER)
    cases = names()
    print(f"{len(cases)} names\n{'':10}right  wrong  abstained  names/s")
    for name, run in (
        ("ours", ours(registry)),
        ("cpca", with_cpca()),
        ("jionlp", with_jionlp(registry)),
    ):
        right = wrong = abstained = 0
        for text, province, place_id in cases:
            got = run(text, province)
            expected = "+".join(sorted(districts(registry, place_id))) if place_id else ""
            if not got:
                abstained += expected != ""
                right += expected == ""
            elif got == expected:
                right += 1
            else:
                wrong += 1
        began = time.perf_counter()
        for _ in range(ROUNDS):
            for text, province, _id in cases[:50]:
                run(text, province)
        speed = ROUNDS * min(len(cases), 50) / (time.perf_counter() - began)
        print(f"{name:10}{right:5}{wrong:7}{abstained:11}{speed:9,.0f}")


if __name__ == "__main__":
    main()
