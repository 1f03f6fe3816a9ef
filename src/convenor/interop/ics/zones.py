"""Which IANA zone a TZID means: RFC 5545 §3.6.5 and §3.8.3.1, the names that Outlook, Exchange and older servers write instead, and, when
no name helps, the clock changes of the VTIMEZONE itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from convenor.interop.ics.components import Block
from convenor.interop.ics.lines import CONTROL, unescape
from convenor.interop.ics.problems import Refusal
from convenor.interop.ics.values import midnight, read_offset, read_written
from convenor.kernel.instants import ZoneName, known_zones, zone_info

# Clock changes are compared over the first of these stretches of years in which some known zone has all of them: a VTIMEZONE may be old,
# or carry only the rule of its day.
STRETCHES = ((2024, 2034), (2015, 2024), (2007, 2015), (1996, 2007))
ONSETS_READ = 600  # of one observance: three centuries of two a year
OFFSET_NAME = re.compile(r"\(?(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?(\d\d))?\)?", re.IGNORECASE | re.ASCII)
DISPLAY_NAME = re.compile(r"\((?:UTC|GMT)([^)]*)\)\s*(.+)", re.IGNORECASE)
BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_ONSET = 2040
# CLDR keeps the spelling that a zone had first; the database has long renamed these.
RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
}
UTC_NAMES = frozenset(
    {
        "z",
        "utc",
        "gmt",
        "etc/utc",
        "tzone://microsoft/utc",
        "coordinated universal time",
        "(utc) coordinated universal time",
    }
)


@dataclass(frozen=True, slots=True)
class Observance:
    """STANDARD or DAYLIGHT (§3.6.5): from each onset, a local time before the change, the offset goes from one to the other."""

    onsets: tuple[datetime, ...]
    offset_from: timedelta
    offset_to: timedelta


@dataclass(slots=True)
class Definition:
    """A VTIMEZONE: its TZID, the IANA name it may carry (X-LIC-LOCATION), and its observances."""

    tzid: str
    location: str
    observances: tuple[Observance, ...]
    changes: list[tuple[datetime, timedelta]] = field(init=False)

    def __post_init__(self) -> None:
        self.changes = sorted(
            (onset - each.offset_from, each.offset_to) for each in self.observances for onset in each.onsets
        )

    @property
    def varies(self) -> bool:
        """Whether clocks change at all in the years that are compared."""
        return any(self.changes_in(first, last) for first, last in STRETCHES)

    def changes_in(self, first: int, last: int) -> list[datetime]:
        """The naive UTC times of the changes from one year to before another."""
        low, high = midnight(date(first, 1, 1)), midnight(date(last, 1, 1))
        return [utc for utc, _ in self.changes if low < utc < high]

    def offset_at(self, utc: datetime) -> timedelta:
        """The offset at a naive UTC time; before the first change, what it changed from."""
        at = bisect_right(self.changes, utc, key=lambda change: change[0])
        if at:
            return self.changes[at - 1][1]
        return min(self.observances, key=lambda each: each.onsets[0]).offset_from

    def to_utc(self, local: datetime) -> datetime:
        """The naive UTC time of a local one; of two that fit the first, as §3.3.5 says."""
        offsets = {
            self.offset_at(local - guess)
            for each in self.observances
            for guess in (each.offset_from, each.offset_to)
        }
        fitting = [
            local - offset
            for offset in sorted(offsets, reverse=True)
            if self.offset_at(local - offset) == offset
        ]
        return fitting[0] if fitting else local - min(offsets)


def read_definition(block: Block) -> Definition | None:
    """A VTIMEZONE block; None when it names no zone or has no usable observance."""
    tzid = block.first("TZID")
    observances = tuple(one for part in block.inside if (one := _observance(part)) is not None)
    if tzid is None or not observances:
        return None
    location = block.first("X-LIC-LOCATION")
    return Definition(
        clean_tzid(unescape(tzid.value)), location.value.strip() if location else "", observances
    )


def _observance(part: Block) -> Observance | None:
    start, before, after = part.first("DTSTART"), part.first("TZOFFSETFROM"), part.first("TZOFFSETTO")
    if part.name not in ("STANDARD", "DAYLIGHT") or start is None or before is None or after is None:
        return None
    offset_from, offset_to = read_offset(before.value), read_offset(after.value)
    try:
        first = read_written(start.value, name="DTSTART", line=start.number)
        onsets = sorted(
            {
                first.local or midnight(first.day),
                *_rdates(part),
                *islice(_yearly(part, first.local), ONSETS_READ),
            }
        )
    except Refusal:
        return None
    if offset_from is None or offset_to is None:
        return None
    return Observance(tuple(onsets), offset_from, offset_to)


def _rdates(part: Block) -> Iterator[datetime]:
    values = (
        value for line in part.properties.get("RDATE", []) for value in line.value.split(",") if value.strip()
    )
    for value in islice(values, ONSETS_READ):
        local = read_written(value.partition("/")[0], name="RDATE", line=part.line).local
        if local is not None:
            yield local


def _yearly(part: Block, first: datetime | None) -> Iterator[datetime]:
    """The onsets of a yearly RRULE up to 2040. §3.6.5 allows any rule; clocks change by month, weekday and day of month, and a rule with
    anything else is hostile or broken.
    """
    line = part.first("RRULE")
    if line is None or first is None:
        return
    rule = dict(item.split("=", 1) for item in line.value.strip().upper().split(";") if "=" in item)
    if rule.pop("FREQ", "") != "YEARLY" or not rule.keys() <= {
        "BYMONTH",
        "BYDAY",
        "BYMONTHDAY",
        "UNTIL",
        "INTERVAL",
        "WKST",
    }:
        return
    until = (
        read_written(rule["UNTIL"], name="RRULE", line=line.number).day
        if "UNTIL" in rule
        else date(LAST_ONSET, 1, 1)
    )
    months = _numbers(rule.get("BYMONTH", "")) or [first.month]
    for year in range(first.year, min(until.year, LAST_ONSET) + 1):
        for month in months:
            for day in _days_of(year, month, rule, first.day):
                if first.date() <= day <= until:
                    yield datetime.combine(day, first.time())


def _days_of(year: int, month: int, rule: dict[str, str], default: int) -> list[date]:
    """The days of a month that BYDAY and BYMONTHDAY leave (§3.3.10)."""
    if not 1 <= month <= 12:
        return []
    length = monthrange(year, month)[1]
    days = [date(year, month, day) for day in range(1, length + 1)]
    if numbers := _numbers(rule.get("BYMONTHDAY", "")):
        days = [day for day in days if day.day in numbers or day.day - length - 1 in numbers]
    elif "BYDAY" not in rule:
        days = [day for day in days if day.day == default]
    chosen = [match for item in rule.get("BYDAY", "").split(",") if (match := BY_DAY.fullmatch(item.strip()))]
    if not chosen:
        return days
    return [day for day in days if any(_is_weekday(day, length, match) for match in chosen)]


def _is_weekday(day: date, length: int, match: re.Match[str]) -> bool:
    if day.weekday() != WEEKDAYS.index(match[2]):
        return False
    return not match[1] or int(match[1]) in ((day.day + 6) // 7, -((length - day.day) // 7 + 1))


def _numbers(text: str) -> list[int]:
    return [
        int(item) for item in text.split(",")[:366] if re.fullmatch(r"[+-]?\d{1,3}", item.strip(), re.ASCII)
    ]


def clean_tzid(text: str) -> str:
    """Without control characters, quotes and blanks around it."""
    return CONTROL.sub("", text).strip().strip("\"'").strip()


def _windows() -> dict[str, ZoneName]:
    """CLDR's zone for each Windows name, under the name that the place has today."""
    zones = {name: RENAMED.get(target, target) for name, target in WINDOWS_TO_OLSON.items()}
    return {name: ZoneName(zone) for name, zone in zones.items() if zone in known_zones()}


@cache
def _by_spelling() -> dict[str, ZoneName]:
    """IANA and Windows names, without case."""
    names = {name.casefold(): zone for name, zone in _windows().items()}
    return names | {name.casefold(): ZoneName(name) for name in known_zones()}


@cache
def _by_city() -> dict[str, ZoneName]:
    """The last part of IANA names, spelt as people do; names with a region win over old single ones."""
    names = sorted(
        known_zones(),
        key=lambda name: ("/" in name and not name.startswith(("Etc/", "SystemV/", "posix/")), name),
    )
    return {
        name.rpartition("/")[2].replace("_", " ").casefold(): ZoneName(name) for name in names if "/" in name
    }


def zone_named(tzid: str) -> ZoneName | None:
    """The zone that a name alone tells: IANA, Windows (CLDR), with a vendor's prefix, an offset, or a display name with cities."""
    name = tzid.casefold()
    if name in UTC_NAMES:
        return ZoneName("UTC")
    if found := _by_spelling().get(name) or _by_spelling().get(name.replace(" ", "_")):
        return found
    parts = [part for part in name.split("/") if part]
    # "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "/mozilla.org/20050126_1/America/Indiana/Knox"
    for size in (3, 2):
        if len(parts) >= size and (found := _by_spelling().get("/".join(parts[-size:]))):
            return found
    # "/citadel.org/20070227_1/UTC" has no region, and "/softwarestudio.org/Tzfile/CET" neither.
    if tzid.startswith("/") and parts and (found := _by_spelling().get(parts[-1])):
        return found
    return _displayed(tzid)


def _displayed(tzid: str) -> ZoneName | None:
    if match := OFFSET_NAME.fullmatch(tzid):
        hours, minutes = int(match[2]), int(match[3] or 0)
        # POSIX signs: Etc/GMT-2 is two hours east of Greenwich.
        sign = "-" if match[1] == "+" else "+"
        return _by_spelling().get(f"etc/gmt{sign}{hours}" if hours else "etc/gmt") if not minutes else None
    if match := DISPLAY_NAME.fullmatch(tzid):
        found = (_by_city().get(city.strip().casefold()) for city in match[2].split(","))
        return next((zone for zone in found if zone is not None), None)
    return None


def zone_like(definition: Definition, preferred: Iterable[ZoneName]) -> ZoneName | None:
    """The zone whose clocks change exactly as the definition's: the preferred ones first, then Windows' main zones, then all by name."""
    candidates = list(dict.fromkeys([*preferred, *_main_zones()]))
    for first, last in STRETCHES:
        # Years without a change tell nothing of a zone that has some in others.
        if definition.varies and not definition.changes_in(first, last):
            continue
        samples = _samples(definition, first, last)
        signature = tuple(offset for _, offset in samples[:2])
        for zone in candidates:
            if _signature(zone, first) == signature and _agrees(zone, samples):
                return zone
    return None


@cache
def _main_zones() -> tuple[ZoneName, ...]:
    return tuple(dict.fromkeys([*_windows().values(), *(ZoneName(name) for name in sorted(known_zones()))]))


def _samples(definition: Definition, first: int, last: int) -> list[tuple[datetime, timedelta]]:
    """Offsets at each month's start, and right before and after each change."""
    moments: list[datetime] = [
        midnight(date(year, month, 1))
        for year in range(first, last)
        for month in (1, 7, 4, 10, 2, 3, 5, 6, 8, 9, 11, 12)
    ]
    changes = definition.changes_in(first, last)[:ONSETS_READ]
    moments += [moment for utc in changes for moment in (utc - timedelta(seconds=1), utc)]
    return [(moment.replace(tzinfo=UTC), definition.offset_at(moment)) for moment in moments]


@cache
def _signature(zone: ZoneName, year: int) -> tuple[timedelta | None, ...]:
    """The offsets in the winter and the summer of a year, which few zones share: the samples begin with them."""
    info = zone_info(zone)
    return tuple(datetime(year, month, 1, tzinfo=UTC).astimezone(info).utcoffset() for month in (1, 7))


def _agrees(zone: ZoneName, samples: Sequence[tuple[datetime, timedelta]]) -> bool:
    info = zone_info(zone)
    return all(moment.astimezone(info).utcoffset() == offset for moment, offset in samples)
