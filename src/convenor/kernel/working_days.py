"""Working days as a line of whole numbers, so that “fourteen working days before” is a subtraction.

Which weekdays are worked and which days are public holidays is given as data; nothing here knows a country.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset(range(5))
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Offset:
    """`days` after a day, before it where negative; in working days or calendar days.

    No days at all from a day that isn't worked is the working day before it; `after` makes it the one after it,
    for what can't be done before the day itself.
    """

    days: int
    working: bool = True
    after: bool = False


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Every day on one of `weekdays` (0 is Monday) that isn't among `holidays`.

    Working days are numbered without gaps from the first day of the calendar on. Raises ValueError without any weekday.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _before_weekday: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(_WEEK)):
            raise ValueError("a week needs at least one working day, from 0 (Monday) to 6")
        off = sorted(day.toordinal() for day in self.holidays if day.weekday() in self.weekdays)
        before = tuple(sum(day < weekday for day in self.weekdays) for weekday in range(_WEEK))
        object.__setattr__(self, "_off", tuple(off))
        object.__setattr__(self, "_before_weekday", before)

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def number(self, day: date) -> int:
        """How many working days lie before `day`: its own number, if it is one, and otherwise that of the next one."""
        weeks, weekday = divmod(
            day.toordinal() - 1, _WEEK
        )  # the calendar's first day, 1 January 1, is a Monday
        return (
            weeks * len(self.weekdays)
            + self._before_weekday[weekday]
            - bisect_left(self._off, day.toordinal())
        )

    def day(self, number: int) -> date:
        """The working day with that number. Raises OverflowError beyond the calendar."""
        low, high = 1, date.max.toordinal()
        if not 0 <= number <= self.number(date.max):
            raise OverflowError("there is no such day")
        while low < high:  # the first day with more than `number` working days up to its end
            middle = (low + high) // 2
            if self._until(date.fromordinal(middle)) > number:
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)

    def on_or_before(self, day: date) -> date:
        return day if self.is_working(day) else self.day(self.number(day) - 1)

    def on_or_after(self, day: date) -> date:
        return day if self.is_working(day) else self.day(self.number(day))

    def between(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both counted; none where `last` comes first."""
        return max(0, self._until(last) - self.number(first))

    def shifted(self, day: date, offset: Offset) -> date:
        """`day` moved by the offset. Moved by working days it is always a working day; by calendar days it may be any.

        The first working day before a Saturday is the Friday, the first after it the Monday. Raises OverflowError.
        """
        if not offset.working:
            return day + timedelta(days=offset.days)
        if offset.days == 0:
            return self.on_or_after(day) if offset.after else self.on_or_before(day)
        after_today = self._until(day) - 1
        return self.day((self.number(day) if offset.days < 0 else after_today) + offset.days)

    def _until(self, day: date) -> int:
        """How many working days there are up to the end of `day`."""
        return self.number(day) + self.is_working(day)
