"""Reminders: each once, and none to whom has answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from convenor.attendance.actions.notices import message
from convenor.attendance.enums import Notice
from convenor.attendance.models import Seat
from convenor.attendance.queries.reminding import GuaranteeDue, Reminder, guarantees_due, reminders_due
from convenor.attendance.rules.mail_facts import About
from convenor.attendance.sentences.guarantee_mail import guarantee_words
from convenor.base import mail, outbox
from convenor.base.transactions import action


@action
def remind(now: datetime) -> int:
    """Put the reminders that are due in the outbox; how many. 7 queries and statements, and one for each five hundred mails."""
    due = [
        each for each in reminders_due(now) if each.registration.email and not each.registration.guest_of_id
    ]
    outbox.put_all(
        message(
            each.registration,
            Notice.REMINDER,
            now,
            roll_ids=_rolls(each),
            fact=f"{each.about}:{each.fact}",
            about=each.about.value,
        )
        for each in due
    )
    reminded = [seat.pk for each in due for seat in each.seats]
    if reminded:
        Seat.objects.filter(pk__among=reminded).update(reminded_at=now)
    return len(due) + _remind_of_guarantees(guarantees_due(now))


def _rolls(due: Reminder) -> list[int]:
    """Who comes is told of all their seats, not only of the first day's."""
    return [] if due.about == About.COMING else sorted({seat.roll_id for seat in due.seats})


def _remind_of_guarantees(due: Sequence[GuaranteeDue]) -> int:
    """To the event's coordinator, while they are there."""
    told = [each for each in due if each.roll.event.owner.is_active]
    outbox.put_all(_guarantee_mail(each) for each in told)
    return len(told)


def _guarantee_mail(due: GuaranteeDue) -> outbox.Message:
    roll, event = due.roll, due.roll.event
    owner, moment = event.owner, roll.guarantee_due
    assert moment is not None  # guarantees_due asks for it
    path = f"/rolls/{roll.pk}/" if roll.function_id else f"/events/{event.pk}/roll/"
    with translation.override((owner.user and owner.user.language) or settings.LANGUAGE_CODE):
        subject, text = guarantee_words(
            what=_title(due),
            event=event.title,
            due=moment,
            zone=event.zone,
            expected=due.expected,
            link=settings.PUBLIC_URL + path,
        )
    key = f"guarantee:{roll.pk}:{moment.isoformat()}:{due.days}"
    return outbox.Message(
        kind=mail.KIND, key=key, payload={"to": [owner.email], "subject": subject, "text": text}
    )


def _title(due: GuaranteeDue) -> str:
    function = due.roll.function
    if function is None:
        return due.roll.event.title
    return function.occurrence.title or function.occurrence.meeting.title
