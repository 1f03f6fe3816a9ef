"""What those who keep a roll do with many of its seats at once, and what would come of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.actions.rehearsal import rehearse
from convenor.attendance.actions.seat import move_to_allotment, set_seat_state
from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.rules.seat_states import By, may_become
from convenor.base.actor import Actor
from convenor.base.transactions import action


@action
def change_seats(
    *,
    actor: Actor,
    roll_id: int,
    seat_ids: Collection[int],
    state: SeatState | None,
    allotment_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> int:
    """Bring those of the seats to the state that can come to it, or without one to the allotment (None: the open seats);
    the others stay as they are. How many changed, guests included.

    Seats of other rolls are left alone. Raises Roll.DoesNotExist, Refused, and ValidationError as `set_seat_state`.
    """
    roll_for(actor, roll_id, "roll.edit")
    keys = _able(roll_id, seat_ids, state)
    if not keys:
        return 0
    if state is None:
        return len(move_to_allotment(actor=actor, seat_ids=keys, allotment_id=allotment_id, now=now))
    return len(set_seat_state(actor=actor, seat_ids=keys, state=state, reason=reason, now=now))


def _able(roll_id: int, seat_ids: Collection[int], state: SeatState | None) -> list[int]:
    rows = Seat.objects.filter(pk__among=list(seat_ids), roll=roll_id).order_by("pk")
    return [
        pk
        for pk, old in rows.values_list("pk", "state")
        if (old in TAKING if state is None else old != state and may_become(SeatState(old), state, By.STAFF))
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of a seat: states, the same where only its allotment changes."""

    seat: Seat
    before: SeatState
    after: SeatState

    @property
    def is_move(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Coming:
    """`chosen` are the seats that would change, guests included, `others` what others would be given or lose by it,
    `same` who was chosen and would stay as they are.
    """

    chosen: Sequence[Change] = ()
    others: Sequence[Change] = ()
    same: Sequence[Seat] = ()


def rehearsed(act: Callable[[], object], roll: Roll, seat_ids: Collection[int]) -> Coming:
    """What would come of `act` on all rolls of the event. Raises what it raises."""
    before = _as_they_stand(roll)
    after = rehearse(act, lambda _result: _as_they_stand(roll))
    changed = [key for key in after if key in before and after[key] != before[key]]
    seats = _named([*changed, *seat_ids])
    wanted = {seats[key].registration_id for key in seat_ids if key in seats}
    changes = [_change(seats[key], before[key], after[key]) for key in changed if key in seats]
    chosen = [each for each in changes if _is_among(each.seat, wanted, roll)]
    moved = {each.seat.pk for each in chosen}
    return Coming(
        chosen=chosen,
        others=[each for each in changes if each.seat.pk not in moved],
        same=[seats[key] for key in seat_ids if key in seats and key not in moved],
    )


def _is_among(seat: Seat, wanted: Collection[int], roll: Roll) -> bool:
    return seat.roll_id == roll.pk and (
        seat.registration_id in wanted or seat.registration.guest_of_id in wanted
    )


Standing = tuple[str, int | None]


def _as_they_stand(roll: Roll) -> dict[int, Standing]:
    rows = Seat.objects.filter(roll__event=roll.event_id).order_by()
    return {
        pk: (state, allotment) for pk, state, allotment in rows.values_list("pk", "state", "allotment_id")
    }


def _named(keys: Collection[int]) -> Mapping[int, Seat]:
    rows = Seat.objects.filter(pk__among=set(keys)).order_by("registration__name", "pk")
    rows = rows.select_related("registration__guest_of", "roll__event", "roll__function__occurrence__meeting")
    return {seat.pk: seat for seat in rows}


def _change(seat: Seat, before: Standing, after: Standing) -> Change:
    return Change(seat, SeatState(before[0]), SeatState(after[0]))
