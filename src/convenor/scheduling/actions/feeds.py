"""Feeds: secret addresses at which a calendar can be read; made, renewed, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.people.queries.people import department_for, person_for
from convenor.scheduling.models import Feed
from convenor.scheduling.queries.calendars import feed_for
from convenor.scheduling.rules.feeds import new_nonce
from convenor.venues.queries.rooms import room_for

# The nonce is a secret, and the log is read by many.
ON_RECORD = ("owner", "person", "room", "department", "revoked_at")
READ_PRECISION = timedelta(minutes=5)
MOST_FEEDS = 100


@action
def create_feed(
    *,
    actor: Actor,
    person_id: int | None = None,
    room_id: int | None = None,
    department_id: int | None = None,
) -> Feed:
    """A feed of one of the three; the one that the actor has of it already, if any.

    Raises DoesNotExist for what the actor may not see, Refused, and ValidationError for an account without a person.
    """
    if actor.person_id is None:
        sentence = gettext("Your account belongs to no person, so it can't own a feed.")
        raise ValidationError({"__all__": [sentence]})
    if person_id is not None:
        require(actor, "feed.create_for_person", person_for(actor, person_id).pk)
    elif room_id is not None:
        require(actor, "feed.create_for_place", room_for(actor, room_id))
    elif department_id is not None:
        require(actor, "feed.create_for_place", department_for(actor, department_id))
    else:
        raise ValidationError({"__all__": [gettext("Say whose calendar the feed is of.")]})
    about = {"person_id": person_id, "room_id": room_id, "department_id": department_id}
    mine = Feed.objects.filter(owner=actor.person_id, revoked_at__isnull=True)
    if there := mine.filter(**about).first():
        return there
    if mine.count() >= MOST_FEEDS:
        sentence = gettext("You have %(most)d feeds; revoke one first.") % {"most": MOST_FEEDS}
        raise ValidationError({"__all__": [sentence]})
    feed = Feed(owner_id=actor.person_id, nonce=new_nonce(), **about)
    feed.save(force_insert=True)
    audit.record(actor=actor, action="feed.created", obj=feed, after=audit.snapshot(feed, ON_RECORD))
    return feed


@action
def renew_feed(*, actor: Actor, feed_id: int) -> Feed:
    """Give the feed another address; the old one ends at once. Raises Feed.DoesNotExist."""
    feed = feed_for(actor, feed_id)
    require(actor, "feed.manage", feed)
    feed.nonce = new_nonce()
    feed.save(update_fields=["nonce"])
    audit.record(actor=actor, action="feed.renewed", obj=feed)
    return feed


@action
def revoke_feed(*, actor: Actor, feed_id: int, now: datetime) -> None:
    """End the feed; its address answers 404 from now on. Raises Feed.DoesNotExist."""
    feed = feed_for(actor, feed_id)
    require(actor, "feed.manage", feed)
    before = audit.snapshot(feed, ON_RECORD)
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    audit.record(
        actor=actor, action="feed.revoked", obj=feed, before=before, after=audit.snapshot(feed, ON_RECORD)
    )


def note_read(feed: Feed, now: datetime) -> None:
    """Remember when the feed was last read, to some minutes: programs ask often, and each note is a write."""
    if feed.last_read_at is None or now - feed.last_read_at > READ_PRECISION:
        Feed.objects.filter(pk=feed.pk).update(last_read_at=now)
