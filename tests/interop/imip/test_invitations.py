"""Who is told what of a meeting, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import Settings
from pytest_django.asserts import assertNumQueries

from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.interop.imip import invitations
from convenor.interop.imip.invitations import MOST_LISTED
from convenor.people.models import Person
from convenor.scheduling.actions.handover import hand_over_meetings
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import AttendeeRole, PartStat, Scope
from convenor.scheduling.models import Meeting, Told
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.interop.imip.calendar_program import deliver, mails

SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db
NEXT_DATE = local("2026-12-14 10:00")


@pytest.fixture
def moment() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def told(moment: Any) -> list[tuple[str, str, str]]:
    """What goes out once the wait is over: to whom, by which method, the subject."""
    before = len(mails())
    moment.shift(121)
    deliver()
    return [
        (each["to"][0], each["calendar"]["method"], each["subject"])
        for each in mails()[before:]
        if "calendar" in each
    ]


def change(meeting: Meeting, *, scope: Scope = Scope.ALL, date: Any = None, **changes: Any) -> None:
    meeting.refresh_from_db()
    change_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(**changes),
        scope=scope,
        recurrence_id=date,
        now=NOW,
    )


def cancel(meeting: Meeting, *, scope: Scope = Scope.ALL, date: Any = None) -> None:
    meeting.refresh_from_db()
    cancel_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        scope=scope,
        recurrence_id=date,
        now=NOW,
    )


def move(meeting: Meeting, date: Any, hours: int) -> None:
    meeting.refresh_from_db()
    row = meeting.occurrences.get(recurrence_id=date)
    by = timedelta(hours=hours)
    move_occurrence(
        actor=SYSTEM,
        occurrence_id=row.pk,
        version=meeting.version,
        starts_at=row.starts_at + by,
        ends_at=row.ends_at + by,
        now=NOW,
    )


def asked(*people: Person) -> tuple[AttendeeDraft, ...]:
    return tuple(AttendeeDraft(person.pk) for person in people)


def lines(payload: dict[str, Any]) -> list[str]:
    """The content lines, unfolded."""
    text: str = payload["calendar"]["content"]
    return text.replace("\r\n ", "").split("\r\n")


def test_everybody_but_the_organiser_is_asked_once(moment: Any) -> None:
    make_meeting(alice(), people=[bob_ := bob(), charlie()])
    assert told(moment) == [
        (bob_.email, "REQUEST", "Invitation: Sprint review, Mon 7 Dec, 10:00"),
        ("charlie@elsewhere.example", "REQUEST", "Invitation: Sprint review, Mon 7 Dec, 08:00"),  # in London
    ]
    assert told(moment) == []


def test_nothing_goes_out_before_the_wait_is_over(moment: Any, settings: Settings) -> None:
    settings.INVITATION_DELAY = 300
    make_meeting(alice(), people=[bob()])
    assert told(moment) == []
    moment.shift(60)
    assert told(moment) == [("bob@example.org", "REQUEST", "Invitation: Sprint review, Mon 7 Dec, 10:00")]


def test_several_edits_within_the_wait_are_one_mail(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()]).meeting
    told(moment)
    change(meeting, title="Review of the sprint")
    moment.shift(60)
    change(meeting, local_start=local("2026-12-07 12:00"))
    moment.shift(60)
    change(meeting, location="Online")
    assert told(moment) == [("bob@example.org", "REQUEST", "Changed: Review of the sprint, Mon 7 Dec, 12:00")]
    text = mails()[-1]["text"]
    assert "Title: Sprint review → Review of the sprint\n" in text
    assert "When: Mon 7 Dec 2026, 10:00–11:00 (Bucharest) → Mon 7 Dec 2026, 12:00–13:00 (Bucharest)\n" in text
    assert "Where: – → Online\n" in text
    assert told(moment) == []


def test_who_was_added_and_removed_again_is_never_bothered(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()]).meeting
    told(moment)
    carol = PersonFactory.create(email="carol@example.org")
    change(meeting, attendees=asked(bob_, carol))
    change(meeting, attendees=asked(bob_))
    assert told(moment) == []


def test_an_edit_that_is_taken_back_tells_nobody(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()]).meeting
    told(moment)
    change(meeting, title="Something else")
    change(meeting, title="Sprint review")
    assert told(moment) == []


def test_adding_a_person_tells_that_person_alone(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()]).meeting
    told(moment)
    carol = PersonFactory.create(email="carol@example.org")
    change(meeting, attendees=asked(bob_, carol))
    assert [each[:2] for each in told(moment)] == [("carol@example.org", "REQUEST")]


def test_who_is_removed_is_told_to_take_it_off_and_nobody_else_is(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob(), charlie_ := charlie()]).meeting
    told(moment)
    change(meeting, attendees=asked(bob_))
    assert told(moment) == [(charlie_.email, "CANCEL", "No longer asked: Sprint review, Mon 7 Dec, 08:00")]
    found = lines(mails()[-1])
    assert [each for each in found if each.startswith("ATTENDEE")] == [
        "ATTENDEE;CN=Charlie;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:charlie@elsewhere.example"
    ]
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(found)


def test_moving_one_date_tells_of_that_date_alone(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    move(meeting, NEXT_DATE, 2)
    assert told(moment) == [("bob@example.org", "REQUEST", "Changed: Sprint review, Mon 14 Dec, 12:00")]
    found = lines(mails()[-1])
    assert found.count("BEGIN:VEVENT") == 1
    assert [
        each for each in found if each.startswith(("RECURRENCE-ID", "DTSTART;", "DTEND", "SEQUENCE"))
    ] == [
        "RECURRENCE-ID;TZID=Europe/Bucharest:20261214T100000",
        "DTSTART;TZID=Europe/Bucharest:20261214T120000",
        "DTEND;TZID=Europe/Bucharest:20261214T130000",
        "SEQUENCE:1",
    ]
    assert not any(each.startswith("RRULE:FREQ=WEEKLY") for each in found)
    assert (
        "Mon 14 Dec 2026, 10:00–11:00 (Bucharest) → Mon 14 Dec 2026, 12:00–13:00 (Bucharest)"
        in mails()[-1]["text"]
    )


def test_a_date_called_off_is_cancelled_by_itself(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    cancel(meeting, scope=Scope.ONE, date=NEXT_DATE)
    assert told(moment) == [("bob@example.org", "CANCEL", "Called off: Sprint review, Mon 14 Dec, 10:00")]
    assert "RECURRENCE-ID;TZID=Europe/Bucharest:20261214T100000" in lines(mails()[-1])
    assert "called off one date" in mails()[-1]["text"]


def test_who_is_asked_later_gets_the_series_as_it_is_now(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    move(meeting, NEXT_DATE, 2)
    cancel(meeting, scope=Scope.ONE, date=local("2026-12-21 10:00"))
    told(moment)
    change(meeting, attendees=asked(bob_, charlie()))
    assert [each[0] for each in told(moment)] == ["charlie@elsewhere.example"]
    found = lines(mails()[-1])
    assert "EXDATE;TZID=Europe/Bucharest:20261221T100000" in found
    assert "RECURRENCE-ID;TZID=Europe/Bucharest:20261214T100000" in found
    assert found.count("BEGIN:VEVENT") == 2


def test_a_series_that_has_begun_is_said_to_be_when_it_is_next(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    moment.shift(timedelta(days=16))
    change(meeting, attendees=asked(bob_, charlie()))
    assert told(moment) == [
        ("charlie@elsewhere.example", "REQUEST", "Invitation: Sprint review, Mon 14 Dec, 08:00")
    ]
    assert "Repeats: Every week on Monday" in mails()[-1]["text"]


def test_a_whole_meeting_called_off_is_cancelled_for_all(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob(), charlie()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    cancel(meeting)
    assert [each[:2] for each in told(moment)] == [
        ("bob@example.org", "CANCEL"),
        ("charlie@elsewhere.example", "CANCEL"),
    ]
    assert set(Told.objects.values_list("is_cancelled", flat=True)) == {True}
    assert "?answer=" not in mails()[-1]["text"]


def test_a_meeting_called_off_before_anybody_heard_of_it_tells_nobody(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()]).meeting
    cancel(meeting)
    assert told(moment) == []


def test_nobody_is_told_of_what_is_over(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()]).meeting
    told(moment)
    moment.shift(timedelta(days=30))
    change(meeting, attendees=asked(bob_, charlie()), title="Review that was")
    assert told(moment) == []


def test_one_uid_for_ever_and_a_sequence_that_never_falls(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob()], rrule="FREQ=WEEKLY").meeting
    told(moment)
    change(meeting, title="Review")
    told(moment)
    move(meeting, NEXT_DATE, 1)
    told(moment)
    change(meeting, location="Online")
    told(moment)
    cancel(meeting)
    told(moment)
    found = [lines(each) for each in mails()]
    assert {line for each in found for line in each if line.startswith("UID:")} == {f"UID:{meeting.uid}"}
    numbers = [{line for line in each if line.startswith("SEQUENCE")} for each in found]
    # Another title is no reason for a new SEQUENCE (RFC 5546 §2.1.4)
    assert numbers == [{f"SEQUENCE:{n}"} for n in (0, 0, 1, 2, 3)]


def test_the_mail_comes_in_the_organiser_s_name_and_answers_go_to_us(moment: Any, settings: Settings) -> None:
    settings.MAIL_REPLIES_TO = "answers@convenor.example"
    make_meeting(alice(), people=[bob()])
    told(moment)
    (payload,) = mails()
    assert (payload["from_name"], payload["reply_to"]) == ("Alice (Convenor)", ["answers@convenor.example"])
    assert payload["headers"] == {"Auto-Submitted": "auto-generated"}
    assert "ORGANIZER;CN=Alice:mailto:answers@convenor.example" in lines(payload)


def test_each_reads_in_their_own_language_and_by_their_own_clocks(moment: Any) -> None:
    member = bob(user__language="ro", user__zone="Asia/Tokyo")
    make_meeting(alice(), people=[member])
    told(moment)
    assert "17:00–18:00" in mails()[0]["text"]
    assert '<html lang="ro">' in mails()[0]["html"]


def test_the_answers_of_all_stand_in_the_invitation(moment: Any) -> None:
    saved = make_meeting(alice(), people=[bob_ := bob(), charlie()])
    row = saved.meeting.occurrences.get()
    respond(actor=SYSTEM, occurrence_id=row.pk, person_id=bob_.pk, partstat=PartStat.ACCEPTED, now=NOW)
    told(moment)
    invitation = next(
        each for each in mails() if each["to"] == ["charlie@elsewhere.example"] and "calendar" in each
    )
    found = [each.partition(":mailto:")[::2] for each in lines(invitation) if each.startswith("ATTENDEE")]
    assert {address: "PARTSTAT=ACCEPTED" in head for head, address in found} == {
        "bob@example.org": True,
        "charlie@elsewhere.example": False,
    }


def test_of_a_large_meeting_everybody_is_listed_alone(moment: Any) -> None:
    people = PersonFactory.create_batch(MOST_LISTED + 1)
    make_meeting(alice(), people=people)
    told(moment)
    assert len(mails()) == MOST_LISTED + 1
    for payload, person in zip(mails(), people, strict=True):
        found = [each for each in lines(payload) if each.startswith("ATTENDEE")]
        assert len(found) == 1
        assert found[0].endswith(f"mailto:{person.email}")


def test_a_thing_that_is_booked_as_a_person_is_not_written_to(moment: Any) -> None:
    beamer = PersonFactory.create(email="beamer@example.org")
    drafts = (AttendeeDraft(bob().pk), AttendeeDraft(beamer.pk, AttendeeRole.RESOURCE))
    make_meeting(alice(), attendees=drafts)
    assert [each[0] for each in told(moment)] == ["bob@example.org"]


def test_who_takes_a_meeting_over_keeps_it_in_their_calendar(moment: Any) -> None:
    owner, heir = alice(), bob()
    meeting = make_meeting(owner, people=[owner, heir, charlie()]).meeting
    told(moment)
    hand_over_meetings(actor=SYSTEM, from_person_id=owner.pk, to_person_id=heir.pk, now=NOW)
    told(moment)
    change(meeting, local_start=local("2026-12-07 15:00"))
    assert (heir.email, "REQUEST") in [each[:2] for each in told(moment)]


def test_delivering_twice_sends_nothing_twice(moment: Any) -> None:
    make_meeting(alice(), people=[bob()])
    told(moment)
    OutboxMessage.objects.filter(kind="invitation").update(state="ready")  # a worker died after its work
    deliver()
    assert len(mails()) == 1


def test_it_is_sent_again_to_who_asks_for_it(moment: Any) -> None:
    meeting = make_meeting(alice(), people=[bob_ := bob()]).meeting
    told(moment)
    before = mails()
    payload = {"meeting_id": meeting.pk, "person_ids": [bob_.pk], "force": True}
    OutboxMessage.objects.create(kind="invitation", key="again", payload=payload)
    deliver()
    (again,) = mails()[len(before) :]
    stamp = {line for line in lines(before[0]) if not line.startswith("DTSTAMP")}
    assert {line for line in lines(again) if not line.startswith("DTSTAMP")} == stamp


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_people(moment: Any, count: int) -> None:
    meeting = make_meeting(alice(), people=PersonFactory.create_batch(count)).meeting
    (message,) = OutboxMessage.objects.filter(kind="invitation")
    with assertNumQueries(17):
        invitations.compose(message.payload, message.key, NOW)
    assert Told.objects.filter(meeting=meeting).count() == count
