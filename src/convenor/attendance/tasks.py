"""Work of the roll that comes round, and what is done once things have come to rest."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django_tasks import task

from convenor.attendance.actions.allotment import release_allotments
from convenor.attendance.actions.following import welcome_late
from convenor.attendance.actions.no_shows import give_up_no_shows
from convenor.attendance.actions.offers import lapse_offers
from convenor.attendance.actions.reminders import remind
from convenor.attendance.enums import RollPaper
from convenor.attendance.sentences.roll_files import from_json, roll_file
from convenor.base import clock
from convenor.base.kept_papers import keep_paper
from convenor.people.queries.actors import actor_of_account


@task()
def remind_registrants() -> int:
    """Put the reminders that are due in the outbox; how many."""
    return remind(clock.now())


@task()
def end_lapsed_offers() -> int:
    """End the offers that nobody answered in time, and offer their seats on; how many."""
    return lapse_offers(clock.now())


@task()
def release_due_allotments() -> int:
    """Let the allotments whose release date has come fall back to their rolls; how many."""
    return release_allotments(clock.now())


@task()
def give_up_empty_seats() -> int:
    """Give up the seats, and rooms, that nobody came to in time; how many seats."""
    return give_up_no_shows(clock.now())


@task()
def welcome_to_late_rolls() -> int:
    """Bring those who are asked onto rolls that were opened by the way; how many rolls."""
    return welcome_late(clock.now())


@task()
def make_roll_file(
    user_id: int, roll_id: int, kind: str, asked: dict[str, Any], language: str, zone: str
) -> dict[str, Any]:
    """A large list or paper of a roll, in the language of whoever asked for it: its name, its type and the token of what is kept."""
    now = clock.now()
    actor = actor_of_account(user_id, now=now)
    with translation.override(language), timezone.override(zone):
        made = roll_file(actor, roll_id, RollPaper(kind), from_json(asked), now=now)
    token = keep_paper(made.content, now=now)
    return {"roll": roll_id, "name": made.name, "type": made.content_type, "token": token}
