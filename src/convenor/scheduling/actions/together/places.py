"""The rooms and the equipment of many occurrences of several meetings: each booking follows, changes room, or is let go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.scheduling.actions.creation import approvals_of
from convenor.scheduling.actions.pieces import settle_pieces
from convenor.scheduling.actions.rooms import Wish, settle_rooms
from convenor.scheduling.actions.together.opening import Part, needs_of
from convenor.scheduling.drafts import Notice
from convenor.scheduling.models import Booking, Claim
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.queries.pieces import PieceWish
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, check_room

Choices = Mapping[int, int | None]
"""For bookings by their key another room, or none: the booking is let go. Of equipment, only none counts."""
NO_NEED = RoomNeed()


@dataclass(slots=True)
class Placed:
    """What came of it, by occurrence."""

    rooms: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    approvals: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    bookings: int = 0


def place(
    actor: Actor, parts: Sequence[Part], choices: Choices, now: datetime, *, anew: bool = False
) -> Placed:
    """Give every occurrence its places at the time it has now; `anew` books again what was let go.

    Raises RoomClashes with all that is blocked and the best other room for each, and ValidationError where too few
    pieces are free or a chosen room can't do. Bookings already at their occurrence's time stay untouched.
    """
    rooms = room_facts(_room_ids(parts, choices))
    needs = needs_of(parts)
    _check_rooms(parts, choices, rooms, needs, anew=anew)
    sites = _sites(parts)
    wishes: list[Wish] = []
    pieces: list[PieceWish] = []
    let_go: list[int] = []
    for part in parts:
        need = needs.get(part.edit.meeting.pk, NO_NEED)
        for booking in part.bookings:
            chosen = choices.get(booking.pk, booking.room_id or 0)
            if not anew and chosen != (booking.room_id or 0):
                let_go.append(booking.pk)
            if chosen is None or (chosen == (booking.room_id or 0) and _stays(part, booking, anew=anew)):
                continue
            kept = booking if not anew and chosen == (booking.room_id or 0) else None
            if booking.equipment_id:
                kind, count, site = booking.equipment_id, booking.quantity, sites.get(booking.pk, 0)
                pieces.append(PieceWish(part.row, kind, count, site, kept))
            else:
                own = chosen == booking.room_id
                style = booking.setup_style if own else part.edit.meeting.setup_style
                wishes.append(Wish(part.row, rooms[chosen], style, kept, need, booking.pk))
    settled = settle_rooms(actor=actor, wishes=wishes, need=NO_NEED, now=now, let_go=let_go)
    made = [*settled.bookings, *settle_pieces(actor=actor, wishes=pieces, now=now)]
    return _placed(parts, made, let_go, rooms, settled.notices)


def _room_ids(parts: Sequence[Part], choices: Choices) -> set[int]:
    found = {room for part in parts for room in part.room_ids}
    mine = {each.pk for part in parts for each in part.bookings}
    return found | {room for key, room in choices.items() if room is not None and key in mine}


def _stays(part: Part, booking: Booking, *, anew: bool) -> bool:
    window = part.row.starts_at, part.row.ends_at
    return not anew and (booking.starts_at, booking.ends_at) == window


def _check_rooms(
    parts: Sequence[Part],
    choices: Choices,
    rooms: Mapping[int, RoomFacts],
    needs: Mapping[int, RoomNeed],
    *,
    anew: bool,
) -> None:
    """A room that is chosen now must do; one that is booked again must at least still be in use."""
    found = Findings()
    for part in parts:
        for booking in part.bookings:
            chosen = choices.get(booking.pk, booking.room_id)
            if chosen is None or booking.equipment_id:
                continue
            if chosen not in rooms:
                found.refuse("room_id", "unknown", _("There is no such room."))
            elif chosen != booking.room_id:
                check_room(found, rooms[chosen], needs[part.edit.meeting.pk])
            elif anew and not rooms[chosen].is_active:
                sentence = _("%(room)s is no longer in use.") % {"room": rooms[chosen].label}
                found.refuse("room_id", "room_retired", sentence)
    found.raise_refused()


def _sites(parts: Sequence[Part]) -> dict[int, int]:
    """Where the pieces of equipment are, by booking; also of bookings that were let go. One query, none without equipment."""
    keys = [each.pk for part in parts for each in part.bookings if each.equipment_id]
    if not keys:
        return {}
    return dict(Claim.objects.filter(booking__among=keys).values_list("booking", "unit__site"))


def _placed(
    parts: Sequence[Part],
    made: Iterable[Booking],
    let_go: Collection[int],
    rooms: Mapping[int, RoomFacts],
    notices: Iterable[Notice],
) -> Placed:
    placed = Placed(notices=list(notices))
    of: dict[int, list[Booking]] = defaultdict(list)
    for booking in made:
        of[booking.occurrence_id].append(booking)
        placed.bookings += 1
    for part in parts:
        new = of[part.row.pk]
        seen = {each.pk for each in new}
        gone = {*let_go, *seen}
        stayed = [each.room_id for each in part.bookings if each.room_id and _is_kept(each, part, gone)]
        placed.rooms[part.row.pk] = [*stayed, *(each.room_id for each in new if each.room_id)]
        placed.approvals[part.row.pk] = approvals_of(new, rooms)
        part.spans += [(each.reserved_start, each.reserved_end) for each in new]
    return placed


def _is_kept(booking: Booking, part: Part, gone: Collection[int]) -> bool:
    window = part.row.starts_at, part.row.ends_at
    return booking.pk not in gone and (booking.starts_at, booking.ends_at) == window
