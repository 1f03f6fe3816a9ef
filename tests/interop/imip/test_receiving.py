"""Answers that come in by mail: what they change, and what changes nothing and is listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.base.addresses import mark_unreachable, unreachable_among
from convenor.base.models import AuditEntry, OutboxMessage, ReceivedMail
from convenor.base.received import received_for, troubles_for
from convenor.interop.imip.receiving import receive
from convenor.people.models import EmailAlias, Person
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.actions.response import respond
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import CounterProposal, Meeting, Occurrence, Participation
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.interop.imip.mailing import SEEN, UID, answer, letter, mail, told, took

pytestmark = pytest.mark.django_db
WEEKLY = {"rrule": "FREQ=WEEKLY;COUNT=4"}


class Table:
    """Alice's meeting with Bob and Carol; Charlie is asked to another of hers."""

    def __init__(self, **fields: Any) -> None:
        self.alice, self.bob, self.charlie = alice(), bob(), charlie()
        self.carol = MemberFactory(email="carol@example.org", name="Carol")
        people: list[Any] = [self.alice, self.bob, self.carol]
        make_meeting(self.alice, people=people, uid=UID, **fields)
        make_meeting(
            self.alice, people=[self.alice, self.charlie], uid="other@convenor.example", title="Other"
        )
        self.meeting = Meeting.objects.get(uid=UID)

    def answers(self, person: Person | None = None) -> list[str]:
        rows = Participation.objects.filter(person=person or self.bob, occurrence__meeting=self.meeting)
        return list(rows.order_by("occurrence__recurrence_id").values_list("partstat", flat=True))

    def everybody_else(self) -> list[Any]:
        """What no mail of Bob's may change."""
        rows = Participation.objects.exclude(person=self.bob).order_by("pk")
        return list(rows.values_list("pk", "partstat", "answered_at", "comment", "blocks"))


@pytest.mark.parametrize(
    ("name", "partstat", "comment"),
    [
        ("outlook-desktop-accept", "accepted", "See you there, with the numbers."),
        ("outlook-com-decline-without-organizer", "declined", ""),
        ("google-accept", "accepted", "I'll be five minutes late, sorry"),
        ("apple-tentative", "tentative", "Poate întârzii – vin de la Brașov"),
    ],
)
def test_replies_of_the_known_programs(name: str, partstat: str, comment: str) -> None:
    table = Table()
    before = table.everybody_else()
    assert took(mail(name)) == ("applied", "answered")
    part = Participation.objects.get(person=table.bob)
    assert (part.partstat, part.comment, part.blocks) == (partstat, comment, partstat != "declined")
    assert part.answered_at is not None
    assert SEEN - timedelta(hours=3) < part.answered_at < SEEN  # when it was written, not when it came
    assert table.everybody_else() == before
    entry = AuditEntry.objects.get(action="meeting.answered")
    assert (entry.actor_name, entry.actor) == ("Bob, by mail", None)


def test_one_date_of_a_series_is_answered_in_whatever_zone_it_is_named() -> None:
    table = Table(**WEEKLY)
    assert took(mail("outlook-desktop-decline-one-date")) == ("applied", "answered")
    assert table.answers() == ["needs-action", "declined", "needs-action", "needs-action"]
    for line in ("RECURRENCE-ID:20261221T080000Z", "RECURRENCE-ID;TZID=America/New_York:20261228T030000"):
        assert took(letter(answer(line, partstat="TENTATIVE"))) == ("applied", "answered")
    assert table.answers() == ["needs-action", "declined", "tentative", "tentative"]
    assert took(letter(answer("RECURRENCE-ID;VALUE=DATE:20261207"))) == ("applied", "answered")
    assert table.answers() == ["accepted", "declined", "tentative", "tentative"]


def test_a_reply_without_a_date_answers_all_that_are_not_over() -> None:
    table = Table(**WEEKLY)
    assert took(letter(answer(stamp="20261215T090000Z")), utc("2026-12-15 10:00")) == ("applied", "answered")
    assert table.answers() == ["needs-action", "needs-action", "accepted", "accepted"]


def test_a_reply_to_a_series_and_some_of_its_dates_in_one_mail() -> None:
    table = Table(**WEEKLY)
    two = answer("RECURRENCE-ID:20261214T080000Z", partstat="DECLINED")
    both = two.replace("END:VCALENDAR", "") + answer().partition("METHOD:REPLY\r\n")[2]
    row = receive(letter(both), now=SEEN)
    assert (row.verdict, len(row.facts["outcomes"])) == ("applied", 2)
    assert table.answers() == ["accepted", "declined", "accepted", "accepted"]


def test_this_and_following() -> None:
    table = Table(**WEEKLY)
    took(letter(answer("RECURRENCE-ID;RANGE=THISANDFUTURE:20261221T080000Z", partstat="DECLINED")))
    assert table.answers() == ["needs-action", "needs-action", "declined", "declined"]


def test_whole_days() -> None:
    table = Table(
        all_day=True,
        local_start=utc("2026-12-07 00:00").replace(tzinfo=None),
        duration_minutes=1440,
        **WEEKLY,
    )
    assert took(letter(answer("RECURRENCE-ID;VALUE=DATE:20261214"))) == ("applied", "answered")
    assert table.answers() == ["needs-action", "accepted", "needs-action", "needs-action"]


def test_the_same_mail_twice_is_one_row_and_one_answer() -> None:
    table = Table()
    first = receive(mail("google-accept"), now=SEEN)
    messages = OutboxMessage.objects.count()
    assert receive(mail("google-accept"), now=SEEN + timedelta(hours=1)) == first
    assert (ReceivedMail.objects.count(), OutboxMessage.objects.count()) == (1, messages)
    # By another route it has other headers, and says nothing new either
    assert took(b"Received: by elsewhere\r\n" + mail("google-accept")) == ("ignored", "again")
    assert OutboxMessage.objects.count() == messages
    assert table.answers() == ["accepted"]


@pytest.mark.parametrize(
    "sender",
    [
        "charlie@elsewhere.example",
        "carol@example.org",
        '"bob@example.org" <charlie@elsewhere.example>',
        "=?utf-8?q?bob=40example=2Eorg?= <charlie@elsewhere.example>",
        "bob@example.org.elsewhere.example",
    ],
)
def test_an_answer_in_another_s_name_changes_nothing_and_is_listed(sender: str) -> None:
    table = Table()
    row = receive(letter(answer(), sender=sender), now=SEEN)
    assert (row.verdict, row.reason) == ("refused", "forged")
    assert table.answers() == ["needs-action"]
    assert "bob@example.org" in told(row)[0]


def test_the_header_sender_proves_nothing() -> None:
    table = Table()
    forged = letter(answer(), sender="charlie@elsewhere.example", headers="Sender: bob@example.org")
    assert took(forged) == ("refused", "forged")
    assert table.answers() == ["needs-action"]


@pytest.mark.parametrize("sender", ["bob@example.org, charlie@elsewhere.example", "", "nobody at all"])
def test_a_mail_that_is_from_nobody_or_from_two_is_refused(sender: str) -> None:
    table = Table()
    assert took(letter(answer(), sender=sender)) == ("refused", "no_sender")
    assert table.answers() == ["needs-action"]


def test_what_our_own_server_found_false_is_refused() -> None:
    table = Table()
    results = "Authentication-Results: mx.convenor.example; spf=fail; dmarc=fail header.from=example.org"
    assert took(letter(answer(), headers=results)) == ("refused", "unproven")
    assert table.answers() == ["needs-action"]


def test_other_addresses_of_the_attendee_count() -> None:
    table = Table()
    EmailAlias.objects.create(person=table.bob, email="bob@home.example")
    assert took(letter(answer(), sender="Bob at home <Bob@Home.example>")) == ("applied", "answered")
    changed = answer(attendee="bob@home.example", partstat="DECLINED", stamp="20261124T094000Z")
    assert took(letter(changed)) == ("applied", "answered")
    assert table.answers() == ["declined"]


def test_a_delegate_who_may_act_answers_for_the_principal_and_one_who_may_see_does_not() -> None:
    table = Table()
    DelegationFactory(principal=table.bob, delegate=table.carol, scope="act")
    assert took(letter(answer(), sender="carol@example.org")) == ("applied", "answered")
    assert (table.answers(), table.answers(table.carol)) == (["accepted"], ["needs-action"])
    DelegationFactory(principal=table.bob, delegate=table.charlie, scope="see")
    late = answer(partstat="DECLINED", stamp="20261124T094000Z")
    assert took(letter(late, sender="charlie@elsewhere.example")) == ("refused", "forged")


def test_an_older_answer_than_the_one_on_record_changes_nothing() -> None:
    table = Table()
    occurrence = Occurrence.objects.get(meeting=table.meeting)
    respond(
        actor=actor_of(table.bob),
        occurrence_id=occurrence.pk,
        person_id=table.bob.pk,
        partstat=PartStat.DECLINED,
        now=SEEN,
    )
    assert took(letter(answer()), SEEN + timedelta(hours=1)) == ("listed", "overtaken")
    assert table.answers() == ["declined"]


def test_an_answer_to_a_time_that_has_changed_is_stale_and_one_to_the_same_time_is_not() -> None:
    table = Table()
    occurrence = Occurrence.objects.get(meeting=table.meeting)
    tuesday = occurrence.starts_at + timedelta(days=1), occurrence.ends_at + timedelta(days=1)
    move_occurrence(
        actor=actor_of(table.alice),
        occurrence_id=occurrence.pk,
        version=1,
        starts_at=tuesday[0],
        ends_at=tuesday[1],
        now=NOW,
    )
    row = receive(mail("google-accept"), now=SEEN)
    assert (row.verdict, row.reason, table.answers()) == ("listed", "stale", ["needs-action"])
    assert "no longer has" in told(row)[0]
    Meeting.objects.filter(pk=table.meeting.pk).update(sequence=2)  # another room since
    fresh = answer("SEQUENCE:1", "DTSTART:20261208T080000Z")
    assert took(letter(fresh)) == ("applied", "answered")


@pytest.mark.parametrize(
    ("lines", "fields", "reason"),
    [
        ((), {"uid": "nothing@convenor.example"}, "unknown_uid"),
        ((), {"uid": ""}, "unknown_uid"),
        ((), {"uid": "event-1@elsewhere.example"}, "unknown_uid"),
        (("RECURRENCE-ID:20270101T080000Z",), {}, "unknown_date"),
        (("RECURRENCE-ID;VALUE=DATE:20261208",), {}, "unknown_date"),
        ((), {"partstat": "NEEDS-ACTION"}, "no_choice"),
        ((), {"partstat": "NONSENSE"}, "no_choice"),
        (("RECURRENCE-ID:nonsense",), {}, "unreadable"),
    ],
)
def test_what_cant_be_matched_is_listed_with_its_reason(
    lines: tuple[str, ...], fields: dict[str, str], reason: str
) -> None:
    table = Table(**WEEKLY)
    row = receive(letter(answer(*lines, **fields)), now=SEEN)
    assert (row.verdict, row.reason) == ("listed", reason)
    assert set(table.answers()) == {"needs-action"}
    assert told(row)[0]


def test_over_and_cancelled_are_said() -> None:
    table = Table()
    assert took(letter(answer()), utc("2026-12-07 09:00")) == ("listed", "over")
    cancel_meeting(actor=actor_of(table.alice), meeting_id=table.meeting.pk, version=1, now=NOW)
    assert took(letter(answer(stamp="20261124T095000Z"))) == ("listed", "cancelled")


def test_party_crashers_are_listed_not_added() -> None:
    table = Table()
    crasher = letter(
        answer(attendee="charlie@elsewhere.example"), sender="charlie@elsewhere.example"
    )  # asked to another meeting
    unknown = letter(answer(attendee="dan@nowhere.example"), sender="dan@nowhere.example")
    for each in (crasher, unknown):
        row = receive(each, now=SEEN)
        assert (row.verdict, row.reason) == ("listed", "not_asked")
    assert set(table.meeting.attendees.values_list("person__name", flat=True)) == {"Alice", "Bob", "Carol"}


def test_sending_somebody_else_is_recorded_and_listed() -> None:
    table = Table()
    attendee = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:dan@nowhere.example":mailto:bob@example.org'
    plain = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.org"
    row = receive(letter(answer().replace(plain, attendee)), now=SEEN)
    assert (row.verdict, row.reason, table.answers()) == ("listed", "delegated", ["delegated"])
    assert "dan@nowhere.example" in told(row)[0]
    assert not Person.objects.filter(email="dan@nowhere.example").exists()


@pytest.mark.parametrize("name", ["outlook-desktop-counter", "google-counter"])
def test_another_time_that_is_proposed_waits_for_the_organiser(name: str) -> None:
    table = Table()
    assert took(mail(name)) == ("applied", "proposed")
    counter = CounterProposal.objects.get()
    assert (counter.person, counter.state) == (table.bob, "open")
    assert (counter.starts_at, counter.ends_at) == (utc("2026-12-08 08:00"), utc("2026-12-08 09:00"))
    assert Occurrence.objects.get(meeting=table.meeting).starts_at == utc("2026-12-07 08:00")
    assert table.answers() == ["tentative" if "outlook" in name else "declined"]


def test_proposals_that_cant_be_taken_are_listed() -> None:
    table = Table(**WEEKLY)
    times = ("DTSTART:20261208T080000Z", "DTEND:20261208T090000Z")
    rid = "RECURRENCE-ID:20261207T080000Z"
    cases = {
        "counter_of_series": times,
        "counter_without_time": (rid,),
        "refused": (rid, "DTSTART:20261208T080000Z", "DTEND:20261208T070000Z"),
    }
    for reason, lines in cases.items():
        made = letter(answer(*lines, method="COUNTER"), method="COUNTER")
        assert took(made) == ("listed", reason)
    Meeting.objects.filter(pk=table.meeting.pk).update(sequence=3)
    assert took(letter(answer(rid, *times, method="COUNTER"), method="COUNTER")) == ("listed", "stale")
    assert not CounterProposal.objects.exists()


def test_a_request_for_the_invitation_is_answered_once_an_hour() -> None:
    table = Table()
    OutboxMessage.objects.all().delete()
    assert took(mail("thunderbird-refresh")) == ("applied", "sent_again")
    message = OutboxMessage.objects.get()
    assert (message.kind, message.payload["person_ids"]) == ("invitation", [table.bob.pk])
    OutboxMessage.objects.update(created_at=SEEN)
    for number in range(20):  # a robot at the other end
        again = mail("thunderbird-refresh").replace(b"e1e1e1e1", b"e%d" % number)
        assert took(again, SEEN + timedelta(minutes=number)) == ("ignored", "too_soon")
    assert OutboxMessage.objects.count() == 1


def test_an_address_that_answers_is_reached_again() -> None:
    Table()
    mark_unreachable("bob@example.org", "mailbox full", NOW)
    took(letter(answer(), sender="charlie@elsewhere.example"))
    assert unreachable_among(["bob@example.org"])
    took(letter(answer()))
    assert not unreachable_among(["bob@example.org"])


def test_nobody_reads_what_came_in_but_coordinators() -> None:
    table = Table()
    row = receive(letter(answer()), now=SEEN)
    mark_unreachable("dan@nowhere.example", "no such user", NOW)
    assert received_for(actor_of(table.alice)) == [row]
    assert [each.address for each in troubles_for(actor_of(table.alice))] == ["dan@nowhere.example"]
    for other in (table.bob, table.charlie):
        assert received_for(actor_of(other)) == []
        assert not troubles_for(actor_of(other)).exists()
