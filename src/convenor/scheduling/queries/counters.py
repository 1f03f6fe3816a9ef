"""Proposals of other times, for those who decide them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.base.permissions import may
from convenor.kernel.instants import LocalTime, ZoneName
from convenor.scheduling.enums import CounterState
from convenor.scheduling.models import CounterProposal
from convenor.scheduling.queries.fit import Fit, fit_for
from convenor.scheduling.queries.invitations import Reader, readers
from convenor.scheduling.queries.meetings import meetings_seen_by

MOST = 12


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A proposal as a list shows it; `now_start` and `now_end` are when the occurrence takes place."""

    id: int
    occurrence_id: int
    title: str
    person_name: str
    organiser_id: int
    organiser_name: str
    starts_at: datetime
    ends_at: datetime
    now_start: datetime
    now_end: datetime
    comment: str
    state: CounterState

    @property
    def is_open(self) -> bool:
        return self.state == CounterState.OPEN


def counter_for(actor: Actor, pk: int) -> CounterProposal:
    """With its occurrence, meeting and people. Raises CounterProposal.DoesNotExist for whoever doesn't decide it."""
    seen = meetings_seen_by(actor)
    counter = _rows(CounterProposal.objects.filter(occurrence__meeting__in=seen)).get(pk=pk)
    if not may(actor, "meeting.edit", counter.occurrence.meeting):
        raise CounterProposal.DoesNotExist
    return counter


def counter_row_for(actor: Actor, pk: int) -> CounterRow:
    """Raises CounterProposal.DoesNotExist."""
    return _row(counter_for(actor, pk))


def counters_of_occurrence_for(actor: Actor, occurrence_id: int) -> list[CounterRow]:
    """Those that wait, of an occurrence whose meeting the actor may change. One query."""
    rows = _rows(CounterProposal.objects.filter(occurrence=occurrence_id, state=CounterState.OPEN))
    return _told(row for row in rows if may(actor, "meeting.edit", row.occurrence.meeting))


def counters_waiting_for(actor: Actor, *, now: datetime) -> list[CounterRow]:
    """Those that wait for the actor, as the organiser or as a delegate who may act; the earliest occurrence first. One query."""
    people = [person for person, scope in actor.principals.items() if scope == Scope.ACT]
    people += [actor.person_id] if actor.person_id else []
    rows = CounterProposal.objects.filter(
        state=CounterState.OPEN, ends_at__gt=now, occurrence__ends_at__gt=now
    ).filter(occurrence__meeting__organiser__among=people)
    ordered = _rows(rows).order_by("occurrence__starts_at", "pk")[:MOST] if people else ()
    return _told(row for row in ordered if may(actor, "meeting.edit", row.occurrence.meeting))


def fit_of_counter_for(actor: Actor, pk: int, *, now: datetime) -> Fit:
    """What accepting it would break. Raises CounterProposal.DoesNotExist."""
    counter = counter_for(actor, pk)
    return fit_for(
        actor,
        occurrence_id=counter.occurrence_id,
        starts_at=counter.starts_at,
        ends_at=counter.ends_at,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """What the mails about a proposal say. `recurrence_id` is of a date of a series, in `zone`."""

    row: CounterRow
    uid: str
    sequence: int
    zone: ZoneName
    all_day: bool
    recurrence_id: LocalTime | None
    organiser: Reader
    proposer: Reader


def counter_facts(counter_id: int) -> CounterFacts | None:
    """For who writes to both sides; None where the meeting is gone or one of them has left. Two queries."""
    counter = _rows(CounterProposal.objects.filter(pk=counter_id)).first()
    if counter is None:
        return None
    meeting = counter.occurrence.meeting
    people = readers([meeting.organiser_id, counter.person_id])
    if not {meeting.organiser_id, counter.person_id} <= people.keys():
        return None
    return CounterFacts(
        row=_row(counter),
        uid=meeting.uid,
        sequence=meeting.sequence,
        zone=ZoneName(meeting.zone),
        all_day=meeting.all_day,
        recurrence_id=counter.occurrence.recurrence_id if meeting.is_series else None,
        organiser=people[meeting.organiser_id],
        proposer=people[counter.person_id],
    )


def _rows(rows: QuerySet[CounterProposal]) -> QuerySet[CounterProposal]:
    return rows.select_related("person", "occurrence__meeting__organiser").order_by("received_at", "pk")


def _told(rows: Iterable[CounterProposal]) -> list[CounterRow]:
    return [_row(each) for each in rows]


def _row(counter: CounterProposal) -> CounterRow:
    occurrence = counter.occurrence
    meeting = occurrence.meeting
    return CounterRow(
        id=counter.pk,
        occurrence_id=occurrence.pk,
        title=occurrence.title or meeting.title,
        person_name=counter.person.name,
        organiser_id=meeting.organiser_id,
        organiser_name=meeting.organiser.name,
        starts_at=counter.starts_at,
        ends_at=counter.ends_at,
        now_start=occurrence.starts_at,
        now_end=occurrence.ends_at,
        comment=counter.comment,
        state=CounterState(counter.state),
    )
