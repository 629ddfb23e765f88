"""The linters of `make check` refuse what Chrome 86 does not know, and what is no text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT
from tests.support import missing

ESLINT = ROOT / "node_modules" / "eslint" / "bin" / "eslint.js"
STYLELINT = ROOT / "node_modules" / "stylelint" / "bin" / "stylelint.mjs"
LATER_SYNTAX = ["const a = {}; a.b ??= 1;", "class A { static b = 1; }", "const a = 1_000;"]
LATER_METHODS = [
    "[1].at(-1);", 'Object.hasOwn({}, "a");', "structuredClone({});", "[1].findLast((x) => x);",
    "[1].toSorted();", "crypto.randomUUID();", "document.body.innerHTML = location.search;",
    "nowhere();", "const unused = 1;", "let never = 1; alert(never);",
]  # fmt: skip
KNOWN_METHODS = """"use strict";
const data = { at: [1, 2], some: null };
document.body.replaceChildren(data.at, [..."a"].map((x) => x.replaceAll("a", "b")).join());
fetch("/x").then((answer) => answer?.json() ?? data).finally(() => Caitu.el("p", {}));
"""  # fmt: skip
LATER_STYLES = [
    ".a:has(.b) { top: 0; }", ".a { inset: 0; }", ".a { .b { top: 0; } }",
    ".a { aspect-ratio: 1; }", ".a { accent-color: red; }", ".a:is(.b) { top: 0; }",
    ".a { height: 100dvh; }",
    "@container (min-width: 9px) { .a { top: 0; } }", "@media (width >= 9px) { .a { top: 0; } }",
    ".a:not(.b, .c) { top: 0; }", ".a { top: 0; top: 1px; }", ".a { colour: red; }",
]  # fmt: skip
KNOWN_STYLES = """
.a:focus-visible { display: flex; gap: 3px; width: min(3px, 50%); clip-path: inset(50%); }
@supports (accent-color: red) { .a { accent-color: red; } }
"""


@pytest.fixture(scope="module")
def node():
    paths = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    found = shutil.which("node", path=os.pathsep.join(paths))
    if found is None or not (ESLINT.is_file() and STYLELINT.is_file()):
        missing("没有 ESLint 或 Stylelint（make setup-dev）")
    return found


def lint(node, linter, name, text):
    """What a linter says of a file that has this text; nothing when it finds nothing."""
    done = subprocess.run(
        [node, linter, "--stdin", "--stdin-filename", ROOT / "static" / name],
        input=text, capture_output=True, text=True, cwd=ROOT, check=False,
        env=os.environ | {"NO_COLOR": "1", "FORCE_COLOR": "0"},
    )  # fmt: skip
    assert done.returncode in (0, 1, 2), done.stderr
    assert bool(done.returncode) == bool(done.stdout + done.stderr)
    return done.stdout + done.stderr


@pytest.mark.parametrize("text", LATER_SYNTAX)
def test_later_syntax_is_refused(node, text):
    assert "Parsing error" in lint(node, ESLINT, "new.js", text)


def test_later_methods_markup_and_unknown_names_are_refused(node):
    said = lint(node, ESLINT, "new.js", "\n".join(LATER_METHODS))
    lines = {
        int(line.split(":")[0]) for line in said.splitlines() if ":" in line and "error" in line
    }
    assert lines == set(range(1, len(LATER_METHODS) + 1)), said


def test_what_chrome_86_knows_is_accepted(node):
    assert not lint(node, ESLINT, "new.js", KNOWN_METHODS)
    assert not lint(node, STYLELINT, "new.css", KNOWN_STYLES)


def test_libraries_may_have_class_fields_and_nothing_later(node):
    assert not lint(node, ESLINT, "vendor/new/new.js", "class A { static b = 1; #c = 2; }")
    for text in ("class A { static { A.b = 1; } }", "class A { #b; c(d) { return #b in d; } }"):
        assert "es-x" in lint(node, ESLINT, "vendor/new/new.js", text)
    assert "Parsing error" in lint(node, ESLINT, "vendor/new/new.js", "const a = ;")


def test_later_styles_are_refused(node):
    said = lint(node, STYLELINT, "new.css", "\n".join(LATER_STYLES))
    lines = {int(line.split(":")[0]) for line in said.splitlines() if "✖" in line and ":" in line}
    assert lines == set(range(1, len(LATER_STYLES) + 1)), said
