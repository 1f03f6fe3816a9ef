"""An executive's own page: who may open it, what it shows, and in whose name things are done there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from convenor.base.enums import Role, Scope
from convenor.base.models import AuditEntry
from convenor.events.actions.certificate import draw_up
from convenor.events.enums import Confidentiality, EventState, PartyRole
from convenor.events.models import Party, SignOff, Task
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking, Participation
from tests.factories import cast
from tests.factories.events import make_event, make_function
from tests.factories.people import DelegationFactory, MemberFactory, OrganisationFactory, OutsiderFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory
from tests.web.browsing import page, queries_of, sent, signed_in

THIS_WEEK = local("2026-11-25 10:00")


@pytest.fixture(autouse=True)
def _at_eight(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def member(name: str, **fields: object) -> Person:
    made = MemberFactory.create(email=f"{name.lower()}@example.org", name=name, **fields)
    assert isinstance(made, Person)
    return made


@pytest.fixture
def radu() -> Person:
    return member("Radu")


@pytest.fixture
def elena(radu: Person) -> Person:
    made = member("Elena")
    DelegationFactory.create(principal=radu, delegate=made)
    return made


def desk(of: Person) -> str:
    return reverse("desk", args=[of.pk])


def test_it_is_for_the_person_and_their_delegates(radu: Person, elena: Person) -> None:
    page(signed_in(radu), desk(radu))
    html = page(signed_in(elena), desk(radu))
    assert "is done in the name of Radu" in html
    page(signed_in(elena), desk(elena))
    for other in (cast.bob(), cast.alice(), member("Admin", user__role=Role.ADMINISTRATOR)):
        page(signed_in(other), desk(radu), 404)
    charlie = cast.charlie()
    page(signed_in(charlie), desk(radu), 404)
    page(signed_in(charlie), desk(charlie), 404)
    page(signed_in(radu), desk(elena), 404)


def test_who_may_only_see_decides_nothing(radu: Person) -> None:
    looker = member("Looker")
    DelegationFactory.create(principal=radu, delegate=looker, scope=Scope.SEE)
    make_meeting(cast.bob(), people=[radu], local_start=THIS_WEEK, title="Budget")
    html = page(signed_in(looker), desk(radu))
    assert "Budget" in html
    assert "but not decide for Radu" in html
    assert 'name="partstat"' not in html


def test_the_week_has_what_is_in_it_and_no_other(radu: Person) -> None:
    bob = cast.bob()
    make_meeting(bob, people=[radu], local_start=THIS_WEEK, title="Budget")
    make_meeting(bob, people=[radu], local_start=local("2026-12-02 10:00"), title="Strategy")
    make_meeting(bob, local_start=THIS_WEEK, title="Somebody else's")
    Participation.objects.update(partstat="accepted")
    html = page(signed_in(radu), desk(radu))
    assert "Budget" in html
    assert "Strategy" not in html
    assert "Somebody else" not in html
    html = page(signed_in(radu), f"{desk(radu)}?week=2026-12-06")
    assert "Strategy" in html
    assert "Budget" not in html
    for odd in ("nonsense", "0001-01-01", "9999-12-31", "2026-13-01"):
        assert "Budget" in page(signed_in(radu), f"{desk(radu)}?week={odd}")


def test_what_is_private_is_for_them_and_those_who_may_see_for_them(radu: Person, elena: Person) -> None:
    make_meeting(radu, people=[radu], local_start=THIS_WEEK, title="Doctor", is_private=True)
    assert "Doctor" in page(signed_in(radu), desk(radu))
    assert "Doctor" in page(signed_in(elena), desk(radu))
    page(signed_in(cast.bob()), desk(radu), 404)


def test_a_delegate_answers_in_the_principal_s_name(radu: Person, elena: Person) -> None:
    make_meeting(cast.bob(), people=[radu], local_start=THIS_WEEK, title="Budget")
    part = Participation.objects.get(person=radu)
    answer = reverse("today.answer", args=[part.occurrence_id])
    data = {"person_id": radu.pk, "partstat": "accepted", "desk": radu.pk}
    html = sent(signed_in(elena), answer, data)
    assert "Radu’s desk" in html
    entry = AuditEntry.objects.get(action="meeting.answered")
    assert (entry.actor_name, entry.on_behalf_of) == ("Elena", "Radu")
    html = sent(signed_in(elena), answer, data | {"desk": "1; drop"})
    assert "Radu’s desk</h1>" not in html


def test_it_gathers_what_needs_a_decision(radu: Person, elena: Person) -> None:
    alice = cast.alice()
    event = make_event(alice, sponsor=radu, title="Summit")
    draw_up(actor=cast.actor_of(alice), event_id=event.pk, now=NOW)
    make_event(
        alice,
        key="wish",
        sponsor=radu,
        title="A wish",
        state=EventState.ENQUIRY,
        starts_at=None,
        ends_at=None,
    )
    room = RoomFactory.create(approver=radu.user)
    make_meeting(cast.bob(), room=room, local_start=THIS_WEEK, title="In his room")
    Booking.objects.update(state=BookingState.PENDING)
    other = RoomFactory.create(approver=alice.user)
    make_meeting(cast.bob(email="b2@example.org"), room=other, local_start=THIS_WEEK, title="In her room")
    Booking.objects.update(state=BookingState.PENDING)
    Task.objects.create(event=event, key="t", title="Read it", owner=radu, due_on=NOW.date())
    Task.objects.create(event=event, key="u", title="Not his", owner=alice, due_on=NOW.date())
    html = page(signed_in(radu), desk(radu))
    assert "Go or no-go: Summit" in html
    assert "A wish" in html
    assert "In his room" in html
    assert "Read it" in html
    assert "3 things need a decision." in html
    assert "In her room" not in html
    assert "Not his" not in html
    html = page(signed_in(elena), desk(radu))
    assert "In his room" in html
    assert reverse("today.decide", args=[Booking.objects.get(room=room).pk]) not in html
    SignOff.objects.update(decision="go")
    assert "Go or no-go" not in page(signed_in(radu), desk(radu))


def test_briefs_say_who_where_and_why(radu: Person, elena: Person) -> None:
    alice = cast.alice()
    event = make_event(alice, sponsor=radu, title="Summit", objectives="Agree on the plan.")
    make_function(event, meeting={"room": RoomFactory.create(code="A1", name="Atlas")})
    guest = OutsiderFactory.create(
        email="ines@elsewhere.example",
        name="Ines",
        organisation=OrganisationFactory.create(name="Grid GmbH", is_own=False),
    )
    Party.objects.create(event=event, person=guest, role=PartyRole.CHAIR)
    make_event(
        alice,
        key="far",
        sponsor=radu,
        title="Far away",
        starts_at=NOW + timedelta(days=60),
        ends_at=NOW + timedelta(days=61),
    )
    make_event(alice, key="theirs", title="Not his")
    html = page(signed_in(radu), desk(radu))
    for words in ("Summit", "Agree on the plan.", "Atlas", "Ines (Grid GmbH)", "Ines is in the chair."):
        assert words in html
    assert "Far away" not in html
    assert "Not his" not in html


def test_a_delegate_is_not_briefed_on_what_they_may_not_see(radu: Person, elena: Person) -> None:
    """Who works for a principal sees what the principal is named in; nobody else's confidential events."""
    alice = cast.alice()
    make_event(alice, sponsor=radu, title="Merger", confidentiality=Confidentiality.CONFIDENTIAL)
    make_event(alice, key="hers", title="Secret", confidentiality=Confidentiality.CONFIDENTIAL)
    html = page(signed_in(elena), desk(radu))
    assert "Merger" in html
    assert "Secret" not in html


def test_three_of_everything_cost_what_one_costs(radu: Person) -> None:
    alice, client = cast.alice(), signed_in(radu)

    def more(number: int) -> None:
        event = make_event(alice, key=f"e{number}", sponsor=radu, title=f"Event {number}")
        make_function(event, meeting={"room": RoomFactory.create(), "people": [radu]})
        Party.objects.create(event=event, person=OutsiderFactory.create(email=f"o{number}@e.example"))
        Task.objects.create(event=event, key="t", title="Task", owner=radu, due_on=NOW.date())
        draw_up(actor=cast.actor_of(alice), event_id=event.pk, now=NOW)
        make_meeting(alice, people=[radu], local_start=THIS_WEEK, room=RoomFactory.create())

    more(1)
    one = queries_of(client, desk(radu))
    more(2)
    more(3)
    assert queries_of(client, desk(radu)) == one
