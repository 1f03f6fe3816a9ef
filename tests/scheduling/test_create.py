"""Making meetings: rows, refusals, rooms, series, proposals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Refused
from convenor.base.enums import Scope
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.scheduling.actions.meeting import create_meeting, create_meetings
from convenor.scheduling.drafts import AttendeeDraft, EquipmentDraft
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, PartStat
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation, StaleScope
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory, PersonNeedsFactory
from tests.factories.scheduling import NOW, check_house, draft_for, local, make_meeting, utc
from tests.factories.venues import (
    BookableUnitFactory,
    ClosureFactory,
    EquipmentFactory,
    RoomFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db


def test_a_meeting_has_all_its_rows() -> None:
    organiser, guest = bob(), PersonFactory()
    room = RoomFactory(capacity=8, turn_minutes=10)
    saved = make_meeting(organiser, people=[organiser, guest], room=room, actor=actor_of(organiser))

    occurrence = Occurrence.objects.get(meeting=saved.meeting)
    assert (occurrence.starts_at, occurrence.ends_at) == (utc("2026-12-07 08:00"), utc("2026-12-07 09:00"))
    answers = {row.person_id: row.partstat for row in Participation.objects.all()}
    assert answers == {organiser.pk: PartStat.ACCEPTED, guest.pk: PartStat.NEEDS_ACTION}
    booking = Booking.objects.get()
    assert booking.state == BookingState.CONFIRMED
    assert booking.reserved_end - booking.ends_at == timedelta(minutes=10)
    assert booking.booked_by_id == organiser.pk
    (scope,) = StaleScope.objects.all()
    assert scope.person_ids == sorted([organiser.pk, guest.pk])
    assert scope.room_ids == [room.pk]
    (entry,) = AuditEntry.objects.filter(action="meeting.created")
    assert entry.after["title"] == "Sprint review"
    (message,) = OutboxMessage.objects.all()
    assert message.kind == "invitation"
    assert message.payload["person_ids"] == [guest.pk]
    check_house()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"title": " "}, "title", "needs a title"),
        ({"title": "x" * 201}, "title", "At most 200 characters"),
        ({"title": "a\0b"}, "title", "Character 2"),
        ({"description": "ș" * 5_000_001}, "description", "takes 10001 kB; at most 100 kB"),
        ({"duration_minutes": 0}, "duration_minutes", "must end after it starts"),
        ({"duration_minutes": -5}, "duration_minutes", "must end after it starts"),
        ({"zone": "Europe/Bucarest"}, "zone", "Europe/Bucharest"),
        ({"headcount": 0}, "headcount", "between 1 and"),
        ({"headcount": 9}, "headcount", "seats 8, but 9 people"),
        ({"setup_style": "banquet"}, "setup_style", "can't be set up as Banquet"),
        ({"local_start": local("2500-01-01 10:00")}, "local_start", "year"),
        ({"all_day": True}, "local_start", "midnight"),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20661207T080000Z"}, "rrule", "more than 10 years"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule", "never gives a date"),
        ({"rrule": "FREQ=HOURLY"}, "rrule", "repeats within a day"),
        ({"rrule": "FREQ=OFTEN"}, "rrule", "OFTEN"),
        ({"room_id": 10**9}, "room_id", "no such room"),
        ({"organiser_id": 10**9}, "organiser_id", "isn't known"),
    ],
)
def test_bad_input_is_refused_at_its_field(fields: dict[str, Any], field: str, words: str) -> None:
    draft = draft_for(alice(), room=RoomFactory(capacity=8))
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__} | fields
    with pytest.raises(ValidationError) as refused:
        create_meeting(actor=actor_of(alice_again()), draft=type(draft)(**values), now=NOW)
    assert words in " ".join(refused.value.message_dict[field])
    assert not Meeting.objects.exists()
    assert not StaleScope.objects.exists()


def alice_again() -> Any:
    return MemberFactory(user__role="coordinator")


def test_emoji_and_every_script_are_kept() -> None:
    title = "Ședință 🎉 会議 اجتماع"
    saved = make_meeting(bob(), title=title)
    assert Meeting.objects.get(pk=saved.meeting.pk).title == title


def test_attendees_are_asked_once_and_have_one_chair() -> None:
    organiser, guest = bob(), PersonFactory()
    twice = (AttendeeDraft(guest.pk), AttendeeDraft(guest.pk, AttendeeRole.OPTIONAL))
    chairs = tuple(AttendeeDraft(each.pk, AttendeeRole.CHAIR) for each in (organiser, guest))
    for attendees, words in ((twice, "asked more than once"), (chairs, "one chair")):
        with pytest.raises(ValidationError, match=words):
            make_meeting(organiser, attendees=attendees)


def test_a_leaver_is_not_asked() -> None:
    gone = PersonFactory(name="Ana", is_active=False)
    with pytest.raises(ValidationError, match="Ana has left"):
        make_meeting(bob(), people=[gone])


def test_step_free_access_is_minded_without_naming_anybody() -> None:
    needs = PersonNeedsFactory(step_free=True)
    with pytest.raises(ValidationError, match="An attendee needs step-free access") as refused:
        make_meeting(bob(), people=[needs.person], room=RoomFactory(capacity=8, accessible=False))
    assert needs.person.name not in str(refused.value)


def test_a_taken_room_names_what_is_in_the_way_and_the_best_other_room() -> None:
    site = SiteFactory()
    room = RoomFactory(site=site, code="B1", name="Danube", capacity=8)
    small, fitting, large = (RoomFactory(site=site, capacity=seats) for seats in (2, 6, 20))
    make_meeting(bob(), room=room, title="Board")
    with pytest.raises(RoomClashes) as refused:
        make_meeting(alice(), room=room, headcount=5, actor=actor_of(MemberFactory(user__role="coordinator")))
    (clash,) = refused.value.clashes
    assert clash.sentence == (
        "B1 Danube isn't free on 7 December 2026, 10:00–11:00: “Board” has it, 10:00–11:00."
    )
    assert clash.best is not None
    assert (clash.best.room_id, clash.best.spare_seats) == (fitting.pk, 1)
    assert refused.value.message_dict == {"room_id": [clash.sentence]}
    assert Meeting.objects.count() == 1
    assert {small.pk, large.pk}.isdisjoint({clash.best.room_id})


def test_a_private_meeting_in_the_way_is_not_named() -> None:
    room = RoomFactory(capacity=8)
    make_meeting(alice(), room=room, title="Layoffs", is_private=True)
    teammate = bob()
    with pytest.raises(RoomClashes) as refused:
        make_meeting(teammate, room=room, actor=actor_of(teammate))
    assert "Layoffs" not in str(refused.value)
    assert "it is booked, 10:00–11:00" in refused.value.clashes[0].sentence


def test_back_to_back_bookings_fit_and_setup_time_counts() -> None:
    room = RoomFactory(capacity=8, turn_minutes=15)
    make_meeting(bob(), room=room)
    with pytest.raises(RoomClashes, match="10:00–11:15"):
        make_meeting(alice(), room=room, local_start=local("2026-12-07 11:00"))
    make_meeting(MemberFactory(), room=room, local_start=local("2026-12-07 11:15"))
    check_house()


def test_a_hall_and_its_parts_exclude_each_other() -> None:
    site = SiteFactory()
    left, right = (RoomFactory(site=site, capacity=10) for _ in "ab")
    hall = RoomFactory(site=site, capacity=20, units=[*left.units.all(), *right.units.all()])
    make_meeting(bob(), room=left)
    with pytest.raises(RoomClashes):
        make_meeting(alice(), room=hall)
    make_meeting(MemberFactory(), room=right)
    assert Claim.objects.filter(is_active=True).count() == 2


def test_a_closed_room_says_why() -> None:
    room = RoomFactory(capacity=8)
    ClosureFactory(room=room, reason="Painting")
    with pytest.raises(RoomClashes, match="closed on 7 December 2026, 10:00–11:00: Painting"):
        make_meeting(bob(), room=room, actor=None)


def test_limits_of_a_room_refuse_organisers_and_only_warn_coordinators() -> None:
    room = RoomFactory(capacity=8, longest_minutes=30, booking_window_days=7)
    organiser = bob()
    with pytest.raises(RoomClashes, match="at most 30 minutes"):
        make_meeting(organiser, room=room, actor=actor_of(organiser))
    saved = make_meeting(organiser, room=room, actor=actor_of(alice()))
    assert [notice.code for notice in saved.notices] == ["room_limit", "room_limit"]


def test_a_room_that_needs_approval_is_pending_and_its_approver_is_asked() -> None:
    approver = MemberFactory()
    room = RoomFactory(capacity=8, approval_needed=True, approver=approver.user)
    make_meeting(bob(), room=room)
    assert Booking.objects.get().state == BookingState.PENDING
    (message,) = OutboxMessage.objects.filter(kind="approval")
    assert message.payload["user_id"] == approver.user_id
    make_meeting(approver, room=room, local_start=local("2026-12-08 10:00"), actor=actor_of(approver))
    assert Booking.objects.latest("pk").state == BookingState.CONFIRMED


def test_movable_equipment_is_picked_from_what_is_free() -> None:
    site = SiteFactory(name="Cluj")
    room = RoomFactory(site=site, capacity=8)
    kind = EquipmentFactory(name="Trolley", is_movable=True)
    for _ in range(2):
        BookableUnitFactory(site=site, equipment=kind)
    make_meeting(bob(), room=room, equipment=(EquipmentDraft(kind.pk, 1),))
    with pytest.raises(ValidationError, match=r"Trolley at Cluj on .*: 2 asked for, 1 is free") as refused:
        make_meeting(alice(), equipment=(EquipmentDraft(kind.pk, 2, site.pk),))
    assert list(refused.value.message_dict) == ["equipment"]
    make_meeting(MemberFactory(), equipment=(EquipmentDraft(kind.pk, 1, site.pk),))
    assert Claim.objects.filter(unit__equipment=kind).count() == 2
    check_house()


WEEKLY = "FREQ=WEEKLY;COUNT=4"


def test_a_series_keeps_local_time_over_the_clock_change() -> None:
    make_meeting(bob(), local_start=local("2027-03-15 10:00"), rrule=WEEKLY)
    hours = [row.starts_at.hour for row in Occurrence.objects.order_by("starts_at")]
    assert hours == [8, 8, 7, 7]


def test_a_series_is_never_trimmed_in_silence() -> None:
    site = SiteFactory()
    room, other = (RoomFactory(site=site, capacity=8) for _ in "ab")
    make_meeting(bob(), room=room, local_start=local("2026-12-14 10:30"))
    organiser = alice()
    with pytest.raises(RoomClashes) as refused:
        make_meeting(organiser, room=room, rrule=WEEKLY)
    (clash,) = refused.value.clashes
    assert clash.recurrence_id == local("2026-12-14 10:00")
    assert clash.best is not None
    assert clash.best.room_id == other.pk
    assert Meeting.objects.count() == 1

    make_meeting(organiser, room=room, rrule=WEEKLY, on_clash={clash.recurrence_id: other.pk})
    rooms = Booking.objects.filter(occurrence__meeting__organiser=organiser).order_by("starts_at")
    assert [booking.room_id for booking in rooms] == [room.pk, other.pk, room.pk, room.pk]
    check_house()


def test_a_date_may_go_without_a_room() -> None:
    room = RoomFactory(capacity=8)
    make_meeting(bob(), room=room, local_start=local("2026-12-14 10:30"))
    make_meeting(alice(), room=room, rrule=WEEKLY, on_clash={local("2026-12-14 10:00"): None})
    assert Booking.objects.count() == 4


def test_an_endless_series_is_made_up_to_the_horizon(settings: Any) -> None:
    settings.HORIZON_DAYS = 100
    saved = make_meeting(bob(), rrule="FREQ=WEEKLY", people=[PersonFactory()])
    assert saved.meeting.materialised_until == NOW + timedelta(days=100)
    assert Occurrence.objects.count() == 13
    check_house()


def test_a_delegate_acts_in_the_principals_name() -> None:
    principal, delegate = alice(), bob()
    DelegationFactory(principal=principal, delegate=delegate, scope=Scope.ACT)
    saved = make_meeting(principal, actor=actor_of(delegate))
    assert saved.meeting.state == MeetingState.CONFIRMED
    entry = AuditEntry.objects.get(action="meeting.created")
    assert (entry.actor_id, entry.on_behalf_of_person) == (delegate.user_id, principal.pk)


def test_a_proposer_makes_a_tentative_meeting_that_invites_nobody() -> None:
    principal, delegate = alice(), bob()
    DelegationFactory(principal=principal, delegate=delegate, scope=Scope.PROPOSE)
    saved = make_meeting(principal, people=[PersonFactory()], actor=actor_of(delegate))
    assert saved.meeting.state == MeetingState.TENTATIVE
    (message,) = OutboxMessage.objects.all()
    assert (message.kind, message.payload["person_id"]) == ("proposal", principal.pk)


def test_who_may_not_organise_for_others() -> None:
    principal, teammate = alice(), bob()
    DelegationFactory(principal=principal, delegate=teammate, scope=Scope.SEE)
    for actor in (actor_of(teammate), actor_of(charlie()), actor_of(MemberFactory(user__role="viewer"))):
        with pytest.raises(Refused):
            make_meeting(principal, actor=actor)
    viewer = MemberFactory(user__role="viewer")
    with pytest.raises(Refused):
        make_meeting(viewer, actor=actor_of(viewer))


def test_collisions_tell_who_is_busy() -> None:
    busy, free = PersonFactory(), PersonFactory()
    make_meeting(bob(), people=[busy], local_start=local("2026-12-07 10:30"))
    saved = make_meeting(alice(), people=[busy, free])
    assert [(each.person_id, each.starts_at) for each in saved.collisions] == [
        (busy.pk, utc("2026-12-07 08:30"))
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_many_meetings_take_the_same_statements(count: int) -> None:
    organiser, guests = bob(), PersonFactory.create_batch(3)
    drafts = [draft_for(organiser, people=guests, title=f"Meeting {n}") for n in range(count)]
    actor = actor_of(alice())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        create_meetings(actor=actor, drafts=drafts, now=NOW)
    inserts = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert len(inserts) == 7
