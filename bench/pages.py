"""The map page beside the page that plain Folium makes, in one run.

Both show the same places and assignments: ``regional``, our data as it is; ``national``, all
counties with 20,000 made-up assignments (`peers/national.py`). The peer is
`GeoDataFrame.explore` with one layer per top-level sector (`peers/folium_plain.py`). Each page
is loaded several times in Debian's Chromium, slowed down four times, every time in a new
context with nothing cached; ours comes from a server process, the peer's from a plain server,
both gzipped.

A shared machine is slower at one moment than at another, for seconds and by a third. Therefore
a fixed loop runs before and after each load, and the figures that are judged are of the five
loads beside which it was fastest; those of all loads stand in the line below. The figures are
medians:

gzip kB
    Bytes on the wire of everything a page loads, headers included (1 kB = 1,000 bytes). The
    peer's libraries, from five hosts, are not counted: Leaflet's script and style are given
    from our own copy, as without them nothing is drawn; the others are refused.
drawn s
    From the start of the navigation, server included, until ours says ``data-ready``; until
    the peer's load event, when its script has added all layers.
painted s
    The same until the frame after that is done. Not judged.
heap MB
    JavaScript heap in use after a garbage collection (1 MB = 2²⁰ bytes).
filter ms
    From a checkbox's event until the second animation frame begins, which is when the first,
    with the changed map in it, is painted: top-level sectors on and off again; for the peer,
    layers of its layer control. Two frames of waiting, up to 33 ms, are in it.
all ms
    The same until the third begins: ours draws the list beside the map in the second. Not
    judged.

Budgets: DESIGN §9. Exit status 1 when one of ours is missed, 2 when something is not installed.

Needs the environment `build/peers-pages` (bench/requirements-pages.txt), and Chromium.
The national snapshot takes about four minutes to build; given a folder, `pages.py FOLDER` keeps
it there for the next run.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from peers.browsing import ARGUMENTS, SLOWDOWN, Kind, Load, chromium, fixed_loop, load, serving
from peers.national import write_national
from peers.servers import Server, Unavailable, free_port, get
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

PEERS = ROOT / "build" / "peers-pages" / "bin" / "python"
HELPERS = Path(__file__).resolve().parent / "peers"
LEAFLET = ROOT / "node_modules" / "leaflet" / "dist"
LOADS, CHANGES = 5, 20
TURNS = {"regional": 12, "national": 8}
"""Loads of each page, `LOADS` of which are judged."""
COUNTIES = {"regional": range(309, 313), "national": range(2880, 2900)}
"""How many counties there may be, whatever the day."""
FILES = ("districts", "prefectures", "functional-areas", "parks", "towns", "zones")
"""Collections of places; the peer's base layer first."""
COLUMNS = {"gzip kB": 0, "drawn s": 2, "painted s": 2, "heap MB": 0, "filter ms": 0, "all ms": 0}
"""Figures of a page, with their decimals."""
BUDGETS = {
    "regional": {"gzip kB": 350.0, "drawn s": 1.0, "filter ms": 50.0},
    "national": {"gzip kB": 900.0, "drawn s": 2.0, "heap MB": 60.0, "filter ms": 150.0},
}
FAILURES = (Error, RuntimeError, Unavailable, subprocess.CalledProcessError)


def refuse_all_but_leaflet(page: Page) -> None:
    """Answer the peer's requests to other hosts: Leaflet from our copy, nothing else."""

    def answer(route: Route) -> None:
        address = route.request.url
        name = address.rpartition("/")[2]
        if "/leaflet@" in address and name in {"leaflet.js", "leaflet.css"}:
            route.fulfill(path=LEAFLET / name)
        else:
            route.abort()

    page.route(re.compile("^https:"), answer)


OURS = Kind(
    drawn='document.querySelector("#map_main[data-ready]")',
    boxes='form#filters input[name="sector"]:not([value*="."])',
)
PLAIN = Kind(
    drawn='document.readyState === "complete" && document.querySelector(".folium-map path")',
    boxes=".leaflet-control-layers-overlays > label:nth-child(n+2) input",
    event="click",  # which Leaflet listens to
    prepare=refuse_all_but_leaflet,
)


@dataclass
class Result:
    """The loads of a page, or why there are none."""

    loads: list[Load] = field(default_factory=list)
    fault: str = ""

    def undisturbed(self) -> list[Load]:
        """The loads beside which the fixed loop was fastest."""
        return sorted(self.loads, key=lambda one: one.loop)[:LOADS]

    def figures(self, loads: list[Load]) -> dict[str, float]:
        """Median of each column over some loads; empty where the page failed."""
        if self.fault or not loads:
            return {}
        values = {
            "gzip kB": [sum(one.sizes.values()) / 1000 for one in loads],
            "drawn s": [one.seconds for one in loads],
            "painted s": [one.painted for one in loads],
            "heap MB": [one.heap / 2**20 for one in loads],
            "filter ms": [painted for one in loads for painted, _ in one.changes],
            "all ms": [everything for one in loads for _, everything in one.changes],
        }
        return {name: statistics.median(listed) for name, listed in values.items() if listed}


class Bench:
    """The servers and pages of one run.

    Parameters
    ----------
    folder
        For all files of the run.
    kept
        For the national data and snapshot.
    stack
        Ends every process that was started.
    """

    def __init__(self, folder: Path, kept: Path, stack: ExitStack) -> None:
        self.folder, self.kept, self.stack = folder, kept, stack
        self.results: dict[tuple[str, str], Result] = {}
        self.notes: list[str] = []

    def start(self, area: str) -> Server:
        """Start ours with the data of an area; published before, so that it starts at once."""
        home = self.folder if area == "regional" else self.kept
        data = ROOT / "data"
        if area == "national":
            data = home / "data"
            write_national(ROOT / "data", data)
        settings = {
            "CAITU_DATA_DIR": str(data),
            "CAITU_INSTANCE_DIR": str(home / f"instance-{area}"),
        }
        began = time.perf_counter()
        command = [sys.executable, "-c", "from app import create_app; create_app()"]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"publishing: {done.stderr.strip().splitlines()[-1]}")
        self.notes.append(f"{area}: published in {time.perf_counter() - began:.0f} s")
        port = free_port()
        server = Server(
            area, [sys.executable, ROOT / "app.py"], port, self.folder / f"{area}.log",
            {**settings, "HOST": "127.0.0.1", "PORT": str(port)},
        )  # fmt: skip
        self.stack.callback(server.stop)
        server.wait(lambda: get(port, "/healthz"))
        return server

    def plain(self, area: str, server: Server) -> Path:
        """Write the peer's page from what ours exports."""
        files = []
        for name in ("assignments.csv", *(f"{name}.geojson" for name in FILES)):
            status, _, body = get(server.port, f"/export/{name}")
            if status != 200:
                raise Unavailable(f"/export/{name} answers {status}")
            files.append(self.folder / f"{area}-{name}")
            files[-1].write_bytes(body)
        counties = files[1].read_bytes().count(b'"geometry":')
        assignments = files[0].read_bytes().count(b"\n") - 1
        self.notes[-1] += f", {counties:,} counties, {assignments:,} assignments"
        if counties not in COUNTIES[area]:
            raise Unavailable(f"{counties} counties are not as many as there should be")
        page = self.folder / f"{area}.html"
        done = subprocess.run(
            [PEERS, HELPERS / "folium_plain.py", page, *files],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(f"plain Folium: {done.stderr.strip().splitlines()[-1]}")
        return page

    def measure(self, browser: Browser, area: str) -> None:
        """Load both pages of an area, by turns."""
        ours = self.results[area, "ours"] = Result()
        peer = self.results[area, "plain Folium"] = Result()
        try:
            server = self.start(area)
        except FAILURES as error:
            ours.fault = peer.fault = str(error)
            return
        with ExitStack() as stack:
            stack.callback(server.stop)
            pages = [(ours, f"http://127.0.0.1:{server.port}/", OURS)]
            try:
                address = stack.enter_context(serving(self.plain(area, server)))
                pages.append((peer, address, PLAIN))
            except FAILURES as error:
                peer.fault = str(error)
            for turn in range(TURNS[area]):
                for result, address, kind in pages:
                    if not result.fault:
                        progress(f"{area}: load {turn + 1} of {TURNS[area]}, {address}")
                        before = fixed_loop()
                        try:
                            result.loads.append(load(browser, address, kind, CHANGES))
                        except FAILURES as error:
                            result.fault = str(error)
                            continue
                        result.loads[-1].loop = (before + fixed_loop()) / 2

    def table(self) -> tuple[str, bool]:
        """The figures of all pages, and whether all budgets are kept."""
        head = f"{f'medians, CPU slowed {SLOWDOWN} ×':28}"
        lines, kept = [head + "".join(f"{name:>11}" for name in COLUMNS)], True
        for area, budget in BUDGETS.items():
            for name in ("ours", "plain Folium"):
                result = self.results[area, name]
                figures = result.figures(result.undisturbed())
                missed = [n for n, most in budget.items() if figures.get(n, most + 1) > most]
                verdict = ""
                if name == "ours":
                    kept &= not missed
                    verdict = f"MISSED: {', '.join(missed)}" if missed else "ok"
                lines.append(f"{row(f'{area}: {name}', figures)}  {verdict}".rstrip())
                lines.append(row(f"  all {len(result.loads)} loads", result.figures(result.loads)))
                if result.fault:
                    lines.append(f"  no figures: {result.fault.splitlines()[0]}")
            lines.append(row(f"{area}: budget", budget))
        return "\n".join(lines), kept

    def breakdown(self) -> str:
        """Bytes on the wire of our pages by resource, largest first."""
        parts = []
        for area in BUDGETS:
            result = self.results[area, "ours"]
            if result.loads:
                sizes = sorted(result.loads[-1].sizes.items(), key=lambda item: -item[1])
                lines = [
                    f"{size / 1000:9.1f} kB  /{address.split('/', 3)[3]}" for address, size in sizes
                ]
                parts.append("\n".join([f"{area}: ours, by resource", *lines]))
        return "\n\n".join(parts)

    def ranges(self) -> str:
        """Fastest and slowest change of each page, and fixed loop."""
        lines = []
        for (area, name), result in self.results.items():
            if loops := [one.loop for one in result.loads]:
                most = max(one.loop for one in result.undisturbed())
                lines.append(
                    f"{area}: {name}: the fixed loop took {min(loops):.0f} to {max(loops):.0f} ms, "
                    f"beside the judged loads up to {most:.0f}"
                )
            if changes := [painted for one in result.loads for painted, _ in one.changes]:
                lines.append(
                    f"{area}: {name}: {len(changes)} changes of the filter took "
                    f"{min(changes):.0f} to {max(changes):.0f} ms"
                )
        return "\n".join(lines)


def row(name: str, figures: dict[str, float]) -> str:
    """A line of the table; a dash where there is no figure."""
    cells = [
        f"{figures[column]:,.{digits}f}" if column in figures else "—"
        for column, digits in COLUMNS.items()
    ]
    return f"{name:28}" + "".join(f"{cell:>11}" for cell in cells)


def progress(step: str) -> None:
    """Show one step on the terminal."""
    print(f"  … {step}", file=sys.stderr, flush=True)


def main() -> int:
    """Run everything and print the tables."""
    browser_path = chromium()
    if browser_path is None:
        print("no Chromium; on Debian: apt install chromium", file=sys.stderr)
        return 2
    if not PEERS.exists():
        print("the peer is not installed: make bench-pages", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="caitu-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        kept = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else folder
        bench = Bench(folder, kept, stack)
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        stack.callback(browser.close)
        for area in BUDGETS:
            progress(f"{area}: publishing")
            bench.measure(browser, area)
        table, within = bench.table()
    print(table, bench.breakdown(), bench.ranges(), "\n".join(bench.notes), sep="\n\n")
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
