"""Seats that were written are passed on: to the schedule of whose seats they are, and to their event's counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from convenor.attendance.enums import SeatState
from convenor.attendance.feeding import feed_soon
from convenor.attendance.models import Roll, Seat
from convenor.scheduling.actions.joining import Pair, join, leave
from convenor.scheduling.enums import PartStat

HERE = frozenset({SeatState.CONFIRMED, SeatState.CHECKED_IN})
ANSWERS = {
    SeatState.INVITED: PartStat.NEEDS_ACTION,
    SeatState.HELD: PartStat.TENTATIVE,
    SeatState.WAITLISTED: PartStat.TENTATIVE,
    SeatState.OFFERED: PartStat.TENTATIVE,
}
"""What a seat that isn't certain is as an answer to the function's meeting; any other is a no."""


def answer_of(state: SeatState) -> PartStat:
    return PartStat.ACCEPTED if state in HERE else ANSWERS.get(state, PartStat.DECLINED)


def pass_on(seats: Iterable[Seat], now: datetime) -> None:
    """To be called once they are written, with their registrations loaded. No query but the counts' task for strangers."""
    written = list(seats)
    feed_soon(seat.registration.event_id for seat in written)
    keep_in_step([seat for seat in written if seat.registration.person_id is not None], now)


def keep_in_step(seats: Iterable[Seat], now: datetime) -> None:
    """Let the people with these seats at functions take part in them, or not, as the seats stand.

    Nobody who follows answers is told of it: the seats are ahead.
    """
    persons = [(seat.roll_id, seat.registration.person_id, SeatState(seat.state)) for seat in seats]
    rolls = Roll.objects.filter(pk__in={roll for roll, _, _ in persons}, function__isnull=False)
    occurrences = dict(rolls.values_list("pk", "function__occurrence")) if persons else {}
    pairs: dict[PartStat, set[Pair]] = defaultdict(set)
    for roll, person, state in persons:
        if roll in occurrences and person is not None:
            pairs[answer_of(state)].add((occurrences[roll], person))
    if coming := pairs.pop(PartStat.ACCEPTED, None):
        join(pairs=coming, now=now)
    for answer in sorted(pairs):
        leave(pairs=pairs[answer], answer=answer, now=now)
