"""What checks find and what is missing, as plain values with the page on which it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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

    `owner_id` is the person who has to mend it, the event's coordinator where there is none; `safe_until` the last
    day on which that is still early enough, by the class's policy where there is none. `once_late` is what the
    finding is worth after that day, where that is more than before it.
    """

    level: Level
    sentence: str
    subject: str = ""
    evidence: Ref | None = None
    owner_id: int | None = None
    safe_until: date | None = None
    once_late: Level | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that stands between an event and its next state, and where to mend it."""

    sentence: str
    where: Ref | None = None
