"""What a page loads, and when."""

from __future__ import annotations

import re


def test_the_map_asks_for_its_data_once_and_before_its_scripts_have_come(visit):
    page = visit("/")
    timing = page.evaluate(
        """() => performance.getEntriesByType("resource")
          .map((one) => [new URL(one.name).pathname, one.initiatorType, one.startTime])"""
    )
    data = [entry for entry in timing if entry[0].endswith(".json")]
    names = sorted(re.split("[-.]", path.rpartition("/")[2])[0] for path, _, _ in data)
    assert names == ["borders", "geometry", "rows"]
    scripts = [start for path, _, start in timing if path.endswith(".js")]
    assert all(kind == "link" and start <= min(scripts) for _, kind, start in data), timing
    asked = [url.path for url in page.asked if url.path.endswith(".json")]
    assert len(asked) == len(set(asked)) == 3
    assert not page.faults


def test_scripts_start_without_an_error_even_one_that_is_caught(visit):
    page = visit("/")
    session = page.context.new_cdp_session(page)
    errors = []

    def paused(event):
        errors.append(event.get("data", {}).get("description", ""))
        session.send("Debugger.resume")

    session.on("Debugger.paused", paused)
    session.send("Debugger.enable")
    session.send("Debugger.setPauseOnExceptions", {"state": "all"})
    page.reload()
    page.wait_for_selector("#map_main[data-ready]")
    ours = [error for error in errors if "at http" in error]  # not of what steers the browser
    assert not ours  # to phrase one, the engine reads the script again that it comes from
