"""Mail in, other addresses, and other times that are proposed, as screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from convenor.base.addresses import mark_unreachable
from convenor.base.models import AddressTrouble, AuditEntry, ReceivedMail
from convenor.interop.imip.receiving import receive
from convenor.people.actions.person import change_person
from convenor.people.models import EmailAlias, Person
from convenor.people.queries.actors import standing_in_for
from convenor.scheduling.actions.counter import propose
from convenor.scheduling.models import CounterProposal, Meeting, Occurrence
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import RoomFactory
from tests.interop.imip.mailing import SEEN, UID, answer, letter, mail
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
MAIL = "/settings/mail/"
START, END = utc("2026-12-08 08:00"), utc("2026-12-08 09:00")


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(SEEN, tick=False):
        yield


def proposal(occurrence: Occurrence, person: Person, **fields: Any) -> CounterProposal:
    values: dict[str, Any] = {
        "starts_at": START,
        "ends_at": END,
        "comment": "I teach on Mondays",
        "now": NOW,
    } | fields
    return propose(
        actor=standing_in_for(person.pk, f"{person}, by mail"),
        occurrence_id=occurrence.pk,
        person_id=person.pk,
        **values,
    )


def test_what_came_in_is_listed_with_its_reason_and_found_again() -> None:
    owner = alice()
    make_meeting(owner, people=[owner, bob()], uid=UID)
    for each in (
        mail("google-accept"),
        letter(answer(), sender="mallory@elsewhere.example"),
        mail("note-of-absence"),
    ):
        receive(each, now=SEEN)
    client = signed_in(owner)
    text = page(client, MAIL)
    assert "Bob answered “Sprint review”: Accepted." in text
    assert "mallory@elsewhere.example answered in the name of bob@example.org" in text
    assert "Automatic reply: Sprint review" in page(client, f"{MAIL}?verdict=ignored")
    assert "mallory" not in page(client, f"{MAIL}?verdict=ignored")
    assert "mallory" in page(client, f"{MAIL}?q=mallory")
    assert "No such mail" in page(client, f"{MAIL}?q=nothing")
    oldest = ReceivedMail.objects.order_by("pk")[0]
    assert "No such mail" in page(client, f"{MAIL}?before={oldest.pk}")


def test_mail_in_is_for_coordinators_alone() -> None:
    mark_unreachable("dan@nowhere.example", "no such user", NOW)
    trouble = AddressTrouble.objects.get()
    for other in (bob(), charlie()):
        client = signed_in(other)
        assert "dan@nowhere.example" not in page(client, MAIL, 403)
        response = client.post(reverse("settings.clear_trouble", args=[trouble.pk]))
        assert response.status_code in {403, 404}
        assert "Mail in" not in page(client, "/settings/")
    assert AddressTrouble.objects.exists()


def test_an_address_that_works_again_is_taken_off_and_that_is_on_record() -> None:
    mark_unreachable("dan@nowhere.example", "no such user", NOW)
    trouble, client = AddressTrouble.objects.get(), signed_in(alice())
    assert "dan@nowhere.example" in page(client, MAIL)
    said = sent(client, reverse("settings.clear_trouble", args=[trouble.pk]), {})
    assert "dan@nowhere.example" not in said
    assert AuditEntry.objects.filter(action="mail.trouble_cleared").count() == 1


def test_three_mails_cost_no_more_queries_than_one() -> None:
    owner = alice()
    client = signed_in(owner)
    counts = []
    for number in range(3):
        receive(b"From: x%d@y.example\r\n\r\nHello\r\n" % number, now=SEEN)
        mark_unreachable(f"x{number}@y.example", "gone", NOW)
        counts.append(queries_of(client, MAIL))
    assert counts[0] == counts[2]


def test_people_add_and_remove_their_own_other_addresses() -> None:
    person = bob()
    client, address = signed_in(person), f"/people/{person.pk}/addresses/"
    said = sent(client, address, {"email": "bob@home.example"})
    assert "bob@home.example" in said
    assert "bob@home.example" in page(client, f"/people/{person.pk}/")
    sent(client, address, {"email": "bob@home.example"}, 422)
    alias = EmailAlias.objects.get()
    stranger = signed_in(charlie())
    assert stranger.post(f"{address}{alias.pk}/remove/").status_code == 404
    teammate = signed_in(MemberFactory())
    page(teammate, address, 403)
    assert "bob@home.example" not in page(teammate, f"/people/{person.pk}/")
    sent(client, f"{address}{alias.pk}/remove/", {})
    assert not EmailAlias.objects.exists()


def test_a_person_s_page_says_that_mail_does_not_reach_them() -> None:
    person = bob()
    mark_unreachable("bob@example.org", "no such user", NOW)
    assert "Mail doesn’t reach bob@example.org: no such user" in page(
        signed_in(alice()), f"/people/{person.pk}/"
    )


def test_another_address_takes_the_mark_away() -> None:
    person, owner = bob(), alice()
    mark_unreachable("bob@example.org", "no such user", NOW)
    change_person(actor=actor_of(owner), person_id=person.pk, phone="123")
    assert AddressTrouble.objects.exists()
    change_person(actor=actor_of(owner), person_id=person.pk, email="robert@example.org")
    assert not AddressTrouble.objects.exists()


class Table:
    def __init__(self, **fields: Any) -> None:
        self.alice, self.bob = alice(), bob()
        make_meeting(self.alice, people=[self.alice, self.bob], **fields)
        self.meeting = Meeting.objects.get(organiser=self.alice)
        self.occurrence = Occurrence.objects.get(meeting=self.meeting)
        self.counter = proposal(self.occurrence, self.bob)
        self.client = signed_in(self.alice)
        self.page = f"/meetings/occurrences/{self.occurrence.pk}/"
        self.address = f"/meetings/proposals/{self.counter.pk}/"


def test_a_proposal_stands_on_today_and_on_the_meeting_s_page_of_who_decides_it() -> None:
    table = Table()
    delegate = MemberFactory()
    DelegationFactory(principal=table.alice, delegate=delegate, scope="act")
    for client in (table.client, signed_in(delegate)):
        for address in ("/", table.page):
            text = page(client, address)
            assert "Bob proposes" in text
            assert table.address in text
    for other in (table.bob, charlie(), MemberFactory()):
        client = signed_in(other)
        assert "I teach on Mondays" not in page(client, "/")
        page(client, table.address, 404)
        for deed in ("accept/", "decline/"):
            assert client.post(table.address + deed).status_code == 404
    assert "I teach on Mondays" not in page(signed_in(table.bob), table.page)


def test_what_it_would_break_is_shown_before_it_is_accepted_with_and_without_javascript() -> None:
    room = RoomFactory()
    table = Table(room=room)
    make_meeting(
        MemberFactory(), room=room, title="Board", local_start=utc("2026-12-08 10:00").replace(tzinfo=None)
    )
    for text in (
        page(table.client, table.address),
        page(table.client, table.address, target=f"counter-{table.counter.pk}"),
    ):
        assert "Board" in text
        assert f"{table.address}accept/" in text
    assert "<html" not in page(table.client, table.address, target=f"counter-{table.counter.pk}")
    said = sent(table.client, f"{table.address}accept/", {})
    assert "Moved" not in said
    table.occurrence.refresh_from_db()
    assert table.occurrence.starts_at == utc("2026-12-07 08:00")
    assert "Bob proposes" in said  # it waits on


def test_one_click_accepts_and_one_declines() -> None:
    table = Table()
    assert "It fits." in page(table.client, table.address)
    assert "Moved. Everybody is told." in sent(table.client, f"{table.address}accept/", {})
    table.occurrence.refresh_from_db()
    assert table.occurrence.starts_at == START
    assert "wait for an answer any more" in sent(
        table.client, f"{table.address}accept/", {}
    )  # the back button
    other = proposal(
        table.occurrence, table.bob, starts_at=START + timedelta(days=1), ends_at=END + timedelta(days=1)
    )
    said = sent(table.client, f"/meetings/proposals/{other.pk}/decline/", {"comment": "No room"})
    assert "Declined. Bob is told." in said
    assert "Bob proposes" not in said
    assert "Declined" in page(table.client, f"/meetings/proposals/{other.pk}/")


def test_three_proposals_cost_no_more_queries_than_one() -> None:
    owner = alice()
    people: list[Any] = [bob(), MemberFactory(), MemberFactory()]
    make_meeting(owner, people=[owner, *people])
    occurrence, client = Occurrence.objects.get(), signed_in(owner)
    counts: list[tuple[int, int]] = []
    for each in people:
        proposal(occurrence, each)
        counts.append(
            (queries_of(client, "/"), queries_of(client, f"/meetings/occurrences/{occurrence.pk}/"))
        )
    assert counts[0] == counts[2]
