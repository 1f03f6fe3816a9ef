"""Today: the day, invitations, approvals, principals, the company's figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from convenor.base.enums import Scope
from convenor.base.models import AuditEntry
from convenor.scheduling.enums import BookingState, PartStat
from convenor.scheduling.models import Booking, Participation
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import RoomFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
MONDAY_NOON = "2026-12-07 10:00Z"  # 12:00 in Bucharest


@pytest.fixture(autouse=True)
def _on_monday_at_noon() -> Iterator[None]:
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield


def at(hour: int, *, day: int = 7) -> dict[str, Any]:
    return {"local_start": local(f"2026-12-{day:02} {hour:02}:00")}


def test_a_free_day_is_said_to_be_free() -> None:
    text = page(signed_in(bob()), "/")
    assert "A free day" in text
    assert "You have answered everything." in text
    assert "meetings today" not in text, "the company's figures are for coordinators"


def test_the_day_has_rooms_clashes_and_the_present_moment_between_past_and_coming() -> None:
    person, room = bob(), RoomFactory(name="Atlas", capacity=8)
    make_meeting(person, people=[person], title="Early bird", **at(9))
    make_meeting(person, people=[person], title="Lunch talk", room=room, **at(14))
    make_meeting(PersonFactory(), people=[person], title="Clashing call", **at(14))
    make_meeting(person, people=[person], title="Tomorrow", **at(9, day=8))
    text = page(signed_in(person), "/")
    order = [text.index(each) for each in ("Early bird</a>", "now-line", "Lunch talk</a>")]
    assert order == sorted(order)
    assert "Atlas</a>" in text
    assert text.count("Clash</span>") == 2
    assert "Next: Lunch talk at 14:00" in text or "Next: Clashing call at 14:00" in text
    assert "Tomorrow</a>" not in text.split("Invitations to answer")[0]


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_an_invitation_to_a_series_is_answered_in_one_click(answer: str) -> None:
    person = bob()
    made = make_meeting(
        PersonFactory(), people=[person], title="Weekly", rrule="FREQ=WEEKLY;COUNT=4", **at(15)
    )
    client = signed_in(person)
    assert page(client, "/").count(">Weekly</a>") == 2, "once in the day, once among the invitations"
    first = made.meeting.occurrences.earliest("starts_at")
    text = sent(client, f"/today/answers/{first.pk}/", {"person_id": person.pk, "partstat": answer})
    assert "Answered with" in text
    assert "You have answered everything." in text
    assert set(Participation.objects.values_list("partstat", flat=True)) == {answer}


@pytest.mark.parametrize(
    "data", [{}, {"person_id": "x", "partstat": "accepted"}, {"person_id": 1, "partstat": "perhaps"}]
)
def test_an_answer_that_cannot_be_read_changes_nothing(data: dict[str, object]) -> None:
    person = bob()
    made = make_meeting(PersonFactory(), people=[person], **at(15))
    text = sent(signed_in(person), f"/today/answers/{made.meeting.occurrences.get().pk}/", data)
    assert "be read; nothing was changed." in text
    assert Participation.objects.get().partstat == PartStat.NEEDS_ACTION


def test_nobody_answers_for_somebody_else() -> None:
    person = bob()
    made = make_meeting(PersonFactory(), people=[person], **at(15))
    other = signed_in(MemberFactory())
    address = f"/today/answers/{made.meeting.occurrences.get().pk}/"
    sent(other, address, {"person_id": person.pk, "partstat": "accepted"}, status=403)
    assert Participation.objects.get().partstat == PartStat.NEEDS_ACTION


@pytest.mark.parametrize(
    ("approve", "state"), [("yes", BookingState.CONFIRMED), ("no", BookingState.RELEASED)]
)
def test_the_approver_decides_and_others_are_not_asked(approve: str, state: BookingState) -> None:
    approver, organiser = bob(), MemberFactory()
    room = RoomFactory(name="Boardroom", capacity=8, approval_needed=True, approver=approver.user)
    make_meeting(organiser, people=[organiser], title="Board", room=room, **at(15, day=9))
    booking = Booking.objects.get()
    assert booking.state == BookingState.PENDING
    assert "Bookings to approve" not in page(signed_in(organiser), "/")
    sent(signed_in(organiser), f"/today/bookings/{booking.pk}/", {"approve": "yes"}, status=403)
    client = signed_in(approver)
    assert "Bookings to approve" in page(client, "/")
    sent(client, f"/today/bookings/{booking.pk}/", {"approve": approve})
    booking.refresh_from_db()
    assert booking.state == state


def test_a_private_meeting_is_not_told_to_the_approver() -> None:
    approver, organiser = bob(), MemberFactory()
    room = RoomFactory(capacity=8, approval_needed=True, approver=approver.user)
    make_meeting(organiser, people=[organiser], title="Merger", is_private=True, room=room, **at(15, day=9))
    text = page(signed_in(approver), "/")
    assert "Bookings to approve" in text
    assert "Merger" not in text


def test_delegates_see_their_principals_day_and_answer_for_them_if_they_may() -> None:
    principal, delegate = MemberFactory(name="Dora Chief"), bob()
    make_meeting(PersonFactory(), people=[principal], title="Merger", is_private=True, **at(15))
    grant = DelegationFactory(principal=principal, delegate=delegate, scope=Scope.SEE)
    client = signed_in(delegate)
    assert "Merger</a>" in (text := page(client, "/"))
    assert "Dora Chief’s day" in text
    assert "You have answered everything." in text, "a delegate who may only see isn't asked"
    grant.scope = Scope.ACT
    grant.save()
    assert "for Dora Chief" in page(client, "/")


def test_a_delegates_answer_is_on_record_in_the_principals_name() -> None:
    principal, delegate = MemberFactory(name="Dora Chief"), bob()
    made = make_meeting(PersonFactory(), people=[principal], **at(15))
    DelegationFactory(principal=principal, delegate=delegate, scope=Scope.ACT)
    occurrence = made.meeting.occurrences.get()
    data = {"partstat": "accepted", "person_id": principal.pk}
    sent(signed_in(delegate), f"/today/answers/{occurrence.pk}/", data)
    assert Participation.objects.get(person=principal).partstat == PartStat.ACCEPTED
    assert AuditEntry.objects.latest("pk").on_behalf_of == "Dora Chief"


def test_charlie_sees_their_own_day_and_no_figures() -> None:
    outsider = charlie()
    make_meeting(PersonFactory(), people=[outsider], title="With Charlie", **at(15))
    make_meeting(PersonFactory(), people=[PersonFactory()], title="Without Charlie", **at(15))
    text = page(signed_in(outsider), "/")
    assert "With Charlie" in text
    assert "Without Charlie" not in text
    assert "meetings today" not in text


def test_a_coordinator_reads_the_company_in_figures() -> None:
    room = RoomFactory(capacity=8)
    make_meeting(PersonFactory(), people=[PersonFactory(), PersonFactory()], room=room, **at(12))
    text = page(signed_in(alice()), "/")
    assert "meetings today" in text
    assert 'who=all">1</a>' in text
    assert 'span=day">1</a><span class="figure-of"> / 1</span>' in text


def test_the_conflicts_come_as_a_part_of_their_own() -> None:
    person = bob()
    for title in ("One", "Two"):
        make_meeting(PersonFactory(), people=[person], title=title, **at(15))
    text = page(signed_in(person), "/today/conflicts/")
    assert "is in “One” and “Two” at once" in text
    assert "Nothing is wrong" in page(signed_in(MemberFactory()), "/today/conflicts/")


def test_today_takes_the_same_number_of_queries_for_one_and_three() -> None:
    person, principal = alice(), MemberFactory()
    DelegationFactory(principal=principal, delegate=person)
    counted = []
    for number in range(3):
        room = RoomFactory(capacity=8, approval_needed=True, approver=person.user)
        make_meeting(principal, people=[person, principal], title=f"A {number}", room=room, **at(13 + number))
        counted.append(queries_of(signed_in(person), "/"))
    assert counted[0] == counted[2] <= 15
