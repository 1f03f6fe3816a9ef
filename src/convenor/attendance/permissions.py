"""Who may do what with rolls and registrations. docs/permissions.md shows the whole table.

The objects are events. What may be read is decided in queries/visibility.py; whoever holds a registration's secret
link acts for that registration and nothing else.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import EVENT_STAFF
from convenor.base.actor import Actor
from convenor.base.permissions import coordinator, organiser, register, rule
from convenor.events.permissions import RUNS


@rule("at work for the event")
def works_at(actor: Actor, event: Any) -> bool:
    """On its list as staff, or its contact for a service."""
    if event is None or actor.person_id is None or actor.is_outsider:
        return False
    mine = actor.person_id
    return bool(
        event.parties.filter(person=mine, role=EVENT_STAFF).exists()
        or event.contacts.filter(person=mine).exists()
    )


PERMISSIONS = {
    "roll.see": RUNS | works_at,
    "roll.edit": RUNS,
    "roll.see_needs": RUNS,
    "roll.check_in": RUNS | works_at,
    "roll.register_others": organiser,
    "registration.edit_form": RUNS,
    "evacuation.see": coordinator,
}
REFUSALS = {
    "roll.see": _("The roll is for those who run the event and those who work at it."),
    "roll.edit": _("The roll is kept by the event's coordinator, its sponsor and other coordinators."),
    "roll.see_needs": _("What people need is for those who run the event."),
    "roll.check_in": _("People are checked in by those who run the event and those who work at it."),
    "roll.register_others": _("You may look at events, but not register others."),
    "registration.edit_form": _(
        "Registration is set up by the event's coordinator, its sponsor and other coordinators."
    ),
    "evacuation.see": _("The evacuation roll is for coordinators and administrators."),
}


def add() -> None:
    register(PERMISSIONS, REFUSALS)
