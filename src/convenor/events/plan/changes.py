"""What applying a plan would change, as data; and what the sections' own applying is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.models import Event
from convenor.events.plan.keys import Values
from convenor.events.plan.laying import Plan, Wanted
from convenor.events.plan.names import Names
from convenor.events.registry import PlanSection


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key's value before and after, as a file writes them."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is `added`, `changed` or `removed`; `section` is "event" for the cover, `name` tells the row apart."""

    section: str
    name: str
    title: str
    verb: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """`rows` are all that shall be there, those unchanged too, in the file's order, then what the file doesn't speak of."""

    added: Sequence[Wanted] = ()
    changed: Sequence[Wanted] = ()
    removed: Sequence[Values] = ()
    rows: Sequence[Wanted] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Applying:
    """The running application: `event` is locked and has its dates."""

    actor: Actor
    event: Event
    names: Names
    plan: Plan
    now: datetime


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that applying the plan would do. `is_new`: the event isn't there yet."""

    key: str
    title: str
    is_new: bool
    changes: tuple[Change, ...] = ()
    introduced: tuple[str, ...] = field(default=())  # "name (organisation)" of people who are entered

    @property
    def is_empty(self) -> bool:
        return not self.changes


def section_changes(plan: Plan, section: PlanSection) -> SectionChanges:
    rows = plan.rows[section.name]
    return SectionChanges(
        added=[row for row in rows if row.before is None],
        changed=[row for row in rows if row.before is not None and row.is_changed],
        removed=plan.gone[section.name],
        rows=rows,
    )


def differences_of(plan: Plan) -> Differences:
    """Of a plan without errors. The cover first, then section by section: added, changed, removed."""
    found = [] if not plan.cover.is_changed else [_change("event", plan.cover, plan.cover.values["key"])]
    for section in registry.plan_sections:
        changes = section_changes(plan, section)
        found += [_change(section.name, row, _name(section, row.values)) for row in changes.added]
        found += [_change(section.name, row, _name(section, row.values)) for row in changes.changed]
        found += [
            Change(section.name, _name(section, row), _title(row), "removed") for row in changes.removed
        ]
    entered = [each for each in plan.names.people.values() if each.pk < 0]
    return Differences(
        key=plan.cover.values["key"],
        title=plan.cover.values["title"],
        is_new=plan.event is None,
        changes=tuple(found),
        introduced=tuple(f"{each.name} ({each.organisation})" for each in entered),
    )


def _change(section: str, row: Wanted, name: str) -> Change:
    if row.before is None:
        return Change(section, name, _title(row.values), "added")
    fields = tuple(
        FieldChange(key, row.before.get(key), value)
        for key, value in row.values.items()
        if row.before.get(key) != value
    )
    return Change(section, name, _title(row.values), "changed", fields)


def _name(section: PlanSection, values: Values) -> str:
    return " ".join(str(values[name]) for name in section.named_by)


def _title(values: Values) -> str:
    return str(values.get("title") or "")
