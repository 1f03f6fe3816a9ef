"""The engine beneath find-a-time on prepared data: OR of everybody's calendars, where the meeting fits, and any of 200 rooms.

Beside it stands the least time in which memory can be read at all: the calendars' bytes over what a plain copy moves. A figure near it
can't be bettered by a cleverer program, only by reading less.
"""

from __future__ import annotations

import timeit
from functools import reduce
from operator import or_

import numpy as np

from benchmarks.measurement import Measurement, median_seconds
from convenor.kernel.find_times.grid import Grid, RoomFits, bits_by_owner, cells_of, starts_that_fit
from convenor.kernel.instants import Instant

QUARTER, WEEKS = 900, 4
GRID = Grid(Instant(1_767_571_200), QUARTER, WEEKS * 7 * 96)
BUSY_EACH, ROOMS, BOOKINGS_EACH = 20, 200, 400
LENGTH, HEADCOUNT = 4, 8
TARGETS = {50: 5, 500: 50, 5_000: 500}  # attendees: microseconds
LARGE_COPY = 256 << 20
MICROSECONDS = 1_000_000


def run() -> list[Measurement]:
    rooms = room_fits(np.random.default_rng(2))
    measured = []
    for attendees, target in TARGETS.items():
        calendars = busy_bits(np.random.default_rng(1), attendees, BUSY_EACH)
        value = _microseconds(calendars, rooms)
        measured.append(Measurement(f"find_times_kernel_{attendees}", "schedule", value, "µs", target))
    # Held to the target too: were the bound above it, no program could meet the target on this machine.
    bound = bandwidth_bound(max(TARGETS))
    name = f"find_times_kernel_bandwidth_bound_{max(TARGETS)}"
    return [*measured, Measurement(name, "schedule", bound, "µs", TARGETS[max(TARGETS)])]


def starts(calendars: list[int], rooms: RoomFits) -> int:
    """What is measured: when everybody and some room are free for an hour."""
    return starts_that_fit(GRID.full & ~reduce(or_, calendars), LENGTH) & rooms.starts(LENGTH, HEADCOUNT)


def busy_bits(chance: np.random.Generator, owners: int, each: int) -> list[int]:
    """So many owners' busy time: meetings of up to two hours anywhere in four weeks."""
    begin = GRID.start + chance.integers(0, GRID.slots, owners * each) * QUARTER
    end = begin + chance.integers(1, 8, owners * each) * QUARTER
    return bits_by_owner(GRID, np.repeat(np.arange(owners), each), begin, end, owners)


def room_fits(chance: np.random.Generator) -> RoomFits:
    """Two hundred rooms of five seats and more, 400 bookings each."""
    busy = busy_bits(chance, ROOMS, BOOKINGS_EACH)
    return RoomFits([(5 + i, GRID.full & ~bits) for i, bits in enumerate(busy)])


def bandwidth_bound(attendees: int) -> float:
    """Microseconds to read the calendars' bytes at the rate at which a large block is copied (each byte read and written: twice its
    size moves).
    """
    source = np.ones(LARGE_COPY, np.uint8)
    target = np.empty_like(source)
    bytes_a_second = 2 * LARGE_COPY / median_seconds(lambda: np.copyto(target, source))
    return attendees * GRID.slots / 8 / bytes_a_second * MICROSECONDS


def _microseconds(calendars: list[int], rooms: RoomFits) -> float:
    """One call's share of a loop long enough for the clock; the median of such loops."""
    assert starts(calendars, rooms) == _by_hand(calendars, rooms)
    loops = max(1, 50_000 // len(calendars))
    timer = timeit.Timer(lambda: starts(calendars, rooms))
    return median_seconds(lambda: timer.timeit(loops), runs=9) / loops * MICROSECONDS


def _by_hand(calendars: list[int], rooms: RoomFits) -> int:
    """The same, cell by cell: what is measured must be right."""
    busy = {cell for bits in calendars for cell in cells_of(bits)}
    free = [i for i in range(GRID.slots - LENGTH + 1) if busy.isdisjoint(range(i, i + LENGTH))]
    with_room = rooms.starts(LENGTH, HEADCOUNT)
    return sum(1 << i for i in free if (with_room >> i) & 1)
