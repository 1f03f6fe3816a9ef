"""What an event's class lays down becomes its tasks, functions and meetings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function import add_functions
from convenor.events.actions.task import add_tasks
from convenor.events.models import Event, Function, Task
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.people_of import active_by_role
from convenor.events.rules.layout import Left, Setting, dues_of, function_drafts, task_drafts
from convenor.events.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What was made; `left` are functions of the class that the event's dates have no room for."""

    tasks: Sequence[Task] = ()
    functions: Sequence[Function] = ()
    left: Sequence[Left] = ()


@action
def lay_out(*, actor: Actor, event: Event, policy: Policy, language: str, now: datetime) -> LaidOut:
    """Make the class's tasks, and with dates its functions and its meetings before and after.

    What there is by its key is left alone, also a function that was removed: running it again makes nothing.
    Raises as add_tasks and add_functions.
    """
    setting = setting_of(event, language)
    taken = set(event.tasks.values_list("key", flat=True))
    tasks = add_tasks(actor=actor, event_id=event.pk, drafts=task_drafts(policy, setting, taken), now=now)
    programme = lay_out_functions(actor=actor, event=event, policy=policy, language=language, now=now)
    return LaidOut(tasks, programme.functions, programme.left)


@action
def lay_out_functions(
    *,
    actor: Actor,
    event: Event,
    policy: Policy,
    language: str,
    now: datetime,
    only: Collection[str] | None = None,
) -> LaidOut:
    """As lay_out, without tasks: for an enquiry that gets its dates. `only` are the keys to make, None all."""
    days = working_days_for(event, dues_of(policy))
    taken = set(Function.every.filter(event=event).values_list("key", flat=True)) if only is None else set()
    drafts, left = function_drafts(policy, setting_of(event, language), event, days, now, taken)
    if only is not None:
        drafts = [each for each in drafts if each.key in only]
        left = [each for each in left if each.key in only]
    made = add_functions(actor=actor, event_id=event.pk, drafts=drafts, now=now) if drafts else []
    return LaidOut((), made, left)


def setting_of(event: Event, language: str) -> Setting:
    """The event's people by role without those who have left."""
    return Setting(active_by_role(event), language)
