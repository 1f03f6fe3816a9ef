"""Pure decisions about people: how a week is told, whether a delegation counts."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

from convenor.kernel.weekly_hours import OFFICE_WEEK, Hours, WeeklyHours, seconds_from, seconds_until


@lru_cache(maxsize=4096)
def week_from_text(text: str | None) -> WeeklyHours:
    """The week that `queries.availability` reads as text, "0 09:00:00 17:00:00;1 …" in any order; nothing is Monday to Friday, 9 to 17.

    People share weeks, so the same text gives the same value.
    """
    if not text:
        return OFFICE_WEEK
    return tuple(sorted(_hours(*each.split(" ")) for each in text.split(";")))


def _hours(weekday: str, starts: str, ends: str) -> Hours:
    return Hours(
        int(weekday), seconds_from(time.fromisoformat(starts)), seconds_until(time.fromisoformat(ends))
    )


def is_in_force(starts_on: date, ends_on: date | None, today: date) -> bool:
    """Whether a delegation from/until (both included) counts today."""
    return starts_on <= today and (ends_on is None or today <= ends_on)
