"""Who takes part in an event and who works for it; functions for everybody follow."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.parties import (
    add_parties,
    add_party,
    remove_party,
    set_contacts,
    set_parties,
)
from convenor.events.drafts import ContactDraft, PartyDraft
from convenor.events.enums import EventState, OwnerRole, PartyRole, Service
from convenor.events.models import Contact, Event, Function, Party
from convenor.events.queries.drafts import contact_drafts_of, party_drafts_of
from convenor.events.queries.people_of import persons_by_role
from convenor.people.models import Department, Person
from convenor.scheduling.models import Participation
from tests.factories import cast
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import DepartmentFactory, PersonFactory
from tests.factories.scheduling import check_house, local

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice)


@pytest.fixture
def plenary(event: Event) -> Function:
    return make_function(event, is_for_all=True)


def asked_to(function: Function) -> dict[str, str]:
    rows = Participation.objects.filter(occurrence=function.occurrence_id)
    return {name: role for name, role in rows.values_list("person__name", "role") if name != "Alice"}


def test_who_comes_on_is_asked_and_who_goes_off_is_not(
    alice: Person, event: Event, plenary: Function
) -> None:
    own = make_function(event)
    bob, actor = cast.bob(), cast.actor_of(alice)
    add_party(actor=actor, event_id=event.pk, draft=PartyDraft(bob.pk, PartyRole.OPTIONAL), now=NOW)
    assert asked_to(plenary) == {"Bob": "optional"}
    assert asked_to(own) == {}
    assert OutboxMessage.objects.filter(kind="invitation", payload__person_ids=[bob.pk]).exists()
    remove_party(actor=actor, event_id=event.pk, person_id=bob.pk, now=NOW)
    assert (asked_to(plenary), Party.objects.count()) == ({}, 0)
    check_house()


def test_who_was_asked_by_name_stays_when_taken_off(alice: Person, event: Event) -> None:
    bob, carol = cast.bob(), PersonFactory.create(name="Carol")
    function = make_function(event, is_for_all=True, meeting={"people": [carol]})
    actor = cast.actor_of(alice)
    drafts = [PartyDraft(bob.pk), PartyDraft(carol.pk, PartyRole.GUEST)]
    set_parties(actor=actor, event_id=event.pk, drafts=drafts, now=NOW)
    assert asked_to(function) == {"Bob": "required", "Carol": "required"}
    set_parties(actor=actor, event_id=event.pk, drafts=[], now=NOW)
    assert asked_to(function) == {"Carol": "required"}


def test_what_is_over_asks_nobody(alice: Person, event: Event, plenary: Function) -> None:
    later = datetime.fromisoformat("2026-12-07T09:00:00+00:00")
    add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=PartyDraft(cast.bob().pk), now=later)
    assert asked_to(plenary) == {}


def test_the_list_is_what_was_set(alice: Person, event: Event) -> None:
    bob, charlie = cast.bob(), cast.charlie()
    drafts = [
        PartyDraft(bob.pk, PartyRole.CHAIR, precedence=1),
        PartyDraft(
            charlie.pk,
            PartyRole.GUEST,
            precedence=2,
            host_id=bob.pk,
            arrives=local("2026-12-07 08:30"),
            needs_badge=True,
            note="Needs a parking space",
        ),
    ]
    set_parties(actor=cast.actor_of(alice), event_id=event.pk, drafts=drafts, now=NOW)
    assert party_drafts_of(event) == drafts
    keys = set(Party.objects.values_list("pk", flat=True))
    set_parties(actor=cast.actor_of(alice), event_id=event.pk, drafts=drafts, now=NOW)
    assert set(Party.objects.values_list("pk", flat=True)) == keys
    assert AuditEntry.objects.filter(action="event.people_changed").count() == 1


def test_the_chair_can_be_handed_on_at_once(alice: Person, event: Event, plenary: Function) -> None:
    bob, carol = cast.bob(), PersonFactory.create(name="Carol")
    actor = cast.actor_of(alice)
    first = [PartyDraft(bob.pk, PartyRole.CHAIR), PartyDraft(carol.pk)]
    set_parties(actor=actor, event_id=event.pk, drafts=first, now=NOW)
    second = [PartyDraft(bob.pk), PartyDraft(carol.pk, PartyRole.CHAIR)]
    set_parties(actor=actor, event_id=event.pk, drafts=second, now=NOW)
    assert asked_to(plenary) == {"Bob": "required", "Carol": "chair"}


@pytest.mark.parametrize(
    ("draft", "field", "says"),
    [
        ({"host_id": "charlie"}, "host_id", "Charlie is from outside; visitors are received by the staff."),
        ({"person_id": "gone"}, "person_id", "Gone is no longer active."),
        ({"person_id": 10**9}, "person_id", "There is no such person."),
        ({"precedence": 0}, "precedence", "Precedence goes from 1 to 9999."),
        ({"note": "x" * 201}, "note", "At most 200 characters."),
        ({"note": "a\x00"}, "note", "Character 2 is one that can't be kept (U+0000)."),
        ({"arrives": "2026-12-09 08:00"}, "arrives", "Bob can't arrive after the event is over."),
        ({"arrives": "2025-12-07 08:00"}, "arrives", "Bob can't arrive so long before the event."),
        ({"role": "chair"}, "role", "An event has one chair; named are: Ada, Bob."),
    ],
)
def test_what_is_wrong_with_somebody(
    alice: Person, event: Event, draft: dict[str, object], field: str, says: str
) -> None:
    people = {
        "bob": cast.bob().pk,
        "charlie": cast.charlie().pk,
        "gone": PersonFactory.create(name="Gone", is_active=False).pk,
    }
    chair = PartyDraft(PersonFactory.create(name="Ada").pk, PartyRole.CHAIR)
    add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=chair, now=NOW)
    values = {"person_id": people["bob"], **draft}
    values = {
        name: people.get(value, value) if isinstance(value, str) else value for name, value in values.items()
    }
    if "arrives" in draft:
        values["arrives"] = local(str(draft["arrives"]))
    with pytest.raises(ValidationError) as caught:
        add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=PartyDraft(**values), now=NOW)
    assert caught.value.message_dict == {field: [says]}
    assert Party.objects.count() == 1


def test_only_those_who_run_it_change_the_list(alice: Person, event: Event) -> None:
    bob = cast.bob()
    for actor, error in (
        (cast.actor_of(bob), Refused),
        (cast.actor_of(cast.charlie()), Event.DoesNotExist),
    ):
        with pytest.raises(error):
            add_party(actor=actor, event_id=event.pk, draft=PartyDraft(bob.pk), now=NOW)
    Event.objects.update(owner=bob)
    add_party(actor=cast.actor_of(bob), event_id=event.pk, draft=PartyDraft(alice.pk), now=NOW)
    assert Party.objects.get().person == alice


def test_a_member_of_staff_in_charge_changes_functions_of_others(event: Event, plenary: Function) -> None:
    """The functions' meetings are the former coordinator's: who runs the event may change them all the same."""
    bob = cast.bob()
    Event.objects.update(owner=bob)
    carol = PersonFactory.create(name="Carol")
    add_party(actor=cast.actor_of(bob), event_id=event.pk, draft=PartyDraft(carol.pk), now=NOW)
    assert asked_to(plenary) == {"Carol": "required"}


def test_an_event_that_is_over_or_postponed_keeps_its_list(
    alice: Person, event: Event, plenary: Function
) -> None:
    draft = PartyDraft(cast.bob().pk)
    for state in (EventState.CLOSED, EventState.POSTPONED):
        Event.objects.update(state=state)
        with pytest.raises(ValidationError):
            add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=draft, now=NOW)
    assert not Party.objects.exists()
    assert asked_to(plenary) == {}


def test_many_come_on_at_once_and_nobody_twice(alice: Person, event: Event, plenary: Function) -> None:
    people = [PersonFactory.create() for _ in range(5)]
    actor = cast.actor_of(alice)
    add_party(actor=actor, event_id=event.pk, draft=PartyDraft(people[0].pk, PartyRole.CHAIR), now=NOW)
    drafts = [PartyDraft(each.pk) for each in people]
    assert add_parties(actor=actor, event_id=event.pk, drafts=drafts, now=NOW) == 4
    assert len(asked_to(plenary)) == 5
    assert party_drafts_of(event)[0].role == PartyRole.CHAIR


def test_contacts_are_what_was_set(alice: Person, event: Event) -> None:
    bob, charlie = cast.bob(), cast.charlie()
    drafts = [ContactDraft(Service.AV, bob.pk), ContactDraft(Service.CATERING, charlie.pk)]
    set_contacts(actor=cast.actor_of(alice), event_id=event.pk, drafts=drafts, now=NOW)
    assert contact_drafts_of(event) == drafts
    set_contacts(actor=cast.actor_of(alice), event_id=event.pk, drafts=drafts[:1], now=NOW)
    assert Contact.objects.get().person == bob
    with pytest.raises(ValidationError, match="named twice"):
        set_contacts(actor=cast.actor_of(alice), event_id=event.pk, drafts=drafts[:1] * 2, now=NOW)
    with pytest.raises(Refused):
        set_contacts(actor=cast.actor_of(bob), event_id=event.pk, drafts=[], now=NOW)


def test_who_is_meant_by_a_role(alice: Person, event: Event) -> None:
    bob, charlie, leader = cast.bob(), cast.charlie(), PersonFactory.create(name="Leader")
    department = DepartmentFactory.create(leader=leader)
    assert isinstance(department, Department)
    Event.objects.update(sponsor=bob, host_department=department)
    Party.objects.create(event=event, person=bob, role=PartyRole.CHAIR)
    Party.objects.create(event=event, person=alice, role=PartyRole.STAFF)
    Contact.objects.create(event=event, service=Service.CATERING, person=charlie)
    found = persons_by_role(Event.objects.get())
    named = {role: people for role, people in found.items() if people}
    assert named == {
        OwnerRole.OWNER: [alice.pk],
        OwnerRole.SPONSOR: [bob.pk],
        OwnerRole.DEPARTMENT_LEADER: [leader.pk],
        OwnerRole.CHAIR: [bob.pk],
        OwnerRole.PARTICIPANTS: [bob.pk],
        OwnerRole.CATERING: [charlie.pk],
    }
    assert set(found) == set(OwnerRole)
