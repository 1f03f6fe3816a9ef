"""What a window costs, and who sees what in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.enums import Scope as Delegated
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Meeting, Occurrence, Participation
from convenor.scheduling.queries.claims import claims_in, taken_units
from convenor.scheduling.queries.collisions import busy_in, collisions_of
from convenor.scheduling.queries.meetings import (
    meeting_for,
    occurrence_for,
    occurrences_for,
    participants_for,
)
from convenor.scheduling.queries.windows import in_window, overlapping
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, DepartmentFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting, utc
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


def span(start: str, end: str) -> Span:
    return Span(instant_of(utc(start)), instant_of(utc(end)))


DAY = span("2026-12-07 00:00", "2026-12-08 00:00")


@pytest.mark.parametrize(
    ("start", "minutes", "is_in"),
    [
        ("2026-12-07 10:00", 60, True),
        ("2026-12-06 23:30", 60, True),
        ("2026-12-06 23:00", 60, False),
        ("2026-12-08 00:00", 60, False),
        ("2026-12-07 23:59", 1, True),
        ("2026-12-06 00:00", 1440, False),
        ("2026-12-06 00:01", 1440, True),
        ("2026-11-20 00:00", 1440 * 30, True),
        ("2026-11-20 00:00", 1440 * 17, False),
    ],
)
def test_a_window_holds_what_shares_time_with_it(start: str, minutes: int, is_in: bool) -> None:
    make_meeting(bob(), zone="UTC", local_start=local(start), duration_minutes=minutes)
    assert Occurrence.objects.filter(in_window(DAY)).exists() == is_in


def explained(queryset: Any) -> str:
    if connection.vendor == "sqlite":
        return str(queryset.explain())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what an earlier test left of its statistics is no guide
        cursor.execute("SET LOCAL enable_seqscan = off")  # a handful of rows would be read whole
    return str(queryset.explain())


WINDOW = {
    "starts_at": utc("2026-12-07 00:00"),
    "ends_at": utc("2026-12-08 00:00"),
    "day_before": utc("2026-12-06 00:00"),
}


@pytest.mark.parametrize(
    ("queryset", "index"),
    [
        (lambda _person, _unit: Occurrence.objects.filter(in_window(DAY)), "starts_at"),
        (lambda _person, _unit: overlapping(Occurrence.objects.all(), DAY), "starts_at"),
        (lambda _person, unit: claims_in(unit_ids=[unit], **WINDOW), "claim_active_of_unit"),
        (lambda person, _unit: busy_in(person_ids=[person], **WINDOW), "participation_busy"),
    ],
)
def test_a_window_is_read_through_its_index(queryset: Any, index: str) -> None:
    person, room = bob(), RoomFactory.create()
    make_meeting(
        person,
        people=[person],
        room=room,
        zone="UTC",
        local_start=local("2026-12-01 10:00"),
        rrule="FREQ=DAILY;COUNT=300",
    )
    rows = queryset(person.pk, room.units.get().pk).order_by()
    plan = explained(rows)
    table = rows.model._meta.db_table
    assert f"SCAN {table}" not in plan, plan
    assert "Seq Scan" not in plan, plan
    assert bounded(plan, index), plan


def bounded(plan: str, index: str) -> bool:
    """The index is read between two starts, not from the beginning of time."""
    names = {"claim_active_of_unit": ("no_double_booking", "claim_active_of_unit")}.get(index, (index,))
    if connection.vendor == "sqlite":
        return any(name in plan and "starts_at>? AND starts_at<?" in plan for name in names)
    return any(name in plan for name in names) and "starts_at >" in plan


@pytest.mark.parametrize("history", [0, 200])
def test_a_window_reads_as_many_rows_with_and_without_history(history: int) -> None:
    organiser = bob()
    make_meeting(organiser)
    make_meeting(organiser, local_start=local("2025-01-01 10:00"), rrule=f"FREQ=DAILY;COUNT={history + 1}")
    assert len(occurrences_for(actor_of(organiser), DAY)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries_however_long(count: int) -> None:
    teammate = bob()
    for n in range(count):
        make_meeting(
            MemberFactory(), people=[teammate], room=RoomFactory(capacity=8), is_private=n == 0, title=f"M{n}"
        )
    actor = actor_of(teammate)
    with CaptureQueriesContext(connection) as queries:
        assert len(occurrences_for(actor, DAY, person_ids=[teammate.pk])) == count
    assert len(queries) == 5


def test_a_private_meeting_is_busy_to_others() -> None:
    principal, guest, teammate, delegate = (
        alice(user__role="organiser"),
        bob(),
        MemberFactory(),
        MemberFactory(),
    )
    DelegationFactory(principal=principal, delegate=delegate, scope=Delegated.SEE)
    meeting = make_meeting(principal, people=[guest], is_private=True, title="Layoffs").meeting
    occurrence = meeting.occurrences.get()
    for person in (principal, guest, delegate, MemberFactory(user__role="coordinator")):
        (row,) = occurrences_for(actor_of(person), DAY)
        assert (row.title, row.is_masked) == ("Layoffs", False)
        assert meeting_for(actor_of(person), meeting.pk) == meeting
    (row,) = occurrences_for(actor_of(teammate), DAY)
    assert (row.title, row.is_masked, row.organiser_name, row.uid, row.may_edit) == (
        "Busy",
        True,
        "",
        "",
        False,
    )
    assert (row.starts_at, row.ends_at) == (occurrence.starts_at, occurrence.ends_at)
    with pytest.raises(Meeting.DoesNotExist):
        meeting_for(actor_of(teammate), meeting.pk)
    with pytest.raises(Occurrence.DoesNotExist):
        occurrence_for(actor_of(teammate), occurrence.pk)


def test_an_outsider_sees_only_their_own_meetings() -> None:
    outsider = charlie()
    make_meeting(bob(), title="Internal")
    theirs = make_meeting(alice(), people=[outsider], title="With Charlie").meeting
    assert [row.title for row in occurrences_for(actor_of(outsider), DAY)] == ["With Charlie"]
    assert meeting_for(actor_of(outsider), theirs.pk) == theirs
    with pytest.raises(Meeting.DoesNotExist):
        meeting_for(actor_of(outsider), Meeting.objects.get(title="Internal").pk)


def test_a_list_is_narrowed_by_person_room_and_department() -> None:
    department = DepartmentFactory()
    team = DepartmentFactory(parent=department)
    guest, room = PersonFactory(department=team), RoomFactory(capacity=8)
    make_meeting(bob(), people=[guest], title="Person")
    make_meeting(alice(), room=room, title="Room")
    actor = actor_of(MemberFactory())
    assert [row.title for row in occurrences_for(actor, DAY, person_ids=[guest.pk])] == ["Person"]
    assert [row.title for row in occurrences_for(actor, DAY, room_ids=[room.pk])] == ["Room"]
    assert [row.title for row in occurrences_for(actor, DAY, department=department.pk)] == ["Person"]
    Participation.objects.update(partstat=PartStat.DECLINED)
    assert occurrences_for(actor, DAY, person_ids=[guest.pk]) == []


def test_participants_are_listed_by_role() -> None:
    organiser, guest = bob(), PersonFactory(name="Ana")
    occurrence = make_meeting(organiser, people=[guest, organiser]).meeting.occurrences.get()
    rows = participants_for(actor_of(organiser), occurrence.pk)
    assert [(row.name, row.partstat, row.may_answer) for row in rows] == [
        ("Ana", "needs-action", False),
        ("Bob", "accepted", True),
    ]


def test_prepared_reads_answer_as_the_orm_does() -> None:
    guest, room = PersonFactory(), RoomFactory(capacity=8)
    make_meeting(bob(), people=[guest], room=room)
    make_meeting(alice(), people=[guest], local_start=local("2026-12-01 10:00"), duration_minutes=1440 * 10)
    make_meeting(MemberFactory(), people=[guest], room=room, local_start=local("2026-12-08 10:00"))
    probe = make_meeting(MemberFactory(), local_start=local("2026-12-07 10:30")).meeting.occurrences.get()
    found = collisions_of([probe], [guest.pk])
    meets = Participation.objects.filter(in_window(DAY), person=guest).order_by("starts_at")
    assert [(each.starts_at, each.ends_at) for each in found] == list(
        meets.values_list("starts_at", "ends_at")
    )
    units = list(room.units.values_list("pk", flat=True))
    window = (probe.starts_at, probe.ends_at)
    (taken,) = taken_units(units, [window], now=NOW).in_the_way(units, *window)
    assert taken.starts_at == utc("2026-12-07 08:00")
    assert taken_units(units, [], now=NOW).is_free(units, *window)
