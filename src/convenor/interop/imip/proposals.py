"""Mails about other times that were proposed: to the organiser that there is one, to the proposer that it was declined (DECLINECOUNTER).

One that was accepted needs none: everybody gets the meeting's new time as an invitation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from convenor.base import outbox
from convenor.base.letters import Letter, Link
from convenor.interop.ics.objects import UTC_ZONE, Attendee, Event, Organizer, Timed, When
from convenor.interop.ics.write import write_calendar
from convenor.interop.imip.envelope import envelope
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_local
from convenor.scheduling.queries.counters import CounterFacts, counter_facts
from convenor.scheduling.queries.invitations import Reader
from convenor.scheduling.rules.wording import span_in

DECLINED = "DECLINECOUNTER"


def compose_proposed(payload: Mapping[str, Any], key: str, _now: datetime) -> None:
    """Tells the organiser, unless it was decided already, and says where to accept or decline it."""
    facts = counter_facts(payload["counter_id"])
    if facts is None or not facts.row.is_open:
        return
    with translation.override(facts.organiser.language):
        letter = _proposed(facts, facts.organiser)
        outbox.put_all([envelope(letter, to=facts.organiser.email, key=f"counter:{key}")])


def compose_declined(payload: Mapping[str, Any], key: str, now: datetime) -> None:
    """Tells the proposer, whose calendar program takes the proposal back by it."""
    facts = counter_facts(payload["counter_id"])
    if facts is None:
        return
    with translation.override(facts.proposer.language):
        letter = _declined(facts, facts.proposer, payload.get("comment", ""))
        message = envelope(
            letter,
            to=facts.proposer.email,
            key=f"counter_declined:{key}",
            organiser=facts.organiser.name,
            calendar=(DECLINED, _calendar(facts, payload.get("comment", ""), now)),
        )
        outbox.put_all([message])


def _proposed(facts: CounterFacts, reader: Reader) -> Letter:
    row = facts.row
    names = {"name": row.person_name, "title": row.title}
    return Letter(
        subject=_("%(name)s proposes another time: %(title)s") % names,
        lead=_("%(name)s can’t come to “%(title)s” as it stands and proposes another time.") % names,
        heading=row.title,
        facts=_times(facts, reader),
        body=row.comment,
        links=(Link(_("See what it would change"), settings.PUBLIC_URL + reverse("counter", args=[row.id])),),
        foot=_("Sent by Convenor. Nothing changes until you accept it."),
    )


def _declined(facts: CounterFacts, reader: Reader, comment: str) -> Letter:
    names = {"name": facts.organiser.name, "title": facts.row.title}
    return Letter(
        subject=_("The time stays: %(title)s") % names,
        lead=_("%(name)s can’t move “%(title)s” to the time that you proposed. It stays when it was.")
        % names,
        heading=facts.row.title,
        facts=_times(facts, reader),
        body=comment,
        foot=_("Sent by Convenor. Your answer to the meeting stays as it is; change it if you need to."),
    )


def _times(facts: CounterFacts, reader: Reader) -> tuple[tuple[str, str], ...]:
    row = facts.row
    return (
        (_("Proposed"), f"{span_in(row.starts_at, row.ends_at, reader.zone)} ({reader.zone})"),
        (_("Planned"), f"{span_in(row.now_start, row.now_end, reader.zone)} ({reader.zone})"),
    )


def _calendar(facts: CounterFacts, comment: str, now: datetime) -> str:
    """RFC 5546 §3.2.8: the same UID, SEQUENCE and RECURRENCE-ID, the times as they stay."""
    row, zone = facts.row, facts.zone
    event = Event(
        uid=facts.uid,
        start=_when(row.now_start, zone, whole_day=facts.all_day),
        end=_when(row.now_end, zone, whole_day=facts.all_day),
        sequence=facts.sequence,
        summary=row.title,
        description=comment,
        organizer=Organizer(settings.MAIL_REPLIES_TO, facts.organiser.name),
        attendees=(Attendee(facts.proposer.email, facts.proposer.name),),
        recurrence_id=_recurrence_id(facts),
    )
    return write_calendar([event], name="", now=now.replace(microsecond=0), method=DECLINED).decode()


def _recurrence_id(facts: CounterFacts) -> When | None:
    if facts.recurrence_id is None:
        return None
    local = LocalTime(facts.recurrence_id)
    return local.date() if facts.all_day else Timed(local, facts.zone)


def _when(moment: datetime, zone: ZoneName, *, whole_day: bool) -> When:
    local = to_local(instant_of(moment), zone)
    return local.date() if whole_day else Timed(local, zone or UTC_ZONE)
