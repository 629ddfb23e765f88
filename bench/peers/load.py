"""Load: wrk over distinct addresses or, without it, threads of our own."""

from __future__ import annotations

import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from peers.servers import asking

SCRIPT = Path(__file__).with_name("cycle.lua")
ROUNDS, SECONDS = 3, 1


class Load:
    """Requests as fast as some connections take them, from wrk or, without it, from threads."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wrk = folder, shutil.which("wrk")

    def rate(self, port: int, paths: list[str], round_: int, connections: int) -> float:
        """Requests per second; raises ValueError where one was refused."""
        start = len(paths) * round_ // ROUNDS
        if self.wrk is None:
            return self._threads(port, paths, start, connections)
        listed = self.folder / "paths.txt"
        listed.write_text("\n".join(paths), "ascii")
        command = [self.wrk, "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s",
                   SCRIPT, f"http://127.0.0.1:{port}", "--", listed, str(start)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        requests, took, errors = map(int, done.rsplit("cycle ", 1)[1].split())
        if errors:
            raise ValueError(f"{errors} errors under load")
        return requests * 1e6 / took

    def _threads(self, port: int, paths: list[str], start: int, connections: int) -> float:
        end = time.perf_counter() + SECONDS

        def work(number: int) -> int:
            count = 0
            with asking(port) as ask:
                while time.perf_counter() < end:
                    path = paths[(start + number + count * connections) % len(paths)]
                    if (status := ask(path)[0]) != 200:
                        raise ValueError(f"{status} under load")
                    count += 1
            return count

        with ThreadPoolExecutor(connections) as pool:
            return sum(pool.map(work, range(connections))) / SECONDS
