"""Commands and the server behind `make run`."""

from __future__ import annotations

import errno
import gc
import socket
import sys
import time
from collections.abc import Callable

import waitress
from flask import Flask

from errors import PortInUse
from settings import Settings
from web import place_commands, plan_commands

CONNECTIONS = {"connection_limit": 1000, "channel_timeout": 30, "asyncore_use_poll": True}
"""Clients that keep connections open, as programs that read the API do, must not keep others
out: waitress's own limit of 100 connections and 120 idle seconds lets one client do so."""

SWITCH_INTERVAL = 20e-6
"""Seconds after which a busy thread lets another run. The server's own thread has little to do
but has to do it at once: with Python's 5 ms, four clients asking for ten features each got 360
to 410 answers a second between them, with this 1,080 to 1,220 (2 cores, 8 threads, one run);
with 16 clients there is no difference."""


def serve(create: Callable[[], Flask], settings: Settings) -> None:
    """Serve an application until interrupted.

    The address is taken before the application is built, so that a taken port is said at
    once and not after a long set-up.

    Raises
    ------
    PortInUse
        Another program listens on the address, or it may not be used.
    """
    began = time.perf_counter()
    sys.setswitchinterval(SWITCH_INTERVAL)
    with _listen(settings.host, settings.port) as listener:
        app = create()
        gc.collect()
        gc.freeze()  # the snapshot stays: no use looking through it for garbage
        server = waitress.create_server(
            app, sockets=[listener], threads=settings.threads, **CONNECTIONS
        )
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        took = time.perf_counter() - began
        print(
            f"材图已启动（{took:.1f} 秒）：http://{host}:{settings.port}/   按 Ctrl+C 停止",
            flush=True,
        )
        try:
            server.run()
        finally:
            server.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise PortInUse(f"HOST={host} 不是可用的地址：{error}") from error
    try:
        if sys.platform != "win32":  # there it would allow taking another program's port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"端口 {port} 已被其他程序占用。请换一个端口，例如：PORT={port + 1} make run"
                f"（port {port} is in use; set PORT to another one）"
            ) from error
        raise PortInUse(f"无法监听 {host}:{port}：{error.strerror}") from error
    return listener


def register(app: Flask) -> None:
    """Add the commands to an application."""
    app.cli.add_command(plan_commands.plans)
    app.cli.add_command(place_commands.places)
