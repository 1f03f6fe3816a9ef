"""Meetings to a calendar file: a series goes out as its rule (RFC 5545 §3.8.5), never as a copy for each date."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.interop.ics.objects import UTC_ZONE, Attendee, Event, Organizer, Timed, When
from convenor.interop.ics.write import write_calendar
from convenor.kernel.instants import (
    Instant,
    LocalTime,
    Span,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
    to_local,
)
from convenor.kernel.recurrence import Occurrence as Slot
from convenor.kernel.recurrence import Series, expand_many
from convenor.people.queries.people import department_family_for, department_for, person_for
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.queries.exports import (
    About,
    ExportedMeeting,
    ExportedOccurrence,
    ExportedPerson,
    exported_meetings_for,
)
from convenor.venues.queries.rooms import room_for

ROLES = {
    AttendeeRole.CHAIR: "CHAIR",
    AttendeeRole.REQUIRED: "REQ-PARTICIPANT",
    AttendeeRole.OPTIONAL: "OPT-PARTICIPANT",
    AttendeeRole.RESOURCE: "NON-PARTICIPANT",
}
PARTSTATS = {each: each.value.upper() for each in PartStat}
Slots = Mapping[LocalTime, Slot]


def export_calendar(
    *,
    actor: Actor,
    span: Span,
    now: datetime,
    person_id: int | None = None,
    room_id: int | None = None,
    department_id: int | None = None,
) -> bytes:
    """The calendar of a person, a room or a department (with those below it), as a file.

    What the actor may not know of private meetings says "Busy". Raises DoesNotExist for what they may not see.
    """
    name, about = about_for(actor, person_id=person_id, room_id=room_id, department_id=department_id)
    meetings = exported_meetings_for(actor, about, span, sees_private=True)
    return write_calendar(events_of(meetings, span), name=name, now=now)


def about_for(
    actor: Actor,
    *,
    person_id: int | None = None,
    room_id: int | None = None,
    department_id: int | None = None,
) -> tuple[str, About]:
    """Its name and what it takes in. Raises DoesNotExist, and ValueError without any."""
    if person_id is not None:
        return person_for(actor, person_id).name, About(person_id=person_id)
    if room_id is not None:
        room = room_for(actor, room_id)
        return f"{room.code} {room.name}", About(room_id=room_id)
    if department_id is None:
        raise ValueError("a calendar is a person's, a room's or a department's")
    family = department_family_for(actor, department_id)
    return department_for(actor, department_id).name, About(department_ids=frozenset(family))


def events_of(meetings: Sequence[ExportedMeeting], span: Span) -> Iterator[Event]:
    """Masters, each before its overrides."""
    series = [each for each in meetings if each.rrule or each.rdates]
    table = expand_many([_series(each) for each in series], within=span)
    places = {id(each): place for place, each in enumerate(series)}
    for meeting in meetings:
        if id(meeting) not in places:
            yield _single(meeting)
            continue
        rows = table.of(places[id(meeting)])
        slots = {each.recurrence_id: each for each in (rows.occurrence(i) for i in range(len(rows)))}
        yield from _whole(meeting, slots)


def outline_of(meeting: ExportedMeeting) -> Event:
    """The meeting by its own words and its first time, without any date: what can be said of one that is called off."""
    return _event(meeting, _local(meeting, meeting.local_start), _usual_end(meeting), _place(meeting, ()))


def _single(meeting: ExportedMeeting) -> Event:
    row = meeting.occurrences[0]
    start, end = _window(meeting, row)
    return _event(meeting, start, end, _place(meeting, row.rooms or ()))


def _whole(meeting: ExportedMeeting, slots: Slots) -> Iterator[Event]:
    """The series; EXDATE where a date doesn't take place or isn't of this calendar; an override where it differs."""
    usual = _usual_rooms(meeting)
    there = {row.recurrence_id for row in meeting.occurrences}
    until = meeting.materialised_until
    known = {rid for rid, slot in slots.items() if until is None or datetime_of(slot.span.start) < until}
    struck = {*meeting.exdates, *meeting.struck, *(known - there)} - there
    start = _local(meeting, meeting.local_start)
    master = _event(
        meeting,
        start,
        _usual_end(meeting),
        _place(meeting, usual),
        rrule=meeting.rrule,
        rdates=tuple(_local(meeting, each) for each in sorted(meeting.rdates)),
        exdates=tuple(_local(meeting, each) for each in sorted(struck)),
    )
    yield master
    for row in meeting.occurrences:
        slot = slots.get(row.recurrence_id)
        as_ruled = slot is not None and _same_times(row, slot)
        rooms = usual if row.rooms is None else row.rooms
        if not as_ruled or row.title or rooms != usual:
            yield _override(meeting, row, rooms)


def _usual_rooms(meeting: ExportedMeeting) -> tuple[str, ...]:
    known = Counter(row.rooms for row in meeting.occurrences if row.rooms is not None)
    return known.most_common(1)[0][0] if known else ()


def _same_times(row: ExportedOccurrence, slot: Slot) -> bool:
    return (instant_of(row.starts_at), instant_of(row.ends_at)) == (slot.span.start, slot.span.end)


def _override(meeting: ExportedMeeting, row: ExportedOccurrence, rooms: tuple[str, ...]) -> Event:
    start, end = _window(meeting, row)
    place = _place(meeting, rooms)
    return _event(
        meeting, start, end, place, title=row.title, recurrence_id=_local(meeting, row.recurrence_id)
    )


def _event(
    meeting: ExportedMeeting,
    start: When,
    end: When,
    location: str,
    *,
    title: str = "",
    rrule: str = "",
    rdates: tuple[When, ...] = (),
    exdates: tuple[When, ...] = (),
    recurrence_id: When | None = None,
) -> Event:
    status = "TENTATIVE" if meeting.is_tentative else "CONFIRMED"
    return Event(
        uid=_uid(meeting),
        start=start,
        end=end,
        sequence=meeting.sequence,
        summary=gettext("Busy") if meeting.is_masked else title or meeting.title,
        description=meeting.description,
        location=location,
        organizer=_organizer(meeting.organiser),
        attendees=tuple(attendee_of(each) for each in meeting.attendees),
        rrule=rrule,
        rdates=rdates,
        exdates=exdates,
        recurrence_id=recurrence_id,
        status=status,
        transparent=not meeting.shows_as_busy,
        classification="PRIVATE" if meeting.is_private else "PUBLIC",
        created=meeting.created_at,
        last_modified=meeting.changed_at,
    )


def _uid(meeting: ExportedMeeting) -> str:
    """A masked meeting's own UID would let two calendars be compared."""
    if not meeting.is_masked:
        return meeting.uid
    return f"{hashlib.sha256(meeting.uid.encode()).hexdigest()[:32]}@busy"


def _organizer(person: ExportedPerson | None) -> Organizer | None:
    return Organizer(person.email, person.name) if person is not None else None


def attendee_of(person: ExportedPerson, *, rsvp: bool = False) -> Attendee:
    role, partstat = ROLES[person.role], PARTSTATS[person.partstat]
    return Attendee(person.email, person.name, role=role, partstat=partstat, rsvp=rsvp)


def _place(meeting: ExportedMeeting, rooms: Iterable[str]) -> str:
    """The rooms, and what else was written as the place unless it names one of them already."""
    labels = list(rooms)
    own = meeting.location
    if own and not any(own.casefold() in label.casefold() for label in labels):
        labels.append(own)
    return "; ".join(labels)


def _local(meeting: ExportedMeeting, local: LocalTime) -> When:
    return local.date() if meeting.all_day else Timed(local, ZoneName(meeting.zone))


def _usual_end(meeting: ExportedMeeting) -> When:
    if meeting.all_day:
        return (meeting.local_start + timedelta(minutes=meeting.duration_minutes)).date()
    start = to_instant(meeting.local_start, ZoneName(meeting.zone))
    return _timed(meeting, Instant(start + meeting.duration_minutes * 60))


def _window(meeting: ExportedMeeting, row: ExportedOccurrence) -> tuple[When, When]:
    start, end = instant_of(row.starts_at), instant_of(row.ends_at)
    if meeting.all_day and (days := _days(meeting, start, end)):
        return days
    return _timed(meeting, start), _timed(meeting, end)


def _days(meeting: ExportedMeeting, start: Instant, end: Instant) -> tuple[date, date] | None:
    """Whole days, unless the date was moved to some time of day."""
    zone = ZoneName(meeting.zone)
    first, last = to_local(start, zone), to_local(end, zone)
    whole = to_instant(LocalTime(datetime.combine(first.date(), datetime.min.time())), zone) == start
    return (first.date(), max(last.date(), first.date() + timedelta(days=1))) if whole else None


def _timed(meeting: ExportedMeeting, instant: Instant) -> Timed:
    """In the meeting's zone; in UTC for the second of two equal times when clocks go back, which no zone can write."""
    zone = ZoneName(meeting.zone)
    local = to_local(instant, zone)
    if to_instant(local, zone) != instant:
        return Timed(to_local(instant, UTC_ZONE), UTC_ZONE)
    return Timed(local, zone)


def _series(meeting: ExportedMeeting) -> Series:
    return Series(
        start=meeting.local_start,
        zone=ZoneName(meeting.zone),
        duration_minutes=meeting.duration_minutes,
        rrule=meeting.rrule or None,
        rdates=meeting.rdates,
        exdates=meeting.exdates,
        all_day=meeting.all_day,
    )
