"""VTIMEZONE: RFC 5545 §3.6.5, made from the zone's own clock changes as yearly rules.

Never lists of RDATEs: Outlook reads only the first and shows half of the year's meetings an hour off. A zone's present rule is found in its
changes over a whole cycle of the calendar (28 years hold every weekday of every date); the years since the first event in which another rule
held become single observances.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from convenor.interop.ics.values import local_text, offset_text
from convenor.kernel.instants import DAY, Instant, Span, ZoneName, datetime_of, instant_of, zone_info
from convenor.kernel.zones import Transition, transitions

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Whether a rule holds for good is seen here: later than any change that the database lists one by one but Morocco's.
CYCLE = (2041, 2069)
# Zones without a rule (Morocco shifts its clocks around Ramadan, which moves through the year; the database lists those changes to 2087)
# get one observance for each change up to here, as no RRULE can say them. A feed is made anew long before.
LAST_LISTED = 2038
TWO_YEARS = 2 * 366 * DAY
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Onset:
    """One change: `local` is what the clocks show when it comes, before it (§3.6.5), `day_time` or standard time begins."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    day_time: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What stays the same from year to year."""
        return self.local.time(), self.local.weekday(), self.before, self.after, self.day_time


@dataclass(frozen=True, slots=True)
class Yearly:
    """A change that comes every year: `model` is one of it; `days` are all days (month, day) it can fall on, in calendar order."""

    model: Onset
    days: tuple[tuple[int, int], ...]

    def fits(self, onset: Onset) -> bool:
        """Whether the change is this rule's."""
        return onset.key == self.model.key and (onset.local.month, onset.local.day) in self.days


def vtimezone(zone: ZoneName, *, since: Instant) -> list[str]:
    """The content lines of the zone's VTIMEZONE, right for every time from `since` on. Raises `UnknownZone`."""
    # By the month, so that a feed's zones come from the cache.
    start = max(datetime_of(since) - timedelta(days=1), EARLIEST)
    return list(_lines(zone, instant_of(datetime(start.year, start.month, 1, tzinfo=UTC))))


@lru_cache(maxsize=512)
def _lines(zone: ZoneName, since: Instant) -> tuple[str, ...]:
    rules = _yearly(zone)
    # A rule that already held in the year before covers everything from `since` on: two observances, as Outlook likes them best.
    year_before = datetime_of(since).year - 1
    first_rule_year = _first_year(zone, rules, year_before)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    if not rules or first_rule_year > year_before:
        for onset in _single(zone, since, first_rule_year, has_rule=bool(rules)):
            lines += _observance(onset, "")
    for rule in rules:
        for text, first in _recurring(rule, first_rule_year):
            lines += _observance(first, text)
    return (*lines, "END:VTIMEZONE")


def _observance(onset: Onset, rule: str) -> list[str]:
    kind = "DAYLIGHT" if onset.day_time else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{local_text(onset.local)}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZOFFSETFROM:{offset_text(onset.before)}",
        f"TZOFFSETTO:{offset_text(onset.after)}",
        f"TZNAME:{onset.name}",
        f"END:{kind}",
    ]


def _onsets(zone: ZoneName, first: int, last: int) -> list[Onset]:
    """The changes from the start of one year to the start of another."""
    span = Span(_new_year(first), _new_year(last))
    return [_onset(zone, change) for change in transitions(zone, span)]


def _onset(zone: ZoneName, change: Transition) -> Onset:
    info = zone_info(zone)
    moment = datetime_of(change.at).astimezone(info)
    was = (datetime_of(change.at) - timedelta(seconds=1)).astimezone(info)
    local = (datetime_of(change.at) + timedelta(seconds=change.before)).replace(tzinfo=None)
    # Ireland and Morocco declare winter (Ramadan) the exception, with DST of minus one hour: clients expect DAYLIGHT to be the later time.
    shifted = bool(moment.dst()) != bool(was.dst())
    day_time = change.after > change.before if shifted else bool(moment.dst())
    return Onset(
        local,
        timedelta(seconds=change.before),
        timedelta(seconds=change.after),
        moment.tzname() or str(zone),
        day_time,
    )


def _new_year(year: int) -> Instant:
    return instant_of(datetime(year, 1, 1, tzinfo=UTC))


@lru_cache(maxsize=512)
def _yearly(zone: ZoneName) -> tuple[Yearly, ...]:
    """The rules in force for good; none for a zone without changes, or with such as no yearly rule says."""
    onsets = _onsets(zone, *CYCLE)
    kinds: dict[tuple[object, ...], list[Onset]] = {}
    for onset in onsets:
        kinds.setdefault(onset.key, []).append(onset)
    years = CYCLE[1] - CYCLE[0]
    if any(len(same) != years or len({each.local.year for each in same}) != years for same in kinds.values()):
        return ()
    rules = [Yearly(same[0], _days(same)) for same in kinds.values()]
    # Seven days in a row is what a weekday's place in a month gives; anything wider is no rule of that form.
    return tuple(rules) if all(len(rule.days) == 7 for rule in rules) else ()


def _days(same: Sequence[Onset]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(each.local.month, each.local.day) for each in same}))


def _first_year(zone: ZoneName, rules: Sequence[Yearly], since: int) -> int:
    """The first year, not before `since`, from which on every change is one of the rules'."""
    year = CYCLE[0]
    while rules and year > since:
        onsets = _onsets(zone, year - 1, year)
        if len(onsets) != len(rules) or not all(any(rule.fits(onset) for rule in rules) for onset in onsets):
            break
        year -= 1
    return year


def _single(zone: ZoneName, since: Instant, rule_year: int, *, has_rule: bool) -> Iterator[Onset]:
    """What is in force when the rules begin, or at `since` when that is earlier, and every change from then until they do."""
    last = _new_year(rule_year if has_rule else LAST_LISTED)
    begin = min(since, last) if has_rule else since
    before = transitions(zone, Span(Instant(begin - TWO_YEARS), Instant(begin + 1)))
    yield _onset(zone, before[-1]) if before else _standing(zone, begin)
    if last > begin + 1:
        yield from (_onset(zone, change) for change in transitions(zone, Span(Instant(begin + 1), last)))


def _standing(zone: ZoneName, at: Instant) -> Onset:
    """The time in force where no change is near."""
    moment = datetime_of(at).astimezone(zone_info(zone))
    offset = moment.utcoffset()
    assert offset is not None
    return Onset(moment.replace(tzinfo=None), offset, offset, moment.tzname() or str(zone), day_time=False)


def _recurring(rule: Yearly, first_year: int) -> Iterator[tuple[str, Onset]]:
    """RRULEs for the rule's days, one for each month that they touch, each with its first onset."""
    for month in dict.fromkeys(month for month, _ in rule.days):
        days = [day for each, day in rule.days if each == month]
        yield (
            _rule_text(month, days, rule.model.local.weekday()),
            _first_onset(rule.model, month, days, first_year),
        )


def _rule_text(month: int, days: Sequence[int], weekday: int) -> str:
    """As people say it: "the second Sunday", "the last Sunday", and, for rules such as Chile's or Egypt's that begin at 24:00 of the day before, "the Sunday
    between the 2nd and the 8th".
    """
    name = WEEKDAYS[weekday]
    length = monthrange(2001, month)[1]
    if len(days) == 7 and days[0] in (1, 8, 15, 22):
        return f"FREQ=YEARLY;BYMONTH={month};BYDAY={days[0] // 7 + 1}{name}"
    if len(days) == 7 and days[-1] == length and month != 2:
        return f"FREQ=YEARLY;BYMONTH={month};BYDAY=-1{name}"
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={','.join(map(str, days))};BYDAY={name}"


def _first_onset(model: Onset, month: int, days: Sequence[int], first_year: int) -> Onset:
    """The first such day; a single one of a month may take some years to be the right weekday."""
    day = next(
        found
        for year in range(first_year, first_year + 40)
        for each in days
        if (found := date(year, month, each)).weekday() == model.local.weekday()
    )
    return Onset(
        datetime.combine(day, model.local.time()), model.before, model.after, model.name, model.day_time
    )
