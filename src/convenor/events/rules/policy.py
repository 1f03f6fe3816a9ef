"""What an event class lays down, as plain values: read from TOML by rules/policy_text.py, kept by the event's class version.

Titles are in both languages; offsets count from a date of the event (kernel.backward_plan.Offset).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal

from convenor.events.enums import (
    Anchor,
    Confidentiality,
    FunctionKind,
    Level,
    Occasion,
    OwnerRole,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; where Romanian is missing, English stands."""

    en: str
    ro: str = ""

    def to(self, language: str) -> str:
        return (self.ro or self.en) if language.startswith("ro") else self.en


@dataclass(frozen=True, slots=True)
class Due:
    """`days` after the anchor, before it where negative; in working days of the event's site, or calendar days."""

    days: int
    working: bool = True
    anchor: Anchor = Anchor.START


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """`level` is what a finding of this check is worth at most; `safe` the latest safe date for mending it."""

    code: str
    level: Level = Level.BLOCKING
    safe: Due = field(default=Due(-1))


@dataclass(frozen=True, slots=True)
class TaskPolicy:
    key: str
    title: Text
    due: Due
    owner: OwnerRole = OwnerRole.OWNER
    after: tuple[str, ...] = ()
    takes_days: int = 1
    is_milestone: bool = False
    description: Text = field(default=Text(""))
    checklist: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionPolicy:
    """`day` 0 is the day on which the event starts; `start` None is the event's own start."""

    key: str
    title: Text
    kind: FunctionKind
    day: int = 0
    start: time | None = None
    minutes: int = 60
    setup_style: str = ""
    is_for_all: bool = False
    is_public: bool = False
    catering: Text = field(default=Text(""))


@dataclass(frozen=True, slots=True)
class MeetingPolicy:
    """A pre-event or post-event meeting. Made as a function of that kind."""

    key: str
    title: Text
    kind: FunctionKind
    due: Due
    start: time = time(10)
    minutes: int = 45
    people: tuple[OwnerRole, ...] = (OwnerRole.OWNER,)


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """A default cost line; finance reads it."""

    title: Text
    driver: str
    unit_price: Decimal
    currency: str = "EUR"
    account: str = ""
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class HazardPolicy:
    """A hazard to be assessed; safety reads it."""

    title: Text
    harmed: Text
    likelihood: int
    severity: int
    controls: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class InsurancePolicy:
    """A kind of cover to be reviewed; safety reads it. `limit` per occurrence, None where any will do."""

    coverage: str
    limit: Decimal | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole class. `signers` sign the go/no-go certificate; `told` says whom what is told."""

    title: Text
    summary: Text = field(default=Text(""))
    confidentiality: Confidentiality = Confidentiality.INTERNAL
    hours: tuple[time, time] = (time(9), time(17))
    needs_sponsor: bool = False
    needs_certificate: bool = False
    checks: tuple[CheckPolicy, ...] = ()
    tasks: tuple[TaskPolicy, ...] = ()
    functions: tuple[FunctionPolicy, ...] = ()
    meetings: tuple[MeetingPolicy, ...] = ()
    signers: tuple[OwnerRole, ...] = ()
    told: Mapping[Occasion, tuple[OwnerRole, ...]] = field(default_factory=dict)
    costs: tuple[CostPolicy, ...] = ()
    hazards: tuple[HazardPolicy, ...] = ()
    insurance: tuple[InsurancePolicy, ...] = ()
