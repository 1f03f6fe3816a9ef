"""A working week in one line of text, as people write it in a spreadsheet: "Mon-Fri 09:00-17:00; Sat 10-12", in English or Romanian."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from itertools import groupby

WeekRow = tuple[int, time, time]
"""Weekday (0 is Monday), from, until."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The shortest beginnings that tell the days apart, after accents and case are gone.
_BEGINNINGS = {
    **dict.fromkeys(("mo", "mon", "lu", "lun", "l"), 0),
    **dict.fromkeys(("tu", "tue", "tues", "ma", "mar"), 1),
    **dict.fromkeys(("we", "wed", "mi", "mie"), 2),
    **dict.fromkeys(("th", "thu", "thur", "thurs", "jo", "joi", "j"), 3),
    **dict.fromkeys(("fr", "fri", "vi", "vin", "v"), 4),
    **dict.fromkeys(("sa", "sat", "sam", "s"), 5),
    **dict.fromkeys(("su", "sun", "du", "dum", "d"), 6),
}
_FULL = {
    name: day
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("luni", "marti", "miercuri", "joi", "vineri", "sambata", "duminica"),
    )
    for day, name in enumerate(names)
}
_PART = re.compile(r"(?P<days>[^\d]+?)\s*(?P<hours>\d.*)")
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*-\s*(\d{1,2})(?:[:.](\d{2}))?")


class WeekUnreadable(ValueError):
    """A part of a week's text that can't be read; `part` is that part."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


def parse_week(text: str) -> tuple[WeekRow, ...]:
    """The week's stretches, sorted. 24:00 is the end of the day. Raises `WeekUnreadable`."""
    rows: list[WeekRow] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n|]", _plain(text)))):
        found = _PART.fullmatch(part)
        if found is None:
            raise WeekUnreadable(part)
        stretches = [_stretch(each, part) for each in found["hours"].split(",")]
        rows.extend((day, starts, ends) for day in _days(found["days"], part) for starts, ends in stretches)
    return tuple(sorted(set(rows)))


def week_text(rows: Iterable[WeekRow]) -> str:
    """The same week in one canonical line, which `parse_week` reads back."""
    by_day = [
        (day, ",".join(f"{_clock(starts)}-{_clock(ends)}" for _day, starts, ends in group))
        for day, group in groupby(sorted(rows), key=lambda row: row[0])
    ]
    parts: list[tuple[int, int, str]] = []
    for day, hours in by_day:
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == hours:
            parts[-1] = (parts[-1][0], day, hours)
        else:
            parts.append((day, day, hours))
    return "; ".join(f"{_range(first, last)} {hours}" for first, last, hours in parts)


def overlapping_hours(stretches: Iterable[WeekRow]) -> WeekRow | None:
    """The first stretch (weekday, from, until) that begins before the one before it on its day ends; touching is no overlap."""
    last: WeekRow | None = None
    for stretch in sorted(stretches):
        if last is not None and stretch[0] == last[0] and stretch[1] < last[2]:
            return stretch
        last = stretch
    return None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD", text.translate({0x2013: "-", 0x2014: "-", 0x2212: "-"})
    ).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _days(text: str, part: str) -> list[int]:
    days: list[int] = []
    for each in filter(None, (each.strip(" :.") for each in text.split(","))):
        first, dash, last = (word.strip(" .") for word in each.partition("-"))
        start = _day(first, part)
        end = _day(last, part) if dash else start
        days.extend((start + n) % 7 for n in range((end - start) % 7 + 1))
    if not days:
        raise WeekUnreadable(part)
    return days


def _day(word: str, part: str) -> int:
    found = _BEGINNINGS.get(word, _FULL.get(word))
    if found is None:
        raise WeekUnreadable(part)
    return found


def _stretch(text: str, part: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise WeekUnreadable(part)
    starts, ends = (int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
    try:
        return time(*starts), time(23, 59) if ends == (24, 0) else time(*ends)
    except ValueError as error:
        raise WeekUnreadable(part) from error


def _clock(clock: time) -> str:
    return "24:00" if clock >= time(23, 59) else f"{clock:%H:%M}"


def _range(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
