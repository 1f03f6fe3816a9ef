"""What higher apps add to events in their `AppConfig.ready()`: readiness checks, sections of plan files and classes, what moves along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from convenor.events.enums import Level


@dataclass(frozen=True, slots=True)
class Ref:
    """What a finding is about, as a link: `kind` is one of the pages that `web.events.links` knows, `pk` its row."""

    kind: str
    pk: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. `subject` tells findings of one check apart, and is what a waiver names.

    `owner_id` is the person who has to mend it; `safe_until` the last day on which that is still early enough.
    """

    level: Level
    sentence: str
    subject: str = ""
    evidence: Ref | None = None
    owner_id: int | None = None
    safe_until: date | None = None


Look = Callable[[Sequence[int], datetime], Mapping[int, Sequence[Finding]]]
"""For the keys of many events, at `now`, the findings of each: in a number of queries that doesn't grow with the events.

No finding, or only ones at OK, is a check that is met; an OK finding says in words what was found in order.
"""


@dataclass(frozen=True, slots=True)
class Check:
    """A readiness check. Its findings say what they say at their worst; a class that doesn't require it makes BLOCKING into ATTENTION."""

    code: str
    title: str | Promise
    look: Look


readiness_checks: list[Check] = []
