"""What is in rooms' way at the times of some functions, were all of them to move there together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.events.drafts import FunctionDraft
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.kernel.intervals import covers
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import titles_for
from convenor.scheduling.queries.claims import Taken, Window, taken_units
from convenor.scheduling.rules.room import RoomFacts
from convenor.scheduling.rules.room_fit import Shortage, Trouble, limits
from convenor.venues.queries.opening import closures_of, open_spans


@dataclass(frozen=True, slots=True)
class Target:
    """A function that has to seat the whole roll, as it stands; `seats` are its main room's in its set-up."""

    function_id: int
    draft: FunctionDraft
    starts_at: datetime
    ends_at: datetime
    occurrence_id: int
    room: RoomFacts
    seats: int
    revision: int | None

    def window(self, room: RoomFacts, style: str) -> Window:
        return room.reserved(self.starts_at, self.ends_at, style or self.draft.setup_style)

    @property
    def span(self) -> Span:
        return Span(instant_of(self.starts_at), instant_of(self.ends_at))


class RoomTimes:
    """What the functions have booked themselves is in nobody's way: a hall can be taken by whoever has a part of it."""

    def __init__(
        self, actor: Actor, targets: Sequence[Target], rooms: Mapping[int, RoomFacts], now: datetime
    ) -> None:
        self._targets = targets
        self._limits_at = None if may_exceed_limits(actor) else now
        around = Span(min(each.span.start for each in targets), max(each.span.end for each in targets))
        self._closures = closures_of(list(rooms), around)
        self._opening = open_spans({room.site_id for room in rooms.values()}, around)
        units = {unit for room in rooms.values() for unit in room.unit_ids}
        own = [each.occurrence_id for each in targets]
        windows = [_widest(each, rooms.values()) for each in targets]
        self._units = taken_units(units, windows, now=now, ignoring=own)
        blocking = {claim.occurrence_id for claim in self._claims(rooms.values(), windows)}
        self._titles = titles_for(actor, blocking) if blocking else {}

    def troubles(self, room: RoomFacts, style: str) -> Iterable[Trouble]:
        """The first of each kind."""
        found: dict[Shortage, Trouble] = {}
        for target in self._targets:
            for trouble in self._at(target, room, style):
                found.setdefault(trouble.kind, trouble)
        return found.values()

    def _at(self, target: Target, room: RoomFacts, style: str) -> Iterable[Trouble]:
        for taken in self._claims([room], [target.window(room, style)])[:1]:
            title = self._titles.get(taken.occurrence_id, "")
            yield Trouble(Shortage.TAKEN, (taken.starts_at, taken.ends_at, title))
        for closed in self._closures.get(room.id, ()):
            if closed.span.overlaps(target.span):
                yield Trouble(Shortage.CLOSED, (datetime_of(closed.span.end), closed.reason))
        if not covers(self._opening.get(room.site_id, ()), target.span):
            yield Trouble(Shortage.SHUT)
        if self._limits_at is not None:
            yield from limits(room, target.starts_at, target.ends_at, self._limits_at)

    def _claims(self, rooms: Iterable[RoomFacts], windows: Iterable[Window]) -> list[Taken]:
        """In order of time, without holds whose time is up."""
        units = {unit for room in rooms for unit in room.unit_ids}
        found = [claim for window in windows for claim in self._units.in_the_way(units, *window)]
        alive = [claim for claim in found if not claim.is_expired]
        return sorted(alive, key=lambda claim: (claim.starts_at, claim.occurrence_id))


def _widest(target: Target, rooms: Iterable[RoomFacts]) -> Window:
    """The function's time with the longest set-up and teardown of any room."""
    times = (target.starts_at, target.ends_at)
    reserved = [room.reserved(*times, setup.style) for room in rooms for setup in room.setups]
    return min(start for start, _ in (*reserved, times)), max(end for _, end in (*reserved, times))
