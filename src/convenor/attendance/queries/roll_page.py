"""What a roll's page says above its list: numbers, what is wrong, allotments, whom it shares with other rolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.models import Allotment, Roll
from convenor.attendance.queries.capacity import room_capacities
from convenor.attendance.queries.doubles import doubles_on
from convenor.attendance.queries.numbers import Numbers
from convenor.attendance.queries.refit import demand_of
from convenor.attendance.rules.doubles import Double
from convenor.attendance.rules.refit import Fit, fit_of
from convenor.attendance.rules.roll_troubles import RollFacts, RollTrouble, troubles_of
from convenor.base.actor import Actor
from convenor.events.enums import OVER, EventState
from convenor.events.models import Event
from convenor.events.queries.functions import with_meetings
from convenor.events.queries.hidden import hidden_functions
from convenor.scheduling.enums import OccurrenceState


@dataclass(frozen=True, slots=True)
class RollPage:
    """`room_seats` None: there is no room, or none with a set-up."""

    roll: Roll
    numbers: Numbers
    room_seats: int | None
    fit: Fit
    troubles: Sequence[RollTrouble]
    doubles: Sequence[Double]
    allotments: Sequence[Allotment]
    is_over: bool


def roll_page(actor: Actor, roll: Roll, numbers: Numbers, *, now: datetime) -> RollPage:
    """Of a roll that the actor has been found to see. At most 10 queries."""
    seats = room_capacities([roll])[roll.pk]
    fit = fit_of(demand_of(roll, numbers, now), seats)
    doubles = doubles_on(actor, roll)
    over = is_over(roll, now)
    facts = RollFacts(
        capacity=roll.capacity,
        used=numbers.used,
        free=numbers.free,
        waiting=numbers.waiting,
        invited=numbers.invited,
        coming=numbers.coming,
        room_seats=seats,
        fit=fit,
        doubles=len({each.here.registration_id for each in doubles}),
        rsvp_by=roll.rsvp_by,
        guarantee_due=roll.guarantee_due,
        is_guaranteed=roll.guaranteed_at is not None,
        is_over=over,
    )
    return RollPage(roll, numbers, seats, fit, troubles_of(facts, now), doubles, allotments_of(roll), over)


def is_over(roll: Roll, now: datetime) -> bool:
    """What it is of is over, or doesn't take place."""
    if roll.event.state in (*OVER, EventState.DEBRIEF):
        return True
    ends_at = roll.function.occurrence.ends_at if roll.function is not None else roll.event.ends_at
    return ends_at is not None and ends_at <= now


def allotments_of(roll: Roll) -> list[Allotment]:
    """By name. 1 query."""
    rows = Allotment.objects.filter(roll=roll).select_related("department", "organisation")
    return sorted(rows, key=lambda each: (str(each.department or each.organisation), each.pk))


def functions_without_roll(actor: Actor, event: Event, rolls: Sequence[Roll]) -> list[tuple[int, str]]:
    """Functions that the actor may read, take place and have no roll: keys and titles, by time. 3 queries at most."""
    with_roll = {roll.function_id for roll in rolls}
    rows = with_meetings().filter(event=event, occurrence__state=OccurrenceState.SCHEDULED)
    hidden = hidden_functions(actor, event)
    return [
        (row.pk, row.occurrence.title or row.occurrence.meeting.title)
        for row in rows
        if row.pk not in with_roll and row.pk not in hidden
    ]


def room_seats_of(roll: Roll) -> int | None:
    """What its room holds as it is set up; None where there is none. 4 queries at most."""
    return room_capacities([roll])[roll.pk]


def rolls_of_functions(function_ids: Sequence[int]) -> list[Roll]:
    """By their functions' start. 1 query. For functions that the actor has been found to see."""
    rows = Roll.objects.filter(function__in=function_ids).select_related(
        "event", "function__occurrence__meeting"
    )
    return list(rows.order_by("function__occurrence__starts_at", "pk"))
