"""What people without an account do on an event's registration page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from convenor.attendance.actions.notices import tell
from convenor.attendance.actions.registering import register
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import Notice, Source
from convenor.attendance.models import Registration
from convenor.attendance.queries.form import PublicForm
from convenor.attendance.rules.asked import problems_of
from convenor.attendance.rules.standing import TAKES
from convenor.attendance.sentences.standing import standing_words
from convenor.base import rates
from convenor.base.actor import Actor
from convenor.base.transactions import action

MOST_LINKS, LINKS_WITHIN = 3, timedelta(hours=1)


def register_on(*, page: PublicForm, draft: RegistrationDraft, now: datetime) -> Registration:
    """Register somebody on the page as it was just read. The same nonce is the same registration.

    Raises ValidationError by field; with the code "registered_once" on `email` where the address is on the list already.
    """
    if page.standing not in TAKES:
        raise ValidationError({"state": [standing_words(page).title]})
    if problems := problems_of(draft, page.asked):
        raise ValidationError(problems)
    who = replace(Actor.nobody(), name=draft.who.name)
    return register(actor=who, event_id=page.event.id, draft=draft, source=Source.PUBLIC, now=now)


def send_link(*, event_id: int, email: str, now: datetime) -> None:
    """Mail the personal link to the address again, a few times an hour; nothing where it isn't on the list.

    Whoever asks learns nothing from it.
    """
    address = email.replace("\0", "").strip().lower()
    rows = Registration.objects.filter(event=event_id, email=address, guest_of__isnull=True)
    found = rows.exclude(email="").first()
    if found is not None and rates.allowed(f"link:{found.pk}", MOST_LINKS, LINKS_WITHIN, now):
        _send(found, now)


@action
def _send(registration: Registration, now: datetime) -> None:
    tell([registration], Notice.LINK, now)
