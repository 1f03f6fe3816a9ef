"""Why nobody can register, answer or cancel just now, in a sentence that helps; None where they can."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from convenor.events.enums import EventState
from convenor.scheduling.rules.wording import moment_in


class EventFacts(Protocol):
    """An event, as far as it matters here."""

    title: str
    state: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None


class FormFacts(Protocol):
    """A registration form, as far as it matters here."""

    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None


def why_ended(event: EventFacts) -> str | None:
    """Nothing of its roll changes any more, whoever asks."""
    names = {"event": event.title}
    if event.state == EventState.CANCELLED:
        return _("“%(event)s” is cancelled. You need do nothing more.") % names
    return _("“%(event)s” is over.") % names if event.state == EventState.CLOSED else None


def why_over(event: EventFacts, now: datetime) -> str | None:
    """Registrants change nothing any more, nor cancel; those who keep the roll still note who came."""
    if ended := why_ended(event):
        return ended
    if event.ends_at is not None and event.ends_at <= now:
        return _("“%(event)s” is over.") % {"event": event.title}
    return None


def why_closed(event: EventFacts, now: datetime) -> str | None:
    """Nobody new can come onto its roll."""
    if over := why_over(event, now):
        return over
    if event.state == EventState.POSTPONED:
        sentence = _("“%(event)s” is postponed. Please come back when its new date is known.")
        return sentence % {"event": event.title}
    return None


def why_form_closed(event: EventFacts, form: FormFacts | None, now: datetime) -> str | None:
    """Nobody can register themselves."""
    if closed := why_closed(event, now):
        return closed
    names = {"event": event.title}
    if form is not None and form.opens_at is not None and now < form.opens_at and form.is_open:
        sentence = _("Registration for “%(event)s” opens on %(day)s.")
        return sentence % {**names, "day": moment_in(form.opens_at, event.zone)}
    if form is not None and form.closes_at is not None and form.closes_at <= now:
        sentence = _("Registration for “%(event)s” closed on %(day)s.")
        return sentence % {**names, "day": moment_in(form.closes_at, event.zone)}
    if form is None or not form.is_open:
        return _("Registration for “%(event)s” isn't open.") % names
    return None
