"""Functions that somebody made private in an event that isn't: only who is in them, and who runs the event, reads them."""

from __future__ import annotations

from collections.abc import Sequence

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import Confidentiality
from convenor.events.models import Event, Function
from convenor.scheduling.queries.visibility import private_meetings_seen_by


def readable(actor: Actor, event: Event, rows: Sequence[Function]) -> list[Function]:
    """Those that the actor may read, with their meetings loaded. All, where whoever sees the event sees its functions.

    No query without such functions.
    """
    private = {row.occurrence.meeting_id for row in rows if row.occurrence.meeting.is_private}
    if not private or event.confidentiality >= Confidentiality.RESTRICTED or may(actor, "event.edit", event):
        return list(rows)
    hidden = private - private_meetings_seen_by(actor, private)
    return [row for row in rows if row.occurrence.meeting_id not in hidden]


def hidden_functions(actor: Actor, event: Event) -> set[int]:
    """The keys of those that the actor may not read, removed ones included. Two queries at most, none for who runs the event."""
    if event.confidentiality >= Confidentiality.RESTRICTED or may(actor, "event.edit", event):
        return set()
    rows = Function.every.filter(event=event, occurrence__meeting__is_private=True)
    private = dict(rows.order_by().values_list("pk", "occurrence__meeting_id"))
    seen = private_meetings_seen_by(actor, set(private.values())) if private else set()
    return {pk for pk, meeting in private.items() if meeting not in seen}
