"""RANGE=THISANDFUTURE (RFC 5545 §3.2.13): a series that goes on differently from some date becomes two meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext

from convenor.interop.ics.objects import Event, Timed
from convenor.interop.ics.values import instant_at, midnight
from convenor.kernel.instants import Instant, LocalTime, Span, ZoneName, instant_of, to_local
from convenor.kernel.recurrence import NotAnOccurrence, RuleError, Series, expand, split_at
from convenor.scheduling.rules.series import CannotShift, Shift, shifted_rule
from convenor.scheduling.rules.wording import day

MOST_LISTED = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the series, from `cut` (local to the old series) to `until`, as `change` has it; the first part has no change."""

    series: Series
    change: Event | None
    cut: LocalTime
    until: LocalTime | None
    by: timedelta = timedelta()
    remarks: tuple[str, ...] = ()

    def takes(self, override: Event, home: ZoneName) -> Event | None:
        """The change of a single date with its recurrence id as this part counts; None if it belongs to another part."""
        when = override.recurrence_id
        assert when is not None
        slot = when.local if isinstance(when, Timed) else midnight(when)
        if slot < self.cut or (self.until is not None and slot >= self.until):
            return None
        moved = LocalTime(slot + self.by)
        zone = self.series.zone if isinstance(when, Timed) else home
        return replace(
            override, recurrence_id=Timed(moved, zone) if isinstance(when, Timed) else moved.date()
        )


def parts_of(
    series: Series, changes: Sequence[Event], home: ZoneName, *, horizon: datetime
) -> Iterator[Part]:
    """The series up to the first change, then one part for each. What a change says holds until the next one.

    A rule that can't move along (the 2nd Monday, moved to a Tuesday) is listed date by date up to `horizon`.
    """
    rest: Series | None = series
    change: Event | None = None
    cut = LocalTime(datetime(1, 1, 1))  # noqa: DTZ001 - a wall clock before all, in no zone
    lost: list[str] = []
    for following in sorted(changes, key=_slot):
        at = _slot(following)
        try:
            before, after = split_at(rest, at) if rest is not None else (None, None)
        except NotAnOccurrence:
            sentence = gettext(
                "The change from %(day)s on begins where the series has no date; it was left out."
            )
            lost.append(sentence % {"day": day(at)})
            continue
        if before is not None:
            yield _part(before, change, cut, at, home, horizon, lost)
            lost = []
        rest, change, cut = after, following, at
    if rest is not None:
        yield _part(rest, change, cut, None, home, horizon, lost)


def _part(
    series: Series,
    change: Event | None,
    cut: LocalTime,
    until: LocalTime | None,
    home: ZoneName,
    horizon: datetime,
    lost: Sequence[str],
) -> Part:
    if change is None:
        return Part(series, None, cut, until, remarks=tuple(lost))
    by = to_local(instant_at(change.start, home), series.zone) - _slot(change)
    minutes = max(1, -(-(instant_at(change.end, home) - instant_at(change.start, home)) // 60))
    if series.all_day:
        assert not isinstance(change.start, Timed)
        assert not isinstance(change.end, Timed)
        minutes = (change.end - change.start).days * 1_440
    moved, remarks = _moved(replace(series, duration_minutes=minutes), Shift(by), horizon)
    return Part(moved, change, cut, until, by, (*lost, *remarks))


def _moved(series: Series, shift: Shift, horizon: datetime) -> tuple[Series, tuple[str, ...]]:
    """The series with everything moved on the wall clock."""
    dates = tuple(shift.of(each) for each in series.rdates), tuple(shift.of(each) for each in series.exdates)
    zone = series.zone
    try:
        rule = shifted_rule(series.rrule or "", shift, series.start, old_zone=zone, new_zone=zone)
    except (CannotShift, RuleError):
        found = expand(series, within=Span(Instant(-(1 << 40)), instant_of(horizon)), limit=MOST_LISTED)
        listed = [shift.of(each.recurrence_id) for each in found]
        sentence = gettext("The changed rule can't be written as one; its dates up to %(day)s were listed.")
        told = (sentence % {"day": day(horizon)},)
        start = listed[0] if listed else shift.of(series.start)
        return replace(series, start=start, rrule=None, rdates=tuple(listed[1:]), exdates=()), told
    start = shift.of(series.start)
    return replace(series, start=start, rrule=rule or None, rdates=dates[0], exdates=dates[1]), ()


def _slot(change: Event) -> LocalTime:
    when = change.recurrence_id
    assert when is not None
    return when.local if isinstance(when, Timed) else midnight(when)
