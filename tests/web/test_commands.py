from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from settings import ROOT


def start(tmp_path, **env):
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CAITU_INSTANCE_DIR": str(tmp_path), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_serves_where_port_says(tmp_path):
    port = free_port()
    process = start(tmp_path, PORT=str(port))
    try:
        for _ in range(300):
            try:
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
                break
            except OSError:
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.1)
        assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert f"http://127.0.0.1:{port}/" in out
    assert "…" in err  # the first start shows its steps
    assert "Traceback" not in err


def test_a_port_in_use_is_said_plainly(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, PORT=str(port))
        _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"端口 {port} 已被其他程序占用" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("env", "said"),
    [({"PORT": "eighty"}, "PORT=eighty"), ({"HOST": "no.such.host.invalid"}, "不是可用的地址")],
)
def test_wrong_settings_are_said_plainly(tmp_path, env, said):
    process = start(tmp_path, **({"PORT": str(free_port())} | env))
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said in err
    assert "Traceback" not in err


def test_plans_list_and_publish(app):
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["plans", "list"])
    assert listed.exit_code == 0
    assert "cq-2022-materials-14fyp\t2022-12-15\t" in listed.output
    published = runner.invoke(args=["plans", "publish"])
    assert published.exit_code == 0
    assert "已发布" in published.output
