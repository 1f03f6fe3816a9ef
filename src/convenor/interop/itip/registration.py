"""What a registrant's calendar should hold of an event, and what it must be told so that it does (RFC 5546 §3.2.2, §3.2.5).

Each thing has a UID and so a message of its own. A function has its meeting's UID and SEQUENCE; the event's SEQUENCE is counted
here, for each registrant, and grows with time, place and cancellation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from convenor.attendance.queries.calendars import CalendarEntry, RegistrationCalendar, calendar_of
from convenor.base import clock
from convenor.interop.ics.objects import UTC_ZONE, Attendee, Event, Organizer, Timed
from convenor.interop.ics.write import write_calendar
from convenor.interop.itip.outgoing import digest_of, facts_of
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_instant, to_local


@dataclass(frozen=True, slots=True)
class EntryMessage:
    """One message about one entry; `told` is what the calendar holds of it from now on, `was` what it held."""

    method: str
    entry: CalendarEntry
    event: Event
    told: Mapping[str, Any]
    was: Mapping[str, Any] | None

    def text(self, now: datetime) -> str:
        return write_calendar([self.event], name="", now=now, method=self.method).decode()


def calendar_file(registration_id: int) -> bytes:
    """All that the registrant has a place at, for a calendar program to read. Raises Registration.DoesNotExist."""
    calendar = calendar_of(registration_id)
    events = [_event(calendar, each, _sequence(calendar, each)) for each in calendar.entries if each.is_held]
    return write_calendar(events, name=calendar.event, now=clock.now())


def messages_for(calendar: RegistrationCalendar, now: datetime) -> Iterator[EntryMessage]:
    """What the calendar must be told; nothing of what is over, and nothing twice."""
    for entry in calendar.entries:
        was = calendar.told.get(entry.key)
        holds = was is not None and not was.get("cancelled")
        if entry.ends_at > now and (entry.is_held or holds):
            message = _message(calendar, entry, was if holds else None)
            if message is not None:
                yield message


def _message(
    calendar: RegistrationCalendar, entry: CalendarEntry, was: Mapping[str, Any] | None
) -> EntryMessage | None:
    event = _event(calendar, entry, 0)
    if entry.is_held and was is not None and was.get("digest") == digest_of(event):
        return None
    sequence = _next_sequence(calendar, entry, event)
    facts = {**facts_of(event), "sequence": sequence}
    event = replace(event, sequence=sequence)
    if entry.is_held:
        return EntryMessage("REQUEST", entry, event, facts, was)
    called_off = replace(event, status="CANCELLED")
    return EntryMessage("CANCEL", entry, called_off, facts | {"cancelled": True}, was)


def _sequence(calendar: RegistrationCalendar, entry: CalendarEntry) -> int:
    """The one that the calendar was told last, or its meeting's."""
    told = calendar.told.get(entry.key) or {}
    return max(int(told.get("sequence", 0)), entry.sequence or 0)


def _next_sequence(calendar: RegistrationCalendar, entry: CalendarEntry, event: Event) -> int:
    """RFC 5546 §2.1.4: another title alone raises nothing."""
    told, sequence = calendar.told.get(entry.key), _sequence(calendar, entry)
    if entry.sequence is not None or told is None:
        return sequence
    now = facts_of(event)
    same = all(told.get(name) == now[name] for name in ("start", "end", "zone", "place"))
    return sequence if same and entry.is_held and not told.get("cancelled") else sequence + 1


def _event(calendar: RegistrationCalendar, entry: CalendarEntry, sequence: int) -> Event:
    zone = ZoneName(entry.zone)
    start = _timed(entry.starts_at, zone)
    return Event(
        uid=entry.uid,
        start=start,
        end=_timed(entry.ends_at, zone),
        sequence=sequence,
        summary=entry.title,
        description="\n\n".join(part for part in (entry.description, calendar.link) if part),
        location=entry.place,
        organizer=Organizer(settings.MAIL_REPLIES_TO, calendar.organiser),
        attendees=(Attendee(calendar.email, calendar.name, partstat="ACCEPTED"),) if calendar.email else (),
        recurrence_id=Timed(LocalTime(entry.recurrence_id), zone) if entry.recurrence_id else None,
        status="CONFIRMED",
        # What lasts for days has its functions inside: it blocks nobody's whole day
        transparent=(entry.ends_at - entry.starts_at).days >= 1,
        url=calendar.link,
    )


def _timed(moment: datetime, zone: ZoneName) -> Timed:
    """In the zone; in UTC for the second of two equal times when clocks go back, which no zone can write."""
    instant = instant_of(moment)
    local = to_local(instant, zone)
    if to_instant(local, zone) == instant:
        return Timed(local, zone)
    return Timed(to_local(instant, UTC_ZONE), UTC_ZONE)
