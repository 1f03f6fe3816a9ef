"""One typical week, filled greedily, so that most of the demo's calendar fits.

That is how a company looks where people check before they invite; what is wrong with the calendar
is put in on purpose (`trouble.py`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from convenor.demo.places import ROOMS

Slot = tuple[int, time]  # weekday, start of a half hour in Bucharest time
STEP = timedelta(minutes=30)
LISBON_BEHIND = timedelta(hours=2)  # all year: both zones change their clocks at one instant
ZONES = {"BUC": "Europe/Bucharest", "CLJ": "Europe/Bucharest", "LIS": "Europe/Lisbon"}
# Hours in Bucharest time in which all of a site work
OPEN = {"BUC": (9, 17), "CLJ": (9, 17), "LIS": (11, 19)}
LUNCH = time(13)
TURNED = frozenset(room.code for room in ROOMS if room.turn_minutes)  # these need a gap before and after


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the week something landed."""

    weekday: int
    start: time
    room: str


@dataclass(slots=True)
class WeekTemplate:
    """What each person and each room does in each half hour of the week."""

    source: random.Random
    busy: dict[str, set[Slot]] = field(default_factory=lambda: defaultdict(set))

    def place(
        self, names: Iterable[str], rooms: Iterable[str], *, sites: set[str], minutes: int
    ) -> Place | None:
        """The first place, in a shuffled order, where all names and one of the rooms are free."""
        who, where = list(names), list(rooms) or [""]
        for weekday, start in self._starts(sites, minutes):
            slots = _slots(weekday, start, minutes)
            if any(slot in self.busy[name] for name in who for slot in slots):
                continue
            reserved = _slots(weekday, _before(start), minutes + 60)
            room = next(
                (r for r in where if not self.busy[r].intersection(reserved if r in TURNED else slots)), None
            )
            if room is not None:
                self._take(who, slots)
                self._take([room] if room else [], reserved if room in TURNED else slots)
                return Place(weekday, start, room)
        return None

    def is_free(self, name: str, spot: Place, minutes: int) -> bool:
        return not self.busy[name].intersection(_slots(spot.weekday, spot.start, minutes))

    def take(self, names: Iterable[str], weekday: int, start: time, minutes: int) -> None:
        """Mark time as used that was decided elsewhere."""
        self._take(names, _slots(weekday, start, minutes))

    def _take(self, names: Iterable[str], slots: list[Slot]) -> None:
        for name in names:
            self.busy[name].update(slots)

    def _starts(self, sites: set[str], minutes: int) -> Iterator[Slot]:
        """Starts from which everybody is at work until the end, shuffled."""
        first, last = max(OPEN[site][0] for site in sites), min(OPEN[site][1] for site in sites)
        starts = [
            (weekday, time(hour, minute))
            for weekday in range(5)
            for hour in range(first, last)
            for minute in (0, 30)
            if time(hour) != LUNCH and hour * 60 + minute + minutes <= last * 60
        ]
        self.source.shuffle(starts)
        yield from starts


def _slots(weekday: int, start: time, minutes: int) -> list[Slot]:
    first = datetime.combine(date(2000, 1, 1), start)
    return [(weekday, (first + STEP * n).time()) for n in range(-(-minutes // 30))]


def _before(start: time) -> time:
    return (datetime.combine(date(2000, 1, 1), start) - STEP).time()


def rooms_at(site: str, seats: int) -> list[str]:
    """The site's ordinary rooms with that many seats, the smallest first."""
    fitting = [
        r for r in ROOMS if r.site == site and not r.needs_approval and next(iter(r.seats.values())) >= seats
    ]
    return [r.code for r in sorted(fitting, key=lambda r: (next(iter(r.seats.values())), r.code))]


def local_start(day: date, start: time, site: str) -> datetime:
    """A template time as the wall clock of the site."""
    moment = datetime.combine(day, start)
    return moment - LISBON_BEHIND if site == "LIS" else moment
