"""When people work and when they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.base.weeks import validate_week
from convenor.kernel.week_text import WeekRow, week_text
from convenor.people.checks import exception_fits, leave_fits
from convenor.people.enums import LeaveKind
from convenor.people.models import Leave, Person, WorkingException, WorkingHours
from convenor.people.queries.people import leave_for, person_for, working_exceptions_for


@action
def set_working_hours(*, actor: Actor, person_id: int, hours: Sequence[WeekRow]) -> None:
    """Replace a person's week; no hours at all means the usual ones, Monday to Friday, 9 to 17. Raises Person.DoesNotExist."""
    person = _availability_of(actor, person_id)
    validate_week(hours)
    before = {"hours": week_text(person.working_hours.values_list("weekday", "starts", "ends"))}
    after = {"hours": week_text(hours)}
    if audit.record(actor=actor, action="person.hours_set", obj=person, before=before, after=after):
        person.working_hours.all().delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(person=person, weekday=day, starts=starts, ends=ends) for day, starts, ends in hours
        )
        tell_stale(person_ids=[person.pk])


@action
def add_working_exception(
    *,
    actor: Actor,
    person_id: int,
    day: date,
    starts: time | None = None,
    ends: time | None = None,
    note: str = "",
) -> WorkingException:
    """Other hours on one day, instead of the weekday's; without times the person doesn't work that day. Raises Person.DoesNotExist."""
    exception = WorkingException(person=_availability_of(actor, person_id))
    changes = {"day": day, "starts": starts, "ends": ends, "note": note}
    save_row(
        actor=actor, action="person.exception_added", row=exception, changes=changes, checks=[exception_fits]
    )
    _tell(exception.person_id, day, day)
    return exception


@action
def remove_working_exception(*, actor: Actor, person_id: int, exception_id: int) -> None:
    """Back to the weekday's hours. Raises Person.DoesNotExist, WorkingException.DoesNotExist."""
    person = _availability_of(actor, person_id)
    exception = working_exceptions_for(actor, person).get(pk=exception_id)
    delete_row(actor=actor, action="person.exception_removed", row=exception)
    _tell(person.pk, exception.day, exception.day)


@action
def add_leave(
    *,
    actor: Actor,
    person_id: int,
    starts_on: date,
    ends_on: date,
    kind: str = LeaveKind.HOLIDAY,
    note: str = "",
) -> Leave:
    """Whole days away, both included. Meetings stay: they become conflicts that somebody decides. Raises Person.DoesNotExist."""
    leave = Leave(person=_availability_of(actor, person_id))
    changes = {"starts_on": starts_on, "ends_on": ends_on, "kind": kind, "note": note}
    save_row(actor=actor, action="person.leave_added", row=leave, changes=changes, checks=[leave_fits])
    _tell(leave.person_id, starts_on, ends_on)
    return leave


@action
def change_leave(
    *, actor: Actor, person_id: int, leave_id: int, starts_on: date, ends_on: date, kind: str, note: str = ""
) -> Leave:
    """Raises Person.DoesNotExist, Leave.DoesNotExist."""
    leave = leave_for(actor, _availability_of(actor, person_id)).get(pk=leave_id)
    before = (leave.starts_on, leave.ends_on)
    changes = {"starts_on": starts_on, "ends_on": ends_on, "kind": kind, "note": note}
    if save_row(actor=actor, action="person.leave_changed", row=leave, changes=changes, checks=[leave_fits]):
        _tell(leave.person_id, min(before[0], starts_on), max(before[1], ends_on))
    return leave


@action
def withdraw_leave(*, actor: Actor, person_id: int, leave_id: int) -> None:
    """Raises Person.DoesNotExist, Leave.DoesNotExist."""
    leave = leave_for(actor, _availability_of(actor, person_id)).get(pk=leave_id)
    _tell(leave.person_id, leave.starts_on, leave.ends_on)
    delete_row(actor=actor, action="person.leave_withdrawn", row=leave)


def _availability_of(actor: Actor, person_id: int) -> Person:
    person = person_for(actor, person_id)
    require(actor, "person.edit_availability", person)
    return person


def _tell(person_id: int, first: date, last: date) -> None:
    """The days, with a day on either side for every zone of the world."""
    margin = timedelta(days=1)
    tell_stale(
        person_ids=[person_id],
        starts_at=datetime.combine(first - margin, time.min, UTC),
        ends_at=datetime.combine(last + 2 * margin, time.min, UTC),
    )
