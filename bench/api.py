"""The API beside pygeoapi, tipg and the least that Flask can do, in one run.

Every server serves the same features of our collection `districts`, is a process of its own
with one worker, and is asked the same distinct queries: pages, the whole layer, boxes,
attributes, tiles. Each answer is checked before any is timed, down to the features' ids.
Then rounds alternate between the servers, all others paused (SIGSTOP), so that a busy
machine slows all alike. The limit is a bare Flask route that answers the very bytes of our
API; for tiles, `SELECT ST_AsMVT…` alone. Over two connections waitress's threads wait for
Python's lock, which hides what an answer costs; over one connection it shows, so both are
measured and judged. Budgets: DESIGN §9. Exit status 1 when one is missed or an answer is
wrong.

Needs the environment `build/peers-api` (bench/requirements-api.txt); PostGIS for tipg, and
wrk for the load, where they are installed.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from peers.load import ROUNDS, SECONDS, Load
from peers.queries import LAYER, Workload, workloads
from peers.servers import Server, Unavailable, asking, free_port, get, start_postgres

from geo.boundaries import package_file

PEERS = ROOT / "build" / "peers-api" / "bin" / "python"
HELPERS = Path(__file__).resolve().parent / "peers"
PROVINCES = ("50", "51", "33")
COUNTIES = range(309, 313)
"""How many counties the three provinces may have, whatever the day."""
THREADS, CONNECTIONS = 8, (1, 2)
COLUMNS = ("ours", "limit", "pygeoapi", "tipg")
HALF, TILES_PER_SECOND, TILES_TIMES = 0.5, 1500, 2.0
MEMORY, GROWTH = 300, 32
"""MB of a worker, and MB that it may grow: threads' arenas, but not every answer kept."""


def package_features() -> list[dict[str, Any]]:
    """The counties of the boundary package, for a run without our API."""
    document = json.loads(package_file().read_text("utf-8"))
    codes = [str(f["properties"]["gb"] or "")[3:] for f in document["features"]]
    pairs = zip(codes, document["features"], strict=True)
    return [
        {
            "type": "Feature",
            "id": code,
            "properties": {
                "code": code,
                "name": feature["properties"]["name"],
                "parent_code": f"{code[:4]}00",
            },
            "geometry": feature["geometry"],
        }
        for code, feature in pairs
        if code.startswith(PROVINCES)
    ]


class Bench:
    """The servers of one run.

    Parameters
    ----------
    folder
        For all files of the run.
    stack
        Ends every process that was started.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.load = Load(folder)
        self.servers: dict[str, Server] = {}
        self.before: dict[str, float] = {}
        self.notes: list[str] = []
        self.database = ""
        self.tiles = folder / "tiles.txt"
        self.recorded: dict[str, tuple[str, bytes]] = {}
        if self.load.wrk is None:
            self.notes.append(
                "no wrk (on Debian: apt install wrk); the load is a loop of threads, which "
                "bounds fast servers and flatters ratios: what looks ok is 'unsure'"
            )

    def start(self, name: str, command: list[str | Path], path: str, **env: str) -> Server:
        """Start a server of Python, given its port as `{port}` where it takes one."""
        port = free_port()
        command = [str(part).replace("{port}", str(port)) for part in command]
        env = {key: value.replace("{port}", str(port)) for key, value in env.items()}
        server = Server(name, command, port, self.folder / f"{name}.log", env)
        self.stack.callback(server.stop)
        server.wait(lambda: get(port, path))
        self.servers[name] = server
        return server

    def features(self) -> list[dict[str, Any]]:
        """Start ours, and take the features from it."""
        try:
            instance = {"CAITU_INSTANCE_DIR": str(self.folder / "instance")}
            # Published first and apart, as a second start finds it: memory is then the reader's.
            subprocess.run(
                [sys.executable, "-c", "from app import create_app; create_app()"],
                cwd=ROOT, env=os.environ | instance, check=True, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            ours = self.start(
                "ours", [sys.executable, ROOT / "app.py"], "/healthz", HOST="127.0.0.1",
                PORT="{port}", CAITU_THREADS=str(THREADS),
                CAITU_INSTANCE_DIR=str(self.folder / "instance"),
            )  # fmt: skip
        except Unavailable as error:
            self.notes.append(str(error))
        else:
            status, _, body = get(ours.port, f"{LAYER}/items?limit=1000")
            features: list[dict[str, Any]] = json.loads(body)["features"] if status == 200 else []
            if len(features) in COUNTIES:
                return features
            self.notes.append(f"ours answers {status} and {len(features)} districts, not 311")
            self.servers.pop("ours").stop()
        self.notes[-1] += "; the features are the boundary package's"
        return package_features()

    def start_peers(self, features: list[dict[str, Any]]) -> None:
        """Start pygeoapi, and tipg where there is PostGIS, with these features."""
        data = self.folder / "features.json"
        document = {"type": "FeatureCollection", "features": features}
        data.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        command = [PEERS, HELPERS / "pygeoapi_memory.py", "{port}", str(THREADS), data, self.folder]
        self.start("pygeoapi", command, "/collections/districts")
        try:
            postgres = start_postgres(self.folder)
            self.stack.callback(postgres.stop, signal.SIGINT)
            self.database = f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres"
            self.postgis("load", data)
            self.start(
                "tipg", [PEERS, "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port",
                         "{port}", "--workers", "1", "--no-access-log", "--log-level", "warning"],
                "/healthz", DATABASE_URL=self.database, TIPG_CATALOG_TTL="86400",
            )  # fmt: skip
        except Unavailable as error:
            self.database = ""
            self.notes.append(f"without tipg: {error}")

    def postgis(self, action: str, *rest: str | Path) -> str:
        """Run the helper of PostGIS."""
        command = [PEERS, HELPERS / "postgis.py", action, self.database, *rest]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"PostGIS: {done.stderr.strip().splitlines()[-1]}")
        return done.stdout

    def check(self, name: str, work: list[Workload]) -> None:
        """Ask a server every query; note what is wrong, record what may be the limit's bytes."""
        server = self.servers[name]
        server.resume()
        work = [load for load in work if name in load.forms]
        for load in work:
            get(server.port, load.paths(name)[0])
        self.before[name] = server.memory()
        for load in work:
            with asking(server.port) as ask:
                answers = {path: ask(path) for path in load.paths(name)}
            for query, (status, _, body) in zip(load.queries, answers.values(), strict=True):
                if fault := query.fault(status, body):
                    load.faults.setdefault(name, f"{fault} ({load.forms[name](query)})")
            if name not in load.faults and not load.lender:
                load.lender = name
                self.recorded |= {path: answer[1:] for path, answer in answers.items()}
        server.pause()

    def check_statement(self, load: Workload) -> None:
        """The same for the statement behind the tiles' limit."""
        self.tiles.write_text("\n".join(load.paths("limit")), "ascii")
        lines = self.postgis("answer", self.tiles).splitlines()
        for query, line in zip(load.queries, lines, strict=True):
            if fault := query.fault(200, bytes.fromhex(line)):
                load.faults.setdefault("limit", fault)

    def start_limit(self) -> None:
        """Start the bare route with what was recorded."""
        kept = self.folder / "recorded"
        kept.write_bytes(pickle.dumps(self.recorded))
        first = next(iter(self.recorded))
        command = [sys.executable, HELPERS / "bare.py", "{port}", str(THREADS), kept]
        server = self.start("limit", command, first)
        self.before["limit"] = server.memory()
        server.pause()

    def time(self, work: list[Workload]) -> None:
        """Alternate between the servers, the others paused."""
        turns = product(work, CONNECTIONS, range(ROUNDS), COLUMNS)
        for load, connections, round_, name in turns:
            rate = None if name in load.faults else self.round(load, name, round_, connections)
            if rate is not None:
                load.rates.setdefault((name, connections), []).append(rate)

    def round(self, load: Workload, name: str, round_: int, connections: int) -> float | None:
        """Requests per second of one round; None where there is nothing to measure."""
        if name == "limit" and "limit" in load.forms:
            if not self.database:
                return None
            numbers = SECONDS, len(load.queries) * round_ // ROUNDS, connections
            return float(self.postgis("rate", self.tiles, *map(str, numbers)))
        server = self.servers.get(name)
        form = load.lender if name == "limit" else name
        if server is None or form not in load.forms:
            return None
        server.resume()
        try:
            return self.load.rate(server.port, load.paths(form), round_, connections)
        except ValueError as error:
            load.faults[name] = str(error)
            return None
        finally:
            server.pause()

    def memory(self) -> tuple[str, bool]:
        """Resident memory of each server before and after, and whether ours keeps its budget."""
        lines, kept = [f"{'MB resident':22}{'before':>8}{'after':>8}"], True
        for name, server in self.servers.items():
            before, after = self.before[name], server.memory()
            verdict = ""
            if name == "ours":
                kept = after <= min(before + GROWTH, MEMORY)
                verdict = "ok" if kept else f"MISSED (≤ {GROWTH} more, ≤ {MEMORY})"
            lines.append(f"{name:22}{before:8.0f}{after:8.0f}  {verdict}".rstrip())
        return "\n".join(lines), kept


def verdict(load: Workload, connections: int, certain: bool) -> str:
    """Compare with the budget of DESIGN §9."""
    ours, limit = load.median("ours", connections), load.median("limit", connections)
    if ours is None:
        return "wrong" if "ours" in load.faults else "MISSED (no API)"
    if "limit" in load.forms:
        enough = ours >= TILES_PER_SECOND or bool(limit and ours >= TILES_TIMES * limit)
        return "ok" if enough else f"MISSED (≥ {TILES_PER_SECOND:,} or {TILES_TIMES} × limit)"
    if (load.ratio(connections) or 0) < HALF:
        return f"MISSED (≥ {HALF} × limit)"
    return "ok" if certain else "unsure"


def table(work: list[Workload], certain: bool) -> tuple[str, bool]:
    """The rates of all workloads, and whether all budgets are kept."""
    head = f"{f'requests/s, median of {ROUNDS}':24}{'connections':>12}{'ours':>8}{'limit':>8}"
    lines = [f"{head}{'ours/limit':>12}{'pygeoapi':>10}{'tipg':>8}"]
    kept = True
    for load, connections in product(work, CONNECTIONS):
        cells = {}
        for name in COLUMNS:
            rate = load.median(name, connections)
            shown = "—" if rate is None else f"{rate:,.0f}"
            cells[name] = "wrong" if name in load.faults else shown
        if "limit" not in load.forms and load.lender != "ours":
            cells["limit"] += "*"
        ratio = load.ratio(connections)
        says = verdict(load, connections, certain)
        kept &= says in {"ok", "unsure"}
        lines.append(
            f"{load.name if connections == CONNECTIONS[0] else '':24}{connections:12}"
            f"{cells['ours']:>8}{cells['limit']:>8}{'—' if ratio is None else f'{ratio:.2f}':>12}"
            f"{cells['pygeoapi']:>10}{cells['tipg']:>8}  {says}"
        )
    if any(load.lender != "ours" for load in work if "limit" not in load.forms):
        lines.append("* with the bytes of a peer, as ours has none that are right")
    for load in work:
        lines += [f"{load.name}: {name} is wrong: {load.faults[name]}" for name in load.faults]
    return "\n".join(lines), kept


def main() -> int:
    """Run everything and print the tables."""
    if not PEERS.exists():
        print("the peers are not installed: make bench-api", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="caitu-bench-") as folder, ExitStack() as stack:
        bench = Bench(Path(folder), stack)
        features = bench.features()
        work = workloads(features)
        for server in bench.servers.values():
            server.pause()
        bench.start_peers(features)
        for server in bench.servers.values():
            server.pause()
        for name in list(bench.servers):
            bench.check(name, work)
        if bench.database:
            bench.check_statement(work[-1])
        bench.start_limit()
        bench.time(work)
        rates, fast = table(work, bench.load.wrk is not None)
        memory, flat = bench.memory()
    print(f"{len(features)} districts; {', '.join(f'{len(w.queries)} × {w.name}' for w in work)}\n")
    print(rates, memory, *bench.notes, sep="\n\n")
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0 if fast and flat else 1


if __name__ == "__main__":
    sys.exit(main())
