"""What registrants' calendars are told: their own seats, once, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from convenor.attendance.actions.notices import tell
from convenor.attendance.enums import Notice, SeatState
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.base.transactions import action
from convenor.events.enums import EventState
from convenor.events.models import Event
from convenor.interop.itip.registration import calendar_file
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob
from tests.factories.events import NOW, make_event
from tests.factories.functions import one
from tests.interop.imip.calendar_program import CalendarProgram, deliver, mails

pytestmark = pytest.mark.django_db
UID = "event-{}@127.0.0.1"


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def seated(event: Event, *rolls: Roll, state: SeatState = SeatState.CONFIRMED) -> Registration:
    registration = make_registration(event, "Ștefan Țurcanu", language="en")
    for roll in rolls:
        make_seat(roll, state, registration=registration)
    return registration


@action
def written(registration: Registration, notice: Notice = Notice.CONFIRMED) -> None:
    tell([registration], notice, NOW)


def new_mails(registration: Registration, notice: Notice = Notice.CONFIRMED) -> list[dict[str, Any]]:
    before = len(mails())
    written(registration, notice)
    deliver()
    return [each for each in mails()[before:] if each["to"] == [registration.email]]


def methods(found: list[dict[str, Any]]) -> list[str]:
    return [each["calendar"]["method"] if "calendar" in each else "" for each in found]


def events_in(payload: dict[str, Any]) -> list[Any]:
    return list(Calendar.from_ical(payload["calendar"]["content"]).walk("VEVENT"))


def test_a_confirmation_brings_the_event_into_the_calendar_with_nobody_else() -> None:
    event = make_event(alice())
    roll = make_roll(event)
    make_seat(roll)  # somebody else
    (mail,) = new_mails(seated(event, roll))
    assert mail["subject"] == "Your seat is confirmed: Away day"
    assert (mail["from_name"], mail["reply_to"]) == ("Alice (Convenor)", ["convenor@127.0.0.1"])
    (found,) = events_in(mail)
    assert (found["UID"], found["SUMMARY"]) == (UID.format(event.pk), "Away day")
    assert found["ATTENDEE"] == "mailto:guest2@partner.example"
    assert found["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (event.starts_at, event.ends_at)
    assert found["DTSTART"].params["TZID"] == "Europe/Bucharest"


@pytest.mark.parametrize(
    ("state", "notice"),
    [
        (SeatState.WAITLISTED, Notice.WAITLISTED),
        (SeatState.OFFERED, Notice.OFFERED),
        (SeatState.INVITED, Notice.INVITED),
        (SeatState.HELD, Notice.HELD),
    ],
)
def test_what_is_not_sure_is_in_no_calendar(state: SeatState, notice: Notice) -> None:
    event = make_event(alice())
    assert methods(new_mails(seated(event, make_roll(event), state=state), notice)) == [""]


def test_nothing_is_brought_twice() -> None:
    event = make_event(alice())
    registration = seated(event, make_roll(event))
    assert methods(new_mails(registration)) == ["REQUEST"]
    assert methods(new_mails(registration, Notice.REMINDER)) == [""]
    OutboxMessage.objects.filter(kind="registration").update(state="ready")
    before = len(mails())
    deliver()
    assert len(mails()) == before


def test_a_seat_given_up_leaves_the_calendar_and_comes_back_with_a_higher_sequence() -> None:
    event = make_event(alice())
    roll = make_roll(event)
    registration = seated(event, roll)
    program = CalendarProgram(registration.email)
    sequences = []
    for state, notice in (
        (SeatState.CONFIRMED, Notice.CONFIRMED),
        (SeatState.CANCELLED, Notice.CANCELLED),
        (SeatState.CONFIRMED, Notice.CONFIRMED),
    ):
        Seat.objects.filter(registration=registration).update(state=state)
        (mail,) = new_mails(registration, notice)
        program.take(mail)
        sequences.append(int(events_in(mail)[0]["SEQUENCE"]))
        assert bool(program.shows(NOW, NOW + timedelta(days=90))) == (state == SeatState.CONFIRMED)
    assert sequences == [0, 1, 2]


def test_a_function_has_its_meeting_s_uid_and_a_mail_of_its_own() -> None:
    event = make_event(alice())
    function = one(event, title="Workshop")
    registration = seated(event, make_roll(event), make_roll(event, function=function))
    first, second = new_mails(registration)
    assert [str(each["UID"]) for mail in (first, second) for each in events_in(mail)] == [
        UID.format(event.pk),
        function.occurrence.meeting.uid,
    ]
    assert second["subject"] == "For your calendar: Workshop (Away day), Mon 7 Dec, 10:00"
    assert "You need not answer" in second["text"]


def test_a_function_that_moves_tells_its_seat_holders_once() -> None:
    event = make_event(alice())
    function = one(event)
    registration = seated(event, make_roll(event), make_roll(event, function=function))
    new_mails(registration)
    meeting = function.occurrence.meeting
    meeting.refresh_from_db()
    change_meeting(
        actor=Actor.system("tests"),
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(local_start=meeting.local_start + timedelta(hours=2)),
        now=NOW,
    )
    told = new_mails(registration, Notice.MOVED)
    assert methods(told) == ["REQUEST"]
    (found,) = events_in(told[0])
    assert (str(found["UID"]), int(found["SEQUENCE"])) == (meeting.uid, 1)
    assert found["DTSTART"].dt.hour == 12
    assert methods(new_mails(registration, Notice.MOVED)) == [""]


def test_who_is_asked_to_the_function_s_meeting_has_that_invitation_only() -> None:
    event = make_event(alice())
    function = one(event)
    bob_ = bob()
    registration = make_registration(event, "Bob", person=bob_, email=bob_.email)
    for roll in (make_roll(event), make_roll(event, function=function)):
        make_seat(roll, registration=registration)
    meeting = function.occurrence.meeting
    change_meeting(
        actor=Actor.system("tests"),
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(attendees=(AttendeeDraft(bob_.pk),)),
        now=NOW,
    )
    found = [each for mail in new_mails(registration) if "calendar" in mail for each in events_in(mail)]
    assert [str(each["UID"]) for each in found if str(each["UID"]) != meeting.uid] == [UID.format(event.pk)]
    assert meeting.uid not in Registration.objects.get(pk=registration.pk).told


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED])
def test_an_event_that_is_off_leaves_the_calendar(state: EventState) -> None:
    event = make_event(alice())
    registration = seated(event, make_roll(event))
    new_mails(registration)
    Event.objects.filter(pk=event.pk).update(state=state, resumes_to=EventState.PLANNING)
    assert methods(new_mails(registration, Notice.CALLED_OFF)) == ["CANCEL"]


def test_what_is_over_is_not_told(moment: Any) -> None:
    event = make_event(alice())
    registration = seated(event, make_roll(event))
    moment.shift(timedelta(days=60))
    assert methods(new_mails(registration)) == [""]


def test_the_file_for_download_has_all_that_is_sure() -> None:
    event = make_event(alice())
    function, other = one(event, key="opening"), one(event, key="dinner")
    registration = seated(event, make_roll(event), make_roll(event, function=function))
    make_seat(make_roll(event, function=other), SeatState.WAITLISTED, registration=registration)
    found = Calendar.from_ical(calendar_file(registration.pk))
    assert "METHOD" not in found
    assert [str(each["UID"]) for each in found.walk("VEVENT")] == [
        UID.format(event.pk),
        function.occurrence.meeting.uid,
    ]


def test_a_registration_that_is_gone_says_nothing() -> None:
    event = make_event(alice())
    registration = seated(event, make_roll(event))
    written(registration)
    Seat.objects.all().delete()
    Registration.objects.filter(pk=registration.pk).delete()
    deliver()
    assert mails() == []
