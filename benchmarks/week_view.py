"""The demo's week as its coordinator opens it: the page, and the rows that its calendar asks for."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks.database import fresh_sqlite
from benchmarks.measurement import Measurement, median_seconds
from convenor.base import clock
from convenor.base.models import User
from convenor.demo.load import load
from convenor.scheduling.actions.conflicts import refresh

COORDINATOR = "ioana.marinescu@danubia.example"
PAGE = "/schedule/?view=week&who=all"
MILLISECONDS = 1_000


def run() -> list[Measurement]:
    with fresh_sqlite():
        call_command("collectstatic", verbosity=0, interactive=False)
        load()
        refresh(now=clock.now())
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(email=COORDINATOR))
        queries = _queries(client)
        seconds = median_seconds(lambda: client.get(PAGE), runs=9)
    return [
        Measurement("week_view_of_the_demo", "schedule", seconds * MILLISECONDS, "ms", 60),
        Measurement("week_view_of_the_demo_queries", "schedule", queries, "queries", 12),
    ]


def _queries(client: Client) -> int:
    said: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    client.get(PAGE)
    with connection.execute_wrapper(listen):
        client.get(PAGE)
    return len(said)
