"""What higher apps add to events in their `AppConfig.ready()`: readiness checks, sections of plan files and classes, what moves along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from convenor.base.actor import Actor
from convenor.events.enums import Occasion
from convenor.events.rules.findings import Finding
from convenor.events.rules.sheet_words import SheetField, sheet_fields

__all__ = [
    "Check",
    "Effect",
    "Mover",
    "PlanSection",
    "SheetField",
    "movers",
    "people_followers",
    "plan_sections",
    "readiness_checks",
    "sheet_contents",
    "sheet_fields",
]

if TYPE_CHECKING:
    from convenor.events.models import Event
    from convenor.events.plan.changes import Applying, SectionChanges
    from convenor.events.plan.keys import Key, Values
    from convenor.events.plan.laying import Plan
    from convenor.events.plan.names import Names
    from convenor.events.plan.reading import Row
    from convenor.events.rules.moving import Shift
    from convenor.events.rules.toml_reading import Table


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


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A part of plan files, written [[name]]: rows that are told apart by `named_by`, of the keys that are documented.

    `expand` makes of one table that was read the rows that it stands for, `gather` of rows the tables that are written.
    `settle` puts in place of what was said what it means (a day and an hour: a time), `finish` does so once all sections'
    rows are there. `check` puts down what is wrong with the rows of the whole plan; `current` gives an event's rows as the
    database holds them, in the order in which they are written; `apply` brings about the changes, in the running
    transaction, through the ordinary actions. events/plan/people.py, functions.py and tasks.py are examples.
    """

    name: str
    title: str | Promise
    keys: tuple[Key, ...]
    named_by: tuple[str, ...]
    check: Callable[[Plan], None]
    current: Callable[[Event, Names], Sequence[Values]]
    apply: Callable[[Applying, SectionChanges], None]
    settle: Callable[[Plan, Row], Values] = field(default=lambda _plan, row: row.said)
    finish: Callable[[Plan], None] = field(default=lambda _plan: None)
    expand: Callable[[Table, Values], Sequence[Values]] = field(default=lambda _table, values: [values])
    gather: Callable[[Sequence[Values]], Sequence[Values]] = field(default=lambda rows: rows)


plan_sections: list[PlanSection] = []
"""In the order in which they are written to a file and applied."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of something of the event, in a sentence; `blocks` where that speaks against it as a whole."""

    sentence: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Mover:
    """What a higher package has of an event, and what becomes of it when the event moves or is called off.

    Both are given the event's key and the occasion (MOVED, which is resuming too, POSTPONED or CANCELLED); the shift
    is None where the event is called off. `preview` only reads; `apply` runs in the move's transaction, after the event,
    its functions and its tasks have their new dates, and refuses the whole by raising ValidationError.
    """

    name: str
    title: str | Promise
    preview: Callable[[int, Occasion, Shift | None], Sequence[Effect]]
    apply: Callable[[Actor, int, Occasion, Shift | None, datetime], None]


movers: list[Mover] = []


people_followers: list[Callable[[Actor, int, datetime], None]] = []
"""Each is told that the list of an event's people was just changed: the event's key, and when. In the same transaction."""


sheet_contents: list[Callable[[Sequence[int]], Mapping[int, Mapping[str, Mapping[str, object]]]]] = []
"""Each answers, for the keys of functions, what to add to their sheets: by section, by field, in values that JSON holds and every
language can be made of (rules/sheet.py); `sheet_fields` puts them into words. Nothing is added to a service's own section of a function
that the service doesn't work for. In a number of queries that doesn't grow with the functions."""
