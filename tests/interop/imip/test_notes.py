"""Mails about meetings that bring nothing into a calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from convenor.base import outbox
from convenor.base.actor import Actor
from convenor.base.enums import Scope as Delegated
from convenor.scheduling.actions.booking import book_room, decide_booking, expire_holds
from convenor.scheduling.actions.horizon import extend_horizon
from convenor.scheduling.actions.meeting import cancel_meeting, confirm_meeting
from convenor.scheduling.actions.response import Written, respond
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.models import Booking
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory
from tests.interop.imip.calendar_program import deliver, mails

SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def sent(moment: Any, begins: str) -> list[dict[str, Any]]:
    """The mails whose subject begins so, once every wait is over."""
    moment.shift(121)
    deliver()
    return [each for each in mails() if each["subject"].startswith(begins)]


def test_several_answers_within_the_wait_are_one_mail(moment: Any) -> None:
    owner, member, guest = alice(), bob(), charlie()
    meeting = make_meeting(owner, people=[owner, member, guest]).meeting
    row = meeting.occurrences.get()
    respond(actor=SYSTEM, occurrence_id=row.pk, person_id=member.pk, partstat=PartStat.ACCEPTED, now=NOW)
    moment.shift(60)
    respond(
        actor=SYSTEM,
        occurrence_id=row.pk,
        person_id=guest.pk,
        partstat=PartStat.DECLINED,
        written=Written(NOW, "I am in Lyon."),
        now=NOW,
    )
    (mail,) = sent(moment, "2 answers – Sprint review")
    assert mail["to"] == [owner.email]
    assert "– Bob: Accepted, Mon 7 Dec, 10:00\n" in mail["text"]
    assert "– Charlie: Declined, Mon 7 Dec, 10:00 – “I am in Lyon.”\n" in mail["text"]
    assert "calendar" not in mail
    moment.shift(3_600)
    deliver()
    assert len([each for each in mails() if each["to"] == [owner.email]]) == 1


def test_an_answer_changed_within_the_wait_is_told_as_it_is(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[member := bob()], rrule="FREQ=WEEKLY;COUNT=4").meeting
    first = meeting.occurrences.order_by("starts_at")[0]
    for partstat in (PartStat.ACCEPTED, PartStat.TENTATIVE):
        respond(
            actor=SYSTEM,
            occurrence_id=first.pk,
            person_id=member.pk,
            partstat=partstat,
            scope=Scope.ALL,
            now=NOW + timedelta(seconds=len(partstat)),
        )
    (mail,) = sent(moment, "Bob: Tentative – Sprint review")
    assert "– Bob: Tentative, for 4 dates\n" in mail["text"]


def test_the_organiser_s_own_answer_is_no_news(moment: Any) -> None:
    owner = alice()
    meeting = make_meeting(owner, people=[owner]).meeting
    row = meeting.occurrences.get()
    respond(actor=SYSTEM, occurrence_id=row.pk, person_id=owner.pk, partstat=PartStat.DECLINED, now=NOW)
    sent(moment, "")
    assert mails() == []


def test_a_proposal_goes_to_whose_name_it_is_in(moment: Any) -> None:
    owner, helper = alice(), bob()
    DelegationFactory.create(principal=owner, delegate=helper, scope=Delegated.PROPOSE)
    saved = make_meeting(owner, people=[charlie()], actor=actor_of(helper))
    (mail,) = sent(moment, "Proposed in your name: Sprint review")
    assert mail["to"] == [owner.email]
    assert "Bob proposes a meeting in your name." in mail["text"]
    assert f"/meetings/{saved.meeting.pk}/" in mail["text"]
    assert [each["to"] for each in mails()] == [[owner.email]]  # nobody is asked yet


def test_a_proposal_that_was_decided_within_the_wait_is_no_news(moment: Any) -> None:
    owner, helper = alice(), bob()
    DelegationFactory.create(principal=owner, delegate=helper, scope=Delegated.PROPOSE)
    meeting = make_meeting(owner, actor=actor_of(helper)).meeting
    confirm_meeting(actor=actor_of(owner), meeting_id=meeting.pk, version=meeting.version)
    assert sent(moment, "Proposed") == []


def test_an_approver_hears_of_what_waits_and_the_organiser_of_the_decision(moment: Any) -> None:
    owner, approver = alice(), bob()
    room = RoomFactory.create(code="ATL", name="Atlas", approval_needed=True, approver=approver.user)
    make_meeting(owner, room=room, actor=actor_of(owner))
    (mail,) = sent(moment, "To decide: ATL Atlas for Sprint review")
    assert mail["to"] == [approver.email]
    assert "– ATL Atlas: Mon 7 Dec 2026, 10:00–11:00 (Bucharest)\n" in mail["text"]
    decide_booking(actor=actor_of(approver), booking_id=Booking.objects.get().pk, approve=False, now=NOW)
    (told,) = sent(moment, "Declined: ATL Atlas – Sprint review")
    assert told["to"] == [owner.email]


def test_an_approver_does_not_hear_of_what_needs_no_decision_any_more(moment: Any) -> None:
    room = RoomFactory.create(approval_needed=True, approver=bob().user)
    meeting = make_meeting(owner := alice(), room=room, actor=actor_of(owner)).meeting
    cancel_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, now=NOW)
    assert sent(moment, "") == []


def test_a_hold_that_ends_is_told(moment: Any) -> None:
    meeting = make_meeting(alice()).meeting
    room = RoomFactory.create(code="ATL", name="Atlas")
    row = meeting.occurrences.get()
    book_room(
        actor=SYSTEM, occurrence_id=row.pk, room_id=room.pk, hold_until=NOW + timedelta(hours=1), now=NOW
    )
    expire_holds(NOW + timedelta(hours=2))
    (mail,) = sent(moment, "Hold ended: ATL Atlas – Sprint review")
    assert mail["to"] == ["alice@example.org"]


def test_a_series_that_finds_no_room_later_is_told(moment: Any) -> None:
    room = RoomFactory.create()
    meeting = make_meeting(alice(), room=room, rrule="FREQ=WEEKLY").meeting
    last = meeting.occurrences.order_by("-starts_at").values_list("recurrence_id", flat=True)[0]
    later = NOW + timedelta(days=100)
    make_meeting(
        bob(),
        title="Other",
        room=room,
        now=later,
        local_start=local(f"{last + timedelta(days=7):%Y-%m-%d} 10:00"),
    )
    extend_horizon(later)
    (mail,) = sent(moment, "No room on a later date: Sprint review")
    assert (mail["to"], "its room is taken on a date to come" in mail["text"]) == (
        ["alice@example.org"],
        True,
    )


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("proposal", {"meeting_id": 9, "person_id": 9}),
        ("approval", {"meeting_id": 9, "user_id": 9, "booking_ids": [9]}),
        ("reply", {"meeting_id": 9, "person_id": 9, "occurrence_ids": [9]}),
        ("booking_decision", {"booking_id": 9, "person_id": 9, "what": "booking.approved"}),
        ("room_missing", {"meeting_id": 9, "person_id": 9, "recurrence_ids": ["2026-12-07T10:00:00"]}),
        ("invitation", {"meeting_id": 9, "person_ids": [9]}),
    ],
)
def test_what_is_gone_says_nothing(moment: Any, kind: str, payload: dict[str, Any]) -> None:
    with transaction.atomic():
        outbox.put(kind=kind, key="9:", payload=payload)
    assert sent(moment, "") == []
