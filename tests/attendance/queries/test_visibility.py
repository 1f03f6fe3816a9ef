"""Who reads rolls: those who run the event, those who work at it, and nobody else."""

from __future__ import annotations

import pytest

from convenor.attendance.models import Registration, Roll
from convenor.attendance.queries.visibility import (
    registration_by_token,
    registration_for,
    roll_for,
    rolls_for,
    seats_for,
)
from convenor.base.actor import Refused
from convenor.events.enums import Confidentiality, PartyRole, Service
from convenor.events.models import Contact, Event, Party
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory
from tests.factories.rolls import put_on
from tests.factories.scheduling import local

pytestmark = pytest.mark.django_db


def test_the_events_own_comes_first_then_functions_by_their_start() -> None:
    owner = alice()
    event = make_event(owner)
    late, early = (
        make_function(event, meeting={"local_start": local(f"2026-12-07 {hour}:00")}) for hour in (15, 11)
    )
    removed = make_function(event, removed_at=NOW)
    rolls = [make_roll(event, function=each) for each in (late, early, removed)]
    own = make_roll(event)
    found = rolls_for(actor_of(owner), event.pk)
    assert [roll.pk for roll in found] == [own.pk, rolls[1].pk, rolls[0].pk]
    with pytest.raises(Roll.DoesNotExist):
        roll_for(actor_of(owner), rolls[2].pk)


def test_who_works_there_reads_it_and_teammates_are_refused() -> None:
    event = make_event(alice())
    roll = make_roll(event)
    row = put_on(event, "Ana")
    staff, caterer, participant, mate = (MemberFactory() for _ in range(4))
    Party.objects.create(event=event, person=staff, role=PartyRole.STAFF)
    Party.objects.create(event=event, person=participant, role=PartyRole.PARTICIPANT)
    Contact.objects.create(event=event, person=caterer, service=Service.CATERING)
    for person in (staff, caterer):
        assert roll_for(actor_of(person), roll.pk) == roll
        assert registration_for(actor_of(person), row.pk) == row
        assert seats_for(actor_of(person), roll.pk).count() == 1
        with pytest.raises(Refused):
            roll_for(actor_of(person), roll.pk, "roll.edit")
    for person in (participant, mate):
        with pytest.raises(Refused):
            roll_for(actor_of(person), roll.pk)
        with pytest.raises(Refused):
            registration_for(actor_of(person), row.pk)


def test_charlie_and_who_may_not_see_the_event_find_nothing() -> None:
    event = make_event(alice(), confidentiality=Confidentiality.CONFIDENTIAL)
    roll = make_roll(event)
    row = put_on(event, "Ana")
    for person in (charlie(), bob()):
        actor = actor_of(person)
        with pytest.raises(Roll.DoesNotExist):
            roll_for(actor, roll.pk)
        with pytest.raises(Event.DoesNotExist):
            rolls_for(actor, event.pk)
        with pytest.raises(Registration.DoesNotExist):
            registration_for(actor, row.pk)
        with pytest.raises(Roll.DoesNotExist):
            seats_for(actor, roll.pk)


def test_a_private_functions_roll_is_for_who_reads_the_function() -> None:
    event = make_event(alice())
    worker = MemberFactory()
    Party.objects.create(event=event, person=worker, role=PartyRole.STAFF)
    private = make_roll(event, function=make_function(event, meeting={"is_private": True}))
    own = make_roll(event)
    assert [roll.pk for roll in rolls_for(actor_of(worker), event.pk)] == [own.pk]
    with pytest.raises(Roll.DoesNotExist):
        roll_for(actor_of(worker), private.pk)


def test_the_secret_link_opens_one_registration() -> None:
    event = make_event(alice())
    make_roll(event)
    row = put_on(event, "Ana")
    assert registration_by_token(row.token) == row
    for token in ("", row.code, row.token[:-1]):
        with pytest.raises(Registration.DoesNotExist):
            registration_by_token(token)
