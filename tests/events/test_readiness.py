"""What each check finds, and that many events cost as many queries as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.events.actions.readiness_trend import note_readiness
from convenor.events.enums import EventState, Level, PartyRole, Service, SpeakerState, TaskState
from convenor.events.models import (
    ClassVersion,
    Event,
    Function,
    Party,
    ReadinessPoint,
    Sheet,
    SheetReceipt,
    Speaker,
    Task,
    Waiver,
)
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.readiness import CheckState
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState, PartStat
from convenor.scheduling.models import Booking, Participation
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
ALL = (
    "rooms_confirmed",
    "people_accepted",
    "chair_present",
    "speakers_confirmed",
    "no_open_conflict",
    "tasks_on_time",
    "sheets_acknowledged",
)
LATE = datetime(2026, 12, 5, 8, tzinfo=UTC)
"""After the last safe day, which is five working days before Monday, 7 December (the 30th and the 1st are holidays)."""


def strict() -> ClassVersion:
    checks = "".join(f'\n[[checks]]\ncode = "{code}"\nsafe = "-3wd"\n' for code in ALL)
    return make_class("strict", f'title = {{ en = "Strict", ro = "Strictă" }}\n{checks}')


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def event_of(owner: Person, **fields: Any) -> Event:
    return make_event(owner, class_version=strict(), **fields)


def check_of(event: Event, code: str, now: datetime = NOW) -> CheckState:
    check = readiness_of([event.pk], now)[event.pk].of(code)
    assert check is not None
    return check


def told(event: Event, code: str, now: datetime = NOW) -> list[tuple[Level, str]]:
    return [(each.level, each.finding.sentence) for each in check_of(event, code, now).judged]


def test_an_event_without_a_programme_has_no_place(alice: Person) -> None:
    event = event_of(alice)
    assert told(event, "rooms_confirmed") == [(Level.ATTENTION, "Nothing is in the programme yet.")]
    assert told(event, "rooms_confirmed", LATE)[0][0] == Level.BLOCKING


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (BookingState.CONFIRMED, None),
        (BookingState.PENDING, Level.ATTENTION),
        (BookingState.HELD, Level.ATTENTION),
        (BookingState.RELEASED, Level.BLOCKING),
    ],
)
def test_a_function_needs_a_confirmed_room(alice: Person, state: BookingState, level: Level | None) -> None:
    event = event_of(alice)
    make_function(event, meeting={"room": RoomFactory.create(), "title": "Dinner"})
    Booking.objects.update(state=state, hold_expires_at=NOW + timedelta(days=9))
    assert [each for each, _ in told(event, "rooms_confirmed")] == ([level] if level else [])


def test_a_place_in_words_is_a_place_and_what_is_over_needs_none(alice: Person) -> None:
    event = event_of(alice)
    make_function(event, meeting={"location": "Caru' cu Bere"})
    bare = make_function(event, key="dinner", meeting={"title": "Dinner"})
    assert told(event, "rooms_confirmed") == [(Level.BLOCKING, "“Dinner” has no place.")]
    judged = check_of(event, "rooms_confirmed").judged[0]
    assert (judged.finding.subject, judged.owner_id) == ("dinner", alice.pk)
    assert judged.finding.evidence is not None
    assert (judged.finding.evidence.kind, judged.finding.evidence.pk) == ("function", bare.pk)
    assert told(event, "rooms_confirmed", datetime(2026, 12, 9, tzinfo=UTC)) == []


def test_the_last_safe_day_counts_working_days_at_the_site(alice: Person) -> None:
    """30 November and 1 December are public holidays in Romania, the 5th and 6th a week-end."""
    event = event_of(alice, site=alice.home_site)
    assert check_of(event, "rooms_confirmed").safe_until == date(2026, 12, 2)
    assert check_of(event_of(alice), "rooms_confirmed").safe_until == date(2026, 12, 2)
    dateless = event_of(alice, state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    assert check_of(dateless, "rooms_confirmed").safe_until is None
    sooner = event_of(alice, site=alice.home_site, starts_at=datetime(2026, 12, 3, 7, tzinfo=UTC))
    assert check_of(sooner, "rooms_confirmed").safe_until == date(2026, 11, 26)


def answered(function: Function, person: Person, said: PartStat) -> None:
    Participation.objects.filter(occurrence=function.occurrence, person=person).update(partstat=said)


def test_required_people_have_accepted(alice: Person) -> None:
    event = event_of(alice)
    ana, dan = PersonFactory.create(name="Ana"), PersonFactory.create(name="Dan")
    function = make_function(event, meeting={"people": [ana, dan], "title": "Budget"})
    answered(function, alice, PartStat.ACCEPTED)
    sentence = "2 required people haven't said yes to everything yet."
    assert told(event, "people_accepted") == [(Level.ATTENTION, sentence)]
    assert told(event, "people_accepted", LATE) == [(Level.BLOCKING, sentence)]
    answered(function, ana, PartStat.ACCEPTED)
    answered(function, dan, PartStat.DECLINED)
    assert told(event, "people_accepted") == [(Level.BLOCKING, "Dan has declined “Budget”.")]


def test_one_of_a_crowd_may_decline(alice: Person) -> None:
    event = event_of(alice)
    crowd = PersonFactory.create_batch(13)
    function = make_function(event, meeting={"people": crowd, "title": "Plenary"})
    Participation.objects.update(partstat=PartStat.ACCEPTED)
    answered(function, crowd[0], PartStat.DECLINED)
    assert [level for level, _ in told(event, "people_accepted")] == [Level.ATTENTION]


def test_the_chair_is_named_and_comes(alice: Person) -> None:
    event = event_of(alice)
    ana = PersonFactory.create(name="Ana")
    function = make_function(event, meeting={"people": [ana], "title": "Board"})
    assert told(event, "chair_present") == [(Level.BLOCKING, "Nobody is named to chair.")]
    Party.objects.create(event=event, person=ana, role=PartyRole.CHAIR)
    sentence = "Ana, who chairs, hasn't said yes to “Board” yet."
    assert told(event, "chair_present") == [(Level.ATTENTION, sentence)]
    answered(function, ana, PartStat.DECLINED)
    assert told(event, "chair_present") == [(Level.BLOCKING, "Ana, who chairs, has declined “Board”.")]
    answered(function, ana, PartStat.ACCEPTED)
    assert check_of(event, "chair_present").level == Level.OK


def test_speakers_have_confirmed(alice: Person) -> None:
    event = event_of(alice)
    function = make_function(event, meeting={"title": "Keynote"})
    speaker = Speaker.objects.create(function=function, person=PersonFactory.create(name="Ana"))
    sentence = "Ana was asked to speak and hasn't confirmed."
    assert told(event, "speakers_confirmed") == [(Level.ATTENTION, sentence)]
    assert told(event, "speakers_confirmed", LATE) == [(Level.BLOCKING, sentence)]
    Speaker.objects.filter(pk=speaker.pk).update(state=SpeakerState.DECLINED)
    assert told(event, "speakers_confirmed") == [(Level.BLOCKING, "Ana won't speak at “Keynote”.")]
    Speaker.objects.filter(pk=speaker.pk).update(state=SpeakerState.CONFIRMED)
    assert check_of(event, "speakers_confirmed").level == Level.OK


def test_a_serious_conflict_blocks(alice: Person) -> None:
    event = event_of(alice)
    ana = PersonFactory.create(name="Ana")
    make_function(event, meeting={"people": [ana], "title": "One"})
    make_function(event, meeting={"people": [ana], "title": "Two"})
    found = told(event, "no_open_conflict")
    assert (Level.BLOCKING, "Person double-booked: Ana.") in found
    assert len(found) == 1


def test_tasks_are_done_when_they_are_due_in_the_event_s_own_day(alice: Person) -> None:
    event = event_of(alice)
    dan = PersonFactory.create()
    task = Task.objects.create(event=event, key="menu", title="Menu", due_on=date(2026, 11, 23), owner=dan)
    Task.objects.create(event=event, key="later", title="Later", due_on=date(2026, 11, 26))
    assert told(event, "tasks_on_time") == []
    midnight = datetime(2026, 11, 23, 22, tzinfo=UTC)  # the 24th in Bucharest
    assert told(event, "tasks_on_time", midnight) == [(Level.BLOCKING, "“Menu” was due on 23 November 2026.")]
    assert check_of(event, "tasks_on_time", midnight).judged[0].owner_id == dan.pk
    Task.objects.filter(pk=task.pk).update(state=TaskState.DROPPED)
    assert told(event, "tasks_on_time", midnight) == []


def test_sheets_are_issued_and_acknowledged(alice: Person) -> None:
    event = event_of(alice)
    function = make_function(event, meeting={"title": "Lunch"})
    make_function(event, meeting={"title": "Talk"}, sheet_due=False)
    assert told(event, "sheets_acknowledged") == [
        (Level.ATTENTION, "The function sheet of “Lunch” isn't issued yet.")
    ]
    cook = PersonFactory.create(name="Cook")
    first = issued(function, 1, cook)
    waiting = "Cook (Catering) hasn't acknowledged 1 function sheet yet."
    assert told(event, "sheets_acknowledged") == [(Level.ATTENTION, waiting)]
    second = issued(function, 2, cook)
    assert told(event, "sheets_acknowledged") == [(Level.ATTENTION, waiting)]
    SheetReceipt.objects.filter(pk=second.pk).update(acknowledged_at=NOW)
    assert told(event, "sheets_acknowledged", LATE) == []
    assert SheetReceipt.objects.get(pk=first.pk).acknowledged_at is None


def issued(function: Function, revision: int, to: Person) -> SheetReceipt:
    sheet = Sheet.objects.create(function=function, revision=revision, issued_at=NOW, content={})
    token = f"token-{revision}"
    return SheetReceipt.objects.create(
        sheet=sheet, service=Service.CATERING, person=to, token=token, told_at=NOW
    )


def test_a_waiver_is_of_its_own_event_and_check(alice: Person) -> None:
    event, other = event_of(alice), event_of(alice)
    Waiver.objects.create(
        event=event, check_code="chair_present", reason="No chair.", waiver_name="Alice", waived_at=NOW
    )
    check = check_of(event, "chair_present")
    assert (check.level, check.waiver and check.waiver.by) == (Level.WAIVED, "Alice")
    assert check_of(event, "rooms_confirmed").level == Level.ATTENTION
    assert check_of(other, "chair_present").level == Level.BLOCKING


def test_a_class_that_asks_nothing_gets_attention_at_most(alice: Person) -> None:
    event = make_event(alice)
    make_function(event)
    readiness = readiness_of([event.pk], NOW)[event.pk]
    assert {check.level for check in readiness.checks} == {Level.ATTENTION}
    assert not any(check.is_required for check in readiness.checks)


def full(owner: Person, number: int) -> Event:
    """An event in which every check finds something."""
    event = event_of(owner, key=f"full-{number}", site=owner.home_site)
    people = PersonFactory.create_batch(2)
    function = make_function(event, meeting={"people": people})
    Party.objects.create(event=event, person=people[0], role=PartyRole.CHAIR)
    answered(function, people[1], PartStat.DECLINED)
    Speaker.objects.create(function=function, person=people[1])
    Task.objects.create(event=event, key="menu", title="Menu", due_on=date(2026, 11, 2))
    issued_to = make_function(event, key="lunch", meeting={"title": "Lunch"})
    sheet = Sheet.objects.create(function=issued_to, revision=1, issued_at=NOW, content={})
    SheetReceipt.objects.create(
        sheet=sheet, service=Service.AV, person=people[0], token=f"t-{number}", told_at=NOW
    )
    Waiver.objects.create(
        event=event, check_code="chair_present", reason="So.", waiver_name="A", waived_at=NOW
    )
    return event


def test_many_events_cost_as_many_queries_as_one(alice: Person) -> None:
    first = full(alice, 1)
    readiness_of([first.pk], NOW)  # what changed is looked at once
    with CaptureQueriesContext(connection) as one:
        assert all(not check.is_met for check in readiness_of([first.pk], NOW)[first.pk].checks[:5])
    others = [full(alice, number) for number in (2, 3, 4)]
    keys = [first.pk, *(each.pk for each in others)]
    readiness_of(keys, NOW)
    with CaptureQueriesContext(connection) as many:
        assert len(readiness_of(keys, NOW)) == len(keys)
    assert len(many) == len(one)
    assert readiness_of([], NOW) == {}


def test_the_trend_has_one_point_a_day_for_events_that_are_alive(alice: Person) -> None:
    event = full(alice, 1)
    event_of(alice, state=EventState.CLOSED, key="closed")
    assert note_readiness(NOW) == 1
    Waiver.objects.all().delete()
    note_readiness(NOW + timedelta(hours=3))
    point = ReadinessPoint.objects.get()
    assert (point.event_id, point.day) == (event.pk, date(2026, 11, 23))
    counts = readiness_of([event.pk], NOW)[event.pk].counts
    assert (point.ok, point.attention, point.blocking, point.waived) == (
        counts[Level.OK],
        counts[Level.ATTENTION],
        counts[Level.BLOCKING],
        0,
    )
    note_readiness(NOW + timedelta(days=1))
    assert ReadinessPoint.objects.count() == 2
