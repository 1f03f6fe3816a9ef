"""What stands at a feed's secret address, with no session and no account: the secret is the whole permission."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from convenor.base.actor import Actor
from convenor.interop.calendars.exporting import about_for, events_of
from convenor.interop.ics.write import write_calendar
from convenor.kernel.instants import Span, instant_of
from convenor.people.queries.actors import actor_of
from convenor.scheduling.actions.feeds import note_read
from convenor.scheduling.queries.calendars import feed_by_token
from convenor.scheduling.queries.exports import About, exported_meetings_for
from convenor.scheduling.rules.feeds import token_of

REFRESH_MINUTES = 60
BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class FeedContent:
    """The calendar and its strong ETag (RFC 9110 §8.8.3), quotes included."""

    data: bytes
    etag: str
    filename: str


def feed_address(feed_id: int, nonce: str) -> str:
    """The whole secret address, for its owner's eyes."""
    return settings.PUBLIC_URL + reverse("feed", args=[token_of(feed_id, nonce)])


def read_feed(token: str, now: datetime) -> FeedContent | None:
    """None for a secret that opens nothing (any more).

    Private meetings say "Busy", except in a person's feed of their own calendar.
    """
    feed = feed_by_token(token)
    if feed is None:
        return None
    try:
        actor = actor_of(feed.owner_id, now=now)
        name, about = about_for(
            actor, person_id=feed.person_id, room_id=feed.room_id, department_id=feed.department_id
        )
    except ObjectDoesNotExist:  # the owner may not see it any more
        return None
    data = _calendar(actor, name, about, now, sees_private=feed.person_id == feed.owner_id)
    note_read(feed, now)
    return FeedContent(data, f'"{hashlib.sha256(data).hexdigest()[:32]}"', "calendar.ics")


def _calendar(actor: Actor, name: str, about: About, now: datetime, *, sees_private: bool) -> bytes:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = today + timedelta(days=settings.HORIZON_DAYS + 1)
    span = Span(instant_of(today - BEFORE), instant_of(last))
    meetings = exported_meetings_for(actor, about, span, sees_private=sees_private)
    return write_calendar(events_of(meetings, span), name=name, now=now, refresh_minutes=REFRESH_MINUTES)
