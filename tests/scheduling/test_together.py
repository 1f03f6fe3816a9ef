"""Moving many meetings at once, against doing it one by one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.base.actor import Refused
from convenor.base.models import OutboxMessage
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.meeting import create_meetings
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.actions.response import respond
from convenor.scheduling.actions.together import (
    Move,
    cancel_together,
    move_together,
    suspend_together,
)
from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation, StaleScope
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, check_house, draft_for, local, make_meeting
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory
from tests.scheduling.house import HOUR, SYSTEM, WEEK, house, moves_of, occurrences

# Against one by one


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    meeting = st.fixed_dictionaries(
        {
            "hour": st.integers(8, 14),
            "day": st.integers(0, 2),
            "minutes": st.sampled_from([30, 60, 90]),
            "room": st.sampled_from([0, 1, None]),
            "second": st.booleans(),
            "pieces": st.integers(0, 2),
            "series": st.booleans(),
        }
    )
    return {
        "meetings": draw(st.lists(meeting, min_size=1, max_size=4)),
        "by": draw(st.sampled_from([-1, 1, 24, 24 * 7, 24 * 119])),  # the last goes over the change of clocks
        "stays": draw(st.integers(0, 3)),
    }


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_all_together_is_as_one_by_one(world: dict[str, Any]) -> None:
    with transaction.atomic():
        rows = _build(world)
        rows = [row for place, row in enumerate(rows) if place != world["stays"] or len(rows) == 1]
        moves = moves_of(rows, world["by"] * HOUR)
        one_by_one = _outcome(lambda: _one_by_one(moves))
        together = _outcome(lambda: move_together(actor=SYSTEM, moves=moves, now=NOW))
        if one_by_one is not None:
            assert together == one_by_one
        elif together is None:
            with pytest.raises(ValidationError):
                move_together(actor=SYSTEM, moves=moves, now=NOW)
        transaction.set_rollback(True)


def _build(world: dict[str, Any]) -> list[Occurrence]:
    organiser, guest, site = PersonFactory(), PersonFactory(), SiteFactory()
    rooms = [RoomFactory(site=site, capacity=8) for _ in range(2)]
    further = RoomFactory(site=site, capacity=8)
    kind = EquipmentFactory()
    BookableUnitFactory.create_batch(2, site=site, equipment=kind)
    rows: list[Occurrence] = []
    for each in world["meetings"]:
        start = local("2026-12-07 00:00") + timedelta(days=each["day"], hours=each["hour"])
        try:
            made = make_meeting(
                organiser,
                people=[guest],
                room=None if each["room"] is None else rooms[each["room"]],
                local_start=start,
                duration_minutes=each["minutes"],
                rrule="FREQ=WEEKLY;COUNT=3" if each["series"] else "",
                equipment=(EquipmentDraft(kind.pk, each["pieces"], site.pk),) if each["pieces"] else (),
            )
        except ValidationError:
            continue
        row = made.meeting.occurrences.order_by("starts_at").first()
        assert row is not None
        if each["second"]:
            with suppress(RoomClashes):
                book_room(actor=SYSTEM, occurrence_id=row.pk, room_id=further.pk, now=NOW)
        rows.append(row)
    return rows


def _outcome(change: Any) -> list[Any] | None:
    """How the house looks after it, None where it was refused; undone again."""
    found = None
    savepoint = transaction.savepoint()
    try:
        change()
    except ValidationError:
        pass
    else:
        check_house()
        found = house()
    transaction.savepoint_rollback(savepoint)
    return found


def _one_by_one(moves: Sequence[Move]) -> None:
    """In the order in which they make way for one another."""
    first = Occurrence.objects.get(pk=moves[0].occurrence_id)
    later = moves[0].starts_at > first.starts_at
    for move in sorted(moves, key=lambda each: each.starts_at, reverse=later):
        row = Occurrence.objects.select_related("meeting").get(pk=move.occurrence_id)
        move_occurrence(
            actor=SYSTEM,
            occurrence_id=row.pk,
            version=row.meeting.version,
            starts_at=move.starts_at,
            ends_at=move.ends_at,
            now=NOW,
        )


# Moving


@pytest.mark.django_db
def test_two_meetings_change_places_which_one_by_one_they_could_not() -> None:
    organiser, room = bob(), RoomFactory(capacity=8)
    one = make_meeting(organiser, room=room).meeting
    other = make_meeting(organiser, room=room, local_start=local("2026-12-07 11:00")).meeting
    (first,), (second,) = occurrences(one), occurrences(other)
    moves = [
        Move(first.pk, second.starts_at, second.ends_at),
        Move(second.pk, first.starts_at, first.ends_at),
    ]
    move_together(actor=actor_of(organiser), moves=moves, now=NOW)
    check_house()
    assert Occurrence.objects.get(pk=first.pk).starts_at == second.starts_at
    assert Meeting.objects.get(pk=one.pk).local_start == local("2026-12-07 11:00")
    assert Claim.objects.filter(is_active=True).count() == 2


@pytest.mark.django_db
def test_every_clash_is_told_with_another_room_and_the_choice_is_taken() -> None:
    organiser, site = alice(), SiteFactory()
    room, spare = RoomFactory(site=site, capacity=8), RoomFactory(site=site, capacity=10)
    mine = [
        make_meeting(organiser, room=room, local_start=local(f"2026-12-07 {hour}:00")).meeting
        for hour in (10, 12)
    ]
    for hour in (10, 12):
        make_meeting(organiser, room=room, title="In the way", local_start=local(f"2026-12-14 {hour}:00"))
    rows, actor, before = occurrences(*mine), actor_of(organiser), house()
    moves = moves_of(rows, WEEK)
    with pytest.raises(RoomClashes) as clashing:
        move_together(actor=actor, moves=moves, now=NOW)
    assert house() == before
    clashes = clashing.value.clashes
    bookings = dict(Booking.objects.filter(occurrence__in=rows).values_list("occurrence", "pk"))
    assert [each.booking_id for each in clashes] == [bookings[row.pk] for row in rows]
    assert all("In the way" in each.sentence for each in clashes)
    assert all(each.best is not None and each.best.room_id == spare.pk for each in clashes)

    choices = {bookings[rows[0].pk]: spare.pk, bookings[rows[1].pk]: None}
    move_together(actor=actor, moves=moves, rooms=choices, now=NOW)
    check_house()
    now_in = Booking.objects.filter(occurrence__in=rows).exclude(state="released")
    assert list(now_in.values_list("occurrence", "room")) == [(rows[0].pk, spare.pk)]


@pytest.mark.django_db
def test_too_few_pieces_refuse_the_whole() -> None:
    organiser, site, kind = alice(), SiteFactory(), EquipmentFactory(name="Camera")
    BookableUnitFactory(site=site, equipment=kind)
    asked = (EquipmentDraft(kind.pk, 1, site.pk),)
    mine = make_meeting(organiser, equipment=asked).meeting
    make_meeting(organiser, equipment=asked, local_start=local("2026-12-14 10:00"))
    before = house()
    with pytest.raises(ValidationError, match="Camera"):
        move_together(actor=actor_of(organiser), moves=moves_of(occurrences(mine), WEEK), now=NOW)
    assert house() == before


@pytest.mark.django_db
def test_answers_are_asked_for_again_and_everybody_is_told_once() -> None:
    organiser, guest = alice(), bob()
    meetings = [make_meeting(organiser, people=[organiser, guest]).meeting for _ in range(2)]
    rows = occurrences(*meetings)
    respond(
        actor=actor_of(guest),
        occurrence_id=rows[0].pk,
        person_id=guest.pk,
        partstat=PartStat.DECLINED,
        scope=Scope.ONE,
        now=NOW,
    )
    OutboxMessage.objects.all().delete()
    StaleScope.objects.all().delete()
    move_together(actor=actor_of(organiser), moves=moves_of(rows, WEEK), now=NOW)
    answers = Participation.objects.filter(occurrence__in=rows)
    assert set(answers.filter(person=guest).values_list("partstat", "blocks")) == {("needs-action", True)}
    assert set(answers.filter(person=organiser).values_list("partstat", "blocks")) == {("accepted", True)}
    assert [each.payload["person_ids"] for each in OutboxMessage.objects.all()] == [[guest.pk]] * 2
    touched = {key for scope in StaleScope.objects.all() for key in scope.occurrence_ids}
    assert touched == {row.pk for row in rows}


@pytest.mark.django_db
def test_meetings_of_one_week_leave_one_mark_and_far_ones_their_own() -> None:
    organiser = alice()
    drafts = [
        draft_for(organiser, local_start=local(f"2026-12-{day:02d} 10:00")) for day in (1, 2, 11, 30, 31)
    ]
    made = create_meetings(actor=SYSTEM, drafts=drafts, now=NOW)
    keys = [row.pk for each in made for row in occurrences(each.meeting)]
    marks = [sorted(scope.occurrence_ids) for scope in StaleScope.objects.order_by("starts_at")]
    assert marks == [keys[:3], keys[3:]]


@pytest.mark.django_db
def test_what_does_not_move_stays_as_it_is() -> None:
    organiser = alice()
    meeting = make_meeting(organiser, room=RoomFactory(capacity=8)).meeting
    before = house()
    done = move_together(actor=actor_of(organiser), moves=moves_of(occurrences(meeting), 0 * HOUR), now=NOW)
    assert (done.meetings, house()) == (0, before)


# Who may, and how much it takes


@pytest.mark.django_db
def test_nobody_moves_what_they_may_not_change() -> None:
    organiser, teammate = alice(), bob()
    rows = occurrences(
        make_meeting(organiser, people=[teammate]).meeting, make_meeting(teammate, title="Mine").meeting
    )
    before = house()
    with pytest.raises(Refused):
        move_together(actor=actor_of(teammate), moves=moves_of(rows, WEEK), now=NOW)
    with pytest.raises(Refused):
        cancel_together(actor=actor_of(teammate), occurrence_ids=[row.pk for row in rows])
    outsider = actor_of(charlie())
    with pytest.raises(Meeting.DoesNotExist):
        move_together(actor=outsider, moves=moves_of(rows, WEEK), now=NOW)
    with pytest.raises(Meeting.DoesNotExist):
        suspend_together(actor=outsider, occurrence_ids=[row.pk for row in rows])
    assert house() == before


@pytest.mark.django_db
def test_ten_take_as_many_statements_as_two() -> None:
    organiser, guest, site = alice(), bob(), SiteFactory()
    counts = []
    for many in (2, 10):
        meetings = [
            make_meeting(organiser, people=[guest], room=RoomFactory(site=site, capacity=8)).meeting
            for _ in range(many)
        ]
        rows = occurrences(*meetings)
        with CaptureQueriesContext(connection) as seen:
            move_together(actor=actor_of(organiser), moves=moves_of(rows, WEEK), now=NOW)
        counts.append(len(seen))
    assert counts[0] == counts[1]
