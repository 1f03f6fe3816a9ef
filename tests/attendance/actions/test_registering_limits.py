"""Registering: closed events and forms, options that run out, needs, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.registering import register
from convenor.attendance.drafts import NeedsDraft, RegistrationDraft
from convenor.attendance.enums import Diet, FieldKind, FormMode, SeatState, Source
from convenor.attendance.models import (
    FieldOption,
    FormField,
    Pick,
    RegistrationNeeds,
)
from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry
from convenor.events.enums import EventState
from convenor.events.models import Event
from tests.attendance.house import check_rolls
from tests.attendance.refusing import refused
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.rolls import SYSTEM, open_form, put_on, who

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED, HELD = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.HELD
INVITED, CANCELLED = SeatState.INVITED, SeatState.CANCELLED
NOBODY = Actor.nobody()


class TestClosed:
    @pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED, EventState.POSTPONED])
    @pytest.mark.parametrize("source", [Source.PUBLIC, Source.COORDINATOR])
    def test_an_event_that_does_not_take_place_says_so(self, state: EventState, source: Source) -> None:
        event = make_event(alice(), state=state)
        make_roll(event)
        open_form(event)
        assert refused(event, "Ana", source=source) == {"state": ["closed"]}

    def test_an_event_that_is_over_says_so(self) -> None:
        event = make_event(alice())
        make_roll(event)
        assert event.ends_at is not None
        assert refused(event, "Ana", now=event.ends_at) == {"state": ["closed"]}

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"is_open": False}, "isn't open"),
            ({"opens_at": NOW + timedelta(days=1)}, "opens on"),
            ({"closes_at": NOW}, "closed on"),
        ],
    )
    def test_a_form_that_is_closed_says_so_to_the_public_and_lets_keepers_in(
        self, fields: dict[str, object], words: str
    ) -> None:
        event = make_event(alice())
        make_roll(event)
        open_form(event, **fields)
        with pytest.raises(ValidationError, match=words):
            put_on(event, "Ana", source=Source.PUBLIC, actor=NOBODY)
        put_on(event, "Ana")

    def test_by_invitation_is_not_for_everybody(self) -> None:
        event = make_event(alice())
        make_roll(event)
        open_form(event, mode=FormMode.INVITATION)
        assert refused(event, "Ana", source=Source.PUBLIC, actor=NOBODY) == {"state": ["by_invitation"]}

    def test_a_function_that_is_over_or_called_off_is_refused(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        make_roll(event, function=function)
        end = function.occurrence.ends_at
        assert refused(event, "Ana", function_ids=(function.pk,), now=end) == {"function_ids": ["over"]}
        function.occurrence.state = "cancelled"
        function.occurrence.save()
        assert refused(event, "Ana", function_ids=(function.pk,)) == {"function_ids": ["over"]}


class TestOptions:
    def field(self, event: Event, limit: int | None = 1) -> FieldOption:
        form = open_form(event)
        asked = FormField.objects.create(form=form, key="lunch", kind=FieldKind.CHOICE, label_en="Lunch")
        FieldOption.objects.create(field=asked, key="none", label_en="None")
        return FieldOption.objects.create(field=asked, key="bag", label_en="Lunch bag", limit=limit)

    def test_one_that_has_run_out_is_refused_and_takes_nothing(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        option = self.field(event)
        put_on(event, "Ana", answers={"lunch": "bag", "why": "Because"})
        assert refused(event, "Ion", answers={"lunch": "bag"}) == {"lunch": ["option_never_oversold"]}
        put_on(event, "Ion", answers={"lunch": "none"})
        option.refresh_from_db()
        roll.refresh_from_db()
        assert (option.taken, roll.taken) == (1, 2)
        check_rolls()

    def test_who_waits_takes_none_of_it(self) -> None:
        event = make_event(alice())
        make_roll(event, 1)
        option = self.field(event)
        put_on(event, "Ana")
        put_on(event, "Ion", answers={"lunch": "bag"})
        option.refresh_from_db()
        assert (option.taken, Pick.objects.get().counts) == (0, False)

    def test_what_is_not_among_the_answers_is_refused(self) -> None:
        event = make_event(alice())
        make_roll(event)
        self.field(event)
        assert refused(event, "Ana", answers={"lunch": "caviar"}) == {"lunch": ["unknown_option"]}


class TestNeeds:
    def test_they_are_kept_apart_and_off_the_record(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", needs=NeedsDraft(diets=(Diet.VEGAN,), dietary="No coriander"))
        assert (row.needs.diets, row.needs.dietary) == (["vegan"], "No coriander")
        assert "coriander" not in str(list(AuditEntry.objects.values_list("before", "after")))

    def test_nothing_is_kept_of_who_needs_nothing(self) -> None:
        event = make_event(alice())
        make_roll(event)
        put_on(event, "Ana")
        assert not RegistrationNeeds.objects.exists()


class TestWhoMay:
    def test_keepers_may_and_teammates_may_only_register_others(self) -> None:
        owner, mate = alice(), bob()
        event = make_event(owner)
        make_roll(event)
        open_form(event)
        put_on(event, "Ana", actor=actor_of(owner))
        row = put_on(event, "Ion", actor=actor_of(mate), source=Source.GROUP)
        assert row.registered_by == mate
        for source in (Source.COORDINATOR, Source.IMPORT, Source.INVITATION, Source.ATTENDEE, Source.WALK_IN):
            with pytest.raises(Refused):
                put_on(event, "Maria", actor=actor_of(mate), source=source)

    def test_teammates_need_an_open_form(self) -> None:
        event = make_event(alice())
        make_roll(event)
        assert refused(event, "Ana", actor=actor_of(bob()), source=Source.GROUP) == {"state": ["closed"]}

    @pytest.mark.parametrize("source", [each for each in Source if each != Source.PUBLIC])
    def test_charlie_finds_no_event(self, source: Source) -> None:
        event = make_event(alice())
        make_roll(event)
        open_form(event)
        with pytest.raises(Event.DoesNotExist):
            put_on(event, "Mallory", actor=actor_of(charlie()), source=source)

    def test_an_event_that_is_not_there_is_not_there(self) -> None:
        event = make_event(alice())
        draft = RegistrationDraft(who("Ana"))
        with pytest.raises(Event.DoesNotExist):
            register(actor=SYSTEM, event_id=event.pk + 1, draft=draft, source=Source.COORDINATOR, now=NOW)
