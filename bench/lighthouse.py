"""Our pages as Lighthouse sees them: accessibility, best practices and performance.

The pages come from our own server with our data, published before. Lighthouse runs Debian's
Chromium headless, every time with an empty cache, and reckons what the page would have taken
on the device of each setting (its simulated throttling):

laptop
    A desk's screen (1,350 × 940) on a network of 10 Mbit/s, the CPU slowed four times: the
    settings of Lighthouse's preset `desktop` with the CPU of our page budgets (DESIGN §9). Our
    users sit at old laptops, so this one is judged.
mobile
    Lighthouse's default: a phone, 1.6 Mbit/s with 150 ms, the CPU slowed four times.
desktop
    Lighthouse's preset of that name: the CPU as it is.

Accessibility and best practices must be 100 on every page in every setting; performance, the
median of five loads, 90 on the laptop. Whatever costs points is listed below the table, with
the metrics and what Lighthouse would look at first.

Exit status 1 when something is missed, 2 when something is not installed. Names of settings as
arguments run these only. Needs `build/lighthouse` (make bench-lighthouse), and Chromium. About
25 minutes; performance moves with whatever else the machine does.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from peers.browsing import SLOWDOWN, chromium
from peers.servers import Server, Unavailable, free_port, get

HOME = ROOT / "build" / "lighthouse"
NODE = HOME / "bin" / "node"
LIGHTHOUSE = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
LOADS = 5
SETTINGS = {
    "laptop": ["--preset=desktop", f"--throttling.cpuSlowdownMultiplier={SLOWDOWN}"],
    "mobile": [],
    "desktop": ["--preset=desktop"],
}
JUDGED = "laptop"
PERFECT = ("accessibility", "best-practices")
LEAST = 90
"""Points of performance."""
METRICS = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "speed-index": "SI",
}
PAGES = {
    "map": "/",
    "districts": "/districts/",
    "district": "/districts/500116",
    "table": "/table",
    "data": "/data",
    "assignment": "/assignments/{assignment}",
}


@dataclass
class Result:
    """The reports on a page in one setting, or why there are none."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""

    def points(self, category: str) -> list[float]:
        """Of each load, best first; none where Lighthouse gave none."""
        found = [report["categories"][category]["score"] for report in self.reports]
        return sorted((100 * score for score in found if score is not None), reverse=True)

    def missed(self, setting: str) -> list[str]:
        """Categories in which the page has not the points it must have."""
        if self.fault or not self.reports:
            return ["all"]
        names = [name for name in PERFECT if min(self.points(name), default=0) < 100]
        speed = self.points("performance")
        if setting == JUDGED and (not speed or statistics.median(speed) < LEAST):
            names.append("performance")
        return names

    def middle(self) -> dict[str, Any]:
        """The report whose performance is the median."""
        ordered = sorted(self.reports, key=lambda one: one["categories"]["performance"]["score"])
        return ordered[len(ordered) // 2]

    def losses(self) -> list[str]:
        """What costs points, in words."""
        lines = []
        for category in PERFECT:
            for audit in _imperfect(self.reports, category):
                lines.append(f"    {category}: {audit['title']} ({audit['id']})")
                nodes = [item.get("node", {}) for item in audit.get("details", {}).get("items", [])]
                lines += [f"      {node['selector']}" for node in nodes[:5] if "selector" in node]
        for audit in _imperfect([self.middle()], "performance"):
            saved = audit.get("metricSavings") or {}
            gains = ", ".join(f"{name} −{value:.0f} ms" for name, value in saved.items() if value)
            if gains:
                lines.append(f"    {audit['id']}: {audit.get('displayValue') or ''} ({gains})")
        return lines


def _imperfect(reports: list[dict[str, Any]], category: str) -> list[dict[str, Any]]:
    """The audits of a category that failed in one of the reports, each once."""
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if audit["score"] is not None and audit["score"] < 1:
                found.setdefault(audit["id"], audit)
    return list(found.values())


def start(folder: Path, stack: ExitStack) -> Server:
    """Start our server; published before, so that it starts at once."""
    settings = {"CAITU_INSTANCE_DIR": str(folder / "instance")}
    done = subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unavailable(f"publishing: {done.stderr.strip().splitlines()[-1]}")
    port = free_port()
    server = Server(
        "caitu", [sys.executable, ROOT / "app.py"], port, folder / "server.log",
        {**settings, "HOST": "127.0.0.1", "PORT": str(port)},
    )  # fmt: skip
    stack.callback(server.stop)
    server.wait(lambda: get(port, "/healthz"))
    return server


def first_assignment(port: int) -> str:
    """The id of an assignment that there is."""
    status, _, body = get(port, "/ogc/collections/assignments/items?limit=1&f=json")
    if status != 200:
        raise Unavailable(f"the items of the assignments answer {status}")
    return str(json.loads(body)["features"][0]["id"])


def look(address: str, setting: str, browser: str, folder: Path) -> dict[str, Any]:
    """Lighthouse's report on one load.

    Raises
    ------
    Unavailable
        It gave none, or says that the page did not load.
    """
    target = folder / "report.json"
    done = subprocess.run(
        [NODE, LIGHTHOUSE, address, "--output=json", f"--output-path={target}", "--quiet",
         "--no-enable-error-reporting", f"--chrome-flags={FLAGS}",
         f"--only-categories={','.join([*PERFECT, 'performance'])}", *SETTINGS[setting]],
        env=os.environ | {"CHROME_PATH": browser}, cwd=folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unavailable(f"Lighthouse: {(done.stderr.strip() or 'no word').splitlines()[-1]}")
    report: dict[str, Any] = json.loads(target.read_text("utf-8"))
    if error := report.get("runtimeError"):
        raise Unavailable(f"Lighthouse: {error['message']}")
    return report


def table(results: dict[tuple[str, str], Result]) -> tuple[str, bool]:
    """The points of all pages, and whether all are enough."""
    heads = ("accessibility", "best pract.", "performance", "(range)", *METRICS.values())
    lines = [f"{f'median of {LOADS} loads':22}" + "".join(f"{head:>14}" for head in heads)]
    kept = True
    for (setting, page), result in results.items():
        missed = result.missed(setting)
        kept &= not missed
        name = f"{setting}: {page}"
        if result.fault:
            lines.append(f"{name:22}  MISSED, no figures: {result.fault}")
            continue
        cells = [f"{min(result.points(category), default=0):.0f}" for category in PERFECT]
        speed = result.points("performance")
        cells += [f"{statistics.median(speed):.0f}", f"{speed[-1]:.0f}–{speed[0]:.0f}"]
        audits = result.middle()["audits"]
        cells += [audits[metric]["displayValue"].replace("\xa0", " ") for metric in METRICS]
        row = f"{name:22}" + "".join(f"{cell:>14}" for cell in cells)
        verdict = f"MISSED: {', '.join(missed)}" if missed else "ok"
        lines += [f"{row}  {verdict}", *result.losses()]
    return "\n".join(lines), kept


def main(settings: list[str]) -> int:
    """Run everything and print the table."""
    browser = chromium()
    if browser is None:
        print("no Chromium; on Debian: apt install chromium", file=sys.stderr)
        return 2
    if not (NODE.exists() and LIGHTHOUSE.exists()):
        print("Lighthouse is not installed: make bench-lighthouse", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.perf_counter()
    results: dict[tuple[str, str], Result] = {}
    with tempfile.TemporaryDirectory(prefix="caitu-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        server = start(folder, stack)
        assignment = first_assignment(server.port)
        for setting in settings:
            for page, path in PAGES.items():
                result = results[setting, page] = Result()
                address = f"http://127.0.0.1:{server.port}{path.format(assignment=assignment)}"
                for turn in range(LOADS):
                    print(f"  … {setting}: {page}, load {turn + 1} of {LOADS}", file=sys.stderr)
                    try:
                        result.reports.append(look(address, setting, str(browser), folder))
                    except Unavailable as error:
                        result.fault = str(error)
                        break
    text, kept = table(results)
    print(f"{text}\n\n{time.perf_counter() - began:.0f} s")
    return 0 if kept else 1


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(SETTINGS)
    if unknown := set(chosen) - set(SETTINGS):
        sys.exit(f"no such setting: {', '.join(unknown)}; there are {', '.join(SETTINGS)}")
    sys.exit(main(chosen))
