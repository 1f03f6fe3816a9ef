"""People whom a roll puts into an occurrence: busy, seen in their calendar, and asked nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.people.models import Person
from convenor.scheduling.actions.joining import join, leave
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Attendee, Occurrence, Participation, StaleScope
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, check_house, make_meeting

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


def meeting_with(*people: Person, **fields: Any) -> Occurrence:
    return make_meeting(PersonFactory(), people=people, **fields).meeting.occurrences.get()


def stands(occurrence: Occurrence, person: Person) -> tuple[str, str, bool] | None:
    rows = Participation.objects.filter(occurrence=occurrence, person=person)
    return rows.values_list("role", "partstat", "blocks").first()


def test_somebody_who_is_not_asked_comes_in_as_optional_and_is_busy() -> None:
    occurrence, guest = meeting_with(), PersonFactory()
    assert join(pairs=[(occurrence.pk, guest.pk)], now=NOW) == 1
    assert stands(occurrence, guest) == (AttendeeRole.OPTIONAL, PartStat.ACCEPTED, True)
    assert not Attendee.objects.filter(person=guest).exists()
    check_house()


def test_somebody_who_is_asked_has_accepted_in_their_own_role() -> None:
    asked = PersonFactory()
    occurrence = meeting_with(asked)
    join(pairs=[(occurrence.pk, asked.pk)], now=NOW)
    assert stands(occurrence, asked) == (AttendeeRole.REQUIRED, PartStat.ACCEPTED, True)
    assert Participation.objects.get(person=asked).answered_at == NOW


def test_joining_twice_changes_nothing_and_marks_nothing() -> None:
    occurrence, guest = meeting_with(), PersonFactory()
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    StaleScope.objects.all().delete()
    assert join(pairs=[(occurrence.pk, guest.pk)], now=NOW + timedelta(hours=1)) == 0
    assert not StaleScope.objects.exists()


def test_joining_and_leaving_send_nothing_and_mark_the_person_to_be_looked_at() -> None:
    occurrence, guest = meeting_with(), PersonFactory()
    sent = OutboxMessage.objects.count()
    StaleScope.objects.all().delete()
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    leave(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    assert OutboxMessage.objects.count() == sent
    assert [each.person_ids for each in StaleScope.objects.order_by("pk")] == [[guest.pk], [guest.pk]]
    assert {tuple(each.occurrence_ids) for each in StaleScope.objects.all()} == {(occurrence.pk,)}


def test_leaving_takes_out_who_was_not_asked_and_lets_who_is_asked_have_declined() -> None:
    asked, guest, other = PersonFactory.create_batch(3)
    occurrence = meeting_with(asked)
    join(pairs=[(occurrence.pk, each.pk) for each in (asked, guest, other)], now=NOW)
    assert leave(pairs=[(occurrence.pk, asked.pk), (occurrence.pk, guest.pk)], now=NOW) == 2
    assert stands(occurrence, guest) is None
    assert stands(occurrence, asked) == (AttendeeRole.REQUIRED, PartStat.DECLINED, False)
    assert stands(occurrence, other) == (AttendeeRole.OPTIONAL, PartStat.ACCEPTED, True)
    assert Attendee.objects.filter(person=asked).exists()


def test_leaving_for_the_waitlist_keeps_the_time_of_who_is_asked() -> None:
    asked = PersonFactory()
    occurrence = meeting_with(asked)
    leave(pairs=[(occurrence.pk, asked.pk)], answer=PartStat.TENTATIVE, now=NOW)
    assert stands(occurrence, asked) == (AttendeeRole.REQUIRED, PartStat.TENTATIVE, True)


def test_leaving_what_one_is_not_in_does_nothing() -> None:
    occurrence, stranger = meeting_with(), PersonFactory()
    assert leave(pairs=[(occurrence.pk, stranger.pk)], now=NOW) == 0


def test_a_pair_is_a_pair() -> None:
    """Of two occurrences and two people only the pairs that were named."""
    first, second = meeting_with(), meeting_with()
    ana, ion = PersonFactory.create_batch(2)
    join(pairs=[(first.pk, ana.pk), (second.pk, ion.pk)], now=NOW)
    assert stands(first, ion) is None
    assert stands(second, ana) is None
    join(pairs=[(first.pk, ion.pk), (second.pk, ana.pk)], now=NOW)
    leave(pairs=[(first.pk, ana.pk), (second.pk, ion.pk)], now=NOW)
    assert stands(first, ion) is not None
    assert stands(second, ana) is not None


def test_what_does_not_show_as_busy_blocks_nobody() -> None:
    occurrence, guest = meeting_with(shows_as_busy=False), PersonFactory()
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    assert stands(occurrence, guest) == (AttendeeRole.OPTIONAL, PartStat.ACCEPTED, False)


def test_what_is_called_off_blocks_nobody() -> None:
    occurrence, guest = meeting_with(), PersonFactory()
    cancel_meeting(actor=SYSTEM, meeting_id=occurrence.meeting_id, version=1, now=NOW)
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    assert stands(occurrence, guest) == (AttendeeRole.OPTIONAL, PartStat.ACCEPTED, False)


def test_what_is_over_stays_as_it_was() -> None:
    occurrence, guest = meeting_with(), PersonFactory()
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    assert leave(pairs=[(occurrence.pk, guest.pk)], now=occurrence.ends_at) == 0
    assert join(pairs=[(occurrence.pk, PersonFactory().pk)], now=occurrence.ends_at) == 0
    assert stands(occurrence, guest) is not None


def test_who_takes_part_already_can_be_asked_to_the_meeting() -> None:
    guest = PersonFactory()
    occurrence = meeting_with()
    join(pairs=[(occurrence.pk, guest.pk)], now=NOW)
    change_meeting(
        actor=SYSTEM,
        meeting_id=occurrence.meeting_id,
        version=occurrence.meeting.version,
        changes=MeetingChanges(attendees=(AttendeeDraft(guest.pk, AttendeeRole.REQUIRED),)),
        now=NOW,
    )
    assert stands(occurrence, guest) == (AttendeeRole.REQUIRED, PartStat.ACCEPTED, True)


@pytest.mark.parametrize("count", [1, 3])
def test_many_join_and_leave_in_as_many_statements_as_one(count: int) -> None:
    occurrences = [meeting_with() for _ in range(count)]
    people = PersonFactory.create_batch(count)
    pairs = [(occurrence.pk, person.pk) for occurrence in occurrences for person in people]
    with CaptureQueriesContext(
        connection,
    ) as joined:
        assert join(pairs=pairs, now=NOW) == count * count
    with CaptureQueriesContext(connection) as left:
        assert leave(pairs=pairs, now=NOW) == count * count
    asked = [each for each in (*joined, *left) if "SAVEPOINT" not in each["sql"]]
    assert len(asked) == 9
