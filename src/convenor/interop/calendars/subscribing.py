"""Somebody's own calendar, from an address that is read again and again or from a file: it counts as their busy time, nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.interop.calendars.busy import busy_times
from convenor.interop.fetch import FetchRefused, NotModified, clean_url, fetch_calendar
from convenor.interop.ics.objects import Calendar
from convenor.interop.ics.problems import ProblemCode
from convenor.interop.ics.read import read_calendar
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.scheduling.actions.sources import (
    BusyChanges,
    BusyTime,
    Reading,
    add_source,
    note_failure,
    note_unchanged,
    take_busy_times,
)
from convenor.scheduling.queries.calendars import own_file_of, source_to_read

BEFORE = timedelta(days=31)
LONGEST_NAME = 200
# What makes a file unreadable as a whole, whatever else it holds.
FATAL = frozenset({ProblemCode.NOT_A_CALENDAR, ProblemCode.FILE_TOO_LARGE})


class NotRead(Exception):
    """The calendar as a whole can't be read; the sentence is what `str` gives."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose calendar it is, as far as reading it goes; `zone` is for times that name none."""

    email: str
    zone: ZoneName

    def mark(self, now: datetime) -> str:
        """Changes once a week, for the horizon moves on even where the calendar stays the same, and with the owner's zone."""
        year, week, _day = now.isocalendar()
        return hashlib.sha256(f"{year} {week} {self.zone} {self.email}".encode()).hexdigest()[:16]


def subscribe(*, actor: Actor, person_id: int, url: str, name: str, now: datetime) -> int:
    """Have the worker read the calendar at the address from now on; the source's key.

    Raises Refused, and ValidationError for an address that can't be one or that is subscribed already.
    """
    try:
        address = clean_url(url)
    except FetchRefused as refused:
        raise ValidationError({"url": [refused.message]}) from refused
    clean = " ".join(name.split())[:LONGEST_NAME] or address[:LONGEST_NAME]
    return int(add_source(actor=actor, person_id=person_id, name=clean, url=address, now=now).pk)


def refresh_source(source_id: int, now: datetime) -> BusyChanges | None:
    """Read the calendar again; None where nothing was new or it failed, which is noted with a sentence.

    Raises CalendarSource.DoesNotExist. Outside of any transaction: it waits for others' servers.
    """
    source = source_to_read(source_id)
    assert source.person is not None
    owner = _Owner(source.person.email, ZoneName(source.zone or source.person.zone))
    mark = owner.mark(now)
    is_fresh = source.content_hash.startswith(mark)
    try:
        found = fetch_calendar(
            source.url,
            etag=source.etag if is_fresh else "",
            last_modified=source.last_modified if is_fresh else "",
            allow_private=settings.FETCH_PRIVATE_NETWORKS,
        )
        if isinstance(found, NotModified) or _hash(mark, found.data) == source.content_hash:
            note_unchanged(source_id=source_id, now=now)
            return None
        calendar, times = _read(found.data, owner, now)
    except FetchRefused as refused:
        note_failure(source_id=source_id, sentence=refused.message, now=now)
        return None
    except NotRead as error:
        note_failure(source_id=source_id, sentence=str(error), now=now)
        return None
    minutes = int(calendar.refresh.total_seconds()) // 60 if calendar.refresh else None
    reading = Reading(_hash(mark, found.data), found.etag, found.last_modified, minutes)
    return take_busy_times(source_id=source_id, times=times, reading=reading, now=now)


@action
def take_own_file(
    *, actor: Actor, person_id: int, email: str, name: str, data: bytes, zone: ZoneName, now: datetime
) -> BusyChanges:
    """A person's own file, once: busy times as of a subscription. A file of the same name replaces the one before.

    Raises Refused, and ValidationError where the file as a whole can't be read.
    """
    require(actor, "calendar.subscribe", person_id)
    owner = _Owner(email, zone)
    try:
        _calendar, times = _read(data, owner, now)
    except NotRead as error:
        raise ValidationError({"file": [str(error)]}) from error
    clean = " ".join(name.split())[:LONGEST_NAME] or gettext("Imported calendar")
    source = own_file_of(person_id, clean) or add_source(
        actor=actor, person_id=person_id, name=clean, zone=zone, now=now
    )
    reading = Reading(_hash(owner.mark(now), data))
    return take_busy_times(source_id=source.pk, times=times, reading=reading, now=now)


def _read(data: bytes, owner: _Owner, now: datetime) -> tuple[Calendar, list[BusyTime]]:
    """What can be read of it; single components that can't be are passed over. Raises NotRead."""
    calendar = read_calendar(data, default_zone=owner.zone)
    for problem in calendar.problems:
        if problem.code in FATAL:
            raise NotRead(problem.sentence)
    span = Span(instant_of(now - BEFORE), instant_of(now + timedelta(days=settings.HORIZON_DAYS)))
    zone = calendar.zone or owner.zone
    return calendar, busy_times(calendar, span, zone=zone, email=owner.email)


def _hash(mark: str, data: bytes) -> str:
    return mark + hashlib.sha256(data).hexdigest()[:48]
