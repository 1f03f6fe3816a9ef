"""How an event repeats: RRULE, RDATE and EXDATE, RFC 5545 §3.8.5, all in the zone of its start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import product

from convenor.interop.ics.components import Block, Remarks
from convenor.interop.ics.lines import ContentLine
from convenor.interop.ics.objects import UTC_ZONE, Timed, When
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.recurrence_rule import RuleRead, read_rule
from convenor.interop.ics.times import Times, length, same_kind
from convenor.interop.ics.values import midnight
from convenor.kernel.instants import DAY, MINUTE, Instant, LocalTime, Span, to_instant
from convenor.kernel.recurrence import Series, expand
from convenor.kernel.recurrence.parsing import parse_rule

CENTURY = 100 * 366 * DAY


@dataclass(frozen=True, slots=True)
class Repetition:
    """`periods` are the RDATEs that say their own length (they stand in `rdates` too)."""

    rrule: str = ""
    rdates: tuple[When, ...] = ()
    exdates: tuple[When, ...] = ()
    periods: tuple[tuple[When, timedelta], ...] = ()


def read_repetition(block: Block, start: When, times: Times, remarks: Remarks) -> Repetition:
    """Raises `Refusal` for a rule that can't be read; a single bad date is reported and left out."""
    first, more = _rules(block, start, times, remarks)
    listed = list(_listed(block, "RDATE", times, remarks))
    rdates = [same_kind(when, start, times.home) for when, _ in listed] + more
    exdates = [same_kind(when, start, times.home) for when in _excluded(block, start, first, times, remarks)]
    # "This and all following" deleted from the very first occurrence on leaves such rules behind.
    if first is not None and first.never_starts and not rdates:
        raise Refusal(ProblemCode.RULE_WITHOUT_DATES, value=first.text)
    return Repetition(
        rrule=first.text if first is not None else "",
        rdates=_in_order(rdates),
        exdates=_in_order(exdates),
        periods=tuple(
            (same_kind(when, start, times.home), lasts) for when, lasts in listed if lasts is not None
        ),
    )


def _rules(block: Block, start: When, times: Times, remarks: Remarks) -> tuple[RuleRead | None, list[When]]:
    """The first rule, and the dates of any others: a second RRULE SHOULD NOT be there, and Convenor's series have one (§3.8.5.3)."""
    rules: dict[str, RuleRead] = {}
    for line in block.properties.get("RRULE", [])[: remarks.limits.depth]:
        if line.value.strip():
            rule = read_rule(line.value, start=start, home=times.home, line=line.number)
            rules.setdefault(rule.text, rule)
            for part in rule.ignored:
                remarks.repaired(
                    block, ProblemCode.RULE_PART_IGNORED, line=line.number, value=line.value, part=part
                )
    if len(rules) < 2:
        return next(iter(rules.values()), None), []
    # The endless one, if any, has to stay a rule; two can't be listed.
    first, *others = sorted(rules.values(), key=lambda rule: not rule.endless)
    if others[0].endless:
        raise Refusal(ProblemCode.RULES_ENDLESS, count=len(rules))
    remarks.repaired(block, ProblemCode.RULES_MERGED, count=len(rules))
    return first, [when for rule in others for when in _dates_of(rule, start, remarks)]


def _dates_of(rule: RuleRead, start: When, remarks: Remarks) -> Iterator[When]:
    timed = isinstance(start, Timed)
    local, zone = (start.local, start.zone) if isinstance(start, Timed) else (midnight(start), UTC_ZONE)
    series = Series(
        start=local, zone=zone, duration_minutes=DAY // MINUTE, rrule=rule.text, all_day=not timed
    )
    begin = to_instant(local, zone)
    limit = remarks.limits.values
    found = expand(series, within=Span(begin, Instant(begin + CENTURY)), limit=limit)
    if found.truncated:
        raise Refusal(ProblemCode.TOO_MANY_VALUES, property="RRULE", count=f">{limit}", limit=limit)
    for each in found.recurrence_ids():
        yield Timed(each, zone) if timed else each.date()


def _listed(
    block: Block, name: str, times: Times, remarks: Remarks
) -> Iterator[tuple[When, timedelta | None]]:
    """The values of all lines of RDATE or EXDATE; a length for a period. An unreadable one is reported and passed over."""
    lines = block.properties.get(name, [])
    count = sum(line.value.count(",") + 1 for line in lines)
    if count > remarks.limits.values:
        raise Refusal(ProblemCode.TOO_MANY_VALUES, property=name, count=count, limit=remarks.limits.values)
    for line in lines:
        for value in filter(str.strip, line.value.split(",")):
            try:
                yield _one(block, line, value, times)
            except Refusal as refusal:
                remarks.repaired(
                    block, ProblemCode.VALUE_IGNORED, line=refusal.line, property=name, value=value
                )


def _one(block: Block, line: ContentLine, value: str, times: Times) -> tuple[When, timedelta | None]:
    if "/" not in value:
        return times.moment(block, line, value), None
    start, end = times.stretch(block, line, value)
    lasts = length(start, end, times.home)
    if lasts <= timedelta(0):
        raise Refusal(ProblemCode.VALUE_UNREADABLE, line=line.number, property=line.name, value=value)
    return start, lasts


def _excluded(
    block: Block, start: When, rule: RuleRead | None, times: Times, remarks: Remarks
) -> Iterator[When]:
    """EXDATE in the master's form. A bare date strikes out every occurrence of its day, for rules with several a day too (§3.8.5.1 knows
    no such thing, but calendars do).
    """
    clocks = _clocks(rule, start)
    for when, _ in _listed(block, "EXDATE", times, remarks):
        if isinstance(start, Timed) and not isinstance(when, Timed):
            for clock in clocks:
                yield Timed(LocalTime(datetime.combine(when, clock)), start.zone)
        else:
            yield when


def _clocks(rule: RuleRead | None, start: When) -> list[time]:
    """The times of day at which a rule lets its event start."""
    if not isinstance(start, Timed):
        return []
    parts, first = parse_rule(rule.text) if rule is not None else None, start.local
    if parts is None:
        return [first.time()]
    return [
        time(hour, minute, second)
        for hour, minute, second in product(
            parts.hours or (first.hour,), parts.minutes or (first.minute,), parts.seconds or (first.second,)
        )
    ]


def _in_order(dates: Iterable[When]) -> tuple[When, ...]:
    """Each once, sorted; all are of one kind."""
    return tuple(
        sorted(set(dates), key=lambda when: when.local if isinstance(when, Timed) else midnight(when))
    )
