"""From what the checks found to how ready an event is: levels, waivers, the order in which to read them, the figure of the ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from convenor.events.enums import Level
from convenor.events.rules.findings import Finding

RANK = {Level.OK: 0, Level.WAIVED: 1, Level.ATTENTION: 2, Level.BLOCKING: 3}
MET = (Level.OK, Level.WAIVED)
AROUND = 100  # lengths of the ring's arcs are hundredths of it


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver as it counts here. `subject` "" waives the whole check."""

    id: int
    subject: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the class asks of a check: `level` at most if it is `is_required`, ATTENTION at most if it isn't.

    `safe_until` and `owner_id` hold for findings that say none of their own.
    """

    code: str
    title: str
    level: Level = Level.BLOCKING
    is_required: bool = True
    safe_until: date | None = None
    owner_id: int | None = None

    @property
    def most(self) -> Level:
        return self.level if self.is_required else Level.ATTENTION


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what it is worth, who has to mend it and until when; `waiver` where somebody took it on themselves."""

    finding: Finding
    level: Level
    owner_id: int | None = None
    safe_until: date | None = None
    waiver: Waived | None = None


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check with all it found, worst first. `waiver` where the check was waived as a whole."""

    code: str
    title: str
    is_required: bool
    level: Level
    judged: tuple[Judged, ...]
    waiver: Waived | None = None
    safe_until: date | None = None

    @property
    def is_met(self) -> bool:
        return self.level in MET


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of the ring; `length` and `start` in hundredths of it."""

    level: Level
    length: float
    start: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an event is: its checks, worst first, then in the registry's order."""

    checks: tuple[CheckState, ...] = ()

    @property
    def level(self) -> Level:
        """That of the worst check; OK where nothing is asked."""
        return max((check.level for check in self.checks), key=RANK.__getitem__, default=Level.OK)

    @property
    def counts(self) -> Mapping[Level, int]:
        counted = Counter(check.level for check in self.checks)
        return {level: counted[level] for level in Level}

    @property
    def total(self) -> int:
        return len(self.checks)

    @property
    def met(self) -> int:
        return sum(check.is_met for check in self.checks)

    @property
    def percent(self) -> int:
        """Of the checks, how many are met: 100 only if all are, 0 only if none is."""
        if self.met == self.total:
            return 100
        return max(1, 100 * self.met // self.total) if self.met else 0

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """The ring from the top: OK, waived, attention, blocking."""
        shares = [(level, AROUND * count / self.total) for level, count in self.counts.items() if count]
        ordered = sorted(shares, key=lambda share: RANK[share[0]])
        starts = [sum(length for _, length in ordered[:place]) for place in range(len(ordered))]
        return tuple(
            Arc(level, round(length, 2), round(start, 2))
            for (level, length), start in zip(ordered, starts, strict=True)
        )

    def of(self, code: str) -> CheckState | None:
        return next((check for check in self.checks if check.code == code), None)


def at_most(level: Level, most: Level) -> Level:
    """The milder of the two."""
    return min(level, most, key=RANK.__getitem__)


def judge(
    asked: Sequence[Asked],
    found: Mapping[str, Sequence[Finding]],
    waivers: Mapping[str, Sequence[Waived]],
    *,
    today: date,
) -> Readiness:
    """The event's readiness. `found` and `waivers` are by check; `today` is the day at the event.

    A check that the class doesn't require is left out while it has nothing to say.
    """
    states = [
        _state(each, found.get(each.code, ()), waivers.get(each.code, ()), today)
        for each in asked
        if each.is_required or any(one.level != Level.OK for one in found.get(each.code, ()))
    ]
    return Readiness(tuple(sorted(states, key=lambda state: -RANK[state.level])))


def _state(asked: Asked, findings: Sequence[Finding], waivers: Sequence[Waived], today: date) -> CheckState:
    by_subject = {waiver.subject: waiver for waiver in waivers}
    whole = by_subject.get("")
    judged = [_judged(each, asked, by_subject, today) for each in findings]
    judged.sort(key=lambda each: -RANK[each.level])
    return CheckState(
        code=asked.code,
        title=asked.title,
        is_required=asked.is_required,
        level=judged[0].level if judged else Level.OK,
        judged=tuple(judged),
        waiver=whole,
        safe_until=asked.safe_until,
    )


def _judged(finding: Finding, asked: Asked, waivers: Mapping[str, Waived], today: date) -> Judged:
    owner_id, safe_until = finding.owner_id or asked.owner_id, finding.safe_until or asked.safe_until
    level = at_most(_worth(finding, safe_until, today), asked.most)
    waiver = (waivers.get(finding.subject) or waivers.get("")) if level != Level.OK else None
    return Judged(finding, Level.WAIVED if waiver else level, owner_id, safe_until, waiver)


def _worth(finding: Finding, safe_until: date | None, today: date) -> Level:
    """What the check says of it today: more than at first, once the last safe day is over."""
    if finding.once_late is not None and safe_until is not None and today > safe_until:
        return max(finding.level, finding.once_late, key=RANK.__getitem__)
    return finding.level
