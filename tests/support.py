"""What several tests share."""

from __future__ import annotations

import os

import pytest


def missing(reason: str) -> None:
    """Skip a test that this machine cannot run; where nothing may skip, fail it."""
    if os.environ.get("CAITU_NO_SKIP"):
        pytest.fail(f"{reason}，而 CAITU_NO_SKIP 不允许跳过")
    pytest.skip(reason)
