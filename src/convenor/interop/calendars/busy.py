"""When a calendar keeps its owner busy: pure, whatever the calendar's program meant to say besides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from convenor.interop.ics.expand import EventOccurrence, expand_events
from convenor.interop.ics.objects import Calendar, Event, RecurrenceSet
from convenor.interop.ics.values import instant_at
from convenor.kernel.instants import Instant, Span, ZoneName, datetime_of
from convenor.scheduling.actions.sources import BusyTime

LONGEST_UID, LONGEST_TITLE = 255, 200
MOST_BUSY_TIMES = 20_000


def busy_times(calendar: Calendar, span: Span, *, zone: ZoneName, email: str) -> list[BusyTime]:
    """By start, the first 20,000. Free (TRANSP), cancelled and declined (PARTSTAT of `email`) events keep nobody busy.

    Whole days are days in `zone`. Periods of a VFREEBUSY count, without a title.
    """
    sets = {one.uid: _Said(one, zone) for one in calendar.sets}
    found: dict[tuple[str, Instant], BusyTime] = {}
    for each in expand_events(calendar, span, zone=zone):
        event = sets[each.uid].of(each)
        if each.start < each.end and keeps_busy(event, email):
            _keep(found, each.uid, each.start, each.end, event.summary or sets[each.uid].title)
    for start, end in _periods(calendar, span):
        _keep(found, f"busy-{start}", start, end, "")
    return sorted(found.values(), key=lambda time: (time.starts_at, time.uid))[:MOST_BUSY_TIMES]


def keeps_busy(event: Event, email: str) -> bool:
    if event.transparent or event.status == "CANCELLED":
        return False
    return all(each.partstat != "DECLINED" for each in event.attendees if each.email == email)


class _Said:
    """One recurrence set: which event speaks for each of its dates."""

    def __init__(self, one: RecurrenceSet, zone: ZoneName) -> None:
        self._changes: Mapping[Instant, Event] = {
            instant_at(each.recurrence_id, zone): each
            for each in one.overrides
            if each.recurrence_id is not None
        }
        self._master = one.master or one.overrides[0]
        self._following: Sequence[tuple[Instant, Event]] = sorted(
            ((slot, each) for slot, each in self._changes.items() if each.range_following),
            key=lambda pair: pair[0],
        )
        self.title = self._master.summary

    def of(self, each: EventOccurrence) -> Event:
        if each.recurrence_id in self._changes:
            return self._changes[each.recurrence_id]
        since = [event for slot, event in self._following if slot < each.recurrence_id]
        return since[-1] if since else self._master


def _keep(
    found: dict[tuple[str, Instant], BusyTime], uid: str, start: Instant, end: Instant, title: str
) -> None:
    """Two dates of one event that begin together are one, the longer."""
    there = found.get((uid, start))
    if there is None or there.ends_at < datetime_of(end):
        found[uid, start] = BusyTime(_short(uid), datetime_of(start), datetime_of(end), title[:LONGEST_TITLE])


def _short(uid: str) -> str:
    return uid if len(uid) <= LONGEST_UID else f"{hashlib.sha256(uid.encode()).hexdigest()[:40]}@long-uid"


def _periods(calendar: Calendar, span: Span) -> Iterator[tuple[Instant, Instant]]:
    for each in calendar.busy:
        if each.start < span.end and span.start < each.end:
            yield each.start, each.end
