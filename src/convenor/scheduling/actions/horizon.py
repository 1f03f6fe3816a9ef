"""Keeping series materialised up to the rolling horizon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from convenor.base import audit, outbox
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.actions.creation import approvals_of, need_of
from convenor.scheduling.actions.editing import active_bookings, draft_of, live_occurrences
from convenor.scheduling.actions.record import APPROVAL
from convenor.scheduling.actions.rerooming import Rerooming, rooms_to_know, settle_places
from convenor.scheduling.actions.rooms import Settled
from convenor.scheduling.actions.slots import (
    horizon_of,
    occurrences_of,
    participations_of,
    series_of_meeting,
    slots_of,
)
from convenor.scheduling.drafts import RoomClash
from convenor.scheduling.enums import MeetingState, PartStat
from convenor.scheduling.models import Attendee, Meeting, Occurrence, Participation
from convenor.scheduling.queries.facts import person_facts, room_facts
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.staleness import note_stale

ROOM_MISSING = "room_missing"
PATTERN = 10  # so many of the last occurrences say which room is the usual one
LAG = 0.1  # of the horizon: a series is extended rarely and then by a good piece


def extend_horizon(now: datetime) -> int:
    """Materialise every series that has fallen behind; how many. Each in a transaction of its own."""
    due = now + timedelta(days=settings.HORIZON_DAYS * (1 - LAG))
    behind = Meeting.objects.exclude(rrule="").exclude(state=MeetingState.CANCELLED)
    keys = (
        behind.filter(materialised_until__lt=due).order_by("materialised_until").values_list("pk", flat=True)
    )
    return sum(extend(meeting_id=key, now=now) for key in list(keys))


@action
def extend(*, meeting_id: int, now: datetime) -> bool:
    """Materialise one series up to the horizon; False if another worker has done so."""
    rows = Meeting.objects.exclude(state=MeetingState.CANCELLED).exclude(rrule="")
    meeting = rows.select_for_update(no_key=True, of=("self",)).filter(pk=meeting_id).first()
    until = horizon_of(now)
    if meeting is None or meeting.materialised_until is None or meeting.materialised_until >= until:
        return False
    materialise(meeting, until, now=now)
    return True


def materialise(meeting: Meeting, until: datetime, *, now: datetime) -> list[Occurrence]:
    """Make the occurrences of the locked meeting up to `until`, with the room that most have.

    Where that room is taken the occurrence gets none, and the organiser is told which dates those are.
    """
    attendees = list(meeting.attendees.order_by("pk"))
    known = set(meeting.occurrences.values_list("recurrence_id", flat=True))
    slots = slots_of(series_of_meeting(meeting), until=until, since=meeting.materialised_until)
    fresh = [slot for slot in slots if slot.recurrence_id not in known]
    recent = live_occurrences(meeting, now)[-PATTERN:]
    made = Occurrence.objects.bulk_create(occurrences_of(meeting, fresh), batch_size=1000)
    answers = _answers(recent, attendees)
    Participation.objects.bulk_create(participations_of(meeting, made, attendees, answers), batch_size=1000)
    meeting.materialised_until = until
    meeting.save(update_fields=["materialised_until"])
    if made:
        _book(meeting, attendees, recent, made, now)
        people = [each.person_id for each in attendees]
        span = Span(instant_of(made[0].starts_at), instant_of(max(each.ends_at for each in made)))
        note_stale(person_ids=people, occurrence_ids=[each.pk for each in made], span=span)
    return made


def _answers(recent: Sequence[Occurrence], attendees: Sequence[Attendee]) -> dict[int, PartStat]:
    """Who answered to the last occurrence alike answers to those after it: they were asked to the series."""
    if not recent:
        return {}
    rows = Participation.objects.filter(occurrence=recent[-1]).values_list("person_id", "partstat")
    asked = {each.person_id for each in attendees}
    return {person: PartStat(partstat) for person, partstat in rows if person in asked}


def _book(
    meeting: Meeting,
    attendees: Sequence[Attendee],
    recent: Sequence[Occurrence],
    made: Sequence[Occurrence],
    now: datetime,
) -> None:
    try:
        settled = _settle(meeting, attendees, recent, made, Rerooming(), now)
    except RoomClashes as clashing:
        without = {clash.recurrence_id: None for clash in clashing.clashes}
        settled = _settle(meeting, attendees, recent, made, Rerooming(on_clash=without), now)
        _tell_organiser(meeting, clashing.clashes)
    if settled.bookings:
        rooms = room_facts({each.room_id for each in settled.bookings if each.room_id})
        for account, bookings in approvals_of(settled.bookings, rooms).items():
            payload = {"meeting_id": meeting.pk, "user_id": account, "booking_ids": bookings}
            outbox.put(kind=APPROVAL, key=f"{meeting.pk}:{min(bookings)}:{account}", payload=payload)


def _settle(
    meeting: Meeting,
    attendees: Sequence[Attendee],
    recent: Sequence[Occurrence],
    made: Sequence[Occurrence],
    rerooming: Rerooming,
    now: datetime,
) -> Settled:
    bookings = active_bookings([each.pk for each in recent])
    people = person_facts({each.person_id for each in attendees})
    return settle_places(
        actor=Actor.system("Rolling horizon"),
        occurrences=made,
        gone=(),
        fresh=[each.pk for each in made],
        bookings=bookings,
        rerooming=Rerooming(on_clash=rerooming.on_clash, new_style=meeting.setup_style),
        rooms=room_facts(rooms_to_know(bookings, rerooming)),
        need=need_of(draft_of(meeting, attendees), people),
        now=now,
    )


def _tell_organiser(meeting: Meeting, clashes: Sequence[RoomClash]) -> None:
    dates = [clash.recurrence_id.isoformat() for clash in clashes]
    payload = {"meeting_id": meeting.pk, "person_id": meeting.organiser_id, "recurrence_ids": dates}
    outbox.put(kind=ROOM_MISSING, key=f"{meeting.pk}:{dates[0]}:{len(dates)}", payload=payload)
    audit.record(
        actor=Actor.system("Rolling horizon"),
        action="meeting.room_missing",
        obj=meeting,
        after={"recurrence_ids": dates},
    )
