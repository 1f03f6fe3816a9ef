"""From the schedule to the events: which event a date of a meeting is a function of."""

from __future__ import annotations

from dataclasses import dataclass

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.models import Event, Function
from convenor.events.queries.visibility import events_seen_by
from convenor.scheduling.enums import MeetingState
from convenor.scheduling.models import Meeting


@dataclass(frozen=True, slots=True)
class OfMeeting:
    """What a meeting's page says of events. `event` is None where there is none, or none that the reader may see."""

    event: Event | None = None
    may_promote: bool = False


def of_meeting_for(actor: Actor, meeting: Meeting, occurrence_id: int | None) -> OfMeeting:
    """2 queries at most."""
    if occurrence_id is None:
        return OfMeeting()
    found = Function.objects.filter(occurrence=occurrence_id).values_list("event_id", flat=True).first()
    if found is not None:
        return OfMeeting(events_seen_by(actor).filter(pk=found).first())
    free = not Function.every.filter(occurrence=occurrence_id).exists()
    may_promote = meeting.state == MeetingState.CONFIRMED and may(actor, "meeting.edit", meeting)
    return OfMeeting(None, free and may_promote and may(actor, "event.create"))
