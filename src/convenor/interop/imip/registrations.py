"""Mails to those on a roll: the words of attendance, and with them what their calendar should hold.

Each thing in a calendar has a message of its own (a UID each): the first goes with the words, the others follow in mails of
their own. A function that moves tells its seat holders in the same way, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from convenor.attendance.actions.telling import lock_for_telling, note_told
from convenor.attendance.enums import Notice
from convenor.attendance.queries.calendars import RegistrationCalendar, calendar_of
from convenor.attendance.queries.mail_facts import facts_of
from convenor.attendance.sentences.mail import Words, words_of
from convenor.base import outbox
from convenor.base.letters import Letter, Link
from convenor.interop.imip.envelope import envelope, packed
from convenor.interop.itip.registration import EntryMessage, messages_for
from convenor.kernel.instants import ZoneName
from convenor.scheduling.sentences.invitation import start_of, when_of

KIND = "registration"
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"></head>'
    "<body style=\"margin:0;padding:24px;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">"
    '<div style="max-width:560px">{body}</div></body></html>\n'
)


def compose(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """A deliverer: the mail that the notice is, and those that bring the calendar up to it."""
    registration_id = payload["registration_id"]
    facts = facts_of(payload) if lock_for_telling(registration_id) else None
    if facts is None or not facts.email:
        return
    calendar = calendar_of(registration_id)
    messages = list(messages_for(calendar, now))
    if payload.get("if_changed") and calendar.told and not messages:
        return  # moved and moved back, or told already with the event
    words = words_of(Notice(payload["notice"]), facts)
    with translation.override(facts.language):
        outbox.put_all(_mails(words, calendar, messages, key, now))
    if messages:
        told = {**calendar.told, **{each.entry.key: each.told for each in messages}}
        note_told(registration_id=registration_id, told=told)


def _mails(
    words: Words, calendar: RegistrationCalendar, messages: Sequence[EntryMessage], key: str, now: datetime
) -> Iterator[outbox.Message]:
    first = messages[0] if messages else None
    yield packed(
        words.subject,
        words.text,
        PAGE.format(language=translation.get_language(), body=words.html) if words.html else "",
        to=calendar.email,
        key=f"{KIND}:{key}"[:200],
        organiser=calendar.organiser,
        calendar=(first.method, first.text(now)) if first else None,
    )
    for each in messages[1:]:
        yield envelope(
            _letter(calendar, each),
            to=calendar.email,
            key=f"{KIND}:{key}"[:150] + f":{each.entry.key}"[-50:],
            organiser=calendar.organiser,
            calendar=(each.method, each.text(now)),
        )


def _letter(calendar: RegistrationCalendar, message: EntryMessage) -> Letter:
    """The words of a mail that is there for the calendar alone."""
    zone, entry = ZoneName(calendar.zone), message.entry
    values = {"title": entry.title, "when": start_of(message.told, zone), "event": calendar.event}
    if message.method == "CANCEL":
        subject = _("No longer in your calendar: %(title)s, %(when)s")
        lead = _("This belongs to your registration for “%(event)s” no more; your calendar will take it off.")
    elif message.was is None:
        subject = _("For your calendar: %(title)s, %(when)s")
        lead = _("This belongs to your registration for “%(event)s”. You need not answer.")
    else:
        subject = _("Changed: %(title)s, %(when)s")
        lead = _("This belongs to your registration for “%(event)s” and has changed.")
    where = ((_("Where"), entry.place),) if entry.place else ()
    return Letter(
        subject=subject % values,
        lead=lead % values,
        heading=entry.title,
        facts=((_("When"), when_of(message.told, zone)), *where),
        links=(Link(_("Your registration"), calendar.link),),
    )
