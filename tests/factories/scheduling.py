"""Meetings, made by the actions themselves, so that all their rows agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import create_meeting
from convenor.scheduling.drafts import AttendeeDraft, MeetingDraft
from convenor.scheduling.models import Claim, Occurrence, Participation
from convenor.scheduling.saved import Saved
from convenor.venues.models import Room

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ZONE = "Europe/Bucharest"


def local(text: str) -> LocalTime:
    """A wall-clock time: "2026-12-07 10:00"."""
    return LocalTime(datetime.fromisoformat(text))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def draft_for(
    organiser: Person, *, people: Iterable[Person] = (), room: Room | None = None, **fields: Any
) -> MeetingDraft:
    """A draft of an hour on Monday, 7 December 2026, at ten in Bucharest; `fields` replace any of it."""
    values: dict[str, Any] = {
        "title": "Sprint review",
        "organiser_id": organiser.pk,
        "zone": ZONE,
        "local_start": local("2026-12-07 10:00"),
        "duration_minutes": 60,
        "attendees": tuple(AttendeeDraft(person.pk) for person in people),
        "room_id": room.pk if room else None,
    }
    return MeetingDraft(**values | fields)


def make_meeting(
    organiser: Person,
    *,
    people: Iterable[Person] = (),
    room: Room | None = None,
    now: datetime = NOW,
    actor: Actor | None = None,
    **fields: Any,
) -> Saved:
    """Create it, as Convenor itself unless another actor is given."""
    draft = draft_for(organiser, people=people, room=room, **fields)
    return create_meeting(actor=actor or Actor.system("tests"), draft=draft, now=now)


def check_house() -> None:
    """What holds of all rows at any time: participations repeat their occurrence, active claims their booking."""
    for row in Participation.objects.select_related("occurrence"):
        occurrence: Occurrence = row.occurrence
        assert (row.starts_at, row.ends_at, row.is_long) == (
            occurrence.starts_at,
            occurrence.ends_at,
            occurrence.is_long,
        )
    for claim in Claim.objects.select_related("booking__occurrence"):
        booking = claim.booking
        assert claim.is_active == (booking.state != "released")
        if claim.is_active:
            assert (claim.starts_at, claim.ends_at) == (booking.reserved_start, booking.reserved_end)
            assert (booking.starts_at, booking.ends_at) == (
                booking.occurrence.starts_at,
                booking.occurrence.ends_at,
            )
            assert booking.occurrence.state == "scheduled"
