"""Events at the size of a conference, and a board of hundreds of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks.company import MONDAY, found_company
from benchmarks.conferences import conference, many_events
from benchmarks.database import fresh_sqlite
from benchmarks.measurement import Measurement, median_seconds
from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.base.models import User
from convenor.events.actions.moving import move_event
from convenor.events.actions.sheet import issue_sheets
from convenor.events.actions.shipped import ship_classes
from convenor.events.models import Event
from convenor.events.plan.checking import check_plan
from convenor.events.plan.writing import export_plan
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.sheets import latest_sheets_for
from convenor.events.sentences.sheet_paper import page_of, sheets_pdf
from convenor.kernel.instants import LocalTime

PEOPLE, ROOMS, EVENTS = 1_000, 20, 500
MILLISECONDS = 1_000
NOW = MONDAY - timedelta(days=30)
ACTOR = Actor.system("benchmark")
TABS = {
    "page": "",
    "programme": "programme/",
    "people": "people/",
    "tasks": "tasks/",
    "readiness": "readiness/",
}
PAGE_MS, PAGE_QUERIES = 120, 20


def run() -> list[Measurement]:
    with fresh_sqlite():
        call_command("collectstatic", verbosity=0, interactive=False)
        ship_classes()
        event = conference(found_company(people=PEOPLE, rooms=ROOMS), class_code="conference", people=PEOPLE)
        found = [*_pages(event), _plan(event), _move(event), _sheets(event)]
    with fresh_sqlite():
        ship_classes()
        found += _board(
            many_events(found_company(people=PEOPLE, rooms=ROOMS), EVENTS, class_code="conference")
        )
    return found


def _pages(event: Event) -> list[Measurement]:
    """The dossier's first page, and its tabs by the same measure."""
    client, found = _signed_in(), []
    for name, path in TABS.items():
        address = f"/events/{event.pk}/{path}"
        seconds = median_seconds(lambda address=address: client.get(address))  # type: ignore[misc]  # bound now, not at the end of the loop
        found += [
            Measurement(f"event_{name}", "events", seconds * MILLISECONDS, "ms", PAGE_MS),
            Measurement(
                f"event_{name}_queries", "events", _queries(client, address), "queries", PAGE_QUERIES
            ),
        ]
    return found


def _board(events: list[Event]) -> list[Measurement]:
    client = _signed_in()
    page = median_seconds(lambda: client.get("/events/board/"))
    ready = median_seconds(lambda: readiness_of([event.pk for event in events], NOW))
    return [
        Measurement("board_of_500_events", "events", page * MILLISECONDS, "ms", 200),
        Measurement("readiness_of_500_events", "events", ready * MILLISECONDS, "ms", 200),
    ]


def _move(event: Event) -> Measurement:
    """A week later and a week earlier in turn, so that every run moves as much."""

    def move() -> None:
        draft = event_draft_of(Event.objects.get(pk=event.pk))
        assert draft.starts is not None
        week = timedelta(weeks=1 if draft.starts.date() == MONDAY.date() else -1)
        move_event(
            actor=ACTOR, event_id=event.pk, version=None, starts=LocalTime(draft.starts + week), now=NOW
        )

    return Measurement("move_conference_by_a_week", "events", median_seconds(move), "s", 2)


def _sheets(event: Event) -> Measurement:
    issue_sheets(actor=ACTOR, event_id=event.pk, function_ids=None, now=NOW)

    def paper() -> None:
        sheets = latest_sheets_for(ACTOR, event.pk)
        sheets_pdf([page_of(each) for each in sheets], title="Function sheets")

    return Measurement("function_sheets_of_300", "events", median_seconds(paper), "s", 10)


def _plan(event: Event) -> Measurement:
    text = export_plan(ACTOR, event.key)
    return Measurement(
        "plan_check", "events", median_seconds(lambda: check_plan(ACTOR, text, now=NOW)), "s", 1
    )


def _signed_in() -> Client:
    user = User.objects.create_user("coordinator@bench.example", "bench-2026-bench", role=Role.COORDINATOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _queries(client: Client, address: str) -> int:
    said: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        client.get(address)
    return len(said)
