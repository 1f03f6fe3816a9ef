"""The events of the list, the board and the calendar: what the reader may see, filtered and in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When

from convenor.base.actor import Actor
from convenor.events.enums import OVER, UNDONE, EventState
from convenor.events.models import Contact, Event, Party, SavedView, Task
from convenor.events.queries.visibility import events_seen_by
from convenor.people.models import Department, Person
from convenor.people.queries.people import department_family_for

ANY = "any"
SORTS = {"starts": "starts_at", "title": "title", "state": "state", "owner": "owner__name"}
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter. `state` "" is whatever isn't over, ANY every state; `starts` and `ends` are instants, half-open."""

    text: str = ""
    state: str = ""
    class_code: str = ""
    owner_id: int | None = None
    department_id: int | None = None
    confidentiality: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    mine: bool = False
    sort: str = "starts"


def events_for(actor: Actor, asked: Asked) -> QuerySet[Event]:
    """With class, owner and host department in the same query; by start, those without dates first."""
    rows = events_seen_by(actor).select_related("class_version__event_class", "owner", "host_department")
    rows = rows.filter(_words(asked.text), _state(asked.state), _when(asked))
    if asked.class_code:
        rows = rows.filter(class_version__event_class__code=asked.class_code)
    if asked.owner_id is not None:
        rows = rows.filter(owner=asked.owner_id)
    if asked.confidentiality is not None:
        rows = rows.filter(confidentiality=asked.confidentiality)
    if asked.department_id is not None:
        rows = rows.filter(_departments(actor, asked.department_id))
    if asked.mine:
        rows = rows.filter(_mine(actor))
    return _ordered(rows, asked.sort)


def find_events_for(actor: Actor, text: str, *, most: int) -> list[Event]:
    """For the search box: each word somewhere in title or key; those that aren't over first, then the newest. 1 query."""
    over = Case(When(state__in=OVER, then=1), default=0)
    rows = (
        events_seen_by(actor).filter(_words(text)).order_by(over, F("starts_at").desc(nulls_last=True), "-pk")
    )
    return list(rows[:most])


def event_owners(actor: Actor) -> list[tuple[int, str]]:
    """Who is in charge of an event that the reader may see, by name."""
    owners = events_seen_by(actor).order_by().values("owner")
    return list(Person.objects.filter(pk__in=owners).order_by("name", "pk").values_list("pk", "name"))


def saved_views_for(actor: Actor) -> QuerySet[SavedView]:
    """One's own filters, by name."""
    return SavedView.objects.filter(user=actor.user_id) if actor.user_id else SavedView.objects.none()


def _ordered(rows: QuerySet[Event], sort: str) -> QuerySet[Event]:
    name = SORTS.get(sort.removeprefix("-"), SORTS["starts"])
    if sort.startswith("-"):
        return rows.order_by(F(name).desc(nulls_last=True), "-pk")
    return rows.order_by(F(name).asc(nulls_first=True), "pk")


def _words(text: str) -> Q:
    found = Q()
    for word in text.replace("\x00", "").split()[:MOST_WORDS]:
        found &= Q(title__matches=word) | Q(key__icontains=word)
    return found


def _state(state: str) -> Q:
    if state == ANY:
        return Q()
    return Q(state=state) if state in EventState.values else ~Q(state__in=OVER)


def _when(asked: Asked) -> Q:
    """What touches the period; without dates it is in none."""
    found = Q()
    if asked.starts is not None:
        found &= Q(ends_at__gt=asked.starts)
    if asked.ends is not None:
        found &= Q(starts_at__lt=asked.ends)
    return found


def _departments(actor: Actor, department_id: int) -> Q:
    """Hosted by the department or one below it, or with it taking part."""
    try:
        family = department_family_for(actor, department_id)
    except Department.DoesNotExist:
        return Q(pk__in=())
    taking_part = Event.departments.through.objects.filter(department__in=family).values("event")
    return Q(host_department__in=family) | Q(pk__in=taking_part)


def _mine(actor: Actor) -> Q:
    """In charge of it or answering for it, on its list, at work for it, with an open task in it."""
    me = actor.person_id
    if me is None:
        return Q(pk__in=())
    named = Q(owner=me) | Q(sponsor=me) | Q(budget_holder=me)
    listed = Party.objects.filter(person=me).values("event")
    working = Contact.objects.filter(person=me).values("event")
    tasked = Task.objects.filter(owner=me, state__in=UNDONE).values("event")
    return named | Q(pk__in=listed) | Q(pk__in=working) | Q(pk__in=tasked)
