"""A meeting that turns out to need more than a time and a room becomes an event. The meeting itself stays as it is:
its UID, people, answers, rooms and place in its series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.event import create_event
from convenor.events.actions.from_class import setting_of
from convenor.events.actions.function_rows import facts, new_rows
from convenor.events.actions.opening import named_for
from convenor.events.actions.states import enter, require_step
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import EventDraft, FunctionDraft
from convenor.events.enums import Confidentiality, EventState, FunctionKind, PartyRole
from convenor.events.models import Event, Function, Party
from convenor.events.queries.classes import policy_of
from convenor.events.rules.dates import local_in
from convenor.events.rules.event import key_from
from convenor.events.rules.layout import task_drafts
from convenor.kernel.instants import LocalTime
from convenor.people.enums import PersonKind
from convenor.people.models import Person
from convenor.scheduling.actions.editing import open_edit
from convenor.scheduling.enums import AttendeeRole, MeetingState, OccurrenceState, Priority
from convenor.scheduling.models import Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.meetings import occurrence_for

ROLES: Mapping[str, PartyRole] = {
    AttendeeRole.CHAIR: PartyRole.CHAIR,
    AttendeeRole.REQUIRED: PartyRole.PARTICIPANT,
    AttendeeRole.OPTIONAL: PartyRole.OPTIONAL,
}
"""Whoever stands for a thing (a room's mailbox) doesn't take part."""


@action
def promote_meeting(*, actor: Actor, occurrence_id: int, class_version_id: int, now: datetime) -> Event:
    """An event in planning with one function on that very date of the meeting, its people on the list, its organiser in charge.

    Its class adds its tasks; its functions aren't laid out, since the meeting is the programme.
    Raises Occurrence.DoesNotExist, Refused, ValidationError.
    """
    require(actor, "event.create")
    occurrence = occurrence_for(actor, occurrence_id)
    edit = open_edit(actor, occurrence.meeting_id, None)
    occurrence = occurrence_for(actor, occurrence_id)  # again, now that nobody else moves or cancels it
    meeting = edit.meeting
    _check(meeting, occurrence)
    people = _people(occurrence)
    draft = _cover(actor, meeting, occurrence, [each.person for each in people], class_version_id)
    event = create_event(actor=actor, draft=draft, now=now, from_class=False)
    insert_rows(
        Party(event=event, person_id=each.person_id, role=ROLES[each.role])
        for each in people
        if each.role in ROLES
    )
    _make_function(actor, event, meeting, occurrence)
    setting = setting_of(event, get_language() or settings.LANGUAGE_CODE)
    tasks = task_drafts(policy_of(event.class_version), setting)
    add_tasks(actor=actor, event_id=event.pk, drafts=tasks, now=now)
    enter(actor=actor, event=event, step=require_step(event, EventState.PLANNING, now=now))
    return event


def _check(meeting: Meeting, occurrence: Occurrence) -> None:
    if occurrence.state == OccurrenceState.CANCELLED:
        raise ValidationError({"state": [_("This date is cancelled; nothing can be made of it.")]})
    if meeting.state == MeetingState.TENTATIVE:
        raise ValidationError({"state": [_("Confirm the meeting first.")]})
    taken = Function.every.filter(occurrence=occurrence).select_related("event").first()
    if taken is not None:
        raise ValidationError({"state": [_("This meeting belongs to an event already.")]})


def _people(occurrence: Occurrence) -> list[Participation]:
    """Who is asked on that date, in the order in which they were."""
    rows = Participation.objects.filter(occurrence=occurrence).select_related("person__organisation")
    return list(rows.order_by("pk"))


def _cover(
    actor: Actor,
    meeting: Meeting,
    occurrence: Occurrence,
    people: Sequence[Person],
    class_version_id: int,
) -> EventDraft:
    """A private meeting becomes a confidential event: nobody learns of it who knew nothing."""
    organiser = meeting.organiser
    can_own = organiser.is_active and organiser.kind == PersonKind.STAFF
    outside = {each.organisation_id for each in people if not each.organisation.is_own}
    private = meeting.is_private
    return EventDraft(
        title=occurrence.title or meeting.title,
        class_version_id=class_version_id,
        owner_id=organiser.pk if can_own else actor.person_id or organiser.pk,
        zone=meeting.zone,
        host_department_id=organiser.department_id if can_own else None,
        organisation_ids=tuple(sorted(outside)),
        site_id=_site_of(occurrence) or organiser.home_site_id,
        confidentiality=Confidentiality.CONFIDENTIAL if private else Confidentiality.INTERNAL,
        priority=Priority(meeting.priority),
        starts=local_in(meeting.zone, occurrence.starts_at),
        ends=local_in(meeting.zone, occurrence.ends_at),
        expected_count=meeting.headcount or len(people) or None,
    )


def _site_of(occurrence: Occurrence) -> int | None:
    rooms = Booking.objects.filter(occurrence=occurrence, room__isnull=False)
    return rooms.order_by("pk").values_list("room__site", flat=True).first()


def _make_function(actor: Actor, event: Event, meeting: Meeting, occurrence: Occurrence) -> None:
    """On a meeting of its own it is for everybody on the list; one date of a series keeps the series' people."""
    start = local_in(event.zone, occurrence.starts_at)
    assert start is not None  # an occurrence has a start
    draft = FunctionDraft(
        key=key_from(event.title, ())[:60].strip("-"),
        title=event.title,
        kind=FunctionKind.MEETING,
        local_start=LocalTime(start),
        duration_minutes=meeting.duration_minutes,
        is_for_all=not meeting.is_series,
    )
    (row,) = new_rows(event, [draft], [occurrence])
    audit.record(actor=named_for(actor, event), action="function.added", obj=row, after=facts(draft))
