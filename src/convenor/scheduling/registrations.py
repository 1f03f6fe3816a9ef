"""What scheduling puts into the registries of the apps below it."""

from __future__ import annotations

from datetime import datetime, timedelta

from convenor.base import clock, stale
from convenor.base.actor import Actor
from convenor.base.stale import Stale
from convenor.base.tasks import periodic
from convenor.kernel.instants import Span, instant_of
from convenor.people import registry as people
from convenor.scheduling import calendar_permissions, permissions, registry, tasks
from convenor.scheduling.actions.counter import overtake
from convenor.scheduling.actions.handover import hand_over_meetings
from convenor.scheduling.queries.ahead import (
    acquainted_with,
    booked_headcounts,
    booked_pieces,
    held_by_person,
)
from convenor.scheduling.queries.conflicts.scopes import EVER
from convenor.scheduling.staleness import note_stale
from convenor.venues import registry as venues


def register() -> None:
    permissions.add()
    calendar_permissions.add()
    venues.booked_headcounts.append(booked_headcounts)
    venues.booked_pieces.append(booked_pieces)
    people.handovers.append(people.Handover("meetings", held_by_person, _hand_over))
    people.acquaintances.append(acquainted_with)
    stale.stale_listeners.append(_note)
    registry.change_followers.append(overtake)
    periodic.every("expire_holds", timedelta(minutes=1), tasks.expire_held_bookings)
    periodic.every("look_for_conflicts", timedelta(minutes=1), tasks.look_for_conflicts)
    periodic.every("extend_series", timedelta(hours=24), tasks.extend_series)


def _hand_over(actor: Actor, leaver: int, successor: int, now: datetime) -> None:
    hand_over_meetings(actor=actor, from_person_id=leaver, to_person_id=successor, now=now)


def _note(changed: Stale) -> None:
    """A room, a site or somebody's hours changed: what is booked from then on must be looked at again."""
    now = clock.now()
    start = max(changed.starts_at or now, now)
    end = max(changed.ends_at or EVER, start + timedelta(seconds=1))
    note_stale(
        person_ids=changed.person_ids,
        room_ids=changed.room_ids,
        site_ids=changed.site_ids,
        span=Span(instant_of(start), instant_of(end)),
    )
