from __future__ import annotations

import errors


def subclasses(base):
    for child in base.__subclasses__():
        yield child
        yield from subclasses(child)


def test_every_error_has_a_status_and_a_title():
    for kind in subclasses(errors.CaituError):
        assert 400 <= kind.status < 600
        assert kind.title
        assert kind.__doc__


def test_a_bad_parameter_says_what_to_do():
    assert "请改用" in errors.BadParameter("x", None, ("a",)).message
    assert "请改用" in errors.BadParameter("x", "1", ("a",)).message
    assert errors.BadParameter("x", "1", (), "只此一句").message == "只此一句"
