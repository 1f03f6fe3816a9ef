"""The History tab: what happened to the event and its parts, to those who may see it, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from convenor.events.actions.document import add_document, remove_document
from convenor.events.actions.sheet import acknowledge_by_token, issue_sheets
from convenor.events.actions.task import remove_task
from convenor.events.drafts import TaskDraft
from convenor.events.enums import Confidentiality, Service
from convenor.events.models import Event
from convenor.events.queries.history import event_history_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event
from tests.factories.files import PDF, upload
from tests.factories.scheduling import NOW
from tests.factories.sheets import make_catered_event, make_contact
from tests.factories.tasks import make_tasks
from tests.web.browsing import page, queries_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield


def lively(**fields: Any) -> Event:
    """An event on which everything has happened once; another one, of which nothing may show."""
    owner = alice()
    actor = actor_of(owner)
    for title in ("Other day", "Away day"):
        event, _functions = make_catered_event(owner, title=title, **fields)
        make_contact(event, Service.CATERING, f"Carla{event.pk}")
        done = issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=NOW)
        acknowledge_by_token(token=done.receipts[0].token, now=NOW)
        (task, _kept) = make_tasks(
            event, TaskDraft("gone", f"Task gone of {title}"), TaskDraft("kept", f"Task kept of {title}")
        )
        remove_task(actor=actor, task_id=task.pk)
        secret = upload(PDF, f"Salaries of {title}.pdf")
        add_document(actor=actor, event_id=event.pk, upload=secret, is_sensitive=True, now=NOW)
        version = add_document(
            actor=actor, event_id=event.pk, upload=upload(PDF, f"Menu of {title}.pdf"), now=NOW
        )
        remove_document(actor=actor, document_id=version.document_id, now=NOW)
    return event


def test_everything_about_the_event_and_nothing_of_another() -> None:
    event = lively()
    shown = page(signed_in(event.owner), f"/events/{event.pk}/history/")
    for what in (
        *("Meeting created", "Function sheet issued", "Function sheet acknowledged", "Task added"),
        *("Task removed", "Document added", "Version of a document added", "Document removed"),
    ):
        assert what in shown
    assert "Task gone of Away day" in shown
    assert "Salaries of Away day" in shown
    assert "Other day" not in shown
    assert shown.index("Document removed") < shown.index("Meeting created"), "newest first"


def test_sensitive_documents_are_not_told_of() -> None:
    event = lively()
    shown = page(signed_in(bob()), f"/events/{event.pk}/history/")
    assert "Menu of Away day" in shown
    assert "Salaries" not in shown


def test_who_may_not_see_the_event_sees_no_history() -> None:
    event = lively(confidentiality=Confidentiality.CONFIDENTIAL)
    for person in (bob(), charlie()):
        assert signed_in(person).get(f"/events/{event.pk}/history/").status_code == 404
        with pytest.raises(Event.DoesNotExist):
            event_history_for(actor_of(person), event.pk)


def test_pages_go_on_where_the_last_ended() -> None:
    owner = alice()
    event = make_event(owner)
    make_tasks(event, *(TaskDraft(f"t{n}", f"Task {n:03}") for n in range(120)))
    client, address, seen = signed_in(owner), f"/events/{event.pk}/history/", []
    query = ""
    while True:
        shown = page(client, address + query)
        seen += re.findall(r"<span>Task (\d{3})</span>", shown)
        found = re.search(r'href="(\?before=\d+)" rel="next"|rel="next" href="(\?before=\d+)"', shown)
        if found is None:
            break
        query = found[1] or found[2]
    assert seen == [f"{n:03}" for n in reversed(range(120))]
    for odd in ("?before=x", "?before=-1", "?before=99999999999999999999"):
        page(client, address + odd)


def test_a_long_history_costs_as_many_queries_as_a_short_one() -> None:
    owner = alice()
    event = make_event(owner)
    make_tasks(event, TaskDraft("first", "First", owner_id=owner.pk))
    one = queries_of(signed_in(owner), f"/events/{event.pk}/history/")
    make_tasks(
        event, *(TaskDraft(f"t{n}", "More", owner_id=bob(email=f"b{n}@x.example").pk) for n in range(3))
    )
    assert queries_of(signed_in(owner), f"/events/{event.pk}/history/") == one
