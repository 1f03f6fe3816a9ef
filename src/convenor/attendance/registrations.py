"""What attendance puts into the registries of the apps below it."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from convenor.attendance import feeding, permissions, tasks
from convenor.attendance.actions.following import follow_answers, follow_changes, follow_people
from convenor.attendance.actions.moving import effects_of, move_rolls
from convenor.attendance.queries.readiness_checks import CHECKS
from convenor.attendance.queries.sheet_contents import sheet_contents_of
from convenor.attendance.sentences.needs import sheet_fields
from convenor.base.tasks import periodic
from convenor.events import registry as events
from convenor.scheduling import registry as scheduling


def register() -> None:
    permissions.add()
    events.sheet_contents.append(sheet_contents_of)
    events.sheet_fields.update(sheet_fields())
    periodic.every("lapse_offers", timedelta(minutes=1), tasks.end_lapsed_offers)
    periodic.every("release_allotments", timedelta(minutes=5), tasks.release_due_allotments)
    periodic.every("give_up_no_shows", timedelta(minutes=1), tasks.give_up_empty_seats)
    events.people_followers.append(follow_people)
    events.readiness_checks.extend(CHECKS)
    events.movers.append(events.Mover("roll", _("Roll"), effects_of, move_rolls))
    scheduling.change_followers.append(follow_changes)
    scheduling.answer_followers.append(follow_answers)
    periodic.every("remind_registrants", timedelta(minutes=10), tasks.remind_registrants)
    periodic.every("welcome_to_rolls", timedelta(minutes=1), tasks.welcome_to_late_rolls)
    periodic.every("feed_counts", timedelta(minutes=10), feeding.feed_all_counts)
