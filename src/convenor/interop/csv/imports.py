"""The dry run and the deed: what a file of people or rooms would change, and changing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.bulk import Plan, PlannedRow
from convenor.interop.csv.people import PeopleRows, read_people
from convenor.interop.csv.rooms import RoomRows, read_rooms
from convenor.interop.csv.tables import Refused, Table
from convenor.people.actions.directory import import_people, plan_people
from convenor.venues.actions.inventory import import_rooms, plan_rooms

__all__ = ["Preview", "Rows", "apply", "preview", "read_people", "read_rooms"]

Rows = PeopleRows | RoomRows


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import does with each row of the file; lines count from 1, columns are the file's own headings.

    `notes` say how the file was read and what else is made; `is_applied` tells the deed from the dry run.
    """

    created: tuple[PlannedRow, ...]
    changed: tuple[PlannedRow, ...]
    unchanged: tuple[PlannedRow, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]
    is_applied: bool = False

    @property
    def changes_something(self) -> bool:
        return bool(self.created or self.changed)


def preview(actor: Actor, rows: Rows, *, now: datetime) -> Preview:
    """What `apply` would do. Raises Refused, the permission, for who may not import."""
    if isinstance(rows, PeopleRows):
        return _preview(rows, plan_people(actor=actor, drafts=rows.drafts))
    return _preview(rows, plan_rooms(actor=actor, drafts=rows.drafts, now=now))


def apply(actor: Actor, rows: Rows, *, now: datetime, strict: bool = False) -> Preview:
    """Import in one transaction; importing the same file again changes nothing.

    Refused rows are left out; with `strict` a single one leaves everything as it was, and `is_applied` is False. Raises Refused, the
    permission, for who may not import.
    """
    if strict and rows.refused:
        return preview(actor, rows, now=now)
    if isinstance(rows, PeopleRows):
        plan = import_people(actor=actor, drafts=rows.drafts, strict=strict)
    else:
        plan = import_rooms(actor=actor, drafts=rows.drafts, now=now, strict=strict)
    return _preview(rows, plan, is_applied=not (strict and plan.refused))


def _preview(rows: Rows, plan: Plan, *, is_applied: bool = False) -> Preview:
    refused = [
        Refused(problem.line, rows.heading(problem.field) if problem.field else "", problem.sentence)
        for problem in plan.refused
    ]
    return Preview(
        created=tuple(plan.created),
        changed=tuple(plan.changed),
        unchanged=tuple(plan.unchanged),
        refused=tuple(sorted([*rows.refused, *refused])),
        notes=(*_about(rows.table), *plan.notes),
        is_applied=is_applied,
    )


def _about(table: Table) -> Iterable[str]:
    if table.charset != "utf-8":
        yield gettext("The file was read as %(charset)s; look whether the names are right.") % {
            "charset": table.charset
        }
    if table.ignored:
        yield gettext("Columns that were not read: %(columns)s") % {"columns": ", ".join(table.ignored)}
