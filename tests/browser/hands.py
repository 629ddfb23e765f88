"""Two ways to use a page: with the mouse, and with nothing but the keyboard."""

from __future__ import annotations

from abc import ABC, abstractmethod

from playwright.sync_api import Locator, Page

LIMIT = 70
"""Stops of the tabulator between one control and the next that a person puts up with."""

STEPS = """target => {
    const all = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex]")]
        .filter(e => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length);
    const follows = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
    const at = document.activeElement;
    if (at === document.body) return all.indexOf(target) - all.length / 2;
    const forth = follows(at, target) || at.contains(target);
    const between = all.filter(e => (forth ? follows(at, e) && follows(e, target)
        : follows(e, at) && follows(target, e))).length;
    return (forth ? between - all.length / 2 : all.length / 2 - between);
}"""
"""Below zero where the way onward is the shorter one."""

HERE = """target => document.activeElement === target"""
NAME = """(e => e.tagName.toLowerCase() + (e.id && "#" + e.id) + " "
    + (e.getAttribute("aria-label") || e.textContent || e.value || "").trim().slice(0, 20)
)(document.activeElement)"""


class Hand(ABC):
    """Uses the controls of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @abstractmethod
    def press(self, target: Locator) -> None:
        """Use a link or a button."""

    @abstractmethod
    def tick(self, target: Locator) -> None:
        """Tick a box."""

    @abstractmethod
    def choose(self, target: Locator, value: str) -> None:
        """Choose from a list."""

    @abstractmethod
    def reach(self, target: Locator) -> None:
        """Go into a field."""

    @abstractmethod
    def cell(self, target: Locator) -> None:
        """Use a number of the matrix."""

    @abstractmethod
    def jump(self, to: str) -> None:
        """Bring a part of the map page near: `#time`, `#tools`."""

    def write(self, target: Locator, text: str) -> None:
        """Type into a field."""
        self.reach(target)
        self.page.keyboard.insert_text(text)


class Mouse(Hand):
    def press(self, target: Locator) -> None:
        target.click()

    def tick(self, target: Locator) -> None:
        target.click()

    def choose(self, target: Locator, value: str) -> None:
        target.select_option(value)  # the opened list is the browser's own, not the page's

    def reach(self, target: Locator) -> None:
        target.click()

    def cell(self, target: Locator) -> None:
        target.click()

    def jump(self, to: str) -> None:
        """The mouse sees the whole page."""


class Keyboard(Hand):
    def reach(self, target: Locator) -> None:
        """Press the tabulator until the target has the focus; whichever way round is shorter."""
        target.first.wait_for()
        node = target.element_handle()
        key = "Tab" if node.evaluate(STEPS) < 0 else "Shift+Tab"
        passed = []
        for _ in range(LIMIT):
            if node.evaluate(HERE):
                return
            self.page.keyboard.press(key)
            passed.append(self.page.evaluate(NAME))
        raise AssertionError(f"{target} is not reached by {LIMIT} × {key}, which went by {passed}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")

    def choose(self, target: Locator, value: str) -> None:
        self.reach(target)
        for _ in range(LIMIT):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not reached in {target} by {LIMIT} × ArrowDown")

    def cell(self, target: Locator) -> None:
        """The matrix is one stop of the tabulator; arrows go from number to number."""
        self.reach(self.page.locator('.matrix [tabindex="0"]'))
        node = target.element_handle()
        row = "e => e.closest('tr').rowIndex"
        column = "e => e.closest('th, td').cellIndex"
        for key, where in (("ArrowDown", row), ("ArrowRight", column)):
            for _ in range(LIMIT):
                at = self.page.evaluate_handle("document.activeElement")
                if at.evaluate(where) >= node.evaluate(where):
                    break
                self.page.keyboard.press(key)
        assert node.evaluate(HERE), f"arrows end at {self.page.evaluate(NAME)}, not at {target}"
        self.page.keyboard.press("Enter")

    def jump(self, to: str) -> None:
        self.press(self.page.locator(f".skip[href='{to}']"))
        assert self.page.evaluate("document.activeElement.id") == to[1:]


HANDS = {"mouse": Mouse, "keyboard": Keyboard}
