"""Loading a page in a slowed Chromium, and the little server that plain pages come from."""

from __future__ import annotations

import gzip
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page

SLOWDOWN = 4
PATIENCE = 90_000
"""Milliseconds a page may take."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
GAP = 100
"""Milliseconds of rest before each change of a filter."""

WATCH = """
window.benchDrawn = new Promise((resolve, reject) => {
  const watch = new MutationObserver(look);
  function look() {
    if (!(DRAWN)) return;
    watch.disconnect();
    const drawn = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve([drawn, performance.now()])));
  }
  watch.observe(document, { subtree: true, attributeFilter: ["data-ready"] });
  addEventListener("load", look);
  setTimeout(() => reject(new Error("never drawn")), PATIENCE);
});
window.benchDrawn.catch(() => {});
"""
"""Says when `DRAWN` holds, and when the frame after that has been painted."""

TOGGLE = """
async ([selector, number, gap]) => {
  const frame = () => new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve, gap));
  const box = document.querySelectorAll(selector)[number];
  let began = 0;
  const changed = () => { began = performance.now(); };
  document.addEventListener("CHANGED", changed, { capture: true, once: true });
  box.click();
  await frame();
  await frame();
  if (!began) throw new Error("no CHANGED");
  const painted = performance.now() - began;
  await frame();
  return [painted, performance.now() - began];
}
"""
"""Milliseconds from the event `CHANGED` of a checkbox to the frames that show what it changed.

The first animation frame begins the frame in which the map is drawn, the second begins when
that one is done, the third when what a page puts off until then is painted too.
"""


def chromium() -> str | None:
    """The browser, where there is one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@dataclass(frozen=True)
class Kind:
    """How a sort of page is watched.

    Attributes
    ----------
    drawn
        A JavaScript expression that is true once the page is drawn.
    boxes
        Selector of the checkboxes that change what is shown.
    event
        What a checkbox fires that its page listens to.
    prepare
        Called with each new page.
    """

    drawn: str
    boxes: str
    event: str = "change"
    prepare: Callable[[Page], object] = lambda _: None


@dataclass
class Load:
    """What one load of a page took.

    Attributes
    ----------
    seconds, painted
        Until it was drawn, and until the frame after was painted, from the start of the
        navigation.
    heap
        Bytes of the JavaScript heap after a garbage collection.
    sizes
        Bytes on the wire by address, headers included.
    changes
        Milliseconds of each change of the filter, until the map and until all is painted.
    loop
        Milliseconds of a fixed loop beside it; see `fixed_loop`.
    """

    seconds: float = 0
    painted: float = 0
    heap: float = 0
    sizes: dict[str, int] = field(default_factory=dict)
    changes: list[tuple[float, float]] = field(default_factory=list)
    loop: float = 0


def fixed_loop() -> float:
    """Milliseconds that always the same work takes: how fast the machine is at the moment."""
    began = time.perf_counter()
    total = 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.perf_counter() - began) * 1000


def load(browser: Browser, address: str, kind: Kind, changes: int = 0) -> Load:
    """Load a page with nothing cached, and change its filter some times.

    Raises
    ------
    RuntimeError
        The page could not be loaded, or one of its own files could not.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        kind.prepare(page)
        session = context.new_cdp_session(page)
        found = Load()
        failed: list[str] = []
        sizes: dict[str, int] = {}
        _count(session, address, sizes, failed)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        script = WATCH.replace("DRAWN", kind.drawn).replace("PATIENCE", str(PATIENCE))
        page.add_init_script(script)
        page.goto(address, timeout=PATIENCE, wait_until="commit")
        drawn, painted = page.evaluate("window.benchDrawn")
        found.seconds, found.painted = drawn / 1000, painted / 1000
        page.wait_for_load_state("networkidle")
        if failed:
            raise RuntimeError(f"{address}: {failed}")
        found.sizes = dict(sizes)  # before changes of the filter, which ask for the icon again
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        found.heap = float(usage["usedSize"])
        boxes = page.locator(kind.boxes).count()
        if changes and not boxes:
            raise RuntimeError(f"{address}: nothing is {kind.boxes}")
        toggle = TOGGLE.replace("CHANGED", kind.event)
        for number in range(changes):  # on and off again, one checkbox after the other
            asked = [kind.boxes, number // 2 % boxes, GAP]
            map_painted, all_painted = page.evaluate(toggle, asked)
            found.changes.append((float(map_painted), float(all_painted)))
        return found
    finally:
        context.close()


def _count(session: CDPSession, origin: str, sizes: dict[str, int], failed: list[str]) -> None:
    """Add up what comes over the wire from the page's own origin."""
    asked: dict[str, str] = {}
    own = "/".join(origin.split("/")[:3]) + "/"

    def sent(event: dict[str, object]) -> None:
        asked[str(event["requestId"])] = str(event["request"]["url"])  # type: ignore[index]

    def answered(event: dict[str, object]) -> None:
        address = asked.get(str(event["requestId"]), "")
        status = int(event["response"]["status"])  # type: ignore[index]
        if address.startswith(own) and status >= 400:
            failed.append(f"{status} {address}")

    def finished(event: dict[str, object]) -> None:
        address = asked.get(str(event["requestId"]), "")
        if address.startswith(own):
            size = int(event["encodedDataLength"])  # type: ignore[call-overload]
            sizes[address] = sizes.get(address, 0) + size

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """Serve one page, gzipped as our own are; yields its address."""
    body = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
