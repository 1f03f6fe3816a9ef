"""A calendar file becomes the company's meetings, some hundreds in a transaction; the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.interop.calendars.events import ImportedEvent, events_of
from convenor.interop.calendars.people import Directory, Rooms
from convenor.interop.calendars.report import ImportedRow, ImportReport, Places, Progress, remarks_of
from convenor.interop.ics.objects import RecurrenceSet
from convenor.interop.ics.read import read_calendar
from convenor.kernel.instants import ZoneName
from convenor.scheduling.actions.importing import cancel_imported, change_imported
from convenor.scheduling.actions.meeting import create_meetings
from convenor.scheduling.actions.slots import horizon_of
from convenor.scheduling.actions.sources import open_import, record_import
from convenor.scheduling.drafts import DROP, MeetingDraft
from convenor.scheduling.enums import MeetingState
from convenor.scheduling.queries.calendars import KnownMeeting, known_meetings
from convenor.scheduling.rules.draft import check_draft

CHUNK = 200
PLACE_FIELDS = frozenset({"room_id", "setup_style"})
Pending = tuple[ImportedEvent, MeetingDraft]


def import_calendar(
    *,
    actor: Actor,
    data: bytes,
    name: str,
    default_zone: ZoneName,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring in every event of the file as a meeting of the calendar `name`; `default_zone` is for times without one.

    Never fails as a whole: what can't be imported is in `refused`, with why and where, and the rest is imported. A `dry_run` writes
    nothing; whether rooms are free shows only when it is done. Raises Refused, the permission, for who may not import.
    """
    require(actor, "calendar.import")
    calendar = read_calendar(data, default_zone=default_zone)
    report = ImportReport(is_applied=not dry_run)
    report.refused, report.repaired = remarks_of(calendar.problems)
    home = calendar.zone or default_zone
    run = _Run(
        report=report,
        places=Places(data),
        directory=Directory(actor, home, dry_run),
        actor=actor,
        now=now,
        home=home,
        dry_run=dry_run,
    )
    if calendar.sets:
        run.start(name)
    done = 0
    for chunk in _chunks(calendar.sets):
        run.take(chunk)
        done += len(chunk)
        if progress is not None:
            progress(done, len(calendar.sets))
    return run.finish()


def _chunks(sets: Iterable[RecurrenceSet]) -> Iterator[list[RecurrenceSet]]:
    rest = iter(sets)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


@dataclass(slots=True)
class _Run:
    """One import on its way."""

    report: ImportReport
    places: Places
    directory: Directory
    actor: Actor
    now: datetime
    home: ZoneName
    dry_run: bool
    rooms: Rooms = field(init=False)
    source_id: int | None = None

    def start(self, name: str) -> None:
        self.rooms = Rooms(self.actor)
        if not self.dry_run:
            source = open_import(actor=self.actor, name=name, zone=self.home, now=self.now)
            self.source_id = source.pk

    def finish(self) -> ImportReport:
        self.report.people, self.report.notes = self.directory.people, self.directory.notes
        if self.source_id is not None and self.report.changes_something:
            record_import(actor=self.actor, source_id=self.source_id, counts=self.report.counts)
        return self.report

    def take(self, chunk: Sequence[RecurrenceSet]) -> None:
        """One chunk: look up who and what is meant, then make, change and cancel."""
        horizon = horizon_of(self.now)
        events = [event for one in chunk for event in events_of(one, self.home, horizon=horizon)]
        known = known_meetings([event.uid for event in events])
        self.directory.meet(event for event in events if not _is_known(event, known))
        fresh: list[Pending] = []
        for event in events:
            there = known.get(event.uid)
            if there is not None:
                self._again(event, there)
            elif event.is_cancelled:
                self.report.unchanged.append(ImportedRow(event.uid, event.title))
            elif (draft := self._draft(event)) is not None:
                fresh.append((event, draft))
        self._create(fresh)

    # What is new

    def _draft(self, event: ImportedEvent) -> MeetingDraft | None:
        said = list(event.remarks)
        guests = self.directory.guests(event, said)
        organiser = self.directory.organiser(event, guests, said)
        for sentence in said:
            self.report.repaired.append(self.places.remark(event.uid, sentence))
        if organiser is None:
            self._refuse(event, gettext("The event names nobody who could organise the meeting."))
            return None
        return MeetingDraft(
            title=event.title,
            organiser_id=organiser,
            zone=event.series.zone,
            local_start=event.series.start,
            duration_minutes=event.series.duration_minutes,
            all_day=event.series.all_day,
            description=event.description,
            location=event.location,
            is_private=event.is_private,
            shows_as_busy=event.shows_as_busy,
            rrule=event.series.rrule or "",
            rdates=tuple(event.series.rdates),
            exdates=tuple(event.series.exdates),
            attendees=guests,
            room_id=self.rooms.of(event),
            on_clash=DROP,
            uid=event.uid,
            sequence=event.sequence,
            state=MeetingState.TENTATIVE if event.is_tentative else MeetingState.CONFIRMED,
            source_id=self.source_id,
            source_hash=event.content_hash,
            overrides=event.overrides,
        )

    def _create(self, pending: Sequence[Pending]) -> None:
        """All at once; where one can't be, the halves apart, down to the one."""
        if not pending:
            return
        try:
            self._create_all(pending)
        except (ValidationError, IntegrityError) as error:
            if len(pending) > 1:
                half = len(pending) // 2
                self._create(pending[:half])
                self._create(pending[half:])
            else:
                self._create_lame(*pending[0], error)

    def _create_all(self, pending: Sequence[Pending]) -> None:
        if self.dry_run:
            for _event, draft in pending:
                check_draft(draft, now=self.now, horizon=horizon_of(self.now)).raise_refused()
        else:
            saved = create_meetings(actor=self.actor, drafts=[draft for _, draft in pending], now=self.now)
            for (event, _draft), each in zip(pending, saved, strict=True):
                self._tell(event, [notice.sentence for notice in each.notices if notice.code == "room_clash"])
        self.report.created += [ImportedRow(event.uid, draft.title) for event, draft in pending]

    def _create_lame(self, event: ImportedEvent, draft: MeetingDraft, error: Exception) -> None:
        """One that was refused: once more without the room, if that was why."""
        if (
            isinstance(error, ValidationError)
            and draft.room_id is not None
            and error.message_dict.keys() <= PLACE_FIELDS
        ):
            self._tell(event, error.messages)
            self._create([(event, replace(draft, room_id=None))])
        else:
            self._refuse(event, _sentence(error))

    # What is there already

    def _again(self, event: ImportedEvent, there: KnownMeeting) -> None:
        row = ImportedRow(event.uid, event.title)
        if event.content_hash == there.source_hash or (event.is_cancelled and there.is_cancelled):
            self.report.unchanged.append(row)
        elif event.sequence < there.sequence or not (there.is_imported or event.sequence > there.sequence):
            self._ignore(event, there, row)
        elif event.is_cancelled:
            self._cancel(event, there, row)
        else:
            self._change(event, there, row)

    def _ignore(self, event: ImportedEvent, there: KnownMeeting, row: ImportedRow) -> None:
        """An older version, or one of our own meetings that has come back as it went out."""
        self.report.unchanged.append(row)
        if event.sequence < there.sequence:
            sentence = gettext(
                "The file has version %(theirs)d of the event; version %(ours)d is here already."
            )
            params = {"theirs": event.sequence, "ours": there.sequence}
            self._tell(event, [sentence % params])

    def _cancel(self, event: ImportedEvent, there: KnownMeeting, row: ImportedRow) -> None:
        try:
            if not self.dry_run:
                cancel_imported(
                    actor=self.actor,
                    meeting_id=there.id,
                    sequence=event.sequence,
                    source_hash=event.content_hash,
                    now=self.now,
                )
        except ValidationError as error:
            self._refuse(event, _sentence(error))
        else:
            self.report.cancelled.append(row)

    def _change(self, event: ImportedEvent, there: KnownMeeting, row: ImportedRow) -> None:
        draft = self._draft(event)
        if draft is None:
            return
        try:
            if self.dry_run:
                check_draft(draft, now=self.now, horizon=horizon_of(self.now)).raise_refused()
                self.report.changed.append(row)
                return
            done = change_imported(actor=self.actor, meeting_id=there.id, draft=draft, now=self.now)
        except ValidationError as error:
            self._refuse(event, _sentence(error))
        else:
            (self.report.changed if done.changed else self.report.unchanged).append(row)
            self._tell(event, [notice.sentence for notice in done.notices])

    # What is said

    def _tell(self, event: ImportedEvent, sentences: Iterable[str]) -> None:
        self.report.repaired += [self.places.remark(event.uid, str(each)) for each in sentences]

    def _refuse(self, event: ImportedEvent, sentence: str) -> None:
        self.report.refused.append(self.places.remark(event.uid, sentence))


def _is_known(event: ImportedEvent, known: dict[str, KnownMeeting]) -> bool:
    """Whether nobody need be looked up, since nothing can change."""
    there = known.get(event.uid)
    return there is not None and there.source_hash == event.content_hash


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(dict.fromkeys(str(each) for each in error.messages))
    return gettext("Somebody else entered a meeting with the same UID just now.")
