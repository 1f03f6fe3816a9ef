"""Calendars that come in: added, read, removed. What they say about somebody's time is kept row by row and only changed where it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.actions.slots import LONG
from convenor.scheduling.enums import SourceState
from convenor.scheduling.models import CalendarSource, ExternalBusy
from convenor.scheduling.queries.calendars import source_for
from convenor.scheduling.staleness import note_stale

LEAST_MINUTES, MOST_MINUTES = 15, 7 * 24 * 60
MOST_CALENDARS = 50
LONGEST_WAIT = timedelta(days=1)
NEVER_READ_WAIT = timedelta(hours=6)
Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class BusyTime:
    """Somebody's time that another calendar takes; instants are aware UTC, `uid` and start tell it apart."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of one reading to make the next one cheap."""

    content_hash: str
    etag: str = ""
    last_modified: str = ""
    refresh_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class BusyChanges:
    """How many busy times came and went."""

    added: int = 0
    removed: int = 0


@action
def add_source(
    *, actor: Actor, person_id: int, name: str, now: datetime, url: str = "", zone: str = ""
) -> CalendarSource:
    """A calendar of one person; with a `url` it is due at once. Raises Refused, ValidationError."""
    require(actor, "calendar.subscribe", person_id)
    if CalendarSource.objects.filter(person=person_id).count() >= MOST_CALENDARS:
        sentence = gettext("There are %(most)d calendars already; remove one first.")
        raise ValidationError({"__all__": [sentence % {"most": MOST_CALENDARS}]})
    source = CalendarSource(person_id=person_id, next_read_at=now if url else None)
    changes = {"name": name, "url": url, "zone": zone}
    save_row(actor=actor, action="calendar.added", row=source, changes=changes)
    return source


@action
def remove_source(*, actor: Actor, source_id: int) -> None:
    """The calendar and all its busy times go. Raises CalendarSource.DoesNotExist."""
    source = source_for(actor, source_id)
    require(actor, "calendar.subscribe", source.person_id)
    rows = list(source.busy_times.order_by("starts_at"))
    _tell(source, rows)
    delete_row(actor=actor, action="calendar.removed", row=source)


@action
def hurry_source(*, actor: Actor, source_id: int, now: datetime) -> CalendarSource:
    """Have it read again as soon as possible. Raises CalendarSource.DoesNotExist."""
    source = source_for(actor, source_id)
    require(actor, "calendar.subscribe", source.person_id)
    CalendarSource.objects.filter(pk=source.pk).update(next_read_at=now)
    return source


@action
def open_import(*, actor: Actor, name: str, zone: str, now: datetime) -> CalendarSource:
    """The company's calendar of that name, to which imported meetings belong; made when it isn't there."""
    require(actor, "calendar.import")
    clean = " ".join(name.split())[:200] or gettext("Imported calendar")
    source = CalendarSource.objects.filter(person__isnull=True, url="", name=clean).order_by("pk").first()
    if source is None:
        source = CalendarSource()
        save_row(actor=actor, action="calendar.added", row=source, changes={"name": clean, "zone": zone})
    CalendarSource.objects.filter(pk=source.pk).update(state=SourceState.READ, read_at=now, last_error="")
    return source


@action
def take_busy_times(
    *, source_id: int, times: Sequence[BusyTime], reading: Reading, now: datetime
) -> BusyChanges:
    """Make the calendar's busy times these. Only what differs is written. Raises CalendarSource.DoesNotExist."""
    source = CalendarSource.objects.select_for_update(no_key=True).get(pk=source_id)
    assert source.person_id is not None
    wanted: dict[Key, BusyTime] = {(each.uid, each.starts_at): each for each in times}
    there = {(row.uid, row.starts_at): row for row in source.busy_times.all()}
    gone = [row for key, row in there.items() if not _says(row, wanted.get(key))]
    fresh = [each for key, each in wanted.items() if not _says(there.get(key), each)]
    ExternalBusy.objects.filter(pk__among=[row.pk for row in gone]).delete()
    made = ExternalBusy.objects.bulk_create(
        [_row(source, source.person_id, each) for each in fresh], batch_size=1_000
    )
    _tell(source, [*gone, *made])
    minutes = reading.refresh_minutes
    if minutes is not None:
        source.refresh_minutes = max(LEAST_MINUTES, min(minutes, MOST_MINUTES))
    source.etag, source.last_modified = reading.etag[:500], reading.last_modified[:100]
    source.content_hash = reading.content_hash
    _read(source, now)
    return BusyChanges(len(made), len(gone))


@action
def note_unchanged(*, source_id: int, now: datetime) -> None:
    """It was asked for, and nothing was new."""
    _read(CalendarSource.objects.select_for_update(no_key=True).get(pk=source_id), now)


@action
def note_failure(*, source_id: int, sentence: str, now: datetime) -> None:
    """It couldn't be read: its busy times stay, the sentence is shown, and it is asked for ever more rarely, at last once a day."""
    source = CalendarSource.objects.select_for_update(no_key=True).get(pk=source_id)
    usual = timedelta(minutes=source.refresh_minutes)
    failing_for = now - source.read_at if source.read_at else timedelta()
    if source.read_at is None and source.state == SourceState.FAILING:
        failing_for = NEVER_READ_WAIT
    source.state, source.last_error = SourceState.FAILING, sentence
    source.next_read_at = now + max(usual, min(failing_for, LONGEST_WAIT)) if source.url else None
    source.save(update_fields=["state", "last_error", "next_read_at"])


def _says(row: ExternalBusy | None, wanted: BusyTime | None) -> bool:
    return (
        row is not None and wanted is not None and (row.ends_at, row.title) == (wanted.ends_at, wanted.title)
    )


def _row(source: CalendarSource, person_id: int, each: BusyTime) -> ExternalBusy:
    return ExternalBusy(
        source=source,
        person_id=person_id,
        uid=each.uid,
        title=each.title,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        is_long=each.ends_at - each.starts_at > LONG,
    )


def _read(source: CalendarSource, now: datetime) -> None:
    source.state, source.last_error, source.read_at = SourceState.READ, "", now
    source.next_read_at = now + timedelta(minutes=source.refresh_minutes) if source.url else None
    source.save()


def _tell(source: CalendarSource, rows: Sequence[ExternalBusy]) -> None:
    """What was busy, or is now, is to be looked at again for conflicts."""
    if rows and source.person_id is not None:
        start = min(instant_of(row.starts_at) for row in rows)
        end = max(instant_of(row.ends_at) for row in rows)
        note_stale(person_ids=[source.person_id], span=Span(start, end))


@action
def record_import(*, actor: Actor, source_id: int, counts: Mapping[str, int]) -> None:
    """One line in the audit log for a whole file, beside those of its meetings."""
    source = CalendarSource.objects.get(pk=source_id)
    audit.record(actor=actor, action="calendar.imported", obj=source, after=dict(counts))
