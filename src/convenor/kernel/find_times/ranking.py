"""Every start that works, ordered by `Score`: exact, over all starts at once, so that nothing has to be guessed about which are worth a
closer look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenor.kernel.find_times.answer import Score
from convenor.kernel.find_times.calendars import Gaps
from convenor.kernel.find_times.grid import Flags, Ints, flags_of
from convenor.kernel.find_times.prepared import Place, PreparedGrid
from convenor.kernel.find_times.rooms import Offer


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """One place's starts: its people's `gaps`, `columns` of the horizon's `starts` that work in some week, their scores as rows in `Score`'s order, and the
    usual room of each by position in each venue.
    """

    place: Place
    gaps: Gaps
    works: int
    columns: Ints
    scores: Ints
    rooms: Ints

    def offers(self, row: int) -> tuple[Offer, ...]:
        """The usual rooms of the row-th start."""
        return tuple(venue[i] for venue, i in zip(self.place.venues, self.rooms[:, row], strict=True))

    def room_keys(self, row: int) -> tuple[str, ...]:
        return tuple(offer.room.key for offer in self.offers(row))


def ranked(prepared: PreparedGrid) -> list[Ranked]:
    """The places at which something works."""
    return [
        _scored(prepared, place, works)
        for place in prepared.places
        if place.can_fit and (works := prepared.works(place))
    ]


def best(places: list[Ranked], limit: int) -> tuple[list[tuple[int, int, Score]], int]:
    """The best of every start, best first, at most `limit`, by the position of its place and its row there; and how many starts there
    are.
    """
    if not places:
        return [], 0
    column = np.concatenate([each.columns for each in places])
    scores = np.concatenate([each.scores for each in places], axis=1)
    place = np.repeat(np.arange(len(places)), [each.columns.size for each in places])
    row = np.concatenate([np.arange(each.columns.size) for each in places])
    # lexsort's last key counts first. Starts ascend with their column.
    order = np.lexsort((_room_order(places), column, *scores[::-1]))
    first_of_start = np.sort(np.unique(column[order], return_index=True)[1])
    chosen = order[first_of_start[:limit]]
    found = [(int(place[i]), int(row[i]), Score(*scores[:, i].tolist())) for i in chosen]
    return found, first_of_start.size


def _room_order(places: list[Ranked]) -> Ints:
    """A number for each start's rooms that sorts as their keys do. Within one place no two rows share a start, so nothing is tied."""
    if len(places) == 1:
        return np.zeros(places[0].columns.size, np.int64)
    keys = [each.room_keys(row) for each in places for row in range(each.columns.size)]
    order = {key: i for i, key in enumerate(sorted(set(keys)))}
    return np.array([order[key] for key in keys], np.int64)


def _scored(prepared: PreparedGrid, place: Place, works: int) -> Ranked:
    starts, slots = prepared.horizon.starts, prepared.horizon.grid.slots
    working = flags_of(works, slots)[starts]
    columns = np.flatnonzero(working.any(axis=0))
    starts, working = starts[:, columns], working[:, columns]
    weeks = working.sum(axis=0)
    gaps = place.calendars.gaps(np.ones(len(prepared.roster.people), np.bool_))
    missing, late, fragments = (
        np.where(working, per_cell[starts], 0).sum(axis=0)
        for per_cell in _people(prepared, place, gaps, works)
    )
    choices = [_usual_room(prepared, venue, starts, working) for venue in place.venues]
    none = np.zeros(columns.size, np.int64)
    changes = sum((weeks - free for _, free in choices), none)
    approvals, cost, spare = (
        sum(
            (np.array(values, np.int64)[room] for values, (room, _) in zip(of_rooms, choices, strict=True)),
            none,
        )
        * weeks
        for of_rooms in _of_rooms(place)
    )
    scores = np.stack([len(starts) - weeks, missing, late, changes, approvals, fragments, cost, spare])
    rooms = np.array([room for room, _ in choices], np.int64).reshape(len(choices), columns.size)
    return Ranked(place, gaps, works, columns, scores, rooms)


def _people(prepared: PreparedGrid, place: Place, gaps: Gaps, works: int) -> tuple[Ints, Ints, Ints]:
    """For each cell as a start: the weight of the optional people missing, of those out of hours, and the fragments made."""
    roster, slots = prepared.roster, prepared.horizon.grid.slots
    optional = roster.weight * roster.optional
    missing = optional.sum() - gaps.weights(optional)
    late = np.zeros(slots, np.int64)
    by_schedule = gaps.by(roster.schedule, len(roster.out_of_hours))
    for out_of_hours, theirs in zip(roster.out_of_hours, by_schedule, strict=True):
        if out_of_hours & works:
            late += theirs.weights(roster.weight) * flags_of(out_of_hours, slots)
    return missing, late, gaps.fragments(place.calendars.short)


def _usual_room(
    prepared: PreparedGrid, venue: tuple[Offer, ...], starts: Ints, working: Flags
) -> tuple[Ints, Ints]:
    """For each start the room that is free in most of the working weeks, the better one of equals; and in how many it is."""
    universe, slots = prepared.horizon.universe, prepared.horizon.grid.slots
    weeks = working.sum(axis=0)
    choice, most = np.zeros(weeks.size, np.int64), np.zeros(weeks.size, np.int64)
    for i, offer in enumerate(venue):
        if not offer.fits or (most == weeks).all():
            break
        free = (flags_of(universe & ~offer.taken, slots)[starts] & working).sum(axis=0)
        better = free > most
        choice[better], most[better] = i, free[better]
    return choice, most


def _of_rooms(place: Place) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Approval, cost and spare seats of every room of every venue."""
    return (
        [[int(offer.room.approval_needed) for offer in venue] for venue in place.venues],
        [[offer.cost for offer in venue] for venue in place.venues],
        [[offer.spare for offer in venue] for venue in place.venues],
    )
