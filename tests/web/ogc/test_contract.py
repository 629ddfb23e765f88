"""Schemathesis: thousands of requests written from the API definition, valid and not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 20


def test_no_server_error_and_no_breach_of_the_definition(server, tmp_path):
    command = [
        str(Path(sys.executable).with_name("st")), "run", f"{server}/ogc/api",
        "--phases", "coverage,fuzzing", "--max-examples", "4", "--seed", "20261121",
        "--max-time", str(SECONDS), "--continue-on-failure", "--no-color",
        "--warnings", "off",
    ]  # fmt: skip
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
        "PYTHONPATH": str(HERE),
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        timeout=SECONDS * 6,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 31" in done.stdout, done.stdout[-3000:]
