"""Making an event and changing its cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import columns, row_problems
from convenor.base.permissions import require
from convenor.base.refusals import as_validation_error
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event, save_event
from convenor.events.drafts import EventDraft
from convenor.events.models import Event
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.named import facts_of, taken_keys
from convenor.events.rules.dates import instant_in
from convenor.events.rules.event import key_from, problems_of

PLAIN = (
    *("title", "class_version_id", "owner_id", "sponsor_id", "budget_holder_id", "host_department_id"),
    *("site_id", "confidentiality", "priority", "zone", "expected_count", "guaranteed_count"),
    *("actual_count", "objectives", "notes"),
)
COLUMNS = (
    *("key", *(name.removesuffix("_id") for name in PLAIN)),
    *("load_in_at", "starts_at", "ends_at", "load_out_at"),
)
MANY = ("departments", "organisations")


@action
def create_event(*, actor: Actor, draft: EventDraft, now: datetime, from_class: bool = True) -> Event:
    """Make an enquiry. With `from_class` its class lays out functions, meetings and tasks, as far as there are dates.

    Raises ValidationError by the draft's field, Refused.
    """
    require(actor, "event.create")
    draft = _cleaned(draft)
    _check(draft, None)
    event = Event()
    _put(event, draft)
    event.key = draft.key or key_from(draft.title, taken_keys(draft, None))
    _check_row(event)
    try:
        event.save(force_insert=True)
    except IntegrityError as error:  # the key, taken a moment ago
        raise as_validation_error(error) from error
    event.departments.set(draft.department_ids)
    event.organisations.set(draft.organisation_ids)
    after = audit.snapshot(event, [*columns(event), *MANY])
    audit.record(actor=named_for(actor, event), action="event.created", obj=event, after=after)
    return event


@action
def change_event(
    *, actor: Actor, event_id: int, version: int | None, draft: EventDraft, now: datetime
) -> Event:
    """Write what differs from the draft. The key stays where the draft has none.

    Raises Event.DoesNotExist, Refused, StaleEvent with what others changed, ValidationError by the draft's field.
    """
    event = open_event(actor, event_id, version)
    before = event_draft_of(event)
    draft = _cleaned(replace(draft, key=draft.key or before.key))
    _check(draft, event, before)
    named = named_for(actor, event)
    was = audit.snapshot(event, [*COLUMNS, *MANY])
    _put(event, draft)
    event.key = draft.key
    _check_row(event)
    event.departments.set(draft.department_ids)
    event.organisations.set(draft.organisation_ids)
    save_event(actor=named, event=event, action="event.changed", before=was, columns=COLUMNS, many=MANY)
    return event


def _cleaned(draft: EventDraft) -> EventDraft:
    """Without white space around texts and without anything named twice."""
    return replace(
        draft,
        key=draft.key.strip(),
        title=" ".join(draft.title.split()),
        objectives=draft.objectives.strip(),
        notes=draft.notes.strip(),
        department_ids=tuple(sorted(set(draft.department_ids))),
        organisation_ids=tuple(sorted(set(draft.organisation_ids))),
    )


def _check(draft: EventDraft, event: Event | None, before: EventDraft | None = None) -> None:
    if problems := problems_of(draft, facts_of(draft, event=event, before=before)):
        raise ValidationError(dict(problems))


def _check_row(event: Event) -> None:
    """What only the row knows: control characters in texts, a zone that isn't one."""
    if problems := row_problems(event, with_database=False):
        raise ValidationError({_DRAFTED.get(name, name): texts for name, texts in problems.items()})


_DRAFTED: dict[str, Any] = {
    "load_in_at": "load_in",
    "starts_at": "starts",
    "ends_at": "ends",
    "load_out_at": "load_out",
}


def _put(event: Event, draft: EventDraft) -> None:
    for name in PLAIN:
        setattr(event, name, getattr(draft, name))
    event.load_in_at = instant_in(draft.zone, draft.load_in)
    event.starts_at = instant_in(draft.zone, draft.starts)
    event.ends_at = instant_in(draft.zone, draft.ends)
    event.load_out_at = instant_in(draft.zone, draft.load_out)
