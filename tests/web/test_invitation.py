"""The page behind the links in an invitation."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.models import CounterProposal, Meeting, Participation
from convenor.scheduling.rules.answer_links import answer_token, read_answer_token
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import NOW, local, make_meeting, utc
from tests.interop.imip.calendar_program import deliver, mails

SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(client: Client, meeting: Meeting, person: Person, date: Any = None, query: str = "") -> str:
    answer = client.get(f"/invitation/{answer_token(meeting.pk, person.pk, date)}/{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def post(client: Client, meeting: Meeting, person: Person, what: str = "", **values: Any) -> str:
    path = f"/invitation/{answer_token(meeting.pk, person.pk)}/{what}"
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def answers(person: Person) -> list[PartStat]:
    rows = Participation.objects.filter(person=person).order_by("starts_at")
    return [PartStat(each) for each in rows.values_list("partstat", flat=True)]


def test_the_link_in_a_mail_opens_the_page_with_that_answer_chosen(client: Client, moment: Any) -> None:
    make_meeting(alice(), people=[member := bob()], description="Bring coffee.")
    moment.shift(121)
    deliver()
    (link,) = re.findall(r"Maybe: http://127.0.0.1:8000(\S+)", mails()[0]["text"])
    answer = client.get(link)
    text = answer.content.decode()
    assert 'value="tentative" checked' in re.sub(r"\s+", " ", text)
    assert ("Sprint review" in text, "Bring coffee." in text) == (True, True)
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex, nofollow", "private, no-store")
    assert answers(member) == [PartStat.NEEDS_ACTION]  # a robot that looks at links answers nothing


def test_an_answer_with_words_is_taken_in_the_reader_s_name(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    row = meeting.occurrences.get()
    said = post(client, meeting, member, date=row.pk, partstat="declined", comment="I am in Lyon.")
    assert "You have answered with no." in said
    assert answers(member) == [PartStat.DECLINED]
    assert Participation.objects.get(person=member).comment == "I am in Lyon."
    assert AuditEntry.objects.get(action="meeting.answered").actor_name == "Bob, by a link in a mail"


def test_the_same_form_sent_twice_and_another_answer_later_count_as_the_last(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    row = meeting.occurrences.get()
    for partstat in ("accepted", "accepted", "tentative"):
        post(client, meeting, member, date=row.pk, partstat=partstat)
    assert answers(member) == [PartStat.TENTATIVE]


def test_one_date_of_a_series_or_all_of_them(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()], rrule="FREQ=WEEKLY;COUNT=3").meeting
    second = meeting.occurrences.order_by("starts_at")[1]
    post(client, meeting, member, date=second.pk, partstat="declined")
    yes, no = PartStat.ACCEPTED, PartStat.DECLINED
    assert answers(member) == [PartStat.NEEDS_ACTION, no, PartStat.NEEDS_ACTION]
    post(client, meeting, member, date="all", partstat="accepted")
    assert answers(member) == [yes, yes, yes]


def test_nobody_else_can_be_answered_for_nor_another_meeting(client: Client) -> None:
    owner, member, outsider = alice(), bob(), charlie()
    meeting = make_meeting(owner, people=[member, outsider]).meeting
    other = make_meeting(owner, title="Salaries", people=[member]).meeting
    hers = other.occurrences.get()
    assert "nothing to answer" in post(client, meeting, outsider, date=hers.pk, partstat="accepted")
    assert set(answers(member)) == {PartStat.NEEDS_ACTION}
    assert "Salaries" not in page(client, meeting, outsider)
    asked_by_hand = page(client, other, outsider)  # a link that was sent before Charlie was taken off
    assert "You are no longer asked" in asked_by_hand
    assert "nothing to answer" in post(client, other, outsider, date=hers.pk, partstat="accepted")


@pytest.mark.parametrize("token", ["", "1-2-", "1-2-.abc", "x" * 500, "1-2-20261207T100000.zzzz", "é.é"])
def test_a_link_that_is_not_ours_opens_nothing(client: Client, token: str) -> None:
    assert client.get(f"/invitation/{token}/").status_code == 404
    assert read_answer_token(token) is None


def test_a_link_that_was_tampered_with_opens_nothing(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    token = answer_token(meeting.pk, member.pk)
    forged = token.replace(f"-{member.pk}-", f"-{member.pk + 1}-")
    assert client.get(f"/invitation/{forged}/").status_code == 404


def test_a_link_says_what_it_is_of() -> None:
    date = local("2026-12-14 10:00")
    found = read_answer_token(answer_token(3, 4, date))
    assert found is not None
    assert (found.meeting_id, found.person_id, found.recurrence_id) == (3, 4, date)
    whole = read_answer_token(answer_token(3, 4))
    assert whole is not None
    assert whole.recurrence_id is None


def test_a_meeting_called_off_says_so(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    row = meeting.occurrences.get()
    cancel_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, now=NOW)
    text = page(client, meeting, member, query="?answer=accepted")
    assert ("This meeting is called off" in text, "<textarea" in text) == (True, False)
    assert "nothing to answer" in post(client, meeting, member, date=row.pk, partstat="accepted")


def test_a_date_called_off_says_so_and_offers_the_others(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()], rrule="FREQ=WEEKLY;COUNT=3").meeting
    date = local("2026-12-14 10:00")
    cancel_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        scope=Scope.ONE,
        recurrence_id=date,
        now=NOW,
    )
    text = page(client, meeting, member, date)
    assert "This date is called off. The others take place" in text
    assert "Mon 21 Dec 2026" in text


def test_a_meeting_that_is_over_says_so(client: Client, moment: Any) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    moment.shift(timedelta(days=30))
    text = page(client, meeting, member)
    assert ("This meeting is over" in text, "<textarea" in text) == (True, False)


def test_a_meeting_moved_since_the_mail_says_so(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    at = int(meeting.occurrences.get().starts_at.timestamp())
    assert "has been moved" not in page(client, meeting, member, query=f"?at={at}")
    change_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(local_start=local("2026-12-08 15:00")),
        now=NOW,
    )
    text = page(client, meeting, member, query=f"?at={at}")
    assert "By the mail it was to begin on Mon 7 Dec 2026, 10:00" in text
    assert "Tue 8 Dec 2026, 15:00" in text


@pytest.mark.parametrize("at", ["x", "9" * 30, "-1", "٣", ""])
def test_a_time_in_the_address_that_is_none_is_passed_over(client: Client, at: str) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    assert "has been moved" not in page(client, meeting, member, query=f"?at={at}&answer=perhaps")


def test_a_moved_date_of_a_series_says_when_it_would_have_been(client: Client) -> None:
    meeting = make_meeting(alice(), people=[member := bob()], rrule="FREQ=WEEKLY;COUNT=3").meeting
    date = local("2026-12-14 10:00")
    row = meeting.occurrences.get(recurrence_id=date)
    by = timedelta(hours=3)
    move_occurrence(
        actor=SYSTEM,
        occurrence_id=row.pk,
        version=meeting.version,
        starts_at=row.starts_at + by,
        ends_at=row.ends_at + by,
        now=NOW,
    )
    assert "By the series it was to begin on Mon 14 Dec 2026, 10:00" in page(client, meeting, member, date)


def test_another_time_is_proposed_by_the_reader_s_own_clocks(client: Client) -> None:
    meeting = make_meeting(alice(), people=[guest := charlie()]).meeting  # Charlie lives in London
    row = meeting.occurrences.get()
    said = post(
        client,
        meeting,
        guest,
        "propose/",
        occurrence_id=row.pk,
        starts="2026-12-07T14:00",
        ends="2026-12-07T15:00",
        comment="My train comes in at noon.",
    )
    assert "Alice will look at the time that you propose." in said
    found = CounterProposal.objects.get()
    assert (found.starts_at, found.ends_at) == (utc("2026-12-07 14:00"), utc("2026-12-07 15:00"))
    assert (found.person, found.comment) == (guest, "My train comes in at noon.")


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("noon", "2026-12-07T15:00", "Write a date and a time"),
        ("2026-12-07T15:00", "2026-12-07T14:00", "must end after it starts"),
        ("2020-12-07T14:00", "2020-12-07T15:00", "is past"),
    ],
)
def test_a_time_that_can_not_be_is_refused(client: Client, starts: str, ends: str, sentence: str) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    row = meeting.occurrences.get()
    assert sentence in post(
        client, meeting, member, "propose/", occurrence_id=row.pk, starts=starts, ends=ends
    )
    assert not CounterProposal.objects.exists()


@pytest.mark.parametrize(
    "values", [{}, {"date": "x", "partstat": "accepted"}, {"date": "1", "partstat": "x"}]
)
def test_a_form_that_no_page_of_ours_sends_changes_nothing(client: Client, values: dict[str, str]) -> None:
    meeting = make_meeting(alice(), people=[member := bob()]).meeting
    text = post(client, meeting, member, **values)
    assert "nothing was changed" in text or "nothing to answer" in text
    assert answers(member) == [PartStat.NEEDS_ACTION]


def test_looking_at_it_changes_nothing_and_costs_the_same(
    client: Client, django_assert_num_queries: Any
) -> None:
    meeting = make_meeting(alice(), people=[member := bob()], rrule="FREQ=WEEKLY;COUNT=20").meeting
    before = AuditEntry.objects.count()
    with django_assert_num_queries(6):
        page(client, meeting, member)
    assert AuditEntry.objects.count() == before
