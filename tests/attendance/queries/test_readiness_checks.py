"""What rolls say of an event's readiness: what they find, in how many queries, and what the guide says of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.queries.readiness_checks import (
    CHECKS,
    answers_due,
    guarantee_given,
    reachable,
    roll_fits,
    waitlist_served,
)
from convenor.base.models import AddressTrouble
from convenor.events.actions.parties import add_party
from convenor.events.drafts import PartyDraft
from convenor.events.enums import Level
from convenor.events.models import Event
from convenor.events.registry import Check, readiness_checks
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.venues.enums import SetupStyle
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.rolls import SYSTEM
from tests.factories.venues import RoomFactory, RoomSetupFactory

DOCS = Path(__file__).resolve().parents[3] / "docs" / "roll.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| [A-Z][^|]+ \|$", re.MULTILINE)
DAY = timedelta(days=1)


@pytest.fixture
def event() -> Event:
    return make_event(alice())


Look = Callable[..., Any]


def found(look: Look, event: Event) -> list[tuple[Level, str]]:
    return [(each.level, each.sentence) for each in look([event.pk], NOW).get(event.pk, ())]


def test_the_guide_has_every_check_in_order() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert ROW.findall(text[text.index("## Readiness") :]) == [
        (each.code, str(each.title)) for each in CHECKS
    ]
    assert set(CHECKS) <= set(readiness_checks)


@pytest.mark.django_db
class TestRollFits:
    def test_seats_that_the_room_has_not_block(self, event: Event) -> None:
        room = RoomFactory()
        RoomSetupFactory(room=room, style=SetupStyle.BOARDROOM, capacity=1)
        function = make_function(
            event, meeting={"title": "Workshop", "room": room, "setup_style": SetupStyle.BOARDROOM}
        )
        roll = make_roll(event, 5, function=function)
        make_seat(roll)
        assert found(roll_fits, event) == []
        make_seat(roll)
        assert found(roll_fits, event) == [
            (Level.BLOCKING, "“Workshop” has 2 people with a seat and room for 1.")
        ]

    def test_a_capacity_that_shrank_below_what_is_taken_blocks(self, event: Event) -> None:
        roll = make_roll(event, 2)
        make_seat(roll)
        make_seat(roll)
        roll.capacity = 1
        roll.save(update_fields=["capacity"])
        assert found(roll_fits, event) == [
            (Level.BLOCKING, "“Away day” has 2 people with a seat and room for 1.")
        ]

    def test_more_people_expected_than_it_holds_want_attention(self, event: Event) -> None:
        roll = make_roll(event, 1)
        make_seat(roll, SeatState.INVITED)
        make_seat(roll, SeatState.INVITED)
        (finding,) = roll_fits([event.pk], NOW)[event.pk]
        assert (finding.level, finding.once_late) == (Level.ATTENTION, Level.BLOCKING)
        assert finding.sentence == "“Away day” expects 2 people and has room for 1."
        assert finding.evidence is not None
        assert (finding.evidence.kind, finding.evidence.pk) == ("event.roll", event.pk)

    def test_without_a_limit_everybody_fits(self, event: Event) -> None:
        make_seat(make_roll(event, None))
        assert found(roll_fits, event) == []


@pytest.mark.django_db
class TestGuarantee:
    @pytest.mark.parametrize(
        ("due", "levels"),
        [(NOW + 4 * DAY, []), (NOW + 3 * DAY, [Level.ATTENTION]), (NOW, [Level.BLOCKING]), (None, [])],
    )
    def test_by_when_it_is_due(self, event: Event, due: Any, levels: list[Level]) -> None:
        make_roll(event, guarantee_due=due)
        assert [level for level, _ in found(guarantee_given, event)] == levels

    def test_one_that_is_given_is_in_order(self, event: Event) -> None:
        make_roll(event, guarantee_due=NOW, guaranteed=0, guaranteed_at=NOW)
        assert found(guarantee_given, event) == []


@pytest.mark.django_db
class TestAnswers:
    def test_who_has_not_answered_once_answers_are_due(self, event: Event) -> None:
        roll = make_roll(event, rsvp_by=NOW)
        make_seat(roll)
        assert found(answers_due, event) == []
        make_seat(roll, SeatState.INVITED)
        ((level, sentence),) = found(answers_due, event)
        assert level == Level.ATTENTION
        assert sentence.startswith("1 person invited to “Away day” hasn't answered")

    def test_until_then_there_is_time(self, event: Event) -> None:
        make_seat(make_roll(event, rsvp_by=NOW + DAY), SeatState.INVITED)
        assert found(answers_due, event) == []

    def test_a_function_that_is_called_off_asks_nobody(self, event: Event) -> None:
        function = make_function(event)
        make_seat(make_roll(event, function=function, rsvp_by=NOW), SeatState.INVITED)
        meeting = function.occurrence.meeting
        cancel_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, now=NOW)
        assert found(answers_due, event) == []


@pytest.mark.django_db
class TestWaitlist:
    def test_who_waits_while_seats_are_free(self, event: Event) -> None:
        roll = make_roll(event, 1)
        make_seat(roll, SeatState.WAITLISTED)
        assert found(waitlist_served, event) == [
            (Level.ATTENTION, "1 person waits for “Away day” while seats are free.")
        ]
        make_seat(roll)
        assert found(waitlist_served, event) == []


@pytest.mark.django_db
class TestReachable:
    def test_addresses_that_come_back_are_named_once_each(self, event: Event) -> None:
        ana = PersonFactory(email="ana@example.org", name="Ana")
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        roll = make_roll(event)
        make_seat(roll, registration=make_registration(event, "Ana", email="ana@example.org", person=ana))
        make_seat(roll, SeatState.CANCELLED, registration=make_registration(event, email="gone@example.org"))
        other = make_event(event.owner)
        make_seat(make_roll(other), registration=make_registration(other, "Ion", email="ion@example.org"))
        for address in ("ana@example.org", "gone@example.org", "ion@example.org", "else@example.org"):
            AddressTrouble.objects.create(address=address, reason="550")
        assert found(reachable, event) == [(Level.ATTENTION, "Mail to Ana doesn't arrive.")]
        assert found(reachable, other) == [(Level.ATTENTION, "Mail to Ion doesn't arrive.")]

    def test_people_on_the_list_without_a_roll(self, event: Event) -> None:
        ana = PersonFactory(email="ana@example.org", name="Ana")
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        AddressTrouble.objects.create(address="ana@example.org", reason="550")
        (finding,) = reachable([event.pk], NOW)[event.pk]
        assert finding.evidence is not None
        assert finding.evidence.kind == "event.people"


@pytest.mark.django_db
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_many_events_take_as_many_queries_as_one(check: Check) -> None:
    AddressTrouble.objects.create(address="ana@example.org", reason="550")
    owner, counted = alice(), []
    for _ in range(3):
        event = make_event(owner)
        room = RoomFactory()
        RoomSetupFactory(room=room, style=SetupStyle.BOARDROOM, capacity=1)
        function = make_function(event, meeting={"room": room, "setup_style": SetupStyle.BOARDROOM})
        for roll in (make_roll(event, rsvp_by=NOW), make_roll(event, function=function, guarantee_due=NOW)):
            make_seat(roll)
            make_seat(roll, SeatState.INVITED)
        with CaptureQueriesContext(connection) as asked:
            check.look(list(Event.objects.values_list("pk", flat=True)), NOW)
        counted.append(len(asked))
    assert counted == [counted[0]] * 3
    assert counted[0] <= 7
