"""RRULE: RFC 5545 §3.3.10 and §3.8.5.3. The kernel says what a rule means; here the habits of writers are mended before it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from convenor.interop.ics.objects import Timed, When
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.values import date_text, midnight, read_written, utc_text
from convenor.kernel.instants import Instant, LocalTime, ZoneName, instant_of, to_instant, to_local
from convenor.kernel.recurrence.parsing import parse_rule
from convenor.kernel.recurrence.rule import Rule, RuleError, refuse_timer

# What the RFC defines, so that what it doesn't can be told from a misspelt part. RFC 7529's RSCALE=GREGORIAN and SKIP=OMIT change nothing.
PART = re.compile(
    r"FREQ|UNTIL|COUNT|INTERVAL|BY(SECOND|MINUTE|HOUR|DAY|MONTHDAY|YEARDAY|WEEKNO|MONTH|SETPOS)|WKST",
    re.ASCII,
)
HARMLESS = frozenset({"RSCALE=GREGORIAN", "SKIP=OMIT"})
NOTHING = re.compile(r"(COUNT|INTERVAL)=(0+|-\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RuleRead:
    """`text` is the rule in the kernel's normal form, `ignored` the parts left out; the rule `never_starts` when it ends before the start."""

    text: str
    ignored: tuple[str, ...]
    endless: bool
    never_starts: bool


def read_rule(text: str, *, start: When, home: ZoneName, line: int) -> RuleRead:
    """Straighten and check the rule of an event that begins at `start`; whole days are looked at in the zone `home`. Raises `Refusal`."""
    kept, ignored = _sorted_out(text)
    until = next((part for part in kept if part.startswith("UNTIL=")), None)
    if until is not None:
        kept.remove(until)
        if any(part.startswith("COUNT=") for part in kept):
            # The two MUST NOT stand together. COUNT is the one that the others keep.
            ignored.append(until)
        else:
            kept.append(f"UNTIL={_until(until[6:], start, home, line)}")
    rule = _checked(";".join(kept), text, line)
    return RuleRead(rule.to_text(), tuple(ignored), rule.never_ends, _ends_before(rule, start))


def _sorted_out(text: str) -> tuple[list[str], list[str]]:
    """The parts worth reading, and those without meaning: a part twice, an unknown one that stands for nothing, "COUNT=-1"."""
    kept: list[str] = []
    ignored: list[str] = []
    for item in text.strip().upper().removeprefix("RRULE:").split(";"):
        part = re.sub(r"\s+", "", item)
        if not part or part in kept or part in HARMLESS:
            continue
        unknown = not PART.fullmatch(part.partition("=")[0])
        (ignored if (unknown and part.startswith("X-")) or NOTHING.fullmatch(part) else kept).append(part)
    return kept, ignored


def _checked(straight: str, text: str, line: int) -> Rule:
    try:
        rule = parse_rule(straight)
        refuse_timer(rule)
    except RuleError as error:
        raise Refusal(
            ProblemCode.RULE_UNREADABLE,
            line=line,
            rule=text,
            rule_problem=error.code.value,
            **error.parameters,
        ) from error
    return rule


def _until(value: str, start: When, home: ZoneName, line: int) -> str:
    """UNTIL in UTC for a time, as a date for whole days (§3.3.10), from any form. A date with a timed start counts to that day's end."""
    until = read_written(value, name="UNTIL", line=line)
    if not isinstance(start, Timed):
        # Outlook writes its local midnight in UTC; others a date with a zero time behind it, which is no moment at all.
        if until.local is None or not until.utc or until.local == midnight(until.day):
            return date_text(until.day)
        return date_text(to_local(instant_of(until.local.replace(tzinfo=UTC)), home).date())
    if until.local is None:
        return date_text(until.day)
    if until.utc:
        return utc_text(until.local.replace(tzinfo=UTC))
    return utc_text(_aware(to_instant(LocalTime(until.local), start.zone)))


def _aware(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def _ends_before(rule: Rule, start: When) -> bool:
    if rule.until is None:
        return False
    if isinstance(rule.until, datetime):
        return isinstance(start, Timed) and instant_of(rule.until) < to_instant(start.local, start.zone)
    first: date = start.local.date() if isinstance(start, Timed) else start
    return rule.until < first
