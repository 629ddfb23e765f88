"""Take the README's screenshot: `make screenshot` (needs Chromium)."""

from __future__ import annotations

import sys
import threading

import waitress
from playwright.sync_api import sync_playwright

from app import create_app
from settings import ROOT


def main(chromium: str) -> None:
    """Serve the program on a free port and photograph its map with one sector chosen."""
    server = waitress.create_server(create_app(), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    address = f"http://127.0.0.1:{server.effective_port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 860}, locale="zh-CN")
        page.goto(f"{address}/?plan=cq-2022-materials-14fyp")
        page.wait_for_selector("#map_main[data-ready]")
        page.locator('path[data-place="500118"]').click()
        page.screenshot(path=ROOT / "docs" / "map.png")
        browser.close()
    server.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
