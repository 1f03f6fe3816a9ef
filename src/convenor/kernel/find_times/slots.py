"""A ranked start told in full: who, where, and the reasons behind its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from convenor.kernel.find_times.answer import Alternative, Occurrence, Reason, ReasonKind, Score, Slot
from convenor.kernel.find_times.grid import Flags, cells_of
from convenor.kernel.find_times.prepared import PreparedGrid
from convenor.kernel.find_times.ranking import Ranked
from convenor.kernel.find_times.rooms import Offer

CENT = Decimal("0.01")


class Teller:
    """Tells of the slots of one place, whose calendars are read once for all of them."""

    def __init__(self, prepared: PreparedGrid, ranked: Ranked, anywhere: dict[int, Ranked]) -> None:
        """`anywhere`: for each cell at which some place works, the first such place."""
        self.prepared = prepared
        self.ranked = ranked
        self.anywhere = anywhere
        self.horizon = prepared.horizon
        self.roster = prepared.roster
        self.calendars = ranked.place.calendars
        self.gaps = ranked.gaps

    def slot(self, row: int, score: Score) -> Slot:
        """The slot of the place's row-th start."""
        cells = self.horizon.starts[:, self.ranked.columns[row]].tolist()
        shown = next(cell for cell in cells if self._works(cell))
        usual = self.ranked.offers(row)
        free = self._free(shown)
        return Slot(
            span=self.horizon.span(cells[0]),
            rooms=tuple(offer.room.key for offer in usual),
            missing=self._missing(free),
            out_of_hours=self.roster.keys(free & self.roster.out_of_hours_at(shown)),
            score=score,
            reasons=tuple(self._reasons(shown, free, usual, score, len(cells))),
            occurrences=tuple(self._occurrence(cells, i, usual) for i in range(len(cells)))
            if len(cells) > 1
            else (),
        )

    def _works(self, cell: int) -> bool:
        return bool((self.ranked.works >> cell) & 1)

    def _free(self, cell: int) -> Flags:
        return self.gaps.free_at(cell, len(self.roster.people))

    def _missing(self, free: Flags) -> tuple[str, ...]:
        return self.roster.keys(self.roster.optional & ~free)

    def _reasons(
        self, cell: int, free: Flags, usual: tuple[Offer, ...], score: Score, weeks: int
    ) -> Iterator[Reason]:
        """In the order of `Score`, where it has them."""
        if weeks > 1:
            yield Reason(ReasonKind.WEEKS, (), (weeks - score.failing_weeks, weeks))
        yield from self._about_people(cell, free)
        yield from _about_rooms(usual, score, weeks - score.failing_weeks)
        yield from self._about_days(cell, free)

    def _about_people(self, cell: int, free: Flags) -> Iterator[Reason]:
        if missing := self._missing(free):
            yield Reason(ReasonKind.MISSES, missing, (len(missing),))
        if late := self.roster.keys(free & self.roster.out_of_hours_at(cell)):
            yield Reason(ReasonKind.OUT_OF_HOURS, late, (len(late),))
        for group, members in self.roster.groups:
            come = self.roster.keys(free & members)
            numbers = (len(come), int(members.sum()), group.at_least)
            yield Reason(ReasonKind.GROUP, (group.name, *come), numbers)

    def _about_days(self, cell: int, free: Flags) -> Iterator[Reason]:
        """What the meeting does to the attendees' days, and what their time costs."""
        if fragmented := self.gaps.fragmented_at(cell, self.calendars.short):
            keys = tuple(sorted({self.roster.people[i].key for i in fragmented}))
            yield Reason(ReasonKind.FRAGMENTS, keys, (len(fragmented),))
        slack = {i: least for i, least in self.calendars.slack(self.horizon.span(cell)).items() if free[i]}
        if slack:
            keys = tuple(sorted(self.roster.people[i].key for i in slack))
            yield Reason(ReasonKind.TRAVEL_TIGHT, keys, (min(slack.values()) // 60,))
        if per_hour := self.roster.cost_per_hour(free):
            cost = per_hour * self.prepared.question.minutes / 60
            yield Reason(ReasonKind.PEOPLE_COST, (), (cost.quantize(CENT, ROUND_HALF_UP),))

    def _occurrence(self, cells: list[int], week: int, usual: tuple[Offer, ...]) -> Occurrence:
        cell = cells[week]
        free = self._free(cell)
        if self._works(cell):
            rooms = rooms_at(self.ranked, cell, usual)
            return Occurrence(self.horizon.span(cell), True, rooms, self._missing(free))
        lacking = [g.name for g, members in self.roster.groups if (free & members).sum() < g.at_least]
        return Occurrence(
            span=self.horizon.span(cell),
            works=False,
            busy=(*self.roster.keys(self.roster.required & ~free), *lacking),
            no_room=len(rooms_at(self.ranked, cell, usual)) < len(usual),
            breaks_local_hours=not (self.prepared.allowed >> cell) & 1,
            alternative=self._alternative(cell, week, usual),
        )

    def _alternative(self, cell: int, week: int, usual: tuple[Offer, ...]) -> Alternative | None:
        """The nearest start of that week that works somewhere, the earlier of two; here rather than elsewhere."""
        others = [other for other in self.horizon.starts[week].tolist() if other in self.anywhere]
        if not others:
            return None
        nearest = min(others, key=lambda other: (abs(other - cell), other))
        where = self.ranked if self._works(nearest) else self.anywhere[nearest]
        return Alternative(self.horizon.span(nearest), rooms_at(where, nearest, usual))


def rooms_at(ranked: Ranked, cell: int, usual: tuple[Offer, ...]) -> tuple[str, ...]:
    """A room of every venue for the meeting that starts in this cell: the usual one where it is free, else the best; none where none
    is.
    """
    keys = []
    for venue in ranked.place.venues:
        free = [offer for offer in venue if offer.fits and not (offer.taken >> cell) & 1]
        if free:
            keys.append(next((offer for offer in free if offer in usual), free[0]).room.key)
    return tuple(keys)


def tell(
    prepared: PreparedGrid, places: Sequence[Ranked], chosen: Sequence[tuple[int, int, Score]]
) -> Iterator[Slot]:
    """The chosen slots: by the position of their place, their row there, and their score."""
    anywhere: dict[int, Ranked] = {}
    if prepared.question.weeks > 1:
        for ranked in places:
            for cell in cells_of(ranked.works):
                anywhere.setdefault(cell, ranked)
    tellers = {place: Teller(prepared, places[place], anywhere) for place, _, _ in chosen}
    for place, row, score in chosen:
        yield tellers[place].slot(row, score)


def _about_rooms(usual: tuple[Offer, ...], score: Score, occurrences: int) -> Iterator[Reason]:
    keys = tuple(offer.room.key for offer in usual)
    if score.room_changes:
        yield Reason(ReasonKind.ROOM_CHANGES, keys, (score.room_changes,))
    if asking := tuple(offer.room.key for offer in usual if offer.room.approval_needed):
        yield Reason(ReasonKind.NEEDS_APPROVAL, asking, (len(asking),))
    for offer in usual:
        yield Reason(ReasonKind.ROOM_FIT, (offer.room.key,), (offer.spare,))
    if score.room_cost:
        yield Reason(ReasonKind.ROOM_COST, keys, (sum(offer.cost for offer in usual) * occurrences * CENT,))
