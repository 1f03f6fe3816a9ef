"""What has been done about an event of the demo before it was confirmed: answers, sheets, cues, tasks of those who help."""

from __future__ import annotations

from datetime import datetime

from convenor.base.actor import Actor
from convenor.events.actions.run_of_show import add_cue
from convenor.events.actions.sheet import acknowledge, issue_sheets
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import CueDraft, TaskDraft
from convenor.events.enums import Anchor, FunctionKind, Service
from convenor.events.models import Contact, Event, Function
from convenor.events.rules.policy import Due
from convenor.scheduling.actions.response import respond
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Participation

LATE = 5
"""One in so many hasn't answered, or hasn't acknowledged."""
HELP = {
    Service.FACILITY: (("seats", "Set out the seats and check the way to the exits", -3),),
    Service.AV: (("sound", "Test microphones, screen and the line to Cluj-Napoca", -2),),
    Service.CATERING: (("menu", "Settle the menu, with who may not eat what", -6),),
}
"""By who works for it: key, title and days before the start."""
CUES = (
    CueDraft(-10, "Doors open, music on", 10, "House light full", service=Service.AV),
    CueDraft(0, "Welcome from the stage", 5, "Light on the stage, music off", service=Service.AV),
    CueDraft(5, "First slides", 15, "“Let us begin with the figures”", service=Service.AV),
    CueDraft(20, "Microphones into the hall", 20, "First hand raised", service=Service.STAFFING),
)


def ask_for_help(actor: Actor, event: Event, now: datetime) -> None:
    """A task for each who works for the event."""
    helpers = dict(Contact.objects.filter(event=event).values_list("service", "person_id"))
    drafts = [
        TaskDraft(key, title, Due(days, anchor=Anchor.START), owner_id=helpers[service])
        for service, tasks in HELP.items()
        for key, title, days in tasks
        if service in helpers
    ]
    add_tasks(actor=actor, event_id=event.pk, drafts=drafts, now=now)


def prepare(actor: Actor, event: Event, now: datetime) -> None:
    """Nearly everybody has said yes, the sheets are issued and nearly all read."""
    asked = Participation.objects.filter(
        occurrence__function__event=event, occurrence__function__removed_at__isnull=True
    ).exclude(person=event.sponsor)
    pairs = [*asked.order_by("pk").values_list("occurrence_id", "person_id")]
    late = {person for _occurrence, person in pairs[:: LATE * LATE]}
    chaired = Participation.objects.filter(occurrence__function__event=event, person=event.sponsor)
    for occurrence, person in (*pairs, *chaired.values_list("occurrence_id", "person_id")):
        if person not in late:
            respond(
                actor=actor,
                occurrence_id=occurrence,
                person_id=person,
                partstat=PartStat.ACCEPTED,
                now=now,
            )
    issued = issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=now)
    for number, receipt in enumerate(issued.receipts, start=1):
        if number % LATE:
            acknowledge(actor=actor, receipt_id=receipt.pk, now=now)


def script(actor: Actor, event: Event) -> None:
    """The run of show of its plenary, minute by minute."""
    plenary = Function.objects.filter(event=event, kind=FunctionKind.PLENARY).order_by("number").first()
    if plenary is None:
        return
    for cue in CUES:
        add_cue(actor=actor, function_id=plenary.pk, draft=cue)
