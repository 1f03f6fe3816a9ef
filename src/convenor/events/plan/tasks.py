"""[[task]]: what must be done, by whom and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.events.actions.task import add_tasks, change_task, remove_task
from convenor.events.drafts import ItemDraft, TaskDraft
from convenor.events.enums import OwnerRole, PartyRole, Service, TaskState
from convenor.events.models import Event, Task
from convenor.events.plan import keys as read
from convenor.events.plan.changes import Applying, SectionChanges
from convenor.events.plan.cover_values import policy_in
from convenor.events.plan.keys import Key, Listed, Values, member_of
from convenor.events.plan.laying import Plan, Row, Wanted
from convenor.events.plan.names import Names
from convenor.events.plan.people import at
from convenor.events.queries.tasks import task_drafts_of
from convenor.events.registry import PlanSection
from convenor.events.rules.due_text import DueUnreadable, due_from, due_text
from convenor.events.rules.policy import Due
from convenor.events.rules.task import (
    LONGEST_ITEM,
    LONGEST_KEY,
    LONGEST_TASK,
    LONGEST_TITLE,
    TaskFacts,
    task_problems,
)
from convenor.events.rules.toml_reading import Table, did_you_mean, one_of

ROLES = tuple(each.value for each in OwnerRole if each != OwnerRole.PARTICIPANTS)


def due(table: Table, name: str) -> str | date | None:
    """An offset from the event as people write it, in its shortest form; or a day."""
    value = table.raw(name, date, str)
    if value is None or isinstance(value, date):
        return value
    if value[:4].isdecimal() and "-" in value:
        return table.day(name)
    try:
        return due_text(due_from(value))
    except DueUnreadable as error:
        table.wrong(name, error.sentence, error.suggestion)
        return None


def owner(table: Table, name: str) -> str | None:
    """An e-mail, or what somebody is to the event."""
    value = table.text(name, "", longest=254)
    if not value or value in ROLES:
        return value
    if "@" in value:
        return read.email(table, name)
    words = _("“%(value)s” is neither an e-mail nor what somebody is to the event.") % {"value": value[:80]}
    table.wrong(name, words, did_you_mean(value, ROLES) or one_of(ROLES))
    return None


ITEM_KEYS = (
    Key(
        "text",
        read.text(LONGEST_ITEM),
        "What is ticked off; an item that is only a text is this.",
        needed=True,
    ),
    Key("done", read.flag, "`true`: it is ticked off.", default=False),
)
TASK_KEYS = (
    Key("key", read.slug(LONGEST_KEY), "Names it within the event.", needed=True),
    Key("title", read.text(LONGEST_TITLE), "What is to be done.", needed=True),
    Key("due", due, 'An offset from the event, such as "-14wd" or "+2wd after end"; or a date.', default="0wd", shown=True),
    Key("owner", owner, "Whose it is: an e-mail, or a role such as `owner`, `sponsor`, `catering`.", default=""),
    Key("after", read.words(), "Keys of the tasks that must be done before.", default=[]),
    Key("takes_days", read.whole(1, LONGEST_TASK), "How many working days it takes.", default=1),
    Key("milestone", read.flag, "`true`: it marks the end of something.", default=False),
    Key("description", read.long_text(), "How, and what for.", default=""),
    Key("checklist", Listed(ITEM_KEYS, "text", "text", repeats=True), "Texts, or tables `{ text = \"…\", done = true }`.", default=[]),
    Key("state", read.choice(TaskState), "`open`, `in_progress`, `done` or `dropped`.", default="open"),
)  # fmt: skip
FIELDS = {
    "duration_days": "takes_days",
    "is_milestone": "milestone",
    "owner_id": "owner",
    "fixed_due_on": "due",
}


def _settle(plan: Plan, row: Row) -> Values:
    """A role becomes the person who has it by the plan."""
    said = dict(row.said)
    role = said.get("owner", "")
    if role and "@" not in role:
        found = person_in_role(plan, OwnerRole(role))
        if found is None:
            words = _("Nobody is “%(role)s” of this event.") % {"role": OwnerRole(role).label}
            plan.wrong(
                (*row.path, "owner"), words, _("Name somebody by e-mail, or say who it is in the file.")
            )
        said["owner"] = found or ""
    return said


def person_in_role(plan: Plan, role: OwnerRole) -> str | None:
    """The e-mail of the first who has it."""
    cover = plan.cover.values
    if role in {OwnerRole.OWNER, OwnerRole.SPONSOR, OwnerRole.BUDGET_HOLDER}:
        return cover[role.value] or None
    if role == OwnerRole.DEPARTMENT_LEADER:
        leader = plan.names.department_leaders.get(cover["host"])
        plan.names.know_people([leader])
        return plan.names.email(leader) or None
    if role == OwnerRole.CHAIR:
        return _first(plan, "people", "role", PartyRole.CHAIR.value)
    return _first(plan, "contact", "service", Service(role.value).value)


def _first(plan: Plan, section: str, key: str, value: str) -> str | None:
    return next((row.values["email"] for row in plan.rows[section] if row.values[key] == value), None)


def _check(plan: Plan) -> None:
    rows = [row for row in plan.rows["task"] if row.values["title"] is not None]
    told = [row for row in rows if row.path is not None]
    for row in told:
        email = row.values["owner"]
        if email and email != (row.before or {}).get("owner"):
            plan.knows_person(at(row, "owner"), email)
    drafts = [task_draft(row.values, plan.names) for row in told]
    kept, titles = _others(plan, rows)
    for problem in task_problems(drafts, TaskFacts(others=kept, titles=titles)):
        row = told[problem.index]
        key = FIELDS.get(problem.field, problem.field)
        suggestion = _suggestion(key, row, {*kept, *(each.values["key"] for each in told)})
        plan.wrong(at(row, key), problem.sentence, suggestion)


def _others(plan: Plan, rows: list[Wanted]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What the tasks of which the file doesn't speak wait for, and their titles: those that are, or that the class will lay out."""
    after = {row.values["key"]: tuple(row.values["after"]) for row in rows if row.path is None}
    titles = {row.values["key"]: row.values["title"] for row in rows if row.path is None}
    said = {row.values["key"] for row in rows}
    if plan.event is None and plan.document.event.said.get("from_class"):
        policy = policy_in(plan.names, plan.cover.values)
        for task in policy.tasks if policy else ():
            if task.key not in said:
                after[task.key], titles[task.key] = task.after, task.title.en
    return after, titles


def _suggestion(key: str, row: Wanted, known: set[str]) -> str:
    """For a task that waits for one that isn't there."""
    missing = [each for each in row.values["after"] if each not in known] if key == "after" else []
    return did_you_mean(missing[0], known) if missing else ""


def task_draft(values: Values, names: Names) -> TaskDraft:
    when = values["due"]
    fixed = when if isinstance(when, date) else None
    return TaskDraft(
        key=values["key"],
        title=values["title"],
        due=Due(0) if fixed is not None else due_from(when),
        fixed_due_on=fixed,
        owner_id=names.person(values["owner"]),
        description=values["description"],
        state=member_of(TaskState, values["state"]),
        is_milestone=values["milestone"],
        duration_days=values["takes_days"],
        after=tuple(sorted(values["after"])),
        checklist=tuple(
            ItemDraft(item["text"], is_done=item["done"]) for item in values["checklist"] if item["text"]
        ),
    )


def _current(event: Event, names: Names) -> list[Values]:
    drafts = task_drafts_of(event)
    names.know_people(each.owner_id for each in drafts)
    return [task_values(each, names) for each in drafts]


def task_values(draft: TaskDraft, names: Names) -> Values:
    return {
        "key": draft.key,
        "title": draft.title,
        "due": draft.fixed_due_on or due_text(draft.due),
        "owner": names.email(draft.owner_id),
        "after": sorted(draft.after),
        "takes_days": draft.duration_days,
        "milestone": draft.is_milestone,
        "description": draft.description,
        "checklist": [{"text": each.text, "done": each.is_done} for each in draft.checklist],
        "state": draft.state.value,
    }


def _apply(applying: Applying, changes: SectionChanges) -> None:
    """What is removed goes first, then new tasks come, and then dependencies change: those that go before those that come."""
    keys: Mapping[str, int] = dict(Task.objects.filter(event=applying.event).values_list("key", "pk"))
    for gone in changes.removed:
        remove_task(actor=applying.actor, task_id=keys[gone["key"]])
    for row in changes.changed:
        before = row.before or {}
        if set(before["after"]) - set(row.values["after"]):
            stays = [key for key in before["after"] if key in row.values["after"]]
            _change(applying, keys, before | {"after": stays})
    if changes.added:
        drafts = [task_draft(row.values, applying.names) for row in changes.added]
        add_tasks(actor=applying.actor, event_id=applying.event.pk, drafts=drafts, now=applying.now)
    for row in changes.changed:
        _change(applying, keys, row.values)


def _change(applying: Applying, keys: Mapping[str, int], values: Mapping[str, Any]) -> None:
    draft = task_draft(dict(values), applying.names)
    change_task(actor=applying.actor, task_id=keys[draft.key], draft=draft, version=None, now=applying.now)


TASKS = PlanSection(
    name="task",
    title=gettext_lazy("Tasks"),
    keys=TASK_KEYS,
    named_by=("key",),
    check=_check,
    current=_current,
    apply=_apply,
    settle=_settle,
)
