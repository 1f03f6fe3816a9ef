"""The people of a question as arrays: who must come, who may, when each is busy, and when it would be out of hours for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from convenor.kernel.find_times.busy_table import BusyTable, empty_table, joined, table_of
from convenor.kernel.find_times.grid import Flags, Ints, bits_within, starts_that_fit
from convenor.kernel.find_times.horizon import Horizon
from convenor.kernel.find_times.question import Group, Person, Question
from convenor.kernel.instants import Span
from convenor.kernel.intervals import gaps


@dataclass(frozen=True, eq=False)
class Roster:
    """Everybody asked, in the question's order; other columns and `table.owner` go by that position.

    `schedule[p]` is a position in `out_of_hours` (sets of starts), or -1 where no hour is out of hours for p.
    """

    people: tuple[Person, ...]
    required: Flags
    optional: Flags
    groups: tuple[tuple[Group, Flags], ...]
    weight: Ints
    table: BusyTable
    schedule: Ints
    out_of_hours: tuple[int, ...]

    def keys(self, who: Flags) -> tuple[str, ...]:
        """Sorted keys of the people marked True."""
        order, keys = self._by_key
        return tuple(keys[who[order]].tolist())

    def cost_per_hour(self, who: Flags) -> Decimal:
        """What an hour of their time costs, of those for whom that is known: exact, by counting how many cost the same."""
        number, costs = self._by_cost
        many = np.bincount(number[who] + 1, minlength=len(costs) + 1).tolist()
        return sum((n * cost for n, cost in zip(many[1:], costs, strict=True)), Decimal(0))

    @cached_property
    def _by_key(self) -> tuple[Ints, NDArray[np.object_]]:
        """The people's positions in the order of their keys, and these."""
        order = sorted(range(len(self.people)), key=lambda i: self.people[i].key)
        return np.array(order, np.int64), np.array([self.people[i].key for i in order], np.object_)

    @cached_property
    def _by_cost(self) -> tuple[Ints, tuple[Decimal, ...]]:
        """Each person's cost by number, -1 where it isn't known, and the costs."""
        numbers: dict[Decimal, int] = {}
        hourly = (person.cost_per_hour for person in self.people)
        column = [-1 if cost is None else numbers.setdefault(cost, len(numbers)) for cost in hourly]
        return np.array(column, np.int64), tuple(numbers)

    def out_of_hours_at(self, start: int) -> Flags:
        """For whom a meeting that starts in this cell is out of hours."""
        # The last entry answers for -1.
        late = np.array([*((bits >> start) & 1 for bits in self.out_of_hours), 0], np.bool_)
        return late[self.schedule]


def roster_of(question: Question, horizon: Horizon) -> Roster:
    """Where working hours are a rule they are busy time; where they are a preference, sets of starts out of hours."""
    asked = _asked(question)
    people = tuple(question.people[i] for i in asked)
    place = {person.key: i for i, person in enumerate(people)}
    schedule, schedules = _schedules(people)
    table = _busy(question, asked)
    late: tuple[int, ...] = ()
    if question.out_of_hours_allowed:
        late, schedule = _distinct([_out_of_hours(working, horizon) for working in schedules], schedule)
    else:
        table = joined((table, _off_time(schedule, schedules, horizon.grid.span)))
        schedule = np.full(len(people), -1)
    return Roster(
        people=people,
        required=_flags(place, question.required),
        optional=_flags(place, question.optional),
        groups=tuple((group, _flags(place, group.keys)) for group in question.groups),
        weight=np.array([person.weight for person in people], np.int64),
        table=table,
        schedule=schedule,
        out_of_hours=late,
    )


def with_tables(question: Question) -> Question:
    """The same question with every calendar in a table, so that asking variants of it reads no calendar twice."""
    people = joined((_own(question.people), question.people_busy or empty_table()))
    rooms = joined((table_of(room.busy for room in question.rooms), question.rooms_busy or empty_table()))
    return replace(
        question,
        people=tuple(
            replace(each, busy=(), away=()) if each.busy or each.away else each for each in question.people
        ),
        rooms=tuple(replace(room, busy=()) if room.busy else room for room in question.rooms),
        people_busy=people,
        rooms_busy=rooms,
    )


def _asked(question: Question) -> list[int]:
    keys = {*question.required, *question.optional, *(key for group in question.groups for key in group.keys)}
    return [i for i, person in enumerate(question.people) if person.key in keys]


def _own(people: Sequence[Person]) -> BusyTable:
    return table_of((person.busy for person in people), (person.away for person in people))


def _busy(question: Question, asked: list[int]) -> BusyTable:
    """Busy time of those asked, `owner` renumbered to their position among them."""
    table = joined((_own(question.people), question.people_busy or empty_table()))
    if len(asked) == len(question.people):
        return table
    position = np.full(len(question.people), -1)
    position[asked] = np.arange(len(asked))
    table = table.where(position[table.owner] >= 0)
    return replace(table, owner=position[table.owner])


def _flags(place: dict[str, int], keys: Iterable[str]) -> Flags:
    flags = np.zeros(len(place), np.bool_)
    flags[[place[key] for key in keys]] = True
    return flags


def _schedules(people: Sequence[Person]) -> tuple[Ints, list[tuple[Span, ...]]]:
    """Each person's schedule by number, and the schedules. Told apart by identity: hashing a month of spans for each of thousands
    of people would cost more than the search.
    """
    workings = [person.working for person in people]
    schedules = {id(working): working for working in workings if working is not None}
    numbers = {known: i for i, known in enumerate(schedules)}
    return np.array([numbers.get(id(working), -1) for working in workings], np.int64), list(
        schedules.values()
    )


def _out_of_hours(working: tuple[Span, ...], horizon: Horizon) -> int:
    return horizon.universe & ~starts_that_fit(bits_within(horizon.grid, working), horizon.length)


def _distinct(late: list[int], schedule: Ints) -> tuple[tuple[int, ...], Ints]:
    """Equal sets only once."""
    numbers: dict[int, int] = {}
    renumbered = [numbers.setdefault(bits, len(numbers)) for bits in late]
    return tuple(numbers), np.array([*renumbered, -1], np.int64)[schedule]


def _off_time(schedule: Ints, schedules: list[tuple[Span, ...]], within: Span) -> BusyTable:
    """Time outside working hours as rows of leave, for everybody whose hours are known."""
    tables = []
    for number, working in enumerate(schedules):
        off = gaps(working, within)
        people = np.flatnonzero(schedule == number)
        owner = np.repeat(people, len(off))
        start = np.tile(np.array([span.start for span in off], np.int64), len(people))
        end = np.tile(np.array([span.end for span in off], np.int64), len(people))
        tables.append(BusyTable(owner, start, end, away=np.ones(len(owner), np.bool_)))
    return joined(tables)
