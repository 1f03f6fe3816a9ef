"""The conflicts page, its parts and what is posted from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from convenor.people.models import Person
from convenor.scheduling.models import Conflict, Occurrence, Participation
from convenor.scheduling.queries.conflicts.upkeep import catch_up
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_a_fixed_time() -> Iterator[None]:
    """Sentences name days."""
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def double_book(person: Person, *, times: int = 1) -> Conflict:
    organiser = PersonFactory()
    for number in range(times):
        start = local(f"2026-12-07 {8 + number:02}:00")
        make_meeting(organiser, people=[person], title=f"First {number}", local_start=start)
        make_meeting(organiser, people=[person], title=f"Second {number}", local_start=start)
    catch_up(NOW)
    found = Conflict.objects.filter(kind="person_double_booked").first()
    assert found is not None
    return found


def page(client: Client, address: str = "/conflicts/", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_where_nothing_is_wrong_the_page_says_so() -> None:
    assert "Nothing is wrong" in page(signed_in(alice()), "/conflicts/?severity=1")
    assert "Nothing is wrong here" in page(signed_in(bob()))


def test_the_list_shows_days_counts_and_many_of_a_kind_folded() -> None:
    carol, person = alice(), bob()
    double_book(person, times=6)
    shown = page(signed_in(carol))
    assert "Monday, 7 December" in shown
    assert "3 more: Person double-booked" in shown
    assert shown.count("at once on Mon 7 Dec") == 6
    assert '<span class="nav-count">6</span>' in shown


def test_the_address_narrows_and_nonsense_in_it_narrows_nothing() -> None:
    carol, person = alice(), bob()
    double_book(person)
    client = signed_in(carol)
    sentence = "at once on Mon 7 Dec"
    assert sentence in page(client, f"/conflicts/?person={person.pk}&kind=person_double_booked&severity=3")
    assert sentence not in page(client, "/conflicts/?who=me")
    assert sentence not in page(client, "/conflicts/?kind=room_closed")
    for nonsense in ("?person=0&site=x&severity=9", "?page=-3", "?page=x&kind=%00", "?who=you"):
        assert sentence in page(client, f"/conflicts/{nonsense}")


def test_the_ways_out_come_as_a_part_and_as_a_page() -> None:
    carol, person = alice(), bob()
    conflict = double_book(person)
    client = signed_in(carol)
    whole = page(client, f"/conflicts/{conflict.pk}/")
    part = client.get(
        f"/conflicts/{conflict.pk}/", headers={"HX-Request": "true", "HX-Target": f"div#ways-{conflict.pk}"}
    ).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for text in ("Move “First 0” to", "Bob declines “First 0”", "Why it may stay as it is"):
        assert text in whole
        assert text in part


def test_a_way_out_is_taken_and_the_list_says_what_was_done() -> None:
    carol, person = alice(), bob()
    conflict = double_book(person)
    first = Occurrence.objects.order_by("pk")[0]
    way = f"decline:{first.pk}:{person.pk}:one"
    client = signed_in(carol)
    response = client.post(
        f"/conflicts/{conflict.pk}/mend/?kind=person_double_booked", {"way": way}, follow=True
    )
    assert response.redirect_chain == [("/conflicts/?kind=person_double_booked", 302)]
    assert "Bob declines “First 0”" in response.content.decode()
    assert Participation.objects.get(occurrence=first).partstat == "declined"
    client.get("/conflicts/")
    assert not Conflict.objects.filter(pk=conflict.pk).exists()


@pytest.mark.parametrize("data", [{}, {"way": "no such way"}, {"way": "x" * 300}])
def test_a_way_that_isnt_open_changes_nothing(data: dict[str, str]) -> None:
    conflict = double_book(bob())
    response = signed_in(alice()).post(f"/conflicts/{conflict.pk}/mend/", data, follow=True)
    assert "isn’t open any more" in response.content.decode().replace("&#x27;", "’")
    assert Conflict.objects.filter(pk=conflict.pk).exists()


def test_ignoring_needs_a_reason_and_can_be_undone() -> None:
    carol = alice()
    conflict = double_book(bob())
    client = signed_in(carol)
    refused = client.post(f"/conflicts/{conflict.pk}/ignore/", {"reason": " "}, follow=True)
    assert "Say why this may stay as it is." in refused.content.decode()
    client.post(f"/conflicts/{conflict.pk}/ignore/", {"reason": "He <b>knows</b>"})
    assert "at once on" not in page(client)
    ignored = page(client, "/conflicts/ignored/")
    assert "Alice: He &lt;b&gt;knows&lt;/b&gt;" in ignored
    client.post(f"/conflicts/{conflict.pk}/ignore/", {"undo": "yes"})
    assert "at once on" in page(client)


def test_whom_it_is_no_business_of_gets_the_same_answer_as_for_none() -> None:
    conflict = double_book(bob())
    for who in (charlie(), MemberFactory()):
        client = signed_in(who)
        assert "at once on" not in page(client, "/conflicts/?severity=1")
        assert "nav-count" not in page(client)
        assert client.get(f"/conflicts/{conflict.pk}/").status_code == 404
        assert client.post(f"/conflicts/{conflict.pk}/mend/", {"way": "x"}).status_code == 404
        assert client.post(f"/conflicts/{conflict.pk}/ignore/", {"reason": "x"}).status_code == 404
    assert Client().get("/conflicts/").status_code == 302
    assert signed_in(alice()).get("/conflicts/999999/").status_code == 404
    assert signed_in(bob(email="b2@example.org")).get(f"/conflicts/{conflict.pk}/mend/").status_code == 405


def test_a_room_too_small_leads_to_its_room() -> None:
    organiser = MemberFactory()
    room = RoomFactory(capacity=1)
    make_meeting(organiser, people=[organiser, PersonFactory()], room=room)
    shown = page(signed_in(organiser))
    assert f"{room.code} {room.name} seats 1, but 2 people are expected at “Sprint review”" in shown
    assert f'href="/rooms/{room.pk}/"' in shown
