"""Who may do what with meetings and bookings. docs/permissions.md shows the whole table.

The objects are anything with an `organiser_id` and a `state` (a meeting, a draft), a participation
or a room. What may be read is decided in queries/visibility.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.base.permissions import coordinator, may, organiser, register, rule
from convenor.scheduling.enums import MeetingState

if TYPE_CHECKING:
    from convenor.scheduling.rules.room import RoomFacts


@rule("the meeting's organiser")
def organises(actor: Actor, meeting: Any) -> bool:
    return meeting is not None and actor.person_id is not None and meeting.organiser_id == actor.person_id


@rule("a delegate of the organiser who may act")
def acts_for_organiser(actor: Actor, meeting: Any) -> bool:
    return meeting is not None and actor.may_act_for(meeting.organiser_id)


@rule("a delegate of the organiser who may propose")
def proposes_for_organiser(actor: Actor, meeting: Any) -> bool:
    return meeting is not None and actor.may_propose_for(meeting.organiser_id)


@rule("of a tentative meeting")
def is_tentative(_actor: Actor, meeting: Any) -> bool:
    return meeting is not None and meeting.state == MeetingState.TENTATIVE


@rule("the attendee themselves")
def attendee(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.person_id == person_id


@rule("a delegate of the attendee who may act")
def acts_for_attendee(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.may_act_for(person_id)


@rule("the room's approver")
def approver(actor: Actor, room: RoomFacts | None) -> bool:
    return room is not None and actor.user_id is not None and room.approver_id == actor.user_id


IN_CHARGE = (organiser & (organises | acts_for_organiser)) | coordinator
PERMISSIONS = {
    "meeting.see_private": coordinator,
    "meeting.organise": organiser,
    "meeting.create": IN_CHARGE,
    "meeting.propose": organiser & proposes_for_organiser,
    "meeting.edit": IN_CHARGE | (organiser & proposes_for_organiser & is_tentative),
    "meeting.cancel": IN_CHARGE | (organiser & proposes_for_organiser & is_tentative),
    "meeting.confirm": IN_CHARGE,
    "meeting.displace": organiser,
    "meeting.respond": attendee | acts_for_attendee | coordinator,
    "meeting.hand_over": coordinator,
    "booking.decide": approver | coordinator,
    "booking.exceed_limits": coordinator,
    "conflict.see_all": coordinator,
    "conflict.ignore": organiser,
}
REFUSALS = {
    "meeting.organise": _("You may look at the calendar, but not make meetings."),
    "meeting.create": _("You can organise meetings for yourself and for those who let you act for them."),
    "meeting.edit": _("A meeting is changed by its organiser, their delegates and coordinators."),
    "meeting.cancel": _("A meeting is cancelled by its organiser, their delegates and coordinators."),
    "meeting.confirm": _("A proposed meeting is confirmed by the one in whose name it was proposed."),
    "meeting.displace": _("You may look at the calendar, but not move others' meetings."),
    "meeting.respond": _("You can answer for yourself and for those who let you act for them."),
    "meeting.hand_over": _("Meetings are handed over by coordinators and administrators."),
    "booking.decide": _("This booking is decided by the room's approver or a coordinator."),
    "conflict.ignore": _("Those who may only look can't ignore conflicts."),
}


def in_the_name_of(actor: Actor, person_id: int, name: str) -> Actor:
    """The actor, on record as acting for the principal where they are that person's delegate and nobody's boss.

    A coordinator who is no delegate acts in their own name.
    """
    if person_id == actor.person_id or person_id not in actor.principals:
        return actor
    if actor.principals[person_id].includes(Scope.PROPOSE):
        return actor.named_for(person_id, name)
    return actor


def may_exceed_limits(actor: Actor) -> bool:
    return may(actor, "booking.exceed_limits")


def add() -> None:
    register(PERMISSIONS, REFUSALS)
