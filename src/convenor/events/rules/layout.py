"""What a class lays out for one event: its tasks, and its functions where the event's dates have room for them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from convenor.events.drafts import AttendeeDraft, FunctionDraft, ItemDraft, TaskDraft
from convenor.events.enums import BETWEEN_LOADS, OUTSIDE_DATES, OwnerRole
from convenor.events.rules.dates import Dated, instant_in, local_in
from convenor.events.rules.due_dates import due_day
from convenor.events.rules.function import check_dates
from convenor.events.rules.policy import Due, FunctionPolicy, MeetingPolicy, Policy, TaskPolicy
from convenor.kernel.instants import LocalTime
from convenor.kernel.working_days import WorkingDays
from convenor.scheduling.rules.findings import Findings

SHORTEST = timedelta(minutes=15)
"""What is left of a function that the event's end cuts short; below that it is left out."""


@dataclass(frozen=True, slots=True)
class Left:
    """A function of the class that this event has no room for, and why."""

    key: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a class is laid out for: the people by their roles (active ones), the language of titles."""

    people: Mapping[OwnerRole, Sequence[int]]
    language: str

    def first(self, role: OwnerRole) -> int | None:
        """Who answers for it; where nobody is named yet, the coordinator does."""
        return next(iter(self.people.get(role) or self.people.get(OwnerRole.OWNER) or ()), None)


def task_drafts(policy: Policy, setting: Setting, taken: Collection[str] = ()) -> list[TaskDraft]:
    """The tasks whose keys aren't taken; they wait only for tasks that there are or will be."""
    known = {*taken, *(task.key for task in policy.tasks)}
    return [
        task_draft(task, setting, [key for key in task.after if key in known])
        for task in policy.tasks
        if task.key not in taken
    ]


def task_draft(task: TaskPolicy, setting: Setting, after: Sequence[str]) -> TaskDraft:
    return TaskDraft(
        key=task.key,
        title=task.title.to(setting.language),
        due=task.due,
        owner_id=setting.first(task.owner),
        description=task.description.to(setting.language),
        is_milestone=task.is_milestone,
        duration_days=task.takes_days,
        after=tuple(after),
        checklist=tuple(ItemDraft(text.to(setting.language)) for text in task.checklist),
    )


def dues_of(policy: Policy) -> list[Due]:
    return [each.due for each in policy.meetings]


def function_drafts(
    policy: Policy,
    setting: Setting,
    event: Dated,
    days: WorkingDays,
    now: datetime,
    taken: Collection[str] = (),
) -> tuple[list[FunctionDraft], list[Left]]:
    """The functions and meetings whose keys aren't taken and that lie where they may; the others with their reason.

    Nothing where the event has no dates. What the end of the event cuts is shortened.
    """
    if event.starts_at is None or event.ends_at is None:
        return [], []
    drafts: list[FunctionDraft] = []
    left: list[Left] = []
    for draft in (*_programme(policy, setting, event), *_meetings(policy, setting, event, days)):
        if draft.key in taken:
            continue
        fitting = _cut(draft, event)
        if reason := _reason(fitting, event, now):
            left.append(Left(draft.key, draft.title, reason))
        else:
            drafts.append(fitting)
    return drafts, left


def _programme(policy: Policy, setting: Setting, event: Dated) -> Iterator[FunctionDraft]:
    first = local_in(event.zone, event.starts_at)
    assert first is not None  # the caller has looked
    for each in policy.functions:
        yield _function(each, setting, first)


def _function(each: FunctionPolicy, setting: Setting, first: LocalTime) -> FunctionDraft:
    starts = datetime.combine(first.date(), each.start or first.time()) + timedelta(days=each.day)
    return FunctionDraft(
        key=each.key,
        title=each.title.to(setting.language),
        kind=each.kind,
        local_start=LocalTime(starts.replace(second=0, microsecond=0)),
        duration_minutes=each.minutes,
        setup_style=each.setup_style,
        is_for_all=each.is_for_all,
        is_public=each.is_public,
        catering=each.catering.to(setting.language),
    )


def _meetings(policy: Policy, setting: Setting, event: Dated, days: WorkingDays) -> Iterator[FunctionDraft]:
    for each in policy.meetings:
        day = due_day(event, each.due, days)
        if day is not None:
            yield _meeting(each, setting, day)


def _meeting(each: MeetingPolicy, setting: Setting, day: date) -> FunctionDraft:
    people = dict.fromkeys(person for role in each.people for person in setting.people.get(role, ()))
    return FunctionDraft(
        key=each.key,
        title=each.title.to(setting.language),
        kind=each.kind,
        local_start=LocalTime(datetime.combine(day, each.start)),
        duration_minutes=each.minutes,
        attendees=tuple(AttendeeDraft(person) for person in people),
        sheet_due=False,
    )


def _cut(draft: FunctionDraft, event: Dated) -> FunctionDraft:
    """The function as far as the event's end, where it begins before that."""
    end = event.ends_at
    if draft.kind in BETWEEN_LOADS:
        end = event.load_out_at or event.ends_at
    starts = instant_in(event.zone, draft.local_start)
    assert starts is not None  # a draft has a start
    if (
        end is None
        or draft.kind in OUTSIDE_DATES
        or starts + timedelta(minutes=draft.duration_minutes) <= end
    ):
        return draft
    room = end - starts
    return replace(draft, duration_minutes=int(room.total_seconds()) // 60) if room >= SHORTEST else draft


def _reason(draft: FunctionDraft, event: Dated, now: datetime) -> str:
    """Why it can't be laid out; "" if it can."""
    starts = instant_in(event.zone, draft.local_start)
    if starts is not None and starts < now and draft.kind in OUTSIDE_DATES:
        return _("It would have been before today.")
    found = Findings()
    check_dates(found, draft.kind, draft.local_start, draft.duration_minutes, event)
    refused = found.refused.get("local_start")
    return str(refused[0].messages[0]) if refused else ""
