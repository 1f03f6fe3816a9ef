"""What a person's calendar should hold of a meeting, and what it must be told so that it does: RFC 5546 §3.2.2 and §3.2.5.

Nothing is told of what is over. Pure: meeting and memory in, message out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

from convenor.interop.calendars.exporting import events_of, outline_of
from convenor.interop.ics.objects import Event, Organizer, Timed, When
from convenor.interop.ics.values import instant_at
from convenor.interop.ics.write import event_lines
from convenor.kernel.instants import Instant, LocalTime, Span, ZoneName, instant_of, to_instant, to_local
from convenor.kernel.recurrence import Series, expand
from convenor.scheduling.queries.exports import ExportedMeeting

WHOLE = ""
STRUCK = "-"
MOST_DATES = 20_000  # as many as a series is ever kept as rows
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Parts = Mapping[str, Any]
"""By recurrence id in ISO 8601, "" for the whole: what was told of it ("digest" and the facts that a reader sees), or STRUCK."""


class Why(Enum):
    """What the message is about, for its words."""

    ASKED = "asked"
    CHANGED = "changed"
    CALLED_OFF = "called_off"
    NOT_ASKED = "not_asked"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `events` are its VEVENTs, without attendees; `dates` the recurrence ids that it is about, none for the whole.

    `was` is what the calendar held before of those, by recurrence id ("" of the whole), and `parts` what it holds now.
    """

    method: str
    why: Why
    events: tuple[Event, ...]
    parts: Parts
    was: Parts
    dates: tuple[str, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        """Whether the calendar holds nothing any more."""
        return self.method == "CANCEL" and not self.dates


class Held:
    """What the calendar of everybody who is asked to the meeting should hold."""

    def __init__(self, meeting: ExportedMeeting, *, organizer: str, over: Collection[LocalTime]) -> None:
        self.meeting, self.organizer = meeting, organizer
        self.over = {each.isoformat() for each in over}

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The whole first, then what differs from it on single dates."""
        found = (
            list(events_of([self.meeting], self._span))
            if self.meeting.occurrences
            else [outline_of(self.meeting)]
        )
        found[0] = replace(found[0], exdates=tuple(each for each in found[0].exdates if self._is_ruled(each)))
        return tuple(self._signed(each) for each in found)

    @property
    def whole(self) -> Event:
        return self.events[0]

    @cached_property
    def overrides(self) -> dict[str, Event]:
        return {key_of(each.recurrence_id): each for each in self.events[1:]}

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What the calendar holds, to be remembered and compared."""
        struck = dict.fromkeys((key_of(each) for each in self.whole.exdates), STRUCK)
        shown = {key: facts_of(each) for key, each in self.overrides.items()}
        return {WHOLE: facts_of(self.whole), **struck, **shown}

    def on(self, key: str) -> Event:
        """What takes place on one date: what differs there, or what the series says."""
        return self.overrides.get(key) or ruled_on(self.whole, key)

    @property
    def next(self) -> Event | None:
        """What takes place next, of a series that has more to come."""
        ahead = [each.recurrence_id.isoformat() for each in self.meeting.occurrences]
        key = next((each for each in ahead if each not in self.over), None)
        return self.on(key) if key is not None and (self.whole.rrule or self.whole.rdates) else None

    def cancelled_on(self, key: str) -> Event:
        return replace(self.on(key), status="CANCELLED")

    def is_over(self, key: str) -> bool:
        return key in self.over

    def _signed(self, event: Event) -> Event:
        name = event.organizer.name if event.organizer else ""
        return replace(event, organizer=Organizer(self.organizer, name), attendees=())

    def _is_ruled(self, date: When) -> bool:
        return key_of(date) in self._dates

    @cached_property
    def _dates(self) -> set[str]:
        """The dates that the rule gives, also where they are struck."""
        meeting = self.meeting
        series = Series(
            start=meeting.local_start,
            zone=ZoneName(meeting.zone),
            duration_minutes=meeting.duration_minutes,
            rrule=meeting.rrule or None,
            rdates=meeting.rdates,
            exdates=(),
            all_day=meeting.all_day,
        )
        found = expand(series, within=self._span, limit=MOST_DATES) if meeting.rrule or meeting.rdates else ()
        return {each.recurrence_id.isoformat() for each in found}

    @cached_property
    def _span(self) -> Span:
        """All that the meeting's rows cover, and the dates struck beyond."""
        meeting, zone = self.meeting, ZoneName(self.meeting.zone)
        locals_ = [meeting.local_start, *meeting.exdates, *meeting.struck, *meeting.rdates]
        instants = [int(to_instant(each, zone)) for each in locals_]
        instants += [int(instant_of(row.ends_at)) for row in meeting.occurrences]
        instants += [int(instant_of(meeting.materialised_until))] if meeting.materialised_until else []
        day = int(timedelta(days=1).total_seconds())
        return Span(Instant(min(instants) - day), Instant(max(instants) + day))


def ruled_on(whole: Event, key: str) -> Event:
    """What the series says of one date, as a component of its own."""
    local = LocalTime(datetime.fromisoformat(key))
    start: When
    end: When
    if isinstance(whole.start, Timed) and isinstance(whole.end, Timed):
        zone = whole.start.zone
        lasts = instant_at(whole.end, whole.end.zone) - instant_at(whole.start, zone)
        start = Timed(local, zone)
        end = Timed(to_local(Instant(to_instant(local, zone) + lasts), zone), zone)
    else:
        assert not isinstance(whole.start, Timed)
        assert not isinstance(whole.end, Timed)
        start, end = local.date(), local.date() + (whole.end - whole.start)
    return replace(whole, start=start, end=end, rrule="", rdates=(), exdates=(), recurrence_id=start)


def key_of(recurrence_id: When | None) -> str:
    """A date's name in memory and in links: the series' local start."""
    if isinstance(recurrence_id, Timed):
        return recurrence_id.local.isoformat()
    assert recurrence_id is not None
    return datetime(recurrence_id.year, recurrence_id.month, recurrence_id.day).isoformat()  # noqa: DTZ001 - a wall clock's


def digest_of(event: Event) -> str:
    """Of what its reader must know: not of who else is asked, of dates that are struck, or of when it was written."""
    bare = replace(event, sequence=0, attendees=(), exdates=(), created=None, last_modified=None)
    text = "\n".join(event_lines(bare, EPOCH))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def facts_of(event: Event) -> dict[str, Any]:
    """What was told of a date or the whole, as it is remembered."""
    start, end = event.start, event.end
    return {
        "digest": digest_of(event),
        "title": event.summary,
        "place": event.location,
        "start": start.local.isoformat() if isinstance(start, Timed) else start.isoformat(),
        "end": end.local.isoformat() if isinstance(end, Timed) else end.isoformat(),
        "zone": start.zone if isinstance(start, Timed) else "",
        "rrule": event.rrule,
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return bool(one.get("digest") == other.get("digest"))
    return bool(one == other)


def outgoing(
    held: Held, told: Parts | None, *, is_asked: bool, is_called_off: bool, is_over: bool, again: bool = False
) -> Outgoing | None:
    """What somebody's calendar, which was `told` so much, must be told now; None if nothing.

    `again` says all of it once more to whoever is asked.
    """
    if is_over:
        return None
    if is_called_off or not is_asked:
        if told is None:
            return None
        why = Why.CALLED_OFF if is_called_off else Why.NOT_ASKED
        return Outgoing("CANCEL", why, (_called_off(held.whole),), {}, told)
    if told is None:
        return Outgoing("REQUEST", Why.ASKED, held.events, held.parts, {})
    if again:
        return Outgoing("REQUEST", Why.AGAIN, held.events, held.parts, told)
    return _changed(held, told)


def _called_off(whole: Event) -> Event:
    return replace(whole, status="CANCELLED", exdates=())


def _changed(held: Held, told: Parts) -> Outgoing | None:
    """Single dates by themselves; everything where the whole changed, a date came back, or some moved while others were struck."""
    now = held.parts
    keys = sorted({*told, *now} - {WHOLE})
    differing = [key for key in keys if not _same(told.get(key), now.get(key)) and not held.is_over(key)]
    if not _same(told.get(WHOLE), now[WHOLE]):
        return _whole(held, told)
    struck = [key for key in differing if now.get(key) == STRUCK]
    back = any(told.get(key) == STRUCK for key in differing)
    if back or 0 < len(struck) < len(differing):
        return _whole(held, told, differing)
    if struck:
        events = tuple(held.cancelled_on(key) for key in struck)
        return Outgoing("CANCEL", Why.CALLED_OFF, events, now, _was(held, told, struck), tuple(struck))
    if not differing:
        return None
    events = tuple(held.on(key) for key in differing)
    return Outgoing("REQUEST", Why.CHANGED, events, now, _was(held, told, differing), tuple(differing))


def _whole(held: Held, told: Parts, dates: Collection[str] = ()) -> Outgoing:
    return Outgoing("REQUEST", Why.CHANGED, held.events, held.parts, {**told, **_was(held, told, dates)})


def _was(held: Held, told: Parts, keys: Collection[str]) -> dict[str, Any]:
    """What was told of those dates; of one that followed the series, what the series says."""
    return {key: told.get(key) or facts_of(ruled_on(held.whole, key)) for key in keys}
