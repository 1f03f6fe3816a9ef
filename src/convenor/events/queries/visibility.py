"""Which events somebody may read.

Open and internal ones: all the staff. Restricted ones: who is named in it, and the members of the departments
that take part. Confidential ones: who is named in it. Coordinators see all; people from outside see none,
only their functions' meetings and the public programme.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import Confidentiality
from convenor.events.models import Contact, Event, Function, Party, Speaker, Task
from convenor.people.models import Person
from convenor.scheduling.models import Participation


def events_seen_by(actor: Actor) -> QuerySet[Event]:
    """The events that the actor may read, in no order."""
    if not may(actor, "event.see"):
        return Event.objects.none()
    if may(actor, "event.see_all"):
        return Event.objects.all()
    return Event.objects.filter(
        Q(confidentiality__lte=Confidentiality.INTERNAL) | _named(actor) | _of_department(actor)
    )


def event_for(actor: Actor, pk: int) -> Event:
    """The event with those who answer for it and its class, in one query. Raises Event.DoesNotExist."""
    rows = events_seen_by(actor).select_related(
        "class_version__event_class", "owner", "sponsor", "budget_holder", "host_department", "site"
    )
    return rows.get(pk=pk)


def _people(actor: Actor) -> list[int]:
    return [*actor.principals, *actor.stands_in_for, *([actor.person_id] if actor.person_id else [])]


def _named(actor: Actor) -> Q:
    """Owner, sponsor, budget holder; on its list, at work for it, in one of its functions, with one of its tasks."""
    people = _people(actor)
    here = OuterRef("pk")
    part = Participation.objects.filter(
        occurrence__function__event=here, occurrence__function__removed_at__isnull=True, person__in=people
    )
    mine = Q(owner__in=people) | Q(sponsor__in=people) | Q(budget_holder__in=people)
    return mine | Q(
        Exists(Party.objects.filter(event=here, person__in=people))
        | Exists(Contact.objects.filter(event=here, person__in=people))
        | Exists(Task.objects.filter(event=here, owner__in=people))
        | Exists(Function.objects.filter(event=here, host__in=people))
        | Exists(Speaker.objects.filter(function__event=here, person__in=people))
        | Exists(part)
    )


def _of_department(actor: Actor) -> Q:
    if actor.person_id is None:
        return Q(pk__in=())
    mine = Person.objects.filter(pk=actor.person_id, department__isnull=False).values("department")
    theirs = Q(host_department__in=mine) | Q(
        Exists(Event.departments.through.objects.filter(event=OuterRef("pk"), department__in=mine))
    )
    return Q(confidentiality=Confidentiality.RESTRICTED) & theirs
