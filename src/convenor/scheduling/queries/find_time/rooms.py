"""The rooms of the question: what they offer, when they are open, when they are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import QuerySet

from convenor.base.functions import Epoch
from convenor.kernel.find_times.busy_table import BusyTable
from convenor.kernel.find_times.question import Room
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking
from convenor.scheduling.queries.freebusy import Column
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, overlapping
from convenor.scheduling.requests import RoomWanted
from convenor.venues.models import Closure, RoomEquipment, RoomSetup
from convenor.venues.models import Room as RoomRow
from convenor.venues.queries.opening import closures_of, open_spans

FACTS = (
    "pk", "code", "name", "site_id", "site__code", "accessible", "turn_minutes", "approval_needed",
    "booking_window_days", "longest_minutes", "hourly_rate",
)  # fmt: skip
Facts = tuple[int, str, str, int, str, bool, int, bool, int | None, int | None, Decimal]
Setups = dict[int, dict[str, tuple[int, int, int, bool]]]  # room: style: seats, set-up, teardown, usual


def room_facts() -> list[Facts]:
    """Every room in use, in order of its code. Staff may see all of them."""
    return _ROOMS.rows()


def rooms_of(facts: Sequence[Facts], wanted: RoomWanted, span: Span, now: datetime) -> tuple[Room, ...]:
    setups, equipment = _setups(), _equipment()
    opening = {site: tuple(spans) for site, spans in open_spans({row[3] for row in facts}, span).items()}
    return tuple(_room(row, wanted, setups[row[0]], equipment[row[0]], opening[row[3]], now) for row in facts)


def _setups() -> Setups:
    found: Setups = defaultdict(dict)
    for room, style, *rest in _SETUPS.rows():
        found[room][style] = tuple(rest)
    return found


def _equipment() -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for room, code, quantity in _EQUIPMENT.rows():
        found[room][code] = quantity
    return found


def _room(row: Facts, wanted: RoomWanted, setups: dict[str, tuple[int, int, int, bool]], equipment: dict[str, int],
          opening: tuple[Span, ...], now: datetime) -> Room:  # fmt: skip
    _pk, code, name, _site, site, accessible, turn, approval, days, longest, rate = row
    seats, setup, teardown = _layout(setups, wanted.style)
    return Room(
        key=code,
        name=name,
        site=site,
        capacity=seats,
        equipment=equipment,
        accessible=accessible,
        open=opening,
        rate_per_hour=rate,
        setup_minutes=setup,
        turn_minutes=turn + teardown,  # as a booking reserves it
        setups=frozenset(setups),
        approval_needed=approval,
        latest=None if days is None else instant_of(now + timedelta(days=days)),
        longest_minutes=longest,
    )


def _layout(setups: dict[str, tuple[int, int, int, bool]], style: str) -> tuple[int, int, int]:
    """Seats, set-up and teardown minutes in the style asked for; without one, in the usual style."""
    usual = next((layout for layout in setups.values() if layout[3]), None)
    layout = setups.get(style) if style else usual or max(setups.values(), default=None)
    return layout[:3] if layout else (0, 0, 0)


def rooms_busy(facts: Sequence[Facts], span: Span, *, ignoring_meeting: int | None) -> BusyTable:
    """Reserved times and closures, by position among the rooms; a divisible hall is busy with its parts' bookings."""
    if ignoring_meeting is None:
        begins, finishes = datetime_of(span.start), datetime_of(span.end)
        rows = _BOOKED.rows(starts_at=begins, ends_at=finishes, day_before=begins - DAY)
    else:
        rows = list(_booked(span).exclude(occurrence__meeting=ignoring_meeting))
    booked = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 3)
    closures = _closures(facts, span)
    owner, which = _owners(facts, booked[:, 0])
    return BusyTable(
        owner=np.concatenate([owner, closures[:, 0]]),
        start=np.concatenate([booked[which, 1], closures[:, 1]]),
        end=np.concatenate([booked[which, 2], closures[:, 2]]),
    )


def _owners(facts: Sequence[Facts], room_ids: Column) -> tuple[Column, Column]:
    """For each row of a room, every room among the facts that it keeps busy: their positions, and the rows'."""
    places, sharing = {row[0]: place for place, row in enumerate(facts)}, _sharing()
    pairs = [
        (room, places[other])
        for room in {*places, *sharing}
        for other in sharing.get(room, (room,))
        if other in places
    ]
    table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    first = np.searchsorted(table[:, 0], room_ids, side="left")
    past = np.searchsorted(table[:, 0], room_ids, side="right")
    many = past - first
    which = np.repeat(np.arange(len(room_ids)), many)
    nth = np.arange(len(which)) - np.repeat(many.cumsum() - many, many)
    return table[first[which] + nth, 1], which


def _closures(facts: Sequence[Facts], span: Span) -> Column:
    """Shape (rows, 3): position, start, end."""
    places = {row[0]: place for place, row in enumerate(facts)}
    any_at_all = _CLOSED.rows(starts_at=datetime_of(span.start), ends_at=datetime_of(span.end))
    closed = closures_of(list(places), span) if any_at_all else {}
    rows = [(places[room], each.span.start, each.span.end) for room, many in closed.items() for each in many]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _sharing() -> Mapping[int, Iterable[int]]:
    """For each room that shares a unit with another: itself and those others."""
    by_unit: dict[int, list[int]] = defaultdict(list)
    for unit, room in _LINKS.rows():
        by_unit[unit].append(room)
    sharing: dict[int, set[int]] = defaultdict(set)
    for rooms in by_unit.values():
        for room in rooms if len(rooms) > 1 else ():
            sharing[room].update(rooms)
    return sharing


def _booked(span: Span) -> QuerySet[Booking, Any]:
    """Room, reserved from, reserved until."""
    bookings = Booking.objects.filter(room__isnull=False).exclude(state=BookingState.RELEASED).order_by()
    rows = overlapping(bookings, span, start="reserved_start", end="reserved_end")
    return rows.values_list("room_id", Epoch("reserved_start"), Epoch("reserved_end"))


def _booked_between(
    *, starts_at: datetime, ends_at: datetime, day_before: datetime
) -> QuerySet[Booking, Any]:
    assert starts_at - DAY == day_before
    return _booked(Span(instant_of(starts_at), instant_of(ends_at)))


_ROOMS = Prepared(lambda: RoomRow.objects.filter(is_active=True).order_by("code").values_list(*FACTS))
_SETUPS = Prepared(
    lambda: RoomSetup.objects.order_by().values_list(
        "room_id", "style", "capacity", "setup_minutes", "teardown_minutes", "is_default"
    )
)
_EQUIPMENT = Prepared(
    lambda: RoomEquipment.objects.order_by().values_list("room_id", "equipment__code", "quantity")
)
_LINKS = Prepared(lambda: RoomRow.units.through.objects.order_by().values_list("bookableunit_id", "room_id"))
_BOOKED = Prepared(_booked_between, **EXAMPLE)
_CLOSED = Prepared(
    lambda *, starts_at, ends_at: (
        Closure.objects.filter(ends_at__gt=starts_at, starts_at__lt=ends_at).order_by().values_list("pk")[:1]
    ),
    starts_at=EXAMPLE["starts_at"],
    ends_at=EXAMPLE["ends_at"],
)
