"""What could be done about a conflict. Each way is looked for by `find_times` when it is shown, so that it works, and says what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.instants import datetime_of, instant_of
from convenor.scheduling.enums import AttendeeRole, BookingState, ConflictKind, Scope
from convenor.scheduling.models import Booking, Conflict
from convenor.scheduling.queries.conflicts.mending import (
    Mend,
    Slot,
    mends_of,
    other_room,
    other_time,
)
from convenor.scheduling.queries.conflicts.rows import ConflictRow, conflict_for
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.sentences.conflicts import quoted, when

SHORTEST_MINUTES = 15
MOST_TO_MOVE = 2
ROOM_KINDS = frozenset(
    {
        ConflictKind.ROOM_CLOSED,
        ConflictKind.ROOM_TOO_SMALL,
        ConflictKind.ROOM_UNEQUIPPED,
        ConflictKind.SITE_SHUT,
    }
)
DECLINE_KINDS = frozenset(
    {
        ConflictKind.PERSON_DOUBLE_BOOKED,
        ConflictKind.PERSON_AWAY,
        ConflictKind.NO_TRAVEL_TIME,
        ConflictKind.ZONE_SHIFT,
    }
)
NOT_MOVED = frozenset({ConflictKind.PERSON_GONE, ConflictKind.BOOKING_EXPIRING})


@dataclass(frozen=True, slots=True)
class Move:
    """Give an occurrence another time, length or room; `version` is of the meeting as it was seen."""

    occurrence_id: int
    version: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None  # None keeps what it has
    scope: Scope = Scope.ONE


@dataclass(frozen=True, slots=True)
class Decline:
    occurrence_id: int
    person_id: int
    scope: Scope = Scope.ONE


@dataclass(frozen=True, slots=True)
class Release:
    booking_id: int


@dataclass(frozen=True, slots=True)
class Decide:
    """Approve a pending booking."""

    booking_id: int


@dataclass(frozen=True, slots=True)
class Confirm:
    """Make a hold a booking."""

    occurrence_id: int
    room_id: int


Deed = Move | Decline | Release | Decide | Confirm


@dataclass(frozen=True, slots=True)
class WayOut:
    """`label` goes on the button, `effect` says in full what it would do; `key` is the same as long as the way is open."""

    key: str
    label: str
    effect: str
    deed: Deed


def ways_out_for(actor: Actor, conflict_id: int, *, now: datetime) -> list[WayOut]:
    """What this actor may do about it, best first; nothing is changed. Raises Conflict.DoesNotExist.

    Times are looked for in the five working days before and after, for the same people and a room that does.
    """
    row = conflict_for(actor, conflict_id, now=now)
    facts = Conflict.objects.values_list("facts", flat=True).get(pk=conflict_id)
    mends = mends_of(actor, [each.occurrence_id for each in row.meetings if not each.is_masked])
    own = [mend for mend in mends if mend.may_edit]
    return [
        *_bookings(actor, row, facts.get("booking")),
        *_rooms(actor, row, own, now),
        *_times(actor, row, facts, own, now),
        *_shorter(row, own, now),
        *_declines(actor, row, mends),
        *_releases(row, facts.get("booking"), own),
    ]


def _bookings(actor: Actor, row: ConflictRow, booking_id: int | None) -> Iterator[WayOut]:
    if row.kind != ConflictKind.BOOKING_EXPIRING or row.room_id is None or booking_id is None:
        return
    booking = Booking.objects.select_related("occurrence__meeting").filter(pk=booking_id).first()
    room = room_facts([row.room_id]).get(row.room_id)
    if booking is None or room is None:
        return
    values = {"room": room.label, "meeting": quoted(booking.occurrence.meeting.title)}
    if booking.state == BookingState.HELD and may(actor, "meeting.edit", booking.occurrence.meeting):
        effect = _("%(room)s is booked for %(meeting)s for good.") % values
        yield WayOut(
            f"confirm:{booking.pk}", _("Confirm the booking"), effect, Confirm(booking.occurrence_id, room.id)
        )
    if booking.state == BookingState.PENDING and may(actor, "booking.decide", room):
        effect = _("%(room)s is approved for %(meeting)s; the organiser is told.") % values
        yield WayOut(f"approve:{booking.pk}", _("Approve"), effect, Decide(booking.pk))


def _rooms(actor: Actor, row: ConflictRow, mends: Sequence[Mend], now: datetime) -> Iterator[WayOut]:
    """The room that fits best and is free at the same time; for too short a way, one where they come from or go to."""
    if row.kind in ROOM_KINDS:
        wishes: list[tuple[Mend, int | None]] = [(mend, None) for mend in mends if len(mend.room_ids) == 1]
    elif row.kind == ConflictKind.NO_TRAVEL_TIME and len(mends) == 2:
        first, second = mends
        wishes = [(first, second.site_id), (second, first.site_id)]
    else:
        return
    for mend, site in wishes:
        slot = other_room(actor, mend, site_id=site, now=now)
        if slot is not None and slot.room_id not in mend.room_ids:
            yield _room_way(mend, slot)


def _room_way(mend: Mend, slot: Slot) -> WayOut:
    values = {"room": slot.room_name, "meeting": quoted(mend.title), "reasons": slot.said}
    effect = _("%(meeting)s keeps its time and is in %(room)s. %(reasons)s") % values
    move = Move(mend.occurrence_id, mend.version, mend.starts_at, mend.ends_at, slot.room_id)
    key = f"room:{mend.occurrence_id}:{mend.version}:{slot.room_id}"
    return WayOut(key, _("Use %(room)s") % values, effect.strip(), move)


def _times(
    actor: Actor, row: ConflictRow, facts: dict[str, object], mends: Sequence[Mend], now: datetime
) -> Iterator[WayOut]:
    """Another time for the meeting that is easiest to move; with two, for the next one too."""
    if row.kind in NOT_MOVED:
        return
    listed = facts.get("people")
    people = [*(listed if isinstance(listed, list) else []), *([row.person_id] if row.person_id else [])]
    scope = Scope.FOLLOWING if row.kind == ConflictKind.ZONE_SHIFT else Scope.ONE
    movable = sorted(
        (mend for mend in mends if mend.is_movable), key=lambda mend: (mend.priority, -mend.occurrence_id)
    )
    for mend in movable[:MOST_TO_MOVE]:
        slot = other_time(actor, mend, must_come=people, now=now)
        if slot is not None:
            yield _time_way(mend, slot, scope)


def _time_way(mend: Mend, slot: Slot, scope: Scope) -> WayOut:
    start, end = datetime_of(slot.span.start), datetime_of(slot.span.end)
    at = when(start, end)
    values = {"meeting": quoted(mend.title), "when": at, "room": slot.room_name, "reasons": slot.said}
    if scope == Scope.FOLLOWING:
        sentence = _("%(meeting)s and all that follow move to this time: %(when)s. %(reasons)s")
    elif slot.room_id is not None:
        sentence = _("%(meeting)s moves to %(when)s in %(room)s. %(reasons)s")
    else:
        sentence = _("%(meeting)s moves to %(when)s. %(reasons)s")
    room = None if slot.room_id in mend.room_ids else slot.room_id
    key = f"time:{mend.occurrence_id}:{mend.version}:{slot.span.start}:{slot.room_id or 0}:{scope}"
    label = _("Move %(meeting)s to %(when)s") % values
    move = Move(mend.occurrence_id, mend.version, start, end, room, scope)
    return WayOut(key, label, (sentence % values).strip(), move)


def _shorter(row: ConflictRow, mends: Sequence[Mend], now: datetime) -> Iterator[WayOut]:
    """The one that runs into the other ends when that begins, if enough of it is left."""
    if row.kind != ConflictKind.PERSON_DOUBLE_BOOKED or len(row.meetings) != 2:
        return
    first, second = row.meetings
    left = second.starts_at - first.starts_at
    mend = next((each for each in mends if each.occurrence_id == first.occurrence_id), None)
    runs_into = first.ends_at <= second.ends_at and left >= max(
        first.ends_at - second.starts_at, timedelta(minutes=SHORTEST_MINUTES)
    )
    if mend is None or not mend.is_movable or not runs_into or second.starts_at <= now:
        return
    values = {"meeting": quoted(mend.title), "when": when(first.starts_at, second.starts_at)}
    effect = _("%(meeting)s ends when the other begins: %(when)s.") % values
    move = Move(mend.occurrence_id, mend.version, first.starts_at, second.starts_at)
    key = f"shorten:{mend.occurrence_id}:{mend.version}:{instant_of(second.starts_at)}"
    yield WayOut(key, _("Shorten %(meeting)s") % values, effect, move)


def _declines(actor: Actor, row: ConflictRow, mends: Sequence[Mend]) -> Iterator[WayOut]:
    """Take the person off: of several meetings, off those where they are optional, else off the least important."""
    if (
        row.kind not in DECLINE_KINDS
        or row.person_id is None
        or not may(actor, "meeting.respond", row.person_id)
    ):
        return
    roles = [(mend, mend.role_of(row.person_id)) for mend in mends]
    asked = [(mend, role) for mend, role in roles if role is not None and role != AttendeeRole.CHAIR]
    optional = [mend for mend, role in asked if role == AttendeeRole.OPTIONAL]
    least = sorted((mend for mend, _role in asked), key=lambda mend: (mend.priority, mend.occurrence_id))
    scope = Scope.FOLLOWING if row.kind == ConflictKind.ZONE_SHIFT else Scope.ONE
    for mend in optional or least[:1]:
        values = {
            "person": row.person_name,
            "meeting": quoted(mend.title),
            "when": when(mend.starts_at, mend.ends_at),
        }
        effect = _("%(person)s declines %(meeting)s, %(when)s; the organiser is told.") % values
        key = f"decline:{mend.occurrence_id}:{row.person_id}:{scope}"
        deed = Decline(mend.occurrence_id, row.person_id, scope)
        yield WayOut(key, _("Decline %(meeting)s for %(person)s") % values, effect, deed)


def _releases(row: ConflictRow, booking_id: int | None, mends: Sequence[Mend]) -> Iterator[WayOut]:
    if row.room_id is None or booking_id is None:
        return
    for mend in mends:
        if booking_id in mend.booking_ids:
            values = {"room": row.room_code, "meeting": quoted(mend.title)}
            effect = _("%(meeting)s has no room any more; %(room)s is free for others.") % values
            yield WayOut(f"release:{booking_id}", _("Let %(room)s go") % values, effect, Release(booking_id))
