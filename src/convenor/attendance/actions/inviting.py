"""Inviting many to a roll, and what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.actions.registering import Outcome, register_many
from convenor.attendance.actions.rehearsal import rehearse
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.queries.visibility import roll_for
from convenor.base.actor import Actor
from convenor.base.transactions import action


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one of them: the state of their seat, "" where there is a `problem`. `is_new`: they weren't on the list."""

    name: str
    email: str
    state: str
    problem: str
    is_new: bool


@action
def invite(
    *, actor: Actor, roll_id: int, drafts: Sequence[RegistrationDraft], state: SeatState, now: datetime
) -> list[Invited]:
    """Put people on the roll, and with a function's on the event's too; who is on the list keeps what they have said.

    Who can't be is told of, the others are. Raises Roll.DoesNotExist, Refused, and ValidationError for an event that is over.
    """
    roll = roll_for(actor, roll_id, "roll.edit")
    source = Source.INVITATION if state == SeatState.INVITED else Source.COORDINATOR
    outcomes = register_many(
        actor=actor,
        event_id=roll.event_id,
        drafts=drafts,
        source=source,
        state=state,
        join=True,
        now=now,
    )
    return [_invited(draft, each, roll_id) for draft, each in zip(drafts, outcomes, strict=True)]


def would_invite(
    *, actor: Actor, roll_id: int, drafts: Sequence[RegistrationDraft], state: SeatState, now: datetime
) -> list[Invited]:
    """The same, of which nothing stays. Raises as `invite`."""
    return rehearse(
        lambda: invite(actor=actor, roll_id=roll_id, drafts=drafts, state=state, now=now),
        lambda invited: invited,
    )


def _invited(draft: RegistrationDraft, outcome: Outcome, roll_id: int) -> Invited:
    row = outcome.registration
    if row is None:
        texts = outcome.problem.messages if outcome.problem is not None else []
        return Invited(draft.who.name, draft.who.email, "", " ".join(texts), is_new=False)
    state = next((seat.get_state_display() for seat in outcome.seats if seat.roll_id == roll_id), "")
    return Invited(row.name, row.email, state, "", outcome.is_new)
