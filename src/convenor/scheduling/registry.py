"""What higher apps add to the schedule in their `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from convenor.base.actor import Actor
from convenor.scheduling.enums import ConflictKind, PartStat
from convenor.scheduling.models import Occurrence
from convenor.scheduling.rules.conflicts import people, rooms, series
from convenor.scheduling.rules.conflicts.found import Detector


class Unit(Enum):
    """What a detector's findings belong to, and so when they are looked for again."""

    OCCURRENCE = "occurrence"  # about one occurrence: again when it, its people or its rooms changed
    PERSON = "person"  # about a person's time: again when what they have to do in that time changed
    MOMENT = "moment"  # about the present: again at every look


@dataclass(frozen=True, slots=True)
class Watch:
    """A detector with the kinds that it alone finds."""

    kinds: frozenset[str]
    unit: Unit
    detect: Detector


conflict_detectors: list[Watch] = [
    Watch(frozenset({ConflictKind.PERSON_DOUBLE_BOOKED}), Unit.PERSON, people.double_bookings),
    Watch(frozenset({ConflictKind.NO_TRAVEL_TIME}), Unit.PERSON, people.no_travel_times),
    Watch(frozenset({ConflictKind.ZONE_SHIFT}), Unit.PERSON, series.zone_shifts),
    Watch(frozenset({ConflictKind.PERSON_AWAY}), Unit.OCCURRENCE, people.people_away),
    Watch(frozenset({ConflictKind.PERSON_GONE}), Unit.OCCURRENCE, people.people_gone),
    Watch(frozenset({ConflictKind.HOLIDAY}), Unit.OCCURRENCE, people.holidays),
    Watch(frozenset({ConflictKind.OUT_OF_HOURS}), Unit.OCCURRENCE, people.out_of_hours),
    Watch(frozenset({ConflictKind.ROOM_CLOSED}), Unit.OCCURRENCE, rooms.rooms_closed),
    Watch(frozenset({ConflictKind.ROOM_TOO_SMALL}), Unit.OCCURRENCE, rooms.rooms_too_small),
    Watch(frozenset({ConflictKind.ROOM_UNEQUIPPED}), Unit.OCCURRENCE, rooms.rooms_unequipped),
    Watch(frozenset({ConflictKind.SITE_SHUT}), Unit.OCCURRENCE, rooms.sites_shut),
    Watch(frozenset({ConflictKind.BOOKING_EXPIRING}), Unit.MOMENT, rooms.bookings_expiring),
]


time_guards: list[Callable[[Sequence[Occurrence]], Iterable[str]]] = []
"""Each answers, for occurrences that take place at other times than before (set, not saved yet), one sentence for each
that can't be then. Asked whenever a meeting is changed by itself, under its lock; not when many are moved together."""


change_followers: list[Callable[[Actor, Collection[int], Collection[int]], None]] = []
"""Each is told of the meetings and the occurrences (by key) that were just changed, moved, called off or revived, in the same
transaction, after they were written: what hangs on them follows. At most a query for what nothing hangs on."""


answer_followers: list[Callable[[Actor, Collection[int], int, PartStat, datetime], None]] = []
"""Each is told that somebody (the person's key) just answered for these occurrences, and when, in the same transaction."""


def kinds_of(unit: Unit) -> set[str]:
    return {kind for watch in conflict_detectors if watch.unit is unit for kind in watch.kinds}
