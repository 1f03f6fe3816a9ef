"""Meetings by what they are called, as the actor may read them: a private one is found by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from convenor.base.actor import Actor
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Meeting, Occurrence
from convenor.scheduling.queries.meetings import meetings_seen_by

MOST_LOOKED_AT = 300
"""Of the meetings that match, the newest so many are put in order: the cost doesn't grow with those who match."""


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting with its next occurrence, or its last if all are over."""

    meeting_id: int
    title: str
    occurrence_id: int
    starts_at: datetime
    is_over: bool
    organiser_name: str


def find_meetings_for(actor: Actor, text: str, *, now: datetime, most: int) -> list[FoundMeeting]:
    """Those whose title has every word of `text`; what comes next first, then what was last. Two queries."""
    words = text.replace("\x00", "").split()[:8]
    if not words or not actor.is_signed_in:
        return []
    rows = meetings_seen_by(actor).exclude(state=MeetingState.CANCELLED)
    for word in words:
        rows = rows.filter(title__matches=word)
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST_LOOKED_AT])
    found = _with_occurrence(keys, now) if keys else []
    coming = sorted((each for each in found if not each.is_over), key=lambda each: each.starts_at)
    over = sorted((each for each in found if each.is_over), key=lambda each: each.starts_at, reverse=True)
    return [*coming, *over][:most]


def _with_occurrence(keys: list[int], now: datetime) -> list[FoundMeeting]:
    times = Occurrence.objects.filter(meeting=OuterRef("pk"), state=OccurrenceState.SCHEDULED)
    coming = times.filter(ends_at__gt=now).order_by("starts_at")
    over = times.filter(ends_at__lte=now).order_by("-starts_at")
    rows = Meeting.objects.filter(pk__among=keys).annotate(
        next_id=Subquery(coming.values("pk")[:1]),
        next_at=Subquery(coming.values("starts_at")[:1]),
        last_id=Subquery(over.values("pk")[:1]),
        last_at=Subquery(over.values("starts_at")[:1]),
    )
    columns = ("pk", "title", "next_id", "next_at", "last_id", "last_at", "organiser__name")
    return [
        FoundMeeting(pk, title, next_id or last_id, next_at or last_at, next_id is None, organiser)
        for pk, title, next_id, next_at, last_id, last_at, organiser in rows.order_by().values_list(*columns)
        if next_id or last_id
    ]
