"""Creating, changing, cancelling and confirming meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.scheduling.actions.creation import book, change_of, insert, plans_of
from convenor.scheduling.actions.record import put_on_record
from convenor.scheduling.drafts import MeetingDraft, Saved
from convenor.scheduling.queries.collisions import collisions_of


@action
def create_meeting(*, actor: Actor, draft: MeetingDraft, now: datetime) -> Saved:
    """Make the meeting with its occurrences up to the horizon, its room and its equipment.

    In the organiser's name if the actor is their delegate who may act; tentative, to be confirmed by
    them, if the actor may only propose. `collisions` are attendees who are busy then: no reason to refuse.
    Raises ValidationError by field, RoomClashes with the best other room for each date (then nothing
    is made: call again with `on_clash` saying what to do on each), Refused.
    """
    (plan,) = plans_of(actor, [draft], now)
    insert([plan])
    collisions = collisions_of(plan.occurrences, [each.person_id for each in plan.attendees])
    book(plan, now)
    put_on_record(plan.actor, [change_of(plan)])
    return Saved(plan.meeting, tuple(plan.notices), collisions)


@action
def create_meetings(*, actor: Actor, drafts: Sequence[MeetingDraft], now: datetime) -> list[Saved]:
    """Many meetings in one transaction, as an import or the demo makes them; looks for no collisions.

    Raises as create_meeting, for the first that can't be; then none is made.
    """
    plans = plans_of(actor, drafts, now)
    insert(plans)
    for plan in plans:
        book(plan, now)
    by_actor = {id(plan.actor): plan.actor for plan in plans}
    for key, each in by_actor.items():
        put_on_record(each, [change_of(plan) for plan in plans if id(plan.actor) == key])
    return [Saved(plan.meeting, tuple(plan.notices)) for plan in plans]
