"""From events to bytes: RFC 5545 §3.4 and §3.6, RFC 7986 §5. The same events always give the same bytes, so that an ETag can be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from convenor.interop.ics.lines import CONTROL, escape, fold, quote
from convenor.interop.ics.objects import UTC_ZONE, Attendee, Event, Organizer, Timed, When
from convenor.interop.ics.values import date_text, instant_at, local_text, utc_text
from convenor.interop.ics.vtimezone import vtimezone
from convenor.kernel.instants import Instant, ZoneName

PRODUCT = "-//Convenor//Convenor//EN"


def write_calendar(
    events: Iterable[Event], *, name: str, now: datetime, method: str = "", refresh_minutes: int | None = None
) -> bytes:
    """A calendar of events in the order given, masters before their overrides.

    `now` (aware) is the DTSTAMP of a message, that is with `method`; a published event has the time of its last change there (§3.8.7.2),
    and `now` only if it has none. `refresh_minutes` is how often a reader should ask again.
    """
    events = list(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if method:
        lines.append(f"METHOD:{method}")
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    if refresh_minutes is not None:
        lines += [
            f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M",
            f"X-PUBLISHED-TTL:PT{refresh_minutes}M",
        ]
    for zone, since in sorted(_zones(events).items()):
        lines += vtimezone(zone, since=since)
    for event in events:
        lines += event_lines(event, now if method else event.last_modified or event.created or now)
    lines.append("END:VCALENDAR")
    return b"".join(map(fold, lines))


def _zones(events: Sequence[Event]) -> dict[ZoneName, Instant]:
    """Every zone that a TZID will name, and its earliest time."""
    since: dict[ZoneName, Instant] = {}
    for event in events:
        for when in (event.start, event.end, event.recurrence_id, *event.rdates, *event.exdates):
            if isinstance(when, Timed) and when.zone != UTC_ZONE:
                instant = instant_at(when, when.zone)
                since[when.zone] = min(since.get(when.zone, instant), instant)
    return since


def event_lines(event: Event, stamp: datetime) -> Iterator[str]:
    """The content lines of one VEVENT, not folded yet."""
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{utc_text(stamp)}"
    if event.recurrence_id is not None:
        params = ";RANGE=THISANDFUTURE" if event.range_following else ""
        yield _when(f"RECURRENCE-ID{params}", event.recurrence_id)
    yield _when("DTSTART", event.start)
    # A moment without length has no DTEND: one equal to DTSTART is forbidden (§3.8.2.2).
    if event.end != event.start:
        yield _when("DTEND", event.end)
    yield from _repetition(event)
    yield f"SEQUENCE:{event.sequence}"
    yield from _texts(event)
    yield from _state(event)
    if event.organizer is not None:
        yield _organizer(event.organizer)
    yield from map(attendee_line, event.attendees)
    yield "END:VEVENT"


def _repetition(event: Event) -> Iterator[str]:
    if event.rrule:
        yield f"RRULE:{event.rrule}"
    # One date a line: some clients read only the first of a list.
    yield from (_when("RDATE", when) for when in event.rdates)
    yield from (_when("EXDATE", when) for when in event.exdates)


def _texts(event: Event) -> Iterator[str]:
    for name, text in (
        ("SUMMARY", event.summary),
        ("DESCRIPTION", event.description),
        ("LOCATION", event.location),
    ):
        if text:
            yield f"{name}:{_text(text)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(_text, event.categories))}"
    if event.url:
        yield f"URL:{_one_line(event.url)}"


def _state(event: Event) -> Iterator[str]:
    if event.status:
        yield f"STATUS:{event.status}"
    yield f"TRANSP:{'TRANSPARENT' if event.transparent else 'OPAQUE'}"
    if event.classification != "PUBLIC":
        yield f"CLASS:{event.classification}"
    if event.created is not None:
        yield f"CREATED:{utc_text(event.created)}"
    if event.last_modified is not None:
        yield f"LAST-MODIFIED:{utc_text(event.last_modified)}"


def _when(name: str, when: When) -> str:
    if not isinstance(when, Timed):
        return f"{name};VALUE=DATE:{date_text(when)}"
    if when.zone == UTC_ZONE:
        return f"{name}:{local_text(when.local)}Z"
    return f"{name};TZID={when.zone}:{local_text(when.local)}"


def _organizer(organizer: Organizer) -> str:
    params = _params(("CN", organizer.name), ("SENT-BY", _uri(organizer.sent_by)))
    return f"ORGANIZER{params}:{_uri(organizer.email)}"


def attendee_line(attendee: Attendee) -> str:
    """ATTENDEE (§3.8.4.1), not folded yet."""
    params = _params(
        ("CN", attendee.name),
        ("CUTYPE", attendee.cutype),
        ("ROLE", attendee.role),
        ("PARTSTAT", attendee.partstat),
        ("RSVP", "TRUE" if attendee.rsvp else ""),
        ("DELEGATED-TO", _uri(attendee.delegated_to)),
        ("DELEGATED-FROM", _uri(attendee.delegated_from)),
    )
    return f"ATTENDEE{params}:{_uri(attendee.email)}"


def _params(*pairs: tuple[str, str]) -> str:
    quoted = ((name, quote(CONTROL.sub("", value))) for name, value in pairs if value)
    # §3.2.2, §3.2.4, §3.2.18: addresses in parameters always stand in quotes.
    always = {"SENT-BY", "DELEGATED-TO", "DELEGATED-FROM"}
    return "".join(
        f';{name}="{value.strip(chr(34))}"' if name in always else f";{name}={value}"
        for name, value in quoted
    )


def _uri(address: str) -> str:
    """A calendar address (§3.3.3): mailto: before an e-mail, any other URI as it is."""
    clean = _one_line(address)
    return f"mailto:{clean}" if "@" in clean and ":" not in clean else clean


def _text(text: str) -> str:
    # `escape` has seen to the line ends; no other control character may stand in a TEXT (§3.3.11).
    return CONTROL.sub("", escape(text))


def _one_line(text: str) -> str:
    return CONTROL.sub("", text)
