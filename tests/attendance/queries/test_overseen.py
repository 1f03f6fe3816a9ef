"""The sets of events and rolls say the same as the table of permissions says of each."""

from __future__ import annotations

import pytest

from convenor.attendance.models import Roll
from convenor.attendance.queries.overseen import events_in_hand_of, events_kept_by, rolls_seen_by
from convenor.base.permissions import may
from convenor.events.enums import Confidentiality, PartyRole, Service
from convenor.events.models import Contact, Event, Party
from convenor.events.queries.visibility import events_seen_by
from tests.factories import cast
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of
from tests.factories.events import make_event, make_function
from tests.factories.people import MemberFactory, OutsiderFactory

pytestmark = pytest.mark.django_db


def test_what_is_asked_of_many_is_what_is_asked_of_one() -> None:
    alice, bob, dan = cast.alice(), cast.bob(), MemberFactory.create()
    charlie = cast.charlie()
    events = [
        make_event(alice),
        make_event(bob),
        make_event(alice, sponsor=bob),
        make_event(alice, budget_holder=bob),
        make_event(alice, confidentiality=Confidentiality.CONFIDENTIAL),
    ]
    for place, role in ((0, PartyRole.STAFF), (1, PartyRole.PARTICIPANT)):
        Party.objects.create(event=events[place], person=dan, role=role)
    Contact.objects.create(event=events[2], person=dan, service=Service.CATERING)
    Contact.objects.create(event=events[0], person=charlie, service=Service.CATERING)
    for event in events:
        make_roll(event)
    for person in (alice, bob, dan, charlie, OutsiderFactory.create()):
        actor = actor_of(person)
        seen = list(events_seen_by(actor))
        kept = {event for event in seen if may(actor, "roll.edit", event)}
        assert set(events_kept_by(actor)) == kept
        assert {roll.event for roll in rolls_seen_by(actor)} == {
            event for event in seen if may(actor, "roll.see", event)
        }
    assert set(events_in_hand_of(actor_of(bob))) == {events[1], events[2]}
    assert set(events_in_hand_of(actor_of(alice))) == {events[0], events[2], events[3], events[4]}


def test_private_and_removed_functions() -> None:
    alice, bob = cast.alice(), cast.bob()
    event = make_event(alice)
    Party.objects.create(event=event, person=bob, role=PartyRole.STAFF)
    private = make_function(event, meeting={"is_private": True})
    rolls = {make_roll(event, function=each) for each in (private, make_function(event))}
    assert {roll.function_id for roll in rolls_seen_by(actor_of(bob))} == {
        each.function_id for each in rolls if each.function_id != private.pk
    }
    assert set(rolls_seen_by(actor_of(alice))) == rolls
    Event.objects.update(confidentiality=Confidentiality.RESTRICTED)  # who is in it sees all of it
    assert set(rolls_seen_by(actor_of(bob))) == rolls
    private.removed_at = event.starts_at
    private.save()
    assert Roll.objects.count() == 2
    assert rolls_seen_by(actor_of(alice)).count() == 1
