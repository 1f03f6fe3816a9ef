"""Why a room can't be had at a time, in a sentence, and which other room can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.scheduling.drafts import RoomSuggestion
from convenor.scheduling.models import Occurrence
from convenor.scheduling.queries.claims import Taken, TakenUnits, taken_units
from convenor.scheduling.queries.facts import rooms_in_use_at
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import EXAMPLE
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, spare_seats, too_early, too_long
from convenor.scheduling.rules.wording import span_in, times_in
from convenor.venues.models import Closure
from convenor.venues.queries.opening import Closed, closures_of

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room at a time: event time, reserved time, and what may not exceed the room's limits."""

    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    reserved: Window


@dataclass(slots=True)
class Obstacles:
    """What stands in the way of each wish, by its place in the list; `expired` are bookings of holds to let go."""

    limits: dict[int, str] = field(default_factory=dict)
    closed: dict[int, Closed] = field(default_factory=dict)
    taken: dict[int, Taken] = field(default_factory=dict)
    expired: set[int] = field(default_factory=set)

    @property
    def blocked(self) -> list[int]:
        return sorted({*self.limits, *self.closed, *self.taken})


def obstacles(
    wanted: Sequence[Wanted], *, now: datetime, may_exceed: bool, ignoring: Collection[int] = ()
) -> Obstacles:
    """Three queries, and one more for each stretch of wishes that lie far apart. Wishes stand in each other's way too.

    `ignoring` are occurrences whose own bookings don't count: they are about to be moved.
    """
    units = {unit for each in wanted for unit in each.room.unit_ids}
    taken = taken_units(units, [each.reserved for each in wanted], now=now, ignoring=ignoring)
    closures = _closures(wanted)
    found = Obstacles()
    for place, each in enumerate(wanted):
        if not may_exceed and (limit := _limit(each, now)):
            found.limits[place] = limit
        if closed := _closure(each, closures):
            found.closed[place] = closed
        _look(found, place, each, taken)
    _look_among(found, wanted)
    return found


def _closures(wanted: Sequence[Wanted]) -> Mapping[int, Sequence[Closed]]:
    """Most sites have nothing closed at the time: that is one small query."""
    around = _around(wanted)
    sites = sorted({each.room.site_id for each in wanted})
    start, end = datetime_of(around.start), datetime_of(around.end)
    if not _CLOSED_SITES.rows(site_ids=sites, starts_at=start, ends_at=end):
        return {}
    return closures_of({each.room.id for each in wanted}, around)


def _closed_sites(
    *, site_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> QuerySet[Closure, Any]:
    rows = Closure.objects.filter(site__among=site_ids, ends_at__gt=starts_at, starts_at__lt=ends_at)
    return rows.order_by().values_list("site_id")


_CLOSED_SITES = Prepared(
    _closed_sites, site_ids=[-1], starts_at=EXAMPLE["starts_at"], ends_at=EXAMPLE["ends_at"]
)


def _around(wanted: Sequence[Wanted]) -> Span:
    start = min(each.reserved[0] for each in wanted)
    return Span(instant_of(start), instant_of(max(each.reserved[1] for each in wanted)))


def _limit(wanted: Wanted, now: datetime) -> str | None:
    return too_long(wanted.room, wanted.starts_at, wanted.ends_at) or too_early(
        wanted.room, wanted.starts_at, now
    )


def _closure(wanted: Wanted, closures: Mapping[int, Sequence[Closed]]) -> Closed | None:
    if not closures.get(wanted.room.id):
        return None
    span = Span(instant_of(wanted.starts_at), instant_of(wanted.ends_at))
    return next((each for each in closures[wanted.room.id] if each.span.overlaps(span)), None)


def _look(found: Obstacles, place: int, wanted: Wanted, taken: TakenUnits) -> None:
    in_the_way = taken.in_the_way(wanted.room.unit_ids, *wanted.reserved)
    found.expired.update(each.booking_id for each in in_the_way if each.is_expired)
    if alive := [each for each in in_the_way if not each.is_expired]:
        found.taken[place] = min(alive, key=lambda each: each.starts_at)


def _look_among(found: Obstacles, wanted: Sequence[Wanted]) -> None:
    """The later of two wishes that overlap on a unit is blocked by the earlier."""
    latest: dict[int, Wanted] = {}
    for place in sorted(range(len(wanted)), key=lambda place: wanted[place].reserved):
        each = wanted[place]
        for unit in each.room.unit_ids:
            before = latest.get(unit)
            if before is not None and each.reserved[0] < before.reserved[1]:
                own = Taken(*before.reserved, booking_id=0, occurrence_id=0, is_expired=False)
                found.taken.setdefault(place, own)
            else:
                latest[unit] = each


def sentences(actor: Actor, wanted: Sequence[Wanted], found: Obstacles) -> dict[int, str]:
    """One sentence for each blocked wish; it names the meeting in the way only to those who may read it. Two queries."""
    titles = titles_for(actor, {each.occurrence_id for each in found.taken.values()})
    return {place: _sentence(wanted[place], place, found, titles) for place in found.blocked}


def _sentence(wanted: Wanted, place: int, found: Obstacles, titles: Mapping[int, str]) -> str:
    if place in found.limits:
        return found.limits[place]
    room = wanted.room
    values = {"room": room.label, "when": span_in(wanted.starts_at, wanted.ends_at, room.zone)}
    if place in found.closed:
        return _("%(room)s is closed on %(when)s: %(reason)s.") % {
            **values,
            "reason": found.closed[place].reason,
        }
    taken = found.taken[place]
    values["their"] = times_in(taken.starts_at, taken.ends_at, room.zone)
    if not taken.occurrence_id:
        return (
            _("%(room)s isn't free on %(when)s: this meeting's own booking before it takes %(their)s.")
            % values
        )
    if title := titles.get(taken.occurrence_id):
        values["title"] = title
        return _("%(room)s isn't free on %(when)s: “%(title)s” has it, %(their)s.") % values
    return _("%(room)s isn't free on %(when)s: it is booked, %(their)s.") % values


def titles_for(actor: Actor, occurrence_ids: Collection[int]) -> dict[int, str]:
    """Titles of the occurrences that the actor may read. Two queries."""
    columns = ("id", "title", "meeting_id", "meeting__title", "meeting__is_private")
    rows = list(Occurrence.objects.filter(pk__among=occurrence_ids).order_by().values_list(*columns))
    guarded = {row[2] for row in rows if row[4] or actor.is_outsider}
    hidden = guarded - private_meetings_seen_by(actor, guarded)
    return {key: own or title for key, own, meeting, title, _private in rows if meeting not in hidden}


def best_rooms_each(
    wanted: Sequence[Wanted],
    needs: Sequence[RoomNeed],
    *,
    now: datetime,
    may_exceed: bool,
    besides: Sequence[Wanted] = (),
    ignoring: Collection[int] = (),
) -> list[RoomSuggestion | None]:
    """For each wish the free room at the same site that does and leaves the fewest seats over; None where none does.

    No room is suggested twice for one time, nor one that a wish `besides` is to get. `ignoring` as for `obstacles`.
    """
    if not wanted:
        return []
    rooms = {site: rooms_in_use_at([site]) for site in {each.room.site_id for each in wanted}}
    everything = [room for group in rooms.values() for room in group]
    windows = [_widest(each, everything) for each in wanted]
    units = {unit for room in everything for unit in room.unit_ids}
    taken = taken_units(units, windows, now=now, ignoring=ignoring)
    closures = closures_of({room.id for room in everything}, _around(wanted))
    given = Given(besides)
    return [
        _best(each, rooms[each.room.site_id], need, taken, given, closures, None if may_exceed else now)
        for each, need in zip(wanted, needs, strict=True)
    ]


class Given:
    """What is to be booked besides, and what was suggested already."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._windows: dict[int, list[Window]] = defaultdict(list)
        for each in wanted:
            self.add(each)

    def add(self, wanted: Wanted) -> None:
        for unit in wanted.room.unit_ids:
            self._windows[unit].append(wanted.reserved)

    def is_free(self, wanted: Wanted) -> bool:
        start, end = wanted.reserved
        return not any(
            since < end and start < until
            for unit in wanted.room.unit_ids
            for since, until in self._windows.get(unit, ())
        )


def _widest(wanted: Wanted, rooms: Sequence[RoomFacts]) -> Window:
    """The event time with the longest set-up and teardown of any room."""
    spans = [
        room.reserved(wanted.starts_at, wanted.ends_at, setup.style)
        for room in rooms
        for setup in room.setups
    ]
    return min(start for start, _ in (*spans, wanted.reserved)), max(
        end for _, end in (*spans, wanted.reserved)
    )


def _best(
    wanted: Wanted,
    rooms: Sequence[RoomFacts],
    need: RoomNeed,
    taken: TakenUnits,
    given: Given,
    closures: Mapping[int, Sequence[Closed]],
    limits_at: datetime | None,
) -> RoomSuggestion | None:
    fitting: list[tuple[int, str, RoomFacts]] = []
    for room in rooms:
        spare = spare_seats(room, need)
        if room.id != wanted.room.id and spare is not None:
            fitting.append((spare, room.code, room))
    for spare, code, room in sorted(fitting, key=lambda fit: fit[:2]):
        reserved = room.reserved(wanted.starts_at, wanted.ends_at, need.style)
        other = Wanted(room, wanted.starts_at, wanted.ends_at, reserved)
        is_limited = limits_at is not None and _limit(other, limits_at)
        is_free = taken.is_free(room.unit_ids, *reserved) and given.is_free(other)
        if not is_limited and is_free and not _closure(other, closures):
            given.add(other)
            return RoomSuggestion(room.id, code, room.name, spare + need.seats, spare)
    return None
