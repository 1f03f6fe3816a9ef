"""Requests that are refused before anybody knows who asks still get a page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.cast import alice
from tests.web.browsing import signed_in


@pytest.mark.django_db
def test_a_foreign_host_is_answered_with_a_page(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert b"<h1" in answer.content


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_said_to_be_so_with_the_way_back() -> None:
    client = signed_in(alice())
    answer = client.post("/meetings/new/", {"title": "Long", "description": "x" * 2_600_000})
    assert answer.status_code == 413
    shown = answer.content.decode()
    assert "longer than 2.5 MB together" in shown
    assert "what you wrote is still in the form" in shown


@pytest.mark.django_db
def test_a_form_with_too_many_fields_is_said_to_be_so() -> None:
    client = signed_in(alice())
    answer = client.post("/meetings/new/", {f"field{n}": "x" for n in range(5_001)})
    assert answer.status_code == 400
    assert "more fields than are taken at once" in answer.content.decode()
