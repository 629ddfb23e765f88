"""What several tests share."""

from __future__ import annotations

import os
import time
import urllib.parse
from typing import Any

import pytest


def missing(reason: str) -> None:
    """Skip a test that this machine cannot run; where nothing may skip, fail it."""
    if os.environ.get("CAITU_NO_SKIP"):
        pytest.fail(f"{reason}，而 CAITU_NO_SKIP 不允许跳过")
    pytest.skip(reason)


def until(page: Any, expression: str, seconds: float = 10) -> None:
    """Wait until a script's expression holds; Playwright's own waiting needs `eval`, which the
    pages forbid."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"still not: {expression}"
        page.wait_for_timeout(50)


def watched(page):
    """Note on a page every address it asks for, and every fault."""
    page.asked, page.faults = [], []
    page.on("request", lambda r: page.asked.append(urllib.parse.urlsplit(r.url)))
    page.on("console", lambda m: m.type == "error" and page.faults.append(m.text))
    page.on("pageerror", lambda e: page.faults.append(str(e)))
    return page
