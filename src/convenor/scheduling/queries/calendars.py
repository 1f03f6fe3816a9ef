"""Calendars that come in and go out, as the actor may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from convenor.base.actor import Actor
from convenor.base.bulk import chunks
from convenor.scheduling.enums import MeetingState
from convenor.scheduling.models import CalendarSource, Feed, Meeting
from convenor.scheduling.rules.feeds import read_token


def sources_for(actor: Actor) -> QuerySet[CalendarSource]:
    """The actor's own calendars, and those of people they may act for, by name."""
    people = [person for person in (actor.person_id, *actor.principals) if person is not None]
    mine = [person for person in people if actor.may_act_for(person)]
    return CalendarSource.objects.filter(person__in=mine).select_related("person").order_by("name", "pk")


def source_for(actor: Actor, pk: int) -> CalendarSource:
    """Raises CalendarSource.DoesNotExist."""
    return sources_for(actor).get(pk=pk)


def due_sources(now: datetime) -> list[int]:
    """Subscriptions whose time to be read again has come, those waiting longest first."""
    due = CalendarSource.objects.exclude(url="").filter(
        Q(next_read_at__lte=now) | Q(next_read_at__isnull=True)
    )
    return list(due.order_by("next_read_at", "pk").values_list("pk", flat=True))


def source_to_read(pk: int) -> CalendarSource:
    """With its person; for the worker, which nobody asks. Raises CalendarSource.DoesNotExist."""
    return CalendarSource.objects.select_related("person").get(pk=pk, person__isnull=False)


def own_file_of(person_id: int, name: str) -> CalendarSource | None:
    """The person's calendar that came as a file of that name. For those who may change it."""
    return CalendarSource.objects.filter(person=person_id, url="", name=name).order_by("pk").first()


def feeds_for(actor: Actor) -> QuerySet[Feed]:
    """The feeds that the actor made and that still work, newest first."""
    if actor.person_id is None:
        return Feed.objects.none()
    feeds = Feed.objects.filter(owner=actor.person_id, revoked_at__isnull=True)
    return feeds.select_related("person", "room", "department")


def feed_for(actor: Actor, pk: int) -> Feed:
    """Raises Feed.DoesNotExist."""
    return feeds_for(actor).get(pk=pk)


def feed_by_token(token: str) -> Feed | None:
    """The feed that the secret opens; None if it is wrong, renewed or revoked, or its owner has left."""
    read = read_token(token)
    if read is None:
        return None
    rows = Feed.objects.select_related("owner", "person", "room", "department")
    feed = rows.filter(pk=read[0], revoked_at__isnull=True, owner__is_active=True).first()
    return feed if feed is not None and constant_time_compare(feed.nonce, read[1]) else None


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """What an import compares an event with; nothing that would have to be hidden from whoever imports."""

    id: int
    sequence: int
    source_hash: str
    is_imported: bool
    is_cancelled: bool


def known_meetings(uids: Collection[str]) -> dict[str, KnownMeeting]:
    """Those of the UIDs that are here already. 1 query per 5,000. For imports, which check permissions themselves."""
    columns = ("uid", "pk", "sequence", "source_hash", "source_id", "state")
    rows: Iterable[tuple[str, int, int, str, int | None, str]] = (
        row
        for part in chunks(sorted(uids))
        for row in Meeting.objects.filter(uid__in=part).order_by().values_list(*columns)
    )
    return {
        uid: KnownMeeting(pk, sequence, content, source is not None, state == MeetingState.CANCELLED)
        for uid, pk, sequence, content, source, state in rows
    }
