"""From a meeting's definition to the rows of its occurrences and of who takes part in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from convenor.kernel.instants import (
    MINUTE,
    Instant,
    LocalTime,
    Span,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
)
from convenor.kernel.recurrence import Series, expand
from convenor.scheduling.enums import OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Meeting, Occurrence, Participation

MOST_ROWS = 20_000
LONG = timedelta(days=1)
_BEFORE_ALL = Instant(-(1 << 40))


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that the series gives; instants are aware UTC."""

    recurrence_id: LocalTime
    starts_at: datetime
    ends_at: datetime


def horizon_of(now: datetime) -> datetime:
    """Up to when occurrences are kept as rows."""
    return now + timedelta(days=settings.HORIZON_DAYS)


def until_of(series: Series, now: datetime) -> datetime:
    """The horizon; for a series that only starts after it, the end of its first day, so that it shows.

    Dates that are listed one by one (RDATE without a rule) are all made at once.
    """
    listed = () if series.rrule else series.rdates
    last = max(to_instant(each, series.zone) for each in (series.start, *listed))
    return max(horizon_of(now), datetime_of(last) + timedelta(days=1))


def slots_of(series: Series, *, until: datetime, since: datetime | None = None) -> list[Slot]:
    """The times up to `until` that share time with what comes after `since`, in order."""
    start = instant_of(since) if since else _BEFORE_ALL
    found = expand(series, within=Span(start, instant_of(until)), limit=MOST_ROWS)
    return [
        Slot(each.recurrence_id, datetime_of(each.span.start), datetime_of(each.span.end)) for each in found
    ]


def single_slot(start: LocalTime, zone: ZoneName, minutes: int, *, all_day: bool) -> Slot:
    """The one time of a meeting that doesn't repeat; days of an all-day meeting are the calendar's (RFC 5545 §3.3.6)."""
    begins = to_instant(start, zone)
    ends = Instant(begins + minutes * MINUTE)
    if all_day:
        ends = to_instant(LocalTime(start + timedelta(minutes=minutes)), zone)
    return Slot(start, datetime_of(begins), datetime_of(Instant(max(ends, begins + MINUTE))))


def series_of_meeting(meeting: Meeting) -> Series:
    return Series(
        start=meeting.local_start,
        zone=ZoneName(meeting.zone),
        duration_minutes=meeting.duration_minutes,
        rrule=meeting.rrule or None,
        rdates=locals_of(meeting.rdates),
        exdates=locals_of(meeting.exdates),
        all_day=meeting.all_day,
    )


def locals_of(texts: Iterable[str]) -> tuple[LocalTime, ...]:
    return tuple(LocalTime(datetime.fromisoformat(text)) for text in texts)


def texts_of(times: Iterable[LocalTime]) -> list[str]:
    return [each.isoformat() for each in sorted(set(times))]


def set_times(row: Occurrence | Participation, starts_at: datetime, ends_at: datetime) -> None:
    row.starts_at, row.ends_at, row.is_long = starts_at, ends_at, ends_at - starts_at > LONG


def occurrences_of(meeting: Meeting, slots: Iterable[Slot]) -> list[Occurrence]:
    rows: list[Occurrence] = []
    for slot in slots:
        row = Occurrence(meeting=meeting, recurrence_id=slot.recurrence_id)
        set_times(row, slot.starts_at, slot.ends_at)
        rows.append(row)
    return rows


def participations_of(
    meeting: Meeting,
    occurrences: Sequence[Occurrence],
    attendees: Sequence[Attendee],
    answers: dict[int, PartStat] | None = None,
) -> list[Participation]:
    """One row for each attendee and (saved) occurrence; the organiser has accepted, others as `answers` say, by person."""
    known = {**(answers or {}), meeting.organiser_id: PartStat.ACCEPTED}
    rows: list[Participation] = []
    for occurrence in occurrences:
        happens = occurrence.state == OccurrenceState.SCHEDULED and meeting.shows_as_busy
        for attendee in attendees:
            partstat = known.get(attendee.person_id, PartStat.NEEDS_ACTION)
            rows.append(
                Participation(
                    occurrence_id=occurrence.pk,
                    person_id=attendee.person_id,
                    role=attendee.role,
                    partstat=partstat,
                    blocks=happens and partstat != PartStat.DECLINED,
                    starts_at=occurrence.starts_at,
                    ends_at=occurrence.ends_at,
                    is_long=occurrence.is_long,
                )
            )
    return rows
