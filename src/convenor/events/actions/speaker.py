"""A speaker's yes or no."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, refuse_over
from convenor.events.enums import SpeakerState
from convenor.events.models import Event, Speaker
from convenor.events.queries.running import runner
from convenor.events.queries.visibility import events_seen_by
from convenor.scheduling.actions.response import respond
from convenor.scheduling.enums import OccurrenceState, PartStat
from convenor.scheduling.models import Participation

ANSWERS = {SpeakerState.CONFIRMED: PartStat.ACCEPTED, SpeakerState.DECLINED: PartStat.DECLINED}


@action
def answer_as_speaker(*, actor: Actor, speaker_id: int, state: SpeakerState, now: datetime) -> Speaker:
    """Put down that the speaker comes, doesn't, or is asked anew. Their invitation to the function is answered alike.

    By those who run the event, and by the speaker or a delegate. Raises Speaker.DoesNotExist, Refused, ValidationError.
    """
    speaker = _open(actor, speaker_id)
    event = speaker.function.event
    refuse_over(event)
    if not may(actor, "event.edit", event):
        require(actor, "speaker.answer", speaker.person_id)
    if state not in SpeakerState.values:
        raise ValidationError({"state": [_("There is no such answer.")]})
    before = {"state": speaker.state}
    if speaker.state == state:
        return speaker
    speaker.state = state
    speaker.save(update_fields=["state"])
    after = {"speaker": speaker.person_id, "state": speaker.state}
    named = _named(actor, event, speaker)
    audit.record(actor=named, action="speaker.answered", obj=speaker.function, before=before, after=after)
    occurrence = speaker.function.occurrence
    asked = Participation.objects.filter(occurrence=occurrence, person=speaker.person_id).exists()
    if state in ANSWERS and asked and occurrence.state == OccurrenceState.SCHEDULED:
        respond(
            actor=runner(actor, event, [speaker.person_id]),
            occurrence_id=occurrence.pk,
            person_id=speaker.person_id,
            partstat=ANSWERS[state],
            now=now,
        )
    return speaker


def _named(actor: Actor, event: Event, speaker: Speaker) -> Actor:
    """On record as acting for the speaker whose delegate they are, or for who runs the event."""
    if actor.is_system or actor.person_id == speaker.person_id:
        return actor
    if actor.may_act_for(speaker.person_id):
        return actor.named_for(speaker.person_id, speaker.person.name)
    return named_for(actor, event)


def _open(actor: Actor, speaker_id: int) -> Speaker:
    """Locked with its event. Somebody from outside who speaks sees no events, but may answer for themselves."""
    rows = Speaker.objects.select_related("person", "function__event", "function__occurrence__meeting")
    speaker = rows.get(pk=speaker_id, function__removed_at__isnull=True)
    seen = events_seen_by(actor).filter(pk=speaker.function.event_id).exists()
    if not seen and not may(actor, "speaker.answer", speaker.person_id):
        raise Speaker.DoesNotExist
    locked = Event.objects.select_for_update(no_key=True, of=("self",))
    speaker.function.event = locked.get(pk=speaker.function.event_id)
    speaker.refresh_from_db(fields=["state"])
    return speaker
