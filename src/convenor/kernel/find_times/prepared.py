"""A question on the grid, and the first half of its answer: at which starts everybody required, and a room, can be had.

Where people sit decides how far they travel, so each site at which there are rooms is a place of its own with its own view of the
calendars; without travel there is one place for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convenor.kernel.find_times.calendars import Calendars, calendars_of
from convenor.kernel.find_times.grid import any_room, flags_of
from convenor.kernel.find_times.horizon import Horizon, horizon_of, within_hours
from convenor.kernel.find_times.question import Question, RoomNeed
from convenor.kernel.find_times.rooms import Offer, offers_of
from convenor.kernel.find_times.roster import Roster, roster_of


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One way to meet. `venues` are the rooms to be had together, one out of each list, best first, those that don't fit last; none
    of them: no room is needed.
    """

    calendars: Calendars
    venues: tuple[tuple[Offer, ...], ...]

    @property
    def can_fit(self) -> bool:
        return all(any(offer.fits for offer in venue) for venue in self.venues)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedGrid:
    """A question brought onto the grid. `allowed` are the starts that keep the local hours."""

    question: Question
    horizon: Horizon
    roster: Roster
    places: tuple[Place, ...]
    allowed: int

    def works(self, place: Place) -> int:
        """Starts at which all who must can come to the place, and each of its venues has a room."""
        starts = self.allowed & ~place.calendars.taken(self.roster.required)
        for group, members in self.roster.groups:
            starts &= ~place.calendars.fewer_than(group.at_least, members)
        universe = self.horizon.universe
        for venue in place.venues:
            starts &= any_room((universe & ~offer.taken for offer in venue if offer.fits), 1)
        return starts


def prepare(question: Question) -> PreparedGrid | None:
    """None if no window is as long as the meeting. Raises BadQuestion when the windows are too long for a grid."""
    horizon = horizon_of(question)
    if horizon is None:
        return None
    roster = roster_of(question, horizon)
    allowed = horizon.universe
    if question.hours is not None:
        allowed &= within_hours(horizon, question.hours, {person.zone for person in roster.people})
    return PreparedGrid(question, horizon, roster, _places(question, horizon, roster), allowed)


def count_slots(question: Question) -> int:
    """How many slots `find_times` would find: the search without its ranking."""
    prepared = prepare(question)
    if prepared is None:
        return 0
    works = 0
    for place in prepared.places:
        if place.can_fit:
            works |= prepared.works(place)
    flags = flags_of(works, prepared.horizon.grid.slots)
    return int(np.count_nonzero(flags[prepared.horizon.starts].any(axis=0)))


def _places(question: Question, horizon: Horizon, roster: Roster) -> tuple[Place, ...]:
    need = question.room_need
    if need is None:
        return (Place(_calendars(question, horizon, roster, None), ()),)
    seated = _seated(roster, need) if need.one_per_site else {}
    if seated:
        own = calendars_of(question, roster, horizon, [person.site for person in roster.people])
        return (Place(own, tuple(_venue(question, horizon, need, site, n) for site, n in seated.items())),)
    offers = sorted(offers_of(question, horizon, need), key=_preference)
    if not question.travel:
        return (Place(_calendars(question, horizon, roster, None), (tuple(offers),)),)
    sites = sorted({offer.room.site for offer in offers}, key=lambda site: site or "")
    return tuple(
        Place(_calendars(question, horizon, roster, site), (tuple(o for o in offers if o.room.site == site),))
        for site in sites
    ) or (Place(_calendars(question, horizon, roster, None), ((),)),)


def _seated(roster: Roster, need: RoomNeed) -> Mapping[str, int]:
    """How many sit at each site that needs a room."""
    seated: dict[str, int] = {}
    for person in roster.people:
        if person.site is not None and (need.sites is None or person.site in need.sites):
            seated[person.site] = seated.get(person.site, 0) + 1
    return dict(sorted(seated.items()))


def _venue(
    question: Question, horizon: Horizon, need: RoomNeed, site: str, headcount: int
) -> tuple[Offer, ...]:
    """The rooms of one site for those who sit there."""
    here = frozenset({site})
    rooms = [i for i, room in enumerate(question.rooms) if room.site == site]
    offers = offers_of(question, horizon, replace(need, headcount=headcount, sites=here))
    return tuple(sorted((offers[i] for i in rooms), key=_preference))


def _preference(offer: Offer) -> tuple[bool, tuple[bool, int, int, str]]:
    return not offer.fits, offer.rank


def _calendars(question: Question, horizon: Horizon, roster: Roster, site: str | None) -> Calendars:
    sites: Sequence[str | None] = [site] * len(roster.people)
    return calendars_of(question, roster, horizon, sites)
