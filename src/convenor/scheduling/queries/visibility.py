"""Who may read what a private meeting is about."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.scheduling.models import Attendee, Meeting


def private_meetings_seen_by(actor: Actor, meeting_ids: Collection[int]) -> set[int]:
    """Those of the meetings that the actor, or somebody they are a delegate of, organises or attends.

    Coordinators and administrators see all. One query.
    """
    if may(actor, "meeting.see_private"):
        return set(meeting_ids)
    people = [*actor.principals, *([actor.person_id] if actor.person_id else [])]
    theirs = Q(organiser__among=people) | Q(
        pk__in=Attendee.objects.filter(person__among=people).values("meeting")
    )
    return set(Meeting.objects.filter(theirs, pk__among=meeting_ids).values_list("pk", flat=True))
