"""Reading plans: how much is read rightly, and how fast beside programs that only find places.

The annotated texts of `tests/plans/texts/` give recall, precision and F1 with and without
tuning. For place finding, cpca and jionlp get each sentence that holds an assignment and
are right when they name its county or prefecture; ours is right when the row is.
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.gazetteer import with_all_of_china
from geo.places import load_registry
from geo.resolver import Resolver, load_overrides
from geo.tables import read_table
from plans.evaluation import evaluate
from plans.extraction import Extractor
from plans.sectors import load_sectors

TEXTS = ROOT / "tests" / "plans" / "texts"
ROUNDS = 5


def extractor() -> Extractor:
    """The reader with all of China behind it."""
    folder = ROOT / "data" / "districts"
    resolver = Resolver(
        with_all_of_china(load_registry(folder), folder), load_overrides(folder / "overrides.csv")
    )
    sectors = load_sectors(ROOT / "data" / "sectors.csv")
    return Extractor(resolver, sectors, ROOT / "data" / "lexicon")


def main() -> None:
    """Print a line per text, then the speeds."""
    ours = extractor()
    texts: list[tuple[str, str, date]] = []
    sentences: list[tuple[str, set[str]]] = []
    print("text  half       rows    F1  place  sector  action  spans")
    for entry in read_table(TEXTS / "index.csv", ("id", "folder", "province", "date")):
        path = TEXTS / entry["folder"] / entry["id"]
        text, day = path.with_suffix(".txt").read_text("utf-8"), date.fromisoformat(entry["date"])
        texts.append((text, entry["province"], day))
        gold = read_table(path.with_suffix(".csv"), ("place_text", "start", "end"))
        needed = [row for row in gold if not row.get("optional")]
        found = ours.assignments(text, entry["id"], entry["province"], day)
        rows = [{k: str(v) for k, v in asdict(row).items()} for row, _ in found]
        result = evaluate(gold, rows)
        told = any(row["sector_l1"] for row in gold)
        sector = f"{result.accuracy('sector_l1'):8.3f}" if told else "       —"
        print(
            f"{entry['id']:5} {entry['folder']:9}{len(needed):6}{result.f1:6.3f}"
            f"{result.place_accuracy:7.3f}{sector}"
            f"{result.accuracy('action'):8.3f}{result.span_accuracy:7.3f}"
        )
        for row in needed:
            start = int(row["start"])
            begin = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
            sentences.append((text[begin : int(row["end"])], set(row["parent_code"].split("+"))))
    size = sum(len(text) for text, _, _ in texts)
    began = time.perf_counter()
    for _ in range(ROUNDS):
        for text, province, day in texts:
            ours.read(text, province, day)
    speed = ROUNDS * size / (time.perf_counter() - began)
    print(f"\n{'':8}characters/s   places right\nours    {speed:12,.0f}   (F1 above)")
    peers(sentences)


def peers(sentences: list[tuple[str, set[str]]]) -> None:
    """Places only: how fast, and in how many sentences the right one."""
    import cpca
    import jionlp

    size = sum(len(words) for words, _ in sentences)
    began = time.perf_counter()
    table = cpca.transform([words for words, _ in sentences])
    took = time.perf_counter() - began
    codes = [str(code or "")[:6] for code in table["adcode"]]
    right = sum(code in units for code, (_, units) in zip(codes, sentences, strict=True))
    print(f"cpca    {size / took:12,.0f}   {right}/{len(sentences)}")
    part = sentences[::10]
    folder = ROOT / "data" / "districts"
    china = with_all_of_china(load_registry(folder), folder)
    names = {p.name: p.id for p in china if p.kind == "unit"}
    began, right = time.perf_counter(), 0
    for words, units in part:
        try:
            found = jionlp.parse_location(words)
        except (TypeError, ValueError, IndexError, KeyError):
            continue
        named = {names.get(found[key] or "", "") for key in ("county", "city")}
        right += bool(named & units)
    took = time.perf_counter() - began
    size = sum(len(words) for words, _ in part)
    print(f"jionlp  {size / took:12,.0f}   {right}/{len(part)}")


if __name__ == "__main__":
    main()
