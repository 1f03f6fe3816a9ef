"""What is wrong, or worth knowing, about a series before it is kept: as data, with an English sentence for logs and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from convenor.kernel.instants import (
    Instant,
    LocalTime,
    Span,
    UnknownZone,
    to_instant,
    to_local,
    wall_time,
    zone_name,
)
from convenor.kernel.recurrence.expansion import expand, next_after
from convenor.kernel.recurrence.rule import RULE_MESSAGES, RuleError, RuleProblem, refuse_timer
from convenor.kernel.zones import utc_to_local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from convenor.kernel.recurrence.occurrences import Occurrences
    from convenor.kernel.recurrence.series import Series

LONGEST_YEARS = 10
MOST_OCCURRENCES = 2_000
_NAMED = 10  # odd dates that a problem lists by name

_BEFORE_ALL = Instant(-(1 << 40))


class SeriesProblem(StrEnum):
    UNKNOWN_ZONE = "unknown_zone"
    BAD_RULE = "bad_rule"
    NEVER_OCCURS = "never_occurs"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NEVER_ENDS = "never_ends"
    ALREADY_OVER = "already_over"
    START_OFF_RULE = "start_off_rule"
    OVERLAPS_ITSELF = "overlaps_itself"
    IN_A_GAP = "in_a_gap"


REFUSED = frozenset(
    {
        SeriesProblem.UNKNOWN_ZONE,
        SeriesProblem.BAD_RULE,
        SeriesProblem.NEVER_OCCURS,
        SeriesProblem.TOO_LONG,
        SeriesProblem.TOO_MANY,
    }
)
"""The problems for which a series is turned away; the others are told and allowed."""

SERIES_MESSAGES: Mapping[SeriesProblem, str] = {
    SeriesProblem.UNKNOWN_ZONE: "There is no time zone named “{zone}”.",
    SeriesProblem.BAD_RULE: "The recurrence rule can't be used.",
    SeriesProblem.NEVER_OCCURS: "The recurrence rule never gives a date.",
    SeriesProblem.TOO_LONG: "The series still runs on {date}, more than {most} years after it starts.",
    SeriesProblem.TOO_MANY: "The series has more than {most} occurrences up to {horizon}.",
    SeriesProblem.NEVER_ENDS: "The series never ends; its occurrences are kept up to {horizon} and added as time goes on.",
    SeriesProblem.ALREADY_OVER: "The series has no occurrence from now on.",
    SeriesProblem.START_OFF_RULE: "The first meeting, {start}, is not one that the recurrence rule gives.",
    SeriesProblem.OVERLAPS_ITSELF: "The occurrence of {first} isn't over when that of {second} starts.",
    SeriesProblem.IN_A_GAP: "Clocks go forward over the start on {dates}; the meeting starts by as much later.",
}
"""English sentences to be filled with a `Problem`'s parameters; the app layer holds their translations under the same names."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Dates among the parameters are ISO 8601, local to the series. A BAD_RULE's `rule_problem` says what is wrong with
    the rule, and the parameters belong to it.
    """

    code: SeriesProblem
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    rule_problem: RuleProblem | None = None

    @property
    def refuses(self) -> bool:
        return self.code in REFUSED

    @property
    def sentence(self) -> str:
        template = RULE_MESSAGES[self.rule_problem] if self.rule_problem else SERIES_MESSAGES[self.code]
        return template.format(**self.parameters)


def check_series(
    series: Series,
    *,
    now: Instant,
    horizon: Instant,
    longest_years: int = LONGEST_YEARS,
    most: int = MOST_OCCURRENCES,
) -> list[Problem]:
    """Everything to be told about a series whose occurrences would be kept up to `horizon`; those that refuse it first."""
    if problem := _unusable(series):
        return [problem]
    first = next_after(series, _BEFORE_ALL)
    if first is None or (series.rule and next_after(series, _BEFORE_ALL, rule_only=True) is None):
        return [Problem(SeriesProblem.NEVER_OCCURS)]
    # A past horizon leaves nothing to keep; look at the present alone then.
    ahead = expand(series, within=Span(now, Instant(max(horizon, now + 1))), limit=most)
    found = [
        *_size(series, ahead, horizon, longest_years=longest_years, most=most),
        *_shape(series, now, horizon, ahead),
        *_gaps(series, ahead),
    ]
    return sorted(found, key=lambda problem: not problem.refuses)


def _unusable(series: Series) -> Problem | None:
    """What stops a series from being expanded at all."""
    try:
        zone_name(series.zone)
        if series.rule:
            refuse_timer(series.rule)
    except UnknownZone as error:
        return Problem(
            SeriesProblem.UNKNOWN_ZONE, {"zone": error.name[:80], "nearest": ", ".join(error.nearest)}
        )
    except RuleError as error:
        return Problem(SeriesProblem.BAD_RULE, error.parameters, error.code)
    return None


def _size(
    series: Series, ahead: Occurrences, horizon: Instant, *, longest_years: int, most: int
) -> Iterator[Problem]:
    endless = series.rule is not None and series.rule.never_ends
    if endless:
        yield Problem(SeriesProblem.NEVER_ENDS, {"horizon": _date(to_local(horizon, series.zone))})
    elif late := next_after(series, _years_after_start(series, longest_years)):
        yield Problem(SeriesProblem.TOO_LONG, {"date": _date(late.recurrence_id), "most": longest_years})
    if ahead.truncated:
        yield Problem(
            SeriesProblem.TOO_MANY, {"most": most, "horizon": _date(to_local(horizon, series.zone))}
        )


def _shape(series: Series, now: Instant, horizon: Instant, ahead: Occurrences) -> Iterator[Problem]:
    if not len(ahead) and next_after(series, max(now, horizon)) is None:
        yield Problem(SeriesProblem.ALREADY_OVER)
    first = next_after(series, _BEFORE_ALL, rule_only=True)
    if first and first.recurrence_id != series.start:
        yield Problem(SeriesProblem.START_OFF_RULE, {"start": series.start.isoformat(" ", "minutes")})
    meets = np.flatnonzero(ahead.starts[1:] < ahead.ends[:-1])
    if len(meets):
        one, other = (_date(wall_time(int(ahead.local[meets[0] + i]))) for i in (0, 1))
        yield Problem(SeriesProblem.OVERLAPS_ITSELF, {"first": one, "second": other})


def _gaps(series: Series, ahead: Occurrences) -> Iterator[Problem]:
    """Occurrences whose local start is one that the clocks skip. A midnight skipped harms no all-day meeting."""
    skipped = ahead.local[utc_to_local(ahead.starts, series.zone) != ahead.local]
    if len(skipped) and not series.all_day:
        dates = ", ".join(_date(wall_time(local)) for local in skipped[:_NAMED].tolist())
        yield Problem(SeriesProblem.IN_A_GAP, {"dates": dates, "count": len(skipped)})


def _years_after_start(series: Series, years: int) -> Instant:
    """The instant `years` calendar years after the start, or the last one that a calendar can name."""
    year = min(series.start.year + years, 9_998)
    leap_day = (series.start.month, series.start.day) == (2, 29)
    same_day = series.start.replace(year=year, day=28 if leap_day else series.start.day)
    return to_instant(LocalTime(same_day), series.zone)


def _date(local: LocalTime) -> str:
    return local.date().isoformat()
