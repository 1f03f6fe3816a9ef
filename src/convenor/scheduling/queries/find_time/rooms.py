"""The rooms of the question: what they offer, when they are open, when they are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from convenor.base.functions import Epoch
from convenor.kernel.find_times.busy_table import BusyTable
from convenor.kernel.find_times.question import Room
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking
from convenor.scheduling.queries.windows import in_window
from convenor.scheduling.requests import RoomWanted
from convenor.venues.models import Room as RoomRow
from convenor.venues.models import RoomEquipment, RoomSetup
from convenor.venues.queries.opening import closures_of, open_spans

FACTS = (
    "pk", "code", "name", "site_id", "site__code", "accessible", "turn_minutes", "approval_needed",
    "booking_window_days", "longest_minutes", "hourly_rate",
)  # fmt: skip
Facts = tuple[int, str, str, int, str, bool, int, bool, int | None, int | None, Decimal]
Setups = dict[int, dict[str, tuple[int, int, int, bool]]]  # room: style: seats, set-up, teardown, usual


def room_facts() -> list[Facts]:
    """Every room in use, in order of its code. Staff may see all of them."""
    return list(RoomRow.objects.filter(is_active=True).order_by("code").values_list(*FACTS))


def rooms_of(facts: Sequence[Facts], wanted: RoomWanted, span: Span, now: datetime) -> tuple[Room, ...]:
    setups, equipment = _setups(), _equipment()
    opening = {site: tuple(spans) for site, spans in open_spans({row[3] for row in facts}, span).items()}
    return tuple(_room(row, wanted, setups[row[0]], equipment[row[0]], opening[row[3]], now) for row in facts)


def _setups() -> Setups:
    found: Setups = defaultdict(dict)
    columns = ("room_id", "style", "capacity", "setup_minutes", "teardown_minutes", "is_default")
    for room, style, *rest in RoomSetup.objects.order_by().values_list(*columns):
        found[room][style] = tuple(rest)
    return found


def _equipment() -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for room, code, quantity in RoomEquipment.objects.order_by().values_list(
        "room_id", "equipment__code", "quantity"
    ):
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
    places = {row[0]: place for place, row in enumerate(facts)}
    window = in_window(span, start="reserved_start", end="reserved_end")
    bookings = Booking.objects.filter(window, room__isnull=False).exclude(state=BookingState.RELEASED)
    if ignoring_meeting is not None:
        bookings = bookings.exclude(occurrence__meeting=ignoring_meeting)
    rows = bookings.order_by().values_list("room_id", Epoch("reserved_start"), Epoch("reserved_end"))
    sharing = _sharing()
    table = [(places[r], s, e) for room, s, e in rows for r in sharing.get(room, (room,)) if r in places]
    closed = closures_of(list(places), span)
    table += [(places[room], c.span.start, c.span.end) for room, many in closed.items() for c in many]
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    return BusyTable(owner=columns[:, 0], start=columns[:, 1], end=columns[:, 2])


def _sharing() -> Mapping[int, Iterable[int]]:
    """For each room that shares a unit with another: itself and those others."""
    links = RoomRow.units.through.objects.order_by().values_list("bookableunit_id", "room_id")
    by_unit: dict[int, list[int]] = defaultdict(list)
    for unit, room in links:
        by_unit[unit].append(room)
    sharing: dict[int, set[int]] = defaultdict(set)
    for rooms in by_unit.values():
        for room in rooms if len(rooms) > 1 else ():
            sharing[room].update(rooms)
    return sharing
