"""The directory, a person's page, and what people and coordinators change there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from convenor.base.enums import Scope
from convenor.people.models import Delegation, Leave, Person, WorkingException
from convenor.scheduling.models import Meeting
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import (
    DelegationFactory,
    DepartmentFactory,
    LeaveFactory,
    MemberFactory,
    PersonFactory,
    PersonNeedsFactory,
)
from tests.factories.scheduling import local, make_meeting
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
MONDAY = "2026-12-07 07:00Z"


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def test_the_directory_is_searched_and_narrowed() -> None:
    top = DepartmentFactory(name="Engineering")
    below = DepartmentFactory(name="Platform", parent=top)
    PersonFactory(name="Dora Low", department=below)
    PersonFactory(name="Emil Elsewhere", job_title="Buyer")
    PersonFactory(name="Fane Gone", is_active=False)
    client = signed_in(alice())
    everybody = page(client, "/people/")
    assert "Dora Low" in everybody
    assert "Fane Gone" not in everybody
    assert "Emil" not in page(client, f"/people/?department={top.pk}")
    assert "Dora Low" in page(client, f"/people/?department={top.pk}")
    assert "Emil" in page(client, "/people/?q=buy")
    assert "Fane Gone" in page(client, "/people/?left=on")
    assert "Emil" not in page(client, "/people/?kind=external")
    assert "<html" not in page(client, "/people/?q=emil", target="found")


@pytest.mark.parametrize("query", ["department=x", "kind=robot", "page=-4", "q=%00", "page=99999999999999"])
def test_a_directory_asked_for_nonsense_still_answers(query: str) -> None:
    assert "Bob" in page(signed_in(bob()), f"/people/?{query}")


def test_charlie_sees_themselves_and_whom_they_meet() -> None:
    outsider, met, stranger = charlie(), PersonFactory(name="Met Once"), PersonFactory(name="Stranger")
    make_meeting(met, people=[outsider])
    client = signed_in(outsider)
    text = page(client, "/people/")
    assert "Met Once" in text
    assert "Stranger" not in text
    page(client, f"/people/{stranger.pk}/", status=404)
    assert "Availability this week" not in page(client, f"/people/{met.pk}/")
    assert client.get("/people/suggest/?q=str").json() == []


def test_the_lists_take_the_same_queries_for_one_and_three() -> None:
    person, client = bob(), signed_in(alice())
    counted = []
    for number in range(3):
        PersonFactory(manager=person)
        make_meeting(PersonFactory(), people=[person], local_start=local(f"2026-12-08 {9 + number:02}:00"))
        counted.append((queries_of(client, "/people/"), queries_of(client, f"/people/{person.pk}/")))
    assert counted[0] == counted[2]


def test_a_persons_page_says_who_where_and_when() -> None:
    manager = PersonFactory(name="Mara Boss")
    person = bob(job_title="Engineer", manager=manager, zone="Europe/Lisbon", phone="+40 1")
    PersonFactory(name="Rita Report", manager=person)
    make_meeting(PersonFactory(), people=[person], title="Sprint review")
    make_meeting(
        PersonFactory(),
        people=[person],
        title="Merger",
        is_private=True,
        local_start=local("2026-12-08 10:00"),
    )
    LeaveFactory(person=person, starts_on="2026-12-10", ends_on="2026-12-11", kind="sick")
    text = page(signed_in(MemberFactory()), f"/people/{person.pk}/")
    for expected in (
        "Engineer",
        "Mara Boss",
        "Rita Report",
        "Sprint review",
        "Europe/Lisbon",
        "07:00",
        "tel:+401",
    ):
        assert expected in text
    assert "Merger" not in text, "a private meeting shows as busy"
    assert "Busy" in text
    assert "Sick" not in text, "the kind of leave is nobody else's business"
    assert "Thursday 10 December: Away" in text
    assert "Monday 7 December: free 11:00–19:00" in text, (
        "Lisbon's nine to five on Bucharest's clocks, less the meeting"
    )
    assert "Change</a>" not in text
    assert "Sick leave" in page(signed_in(person), f"/people/{person.pk}/")


def test_needs_are_for_the_person_and_those_who_look_after_meetings() -> None:
    person = bob()
    PersonNeedsFactory(person=person, dietary="No nuts")
    address = f"/people/{person.pk}/"
    assert "No nuts" not in page(signed_in(MemberFactory()), address)
    page(signed_in(MemberFactory()), f"{address}needs/", status=403)
    assert "No nuts" in page(signed_in(alice()), address)
    sent(signed_in(person), f"{address}needs/", {"dietary": "No fish 🐟", "step_free": "on"})
    assert "No fish 🐟" in page(signed_in(person), address)


def filled(person: Person, **changes: object) -> dict[str, object]:
    return {
        "name": person.name, "email": person.email, "kind": "staff", "organisation": person.organisation_id,
        "zone": person.zone, "seniority": 1,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zone": "Mars/Phobos"}, "Mars/Phobos"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "alice@example.org"}, "There is already a person with this e-mail."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": ""}, "This field is required."),
        ({"manager": "ghost@example.org"}, "There is nobody with the e-mail"),
        ({"kind": "external"}, "External people belong to another organisation"),
        ({"seniority": 9}, "not one of the available choices"),
    ],
)
def test_a_person_who_cannot_be_so_is_refused_at_the_field(changes: dict[str, object], sentence: str) -> None:
    client, person = signed_in(alice()), bob()
    text = sent(client, f"/people/{person.pk}/edit/", filled(person, **changes), status=422)
    assert sentence in text
    assert Person.objects.get(pk=person.pk).name == "Bob"


def test_a_coordinator_enters_and_changes_people_and_they_change_their_own_phone() -> None:
    coordinator = alice()
    client = signed_in(coordinator)
    new = filled(coordinator, name="Zoe 🙂 Nouă", email="zoe@example.org")
    assert "Zoe 🙂 Nouă" in sent(client, "/people/new/", new)
    person = bob()
    sent(client, f"/people/{person.pk}/edit/", filled(person, job_title="Chief"))
    own = signed_in(person)
    sent(own, f"/people/{person.pk}/edit/", {"phone": "112", "zone": "Europe/Lisbon", "job_title": "King"})
    person.refresh_from_db()
    assert (person.job_title, person.phone, person.zone) == ("Chief", "112", "Europe/Lisbon")
    page(own, f"/people/{coordinator.pk}/edit/", status=403)
    page(own, "/people/new/", status=403)


def test_whoever_leaves_hands_over_first() -> None:
    person, successor = bob(), PersonFactory(name="Suzana Next")
    DepartmentFactory(name="Payments", leader=person)
    make_meeting(person, people=[person], title="Sprint review")
    client, address = signed_in(alice()), f"/people/{person.pk}/deactivate/"
    assert "organises “Sprint review”" in (text := page(client, address))
    assert "leads Payments" in text
    assert "be deactivated yet. Hand over first:" in sent(client, address, {}, status=422)
    assert "There is nobody" in sent(client, address, {"hand_over_to": "x@y.z"}, status=422)
    sent(client, address, {"hand_over_to": successor.email})
    person.refresh_from_db()
    assert not person.is_active
    assert Meeting.objects.get().organiser == successor
    sent(client, f"/people/{person.pk}/reactivate/", {})
    assert Person.objects.get(pk=person.pk).is_active
    page(signed_in(MemberFactory()), address, status=403)


def test_hours_are_set_by_the_week() -> None:
    person = bob()
    client, address = signed_in(person), f"/people/{person.pk}/hours/"
    refused = sent(client, address, {"from_0_0": "17:00", "until_0_0": "09:00"}, status=422)
    assert "is not after" in refused
    assert "Give both times, or none." in sent(client, address, {"from_0_0": "09:00"}, status=422)
    text = sent(
        client,
        address,
        {"from_0_0": "10:00", "until_0_0": "14:00", "from_1_0": "10:00", "until_1_0": "14:00"},
    )
    assert "Monday – Tuesday" in text
    assert "10:00–14:00" in text
    page(signed_in(MemberFactory()), address, status=403)
    assert person.working_hours.count() == 2


def test_days_with_other_hours_come_and_go() -> None:
    person = bob()
    client, address = signed_in(person), f"/people/{person.pk}/exceptions/"
    assert "must end after they start" in sent(
        client, address, {"day": "2026-12-08", "starts": "12:00", "ends": "11:00"}, status=422
    )
    assert "day off" in sent(client, address, {"day": "2026-12-08", "note": "Moving house"})
    row = WorkingException.objects.get()
    sent(client, f"{address}{row.pk}/remove/", {})
    assert not WorkingException.objects.exists()


def test_leave_comes_and_goes() -> None:
    person = bob()
    client, address = signed_in(person), f"/people/{person.pk}/leave/"
    data = {"starts_on": "2026-12-14", "ends_on": "2026-12-12", "kind": "holiday"}
    assert "Leave must not end before it starts." in sent(client, address, data, status=422)
    assert "14 Dec" in sent(client, address, data | {"ends_on": "2026-12-18"})
    row = Leave.objects.get()
    page(signed_in(MemberFactory()), address, status=403)
    sent(client, f"{address}{row.pk}/withdraw/", {})
    assert not Leave.objects.exists()


def test_a_delegate_is_made_and_unmade_by_the_principal() -> None:
    principal, delegate = bob(), MemberFactory(name="Dela Gate")
    client, address = signed_in(principal), f"/people/{principal.pk}/delegates/"
    data = {"delegate": principal.email, "scope": Scope.ACT, "starts_on": "2026-12-01"}
    assert "Nobody can be their own delegate." in sent(client, address, data, status=422)
    assert "Dela Gate" in sent(client, address, data | {"delegate": delegate.email})
    sent(signed_in(delegate), address, data | {"delegate": delegate.email}, status=403)
    row = Delegation.objects.get()
    sent(client, f"{address}{row.pk}/withdraw/", {})
    assert not Delegation.objects.exists()


def test_an_outsider_withdraws_nothing_of_others() -> None:
    row = DelegationFactory()
    sent(signed_in(charlie()), f"/people/{row.principal_id}/delegates/{row.pk}/withdraw/", {}, status=404)
    assert Delegation.objects.exists()


def test_one_person_is_named_in_a_field_for_one() -> None:
    person, other = bob(), PersonFactory(name="Mara Boss")
    client, address = signed_in(alice()), f"/people/{person.pk}/edit/"
    both = filled(person, manager=f"{other.email}, alice@example.org")
    assert "Name one person." in sent(client, address, both, status=422)
    sent(client, address, filled(person, manager=f"{other.email}, "))
    assert "{&quot;" + other.email + "&quot;: &quot;Mara Boss&quot;}" in page(client, address)
