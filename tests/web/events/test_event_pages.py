"""An event's own pages: overview, form, states, people."""

import re
from datetime import date, timedelta

import pytest

from convenor.events.enums import Confidentiality, EventState, PartyRole
from convenor.events.models import Contact, Event, Party
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import make_meeting
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice, expected_count=40, objectives="Agree on the year")


def test_the_overview_says_what_it_is_and_what_it_lacks(alice: Person, event: Event) -> None:
    shown = page(signed_in(alice), f"/events/{event.pk}/")
    for text in ("Away day", "Planning", "Agree on the year", "Within a department"):
        assert text in shown
    shown = page(signed_in(alice), f"/events/{event.pk}/progress/", target="progress")
    assert "<html" not in shown
    assert "To “Confirmed”" in shown
    assert "Its programme is empty: add at least one function." in shown
    assert "Postpone…" not in shown  # it stands in the menu beside it
    shown = page(signed_in(alice), f"/events/{event.pk}/progress/")
    assert shown.count("Postpone…") == shown.count("Cancel…") == 1


def test_the_next_step_is_one_button(alice: Person, event: Event) -> None:
    make_function(event)
    client = signed_in(alice)
    shown = page(client, f"/events/{event.pk}/progress/")
    assert "Nothing is missing." in shown
    data = {"to": "confirmed", "version": 1}
    assert "“Away day” is now: Confirmed." in sent(client, f"/events/{event.pk}/state/", data)
    assert Event.objects.get().state == EventState.CONFIRMED
    assert "Somebody else has changed" in sent(
        client, f"/events/{event.pk}/state/", data | {"to": "planning"}
    )
    assert Event.objects.get().state == EventState.CONFIRMED


def test_a_refusal_says_all_that_is_missing(alice: Person) -> None:
    event = make_event(alice, state=EventState.DEBRIEF)
    event.tasks.create(key="thank", title="Thank")
    said = sent(signed_in(alice), f"/events/{event.pk}/state/", {"to": "closed", "version": 1})
    assert "1 task is neither done nor dropped. Say how many people came." in said
    said = sent(signed_in(alice), f"/events/{event.pk}/state/", {"to": "nonsense"})
    assert "nothing was changed" in said


def test_the_staff_look_and_outsiders_see_nothing(event: Event) -> None:
    bob, charlie = signed_in(cast.bob()), signed_in(cast.charlie())
    shown = page(bob, f"/events/{event.pk}/")
    assert "/edit/" not in shown
    assert "/state/" not in page(bob, f"/events/{event.pk}/progress/")
    assert bob.get(f"/events/{event.pk}/edit/").status_code == 403
    assert bob.post(f"/events/{event.pk}/state/", {"to": "cancelled", "version": 1}).status_code == 403
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    pages = ("", "progress/", "edit/", "people/", "people/seating/", "contacts/")
    for client, statuses in ((charlie, {403, 404}), (bob, {404})):
        assert {client.get(f"/events/{event.pk}/{each}").status_code for each in pages} <= statuses
    assert charlie.get("/events/new/").status_code == 403


def filled(alice: Person, **fields: object) -> dict[str, object]:
    values = {
        "title": "Workshop",
        "owner_id": alice.email,
        "zone": "Europe/Bucharest",
        "starts": "2026-12-07T09:00",
        "ends": "2026-12-07T17:00",
        "priority": "2",
        "confidentiality": "",
    }
    return values | fields


def test_a_new_event(alice: Person) -> None:
    policy = 'title = { en = "Workshop", ro = "Atelier" }\nconfidentiality = "restricted"\n'
    version, client = make_class("workshop", policy), signed_in(alice)
    assert 'value="alice@example.org"' in page(client, "/events/new/?class=workshop")
    shown = sent(client, "/events/new/", filled(alice, class_version_id=version.pk))
    assert "“Workshop” is on the list." in shown
    event = Event.objects.get()
    assert (event.title, event.owner, event.confidentiality) == (
        "Workshop",
        alice,
        Confidentiality.RESTRICTED,
    )


def test_a_new_event_that_cannot_be(alice: Person) -> None:
    version, client = make_class(), signed_in(alice)
    data = filled(alice, class_version_id=version.pk, ends="2026-12-07T08:00", guaranteed_count=5)
    shown = sent(client, "/events/new/", data | {"expected_count": 4, "zone": "Mars/Base"}, 422)
    assert "Mars/Base" in shown
    shown = sent(client, "/events/new/", data | {"expected_count": 4}, 422)
    assert "An event must end after it starts." in shown
    assert "More guaranteed than expected: at most 4." in shown
    assert not Event.objects.exists()


def test_what_others_changed_meanwhile_is_shown_in_names(alice: Person, event: Event) -> None:
    client, bob = signed_in(alice), cast.bob()
    assert 'name="version" value="1"' in page(client, f"/events/{event.pk}/edit/")
    first = filled(alice, version=1, confidentiality=2, ends="2026-12-08T17:00", sponsor_id=bob.email)
    assert "Saved." in sent(client, f"/events/{event.pk}/edit/", first)
    second = filled(alice, version=1, confidentiality=2, ends="2026-12-08T17:00", title="Mine")
    shown = sent(client, f"/events/{event.pk}/edit/", second, 422)
    assert "Somebody else has changed" in shown
    assert "Bob" in shown
    assert Event.objects.get().title == "Workshop"
    (version,) = set(re.findall(r'name="version" value="(\d+)"', shown))
    assert "Saved." in sent(client, f"/events/{event.pk}/edit/", second | {"version": version})
    assert Event.objects.get().title == "Mine"


def test_no_two_fields_have_one_name(alice: Person, event: Event) -> None:
    """Adding people and looking for them both ask for a role: a label must lead to its own."""
    shown = page(signed_in(alice), f"/events/{event.pk}/people/")
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


def test_people_come_on_change_and_go_off(alice: Person, event: Event) -> None:
    client, bob, charlie = signed_in(alice), cast.bob(), cast.charlie()
    address = f"/events/{event.pk}/people/"
    assert "Nobody is on the list yet" in page(client, address)
    emails = f"{bob.email}, {charlie.email}"
    said = sent(client, f"{address}add/", {"people": emails, "role": "guest"})
    assert "2 people came on the list." in said
    data = {"role": "chair", "precedence": 1, "host_id": bob.email, "arrives": "2026-12-07T08:30"}
    said = sent(client, f"{address}{charlie.pk}/", data | {"needs_badge": "on", "note": "Auditor"})
    assert "Auditor" in said
    assert Party.objects.get(person=charlie).role == PartyRole.CHAIR
    refusal = sent(client, f"{address}{bob.pk}/", {"role": "chair"}, 422)
    assert "An event has one chair" in refusal
    assert "Bob" in page(client, f"{address}?q=bo", target="found")
    found = page(client, f"{address}?outside=on", target="found")
    assert ("Charlie" in found, f"/people/{bob.pk}/" in found) == (True, False)
    assert "Nobody found" in page(client, f"{address}?q=xyz")
    assert "Taken off" in sent(client, f"{address}{bob.pk}/remove/", {})
    assert Party.objects.get().person == charlie
    assert "There is nobody" in sent(
        client, f"{address}add/", {"people": "no@body.example", "role": "guest"}, 422
    )


def test_how_people_sit(alice: Person, event: Event) -> None:
    for name, role, precedence, seniority in (
        ("Last", "participant", None, 1),
        ("Lead", "participant", None, 4),
        ("Second", "guest", 2, 1),
        ("Chair", "chair", None, 1),
        ("Helper", "staff", 1, 5),
    ):
        person = PersonFactory.create(name=name, seniority=seniority)
        Party.objects.create(event=event, person=person, role=role, precedence=precedence)
    shown = page(signed_in(alice), f"/events/{event.pk}/people/seating/")
    assert re.findall(r"<li><strong>(\w+)</strong>", shown) == ["Chair", "Second", "Lead", "Last"]


def test_who_works_for_it(alice: Person, event: Event) -> None:
    client, charlie = signed_in(alice), cast.charlie()
    shown = sent(client, f"/events/{event.pk}/contacts/", {"catering": charlie.email})
    assert "Catering · Elsewhere" in shown
    assert Contact.objects.get().person == charlie
    assert "Charlie" in page(client, f"/events/{event.pk}/")
    assert 'value="charlie@elsewhere.example"' in page(client, f"/events/{event.pk}/contacts/")


def test_pages_take_as_many_queries_whatever_the_size(alice: Person, event: Event) -> None:
    client = signed_in(alice)

    def fill(number: int) -> None:
        for _each in range(number):
            make_function(event)
            Party.objects.create(event=event, person=PersonFactory.create())
            Contact.objects.create(event=event, person=PersonFactory.create(), service="av")

    fill(1)
    few = [queries_of(client, f"/events/{event.pk}/{each}") for each in ("", "progress/", "people/")]
    fill(2)
    assert [queries_of(client, f"/events/{event.pk}/{each}") for each in ("", "progress/", "people/")] == few
    assert few[0] <= 20


def test_the_next_tasks_are_shown_the_earliest_first(alice: Person, event: Event) -> None:
    for number in range(7):
        due_on = date(2026, 11, 30) - timedelta(days=number)
        event.tasks.create(key=f"task-{number}", title=f"Task {number}", due_on=due_on, owner=alice)
    event.tasks.filter(key="task-6").update(state="dropped")
    shown = page(signed_in(alice), f"/events/{event.pk}/").partition('id="next-tasks"')[2]
    assert re.findall(r">(Task \d)<", shown) == [f"Task {number}" for number in (5, 4, 3, 2, 1)]


def test_a_meeting_becomes_an_event_and_says_so(alice: Person) -> None:
    occurrence = make_meeting(alice).meeting.occurrences.get()
    version, client = make_class(), signed_in(alice)
    address = f"/meetings/occurrences/{occurrence.pk}/"
    assert f"{address}promote/" in page(client, address)
    said = sent(client, f"{address}promote/", {"class_version_id": version.pk})
    assert "“Sprint review” is an event now" in said
    event = Event.objects.get()
    shown = page(client, address)
    assert f'<a href="/events/{event.pk}/">Sprint review</a>' in shown
    assert "promote/" not in shown
    refusal = sent(client, f"{address}promote/", {"class_version_id": version.pk}, 422)
    assert "belongs to an event already" in refusal
    assert signed_in(cast.bob()).get(f"{address}promote/").status_code in {403, 404}


def test_the_search_box_finds_events_that_one_may_see(alice: Person, event: Event) -> None:
    make_event(alice, title="Away in secret", confidentiality=Confidentiality.CONFIDENTIAL)
    assert "Away in secret" in page(signed_in(alice), "/search?q=away")
    found = page(signed_in(cast.bob()), "/search?q=away")
    assert f'href="/events/{event.pk}/"' in found
    assert "in secret" not in found
    assert f"/events/{event.pk}/" not in page(signed_in(cast.charlie()), "/search?q=away")


def test_no_class_is_chosen_beforehand(alice: Person) -> None:
    make_class()
    assert '<option value="" selected>Choose a class</option>' in page(signed_in(alice), "/events/new/")
    sent(signed_in(alice), "/events/new/", filled(alice, class_version_id=""), 422)
    assert not Event.objects.exists()
