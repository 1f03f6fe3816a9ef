"""Loads the whole demo organisation into an empty database."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.models import User
from convenor.demo import diary, events, premises, trouble, workforce
from convenor.demo.calendar import WEEKS, WEEKS_BEHIND, Calendar, fill
from convenor.demo.places import SITES
from convenor.demo.staff import outside_parties, staff
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.venues.public_holidays import public_holidays

SEED = 2026


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    password: str
    name: str
    role: str


def is_loaded() -> bool:
    return User.objects.filter(email=workforce.ADMINISTRATOR).exists()


def load(*, now: datetime | None = None, tell: Callable[[str], None] = lambda _line: None) -> list[Account]:
    """Make Danubia Systems around today's week, in one transaction; returns who can sign in.

    `tell` is called with what is being made, for a progress line.
    """
    moment = now or clock.now()
    with transaction.atomic():
        return _load(moment, tell)


def _load(now: datetime, tell: Callable[[str], None]) -> list[Account]:
    actor, source = Actor.system("demo"), random.Random(SEED)
    people, parties = staff(source), outside_parties()
    administrator = workforce.administrator()
    tell("sites and rooms")
    place = premises.build(actor, administrator, now)
    tell("people")
    force = workforce.hire(actor, place, people, parties)
    users = workforce.open_accounts(actor, force)
    workforce.delegate(actor, force, now.date())
    workforce.live(actor, force, people, now.date(), source)
    tell("a quarter of meetings")
    monday = first_monday(now.date())
    meetings = fill(Calendar(monday, people, parties, source, _holidays(monday)))
    diary.write(actor, place, force, meetings, now)
    tell("events in every state")
    events.make(actor, place, force, now)
    tell("what goes wrong")
    trouble.make(actor, place, force, meetings, now)
    return [_account(user) for user in (administrator, *users)]


def _holidays(monday: date) -> dict[str, frozenset[date]]:
    """Each site's public holidays in the calendar's weeks."""
    start = datetime.combine(monday, time(), UTC)
    span = Span(instant_of(start), instant_of(start + timedelta(weeks=WEEKS)))
    return {
        site.code: frozenset(day.day for day in public_holidays(site.country, "", ZoneName(site.zone), span))
        for site in SITES
    }


def first_monday(today: date) -> date:
    """The Monday of the calendar's first week."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS_BEHIND)


def _account(user: User) -> Account:
    return Account(user.email, workforce.PASSWORD, user.display_name, str(user.get_role_display()))
