"""Running an event for its coordinator: leave to deal with its meetings, and with nothing else of theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from convenor.base.enums import Role
from convenor.events.actions.event import create_event
from convenor.events.actions.function import add_functions, change_function
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.function_fit import function_fit_for
from convenor.events.queries.functions import function_drafts_of
from convenor.people.models import Person
from tests.factories.cast import actor_of, bob
from tests.factories.events import NOW, draft_of_event
from tests.factories.functions import function_draft
from tests.factories.people import MemberFactory
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> Person:
    person = MemberFactory.create(name="Chief", email="chief@example.org", user__role=Role.COORDINATOR)
    assert isinstance(person, Person)
    return person


def test_whoever_sponsors_an_event_reads_none_of_its_coordinators_private_meetings(chief: Person) -> None:
    sponsor = bob()
    room = RoomFactory.create()
    make_meeting(chief, title="Zyx merger", is_private=True, room=room, local_start=local("2026-12-07 14:00"))
    actor = actor_of(sponsor)
    draft = draft_of_event(chief, sponsor_id=sponsor.pk)
    event = create_event(actor=actor, draft=draft, now=NOW)
    (function,) = add_functions(actor=actor, event_id=event.pk, drafts=[function_draft()], now=NOW)
    said = function_fit_for(
        actor, function.pk, local_start=local("2026-12-07 14:00"), minutes=60, room_id=room.pk, now=NOW
    )
    assert not said.fits
    assert "Zyx" not in str(said)
    (before,) = function_drafts_of(event)
    wanted = replace(before, local_start=local("2026-12-07 14:00"), room_ids=(room.pk,))
    with pytest.raises(ValidationError) as found:
        change_function(actor=actor, function_id=function.pk, draft=wanted, now=NOW)
    assert "Zyx" not in str(found.value.messages)
    assert event_draft_of(event).owner_id == chief.pk
