"""The occurrences that a calendar means: RFC 5545 §3.8.4.4 and §3.8.5 over whole recurrence sets. The kernel expands the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convenor.interop.ics.objects import Calendar, Event, RecurrenceSet, Timed, When
from convenor.interop.ics.values import instant_at, midnight
from convenor.kernel.instants import DAY, MINUTE, Instant, LocalTime, Span, ZoneName, to_instant, wall_time
from convenor.kernel.recurrence import Occurrences, Series, expand_many


@dataclass(frozen=True, slots=True, order=True)
class EventOccurrence:
    """One occurrence; `recurrence_id` is the instant at which the rule has it, `start` where it is. A moment without length has
    `end == start`.
    """

    uid: str
    recurrence_id: Instant
    start: Instant
    end: Instant

    def meets(self, within: Span) -> bool:
        """Whether it shares time with the span; one without length, whether it lies in it."""
        return self.start < within.end and (self.end > within.start or self.start == self.end >= within.start)


@dataclass(frozen=True, slots=True)
class _Shift:
    """What a change of "this and all following" does to those after it: how far they move on the wall clock, how long they last."""

    since: Instant
    moves: int
    seconds: int


def expand_events(calendar: Calendar, within: Span, *, zone: ZoneName) -> list[EventOccurrence]:
    """Everything that takes place in the span, cancelled events included, sorted by UID and recurrence id.

    Whole days are days in `zone`.
    """
    sets = [one for one in calendar.sets if one.master is not None]
    shifts = {
        one.uid: _shifts(one, zone)
        for one in calendar.sets
        if any(each.range_following for each in one.overrides)
    }
    # An occurrence that a change moves into the span may have been far outside of it.
    reach = max(
        (abs(shift.moves) + shift.seconds + DAY for each in shifts.values() for shift in each), default=0
    )
    wide = Span(Instant(within.start - reach), Instant(within.end + reach))
    table = expand_many([series_of(one.master, zone) for one in sets if one.master is not None], within=wide)
    found = [each for one in calendar.sets for each in _of_overrides(one, zone)]
    for i, one in enumerate(sets):
        found.extend(_of_master(one, table.of(i), shifts.get(one.uid, []), zone))
    return sorted(each for each in found if each.meets(within))


def series_of(event: Event, zone: ZoneName) -> Series:
    """A master as the kernel's series; a moment without length gets a minute there. Whole days are days in `zone`."""
    if isinstance(event.start, Timed):
        own, minutes = event.start.zone, max(-(-_seconds(event, zone) // MINUTE), 1)
    else:
        assert not isinstance(event.end, Timed)
        own, minutes = zone, (event.end - event.start).days * (DAY // MINUTE)
    return Series(
        start=_local(event.start),
        zone=own,
        duration_minutes=minutes,
        rrule=event.rrule or None,
        rdates=tuple(_local(when) for when in event.rdates),
        exdates=tuple(_local(when) for when in event.exdates),
        all_day=event.all_day,
    )


def _of_master(
    one: RecurrenceSet, rows: Occurrences, shifts: Sequence[_Shift], zone: ZoneName
) -> Iterator[EventOccurrence]:
    master = one.master
    assert master is not None
    seconds = _seconds(master, zone)
    changed = {_slot(each, zone) for each in one.overrides}
    for local, start, end in zip(rows.local.tolist(), rows.starts.tolist(), rows.ends.tolist(), strict=True):
        if start in changed:
            continue
        shift = next((each for each in reversed(shifts) if each.since < start), None)
        if shift is not None:
            moved = to_instant(wall_time(local + shift.moves), master.zone or zone)
            yield EventOccurrence(one.uid, Instant(start), moved, Instant(moved + shift.seconds))
        else:
            yield EventOccurrence(
                one.uid, Instant(start), Instant(start), Instant(end if master.all_day else start + seconds)
            )


def _of_overrides(one: RecurrenceSet, zone: ZoneName) -> Iterator[EventOccurrence]:
    for each in one.overrides:
        yield EventOccurrence(
            one.uid, _slot(each, zone), instant_at(each.start, zone), instant_at(each.end, zone)
        )


def _shifts(one: RecurrenceSet, zone: ZoneName) -> list[_Shift]:
    """The changes with RANGE=THISANDFUTURE (§3.2.13), by time."""
    return sorted(
        (
            _Shift(_slot(each, zone), _wall_move(each, zone), _seconds(each, zone))
            for each in one.overrides
            if each.range_following
        ),
        key=lambda shift: shift.since,
    )


def _wall_move(change: Event, zone: ZoneName) -> int:
    """Seconds by which a change moves its occurrence on the wall clock."""
    assert change.recurrence_id is not None
    if (
        isinstance(change.start, Timed)
        and isinstance(change.recurrence_id, Timed)
        and change.start.zone == change.recurrence_id.zone
    ):
        return int((change.start.local - change.recurrence_id.local).total_seconds())
    return instant_at(change.start, zone) - _slot(change, zone)


def _slot(change: Event, zone: ZoneName) -> Instant:
    assert change.recurrence_id is not None
    return instant_at(change.recurrence_id, zone)


def _seconds(event: Event, zone: ZoneName) -> int:
    return instant_at(event.end, zone) - instant_at(event.start, zone)


def _local(when: When) -> LocalTime:
    return when.local if isinstance(when, Timed) else midnight(when)
