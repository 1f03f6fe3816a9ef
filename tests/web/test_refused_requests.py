"""Requests that are refused before anybody knows who asks still get a page."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_foreign_host_is_answered_with_a_page(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert b"<h1" in answer.content
