"""Who may do what with events. docs/permissions.md shows the whole table.

The objects are anything with `owner_id`, `sponsor_id` and `budget_holder_id` (an event, a draft), a task with its
`owner_id` and `event`, or a person's key. What may be read is decided in queries/visibility.py.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.permissions import coordinator, organiser, register, rule, staff


@rule("the coordinator in charge")
def in_charge(actor: Actor, event: Any) -> bool:
    return event is not None and actor.person_id is not None and event.owner_id == actor.person_id


@rule("a delegate of the coordinator in charge who may act")
def acts_for_owner(actor: Actor, event: Any) -> bool:
    return event is not None and event.owner_id is not None and actor.may_act_for(event.owner_id)


@rule("its sponsor or their delegate who may act")
def sponsors(actor: Actor, event: Any) -> bool:
    return event is not None and event.sponsor_id is not None and actor.may_act_for(event.sponsor_id)


@rule("the task's owner or their delegate who may act")
def has_task(actor: Actor, task: Any) -> bool:
    return task is not None and task.owner_id is not None and actor.may_act_for(task.owner_id)


@rule("who runs the task's event")
def runs_task_event(actor: Actor, task: Any) -> bool:
    return task is not None and bool(RUNS.test(actor, task.event))


@rule("the person themselves or their delegate who may act")
def signs_for(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.may_act_for(person_id)


RUNS = (organiser & (in_charge | acts_for_owner | sponsors)) | coordinator
PERMISSIONS = {
    "event.see": staff,
    "event.see_all": coordinator,
    "event.create": organiser,
    "event.edit": RUNS,
    "event.change_state": RUNS,
    "event.waive": RUNS,
    "event.certify": RUNS,
    "event.sign": signs_for,
    "event.publish": RUNS,
    "speaker.answer": signs_for | coordinator,
    "event_class.see": staff,
    "event_class.edit": coordinator,
    "task.work": (organiser & has_task) | runs_task_event,
    "sheet.issue": RUNS,
    "sheet.acknowledge": signs_for | coordinator,
    "document.add": RUNS,
    "document.see_sensitive": RUNS,
    "plan.apply": coordinator,
    "visitor.see": coordinator,
}
REFUSALS = {
    "event.see": _("Events are for the company's own people."),
    "event.create": _("You may look at events, but not make them."),
    "event.edit": _("An event is changed by its coordinator, its sponsor and other coordinators."),
    "event.change_state": _("An event is taken on by its coordinator, its sponsor and other coordinators."),
    "event.waive": _("A check is waived by the event's coordinator, its sponsor and other coordinators."),
    "event.certify": _(
        "A certificate is drawn up by the event's coordinator, its sponsor and other coordinators."
    ),
    "event.sign": _("You can sign for yourself and for those who let you act for them."),
    "event.publish": _(
        "A programme is published by the event's coordinator, its sponsor and other coordinators."
    ),
    "speaker.answer": _("You can answer for yourself and for those who let you act for them."),
    "event_class.edit": _("Event classes are changed by coordinators and administrators."),
    "task.work": _("A task is worked on by its owner and those who run its event."),
    "sheet.issue": _(
        "Function sheets are issued by the event's coordinator, its sponsor and other coordinators."
    ),
    "sheet.acknowledge": _("A function sheet is acknowledged by whom it was sent to."),
    "document.add": _("Documents are added by those who run the event."),
    "plan.apply": _("Plan files are applied by coordinators and administrators."),
    "visitor.see": _("The list of visitors is for coordinators and administrators."),
}


def add() -> None:
    register(PERMISSIONS, REFUSALS)
