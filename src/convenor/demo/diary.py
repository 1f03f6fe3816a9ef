"""The demo's meetings, through the ordinary actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from convenor.base.actor import Actor
from convenor.demo.calendar import DemoMeeting
from convenor.demo.premises import Premises
from convenor.demo.workforce import Workforce
from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.meeting import create_meetings
from convenor.scheduling.drafts import AttendeeDraft, MeetingDraft
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Meeting

ANSWERS = (PartStat.ACCEPTED,) * 6 + (PartStat.NEEDS_ACTION, PartStat.TENTATIVE)  # turn by turn


def write(
    actor: Actor, premises: Premises, force: Workforce, meetings: Sequence[DemoMeeting], now: datetime
) -> list[Meeting]:
    drafts = [draft_of(premises, force, number, meeting) for number, meeting in enumerate(meetings)]
    return [saved.meeting for saved in create_meetings(actor=actor, drafts=drafts, now=now)]


def draft_of(premises: Premises, force: Workforce, number: int, meeting: DemoMeeting) -> MeetingDraft:
    return MeetingDraft(
        title=meeting.title,
        description=meeting.description,
        location=meeting.location,
        organiser_id=force.people[meeting.organiser].pk,
        zone=meeting.zone,
        local_start=LocalTime(meeting.start),
        duration_minutes=meeting.minutes,
        rrule=meeting.rule,
        exdates=tuple(LocalTime(moment) for moment in meeting.exdates),
        is_private=meeting.is_private,
        is_movable=meeting.is_movable,
        priority=meeting.priority,
        headcount=meeting.headcount,
        attendees=tuple(_attendee(force, number, *each) for each in meeting.attendees),
        room_id=premises.rooms[meeting.room].pk if meeting.room else None,
        uid=f"danubia-{number:04}@convenor.example",
    )


def _attendee(force: Workforce, number: int, email: str, role: str) -> AttendeeDraft:
    person = force.people[email]
    answer = ANSWERS[(number + person.pk) % len(ANSWERS)] if role != AttendeeRole.CHAIR else PartStat.ACCEPTED
    return AttendeeDraft(person.pk, AttendeeRole(role), answer)
