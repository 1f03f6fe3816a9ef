"""Giving the events and tasks of somebody who leaves to somebody else: what is still under way, not what is over."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.opening import save_event
from convenor.events.actions.task_opening import grow_version
from convenor.events.models import Event
from convenor.events.queries.leaving import ROLES, events_of, tasks_of


@action
def hand_over_events(*, actor: Actor, from_person_id: int, to_person_id: int) -> None:
    """The successor becomes what the other was to events that aren't over. Raises Refused, ValidationError."""
    _require_another(actor, from_person_id, to_person_id)
    for event in events_of(from_person_id).select_for_update(no_key=True, of=("self",)).order_by("pk"):
        before = audit.snapshot(event, ROLES)
        for role in ROLES:
            if getattr(event, f"{role}_id") == from_person_id:
                setattr(event, f"{role}_id", to_person_id)
        save_event(actor=actor, event=event, action="event.handed_over", before=before, columns=ROLES)


@action
def hand_over_tasks(*, actor: Actor, from_person_id: int, to_person_id: int) -> None:
    """The successor gets the open tasks. Raises Refused, ValidationError."""
    _require_another(actor, from_person_id, to_person_id)
    keys = tasks_of(from_person_id).values("event")
    list(Event.objects.filter(pk__in=keys).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for task in tasks_of(from_person_id).order_by("pk"):
        before = audit.snapshot(task, ["owner"])
        task.owner_id, task.reminded_on = to_person_id, None
        grow_version(task, "owner", "reminded_on")
        after = audit.snapshot(task, ["owner"])
        audit.record(actor=actor, action="task.handed_over", obj=task, before=before, after=after)


def _require_another(actor: Actor, from_person_id: int, to_person_id: int) -> None:
    require(actor, "person.deactivate")
    if from_person_id == to_person_id:
        raise ValidationError({"successor": [_("Hand this over to somebody else.")]})
