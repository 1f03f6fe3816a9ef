"""A series as it is kept: a first local start in a zone, how long, and how it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convenor.kernel.instants import DAY, MINUTE, LocalTime, ZoneName
from convenor.kernel.recurrence.parsing import parse_rule

if TYPE_CHECKING:
    from datetime import datetime

    from convenor.kernel.recurrence.rule import Rule

MOST_DAYS = 3_660

_MINUTES_A_DAY = DAY // MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A recurrence set (RFC 5545 §3.8.5): the start, the rule's times and the RDATEs, less the EXDATEs, all in the zone's local time.

    `duration_minutes` is exact for a timed series (an hour stays an hour across a change of clocks, §3.8.5.3); for an all-day one it is
    a whole number of days of 1,440 minutes, which the calendar counts (24 hours or not), and every time is a midnight.

    `rrule` is only read when it is used, so that a series that came from elsewhere can be held and have its problem told by
    `check_series`. Raises ValueError for what can't be a series at all: an aware or sub-second time, a length that isn't positive or
    is over ten years, an all-day series off midnight.
    """

    start: LocalTime
    zone: ZoneName
    duration_minutes: int
    rrule: str | None = None
    rdates: tuple[LocalTime, ...] = ()
    exdates: tuple[LocalTime, ...] = ()
    all_day: bool = False

    def __post_init__(self) -> None:
        _check_local("start", self.start, all_day=self.all_day)
        for extra in self.rdates:
            _check_local("RDATE", extra, all_day=self.all_day)
        for gone in self.exdates:
            _check_local("EXDATE", gone, all_day=False)
        if self.duration_minutes <= 0:
            raise ValueError(f"A meeting lasts at least a minute, not {self.duration_minutes}.")
        if self.days > MOST_DAYS:
            raise ValueError(f"A meeting lasts at most {MOST_DAYS} days, not {self.days}.")
        if self.all_day and self.duration_minutes % _MINUTES_A_DAY:
            raise ValueError(f"An all-day meeting lasts whole days, not {self.duration_minutes} minutes.")

    @property
    def days(self) -> int:
        """Days that an all-day series lasts; whole days, rounded down, of a timed one."""
        return self.duration_minutes // _MINUTES_A_DAY

    @property
    def rule(self) -> Rule | None:
        """The rule, read. Raises `RuleError`."""
        return parse_rule(self.rrule) if self.rrule else None


def _check_local(what: str, local: datetime, *, all_day: bool) -> None:
    if local.tzinfo is not None:
        raise ValueError(f"The {what} {local.isoformat()} carries a time zone; a series keeps local times.")
    if local.microsecond:
        raise ValueError(f"The {what} {local.isoformat()} has a fraction of a second.")
    if all_day and (local.hour or local.minute or local.second):
        raise ValueError(f"The {what} {local.isoformat()} of an all-day meeting is not a midnight.")
