"""The map in a real browser."""

from __future__ import annotations

import pytest

from tests.support import watched

WIDE = {"width": 1440, "height": 860}


@pytest.fixture
def visit(browser, server):
    """Open an address in a new window, note every request and fault, wait for the map."""
    contexts = []

    def go(path="/", viewport=None):
        context = browser.new_context(
            viewport=viewport or WIDE,
            locale="zh-CN",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = watched(context.new_page())
        page.goto(server + path)
        page.wait_for_selector("#map_main[data-ready]")
        return page

    yield go
    for context in contexts:
        context.close()
