"""An executive's own page: their week, what needs a decision, briefs of what is coming. For them and their delegates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import UNDONE, EventState, PartyRole
from convenor.events.models import Event, Party, SignOff, Task
from convenor.events.queries.certificates import waiting_for
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.task_rows import TaskRow, rows_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.readiness import Readiness
from convenor.kernel.instants import Span
from convenor.people.enums import PersonKind
from convenor.people.models import Person
from convenor.scheduling.enums import ACTIVE_BOOKINGS
from convenor.scheduling.models import Booking, Participation
from convenor.scheduling.queries.today import PersonAgenda, agenda_for

AHEAD = (EventState.PLANNING, EventState.CONFIRMED, EventState.IN_PROGRESS)
BRIEFED, TASKS = timedelta(days=45), timedelta(days=14)
"""How far ahead events are briefed on, and tasks are shown."""
MOST_BRIEFS = 8


@dataclass(frozen=True, slots=True)
class Brief:
    """What there is to know of an event in a paragraph. `chair` is "" where none is named; `outside` are (name, organisation)."""

    event: Event
    readiness: Readiness
    chair: str
    people: int
    outside: tuple[tuple[str, str], ...]
    rooms: tuple[str, ...]
    is_sponsor: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """`may_act`: the reader may decide in this person's name. `enquiries` wait for the sponsor's word."""

    person: Person
    is_own: bool
    may_act: bool
    agenda: PersonAgenda
    to_sign: tuple[SignOff, ...]
    enquiries: tuple[Event, ...]
    tasks: tuple[TaskRow, ...]
    briefs: tuple[Brief, ...]

    @property
    def decisions(self) -> int:
        """How many things wait for a word of theirs."""
        agenda = self.agenda
        asked = len(agenda.invitations) + agenda.more_invitations + len(agenda.approvals)
        return asked + len(self.to_sign) + len(self.enquiries)


def desk_for(actor: Actor, person_id: int, *, span: Span, now: datetime) -> Desk:
    """`span` is the week that shows. Raises Person.DoesNotExist for whoever is neither the person nor their delegate.

    A number of queries that doesn't grow with what there is.
    """
    agenda = agenda_for(actor, person_id, span=span, now=now)
    seen = events_seen_by(actor)
    enquiries = seen.filter(sponsor=person_id, state=EventState.ENQUIRY).select_related("owner")
    return Desk(
        person=Person.objects.select_related("department", "organisation").get(pk=person_id),
        is_own=actor.person_id == person_id,
        may_act=may(actor, "event.sign", person_id),
        agenda=agenda,
        to_sign=tuple(waiting_for(actor, person_id)),
        enquiries=tuple(enquiries.order_by("starts_at", "pk")),
        tasks=tuple(_tasks(actor, person_id, now)),
        briefs=tuple(_briefs(actor, person_id, now)),
    )


def _tasks(actor: Actor, person_id: int, now: datetime) -> list[TaskRow]:
    """Overdue, or due within a fortnight."""
    seen = events_seen_by(actor).filter(state__in=(EventState.ENQUIRY, EventState.DEBRIEF, *AHEAD))
    rows = Task.objects.filter(Exists(seen.filter(pk=OuterRef("event"))), owner=person_id, state__in=UNDONE)
    return rows_of(actor, rows.filter(due_on__lte=(now + TASKS).date()).select_related("event", "owner"), now)


def _briefs(actor: Actor, person_id: int, now: datetime) -> Iterable[Brief]:
    events = list(
        events_seen_by(actor)
        .filter(_concerns(person_id), state__in=AHEAD, ends_at__gt=now, starts_at__lt=now + BRIEFED)
        .select_related("owner", "sponsor", "site", "host_department")
        .order_by("starts_at", "pk")[:MOST_BRIEFS]
    )
    keys = [event.pk for event in events]
    known, parties, rooms = readiness_of(keys, now), _parties(keys), _rooms(keys)
    for event in events:
        theirs = parties.get(event.pk, [])
        yield Brief(
            event=event,
            readiness=known[event.pk],
            chair=next((each.person.name for each in theirs if each.role == PartyRole.CHAIR), ""),
            people=len(theirs),
            outside=tuple(
                (each.person.name, each.person.organisation.name)
                for each in theirs
                if each.person.kind != PersonKind.STAFF
            ),
            rooms=tuple(rooms.get(event.pk, ())),
            is_sponsor=event.sponsor_id == person_id,
        )


def _concerns(person_id: int) -> Q:
    """They sponsor it, answer for it, are on its list, or take part in one of its functions."""
    here = OuterRef("pk")
    named = Q(sponsor=person_id) | Q(owner=person_id) | Q(budget_holder=person_id)
    part = Participation.objects.filter(
        occurrence__function__event=here, occurrence__function__removed_at__isnull=True, person=person_id
    )
    return named | Q(Exists(Party.objects.filter(event=here, person=person_id)) | Exists(part))


def _parties(keys: Collection[int]) -> Mapping[int, list[Party]]:
    """As they sit."""
    rows = Party.objects.filter(event__among=keys).exclude(role=PartyRole.STAFF)
    found: dict[int, list[Party]] = defaultdict(list)
    for row in rows.select_related("person__organisation").order_by("precedence", "person__name"):
        found[row.event_id].append(row)
    return found


def _rooms(keys: Collection[int]) -> Mapping[int, list[str]]:
    """The names of the rooms that their functions have, in order of time, none twice."""
    function = "occurrence__function__"
    theirs = {f"{function}event__among": keys, f"{function}removed_at__isnull": True}
    rows = Booking.objects.filter(**theirs, room__isnull=False, state__in=ACTIVE_BOOKINGS)
    rows = rows.order_by("starts_at", "pk")
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for event, name in rows.values_list("occurrence__function__event_id", "room__name"):
        found[event][name] = None
    return {event: list(names) for event, names in found.items()}
