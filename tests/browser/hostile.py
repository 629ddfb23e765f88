"""A data folder with a plan and a park whose words are an attack on the page that shows them."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import astuple, fields, replace

from plans.tables import COLUMNS, Assignment, Policy, Target, load_records

PLAN = "hostile"
PARK = "500116-hostile"
DISTRICT = "500116"
LONG = "W" * 10_000
WORDS = {
    "script": "<script>window.harmed=1</script>",
    "image": '"><img src=x onerror=window.harmed=1>',
    "end": "</script></textarea></title>--><svg onload=window.harmed=1>",
    "address": "javascript:window.harmed=1",
    "quotes": "'\"&amp;&#60;`${window.harmed=1}`",
    "template": "{{7*7}}{% raw %}<%= 7 %>%(x)s{0}",
    "override": "\u202ecba\u200f",
    "marks": "\u061c\u200f(\u202babc\u202a",
    "zero width": "a\u200bb\u200dc\ufeffd\u00ade\u2060f",
    "emoji": "👩\u200d🏭🧱🏳️\u200d🌈👨\u200d👩\u200d👧\u200d👦",
    "long": LONG,
    "lines": "一\n二\n\n三\tfour\u2028five\u0085six",
}
ALL = " ".join(WORDS.values())
PARK_NAME = " ".join(WORDS[name] for name in ("image", "script", "override", "quotes", "template"))


def write_hostile(source, target):
    """Copy a data folder, and add the plan and the park.

    Each of the words stands in every free column of four assignments: of a district, of the
    park, and twice of nowhere.
    """
    shutil.copytree(source, target)
    _write_park(target / "districts" / "parks.csv")
    real = load_records(
        target / "plans" / "cq-2022-materials-14fyp" / "assignments.csv", Assignment
    )
    at = next(row for row in real if row.place_id == DISTRICT)
    park = replace(at, place_id=PARK, place_name=PARK_NAME, place_kind="park")
    nowhere = replace(
        at, place_id="", place_name="", place_kind="park", parent_code="", parent_name=""
    )
    rows = [
        replace(
            row, plan_id=PLAN, place_text=words, sector_text=words, action_text=words,
            condition=words, project=words, section=f"{words}/{words}", chain_stage="upstream",
            action=action, start=number, end=number + 1,
        )
        for number, words in enumerate(WORDS.values())
        for row, action in (
            (at, "develop"), (park, "build"), (nowhere, "develop"), (nowhere, "explore")
        )
    ]  # fmt: skip
    sector = at.sector_code
    targets = [
        Target(PLAN, sector, words, words, "2020", "1", "2025", "2", words, words, 0, 1, words)
        for words in WORDS.values()
    ]
    policies = [
        ("cap", sector, words, words, number, number + 1, words)
        for number, words in enumerate(WORDS.values())
    ]
    folder = target / "plans" / PLAN
    folder.mkdir()
    _write(folder / "assignments.csv", COLUMNS, map(astuple, rows))
    _write(folder / "targets.csv", [f.name for f in fields(Target)], map(astuple, targets))
    names = ["kind", "sector_codes", "where", "words", "start", "end", "section"]
    assert set(names) <= {f.name for f in fields(Policy)} | {"plan_id"}
    _write(
        folder / "policies.csv",
        ["plan_id", *names, "limit", "unit"],
        ((PLAN, *policy, "", "") for policy in policies),
    )
    texts = dict.fromkeys(("title", "short_title", "issuer", "number", "source", "note"), ALL)
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()]
    lines += [f'id = "{PLAN}"', 'province = "500000"', 'sha256 = ""']
    lines += ["issued = 2026-01-01", "valid_to = 2026-01-02"]
    (folder / "plan.toml").write_text("\n".join(lines), "utf-8")


def _write_park(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    real = next(row for row in rows if row["unit_codes"] == DISTRICT and row["lon"])
    rows.append(real | {"id": PARK, "name": PARK_NAME, "aliases": "", "note": ALL})
    _write(path, rows[0], (row.values() for row in rows))


def _write(path, head, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([list(head), *map(list, rows)])
