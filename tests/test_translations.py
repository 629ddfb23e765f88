"""The catalogues hold every sentence of the interface, translated, and nothing else."""

from __future__ import annotations

import re

import pytest

from store.catalogues import catalogue, catalogue_files, words
from translations.extraction import CHINESE, HEAD, extracted

LANGUAGES = sorted(catalogue_files())
HOLES = re.compile(r"%\((\w+)\)s|\{(\w+)[|}]|%%")
TAGS = re.compile(r"</?\w+[^>]*>")


@pytest.fixture(scope="module")
def template():
    return extracted()


def strings(value):
    return [value] if isinstance(value, str) else list(value)


def test_there_is_english():
    assert LANGUAGES == ["en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_catalogue_is_neither_stale_nor_incomplete(template, code):
    made = catalogue(code)
    assert {m.id for m in made} == {m.id for m in template}, "run `make messages`"
    wanted = {m.id: {path for path, _ in m.locations} for m in template}
    for message in made:
        if message.id:
            assert {path for path, _ in message.locations} == wanted[message.id]
            assert all(strings(message.string)), message.id
            assert not message.fuzzy, message.id
    assert not made.obsolete


@pytest.mark.parametrize("code", LANGUAGES)
def test_values_and_markup_survive_translation(code):
    for message in filter(lambda message: message.id, catalogue(code)):
        for source, said in zip(strings(message.id)[:1] * 2, strings(message.string), strict=False):
            holes = [set(map("".join, HOLES.findall(text))) for text in (source, said)]
            assert holes[1] <= holes[0], source
            assert holes[0] - holes[1] <= {"num"}, source
            assert sorted(TAGS.findall(source)) == sorted(TAGS.findall(said)), source


def test_english_is_not_chinese():
    left = {text for text in words("en").values() if CHINESE.search(text)}
    kept = re.compile(r"GS\(2024\)0650号|字段说明\.csv|江津")
    assert not [text for text in left if CHINESE.search(kept.sub("", text))]


@pytest.mark.parametrize("code", LANGUAGES)
def test_updating_writes_what_is_there(code):
    """No line of the file changes by itself."""
    assert not HEAD.search(catalogue_files()[code].read_bytes())


def test_scripts_are_given_only_what_they_say():
    script = words("en", "static")
    assert "没有任务" in script
    assert "跳到正文" not in script
    assert len(script) < len(words("en")) / 2


def test_every_room_is_read(template):
    """A sentence of each kind of source: templates, scripts, Python, vocabularies, tables."""
    ids = {m.id for m in template}
    assert {"跳到正文", "复制表格", "查询条件有误", "搬迁整合", "规划写明的前提"} <= ids
