"""Changing, moving and cancelling one, the following or all occurrences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import KEEP, AttendeeDraft, EquipmentDraft, MeetingChanges
from convenor.scheduling.enums import (
    AttendeeRole,
    BookingState,
    MeetingState,
    OccurrenceState,
    PartStat,
    Scope,
)
from convenor.scheduling.models import Booking, Meeting, Participation
from convenor.scheduling.refusals import RoomClashes, StaleVersion
from convenor.scheduling.saved import Saved
from tests.factories.cast import alice, bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, check_house, local, make_meeting, utc
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
WEEKLY = "FREQ=WEEKLY;BYDAY=MO;COUNT=4"


def change(meeting: Meeting, scope: Scope = Scope.ALL, at: str | None = None, **fields: Any) -> Saved:
    meeting.refresh_from_db()
    return change_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(**fields),
        scope=scope,
        recurrence_id=local(at) if at else None,
        now=NOW,
    )


def cancel(meeting: Meeting, scope: Scope = Scope.ALL, at: str | None = None) -> Saved:
    meeting.refresh_from_db()
    return cancel_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        scope=scope,
        recurrence_id=local(at) if at else None,
        now=NOW,
    )


def move(
    meeting: Meeting, at: str, to: str, scope: Scope = Scope.ONE, minutes: int = 60, room_id: Any = KEEP
) -> Saved:
    meeting.refresh_from_db()
    row = meeting.occurrences.get(recurrence_id=local(at))
    start = utc(to)
    return move_occurrence(
        actor=SYSTEM,
        occurrence_id=row.pk,
        version=meeting.version,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        room_id=room_id,
        scope=scope,
        now=NOW,
    )


def starts(meeting: Meeting) -> list[str]:
    rows = meeting.occurrences.filter(state=OccurrenceState.SCHEDULED).order_by("starts_at")
    return [f"{row.starts_at:%m-%d %H:%M}" for row in rows]


def test_a_single_meeting_moves_with_its_room_and_its_people() -> None:
    room, guest, organiser = RoomFactory(capacity=8), PersonFactory(), bob()
    meeting = make_meeting(organiser, people=[organiser, guest], room=room).meeting
    Participation.objects.update(partstat=PartStat.ACCEPTED)
    move(meeting, "2026-12-07 10:00", "2026-12-09 12:00", minutes=30)
    meeting.refresh_from_db()
    assert (meeting.local_start, meeting.duration_minutes) == (local("2026-12-09 14:00"), 30)
    assert (meeting.version, meeting.sequence) == (2, 1)
    answers = dict(Participation.objects.values_list("person", "partstat"))
    assert answers == {organiser.pk: PartStat.ACCEPTED, guest.pk: PartStat.NEEDS_ACTION}
    booking = Booking.objects.get()
    assert (booking.starts_at, booking.ends_at) == (utc("2026-12-09 12:00"), utc("2026-12-09 12:30"))
    check_house()


def test_a_title_makes_a_version_but_no_sequence() -> None:
    meeting = make_meeting(bob(), people=[PersonFactory()]).meeting
    change(meeting, title="Retro")
    meeting.refresh_from_db()
    assert (meeting.title, meeting.version, meeting.sequence) == ("Retro", 2, 0)
    assert OutboxMessage.objects.filter(kind="invitation").count() == 2


def test_what_stays_as_it_is_makes_no_version() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), room=room, rrule=WEEKLY).meeting
    change(meeting, title=meeting.title, rrule="freq=weekly;count=4;byday=MO", room_id=room.pk)
    meeting.refresh_from_db()
    assert (meeting.version, meeting.sequence) == (1, 0)
    assert AuditEntry.objects.filter(action="meeting.changed").count() == 0


def test_one_occurrence_moves_alone() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), people=[PersonFactory()], room=room, rrule=WEEKLY).meeting
    move(meeting, "2026-12-14 10:00", "2026-12-15 12:00")
    assert starts(meeting) == ["12-07 08:00", "12-15 12:00", "12-21 08:00", "12-28 08:00"]
    row = meeting.occurrences.get(recurrence_id=local("2026-12-14 10:00"))
    assert row.is_override
    (message,) = OutboxMessage.objects.filter(payload__recurrence_id="2026-12-14T10:00:00")
    assert message.payload["sequence"] == 1
    check_house()


def test_a_move_into_a_taken_room_says_why_not_and_offers_another() -> None:
    site = SiteFactory()
    room, other = (RoomFactory(site=site, capacity=8) for _ in "ab")
    make_meeting(alice(), room=room, title="Board", local_start=local("2026-12-15 14:00"))
    meeting = make_meeting(bob(), room=room, rrule=WEEKLY).meeting
    with pytest.raises(RoomClashes, match="Board") as refused:
        move(meeting, "2026-12-14 10:00", "2026-12-15 12:00")
    assert starts(meeting)[1] == "12-14 08:00"
    check_house()
    (clash,) = refused.value.clashes
    assert clash.best is not None
    move(meeting, "2026-12-14 10:00", "2026-12-15 12:00", room_id=clash.best.room_id)
    row = meeting.occurrences.get(recurrence_id=local("2026-12-14 10:00"))
    assert [each.room_id for each in row.bookings.exclude(state=BookingState.RELEASED)] == [other.pk]
    check_house()


def test_all_move_and_an_override_keeps_its_own_time() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), room=room, rrule=WEEKLY).meeting
    move(meeting, "2026-12-14 10:00", "2026-12-15 12:00")
    move(meeting, "2026-12-07 10:00", "2026-12-08 09:00", Scope.ALL, 90)
    assert starts(meeting) == ["12-08 09:00", "12-15 12:00", "12-22 09:00", "12-29 09:00"]
    meeting.refresh_from_db()
    assert meeting.rrule == "FREQ=WEEKLY;COUNT=4;BYDAY=TU"
    assert meeting.occurrences.filter(recurrence_id=local("2026-12-15 11:00"), is_override=True).exists()
    check_house()


def test_a_daily_series_shifts_into_its_own_old_places() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), people=[PersonFactory()], room=room, rrule="FREQ=DAILY;COUNT=5").meeting
    keys = list(meeting.occurrences.order_by("starts_at").values_list("pk", flat=True))
    change(meeting, local_start=local("2026-12-08 10:00"))
    assert starts(meeting)[0] == "12-08 08:00"
    assert list(meeting.occurrences.order_by("starts_at").values_list("pk", flat=True)) == keys
    check_house()


def test_following_makes_a_second_meeting_that_points_back() -> None:
    room = RoomFactory(capacity=8)
    guest = PersonFactory()
    meeting = make_meeting(bob(), people=[guest], room=room, rrule=WEEKLY).meeting
    saved = move(meeting, "2026-12-21 10:00", "2026-12-21 13:00", Scope.FOLLOWING)
    rest = saved.continuation
    assert rest is not None
    assert starts(meeting) == ["12-07 08:00", "12-14 08:00"]
    assert starts(rest) == ["12-21 13:00", "12-28 13:00"]
    assert rest.split_from_id == meeting.pk
    assert rest.uid != meeting.uid
    assert rest.attendees.get().person_id == guest.pk
    told = [(row.payload["uid"], row.payload["sequence"]) for row in OutboxMessage.objects.order_by("pk")]
    assert told == [(meeting.uid, 0), (meeting.uid, 1), (rest.uid, 1)]
    check_house()


def test_following_from_the_first_is_all() -> None:
    meeting = make_meeting(bob(), rrule=WEEKLY).meeting
    saved = change(meeting, Scope.FOLLOWING, "2026-12-07 10:00", title="New")
    assert saved.continuation is None
    assert Meeting.objects.count() == 1


def test_a_new_rule_keeps_overrides_in_their_week_and_tells_of_those_that_go() -> None:
    meeting = make_meeting(bob(), rrule=WEEKLY).meeting
    move(meeting, "2026-12-14 10:00", "2026-12-15 12:00")
    change(meeting, Scope.ONE, "2026-12-28 10:00", title="Year's end")
    saved = change(meeting, rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=3", local_start=local("2026-12-09 10:00"))
    assert starts(meeting) == ["12-09 08:00", "12-15 12:00", "12-23 08:00"]
    assert [notice.code for notice in saved.notices] == ["override_dropped"]
    assert "28 December 2026" in saved.notices[0].sentence
    check_house()


def test_a_cancelled_date_stays_cancelled_when_the_series_moves() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), people=[PersonFactory()], room=room, rrule=WEEKLY).meeting
    cancel(meeting, Scope.ONE, "2026-12-14 10:00")
    meeting.refresh_from_db()
    assert meeting.exdates == ["2026-12-14T10:00:00"]
    assert Booking.objects.filter(state=BookingState.RELEASED).count() == 1
    change(meeting, local_start=local("2026-12-08 11:00"))
    meeting.refresh_from_db()
    assert meeting.exdates == ["2026-12-15T11:00:00"]
    assert starts(meeting) == ["12-08 09:00", "12-22 09:00", "12-29 09:00"]
    check_house()


def test_cancelling_the_rest_ends_the_series() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), people=[PersonFactory()], room=room, rrule="FREQ=WEEKLY").meeting
    cancel(meeting, Scope.FOLLOWING, "2026-12-21 10:00")
    meeting.refresh_from_db()
    assert starts(meeting) == ["12-07 08:00", "12-14 08:00"]
    assert meeting.rrule == "FREQ=WEEKLY;UNTIL=20261214T080000Z"
    assert Booking.objects.exclude(state=BookingState.RELEASED).count() == 2
    check_house()


def test_cancelling_all_tells_everybody_and_frees_everything() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), people=[PersonFactory()], room=room, rrule=WEEKLY).meeting
    cancel(meeting)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
    assert OutboxMessage.objects.latest("pk").payload["method"] == "CANCEL"
    assert not Participation.objects.filter(blocks=True).exists()
    make_meeting(alice(), room=room)
    with pytest.raises(ValidationError, match="is cancelled"):
        change(meeting, title="Again")
    check_house()


def test_the_second_tab_is_shown_the_difference() -> None:
    meeting = make_meeting(bob()).meeting
    change(meeting, title="First tab")
    change(meeting, headcount=12)
    with pytest.raises(StaleVersion) as stale:
        change_meeting(
            actor=SYSTEM,
            meeting_id=meeting.pk,
            version=1,
            changes=MeetingChanges(title="Second tab"),
            now=NOW,
        )
    found = {each.field: (each.label, each.seen, each.now) for each in stale.value.differences}
    assert found == {
        "title": ("Title", "Sprint review", "First tab"),
        "headcount": ("Expected headcount", None, 12),
    }
    assert Meeting.objects.get().title == "First tab"


def test_a_stale_drag_is_refused() -> None:
    meeting = make_meeting(bob(), rrule=WEEKLY).meeting
    move(meeting, "2026-12-14 10:00", "2026-12-15 12:00")
    row = meeting.occurrences.get(recurrence_id=local("2026-12-14 10:00"))
    with pytest.raises(StaleVersion) as stale:
        move_occurrence(
            actor=SYSTEM,
            occurrence_id=row.pk,
            version=1,
            starts_at=utc("2026-12-16 08:00"),
            ends_at=utc("2026-12-16 09:00"),
            now=NOW,
        )
    (difference,) = stale.value.differences
    assert difference.label == "Occurrence of 14 December 2026"
    assert difference.now["starts_at"] == "2026-12-15T12:00:00+00:00"


def test_people_come_and_go() -> None:
    stays, goes, comes = PersonFactory.create_batch(3)
    meeting = make_meeting(bob(), people=[stays, goes], rrule=WEEKLY).meeting
    Participation.objects.update(partstat=PartStat.ACCEPTED)
    new = (AttendeeDraft(stays.pk, AttendeeRole.CHAIR), AttendeeDraft(comes.pk))
    change(meeting, attendees=new)
    rows = Participation.objects.values_list("person", "role", "partstat").distinct()
    assert sorted(rows) == sorted([(stays.pk, "chair", "accepted"), (comes.pk, "required", "needs-action")])
    told = {
        row.payload["method"]: row.payload["person_ids"] for row in OutboxMessage.objects.order_by("pk")[1:]
    }
    assert told == {"REQUEST": [comes.pk], "CANCEL": [goes.pk]}
    check_house()


def test_a_bigger_headcount_is_told_and_a_smaller_room_refused() -> None:
    room, small = RoomFactory(capacity=8), RoomFactory(capacity=4)
    meeting = make_meeting(bob(), room=room, headcount=6).meeting
    saved = change(meeting, headcount=10)
    assert [notice.code for notice in saved.notices] == ["room_too_small"]
    with pytest.raises(ValidationError, match="seats 4, but 10"):
        change(meeting, room_id=small.pk)


def test_all_get_another_room_or_none() -> None:
    room, other = RoomFactory(capacity=8), RoomFactory(capacity=8)
    meeting = make_meeting(bob(), room=room, rrule=WEEKLY).meeting
    change(meeting, room_id=other.pk)
    active = Booking.objects.exclude(state=BookingState.RELEASED).values_list("room", flat=True)
    assert list(active.all()) == [other.pk] * 4
    change(meeting, Scope.ONE, "2026-12-14 10:00", room_id=None)
    assert list(active.all()) == [other.pk] * 3
    change(meeting, room_id=None)
    assert list(active.all()) == []
    check_house()


def test_equipment_moves_along() -> None:
    site = SiteFactory()
    kind = EquipmentFactory(is_movable=True)
    BookableUnitFactory(site=site, equipment=kind)
    meeting = make_meeting(bob(), equipment=(EquipmentDraft(kind.pk, 1, site.pk),), rrule=WEEKLY).meeting
    change(meeting, local_start=local("2026-12-08 10:00"))
    check_house()
    with pytest.raises(ValidationError, match="2 asked for, 1 is free"):
        change(meeting, equipment=(EquipmentDraft(kind.pk, 2, site.pk),))
    change(meeting, equipment=())
    assert not Booking.objects.exclude(state=BookingState.RELEASED).exists()


def test_a_rule_that_names_days_of_the_month_cannot_be_dragged_to_another_day() -> None:
    meeting = make_meeting(bob(), rrule="FREQ=MONTHLY;BYDAY=1MO;COUNT=3").meeting
    with pytest.raises(ValidationError, match="names its days"):
        move(meeting, "2026-12-07 10:00", "2026-12-08 08:00", Scope.ALL)
    move(meeting, "2026-12-07 10:00", "2026-12-07 09:00", Scope.ALL)
    assert starts(meeting) == ["12-07 09:00", "01-04 09:00", "02-01 09:00"]


def test_what_is_over_stays_as_it_was() -> None:
    meeting = make_meeting(bob(), rrule=WEEKLY).meeting
    later = utc("2026-12-16 08:00")
    change_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=1,
        changes=MeetingChanges(local_start=local("2026-12-07 15:00")),
        now=later,
    )
    assert starts(meeting) == ["12-07 08:00", "12-14 08:00", "12-21 13:00", "12-28 13:00"]
    cancel_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=2, now=later)
    assert starts(meeting) == ["12-07 08:00", "12-14 08:00"]


def test_a_single_meeting_becomes_a_series_and_a_series_single() -> None:
    room = RoomFactory(capacity=8)
    meeting = make_meeting(bob(), room=room).meeting
    change(meeting, rrule="FREQ=WEEKLY;COUNT=3")
    assert starts(meeting) == ["12-07 08:00", "12-14 08:00", "12-21 08:00"]
    assert Booking.objects.exclude(state=BookingState.RELEASED).count() == 3
    change(meeting, rrule="")
    assert starts(meeting) == ["12-07 08:00"]
    check_house()
