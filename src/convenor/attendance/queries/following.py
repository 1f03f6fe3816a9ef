"""Who is asked to what a roll is of, and what its seat holders know of it. For actions/following.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.mail_facts import rooms_of
from convenor.base import audit
from convenor.events.enums import PartyRole
from convenor.events.models import Function, Party
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Participation

ASKED = (PartyRole.CHAIR, PartyRole.PARTICIPANT, PartyRole.OPTIONAL, PartyRole.GUEST)
"""Who sits at an event; its staff work there."""
NO = frozenset({PartStat.DECLINED, PartStat.DELEGATED})


@dataclass(slots=True)
class Standing:
    """Of a roll: who is asked with their answer, and the seats of people who are known, by person."""

    asked: Mapping[int, PartStat]
    seats: Mapping[int, Seat] = field(default_factory=dict)


def standing_of(roll: Roll) -> Standing:
    """At most 3 queries."""
    rows = Seat.objects.filter(
        roll=roll, registration__person__isnull=False, registration__guest_of__isnull=True
    )
    seats = rows.select_related("registration__guest_of").order_by("pk")
    asked = _of_function(roll.function) if roll.function is not None else _of_event(roll.event_id)
    return Standing(asked, {seat.registration.person_id or 0: seat for seat in seats})


def _of_event(event_id: int) -> dict[int, PartStat]:
    rows = Party.objects.filter(event=event_id, role__in=ASKED, person__is_active=True).order_by("pk")
    return dict.fromkeys(rows.values_list("person_id", flat=True), PartStat.NEEDS_ACTION)


def _of_function(function: Function) -> dict[int, PartStat]:
    """Earlier answers first, so that those have the places for which there are enough."""
    people = Attendee.objects.filter(meeting=function.occurrence.meeting_id, person__is_active=True)
    people = people.exclude(role=AttendeeRole.RESOURCE)
    rows = Participation.objects.filter(occurrence=function.occurrence_id, person__in=people.values("person"))
    answers = rows.order_by("answered_at", "pk").values_list("person_id", "partstat")
    return {person: PartStat(partstat) for person, partstat in answers}


def rolls_touched(meeting_ids: Collection[int]) -> list[Roll]:
    """Those of the functions that these meetings are, and of their events. One query where no meeting is a function."""
    rows = Function.every.filter(occurrence__meeting__in=sorted(meeting_ids))
    functions = dict(rows.values_list("pk", "event_id"))
    if not functions:
        return []
    rolls = Roll.objects.filter(event__in=set(functions.values())).select_related(
        "event", "function__occurrence__meeting"
    )
    return [
        roll for roll in rolls.order_by("pk") if roll.function_id is None or roll.function_id in functions
    ]


def announcements(rolls: Collection[Roll]) -> dict[int, dict[str, Any]]:
    """By roll, what its seat holders should know of when and where it is. One query."""
    rooms = rooms_of(roll.function for roll in rolls)
    return {roll.pk: _announcement(roll, rooms) for roll in rolls}


def _announcement(roll: Roll, rooms: Mapping[int, str]) -> dict[str, Any]:
    if roll.function is None:
        return {"starts_at": audit.plain(roll.event.starts_at), "ends_at": audit.plain(roll.event.ends_at)}
    occurrence = roll.function.occurrence
    return {
        "starts_at": audit.plain(occurrence.starts_at),
        "ends_at": audit.plain(occurrence.ends_at),
        "place": rooms.get(occurrence.pk) or occurrence.meeting.location,
        "is_on": occurrence.state == OccurrenceState.SCHEDULED and roll.function.removed_at is None,
    }


def told_of_changes(rolls: Collection[Roll]) -> list[Seat]:
    """Seats of whoever isn't told by the function's meeting itself."""
    meetings = {roll.pk: roll.function.occurrence.meeting_id for roll in rolls if roll.function is not None}
    live = (SeatState.INVITED, SeatState.HELD, SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.OFFERED)
    rows = Seat.objects.filter(
        roll__in=meetings, state__in=live, registration__guest_of__isnull=True
    ).select_related("registration")
    asked = set(
        Attendee.objects.filter(meeting__in=set(meetings.values())).values_list("meeting_id", "person_id")
    )
    seats = rows.order_by("pk")
    return [seat for seat in seats if (meetings[seat.roll_id], seat.registration.person_id) not in asked]
