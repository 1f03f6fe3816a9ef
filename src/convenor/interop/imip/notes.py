"""Mails about meetings that bring nothing into a calendar: to organisers and approvers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base import outbox
from convenor.base.letters import Letter, Link
from convenor.interop.imip.envelope import envelope
from convenor.kernel.instants import LocalTime, ZoneName
from convenor.scheduling.enums import BookingState
from convenor.scheduling.queries.invitations import Reader
from convenor.scheduling.queries.notes import (
    AnswerLine,
    account_name,
    answer_lines,
    approver,
    booking_lines,
    is_proposal,
    meeting_of_booking,
    note_for,
    organiser_of,
)
from convenor.scheduling.rules.wording import day
from convenor.scheduling.sentences.invitation import start_of, when_of

MOST_LINES = 20
DECISIONS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "booking.approved": lambda: (_("Approved: %(place)s"), _("Your booking of %(place)s is approved.")),
    "booking.declined": lambda: (
        _("Declined: %(place)s"),
        _("Your booking of %(place)s is declined. The meeting stands without it; choose another room."),
    ),
    "booking.expired": lambda: (
        _("Hold ended: %(place)s"),
        _("The time for which %(place)s was held for you is over, and it is free for others again."),
    ),
}


def _send(letter: Letter, reader: Reader, kind: str, key: str) -> None:
    outbox.put_all([envelope(letter, to=reader.email, key=f"{kind}:{key}"[:200])])


def _page(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def proposal(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """To whom a meeting was proposed in whose name."""
    note = note_for(payload["meeting_id"], payload["person_id"], now)
    if note is None or not is_proposal(payload["meeting_id"]):
        return
    with translation.override(note.reader.language):
        zone = ZoneName(note.reader.zone)
        values = {"title": note.title, "name": account_name(payload.get("proposed_by")) or _("Somebody")}
        letter = Letter(
            subject=_("Proposed in your name: %(title)s") % values,
            lead=_("%(name)s proposes a meeting in your name. Nobody is asked to it before you confirm it.")
            % values,
            heading=note.title,
            facts=((_("When"), when_of(note.times, zone)),) if note.times else (),
            links=(Link(_("Look at it and decide"), _page("meeting", note.meeting_id)),),
        )
        _send(letter, note.reader, "proposal", key)


def approval(payload: Mapping[str, Any], key: str, now: datetime) -> None:  # noqa: ARG001 - a deliverer's arguments
    """To who decides on a room, of bookings that wait: those that still do."""
    reader = approver(payload["user_id"])
    lines = [each for each in booking_lines(payload["booking_ids"]) if each.state == BookingState.PENDING]
    if reader is None or not lines:
        return
    with translation.override(reader.language):
        zone = ZoneName(reader.zone)
        values = {"place": lines[0].place, "title": lines[0].title, "count": len(lines)}
        subject = ngettext(
            "To decide: %(place)s for %(title)s", "To decide: %(count)d bookings for %(title)s", len(lines)
        )
        lead = ngettext(
            "A booking waits for your decision.", "%(count)d bookings wait for your decision.", len(lines)
        )
        letter = Letter(
            subject=subject % values,
            lead=lead % values,
            heading=lines[0].title,
            lines=_cut([f"{each.place}: {when_of(each.times, zone)}" for each in lines]),
            links=(Link(_("Look at it and decide"), _page("meeting", payload["meeting_id"])),),
        )
        _send(letter, reader, "approval", key)


def reply(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """To the organiser, who answered what: with this answer all others to the same meeting that wait."""
    waiting = outbox.take_waiting(kind="reply", begins=f"{payload['meeting_id']}:")
    organiser = organiser_of(payload["meeting_id"])
    note = note_for(payload["meeting_id"], organiser, now) if organiser else None
    told = [(each["person_id"], each["occurrence_ids"]) for each in (payload, *waiting)]
    lines = answer_lines([each for each in told if each[0] != organiser])
    if note is None or not lines:
        return
    with translation.override(note.reader.language):
        zone = ZoneName(note.reader.zone)
        one = len(lines) == 1
        values = {
            "title": note.title,
            "count": len(lines),
            "name": lines[0].name,
            "answer": lines[0].partstat.label,
        }
        letter = Letter(
            subject=(_("%(name)s: %(answer)s – %(title)s") if one else _("%(count)d answers – %(title)s")) % values,
            lead=ngettext("There is an answer to your invitation.", "There are %(count)d answers to your invitation.", len(lines)) % values,
            heading=note.title,
            lines=_cut([_answer(each, zone) for each in lines]),
            links=(Link(_("Open the meeting"), _page("meeting", note.meeting_id)),),
        )  # fmt: skip
        _send(letter, note.reader, "reply", key)


def _answer(line: AnswerLine, zone: ZoneName) -> str:
    values = {"name": line.name, "answer": line.partstat.label, "count": line.dates}
    if line.dates > 1:
        told = ngettext("%(name)s: %(answer)s, for %(count)d date", "%(name)s: %(answer)s, for %(count)d dates", line.dates) % values  # fmt: skip
    else:
        told = _("%(name)s: %(answer)s, %(when)s") % {**values, "when": start_of(line.times or {}, zone)}
    return f"{told} – “{line.comment}”" if line.comment else told


def booking_decision(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """To the organiser, what became of a booking."""
    meeting, lines = meeting_of_booking(payload["booking_id"]), booking_lines([payload["booking_id"]])
    note = note_for(meeting, payload["person_id"], now) if meeting else None
    if note is None or payload["what"] not in DECISIONS:
        return
    with translation.override(note.reader.language):
        subject, lead = DECISIONS[payload["what"]]()
        values = {"place": lines[0].place}
        letter = Letter(
            subject=f"{subject % values} – {lines[0].title}",
            lead=lead % values,
            heading=lines[0].title,
            facts=((_("When"), when_of(lines[0].times, ZoneName(note.reader.zone))),),
            links=(Link(_("Open the meeting"), _page("meeting", note.meeting_id)),),
        )
        _send(letter, note.reader, "booking_decision", key)


def room_missing(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """To the organiser, for which new dates of a series its room was taken."""
    note = note_for(payload["meeting_id"], payload["person_id"], now)
    if note is None:
        return
    with translation.override(note.reader.language):
        dates = [LocalTime(datetime.fromisoformat(each)) for each in payload["recurrence_ids"]]
        values = {"title": note.title, "count": len(dates)}
        subject = ngettext(
            "No room on a later date: %(title)s", "No room on %(count)d later dates: %(title)s", len(dates)
        )
        lead = ngettext(
            "The series goes on, but its room is taken on a date to come. Choose another for it.",
            "The series goes on, but its room is taken on %(count)d dates to come. Choose others for them.",
            len(dates),
        )
        letter = Letter(
            subject=subject % values,
            lead=lead % values,
            heading=note.title,
            lines=_cut([day(each) for each in dates]),
            links=(Link(_("Open the meeting"), _page("meeting", note.meeting_id)),),
        )
        _send(letter, note.reader, "room_missing", key)


def _cut(lines: list[str]) -> tuple[str, ...]:
    rest = len(lines) - MOST_LINES
    if rest <= 0:
        return tuple(lines)
    more = ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
    return (*lines[:MOST_LINES], more)
