"""Processes of a benchmark: started, paused while idle, and ended by their own pids."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

Answer = tuple[int, str, bytes]
"""Status, media type and body."""
PATIENCE = 90
"""Seconds a server may take to start."""


class Unavailable(Exception):
    """A server cannot be had here; says what to install or what went wrong."""


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A child process that listens on a port of the loopback address.

    Parameters
    ----------
    name
        How reports call it.
    command
        Program and arguments.
    port
        Where it will listen.
    log
        File for what it prints.
    env
        Environment variables beyond our own.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        port: int,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name, self.port, self.log = name, port, log
        # Ours alone to signal: the terminal's Ctrl+C goes to the benchmark, which ends it.
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=log.parent,
                env={**os.environ, **(env or {})}, start_new_session=True, **as_user(user),
            )  # fmt: skip

    def wait(self, ready: Callable[[], object]) -> None:
        """Wait until a call of `ready` raises nothing.

        Raises
        ------
        Unavailable
            It ended, or took too long; with the last lines it printed.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                ready()
            except (OSError, http.client.HTTPException, subprocess.CalledProcessError):
                time.sleep(0.1)
            else:
                return
        lines = self.log.read_text("utf-8", "replace").splitlines()[-8:]
        raise Unavailable(f"{self.name} did not start:\n  " + "\n  ".join(lines))

    def pause(self) -> None:
        """Take no processor time until resumed."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on."""
        self.process.send_signal(signal.SIGCONT)

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii", "replace")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, by force if it will not."""
        if self.process.poll() is None:
            self.resume()
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def asking(port: int) -> Iterator[Callable[[str], Answer]]:
    """A connection that is kept: a function from an address to its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(path: str) -> Answer:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers.get_content_type(), response.read()

    try:
        yield ask
    finally:
        connection.close()


def get(port: int, path: str) -> Answer:
    """The answer to one request."""
    with asking(port) as ask:
        return ask(path)


def as_user(user: str | None) -> dict[str, object]:
    """What `subprocess` needs to run a program as a user, where we may choose one."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def start_postgres(folder: Path) -> Server:
    """Start a private cluster; PostgreSQL refuses root, so root lends it to `postgres`.

    Raises
    ------
    Unavailable
        PostgreSQL is not installed, or does not start.
    """
    found = shutil.which("initdb")
    homes = [Path(found).resolve().parent] if found else []
    homes += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not homes:
        raise Unavailable("no PostgreSQL; on Debian: apt install postgresql-15-postgis-3")
    user = "postgres" if os.geteuid() == 0 else None
    home = folder / "postgres"
    home.mkdir()
    if user:
        folder.chmod(0o711)
        shutil.chown(home, user, user)
    made = subprocess.run(
        [homes[0] / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        capture_output=True, text=True, cwd=home, check=False, **as_user(user),
    )  # fmt: skip
    if made.returncode:
        raise Unavailable(f"initdb: {made.stderr.strip()}")
    port = free_port()
    settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={home}", "fsync=off",
                "autovacuum=off", "jit=off"]  # fmt: skip
    command = [homes[0] / "postgres", "-D", home / "data", "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    server = Server("PostgreSQL", command, port, folder / "postgres.log", user=user)
    try:
        probe = [homes[0] / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        server.wait(lambda: subprocess.run(probe, check=True, capture_output=True))
    except BaseException:
        server.stop(signal.SIGINT)
        raise
    return server
