"""Another time that an attendee proposes for an occurrence: taken down, accepted, declined, overtaken (RFC 5546 §3.2.7, §3.2.8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from convenor.base import audit, clock, outbox
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.scheduling import registry
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.enums import CounterState, OccurrenceState, PartStat
from convenor.scheduling.models import CounterProposal, Meeting, Occurrence, Participation
from convenor.scheduling.permissions import in_the_name_of
from convenor.scheduling.queries.counters import counter_for
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.rules.draft import check_span
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.saved import Saved

PROPOSED, DECLINED = "counter", "counter_declined"  # kinds of messages: to the organiser, to the proposer
LONGEST_COMMENT = 300
OPEN = Q(state=CounterState.OPEN)
MOVED = ~Q(instead_of_start=F("occurrence__starts_at"), instead_of_end=F("occurrence__ends_at"))
OFF = ~Q(occurrence__state=OccurrenceState.SCHEDULED)


@action
def propose(
    *,
    actor: Actor,
    occurrence_id: int,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    comment: str = "",
    now: datetime,
) -> CounterProposal:
    """Ask the organiser for these times (aware) instead; the person's newer proposal takes the place of one that waits.

    Raises Occurrence.DoesNotExist, Refused, and ValidationError for somebody who isn't asked, for an occurrence that is
    cancelled or over, and for times that no meeting can have.
    """
    occurrence = occurrence_for(actor, occurrence_id)
    require(actor, "meeting.respond", person_id)
    part = _part(occurrence, person_id)
    _check_times(occurrence, starts_at, ends_at, now)
    CounterProposal.objects.filter(OPEN, occurrence=occurrence, person=person_id).update(
        state=CounterState.STALE, decided_at=now
    )
    counter = CounterProposal.objects.create(
        occurrence=occurrence,
        person=part.person,
        starts_at=starts_at,
        ends_at=ends_at,
        instead_of_start=occurrence.starts_at,
        instead_of_end=occurrence.ends_at,
        comment=comment[:LONGEST_COMMENT],
        received_at=now,
    )
    named = in_the_name_of(actor, person_id, part.person.name)
    audit.record(actor=named, action="counter.proposed", obj=occurrence.meeting, after=_facts(counter))
    outbox.put(kind=PROPOSED, key=str(counter.pk), payload={"counter_id": counter.pk})
    return counter


def _part(occurrence: Occurrence, person_id: int) -> Participation:
    """The person's part, locked, so that two of their proposals queue."""
    rows = Participation.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    part = rows.filter(occurrence=occurrence, person=person_id).first()
    if part is None:
        raise ValidationError({"person_id": [_("There is nothing to answer: not asked, or cancelled.")]})
    return part


def _check_times(occurrence: Occurrence, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    found = Findings()
    check_span(found, starts_at, ends_at)
    if occurrence.state == OccurrenceState.CANCELLED:
        found.refuse("occurrence_id", "cancelled", _("This occurrence is cancelled."))
    elif occurrence.ends_at <= now:
        found.refuse("occurrence_id", "over", _("This is over; its time can't change any more."))
    elif ends_at <= now:
        found.refuse("starts_at", "past", _("The time that is proposed is past."))
    elif (starts_at, ends_at) == (occurrence.starts_at, occurrence.ends_at):
        found.refuse("starts_at", "same", _("This is when it takes place already."))
    found.raise_refused()


@action
def accept(*, actor: Actor, counter_id: int, now: datetime) -> Saved:
    """Move the occurrence to the proposed times; whoever proposed them has thereby accepted.

    Raises CounterProposal.DoesNotExist, and as move_occurrence does.
    """
    counter = _open_counter(actor, counter_id)
    occurrence = counter.occurrence
    before = _facts(counter)
    _decide(counter, actor, CounterState.ACCEPTED, now)
    saved = move_occurrence(
        actor=actor,
        occurrence_id=occurrence.pk,
        version=occurrence.meeting.version,
        starts_at=counter.starts_at,
        ends_at=counter.ends_at,
        now=now,
    )
    named = _named(actor, counter)
    audit.record(
        actor=named, action="counter.accepted", obj=occurrence.meeting, before=before, after=_facts(counter)
    )
    _agree(actor, counter, now)
    return saved


def _agree(actor: Actor, counter: CounterProposal, now: datetime) -> None:
    """The move asked everybody again; the proposer's answer to their own time is known."""
    meeting = counter.occurrence.meeting
    part = Participation.objects.filter(occurrence=counter.occurrence_id, person=counter.person_id)
    part.update(partstat=PartStat.ACCEPTED, answered_at=now, blocks=meeting.shows_as_busy)
    for follow in registry.answer_followers:
        follow(actor, [counter.occurrence_id], counter.person_id, PartStat.ACCEPTED, now)


@action
def decline(*, actor: Actor, counter_id: int, comment: str = "", now: datetime) -> None:
    """Leave the occurrence when it is and tell the proposer so. Raises CounterProposal.DoesNotExist, Refused, ValidationError."""
    counter = _open_counter(actor, counter_id)
    before = _facts(counter)
    _decide(counter, actor, CounterState.DECLINED, now)
    named, meeting = _named(actor, counter), counter.occurrence.meeting
    audit.record(actor=named, action="counter.declined", obj=meeting, before=before, after=_facts(counter))
    payload = {"counter_id": counter.pk, "comment": comment[:LONGEST_COMMENT]}
    outbox.put(kind=DECLINED, key=str(counter.pk), payload=payload)


def _open_counter(actor: Actor, counter_id: int) -> CounterProposal:
    """Locked, after its meeting: whoever changes that looks at its proposals last."""
    meeting_id = counter_for(actor, counter_id).occurrence.meeting_id
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
    CounterProposal.objects.select_for_update(no_key=True).get(pk=counter_id)
    counter = counter_for(actor, counter_id)
    require(actor, "meeting.edit", counter.occurrence.meeting)
    if counter.state != CounterState.OPEN:
        raise ValidationError(_("This proposal doesn't wait for an answer any more."))
    return counter


def _decide(counter: CounterProposal, actor: Actor, state: CounterState, now: datetime) -> None:
    counter.state, counter.decided_at, counter.decided_by_id = state, now, actor.person_id
    counter.save(update_fields=["state", "decided_at", "decided_by"])


def _named(actor: Actor, counter: CounterProposal) -> Actor:
    meeting = counter.occurrence.meeting
    return in_the_name_of(actor, meeting.organiser_id, meeting.organiser.name)


def _facts(counter: CounterProposal) -> dict[str, Any]:
    return {
        "proposal": counter.state,
        "proposed_by": counter.person.name,
        "proposed_start": counter.starts_at,
        "proposed_end": counter.ends_at,
    }


def overtake(_actor: Actor, _meeting_ids: Collection[int], occurrence_ids: Collection[int]) -> None:
    """Proposals for occurrences that are at other times by now, or off, wait for nothing any more. One query.

    What changed the occurrence is on record; that its proposals went with it follows from that.
    """
    waiting = CounterProposal.objects.filter(OPEN, occurrence__among=list(occurrence_ids))
    CounterProposal.objects.filter(pk__in=waiting.filter(MOVED | OFF).values("pk")).update(
        state=CounterState.STALE, decided_at=clock.now()
    )
