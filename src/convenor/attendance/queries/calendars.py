"""What a registrant's own calendar should hold: the event, and the functions that they have a place at. Nobody else is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, Seat
from convenor.attendance.queries.mail_facts import language_of, place_of, rooms_of
from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.models import Attendee

SURE = frozenset({SeatState.CONFIRMED, SeatState.CHECKED_IN})
NOT_ON = frozenset({EventState.CANCELLED, EventState.POSTPONED})


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing in the calendar. `sequence` is its meeting's, None of the event, which has none; `is_held` says whether it belongs there.

    `recurrence_id` is of a function that is one date of a series.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    is_held: bool
    description: str = ""
    sequence: int | None = None
    recurrence_id: LocalTime | None = None

    @property
    def key(self) -> str:
        """Its name in `Registration.told`."""
        return f"{self.uid}#{self.recurrence_id.isoformat()}" if self.recurrence_id else self.uid


@dataclass(frozen=True, slots=True)
class RegistrationCalendar:
    """`entries` has the event first; `told` what the calendar was told last, by key."""

    registration_id: int
    event: str
    name: str
    email: str
    language: str
    zone: str
    organiser: str
    link: str
    entries: tuple[CalendarEntry, ...]
    told: Mapping[str, Any]


def event_uid(event_id: int) -> str:
    """The event's name in calendars, for ever."""
    return f"event-{event_id}@{urlsplit(settings.PUBLIC_URL).hostname}"


def calendar_of(registration_id: int) -> RegistrationCalendar:
    """4 queries. Raises Registration.DoesNotExist.

    A function to whose meeting the registrant is asked is left out: they have that meeting's own invitation.
    """
    rows = Registration.objects.select_related("event__site", "event__owner", "person__user")
    row = rows.get(pk=registration_id)
    return RegistrationCalendar(
        registration_id=row.pk,
        event=row.event.title,
        name=row.name,
        email=row.email,
        language=language_of(row),
        zone=row.event.zone,
        organiser=row.event.owner.name,
        link=f"{settings.PUBLIC_URL}/registration/{row.token}/",
        entries=tuple(_entries(row)),
        told=row.told,
    )


def _entries(row: Registration) -> Iterator[CalendarEntry]:
    seats = list(
        Seat.objects.filter(registration=row)
        .select_related("roll__function__occurrence__meeting")
        .order_by("roll__function__occurrence__starts_at", "pk")
    )
    functions = [seat.roll.function for seat in seats if seat.roll.function is not None]
    rooms, asked = rooms_of(functions), _asked(row.person_id, functions)
    yield from (
        _whole(row.event, seat) for seat in seats if seat.roll.function is None and row.event.starts_at
    )
    for seat in seats:
        function = seat.roll.function
        if function is not None and function.occurrence.meeting_id not in asked:
            yield _function(row.event, function, seat, rooms)


def _asked(person_id: int | None, functions: Iterable[Function]) -> set[int]:
    if person_id is None:
        return set()
    meetings = [each.occurrence.meeting_id for each in functions]
    rows = Attendee.objects.filter(person=person_id, meeting__among=meetings)
    return set(rows.values_list("meeting_id", flat=True))


def _whole(event: Event, seat: Seat) -> CalendarEntry:
    assert event.starts_at is not None
    assert event.ends_at is not None
    return CalendarEntry(
        uid=event_uid(event.pk),
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        place=place_of(event),
        is_held=seat.state in SURE and event.state not in NOT_ON,
    )


def _function(event: Event, function: Function, seat: Seat, rooms: Mapping[int, str]) -> CalendarEntry:
    occurrence, meeting = function.occurrence, function.occurrence.meeting
    is_on = function.removed_at is None and occurrence.state == OccurrenceState.SCHEDULED
    return CalendarEntry(
        uid=meeting.uid,
        title=f"{occurrence.title or meeting.title} ({event.title})",
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        zone=meeting.zone,
        place=rooms.get(occurrence.pk) or meeting.location,
        is_held=seat.state in SURE and is_on and event.state not in NOT_ON,
        description=function.abstract,
        sequence=meeting.sequence,
        recurrence_id=LocalTime(occurrence.recurrence_id) if meeting.is_series else None,
    )
