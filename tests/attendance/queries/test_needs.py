"""Who counts among those who come, what is counted, and who reads names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import AccessNeed, Diet, SeatState
from convenor.attendance.models import Registration, RegistrationNeeds, Roll
from convenor.attendance.queries.needs import needs_for, needs_of, needs_of_roll, who_needs_what
from convenor.attendance.queries.sheet_contents import sheet_contents_of
from convenor.attendance.rules.needs import NO_COUNTS, NeedCounts
from convenor.base.actor import Refused
from convenor.events.models import Event, Function
from convenor.people.models import Person
from convenor.scheduling.enums import OccurrenceState, PartStat
from convenor.scheduling.models import Participation
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.factories.people import PersonFactory, PersonNeedsFactory

pytestmark = pytest.mark.django_db
ONE_VEGAN = NeedCounts(diets=((Diet.VEGAN, 1),))


def hungry(event: Event, *diets: Diet, dietary: str = "", **fields: Any) -> Registration:
    """A registration of somebody who said what they eat."""
    row = make_registration(event, **fields)
    RegistrationNeeds.objects.create(registration=row, diets=list(diets), dietary=dietary)
    return row


def asked(function: Function, person: Person, partstat: PartStat = PartStat.ACCEPTED) -> None:
    occurrence = function.occurrence
    Participation.objects.create(
        occurrence=occurrence,
        person=person,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        partstat=partstat,
    )


def dinner(**fields: Any) -> tuple[Event, Function, Roll]:
    event = make_event(alice())
    function = make_function(event, catering="Dinner", **fields)
    return event, function, make_roll(event, function=function)


@pytest.mark.parametrize(
    ("state", "counts"),
    [(state, state in {"held", "confirmed", "offered", "checked_in"}) for state in SeatState],
)
def test_a_seat_counts_while_it_takes_a_place(state: SeatState, counts: bool) -> None:
    event, function, roll = dinner()
    make_seat(roll, state, registration=hungry(event, Diet.VEGAN))
    assert needs_of([function.pk]) == ({function.pk: ONE_VEGAN} if counts else {})
    assert needs_of_roll(roll) == (ONE_VEGAN if counts else NO_COUNTS)


def test_what_the_directory_knows_counts_for_whoever_said_nothing() -> None:
    event, function, roll = dinner()
    silent, talker = PersonFactory.create(), PersonFactory.create()
    PersonNeedsFactory.create(person=silent, dietary="Vegan", step_free=True)
    PersonNeedsFactory.create(person=talker, dietary="Halal", access="Hearing loop")
    make_seat(roll, registration=make_registration(event, person=silent))
    make_seat(roll, registration=hungry(event, Diet.KOSHER, person=talker))
    assert needs_of([function.pk])[function.pk] == NeedCounts(
        diets=((Diet.VEGAN, 1), (Diet.KOSHER, 1)),
        access=((AccessNeed.STEP_FREE, 1), (AccessNeed.HEARING, 1)),
    ), "of food what was said here, of access what is known, since nothing was said"


@pytest.mark.parametrize(
    ("partstat", "counts"),
    [
        (PartStat.ACCEPTED, True),
        (PartStat.NEEDS_ACTION, True),
        (PartStat.TENTATIVE, True),
        (PartStat.DECLINED, False),
    ],
)
def test_who_is_asked_to_the_meeting_counts_unless_they_declined(partstat: PartStat, counts: bool) -> None:
    event = make_event(alice())
    function, person = make_function(event), PersonFactory.create()
    PersonNeedsFactory.create(person=person, dietary="vegan")
    asked(function, person, partstat)
    assert needs_of([function.pk]) == ({function.pk: ONE_VEGAN} if counts else {})


@pytest.mark.parametrize(("state", "counts"), [(SeatState.CONFIRMED, 1), (SeatState.CANCELLED, 0)])
def test_whoever_has_a_seat_counts_by_the_seat_and_once(state: SeatState, counts: int) -> None:
    event, function, roll = dinner()
    person = PersonFactory.create()
    PersonNeedsFactory.create(person=person, dietary="vegan")
    asked(function, person)
    make_seat(roll, state, registration=make_registration(event, person=person))
    assert dict(needs_of([function.pk]).get(function.pk, NO_COUNTS).diets).get(Diet.VEGAN, 0) == counts


def test_who_is_asked_and_registered_elsewhere_has_said_it_there() -> None:
    event, function, _roll = dinner()
    person = PersonFactory.create()
    PersonNeedsFactory.create(person=person, dietary="halal")
    hungry(event, Diet.VEGAN, person=person)
    asked(function, person)
    assert needs_of([function.pk]) == {function.pk: ONE_VEGAN}
    other = make_function(make_event(event.owner))
    asked(other, person)
    assert needs_of([other.pk]) == {other.pk: NeedCounts(diets=((Diet.HALAL, 1),))}, (
        "of one event nothing is taken to another"
    )


def test_a_function_for_everybody_counts_the_events_roll_unless_it_has_its_own() -> None:
    event, own, own_roll = dinner(is_for_all=True)
    whole = make_roll(event)
    for_all, for_some = make_function(event, is_for_all=True), make_function(event)
    make_seat(whole, registration=hungry(event, Diet.VEGAN))
    make_seat(own_roll, registration=hungry(event, Diet.HALAL))
    assert needs_of([own.pk, for_all.pk, for_some.pk]) == {
        own.pk: NeedCounts(diets=((Diet.HALAL, 1),)),
        for_all.pk: ONE_VEGAN,
    }


def test_what_does_not_take_place_needs_nothing() -> None:
    event, function, roll = dinner()
    make_seat(roll, registration=hungry(event, Diet.VEGAN))
    function.occurrence.state = OccurrenceState.CANCELLED
    function.occurrence.save()
    assert needs_of([function.pk]) == {}
    assert sheet_contents_of([function.pk]) == {}


def test_a_sheet_says_how_many_but_neither_who_nor_in_whose_words() -> None:
    event, function, roll = dinner()
    Roll.objects.filter(pk=roll.pk).update(guaranteed=40)
    make_seat(roll, registration=hungry(event, Diet.VEGAN, dietary="No celery, says Zoe", name="Zoe"))
    make_seat(roll, SeatState.NO_SHOW)
    make_seat(roll, SeatState.OFFERED, registration=hungry(event, Diet.VEGAN))
    walker = make_registration(event)
    RegistrationNeeds.objects.create(
        registration=walker, access=["hearing", "step_free"], access_text="Her dog"
    )
    make_seat(roll, registration=walker)
    said = sheet_contents_of([function.pk])[function.pk]
    assert said == {
        "count": {"expected": 4, "guaranteed": 40, "counted_on": "function"},
        "catering": {"diets": [["vegan", 2], ["other", 1]]},
        "av": {"access": [["hearing", 1]]},
        "facility": {"access": [["step_free", 1], ["hearing", 1], ["other", 1]]},
    }, "who stayed away was expected, and so is who is offered a seat"
    assert json.loads(json.dumps(said)) == said
    assert not {"Zoe", "celery", "dog"} & set(json.dumps(said).replace('"', " ").split())


def test_names_are_for_those_who_run_the_event() -> None:
    event, function, roll = dinner()
    person = PersonFactory.create(name="Dan")
    PersonNeedsFactory.create(person=person, dietary="vegan")
    asked(function, person)
    make_seat(roll, registration=hungry(event, Diet.HALAL, name="Ana", dietary="No pork"))
    assert [(each.name, each.needs.diets) for each in who_needs_what(actor_of(event.owner), roll)] == [
        ("Ana", (Diet.HALAL,)),
        ("Dan", (Diet.VEGAN,)),
    ]
    for stranger in (bob(), charlie()):
        for ask in (who_needs_what, needs_for):
            with pytest.raises(Refused):
                ask(actor_of(stranger), roll)


def test_what_only_the_directory_knows_is_not_lent_to_who_may_not_see_it_there() -> None:
    runner = bob()
    event = make_event(runner)
    function = make_function(event)
    roll = make_roll(event, function=function)
    silent = PersonFactory.create(name="Dan")
    PersonNeedsFactory.create(person=silent, dietary="vegan")
    row = make_registration(event, person=silent, name="Dan")
    make_seat(roll, registration=row)
    said = hungry(event, Diet.HALAL, name="Ana")
    make_seat(roll, registration=said)
    actor = actor_of(runner)
    assert [each.name for each in who_needs_what(actor, roll)] == ["Ana"]
    assert set(needs_for(actor, roll)) == {said.pk}
    assert set(needs_for(actor_of(alice()), roll)) == {said.pk, row.pk}
    assert dict(needs_of([function.pk])[function.pk].diets) == {Diet.VEGAN: 1, Diet.HALAL: 1}, (
        "the kitchen still cooks for both"
    )


def test_three_functions_cost_as_many_queries_as_one() -> None:
    event = make_event(alice())
    functions = []
    counts = []
    for _n in range(3):
        function, person = make_function(event), PersonFactory.create()
        roll = make_roll(event, function=function)
        PersonNeedsFactory.create(person=person, dietary="vegan")
        asked(function, person)
        make_seat(roll, registration=hungry(event, Diet.HALAL))
        functions.append(function.pk)
        with CaptureQueriesContext(connection) as captured:
            found = sheet_contents_of(functions)
        assert len(found) == len(functions)
        counts.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            named = who_needs_what(actor_of(event.owner), roll)
        assert len(named) == 2
    assert len(set(counts)) == 1
    assert counts[0] <= 8
