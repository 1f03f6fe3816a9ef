"""Everything on a meeting's page, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.base.permissions import may
from convenor.base.queries import history_of
from convenor.kernel.instants import LocalTime, Span, ZoneName, instant_of
from convenor.scheduling.enums import BookingState, MeetingState, OccurrenceState
from convenor.scheduling.models import Booking, Meeting, Occurrence
from convenor.scheduling.queries.conflicts.rows import ConflictRow, conflicts_for
from convenor.scheduling.queries.meetings import (
    OccurrenceRow,
    ParticipantRow,
    meeting_for,
    occurrence_for,
    occurrence_rows_for,
    participants_for,
)
from convenor.scheduling.rules.draft import MINUTES_A_DAY
from convenor.scheduling.sentences.series import series_in_words
from convenor.venues.queries.rooms import rooms_for

UPCOMING = 8
HISTORY = 30


@dataclass(frozen=True, slots=True)
class BookedThing:
    """A room or equipment of one occurrence; `may_decide` of one that waits for approval."""

    id: int
    room_id: int | None
    label: str
    place: str
    state: BookingState
    hold_expires_at: datetime | None
    may_decide: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """`shown` is the occurrence that the page is about; None where the meeting never had one.

    `mine` are the parts of the reader and of those in whose name they may act.
    """

    meeting: Meeting
    occurrence: Occurrence | None
    shown: OccurrenceRow | None
    series: str
    participants: Sequence[ParticipantRow]
    mine: Sequence[ParticipantRow]
    bookings: Sequence[BookedThing]
    upcoming: Sequence[OccurrenceRow]
    conflicts: Sequence[ConflictRow]
    history: Sequence[AuditEntry]
    may_edit: bool
    may_cancel: bool
    may_confirm: bool
    is_cancelled: bool

    @property
    def days(self) -> int:
        """How many whole days an all-day meeting lasts."""
        return max(self.meeting.duration_minutes // MINUTES_A_DAY, 1)

    @property
    def room_ids(self) -> list[int]:
        return [each.room_id for each in self.bookings if each.room_id is not None]


def occurrence_page_for(actor: Actor, occurrence_id: int, *, now: datetime) -> MeetingPage:
    """Raises Occurrence.DoesNotExist for one that the actor may not read."""
    occurrence = occurrence_for(actor, occurrence_id)
    return _page(actor, meeting_for(actor, occurrence.meeting_id), occurrence, now)


def meeting_page_for(actor: Actor, meeting_id: int, *, now: datetime) -> MeetingPage:
    """The page of its next occurrence, else of its last. Raises Meeting.DoesNotExist."""
    meeting = meeting_for(actor, meeting_id)
    return _page(actor, meeting, next_occurrence(meeting, now=now), now)


def next_occurrence(meeting: Meeting, *, now: datetime) -> Occurrence | None:
    """The next that takes place and isn't over; without one, the last there was."""
    rows = meeting.occurrences.select_related("meeting__organiser")
    ahead = rows.filter(state=OccurrenceState.SCHEDULED, ends_at__gt=now).order_by("starts_at", "pk").first()
    return ahead or rows.order_by("-starts_at", "-pk").first()


def _page(actor: Actor, meeting: Meeting, occurrence: Occurrence | None, now: datetime) -> MeetingPage:
    start, zone = LocalTime(meeting.local_start), ZoneName(meeting.zone)
    shown = occurrence_rows_for(actor, [occurrence.pk]) if occurrence else []
    is_cancelled = meeting.state == MeetingState.CANCELLED or (
        occurrence is not None and occurrence.state == OccurrenceState.CANCELLED
    )
    participants = _participants(actor, occurrence)
    return MeetingPage(
        meeting=meeting,
        occurrence=occurrence,
        shown=shown[0] if shown else None,
        series=series_in_words(meeting.rrule, start, zone, extra_dates=len(meeting.rdates)),
        participants=participants,
        mine=[row for row in participants if row.may_answer and actor.may_act_for(row.person_id)],
        bookings=_bookings(actor, occurrence) if occurrence else (),
        upcoming=_upcoming(actor, meeting, now) if meeting.is_series else (),
        conflicts=_conflicts(actor, occurrence, now) if occurrence and not is_cancelled else (),
        history=_history(actor, meeting),
        may_edit=may(actor, "meeting.edit", meeting) and not is_cancelled,
        may_cancel=may(actor, "meeting.cancel", meeting) and not is_cancelled,
        may_confirm=may(actor, "meeting.confirm", meeting) and meeting.state == MeetingState.TENTATIVE,
        is_cancelled=is_cancelled,
    )


def _participants(actor: Actor, occurrence: Occurrence | None) -> Sequence[ParticipantRow]:
    return participants_for(actor, occurrence.pk) if occurrence else ()


def _bookings(actor: Actor, occurrence: Occurrence) -> list[BookedThing]:
    rows = Booking.objects.filter(occurrence=occurrence).exclude(state=BookingState.RELEASED)
    return [_booked(actor, each) for each in rows.select_related("room__site", "equipment").order_by("pk")]


def _booked(actor: Actor, booking: Booking) -> BookedThing:
    room, kind = booking.room, booking.equipment
    pending = booking.state == BookingState.PENDING
    return BookedThing(
        id=booking.pk,
        room_id=booking.room_id,
        label=f"{room.code} {room.name}" if room else f"{booking.quantity} × {kind}",
        place=str(room.site) if room else "",
        state=BookingState(booking.state),
        hold_expires_at=booking.hold_expires_at,
        may_decide=pending and may(actor, "booking.decide", room),
    )


def _upcoming(actor: Actor, meeting: Meeting, now: datetime) -> list[OccurrenceRow]:
    ahead = meeting.occurrences.filter(state=OccurrenceState.SCHEDULED, ends_at__gt=now)
    keys = ahead.order_by("starts_at", "pk").values_list("pk", flat=True)[:UPCOMING]
    return occurrence_rows_for(actor, list(keys))


def _conflicts(actor: Actor, occurrence: Occurrence, now: datetime) -> list[ConflictRow]:
    if occurrence.ends_at <= now:
        return []
    span = Span(instant_of(occurrence.starts_at), instant_of(occurrence.ends_at))
    found = conflicts_for(actor, span=span, now=now)
    return [row for row in found if any(meeting.occurrence_id == occurrence.pk for meeting in row.meetings)]


def _history(actor: Actor, meeting: Meeting) -> list[AuditEntry]:
    """For whoever is in charge of the meeting, and those for whom the log is."""
    if not (may(actor, "audit.see") or may(actor, "meeting.edit", meeting)):
        return []
    return list(history_of(meeting)[:HISTORY])


def free_room_choices(actor: Actor, page: MeetingPage) -> list[tuple[int, str]]:
    """Rooms that could be booked besides, by site and code."""
    taken = set(page.room_ids)
    rooms = rooms_for(actor).prefetch_related(None)
    return [
        (room.pk, f"{room.code} {room.name} · {room.site}")
        for room in rooms
        if room.pk not in taken and page.may_edit
    ]


def occurrence_key_for(actor: Actor, uid: str, starts_at: datetime) -> int | None:
    """The occurrence of a meeting, known by UID, at that time, if the actor may read it."""
    rows = Occurrence.objects.filter(meeting__uid=uid, starts_at=starts_at).values_list("pk", flat=True)
    key = rows.first()
    readable = key is not None and any(not row.is_masked for row in occurrence_rows_for(actor, [key]))
    return key if readable else None
