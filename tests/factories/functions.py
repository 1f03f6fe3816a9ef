"""Functions of an event, as drafts and as the actions make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convenor.base.actor import Actor
from convenor.events.actions.function import add_functions
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import FunctionKind
from convenor.events.models import Event, Function
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
