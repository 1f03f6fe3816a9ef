"""What somebody still holds in events, and so must hand over before they can be deactivated."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from convenor.events.enums import UNDONE, EventState
from convenor.events.models import Event, Task

ROLES = ("owner", "sponsor", "budget_holder")
OVER = (EventState.CLOSED, EventState.CANCELLED)


def events_of(person_id: int) -> QuerySet[Event]:
    """Events that aren't over and that the person runs or pays for."""
    return Event.objects.filter(reduce(or_, (Q(**{role: person_id}) for role in ROLES))).exclude(
        state__in=OVER
    )


def tasks_of(person_id: int) -> QuerySet[Task]:
    """The person's open tasks, of events that aren't over."""
    return Task.objects.filter(owner=person_id, state__in=UNDONE).exclude(event__state__in=OVER)


def events_held(person_id: int) -> list[str]:
    """One sentence for each event. 1 query."""
    words = {
        "owner": _("is in charge of “%(title)s”"),
        "sponsor": _("is the sponsor of “%(title)s”"),
        "budget_holder": _("holds the budget of “%(title)s”"),
    }
    return [
        words[role] % {"title": event.title}
        for event in events_of(person_id).order_by("title", "pk")
        for role in ROLES
        if getattr(event, f"{role}_id") == person_id
    ]


def tasks_held(person_id: int) -> list[str]:
    """One sentence for each task. 1 query."""
    sentence = _("has the task “%(title)s” of “%(event)s”")
    rows = tasks_of(person_id).select_related("event")
    return [sentence % {"title": task.title, "event": task.event.title} for task in rows]
