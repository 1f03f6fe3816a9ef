"""Rooms and equipment of a meeting that changes: what follows its occurrence, what is let go, what is new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.pieces import settle_pieces
from convenor.scheduling.actions.rooms import Settled, Wish, release, settle_rooms
from convenor.scheduling.drafts import KEEP, REFUSE, EquipmentDraft, OnClash, Unset
from convenor.scheduling.models import Booking, Claim, Occurrence
from convenor.scheduling.queries.pieces import PieceWish
from convenor.scheduling.rules.room import RoomFacts, RoomNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerooming:
    """What the change says of places. KEEP: every occurrence keeps its own, at its new time."""

    room_id: int | Unset | None = KEEP
    more: tuple[int, ...] = ()  # besides a room that is given
    equipment: Sequence[EquipmentDraft] | Unset = KEEP
    on_clash: OnClash = REFUSE
    style: str | Unset = KEEP
    new_style: str = ""  # of rooms that an occurrence hasn't had so far
    site_id: int | None = None

    def chosen(self) -> Mapping[LocalTime, int | None]:
        return {} if isinstance(self.on_clash, str) else self.on_clash


def rooms_to_know(bookings: Iterable[Booking], rerooming: Rerooming) -> set[int]:
    rooms = {each.room_id for each in bookings} | set(rerooming.chosen().values()) | set(rerooming.more)
    if rerooming.room_id is not KEEP:
        rooms.add(rerooming.room_id)
    return {room for room in rooms if room is not None}


def settle_places(
    *,
    actor: Actor,
    occurrences: Sequence[Occurrence],
    gone: Collection[int],
    fresh: Collection[int],
    bookings: Sequence[Booking],
    rerooming: Rerooming,
    rooms: Mapping[int, RoomFacts],
    need: RoomNeed,
    now: datetime,
) -> Settled:
    """Book what the occurrences need now, release what they don't, and everything of the occurrences `gone` (keys).

    The `fresh` ones (keys), which the change has made, get what most others have.

    Raises RoomClashes, ValidationError.
    """
    of_gone = [each.pk for each in bookings if each.occurrence_id in gone]
    release(of_gone)
    of_rooms = [each for each in bookings if each.room_id and each.occurrence_id not in gone]
    of_pieces = [each for each in bookings if each.equipment_id and each.occurrence_id not in gone]
    wishes, let_go = _room_wishes(occurrences, fresh, of_rooms, rerooming, rooms)
    settled = settle_rooms(actor=actor, wishes=wishes, need=need, now=now, let_go=let_go)
    piece_wishes, pieces_gone = _piece_wishes(occurrences, fresh, of_pieces, rerooming)
    pieces = settle_pieces(actor=actor, wishes=piece_wishes, now=now, let_go=pieces_gone)
    released = len(of_gone) + len(let_go) + len(pieces_gone)
    return Settled((*settled.bookings, *pieces), settled.notices, released)


def _room_wishes(
    occurrences: Sequence[Occurrence],
    fresh: Collection[int],
    bookings: Sequence[Booking],
    rerooming: Rerooming,
    rooms: Mapping[int, RoomFacts],
) -> tuple[list[Wish], list[int]]:
    """What to book anew or at a new time, and the bookings to let go. A choice for a date goes before the room of all."""
    present: dict[int, dict[int, Booking]] = defaultdict(dict)
    for each in bookings:
        present[each.occurrence_id][each.room_id or 0] = each
    usual = _usual(each.room_id for each in bookings)
    wishes: list[Wish] = []
    let_go: list[int] = []
    for occurrence in occurrences:
        has = present.get(occurrence.pk, {})
        own = [usual] if usual and occurrence.pk in fresh else sorted(has)
        wanted = _rooms_of(occurrence, own, rerooming)
        let_go += [booking.pk for room, booking in has.items() if room not in wanted]
        for room in wanted:
            wish = _wish(occurrence, rooms[room], has.get(room), rerooming)
            if wish is not None:
                wishes.append(wish)
    return wishes, let_go


def _rooms_of(occurrence: Occurrence, own: list[int], rerooming: Rerooming) -> list[int]:
    chosen = rerooming.chosen()
    if occurrence.recurrence_id in chosen:
        one = chosen[occurrence.recurrence_id]
    elif rerooming.room_id is not KEEP:
        return [room for room in dict.fromkeys((rerooming.room_id, *rerooming.more)) if room is not None]
    else:
        return own
    return [] if one is None else [one]


def _usual(rooms: Iterable[int | None]) -> int | None:
    """The room that most occurrences have."""
    counts = Counter(room for room in rooms if room)
    return min(counts, key=lambda room: (-counts[room], room), default=None)


def _wish(
    occurrence: Occurrence, room: RoomFacts, booking: Booking | None, rerooming: Rerooming
) -> Wish | None:
    """None where the booking stands as it should already."""
    style = booking.setup_style if booking else rerooming.new_style
    if rerooming.style is not KEEP:
        style = rerooming.style
    if booking is not None and style == booking.setup_style and _is_in_time(booking, occurrence):
        return None
    return Wish(occurrence, room, style if room.setup(style) else "", booking)


def _is_in_time(booking: Booking, occurrence: Occurrence) -> bool:
    return (booking.starts_at, booking.ends_at) == (occurrence.starts_at, occurrence.ends_at)


def _piece_wishes(
    occurrences: Sequence[Occurrence],
    fresh: Collection[int],
    bookings: Sequence[Booking],
    rerooming: Rerooming,
) -> tuple[list[PieceWish], list[int]]:
    present: dict[int, dict[int, Booking]] = defaultdict(dict)
    for each in bookings:
        present[each.occurrence_id][each.equipment_id or 0] = each
    sites = dict(
        Claim.objects.filter(booking__in=[each.pk for each in bookings]).values_list("booking", "unit__site")
    )
    usual = next(iter(present.values()), {})
    wishes: list[PieceWish] = []
    let_go: list[int] = []
    for occurrence in occurrences:
        has = present.get(occurrence.pk, {})
        wanted = _pieces_of(usual if occurrence.pk in fresh else has, sites, rerooming)
        let_go += [booking.pk for kind, booking in has.items() if kind not in wanted]
        for kind, (quantity, site) in wanted.items():
            booking = has.get(kind)
            same_time = booking and (booking.starts_at, booking.ends_at) == (
                occurrence.starts_at,
                occurrence.ends_at,
            )
            if (
                booking is None
                or not same_time
                or booking.quantity != quantity
                or sites.get(booking.pk) != site
            ):
                wishes.append(PieceWish(occurrence, kind, quantity, site, booking))
    return wishes, let_go


def _pieces_of(
    has: Mapping[int, Booking], sites: Mapping[int, int], rerooming: Rerooming
) -> dict[int, tuple[int, int]]:
    """Kind to how many, where."""
    if rerooming.equipment is KEEP:
        return {kind: (booking.quantity, sites.get(booking.pk, 0)) for kind, booking in has.items()}
    return {
        each.equipment_id: (each.quantity, each.site_id or rerooming.site_id or 0)
        for each in rerooming.equipment
    }
