"""The same event again, at other dates: queries/clone_plan.py says what is taken over, and what isn't."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.event import create_event
from convenor.events.actions.function import add_functions
from convenor.events.actions.opening import named_for
from convenor.events.actions.parties import set_contacts, set_parties
from convenor.events.actions.task import add_tasks
from convenor.events.models import Event
from convenor.events.queries.clone_plan import clone_plan
from convenor.events.queries.visibility import event_for
from convenor.kernel.instants import LocalTime


@action
def clone_event(
    *,
    actor: Actor,
    event_id: int,
    title: str,
    starts: LocalTime,
    with_people: bool,
    with_rooms: bool = False,
    despite_holiday: bool = False,
    now: datetime,
) -> Event:
    """Make a new enquiry like the event, starting then: cover, contacts, functions with their run of show, tasks.

    With people also who takes part, speaks and is asked; with rooms those that are free then, and the equipment. Of the
    class the newest version. Not: documents, sheets, certificates, comments, waivers. Raises ValidationError by field,
    Refused, Event.DoesNotExist; then nothing is made.
    """
    source = event_for(actor, event_id)
    require(actor, "event.create")
    plan = clone_plan(
        actor,
        source,
        title=title,
        starts=starts,
        with_people=with_people,
        with_rooms=with_rooms,
        despite_holiday=despite_holiday,
        now=now,
    )
    if plan.refused or plan.event is None:
        raise ValidationError({name: list(texts) for name, texts in plan.refused.items()})
    event = create_event(actor=actor, draft=plan.event, now=now, from_class=False)
    set_contacts(actor=actor, event_id=event.pk, drafts=plan.contacts, now=now)
    set_parties(actor=actor, event_id=event.pk, drafts=plan.parties, now=now)
    if plan.functions:
        add_functions(actor=actor, event_id=event.pk, drafts=plan.functions, private=plan.private, now=now)
    if plan.tasks:
        add_tasks(actor=actor, event_id=event.pk, drafts=plan.tasks, now=now)
    event.refresh_from_db()
    named = named_for(actor, event)
    audit.record(actor=named, action="event.cloned", obj=event, after={"cloned_from": source.key})
    return event
