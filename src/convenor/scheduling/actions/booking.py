"""Booking rooms and equipment for one occurrence, letting them go, deciding on those that need approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit, outbox
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.actions.creation import approvals_of, need_of
from convenor.scheduling.actions.editing import (
    Edit,
    active_bookings,
    draft_of,
    grow,
    occurrence_snapshot,
    open_edit,
)
from convenor.scheduling.actions.pieces import settle_pieces
from convenor.scheduling.actions.record import Change, people_of, put_on_record, snapshot
from convenor.scheduling.actions.rooms import Wish, expire, release, settle_rooms
from convenor.scheduling.enums import BookingState, OccurrenceState
from convenor.scheduling.models import Booking, Occurrence
from convenor.scheduling.queries.facts import person_facts, room_facts
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.queries.pieces import PieceWish
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, check_room
from convenor.scheduling.staleness import Scope, note_all_stale

DECISION = "booking_decision"


@action
def book_room(
    *,
    actor: Actor,
    occurrence_id: int,
    room_id: int,
    style: str = "",
    hold_until: datetime | None = None,
    now: datetime,
) -> Booking:
    """Book one more room for the occurrence, or hold it; booking a room that is held already confirms it.

    Raises RoomClashes with what is in the way and the best other room, ValidationError, Refused,
    Occurrence.DoesNotExist.
    """
    edit, occurrence = _open(actor, occurrence_id)
    room = _room(room_id)
    style = style or edit.meeting.setup_style
    _check_hold(hold_until, now)
    draft = draft_of(edit.meeting, edit.attendees)
    need = need_of(draft, person_facts(each.person_id for each in edit.attendees))
    found = Findings()
    check_room(found, room, need)
    found.raise_refused()
    booked = [each for each in active_bookings([occurrence.pk]) if each.room_id]
    same = next((each for each in booked if each.room_id == room_id), None)
    if same is not None:
        same.state = BookingState.CONFIRMED  # a hold ends here; whether it needs approval is looked at again
    wish = Wish(occurrence, room, style, same)
    (booking,) = settle_rooms(
        actor=edit.actor, wishes=[wish], need=need, now=now, hold_until=hold_until
    ).bookings
    before = [each.room_id for each in booked if each.room_id]
    _record(edit, occurrence, "booking.made", before, sorted({*before, room_id}), [booking], {room_id: room})
    return booking


def _check_hold(hold_until: datetime | None, now: datetime) -> None:
    if hold_until is not None and hold_until <= now:
        raise ValidationError({"hold_until": [_("A hold must end in the future.")]})


@action
def book_equipment(
    *, actor: Actor, occurrence_id: int, equipment_id: int, quantity: int = 1, site_id: int, now: datetime
) -> Booking:
    """Book free pieces of one kind of movable equipment; a second booking of the kind replaces the first's number.

    ValidationError says how many are free. Otherwise raises as book_room.
    """
    edit, occurrence = _open(actor, occurrence_id)
    if quantity < 1:
        raise ValidationError({"equipment": [_("Ask for one piece at least.")]})
    bookings = active_bookings([occurrence.pk])
    same = next((each for each in bookings if each.equipment_id == equipment_id), None)
    wish = PieceWish(occurrence, equipment_id, quantity, site_id, same)
    (booking,) = settle_pieces(actor=edit.actor, wishes=[wish], now=now)
    rooms = [each.room_id for each in bookings if each.room_id]
    _record(edit, occurrence, "booking.equipment_made", rooms, rooms, [booking], {})
    return booking


@action
def release_booking(*, actor: Actor, booking_id: int) -> None:
    """Let a room or equipment go. Raises Booking.DoesNotExist for what the actor may not see, Refused."""
    booking = Booking.objects.get(pk=booking_id)
    edit, occurrence = _open_of(actor, booking)
    bookings = active_bookings([occurrence.pk])
    if booking_id not in {each.pk for each in bookings}:
        return
    release([booking_id])
    before = [each.room_id for each in bookings if each.room_id]
    after = [each.room_id for each in bookings if each.room_id and each.pk != booking_id]
    _record(edit, occurrence, "booking.released", before, after, [booking], {})


@action
def decide_booking(*, actor: Actor, booking_id: int, approve: bool, now: datetime) -> Booking:
    """Approve or decline a pending booking; what is declined is let go, and the organiser is told.

    Raises Booking.DoesNotExist, Refused, and ValidationError for one that isn't pending any more.
    """
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("occurrence__meeting")
    booking = rows.get(pk=booking_id, room__isnull=False)
    room = _room(booking.room_id or 0)
    require(actor, "booking.decide", room)
    if booking.state != BookingState.PENDING:
        raise ValidationError({"booking": [_("This booking doesn't wait for a decision any more.")]})
    before = {"state": booking.state}
    booking.state = BookingState.CONFIRMED if approve else BookingState.RELEASED
    booking.decided_by_id, booking.decided_at = actor.person_id, now
    booking.save(update_fields=["state", "decided_by", "decided_at"])
    if not approve:
        release([booking.pk])
    verb = "booking.approved" if approve else "booking.declined"
    audit.record(actor=actor, action=verb, obj=booking, before=before, after={"state": booking.state})
    _tell_organiser(booking, verb)
    _note_stale([booking])
    return booking


@action
def expire_holds(now: datetime) -> int:
    """Release every hold whose time is up; how many. Run every minute; an expired hold blocks nobody until then either."""
    held = Booking.objects.filter(state=BookingState.HELD, hold_expires_at__lte=now).order_by("pk")
    over = list(held.select_for_update(no_key=True, of=("self",)).select_related("occurrence__meeting"))
    count = expire({each.pk for each in over})
    for booking in over:
        _tell_organiser(booking, "booking.expired")
    _note_stale(over)
    return count


def _open(actor: Actor, occurrence_id: int) -> tuple[Edit, Occurrence]:
    occurrence = occurrence_for(actor, occurrence_id)
    edit = open_edit(actor, occurrence.meeting_id, None)
    occurrence.refresh_from_db(fields=["starts_at", "ends_at", "state", "is_long"])  # as it is under the lock
    if occurrence.state == OccurrenceState.CANCELLED:
        raise ValidationError({"occurrence": [_("This occurrence is cancelled.")]})
    return edit, occurrence


def _open_of(actor: Actor, booking: Booking) -> tuple[Edit, Occurrence]:
    try:
        return _open(actor, booking.occurrence_id)
    except Occurrence.DoesNotExist as error:
        raise Booking.DoesNotExist from error


def _room(room_id: int) -> RoomFacts:
    found = room_facts([room_id]).get(room_id)
    if found is None:
        raise ValidationError({"room_id": [_("There is no such room.")]})
    return found


def _record(
    edit: Edit,
    occurrence: Occurrence,
    verb: str,
    rooms_before: Sequence[int],
    rooms_after: Sequence[int],
    bookings: Sequence[Booking],
    facts: dict[int, RoomFacts],
) -> None:
    """The place of one occurrence changed: that is a new version, and for attendees a new SEQUENCE."""
    meeting, people = edit.meeting, people_of(edit.attendees)
    grow(meeting, sequence=sorted(rooms_before) != sorted(rooms_after))
    meeting.save(update_fields=["version", "sequence"])
    change = Change(
        meeting=meeting,
        action=verb,
        before=edit.before | occurrence_snapshot(occurrence, rooms_before),
        after=snapshot(meeting, edit.attendees) | occurrence_snapshot(occurrence, rooms_after),
        tells=people if sorted(rooms_before) != sorted(rooms_after) else (),
        recurrence_id=occurrence.recurrence_id,
        person_ids=people,
        room_ids={*rooms_before, *rooms_after},
        occurrence_ids=[occurrence.pk],
        spans=[(each.reserved_start, each.reserved_end) for each in bookings],
        approvals=approvals_of(bookings, facts) if facts else {},
    )
    put_on_record(edit.actor, [change])


def _tell_organiser(booking: Booking, verb: str) -> None:
    meeting = booking.occurrence.meeting
    outbox.put(
        kind=DECISION,
        key=f"{verb}:{booking.pk}:{meeting.version}",
        payload={"booking_id": booking.pk, "person_id": meeting.organiser_id, "what": verb},
    )


def _note_stale(bookings: Sequence[Booking]) -> None:
    note_all_stale(
        [
            Scope(
                room_ids=[each.room_id] if each.room_id else [],
                occurrence_ids=[each.occurrence_id],
                span=Span(instant_of(each.reserved_start), instant_of(each.reserved_end)),
            )
            for each in bookings
        ]
    )
