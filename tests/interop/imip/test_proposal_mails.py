"""Mails about other times: to the organiser that one is proposed, to the proposer that it was declined."""

from __future__ import annotations

from typing import Any

import icalendar
import pytest

from convenor.base.delivery import Delivery, deliver
from convenor.base.models import OutboxMessage
from convenor.interop.imip.receiving import receive
from convenor.scheduling.actions.counter import accept, decline
from convenor.scheduling.models import CounterProposal
from tests.factories.cast import actor_of, alice, bob
from tests.factories.scheduling import make_meeting
from tests.interop.imip.mailing import SEEN, UID, answer, letter, mail

pytestmark = pytest.mark.django_db


def sent(kind: str) -> list[dict[str, Any]]:
    """What comes of the one message of that kind, delivered twice as a worker that dies would."""
    message = OutboxMessage.objects.get(kind=kind)
    assert [deliver(message), deliver(message)] == [Delivery.SENT, Delivery.SENT]
    return [each.payload for each in OutboxMessage.objects.filter(kind="mail")]


def test_the_organiser_is_told_and_led_to_the_decision() -> None:
    owner = alice(zone="Europe/Bucharest")
    make_meeting(owner, people=[owner, bob()], uid=UID)
    receive(mail("outlook-desktop-counter"), now=SEEN)
    [told] = sent("counter")
    assert told["to"] == ["alice@example.org"]
    assert told["subject"] == "Bob proposes another time: Sprint review"
    assert f"/meetings/proposals/{CounterProposal.objects.get().pk}/" in told["text"]
    assert "I teach on Mondays." in told["text"]
    assert told["headers"]["Auto-Submitted"] == "auto-generated"


def test_what_was_decided_meanwhile_is_not_told() -> None:
    owner = alice()
    make_meeting(owner, people=[owner, bob()], uid=UID)
    receive(mail("google-counter"), now=SEEN)
    accept(actor=actor_of(owner), counter_id=CounterProposal.objects.get().pk, now=SEEN)
    assert sent("counter") == []


@pytest.mark.parametrize("rrule", ["", "FREQ=WEEKLY;COUNT=3"])
def test_the_proposer_s_calendar_takes_a_declined_proposal_back(rrule: str) -> None:
    owner = alice()
    make_meeting(owner, people=[owner, bob()], uid=UID, rrule=rrule)
    lines = ("DTSTART:20261215T080000Z", "DTEND:20261215T090000Z")
    rid = ("RECURRENCE-ID:20261214T080000Z",) if rrule else ()
    receive(letter(answer(*rid, *lines, method="COUNTER"), method="COUNTER"), now=SEEN)
    decline(
        actor=actor_of(owner),
        counter_id=CounterProposal.objects.get().pk,
        comment="The room is gone",
        now=SEEN,
    )
    [told] = sent("counter_declined")
    assert told["to"] == ["bob@example.org"]
    assert "The room is gone" in told["text"]
    calendar = icalendar.Calendar.from_ical(told["calendar"]["content"])
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], told["calendar"]["method"]) == ("DECLINECOUNTER", "DECLINECOUNTER")
    assert (event["UID"], event["SEQUENCE"]) == (UID, 0)
    day = 14 if rrule else 7
    assert (event.decoded("DTSTART").day, event.decoded("DTSTART").hour) == (day, 10)
    assert ("RECURRENCE-ID" in event) == bool(rrule)
    assert str(event["ATTENDEE"]) == "mailto:bob@example.org"
