"""What is wrong with a series, in words; and what becomes of it when it is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from convenor.kernel.instants import (
    Instant,
    LocalTime,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
    to_local,
    zone_name,
)
from convenor.kernel.recurrence import (
    Frequency,
    Problem,
    Rule,
    RuleProblem,
    Series,
    SeriesProblem,
    Weekday,
    WeekdayNum,
    check_series,
    parse_rule,
)
from convenor.scheduling.drafts import MeetingDraft
from convenor.scheduling.rules.findings import Findings

SERIES_SENTENCES = {
    SeriesProblem.UNKNOWN_ZONE: _("There is no time zone named “{zone}”."),
    SeriesProblem.BAD_RULE: _("The recurrence rule can't be used."),
    SeriesProblem.NEVER_OCCURS: _("The recurrence rule never gives a date."),
    SeriesProblem.TOO_LONG: _("The series still runs on {date}, more than {most} years after it starts."),
    SeriesProblem.TOO_MANY: _("The series has more than {most} occurrences up to {horizon}."),
    SeriesProblem.NEVER_ENDS: _(
        "The series never ends; its occurrences are kept up to {horizon} and added as time goes on."
    ),
    SeriesProblem.ALREADY_OVER: _("The series has no occurrence from now on."),
    SeriesProblem.START_OFF_RULE: _("The first meeting, {start}, is not one that the recurrence rule gives."),
    SeriesProblem.OVERLAPS_ITSELF: _("The occurrence of {first} isn't over when that of {second} starts."),
    SeriesProblem.IN_A_GAP: _(
        "Clocks go forward over the start on {dates}; the meeting starts by as much later."
    ),
}
RULE_SENTENCES = {
    RuleProblem.TOO_LONG: _("The recurrence rule has {length} characters; at most {most} are read."),
    RuleProblem.MALFORMED_PART: _("“{part}” in the recurrence rule is not of the form NAME=VALUE."),
    RuleProblem.UNKNOWN_PART: _("“{part}” is not a part of a recurrence rule."),
    RuleProblem.REPEATED_PART: _("{part} stands in the recurrence rule more than once."),
    RuleProblem.BAD_VALUE: _("{part} can't be “{value}”; it takes {expected}."),
    RuleProblem.NO_FREQUENCY: _("The recurrence rule doesn't say how often: FREQ is missing."),
    RuleProblem.COUNT_WITH_UNTIL: _(
        "The recurrence rule has both COUNT and UNTIL; only one of them may end it."
    ),
    RuleProblem.NOT_WITH_FREQUENCY: _("{part} makes no sense in a rule with FREQ={frequency}."),
    RuleProblem.NTH_NOT_WITH_FREQUENCY: _(
        "BYDAY={value} counts weekdays, which only FREQ=MONTHLY and FREQ=YEARLY can do; here FREQ is {frequency}."
    ),
    RuleProblem.NTH_WITH_WEEK_NUMBER: _("BYDAY={value} counts weekdays, which BYWEEKNO doesn't allow."),
    RuleProblem.POSITION_ALONE: _(
        "BYSETPOS picks from the days that another BY… part gives, and there is none."
    ),
    RuleProblem.SUB_DAILY: _(
        "FREQ={frequency} repeats within a day; a meeting repeats daily, weekly, monthly or yearly."
    ),
    RuleProblem.TOO_OFTEN: _("The rule gives {times} starts a day; a meeting has at most {most}."),
}
Period = Callable[[LocalTime], object]
SILENT = frozenset({SeriesProblem.NEVER_ENDS, SeriesProblem.START_OFF_RULE})


def sentence_of(problem: Problem) -> str:
    """The kernel's finding in the language in use."""
    rule_problem = problem.rule_problem
    template = RULE_SENTENCES[rule_problem] if rule_problem else SERIES_SENTENCES[problem.code]
    return str(template).format(**problem.parameters)


def series_of(draft: MeetingDraft) -> Series:
    """The kernel's series; the zone must have been checked. Raises ValueError as `Series`."""
    return Series(
        start=draft.local_start,
        zone=zone_name(draft.zone),
        duration_minutes=draft.duration_minutes,
        rrule=draft.rrule or None,
        rdates=tuple(draft.rdates),
        exdates=tuple(draft.exdates),
        all_day=draft.all_day,
    )


def check_recurrence(found: Findings, draft: MeetingDraft, *, now: Instant, horizon: Instant) -> None:
    for problem in check_series(series_of(draft), now=now, horizon=horizon):
        if problem.refuses:
            found.refuse("rrule", problem.code, sentence_of(problem))
        elif problem.code not in SILENT:
            found.tell("rrule", problem.code, sentence_of(problem))


# A series that changes


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the wall-clock start of a whole series moves."""

    by: timedelta

    def of(self, local: LocalTime) -> LocalTime:
        return LocalTime(local + self.by)


class CannotShift(ValueError):
    """The rule names days in a way that a move by some days can't keep; it must be written anew."""


def shifted_rule(rrule: str, shift: Shift, old_start: LocalTime, *, old_zone: str, new_zone: str) -> str:
    """The rule of a series whose start or zone moves: its weekdays and its UNTIL move along.

    Within one date only UNTIL moves. Across dates, a weekly rule's weekdays turn with it, and a
    rule that takes its days from the start needs nothing; one that counts days of the month or year
    (2nd Monday, the 15th) can't follow. Raises CannotShift, RuleError.
    """
    if not rrule:
        return ""
    rule = parse_rule(rrule)
    days = (shift.of(old_start).date() - old_start.date()).days
    if rule.hours or rule.minutes or rule.seconds:
        raise CannotShift
    if days:
        rule = _turned(rule, days)
    return replace(rule, until=_later(rule.until, shift, ZoneName(old_zone), ZoneName(new_zone))).to_text()


def _turned(rule: Rule, days: int) -> Rule:
    named = (rule.months, rule.week_numbers, rule.year_days, rule.month_days, rule.positions)
    counted = any(entry.nth for entry in rule.weekdays)
    if any(named) or counted or (rule.weekdays and rule.frequency != Frequency.WEEKLY):
        raise CannotShift
    weekdays = {WeekdayNum(0, Weekday((entry.weekday + days) % 7)) for entry in rule.weekdays}
    week_start = (
        Weekday((rule.week_start + days) % 7) if rule.weekdays and rule.interval > 1 else rule.week_start
    )
    return replace(rule, weekdays=tuple(sorted(weekdays)), week_start=week_start)


def _later(
    until: datetime | date | None, shift: Shift, old_zone: ZoneName, new_zone: ZoneName
) -> datetime | date | None:
    """UNTIL in the same place among the moved occurrences: it moves on the wall clock, as they do."""
    if until is None:
        return None
    if not isinstance(until, datetime):
        return until + timedelta(days=shift.by // timedelta(days=1))
    if until.tzinfo is None:
        return until + shift.by
    local = to_local(instant_of(until), old_zone)
    return datetime_of(to_instant(shift.of(local), new_zone))


@dataclass(frozen=True, slots=True)
class Remapped:
    """`kept`: old to new recurrence ids. `dropped`: old ones with no place in the new series.
    `added`: new ones that no old one became.
    """

    kept: Mapping[LocalTime, LocalTime]
    dropped: tuple[LocalTime, ...]
    added: tuple[LocalTime, ...]


def remap(
    old: Sequence[LocalTime], new: Sequence[LocalTime], *, rule: Rule | None, shift: Shift | None = None
) -> Remapped:
    """Which occurrence of a changed series is which of the old one.

    A series that only moved (`shift`) keeps them one by one. Otherwise an old occurrence becomes, by
    the first that applies: the new one of the very same local time; the new one on the same date;
    the new one in the same period of the new rule's frequency (day, ISO week, month, year), in
    order, if that period has as many old ones without a place as new ones still free.
    """
    free = set(new)
    kept: dict[LocalTime, LocalTime] = {}
    if shift is not None:
        kept = {each: shift.of(each) for each in old if shift.of(each) in free}
        free -= set(kept.values())
    else:
        for period in (_itself, _date_of, _period_of(rule)):
            _pair(kept, free, old, period)
    dropped = tuple(each for each in old if each not in kept)
    return Remapped(kept, dropped, tuple(sorted(free)))


def _pair(
    kept: dict[LocalTime, LocalTime], free: set[LocalTime], old: Sequence[LocalTime], period: Period
) -> None:
    """Give old ones without a place the free new ones of their period, where there are as many of both."""
    unplaced = _grouped((each for each in old if each not in kept), period)
    places = _grouped(free, period)
    for key, group in unplaced.items():
        if len(group) == len(places.get(key, ())):
            kept.update(zip(group, places[key], strict=True))
            free -= set(places[key])


def _grouped(times: Iterable[LocalTime], period: Period) -> dict[object, list[LocalTime]]:
    groups: dict[object, list[LocalTime]] = defaultdict(list)
    for time in sorted(times):
        groups[period(time)].append(time)
    return groups


def _itself(local: LocalTime) -> object:
    return local


def _date_of(local: LocalTime) -> object:
    return local.date()


def _week_of(local: LocalTime) -> object:
    return local.isocalendar()[:2]


def _month_of(local: LocalTime) -> object:
    return local.year, local.month


def _year_of(local: LocalTime) -> object:
    return local.year


_PERIODS: Mapping[Frequency, Period] = {
    Frequency.WEEKLY: _week_of,
    Frequency.MONTHLY: _month_of,
    Frequency.YEARLY: _year_of,
}


def _period_of(rule: Rule | None) -> Period:
    return _PERIODS.get(rule.frequency, _date_of) if rule else _date_of
