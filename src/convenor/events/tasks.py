"""Work of events that comes round."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from convenor.base import clock
from convenor.base.kept_papers import keep_paper
from convenor.events.actions.document import sweep_documents
from convenor.events.actions.readiness_trend import note_readiness
from convenor.events.actions.task_reminders import remind_of_tasks
from convenor.events.queries.sheets import latest_sheets_for
from convenor.events.sentences.sheet_paper import page_of, sheets_pdf
from convenor.people.queries.actors import actor_of_account


@task()
def note_readiness_trend() -> int:
    """Write the day's point of every event's readiness; how many."""
    return note_readiness(clock.now())


@task()
def remind_of_due_tasks() -> int:
    """Put the day's mails about tasks in the outbox; how many. Asked every hour, it does its work once a day."""
    return remind_of_tasks(clock.now())


@task()
def set_function_sheets(user_id: int, event_id: int, language: str, zone: str) -> str:
    """All sheets in force of an event as one PDF, in the language of whoever asked for it; the token of the kept paper."""
    now = clock.now()
    sheets = latest_sheets_for(actor_of_account(user_id, now=now), event_id)
    with translation.override(language), timezone.override(zone):
        title = _("Function sheets: %(event)s") % {"event": sheets[0].function.event.title}
        return keep_paper(sheets_pdf([page_of(each) for each in sheets], title=title), now=now)


@task()
def sweep_lost_documents() -> int:
    """Delete files that were written and never recorded; how many."""
    return sweep_documents(clock.now())
