"""Making and changing events."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.enums import Scope
from convenor.base.models import AuditEntry
from convenor.events.actions.event import change_event, create_event
from convenor.events.enums import Confidentiality, EventState
from convenor.events.models import Event
from convenor.events.queries.drafts import event_draft_of
from convenor.events.refusals import StaleEvent
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import NOW, draft_of_event, make_class, make_event, make_function
from tests.factories.people import DelegationFactory, DepartmentFactory, MemberFactory, OrganisationFactory
from tests.factories.scheduling import local

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def made(alice: Person, **fields: object) -> Event:
    draft = draft_of_event(alice, **fields)
    return create_event(actor=cast.actor_of(alice), draft=draft, now=NOW, from_class=False)


def refused(alice: Person, **fields: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        made(alice, **fields)
    assert not Event.objects.exists()
    return caught.value.message_dict


def test_it_begins_as_an_enquiry_in_its_own_zone(alice: Person) -> None:
    event = made(alice, starts=local("2026-12-07 09:00"), ends=local("2026-12-08 17:00"))
    assert (event.state, event.key) == (EventState.ENQUIRY, "away-day")
    assert event.starts_at == datetime(2026, 12, 7, 7, tzinfo=UTC)
    assert AuditEntry.objects.get(action="event.created").object_id == event.pk


def test_what_was_asked_for_is_what_is_there(alice: Person) -> None:
    department, outside = DepartmentFactory.create(), OrganisationFactory.create(name="Outside", is_own=False)
    draft = draft_of_event(
        alice,
        key="away",
        load_in=local("2026-12-06 18:00"),
        department_ids=(department.pk,),
        organisation_ids=(outside.pk,),
        expected_count=40,
        guaranteed_count=30,
        objectives="Agree on the year",
    )
    event = create_event(actor=cast.actor_of(alice), draft=draft, now=NOW, from_class=False)
    assert event_draft_of(Event.objects.get(pk=event.pk)) == draft


def test_keys_are_made_of_the_title_and_never_twice(alice: Person) -> None:
    assert [made(alice).key for _ in range(3)] == ["away-day", "away-day-2", "away-day-3"]
    assert made(alice, title="Ședință în Brașov").key == "sedinta-in-brasov"


def test_what_was_given_is_given_back(alice: Person) -> None:
    bob = cast.bob()
    refusals = refused(
        alice,
        title="  ",
        starts=local("2026-12-07 09:00"),
        ends=local("2026-12-07 09:00"),
        load_in=local("2026-12-07 10:00"),
        expected_count=3,
        guaranteed_count=4,
        sponsor_id=cast.charlie().pk,
        budget_holder_id=bob.pk + 1000,
        key="Not a key",
    )
    assert sorted(refusals) == [
        *("budget_holder_id", "ends", "guaranteed_count", "key", "sponsor_id", "starts", "title"),
    ]
    assert refusals["sponsor_id"] == ["Charlie is from outside; name one of the staff."]


def test_our_own_organisation_is_no_external_one(alice: Person) -> None:
    refusals = refused(alice, organisation_ids=(alice.organisation_id,))
    assert refusals["organisation_ids"] == ["Acme is our own organisation; name the ones from outside."]


def test_a_department_of_others_cannot_host(alice: Person) -> None:
    theirs = DepartmentFactory.create(organisation=OrganisationFactory.create(name="Them", is_own=False))
    assert set(refused(alice, host_department_id=theirs.pk)) == {"host_department_id"}


def test_whoever_has_left_cannot_be_named_but_may_stay(alice: Person) -> None:
    bob = cast.bob()
    event = made(alice, sponsor_id=bob.pk)
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    draft = replace(event_draft_of(event), title="Away days")
    changed = change_event(actor=cast.actor_of(alice), event_id=event.pk, version=1, draft=draft, now=NOW)
    assert (changed.title, changed.version) == ("Away days", 2)
    with pytest.raises(ValidationError, match="no longer active"):
        made(alice, sponsor_id=bob.pk)


def test_a_start_alone_is_half_a_date(alice: Person) -> None:
    assert set(refused(alice, ends=None)) == {"ends"}


def test_clocks_that_go_back_do_not_confuse_the_order(alice: Person) -> None:
    # 25 October 2026, Bucharest: 03:30 is shown twice, and read as the first of the two
    made(alice, starts=local("2026-10-25 02:00"), ends=local("2026-10-25 03:00"))


def test_a_class_that_is_no_longer_offered_is_refused(alice: Person) -> None:
    version = make_class("old")
    version.event_class.is_active = False
    version.event_class.save()
    assert set(refused(alice, class_version_id=version.pk)) == {"class_version_id"}


def test_nothing_changed_is_no_change(alice: Person) -> None:
    event = made(alice)
    entries = AuditEntry.objects.count()
    draft = event_draft_of(event)
    same = change_event(actor=cast.actor_of(alice), event_id=event.pk, version=1, draft=draft, now=NOW)
    assert (same.version, AuditEntry.objects.count()) == (1, entries)


def test_two_tabs_are_told_of_each_other(alice: Person) -> None:
    event, department = made(alice), DepartmentFactory.create()
    draft = replace(event_draft_of(event), title="Away days", department_ids=(department.pk,))
    change_event(actor=cast.actor_of(alice), event_id=event.pk, version=1, draft=draft, now=NOW)
    with pytest.raises(StaleEvent) as caught:
        change_event(
            actor=cast.actor_of(alice),
            event_id=event.pk,
            version=1,
            draft=event_draft_of(event),
            now=NOW,
        )
    told = {each.label: (each.seen, each.now) for each in caught.value.differences}
    assert told == {
        "Title": ("Away day", "Away days"),
        "Participating departments": ([], [department.pk]),
    }
    assert Event.objects.get().title == "Away days"


def test_dates_cannot_be_taken_from_what_is_planned(alice: Person) -> None:
    event = made(alice)
    Event.objects.update(state=EventState.PLANNING)
    draft = replace(event_draft_of(event), starts=None, ends=None)
    with pytest.raises(ValidationError, match="Only an enquiry"):
        change_event(actor=cast.actor_of(alice), event_id=event.pk, version=None, draft=draft, now=NOW)


def test_who_may_change_it(alice: Person) -> None:
    event, bob = made(alice), cast.bob()
    draft = replace(event_draft_of(event), title="Bob's")
    with pytest.raises(Refused):
        change_event(actor=cast.actor_of(bob), event_id=event.pk, version=1, draft=draft, now=NOW)
    with pytest.raises(Event.DoesNotExist):
        change_event(actor=cast.actor_of(cast.charlie()), event_id=event.pk, version=1, draft=draft, now=NOW)
    Event.objects.update(sponsor=bob)
    change_event(
        actor=cast.actor_of(bob),
        event_id=event.pk,
        version=1,
        draft=replace(draft, sponsor_id=bob.pk),
        now=NOW,
    )
    assert Event.objects.get().title == "Bob's"


def test_outsiders_make_none(alice: Person) -> None:
    with pytest.raises(Refused):
        create_event(actor=cast.actor_of(cast.charlie()), draft=draft_of_event(alice), now=NOW)
    assert not Event.objects.exists()


def test_its_class_lays_out_functions_and_tasks(alice: Person) -> None:
    policy = """
title = { en = "Away day" }
[[functions]]
key = "opening"
title = { en = "Opening" }
kind = "plenary"
minutes = 30
[[tasks]]
key = "invite"
title = { en = "Invite everybody" }
due = "-7d"
"""
    draft = draft_of_event(alice, class_version_id=make_class("away", policy).pk, starts=None, ends=None)
    actor = cast.actor_of(alice)
    event = create_event(actor=actor, draft=draft, now=NOW)
    assert list(event.tasks.values_list("key", "due_on")) == [("invite", None)]
    assert not event.functions.exists()
    dated = replace(draft, starts=local("2026-12-07 09:00"), ends=local("2026-12-08 17:00"))
    change_event(actor=actor, event_id=event.pk, version=event.version, draft=dated, now=NOW, from_class=True)
    assert event.functions.get().occurrence.starts_at == datetime(2026, 12, 7, 7, tzinfo=UTC)
    assert event.tasks.get().due_on == date(2026, 11, 30)


def test_its_dates_change_as_long_as_they_hold_its_functions(alice: Person) -> None:
    event = make_event(alice)
    make_function(event, meeting={"title": "Opening"})
    actor, draft = cast.actor_of(alice), event_draft_of(event)
    longer = replace(draft, ends=local("2026-12-09 17:00"))
    assert change_event(actor=actor, event_id=event.pk, version=1, draft=longer, now=NOW).version == 2
    later = replace(longer, starts=local("2026-12-08 09:00"))
    with pytest.raises(ValidationError, match="Opening lies outside") as caught:
        change_event(actor=actor, event_id=event.pk, version=2, draft=later, now=NOW)
    assert set(caught.value.message_dict) == {"starts"}
    Event.objects.update(state=EventState.POSTPONED)
    with pytest.raises(ValidationError, match="when it is resumed"):
        change_event(actor=actor, event_id=event.pk, version=2, draft=draft, now=NOW)


def test_the_meetings_of_its_functions_follow_who_runs_it(alice: Person) -> None:
    event, bob = make_event(alice), cast.bob()
    function = make_function(event)
    draft = replace(event_draft_of(event), owner_id=bob.pk, confidentiality=Confidentiality.CONFIDENTIAL)
    change_event(actor=cast.actor_of(alice), event_id=event.pk, version=1, draft=draft, now=NOW)
    meeting = function.occurrence.meeting
    meeting.refresh_from_db()
    assert (meeting.organiser, meeting.is_private) == (bob, True)


def test_nobodys_name_is_borrowed_for_an_event_but_a_coordinators(alice: Person) -> None:
    bob, dana, principal, seen = (
        cast.bob(),
        MemberFactory.create(),
        MemberFactory.create(),
        MemberFactory.create(),
    )
    for person, scope in ((principal, Scope.ACT), (seen, Scope.SEE)):
        DelegationFactory.create(principal=person, delegate=bob, scope=scope)
    actor = cast.actor_of(bob)

    def make(owner: Person) -> Event:
        draft = draft_of_event(alice, owner_id=owner.pk, sponsor_id=bob.pk)
        return create_event(actor=actor, draft=draft, now=NOW, from_class=False)

    assert [make(owner).owner_id for owner in (bob, alice, principal)] == [bob.pk, alice.pk, principal.pk]
    for owner in (dana, seen):
        with pytest.raises(ValidationError, match="is no coordinator") as caught:
            make(owner)
        assert set(caught.value.message_dict) == {"owner_id"}
    mine = Event.objects.get(owner=bob)
    with pytest.raises(ValidationError, match="is no coordinator"):
        change_event(
            actor=actor,
            event_id=mine.pk,
            version=None,
            draft=replace(event_draft_of(mine), owner_id=dana.pk),
            now=NOW,
        )
    assert Event.objects.count() == 3
