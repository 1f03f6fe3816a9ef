"""A signed-in browser without a browser."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from convenor.people.models import Person


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def page(client: Client, address: str, status: int = 200, *, target: str = "") -> str:
    """`target` is the element that htmx asks for."""
    headers = {"HX-Request": "true", "HX-Target": f"div#{target}"} if target else {}
    response = client.get(address, headers=headers)
    assert response.status_code == status, (address, response.status_code)
    return b"".join(response).decode()


def sent(client: Client, address: str, data: dict[str, Any], status: int = 302) -> str:
    """What is said after the form is posted: the page with its refusal, or the one that it leads to."""
    response = client.post(address, data)
    assert response.status_code == status, (address, response.status_code, response.content.decode()[:2000])
    return page(client, response.headers["Location"]) if status == 302 else response.content.decode()


def queries_of(client: Client, address: str) -> int:
    page(client, address)  # what is read once per process is read now
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)
