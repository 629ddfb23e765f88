"""Fixtures of the tests of pages."""

from __future__ import annotations

import pytest
from lxml import html


@pytest.fixture
def page(client):
    def get(address, status=200):
        answer = client.get(address)
        assert answer.status_code == status
        return html.fromstring(answer.get_data(as_text=True))

    return get
