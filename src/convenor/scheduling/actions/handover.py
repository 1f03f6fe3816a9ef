"""Giving the meetings of somebody who leaves to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.scheduling.actions.changing import change_whole
from convenor.scheduling.actions.editing import open_edit
from convenor.scheduling.actions.record import Change, put_on_record
from convenor.scheduling.drafts import KEEP, AttendeeDraft, MeetingChanges, Unset
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.models import Attendee
from convenor.scheduling.queries.ahead import meetings_ahead


@action
def hand_over_meetings(*, actor: Actor, from_person_id: int, to_person_id: int, now: datetime) -> int:
    """Make one person organiser and chair of what another organises and chairs from now on; how many meetings.

    Raises Refused, and ValidationError for a successor who is the same or has left.
    """
    require(actor, "meeting.hand_over")
    if from_person_id == to_person_id:
        raise ValidationError({"successor": [_("Hand the meetings over to somebody else.")]})
    chaired = Attendee.objects.filter(person=from_person_id, role=AttendeeRole.CHAIR).values("meeting")
    ahead = meetings_ahead(now)
    keys = {*ahead.filter(organiser=from_person_id).values_list("pk", flat=True)}
    keys |= {*ahead.filter(pk__in=chaired).values_list("pk", flat=True)}
    changes: list[Change] = []
    for key in sorted(keys):  # in one order, so that two handovers queue instead of deadlocking
        changes += _hand_over(actor, key, from_person_id, to_person_id, now)
    put_on_record(actor, changes)
    return len(keys)


def _hand_over(actor: Actor, meeting_id: int, leaver: int, successor: int, now: datetime) -> list[Change]:
    edit = open_edit(actor, meeting_id, None)
    organises = edit.meeting.organiser_id == leaver
    attendees = _attendees(edit.attendees, leaver, successor)
    changes = MeetingChanges(organiser_id=successor if organises else KEEP, attendees=attendees)
    return [
        replace(change, action="meeting.handed_over") if change.action else change
        for change in change_whole(edit, changes, now)
    ]


def _attendees(
    attendees: Sequence[Attendee], leaver: int, successor: int
) -> tuple[AttendeeDraft, ...] | Unset:
    """The successor in the leaver's place, with the higher of both roles; KEEP where the leaver isn't among them."""
    roles = {each.person_id: AttendeeRole(each.role) for each in attendees}
    role = roles.pop(leaver, None)
    if role is None:
        return KEEP
    order = list(AttendeeRole)
    roles[successor] = min(role, roles.get(successor, role), key=order.index)
    return tuple(AttendeeDraft(person, each) for person, each in roles.items())
