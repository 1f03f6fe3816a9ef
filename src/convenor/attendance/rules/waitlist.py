"""Who is given the places that come free: pure, over plain facts.

A party is a registration with its guests on one roll: it gets all its places at once or waits on. Who doesn't fit
keeps their turn, and the next who fits goes before them, so that no place stays empty while somebody could sit there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from convenor.attendance.enums import WaitlistRule

OPEN = 0
"""Stands for the roll's open seats where an allotment's key would stand."""


@dataclass(frozen=True, slots=True)
class Party:
    """`key` is the registration's; `group` whose share counts; `allotments` those it belongs to, the nearest first."""

    key: int
    size: int
    since: datetime
    priority: int = 0
    group: str = ""
    allotments: tuple[int, ...] = ()


@dataclass(slots=True)
class Places:
    """What is free on one roll: open seats (None: without a limit), and seats of allotments by their keys."""

    free: int | None
    spare: dict[int, int] = field(default_factory=dict)

    def find(self, size: int, own: Sequence[int] = ()) -> int | None:
        """Where `size` people can sit together: the first of their own allotments, else OPEN; None: nowhere."""
        for allotment in own:
            if self.spare.get(allotment, 0) >= size:
                return allotment
        return OPEN if self.free is None or self.free >= size else None

    def take(self, size: int, where: int) -> None:
        if where != OPEN:
            self.spare[where] -= size
        elif self.free is not None:
            self.free -= size

    @property
    def are_none(self) -> bool:
        return self.free == 0 and not any(self.spare.values())


Placed = tuple[Party, int]


def next_up(
    waiting: Sequence[Party], rule: WaitlistRule, places: Places, held: Mapping[str, int] | None = None
) -> list[Placed]:
    """Who is given places, in turn, and where; `places` is taken from. `held` is how many seats each group has."""
    ordered = sorted(waiting, key=order_of(rule))
    if rule == WaitlistRule.BALANCE:
        return list(_balanced(ordered, places, Counter(held or {})))
    return list(_in_order(ordered, places))


def order_of(rule: WaitlistRule) -> Callable[[Party], tuple[int, datetime, int]]:
    """The sorting key of the list itself: among departments with equal shares too, the first come is first."""
    if rule == WaitlistRule.PRIORITY:
        return lambda party: (-party.priority, party.since, party.key)
    return lambda party: (0, party.since, party.key)


def _in_order(ordered: Sequence[Party], places: Places) -> Iterator[Placed]:
    """One pass is enough: places only grow fewer, so who didn't fit won't."""
    for party in ordered:
        if places.are_none:
            return
        where = places.find(party.size, party.allotments)
        if where is not None:
            places.take(party.size, where)
            yield party, where


def _balanced(ordered: Sequence[Party], places: Places, held: Counter[str]) -> Iterator[Placed]:
    """Always the group with the fewest seats, among equals the one whose first party came first."""
    queues: dict[str, list[tuple[int, Party]]] = {}
    for turn, party in reversed(list(enumerate(ordered))):
        queues.setdefault(party.group, []).append((turn, party))  # the first is last, to be popped
    while heads := _heads(queues, places):
        _share, _turn, group = min((held[group], turn, group) for group, turn in heads.items())
        _turn, party = queues[group].pop()
        where = places.find(party.size, party.allotments)
        assert where is not None
        places.take(party.size, where)
        held[group] += party.size
        yield party, where


def _heads(queues: Mapping[str, list[tuple[int, Party]]], places: Places) -> dict[str, int]:
    """The turn of each group's first party that fits; those before it won't fit any more and are dropped."""
    heads: dict[str, int] = {}
    for group, queue in queues.items():
        while queue and places.find(queue[-1][1].size, queue[-1][1].allotments) is None:
            queue.pop()
        if queue:
            heads[group] = queue[-1][0]
    return heads
