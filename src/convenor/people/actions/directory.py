"""The whole directory from a file: planned, and carried out in one transaction with everything on record."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.bulk import CHUNK, Plan
from convenor.base.changes import columns
from convenor.base.models import AuditEntry
from convenor.base.permissions import require
from convenor.base.refusals import as_validation_error
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.kernel.week_text import week_text
from convenor.people.actions.planning import COLUMNS, PeoplePlan, PlannedPerson, plan_rows
from convenor.people.drafts import PersonDraft
from convenor.people.models import Department, Organisation, Person, WorkingHours
from convenor.people.queries.directory import directory_for_import


def plan_people(*, actor: Actor, drafts: Sequence[PersonDraft]) -> Plan:
    """What `import_people` would do, without doing it."""
    require(actor, "person.import")
    return plan_rows(drafts, directory_for_import(drafts)).plan


@action
def import_people(*, actor: Actor, drafts: Sequence[PersonDraft], strict: bool = False) -> Plan:
    """Enter and change people as the drafts say; the same drafts again change nothing.

    Refused rows don't hold up the others, unless `strict`: then one refused row leaves everything as it was.
    """
    require(actor, "person.import")
    planned = plan_rows(drafts, directory_for_import(drafts))
    if planned.rows and not (strict and planned.plan.refused):
        try:
            _carry_out(actor, planned)
        except IntegrityError as error:  # somebody else entered the same person meanwhile
            raise as_validation_error(error) from error
    return planned.plan


def _carry_out(actor: Actor, planned: PeoplePlan) -> None:
    organisations, departments = planned.new_organisations(), planned.new_departments()
    Organisation.objects.bulk_create(organisations, batch_size=CHUNK)
    Department.objects.bulk_create(departments, batch_size=CHUNK)
    _settle_keys(planned.rows)
    new = [row for row in planned.rows if row.is_new]
    changed = [row for row in planned.rows if not row.is_new]
    _create(new)
    _settle_keys(planned.rows)
    _update(changed)
    _set_weeks([row for row in planned.rows if row.week is not None])
    audit.record_all(
        [
            audit.entry(
                actor=actor, action="organisation.created", obj=o, after=audit.snapshot(o, columns(o))
            )
            for o in organisations
        ]
        + [
            audit.entry(actor=actor, action="department.created", obj=d, after=audit.snapshot(d, columns(d)))
            for d in departments
        ]
        + [_entry(actor, "person.created", row) for row in new]
        + [_entry(actor, "person.changed", row) for row in changed]
    )
    tell_stale(person_ids=[row.person.pk for row in changed])


def _settle_keys(rows: list[PlannedPerson]) -> None:
    """Let the foreign keys know what has got a key meanwhile."""
    for row in rows:
        for name in ("organisation", "department", "manager"):
            setattr(row.person, name, getattr(row.person, name))


def _create(rows: list[PlannedPerson]) -> None:
    """Managers before those whom they manage, so that every statement names only people who are there."""
    waiting = [row.person for row in rows]
    while waiting:
        ready = [person for person in waiting if person.manager is None or not person.manager._state.adding]
        waiting = [
            person for person in waiting if person.manager is not None and person.manager._state.adding
        ]
        Person.objects.bulk_create(ready, batch_size=CHUNK)


def _update(rows: list[PlannedPerson]) -> None:
    people = [row.person for row in rows]
    moved = {
        name
        for row in rows
        for name, value in audit.snapshot(row.person, COLUMNS).items()
        if row.before[name] != value
    }
    if moved:
        Person.objects.bulk_update(people, sorted(moved), batch_size=500)


def _set_weeks(rows: list[PlannedPerson]) -> None:
    WorkingHours.objects.filter(person__among=[row.person.pk for row in rows]).delete()
    WorkingHours.objects.bulk_create(
        (
            WorkingHours(person=row.person, weekday=day, starts=starts, ends=ends)
            for row in rows
            for day, starts, ends in row.week or ()
        ),
        batch_size=CHUNK,
    )


def _entry(actor: Actor, verb: str, row: PlannedPerson) -> AuditEntry | None:
    before = dict(row.before)
    after = audit.snapshot(row.person, columns(row.person) if row.is_new else COLUMNS)
    if row.week is not None:
        before |= {} if row.is_new else {"hours": week_text(row.week_before)}
        after |= {"hours": week_text(row.week)}
    return audit.entry(actor=actor, action=verb, obj=row.person, before=before, after=after)
