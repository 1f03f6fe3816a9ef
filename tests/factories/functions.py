"""Functions of an event, as drafts and as the actions make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.events.actions.function import add_functions, change_function
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import FunctionKind
from convenor.events.models import Event, Function
from convenor.events.queries.functions import function_drafts_of
from tests.factories.cast import actor_of
from tests.factories.scheduling import NOW, local


def function_draft(key: str = "opening", **fields: Any) -> FunctionDraft:
    """An hour's session on the first day of make_event's, at ten; `fields` replace any of it."""
    values: dict[str, Any] = {
        "title": key.replace("-", " ").capitalize(),
        "kind": FunctionKind.SESSION,
        "local_start": local("2026-12-07 10:00"),
        "duration_minutes": 60,
    }
    return FunctionDraft(key=key, **values | fields)


def make_functions(event: Event, drafts: Sequence[FunctionDraft]) -> list[Function]:
    """Add them as Convenor itself."""
    return add_functions(actor=Actor.system("tests"), event_id=event.pk, drafts=drafts, now=NOW)


def one(event: Event, **fields: Any) -> Function:
    """One function, of a draft with these fields."""
    (row,) = make_functions(event, [function_draft(**fields)])
    return row


def change(row: Function, event: Event, **fields: Any) -> Function:
    """The function with these fields of its draft set otherwise."""
    (old,) = [each for each in function_drafts_of(event) if each.key == row.key]
    return change_function(
        actor=actor_of(event.owner), function_id=row.pk, draft=replace(old, **fields), now=NOW
    )


def roles(row: Function) -> dict[int, str]:
    """Who is asked to its meeting, as what, by key."""
    return dict(row.occurrence.meeting.attendees.values_list("person_id", "role"))


def told() -> list[list[int]]:
    """Whom the invitations in the outbox go to, one list for each."""
    return [
        each.payload["person_ids"] for each in OutboxMessage.objects.filter(kind="invitation").order_by("id")
    ]
