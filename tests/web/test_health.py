"""Whether the server is ready, as a load balancer asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_it_is_ready_once_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_not_while_the_database_is_gone(client: Client) -> None:
    def gone(*_anything: object) -> None:
        raise DatabaseError("the server closed the connection")

    with connection.execute_wrapper(gone):
        answer = client.get("/healthz")
    assert answer.status_code == 503
