"""Who may read which event."""

import pytest

from convenor.base.actor import Actor
from convenor.events.enums import Confidentiality, PartyRole
from convenor.events.models import Event, Party
from convenor.events.queries.visibility import event_for, events_seen_by
from convenor.people.models import Department, Person
from tests.factories import cast
from tests.factories.events import make_event, make_function
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.django_db


def seen(person: Person) -> set[str]:
    return set(events_seen_by(cast.actor_of(person)).values_list("title", flat=True))


@pytest.fixture
def department() -> Department:
    made = DepartmentFactory.create()
    assert isinstance(made, Department)
    return made


@pytest.fixture
def events(department: Department) -> dict[str, Event]:
    owner = cast.alice()
    return {
        each.name: make_event(owner, title=each.name, confidentiality=each, host_department=department)
        for each in Confidentiality
    }


def test_a_coordinator_sees_all(events: dict[str, Event]) -> None:
    assert seen(events["OPEN"].owner) == set(events)


def test_the_staff_see_open_and_internal_ones(events: dict[str, Event]) -> None:
    assert seen(cast.bob()) == {"OPEN", "INTERNAL"}


def test_members_of_the_departments_see_restricted_ones(
    events: dict[str, Event], department: Department
) -> None:
    assert seen(cast.bob(department=department)) == {"OPEN", "INTERNAL", "RESTRICTED"}


@pytest.mark.parametrize("as_what", ["sponsor", "budget_holder"])
def test_who_is_named_sees_confidential_ones(events: dict[str, Event], as_what: str) -> None:
    bob = cast.bob()
    Event.objects.filter(title="CONFIDENTIAL").update(**{as_what: bob})
    assert seen(bob) == {"OPEN", "INTERNAL", "CONFIDENTIAL"}


def test_who_is_on_the_list_or_in_a_function_sees_it(events: dict[str, Event]) -> None:
    bob = cast.bob()
    Party.objects.create(event=events["CONFIDENTIAL"], person=bob, role=PartyRole.OPTIONAL)
    make_function(events["RESTRICTED"], meeting={"people": [bob]})
    assert seen(bob) == set(events)


def test_somebody_from_outside_sees_none(events: dict[str, Event]) -> None:
    charlie = cast.charlie()
    Party.objects.create(event=events["OPEN"], person=charlie, role=PartyRole.GUEST)
    assert seen(charlie) == set()
    assert not events_seen_by(Actor.nobody()).exists()


def test_one_that_may_not_be_read_does_not_exist(events: dict[str, Event]) -> None:
    with pytest.raises(Event.DoesNotExist):
        event_for(cast.actor_of(cast.charlie()), events["OPEN"].pk)
