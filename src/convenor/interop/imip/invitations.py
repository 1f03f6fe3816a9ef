"""Invitations, changes and cancellations of meetings: each person is told what differs from what their calendar holds, once.

Whatever the outbox message was put for, what goes out is what is so by now: several edits within the wait become one mail,
and somebody who was added and removed again hears nothing. Work that is the same for many is done once for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from convenor.base import outbox
from convenor.base.letters import Letter, Link, html_of, text_of
from convenor.interop.calendars.exporting import attendee_of
from convenor.interop.ics.lines import fold
from convenor.interop.ics.objects import Attendee, Timed
from convenor.interop.ics.values import instant_at
from convenor.interop.ics.write import attendee_line, write_calendar
from convenor.interop.imip.envelope import packed
from convenor.interop.itip.outgoing import Held, Outgoing, outgoing
from convenor.interop.itip.outgoing import facts_of as facts_remembered
from convenor.kernel.instants import ZoneName
from convenor.scheduling.actions.telling import NowTold, lock_for_telling, note_told
from convenor.scheduling.enums import PartStat
from convenor.scheduling.queries.exports import ExportedPerson
from convenor.scheduling.queries.invitations import Invitations, Invitee, Reader, invitations_of
from convenor.scheduling.rules.answer_links import answer_token
from convenor.scheduling.rules.wording import names
from convenor.scheduling.sentences.invitation import Telling, changes_of, facts_of, lead_of, subject_of

KIND = "invitation"
MOST_LISTED = 50
"""Of more people nobody is listed but the reader: a thousand invitations would weigh a thousand times a thousand lines."""
TOKEN = "answer-token-of-the-reader"  # noqa: S105 - a placeholder in what is written once for many
END = "\r\nEND:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A message's words in one language, by one zone's clocks, with TOKEN where the reader's own link stands."""

    subject: str
    text: str
    html: str


def compose(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """A deliverer: mails for those of the named people whose calendars have to change."""
    lock_for_telling(payload["meeting_id"])
    found = invitations_of(payload["meeting_id"], payload["person_ids"], now)
    if found is None:
        return
    post = Post(found, key, now, again=bool(payload.get("force")))
    sent = [(each, what) for each in found.invitees if (what := post.for_whom(each))]
    outbox.put_all(post.mail(each, what) for each, what in sent)
    note_told(meeting_id=found.meeting_id, told=[post.noted(each, what) for each, what in sent], at=now)


class Post:
    """One meeting's messages, each piece made once."""

    def __init__(self, found: Invitations, key: str, now: datetime, *, again: bool = False) -> None:
        self.found, self.key, self.now, self.again = found, key, now, again
        self.held = Held(found.meeting, organizer=settings.MAIL_REPLIES_TO, over=found.over)
        self._decided: dict[tuple[str, bool], Outgoing | None] = {}
        self._calendars: dict[tuple[int, int, datetime], str] = {}
        self._words: dict[tuple[int, str, str], Written] = {}

    def for_whom(self, invitee: Invitee) -> Outgoing | None:
        """What this person must be told; the same object for all who were told the same."""
        told = invitee.told
        key = (json.dumps(told, sort_keys=True) if told is not None else "", invitee.is_asked)
        if key not in self._decided:
            self._decided[key] = outgoing(
                self.held,
                told,
                is_asked=invitee.is_asked,
                is_called_off=self.found.is_called_off,
                is_over=self.found.is_over,
                again=self.again,
            )
        return self._decided[key]

    def noted(self, invitee: Invitee, what: Outgoing) -> NowTold:
        return NowTold(invitee.reader.person_id, what.parts, self._sequence(invitee), what.is_cancelled)

    def mail(self, invitee: Invitee, what: Outgoing) -> outbox.Message:
        reader = invitee.reader
        words = self._written(what, reader)
        date = datetime.fromisoformat(what.dates[0]) if len(what.dates) == 1 else None
        token = answer_token(self.found.meeting_id, reader.person_id, date)  # type: ignore[arg-type]  # naive: a wall clock's
        with translation.override(reader.language):
            return packed(
                words.subject,
                words.text.replace(TOKEN, token),
                words.html.replace(TOKEN, token),
                to=reader.email,
                key=f"{KIND}:{self.key}:{reader.person_id}"[:200],
                organiser=self.found.organiser_name,
                calendar=(what.method, self._calendar(invitee, what)),
            )

    def _sequence(self, invitee: Invitee) -> int:
        return max(self.found.meeting.sequence, invitee.sequence)

    def _calendar(self, invitee: Invitee, what: Outgoing) -> str:
        """The same for all but for who is listed, where that is the reader alone."""
        stamp = self.now.replace(microsecond=0)
        if (
            invitee.told_at is not None
        ):  # of two messages with one SEQUENCE the later stamp wins (RFC 5546 §2.1.5)
            stamp = max(stamp, invitee.told_at.replace(microsecond=0) + timedelta(seconds=1))
        key = (id(what), self._sequence(invitee), stamp)
        if key not in self._calendars:
            events = [replace(event, sequence=key[1]) for event in what.events]
            self._calendars[key] = write_calendar(events, name="", now=stamp, method=what.method).decode()
        lines = b"".join(fold(attendee_line(each)) for each in self._listed(invitee, what)).decode()
        return self._calendars[key].replace(END, f"\r\n{lines}{END[2:]}")

    def _listed(self, invitee: Invitee, what: Outgoing) -> Iterator[Attendee]:
        people = self.found.meeting.attendees
        mine = invitee.reader.email
        for each in people:
            if each.email == mine or (what.method == "REQUEST" and len(people) <= MOST_LISTED):
                yield _asked(each)
        if all(each.email != mine for each in people):
            yield Attendee(mine, invitee.reader.name)

    def _written(self, what: Outgoing, reader: Reader) -> Written:
        key = (id(what), reader.language, reader.zone)
        if key not in self._words:
            with translation.override(reader.language):
                letter = self._letter(what, ZoneName(reader.zone))
                self._words[key] = Written(letter.subject, text_of(letter), html_of(letter))
        return self._words[key]

    def _letter(self, what: Outgoing, zone: ZoneName) -> Letter:
        meeting = self.found.meeting
        telling = Telling(
            why=what.why.value,
            title=meeting.title,
            organiser=self.found.organiser_name,
            facts=self.held.parts[""],
            next=facts_remembered(self.held.next or self.held.whole),
            was=what.was,
            now=what.parts,
            dates=what.dates,
        )
        off = what.method == "CANCEL"
        people = "" if off else names([each.name for each in meeting.attendees], most=8)
        return Letter(
            subject=subject_of(telling, zone),
            lead=lead_of(telling),
            heading=meeting.title,
            facts=tuple(facts_of(telling, zone, people)),
            changes=changes_of(telling, zone),
            body="" if off else meeting.description,
            ask=_("Will you come?"),
            links=() if off else tuple(answer_links(TOKEN, _begins(what))),
            foot=_(
                "Sent by Convenor. You can also answer in your calendar program; answers go to %(address)s."
            )
            % {"address": settings.MAIL_REPLIES_TO},
        )


def answer_links(token: str, at: int | None = None) -> Iterator[Link]:
    """The answer page with one answer chosen beforehand: looking at it changes nothing.

    `at` is when it is to begin by this mail (POSIX time), so that the page can say that it has been moved since.
    """
    page = settings.PUBLIC_URL + reverse("invitation.answer", args=[token])
    told = f"&at={at}" if at is not None else ""
    yield Link(_("Yes"), f"{page}?answer={PartStat.ACCEPTED}{told}")
    yield Link(_("Maybe"), f"{page}?answer={PartStat.TENTATIVE}{told}")
    yield Link(_("No"), f"{page}?answer={PartStat.DECLINED}{told}")
    yield Link(_("Propose another time"), f"{page}#propose", is_main=False)


def _begins(what: Outgoing) -> int | None:
    """When the one date begins that the message is about; None for a series."""
    start = what.events[0].start
    if len(what.events) != 1 or what.events[0].rrule or what.events[0].rdates or not isinstance(start, Timed):
        return None
    return instant_at(start, start.zone)


def _asked(person: ExportedPerson) -> Attendee:
    return attendee_of(person, rsvp=person.partstat == PartStat.NEEDS_ACTION)
