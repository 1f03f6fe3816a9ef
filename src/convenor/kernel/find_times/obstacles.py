"""What stands in the way of each start: the facts from which blockers are made.

An `Element` is one fact that could be otherwise: that a person must come, that so many of a group must, that a room is booked, that a
rule holds. A placement, one start at one place in one room per venue, is excluded by the elements in its way, and by any one of them
alone. So a set of elements excludes every slot exactly if it has a member in the way of every placement: it is a hitting set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from convenor.kernel.find_times.answer import Blocker, RuleKind
from convenor.kernel.find_times.grid import flags_of
from convenor.kernel.find_times.prepared import Place, PreparedGrid
from convenor.kernel.find_times.rooms import Offer


class ElementKind(IntEnum):
    """In the order in which blockers of equal size are told: rules are the easiest to understand."""

    RULE = 0
    PERSON = 1
    GROUP = 2
    ROOM = 3


class Element(NamedTuple):
    """`key`: a person's or room's key, a group's position in the roster, or a rule's name."""

    kind: ElementKind
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class PlaceObstacles:
    """One place: starts excluded by each element whatever the room, and for every room of every venue by those that are about it."""

    everywhere: Mapping[Element, int]
    venues: Sequence[Sequence[Mapping[Element, int]]]


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """`universe` are the starts; `order` has them by how many elements stand in the way everywhere, fewest first."""

    universe: int
    places: Sequence[PlaceObstacles]
    order: Sequence[int]

    @property
    def elements(self) -> list[Element]:
        """All there are, sorted."""
        found: set[Element] = set()
        for place in self.places:
            found.update(place.everywhere)
            found.update(element for venue in place.venues for room in venue for element in room)
        return sorted(found)

    def widest_first(self) -> list[Element]:
        """The elements, those that exclude most starts (a room's: of that room) first."""
        starts = dict.fromkeys(self.elements, 0)
        for place in self.places:
            for masks in (place.everywhere, *(room for venue in place.venues for room in venue)):
                for element, mask in masks.items():
                    starts[element] += mask.bit_count()
        return sorted(starts, key=lambda element: (-starts[element], element))

    def survivor(self, enforced: Set[Element]) -> frozenset[Element] | None:
        """All that is in the way of a placement which these elements together don't exclude; of one with few, as far as that is cheap
        to tell. None: they exclude every slot.
        """
        for place in self.places:
            open_starts = self._open(place, enforced)
            if open_starts:
                start = next(start for start in self.order if (open_starts >> start) & 1)
                return _in_the_way(place, start, enforced)
        return None

    def alone(self) -> dict[Element, int]:
        """The people, groups and rules that are somewhere the only thing in the way, with the starts at which they are."""
        found: dict[Element, int] = {}
        for place in self.places:
            once = twice = 0
            for mask in place.everywhere.values():
                twice |= once & mask
                once |= mask
            only = once & ~twice & self._with_rooms(place)
            for element, mask in place.everywhere.items():
                if mask & only:
                    found[element] = found.get(element, 0) | mask & only
        return found

    def exclude_all(self, enforced: Set[Element]) -> bool:
        """Whether the elements together leave no slot."""
        return not any(self._open(place, enforced) for place in self.places)

    def _with_rooms(self, place: PlaceObstacles) -> int:
        """Starts at which the place's venues have rooms free of everything."""
        starts = self.universe
        for venue in place.venues:
            starts = _some_room(venue, frozenset().union(*venue), starts)
        return starts

    def _open(self, place: PlaceObstacles, enforced: Set[Element]) -> int:
        starts = self.universe & ~_excluded(place.everywhere, enforced)
        for venue in place.venues:
            starts = _some_room(venue, enforced, starts)
        return starts


def obstacles_of(prepared: PreparedGrid, only: Collection[str] | None = None) -> Obstacles:
    """Of all the question's required people, or `only` some of them."""
    places = [_place_obstacles(prepared, place, only) for place in prepared.places]
    return Obstacles(prepared.horizon.universe, places, _fewest_first(prepared, places))


def blocker_of(elements: Iterable[Element], prepared: PreparedGrid) -> Blocker:
    """The elements under the names that the question gave them."""
    by_kind: dict[ElementKind, set[str]] = {kind: set() for kind in ElementKind}
    for element in elements:
        by_kind[element.kind].add(element.key)
    return Blocker(
        people=frozenset(by_kind[ElementKind.PERSON]),
        groups=frozenset(prepared.roster.groups[int(key)][0].name for key in by_kind[ElementKind.GROUP]),
        rooms=frozenset(by_kind[ElementKind.ROOM]),
        rules=frozenset(RuleKind(key) for key in by_kind[ElementKind.RULE]),
    )


def _place_obstacles(prepared: PreparedGrid, place: Place, only: Collection[str] | None) -> PlaceObstacles:
    universe, roster = prepared.horizon.universe, prepared.roster
    everywhere: dict[Element, int] = {}
    who = roster.required
    if only is not None:
        who = who & np.array([person.key in only for person in roster.people], np.bool_)
    keys = [roster.people[i].key for i in np.flatnonzero(who)]
    for key, taken in zip(keys, place.calendars.taken_by_each(who), strict=True):
        everywhere[Element(ElementKind.PERSON, key)] = taken
    for i, (group, members) in enumerate(roster.groups):
        everywhere[Element(ElementKind.GROUP, str(i))] = place.calendars.fewer_than(group.at_least, members)
    everywhere[_rule(RuleKind.LOCAL_HOURS)] = universe & ~prepared.allowed
    if not all(place.venues):
        everywhere[_rule(RuleKind.ROOM)] = universe
    venues = [
        _distinct(_room_obstacles(offer, universe) for offer in venue) for venue in place.venues if venue
    ]
    return PlaceObstacles({element: mask for element, mask in everywhere.items() if mask}, venues)


def _room_obstacles(offer: Offer, universe: int) -> dict[Element, int]:
    masks = {_rule(rule): universe for rule in offer.unmet}
    masks |= {_rule(rule): mask for rule, mask in offer.out_of_rules.items() if mask}
    if offer.booked:
        masks[Element(ElementKind.ROOM, offer.room.key)] = offer.booked
    return masks


def _distinct(rooms: Iterable[dict[Element, int]]) -> list[dict[Element, int]]:
    return list({tuple(sorted(room.items())): room for room in rooms}.values())


def _some_room(venue: Sequence[Mapping[Element, int]], enforced: Set[Element], starts: int) -> int:
    """Those of the starts at which the elements leave open some room of the venue."""
    closed = starts
    for room in venue:
        if not closed:
            break
        closed &= _excluded(room, enforced)
    return starts & ~closed


def _rule(rule: RuleKind) -> Element:
    return Element(ElementKind.RULE, rule.value)


def _excluded(masks: Mapping[Element, int], enforced: Set[Element]) -> int:
    excluded = 0
    if len(enforced) < len(masks):
        for element in enforced:
            excluded |= masks.get(element, 0)
        return excluded
    for element, mask in masks.items():
        if element in enforced:
            excluded |= mask
    return excluded


def _in_the_way(place: PlaceObstacles, start: int, enforced: Set[Element]) -> frozenset[Element]:
    """All elements that exclude this start here, in each venue of the surviving room with the fewest."""
    found = {element for element, mask in place.everywhere.items() if (mask >> start) & 1}
    for venue in place.venues:
        rooms = (
            frozenset(element for element, mask in room.items() if (mask >> start) & 1) for room in venue
        )
        found |= min(
            (room for room in rooms if not room & enforced), key=lambda room: (len(room), sorted(room))
        )
    return frozenset(found)


def _fewest_first(prepared: PreparedGrid, places: Sequence[PlaceObstacles]) -> list[int]:
    slots = prepared.horizon.grid.slots
    number = np.zeros(slots, np.int64)
    for place in places:
        for mask in place.everywhere.values():
            number += flags_of(mask, slots)
    starts = np.flatnonzero(flags_of(prepared.horizon.universe, slots))
    order: list[int] = starts[np.argsort(number[starts], kind="stable")].tolist()
    return order
