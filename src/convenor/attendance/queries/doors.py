"""The doors of an event as their page shows them: which is on now, how many came, who is on the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from convenor.attendance.enums import COMING, ScanKind, SeatState
from convenor.attendance.models import Registration, Roll, Scan, Seat
from convenor.attendance.queries.seats import words_in
from convenor.attendance.queries.visibility import roll_for, rolls_for
from convenor.attendance.rules.check_in import code_in
from convenor.base.actor import Actor

EARLY = timedelta(hours=1)
"""So long before it begins people come to a door."""
MOST_FOUND, MOST_NEWS = 20, 200
COLUMNS = (
    *("registration_id", "registration__code", "registration__name", "registration__organisation"),
    *("state", "checked_in_at", "checked_out_at"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A roll whose people are checked in. `title` is empty for the event itself."""

    roll: Roll
    title: str
    starts_at: datetime | None
    ends_at: datetime | None

    def is_on(self, now: datetime) -> bool:
        if self.starts_at is None or self.ends_at is None:
            return False
        return self.starts_at - EARLY <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """`came` have been checked in, of whom `inside` haven't gone out; `free` None: without a limit."""

    came: int
    expected: int
    inside: int
    free: int | None


@dataclass(frozen=True, slots=True)
class OnList:
    """Somebody on the list, with what a device at the door may keep: no address, no needs. `state` None: not on this one."""

    registration_id: int
    code: str
    name: str
    organisation: str
    state: str | None
    in_at: datetime | None = None
    out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """One of the last movements at a door."""

    registration_id: int
    name: str
    kind: str
    at: datetime
    device: str


def doors_for(actor: Actor, event_id: int) -> list[Door]:
    """The event itself first, then its functions by their start. Raises Event.DoesNotExist, Refused."""
    return [door_of(roll) for roll in rolls_for(actor, event_id, "roll.check_in")]


def door_for(actor: Actor, roll_id: int) -> Door:
    """Raises Roll.DoesNotExist, Refused."""
    return door_of(roll_for(actor, roll_id, "roll.check_in"))


def door_of(roll: Roll) -> Door:
    if roll.function is None:
        return Door(roll, "", roll.event.starts_at, roll.event.ends_at)
    occurrence = roll.function.occurrence
    return Door(roll, occurrence.title or occurrence.meeting.title, occurrence.starts_at, occurrence.ends_at)


def door_now(doors: Iterable[Door], now: datetime) -> Door | None:
    """The one that people come to now: what is on, the function before the whole; else what comes next, else the first."""
    known = list(doors)
    on = [each for each in known if each.is_on(now)]
    if on:
        return max(on, key=lambda each: (bool(each.title), each.starts_at, -each.roll.pk))
    coming = [each for each in known if each.starts_at is not None and each.starts_at > now]
    return min(
        coming, key=lambda each: (each.starts_at, bool(each.title), each.roll.pk), default=None
    ) or next(iter(known), None)


def counts_at(roll: Roll) -> DoorCounts:
    """One query."""
    came = Q(state=SeatState.CHECKED_IN)
    found = Seat.objects.filter(roll=roll).aggregate(
        came=Count("pk", filter=came),
        expected=Count("pk", filter=Q(state__in=COMING)),
        inside=Count("pk", filter=came & Q(checked_out_at__isnull=True)),
    )
    free = None if roll.limit is None else max(roll.limit - roll.taken - roll.allotted, 0)
    return DoorCounts(free=free, **found)


def people_at(roll: Roll) -> list[OnList]:
    """Everybody on the list, and of a function's also who is registered for the event without it. Two queries."""
    seated = [OnList(*row) for row in _seats(roll).order_by("registration__name", "pk").values_list(*COLUMNS)]
    return seated + _unseated(_elsewhere(roll).order_by("name", "pk"))


def found_at(roll: Roll, text: str) -> list[OnList]:
    """Those whose name, organisation or address has these words, or whose code it is. Two queries; none without words."""
    if not text.strip():
        return []
    code = code_in(text)
    rows = _seats(roll).filter(Q(registration__in=_meant(roll, text)) | Q(registration__code=code))
    found = [
        OnList(*row) for row in rows.order_by("registration__name", "pk").values_list(*COLUMNS)[:MOST_FOUND]
    ]
    others = _elsewhere(roll).filter(words_in(text) | Q(code=code)).order_by("name", "pk")
    return (found + _unseated(others[:MOST_FOUND]))[:MOST_FOUND]


def _unseated(rows: QuerySet[Registration]) -> list[OnList]:
    facts = rows.values_list("pk", "code", "name", "organisation")
    return [OnList(pk, code, name, organisation, None) for pk, code, name, organisation in facts]


def _seats(roll: Roll) -> QuerySet[Seat]:
    return Seat.objects.filter(roll=roll)


def _meant(roll: Roll, text: str) -> QuerySet[Registration]:
    return Registration.objects.filter(words_in(text), event=roll.event_id).values("pk")  # type: ignore[return-value]  # a subquery of keys


def _elsewhere(roll: Roll) -> QuerySet[Registration]:
    return Registration.objects.filter(event=roll.event_id).exclude(
        pk__in=_seats(roll).values("registration")
    )


def news_at(roll: Roll, after: int) -> tuple[int, list[OnList] | None]:
    """How far the door's scans go now, and whom those after `after` touched; None if they are too many. Two queries."""
    latest = Scan.objects.filter(roll=roll).aggregate(latest=Max("pk"))["latest"] or 0
    if latest <= after:
        return latest, []
    touched = Scan.objects.filter(roll=roll, pk__gt=after, pk__lte=latest).values("seat")
    rows = [
        OnList(*row) for row in _seats(roll).filter(pk__in=touched).values_list(*COLUMNS)[: MOST_NEWS + 1]
    ]
    return latest, rows if len(rows) <= MOST_NEWS else None


def last_at(roll: Roll, most: int = 8) -> list[Last]:
    """The latest movements that count, by when they were made. One query."""
    rows = Scan.objects.filter(roll=roll, counts=True).order_by("-at", "-pk")
    columns = ("seat__registration_id", "seat__registration__name", "kind", "at", "device")
    return [Last(*row) for row in rows.values_list(*columns)[:most]]


def moved(last: Last) -> str:
    """The movement's word."""
    return str(ScanKind(last.kind).label)
