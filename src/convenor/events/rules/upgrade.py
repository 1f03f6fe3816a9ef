"""Bringing an event up to its class's newest version: what changes by itself, and what may be taken over. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from convenor.events.drafts import TaskDraft
from convenor.events.enums import UNDONE
from convenor.events.rules.layout import Setting, task_draft
from convenor.events.rules.policy import Policy, TaskPolicy
from convenor.events.rules.policy_diff import Change, Kind, policy_changes
from convenor.events.rules.policy_words import sections_of

LAID_OUT = ("tasks", "functions", "meetings")
"""Sections that are rows of an event; the others are read from its class's version."""


@dataclass(frozen=True, slots=True)
class Here:
    """What the event has. `functions` are keys with titles; `left` are reasons, by key, why a function can't be laid out."""

    tasks: Mapping[str, TaskDraft] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be taken over, by `change.name`. `note` says what to know of it."""

    change: Change
    is_ticked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """`rules` hold by themselves once the event has the version; `offers` may be chosen; `kept` stay as they are, with the reason."""

    rules: Sequence[Change] = ()
    offers: Sequence[Offer] = ()
    kept: Sequence[tuple[Change, str]] = ()


def upgrade_between(
    old: Policy, new: Policy, here: Here, language: str, checks: Mapping[str, str] | None = None
) -> Upgrade:
    rules: list[Change] = []
    offers: list[Offer] = []
    kept: list[tuple[Change, str]] = []
    changes = policy_changes(old, new, language, checks)
    for change in (
        *changes,
        *_lacking(new, here, language, {each.name for each in changes if each.kind == Kind.ADDED}),
    ):
        if change.section not in LAID_OUT:
            rules.append(change)
        elif change.key:
            answer = _offer(change, old, here)
            if isinstance(answer, Offer):
                offers.append(answer)
            elif answer:
                kept.append((change, answer))
    return Upgrade(rules, offers, kept)


def _lacking(new: Policy, here: Here, language: str, told: Collection[str]) -> Iterator[Change]:
    """What both versions have and the event doesn't: removed there, or without room until now."""
    for section in sections_of(new, language):
        for item in section.items if section.name in LAID_OUT else ():
            change = Change(section.name, section.title, item.key, Kind.ADDED, item.title)
            if change.name not in told and not _is_here(change, here):
                yield change


def _is_here(change: Change, here: Here) -> bool:
    return change.key in (here.tasks if change.section == "tasks" else here.functions)


def _offer(change: Change, old: Policy, here: Here) -> Offer | str:
    """The offer, or why there is none; "" where there is nothing to say."""
    if change.kind == Kind.ADDED:
        return _addition(change, old, here)
    if not _is_here(change, here):
        return ""
    return _of_task(change, old, here) if change.section == "tasks" else _of_function(change)


def _of_function(change: Change) -> Offer | str:
    if change.kind == Kind.REMOVED:
        return Offer(change, False, _("Its meeting would be cancelled, and everybody in it told."))
    return _("Functions that are there are left as they are.")


def _of_task(change: Change, old: Policy, here: Here) -> Offer | str:
    task = here.tasks[change.key]
    if task.state not in UNDONE:
        return _("The task is done or dropped.")
    if change.kind == Kind.REMOVED:
        return Offer(change, False, _("The task would be dropped."))
    if is_untouched(task, _policy_of(old, change.key)):
        return Offer(change, True)
    return Offer(change, False, _("The task was changed in this event; that would be lost."))


def _addition(change: Change, old: Policy, here: Here) -> Offer | str:
    if _is_here(change, here):
        return _("The event has one with this key already.")
    if reason := here.left.get(change.key):
        return reason
    was_there = change.key in _keys(old, change.section)
    note = _("It was removed from this event, or there was no room for it until now.") if was_there else ""
    return Offer(change, not was_there, note)


def _keys(policy: Policy, section: str) -> set[str]:
    items: Sequence[object] = getattr(policy, section)
    return {str(getattr(item, "key", "")) for item in items}


def _policy_of(policy: Policy, key: str) -> TaskPolicy:
    return next(each for each in policy.tasks if each.key == key)


def is_untouched(task: TaskDraft, policy: TaskPolicy) -> bool:
    """Whether it is still as the class laid it out, in either language; whose it is doesn't matter."""
    return (
        task.title in {policy.title.en, policy.title.to("ro")}
        and task.fixed_due_on is None
        and (task.due, task.duration_days, task.is_milestone)
        == (policy.due, policy.takes_days, policy.is_milestone)
        and task.description.strip() in {policy.description.en, policy.description.to("ro")}
        and set(task.after) <= set(policy.after)
    )


def updated_task(
    task: TaskDraft, old: TaskPolicy, new: TaskPolicy, setting: Setting, keys: Collection[str]
) -> TaskDraft:
    """The task as the new version has it. Its owner and state stay; so does a checklist on which something was done or written.

    `keys` are the tasks that the event has; what it waits for beyond the class stays too.
    """
    after = [key for key in new.after if key in keys]
    own = [key for key in task.after if key not in old.after and key not in after]
    laid = task_draft(new, setting, (*after, *own))
    was = {tuple(text.to(language) for text in old.checklist) for language in ("en", "ro")}
    is_own = tuple(item.text for item in task.checklist) not in was or any(
        item.is_done for item in task.checklist
    )
    return replace(
        laid,
        owner_id=task.owner_id,
        state=task.state,
        checklist=task.checklist if is_own else laid.checklist,
    )
