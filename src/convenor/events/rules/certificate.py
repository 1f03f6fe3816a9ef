"""The go/no-go certificate: what its sign-offs come to, what may be signed, and what has changed since it was drawn up.

Evidence is plain JSON: `facts` (what the event was, by name), `programme` (each function's line, by key), `checks`
(rules/readiness.py, each with its findings), `level` and `percent`. Findings keep the sentence of that day, in
the `language` in force then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from convenor.events.enums import Decision, Level, Outcome
from convenor.events.rules.readiness import CheckState, Judged, Readiness

Evidence = Mapping[str, Any]


def outcome_of(decisions: Sequence[str]) -> Outcome:
    """One no is a no, however many haven't signed yet; a go needs everybody's. "" is who hasn't signed."""
    if Decision.NO_GO in decisions:
        return Outcome.NO_GO
    if not decisions or "" in decisions:
        return Outcome.OPEN
    return Outcome.CONDITIONS if Decision.CONDITIONS in decisions else Outcome.GO


def signing_problem(decision: str, remark: str, *, signed: str, is_newest: bool) -> tuple[str, str] | None:
    """The field and the sentence, where this can't be signed; `signed` is what was decided before, "" if nothing."""
    if signed:
        return "decision", _("This was signed already. To decide anew, draw up another certificate.")
    if not is_newest:
        return "decision", _("A newer certificate was drawn up: sign that one.")
    if decision not in Decision.values:
        return "decision", _("Decide: go, go with conditions, or no-go.")
    if decision == Decision.NO_GO and not remark.strip():
        return "remark", _("Say why not.")
    if decision == Decision.CONDITIONS and not remark.strip():
        return "remark", _("Say on which conditions.")
    return None


def evidence_of(
    readiness: Readiness, *, facts: Mapping[str, Any], programme: Mapping[str, str], names: Mapping[int, str]
) -> dict[str, Any]:
    """What is frozen; `names` of the people who own findings."""
    return {
        "facts": dict(facts),
        "programme": dict(programme),
        "checks": [_check(check, names) for check in readiness.checks],
        "level": readiness.level.value,
        "percent": readiness.percent,
        "met": readiness.met,
    }


def _check(check: CheckState, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "code": check.code,
        "title": check.title,
        "level": check.level.value,
        "is_required": check.is_required,
        "findings": [_finding(each, names) for each in check.judged],
    }


def _finding(judged: Judged, names: Mapping[int, str]) -> dict[str, Any]:
    finding, waiver = judged.finding, judged.waiver
    return {
        "subject": finding.subject,
        "level": judged.level.value,
        "sentence": finding.sentence,
        "owner": names.get(judged.owner_id or 0, ""),
        "safe_until": _day(judged.safe_until),
        "waived_by": waiver.by if waiver else "",
        "waived_why": waiver.reason if waiver else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


class Part(StrEnum):
    """What of the evidence a change is about."""

    FACT = "fact"
    PROGRAMME = "programme"
    CHECK = "check"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Change:
    """`code` is the fact's name, the function's key or the check's code; `title` is a check's. Nothing on one side: it is new, or gone."""

    part: Part
    code: str
    before: Any = None
    after: Any = None
    title: str = ""


def changes_since(frozen: Evidence, today: Evidence) -> tuple[Change, ...]:
    """What is otherwise than when the certificate was drawn up: facts, programme, then check by check."""
    return (
        *_differing(Part.FACT, frozen["facts"], today["facts"]),
        *_differing(Part.PROGRAMME, frozen["programme"], today["programme"]),
        *_of_checks(frozen["checks"], today["checks"]),
    )


def _differing(part: Part, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for code in dict.fromkeys([*before, *after]):
        if before.get(code) != after.get(code):
            yield Change(part, code, before.get(code), after.get(code))


def _of_checks(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    then, now = ({check["code"]: check for check in checks} for checks in (before, after))
    for code in dict.fromkeys([*then, *now]):
        old, new = then.get(code, {}), now.get(code, {})
        title = new.get("title") or old["title"]
        # A check that isn't required shows only while it finds something: without it, all is well.
        levels = [side.get("level", Level.OK.value) for side in (old, new)]
        if levels[0] != levels[1]:
            yield Change(Part.CHECK, code, levels[0], levels[1], title)
        yield from _of_findings(code, title, old.get("findings", ()), new.get("findings", ()))


def _of_findings(
    code: str, title: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    then, now = ({each["subject"]: each for each in findings} for findings in (before, after))
    for subject in dict.fromkeys([*then, *now]):
        old, new = then.get(subject), now.get(subject)
        if _gist(old) != _gist(new):
            yield Change(Part.FINDING, code, _told(old), _told(new), title)


def _gist(finding: Mapping[str, Any] | None) -> tuple[str, str] | None:
    return (finding["level"], finding["sentence"]) if finding else None


def _told(finding: Mapping[str, Any] | None) -> str | None:
    return finding["sentence"] if finding else None
