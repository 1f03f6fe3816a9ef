"""How tasks are grouped by when they are due."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from convenor.events.enums import UNDONE, TaskState

_SUNDAY = 6


class TaskGroup(StrEnum):
    """In the order in which they are listed."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    LATER = "later"
    UNDATED = "undated"
    DONE = "done"


def group_of(state: TaskState | str, due_on: date | None, today: date) -> TaskGroup:
    """This week goes to its Sunday. What was dropped is with what is done."""
    if state not in UNDONE:
        return TaskGroup.DONE
    if due_on is None:
        return TaskGroup.UNDATED
    if due_on < today:
        return TaskGroup.OVERDUE
    return TaskGroup.THIS_WEEK if due_on <= end_of_week(today) else TaskGroup.LATER


def end_of_week(today: date) -> date:
    return today + timedelta(days=_SUNDAY - today.weekday())
