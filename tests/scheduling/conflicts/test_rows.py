"""What people see of conflicts, what they may do about them, and that it works."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor, Refused
from convenor.base.enums import Role, Scope
from convenor.base.models import AuditEntry
from convenor.people.actions.availability import add_leave
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.conflicts import (
    ignore_conflict,
    rebuild,
    refresh,
    reopen_conflict,
    take_way_out,
)
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import AttendeeRole, BookingState, Severity
from convenor.scheduling.models import Booking, Conflict, Occurrence, Participation, StaleScope
from convenor.scheduling.queries.conflicts import (
    ConflictRow,
    conflict_for,
    conflicts_for,
    counts_for,
    ignored_for,
    is_current,
    ways_out_for,
)
from convenor.venues.actions.closure import create_closure
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting, utc
from tests.factories.venues import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
EVERYTHING = Actor.system("tests")
DOUBLE = ["person_double_booked"]


def doubles(actor: Actor) -> list[ConflictRow]:
    return conflicts_for(actor, kinds=DOUBLE, now=NOW)


def double_book(person: Person, *, count: int = 2, **fields: Any) -> list[Occurrence]:
    """So many meetings of somebody else's that this person must attend at ten on 7 December."""
    organiser = PersonFactory()
    for number in range(count):
        make_meeting(organiser, people=[person], title=f"Meeting {number + 1}", **fields)
    return list(Occurrence.objects.order_by("pk"))


def test_a_double_booking_shows_at_once_and_goes_when_it_is_mended() -> None:
    carol = alice()
    person = bob()
    first, second = double_book(person)
    (row,) = doubles(actor_of(carol))
    assert row.sentence == "Bob is in “Meeting 1” and “Meeting 2” at once on Mon 7 Dec, 10:00–11:00."
    assert (row.severity, row.person_email) == (Severity.SERIOUS, person.email)
    assert [each.occurrence_id for each in row.meetings] == [first.pk, second.pk]
    assert is_current()

    ways = ways_out_for(actor_of(carol), row.id, now=NOW)
    assert [way.key.partition(":")[0] for way in ways] == ["time", "time", "decline"]
    said = take_way_out(actor=actor_of(carol), conflict_id=row.id, key=ways[0].key, now=NOW)
    assert said == ways[0].effect
    assert doubles(actor_of(carol)) == []


def test_a_way_out_that_somebody_closed_is_refused_and_changes_nothing() -> None:
    carol = alice()
    double_book(bob())
    (row,) = doubles(actor_of(carol))
    way = ways_out_for(actor_of(carol), row.id, now=NOW)[0]
    meeting = Occurrence.objects.get(pk=int(way.key.split(":")[1])).meeting
    change_meeting(
        actor=EVERYTHING, meeting_id=meeting.pk, version=1, changes=MeetingChanges(title="Other"), now=NOW
    )
    before = list(Occurrence.objects.values_list("starts_at", flat=True))
    with pytest.raises(ValidationError, match="isn't open any more"):
        take_way_out(actor=actor_of(carol), conflict_id=row.id, key=way.key, now=NOW)
    with pytest.raises(ValidationError):
        take_way_out(actor=actor_of(carol), conflict_id=row.id, key="time:1:1:1:1:one", now=NOW)
    assert list(Occurrence.objects.values_list("starts_at", flat=True)) == before


def test_whom_it_concerns_sees_it_and_the_outsider_sees_nothing() -> None:
    person, teammate, outsider = bob(), MemberFactory(), charlie()
    secretary = MemberFactory()
    DelegationFactory(principal=person, delegate=secretary, scope=Scope.SEE)
    organiser = MemberFactory()
    make_meeting(organiser, people=[person, outsider], title="One")
    make_meeting(organiser, people=[person], title="Two")
    assert [len(doubles(actor_of(who))) for who in (alice(), person, secretary, organiser)] == [1, 1, 1, 1]
    assert [len(doubles(actor_of(who))) for who in (teammate, outsider)] == [0, 0]
    assert doubles(Actor.nobody()) == []
    (row,) = doubles(actor_of(person))
    for who in (teammate, outsider):
        with pytest.raises(Conflict.DoesNotExist):
            conflict_for(actor_of(who), row.id, now=NOW)
        with pytest.raises(Conflict.DoesNotExist):
            ignore_conflict(actor=actor_of(who), conflict_id=row.id, reason="Fine", now=NOW)
        with pytest.raises(Conflict.DoesNotExist):
            take_way_out(actor=actor_of(who), conflict_id=row.id, key="x", now=NOW)


def test_a_private_meeting_keeps_its_title_from_those_it_is_hidden_from() -> None:
    person = bob()
    organiser = MemberFactory()
    make_meeting(organiser, people=[person], title="Open")
    make_meeting(PersonFactory(), people=[person], title="Merger", is_private=True)
    (row,) = doubles(actor_of(organiser))  # who may not know of the second
    assert "Merger" not in row.sentence
    assert "a private meeting" in row.sentence
    (hidden,) = [each for each in row.meetings if each.is_masked]
    assert (hidden.uid, hidden.title) == ("", "a private meeting")
    assert not any("Merger" in way.effect for way in ways_out_for(actor_of(organiser), row.id, now=NOW))
    assert "Merger" in doubles(actor_of(person))[0].sentence


def test_what_somebody_may_do_about_it_is_what_they_are_offered() -> None:
    person = bob()
    double_book(person)
    (row,) = doubles(actor_of(person))
    (way,) = ways_out_for(actor_of(person), row.id, now=NOW)  # they organise neither
    assert way.key.startswith("decline:")
    take_way_out(actor=actor_of(person), conflict_id=row.id, key=way.key, now=NOW)
    assert Participation.objects.filter(person=person, partstat="declined").count() == 1
    assert doubles(actor_of(person)) == []


def test_of_an_optional_meeting_the_person_is_taken_off() -> None:
    person, organiser = bob(), PersonFactory()
    make_meeting(organiser, people=[person], title="Must")
    make_meeting(
        organiser, attendees=(AttendeeDraft(person.pk, AttendeeRole.OPTIONAL),), title="May", is_movable=False
    )
    (row,) = doubles(EVERYTHING)
    assert row.severity == Severity.WARNING
    assert row.sentence.endswith("“May” is optional for them.")
    labels = [way.label for way in ways_out_for(EVERYTHING, row.id, now=NOW)]
    assert labels[-1] == "Decline “May” for Bob"
    assert not any(label.startswith("Move “May”") for label in labels)  # it is fixed


def test_the_earlier_one_can_be_cut_short() -> None:
    person, organiser = bob(), PersonFactory()
    make_meeting(organiser, people=[person], title="Long", duration_minutes=75)
    make_meeting(organiser, people=[person], title="Next", local_start=local("2026-12-07 11:00"))
    (row,) = doubles(EVERYTHING)
    way = next(way for way in ways_out_for(EVERYTHING, row.id, now=NOW) if way.key.startswith("shorten"))
    take_way_out(actor=EVERYTHING, conflict_id=row.id, key=way.key, now=NOW)
    assert doubles(EVERYTHING) == []
    assert Occurrence.objects.order_by("pk")[0].ends_at == utc("2026-12-07 09:00")


def test_a_closed_room_is_changed_for_one_that_fits_and_is_free() -> None:
    site = SiteFactory()
    small, fitting, taken = (RoomFactory(site=site, capacity=size) for size in (2, 6, 5))
    room = RoomFactory(site=site, capacity=8)
    people = [PersonFactory() for _ in range(4)]
    make_meeting(PersonFactory(), people=[PersonFactory()], room=taken)
    meeting = make_meeting(people[0], people=people, room=room).meeting
    create_closure(
        actor=EVERYTHING,
        room=room,
        starts_at=utc("2026-12-07 06:00"),
        ends_at=utc("2026-12-07 20:00"),
        reason="Paint",
    )
    (row,) = conflicts_for(EVERYTHING, kinds=["room_closed"], now=NOW)
    assert row.room_code == room.code
    assert "is closed (Paint)" in row.sentence
    way = ways_out_for(EVERYTHING, row.id, now=NOW)[0]
    assert (way.label, small.code in way.effect) == (f"Use {fitting.code} {fitting.name}", False)
    take_way_out(actor=EVERYTHING, conflict_id=row.id, key=way.key, now=NOW)
    assert conflicts_for(EVERYTHING, kinds=["room_closed"], now=NOW) == []
    (booking,) = Booking.objects.filter(occurrence__meeting=meeting).exclude(state=BookingState.RELEASED)
    assert booking.room_id == fitting.pk


def test_a_hold_about_to_run_out_can_be_confirmed() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(PersonFactory(), people=[PersonFactory()]).meeting
    occurrence = meeting.occurrences.get()
    book_room(
        actor=EVERYTHING,
        occurrence_id=occurrence.pk,
        room_id=room.pk,
        hold_until=NOW + timedelta(hours=50),
        now=NOW,
    )
    refresh(NOW)
    kinds = ["booking_expiring"]
    assert conflicts_for(EVERYTHING, kinds=kinds, now=NOW) == []
    later = NOW + timedelta(hours=3)  # nothing but time has passed
    refresh(later)
    (row,) = conflicts_for(EVERYTHING, kinds=kinds, now=later)
    way = ways_out_for(EVERYTHING, row.id, now=later)[0]
    assert way.label == "Confirm the booking"
    take_way_out(actor=EVERYTHING, conflict_id=row.id, key=way.key, now=later)
    refresh(later)
    assert conflicts_for(EVERYTHING, kinds=kinds, now=later) == []
    assert Booking.objects.get().state == BookingState.CONFIRMED


def test_what_is_ignored_stays_ignored_until_it_is_other_trouble() -> None:
    carol, person = alice(), bob()
    first, _second = double_book(person)
    (row,) = doubles(actor_of(carol))
    for reason in ("", "   ", "x" * 301, "a\0b"):
        with pytest.raises(ValidationError):
            ignore_conflict(actor=actor_of(carol), conflict_id=row.id, reason=reason, now=NOW)
    ignore_conflict(actor=actor_of(carol), conflict_id=row.id, reason="He knows", now=NOW)
    assert doubles(actor_of(carol)) == []
    rebuild(NOW)
    assert doubles(actor_of(carol)) == []
    (ignored,) = ignored_for(actor_of(carol), now=NOW)
    assert (ignored.ignored_by, ignored.ignored_reason) == ("Alice", "He knows")
    assert AuditEntry.objects.filter(action="conflict.ignored").count() == 1

    double_book(person, count=1)
    (three,) = doubles(actor_of(carol))
    assert first.pk in {each.occurrence_id for each in three.meetings}
    assert "3 things at once" in three.sentence
    assert ignored_for(actor_of(carol), now=NOW) == []


def test_ignoring_can_be_taken_back_but_not_by_those_who_may_only_look() -> None:
    carol, person = alice(), bob(user__role=Role.VIEWER)
    double_book(person)
    (row,) = doubles(actor_of(person))
    with pytest.raises(Refused):
        ignore_conflict(actor=actor_of(person), conflict_id=row.id, reason="Fine", now=NOW)
    ignore_conflict(actor=actor_of(carol), conflict_id=row.id, reason="Fine", now=NOW)
    reopen_conflict(actor=actor_of(carol), conflict_id=row.id, now=NOW)
    assert len(doubles(actor_of(carol))) == 1


def test_lists_are_narrowed() -> None:
    carol, person = alice(), bob()
    double_book(person)
    add_leave(
        actor=EVERYTHING,
        person_id=carol.pk,
        starts_on=utc("2026-12-07 00:00").date(),
        ends_on=utc("2026-12-07 00:00").date(),
    )
    make_meeting(carol, people=[carol, person], title="Mine", local_start=local("2026-12-07 13:00"))
    actor = actor_of(carol)
    kinds = {row.kind for row in conflicts_for(actor, now=NOW)}
    assert {"person_double_booked", "person_away"} <= kinds
    assert {row.kind for row in conflicts_for(actor, mine=True, now=NOW)} == {"person_away"}
    assert {row.kind for row in conflicts_for(actor, person=carol.pk, now=NOW)} == {"person_away"}
    assert all(row.severity == Severity.SERIOUS for row in conflicts_for(actor, severity=3, now=NOW))
    assert counts_for(actor, now=NOW, kinds=DOUBLE)[Severity.SERIOUS] == 1
    assert len(conflicts_for(actor, first=0, most=1, now=NOW)) == 1


@pytest.mark.parametrize("who", ["coordinator", "colleague"])
def test_many_rows_cost_as_many_queries_as_one(who: str) -> None:
    carol, person = alice(), bob()
    actor = actor_of(carol if who == "coordinator" else person)

    def queries(count: int) -> int:
        refresh(NOW)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(conflicts_for(actor, now=NOW)) >= count
        return len(captured)

    room = RoomFactory(capacity=1)
    make_meeting(
        person,
        people=[person, carol],
        room=room,
        equipment_needed={"beamer": 1},
        is_private=True,
        local_start=local("2026-12-07 21:00"),
    )
    double_book(person)
    one = queries(3)
    for day in range(8, 11):
        double_book(person, count=3, local_start=local(f"2026-12-{day:02} 10:00"))
    assert queries(6) == one


def test_looking_at_a_change_costs_as_many_queries_for_three_as_for_one() -> None:
    people = [PersonFactory() for _ in range(4)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            refresh(NOW)
        return len(captured)

    def meet(count: int) -> None:
        for _ in range(count):
            make_meeting(people[0], people=people, room=None)

    meet(2)
    refresh(NOW)
    meet(1)
    one = queries()
    meet(3)
    assert queries() == one
    assert not StaleScope.objects.exists()
