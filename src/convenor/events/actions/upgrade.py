"""Bringing an event up to its class's newest version, after a preview (queries/upgrade.py)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.from_class import lay_out_functions, setting_of
from convenor.events.actions.function import remove_function
from convenor.events.actions.opening import open_event, save_event
from convenor.events.actions.task import add_tasks, change_task
from convenor.events.drafts import TaskDraft
from convenor.events.enums import TaskState
from convenor.events.models import Event
from convenor.events.queries.classes import policy_of
from convenor.events.queries.tasks import task_draft_of
from convenor.events.queries.upgrade import Preview, preview_of
from convenor.events.rules.layout import Setting, task_drafts
from convenor.events.rules.policy_diff import Change, Kind
from convenor.events.rules.upgrade import updated_task

COLUMNS = ("class_version",)


@action
def bring_up_to_date(
    *, actor: Actor, event_id: int, take: Collection[str], now: datetime, seen: int | None = None
) -> Event:
    """Give the event its class's newest version, and of what the preview offers what `take` names (“tasks:agenda”).

    `seen` is the number of the version that the preview was of: one that was saved since is refused. Raises
    Event.DoesNotExist, Refused, ValidationError; and what adding and changing tasks and functions raises.
    """
    event = open_event(actor, event_id, None)
    language = get_language() or "en"
    preview = preview_of(event, language=language, now=now)
    if seen is not None and seen != preview.new.number:
        sentence = _("The class has been changed again meanwhile. Look at what would change now.")
        raise ValidationError({"seen": [sentence]})
    chosen = _chosen(preview, take)
    before = audit.snapshot(event, COLUMNS)
    event.class_version = preview.new
    save_event(actor=actor, event=event, action="event.brought_up_to_date", before=before, columns=COLUMNS)
    _tasks(actor, event, preview, [each for each in chosen if each.section == "tasks"], language, now)
    _functions(actor, event, preview, [each for each in chosen if each.section != "tasks"], language, now)
    return event


def _chosen(preview: Preview, take: Collection[str]) -> list[Change]:
    offered = {offer.change.name: offer.change for offer in preview.upgrade.offers}
    if take and not set(take) <= offered.keys():
        sentence = _("Something that was chosen is no longer on offer. Look at what would change now.")
        raise ValidationError({"take": [sentence]})
    return [change for name, change in offered.items() if name in take]


def _keys(changes: Collection[Change], kind: Kind) -> set[str]:
    return {each.key for each in changes if each.kind == kind}


def _tasks(
    actor: Actor, event: Event, preview: Preview, changes: list[Change], language: str, now: datetime
) -> None:
    if not changes:
        return
    new, setting = policy_of(preview.new), setting_of(event, language)
    there = set(event.tasks.values_list("key", flat=True))
    added = _keys(changes, Kind.ADDED)
    wanted = replace(new, tasks=tuple(each for each in new.tasks if each.key in added))
    add_tasks(actor=actor, event_id=event.pk, drafts=task_drafts(wanted, setting, there), now=now)
    _change_tasks(actor, event, preview, changes, setting, now)


def _change_tasks(
    actor: Actor, event: Event, preview: Preview, changes: list[Change], setting: Setting, now: datetime
) -> None:
    old = {each.key: each for each in policy_of(preview.old).tasks}
    new = {each.key: each for each in policy_of(preview.new).tasks}
    rows = list(event.tasks.prefetch_related("checklist", "dependencies__after"))
    keys = {row.key for row in rows}
    changed, gone = _keys(changes, Kind.CHANGED), _keys(changes, Kind.REMOVED)
    wanted: list[tuple[int, bool, TaskDraft]] = []
    for row in rows:
        before = task_draft_of(row)
        if row.key in changed:
            draft = updated_task(before, old[row.key], new[row.key], setting, keys)
        elif row.key in gone:
            draft = replace(before, state=TaskState.DROPPED)
        else:
            continue
        wanted.append((row.pk, bool(set(draft.after) - set(before.after)), draft))
    # What waits for something new comes last: two that change places would wait for each other for a moment
    for task, _waits_anew, draft in sorted(wanted, key=lambda each: each[1]):
        change_task(actor=actor, task_id=task, draft=draft, version=None, now=now)


def _functions(
    actor: Actor, event: Event, preview: Preview, changes: list[Change], language: str, now: datetime
) -> None:
    policy = policy_of(preview.new)
    if added := _keys(changes, Kind.ADDED):
        lay_out_functions(actor=actor, event=event, policy=policy, language=language, now=now, only=added)
    for function in event.functions.filter(key__in=_keys(changes, Kind.REMOVED)):
        remove_function(actor=actor, function_id=function.pk, now=now)
