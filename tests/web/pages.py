"""What the tests of pages share."""

from __future__ import annotations

import re

from lxml import html
from lxml.html import HtmlElement

BLOCKS = re.compile(r"</?(?:div|p|li|dt|dd|td|th|h1|h2|option|small|footer)\b[^>]*>")


def words(element: HtmlElement) -> str:
    """The text of an element as one line, blocks apart."""
    source = html.tostring(element, encoding="unicode", with_tail=False)
    text = html.fromstring(f"<div>{BLOCKS.sub(' ', source)}</div>").text_content()
    return re.sub(r"\s+", " ", text).strip()


def inline_code(text: str) -> list[str]:
    """Scripts, styles and handlers written into a page, which the security policy forbids."""
    return re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", text)
