from __future__ import annotations

from app import create_app


def test_the_factory_can_be_called_twice(settings):
    one, two = create_app(settings), create_app(settings)
    assert one is not two
    assert one.test_client().get("/").data == two.test_client().get("/").data
