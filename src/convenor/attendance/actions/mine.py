"""What whoever holds a registration's secret link does besides changing, answering and cancelling: all of an invitation at once."""

from __future__ import annotations

from datetime import datetime

from convenor.attendance.actions.party import open_by_token
from convenor.attendance.actions.registration import change_by_token
from convenor.attendance.actions.seat import answer
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration
from convenor.base.transactions import action


@action
def accept_invitation(
    *, token: str, version: int | None, draft: RegistrationDraft, now: datetime
) -> Registration:
    """Say yes to the event with what its form asks, and to the functions that the draft has; nothing where one of it can't be.

    Raises Registration.DoesNotExist, and ValidationError by the draft's fields.
    """
    row = change_by_token(token=token, version=version, draft=draft, now=now)
    party = open_by_token(token, draft.function_ids)
    functions = {roll.pk: roll.function_id for roll in party.rolls.values()}
    asked = [seat for seat in party.own if seat.state == SeatState.INVITED]
    for seat in sorted(asked, key=lambda seat: functions[seat.roll_id] is not None):
        function = functions[seat.roll_id]
        if function is None or function in draft.function_ids:
            # One mail says it all, the event's
            answer(party, seat.pk, accepts=True, now=now, quietly=function is not None)
    return row
