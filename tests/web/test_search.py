"""One box over everything that the reader may see, and nothing else."""

from __future__ import annotations

import pytest
import time_machine

from tests.factories.cast import alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import RoomFactory
from tests.web.browsing import page, queries_of, signed_in

pytestmark = pytest.mark.django_db


def test_meetings_people_and_rooms_are_found_in_groups() -> None:
    room = RoomFactory(name="Atlas room")
    PersonFactory(name="Atlas Ionescu")
    made = make_meeting(PersonFactory(), title="Atlas review")
    text = page(signed_in(bob()), "/search?q=atlas")
    places = [text.index(each) for each in ("Atlas review", "Atlas Ionescu", "Atlas room")]
    assert places == sorted(places)
    assert f'href="/meetings/occurrences/{made.meeting.occurrences.get().pk}/"' in text
    assert f'href="/rooms/{room.pk}/"' in text


def test_the_box_gets_the_results_alone() -> None:
    RoomFactory(name="Atlas")
    text = page(signed_in(bob()), "/search?q=atl", target="search-results")
    assert "Atlas" in text
    assert "<html" not in text


def test_a_private_meeting_is_found_by_those_who_may_read_it_alone() -> None:
    organiser, attendee, principal = MemberFactory(), MemberFactory(), MemberFactory()
    delegate = DelegationFactory(principal=principal).delegate
    make_meeting(organiser, people=[attendee, principal], title="Merger", is_private=True)
    for person in (organiser, attendee, delegate, alice()):
        assert "Merger</span>" in page(signed_in(person), "/search?q=merger")
    for person in (bob(), charlie()):
        assert "Merger</span>" not in page(signed_in(person), "/search?q=merger")


def test_charlie_finds_only_what_they_take_part_in() -> None:
    outsider = charlie()
    make_meeting(PersonFactory(name="Met Once"), people=[outsider], title="With Charlie")
    make_meeting(PersonFactory(name="Stranger"), title="Without Charlie")
    RoomFactory(name="Charlie room")
    text = page(signed_in(outsider), "/search?q=charlie")
    assert "With Charlie</span>" in text
    assert "Without Charlie</span>" not in text
    assert "Charlie room" not in text
    assert "Stranger" not in page(signed_in(outsider), "/search?q=stranger").replace("“stranger”", "")


def test_what_comes_next_is_before_what_was() -> None:
    organiser = bob()
    for title, start in (("past", "2026-12-01"), ("later", "2026-12-09"), ("soon", "2026-12-08")):
        make_meeting(organiser, title=f"Review {title}", local_start=local(f"{start} 10:00"))
    with time_machine.travel("2026-12-07 07:00Z", tick=False):
        text = page(signed_in(organiser), "/search?q=review")
    places = [text.index(f"Review {each}</span>") for each in ("soon", "later", "past")]
    assert places == sorted(places)


@pytest.mark.parametrize("query", ["", "%00", "%20%20", "%25", "_", "'%22;--", "🙂", "a" * 5_000])
def test_odd_questions_find_nothing_and_break_nothing(query: str) -> None:
    make_meeting(PersonFactory(), title="Sprint review")
    page(signed_in(bob()), f"/search?q={query}")


def test_more_that_matches_takes_no_more_queries() -> None:
    client = signed_in(bob())
    counted = []
    for number in range(3):
        RoomFactory(name=f"Atlas {number}")
        make_meeting(PersonFactory(name=f"Atlas {number}"), title=f"Atlas {number}")
        counted.append(queries_of(client, "/search?q=atlas"))
    assert counted[0] == counted[2]


def test_names_are_found_without_their_accents() -> None:
    PersonFactory(name="Ștefan Țurcanu")
    make_meeting(PersonFactory(), title="Întâlnire săptămânală")
    client = signed_in(bob())
    assert "Ștefan Țurcanu</span>" in page(client, "/search?q=stefan")
    assert "Întâlnire săptămânală</span>" in page(client, "/search?q=INTALNIRE")
