"""Moving an event with everything that belongs to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.moving import cancel_event, move_event, postpone_event, resume_event
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import TaskDraft
from convenor.events.enums import EventState, FunctionKind, SpeakerState
from convenor.events.models import Event, Function, Speaker
from convenor.events.queries.effects import move_effects
from convenor.events.queries.functions import function_drafts_of
from convenor.events.refusals import StaleEvent
from convenor.events.rules.policy import Due
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.models import Claim
from convenor.scheduling.refusals import RoomClashes
from tests.events.moved import LATER, WEEK, facts, telling_event, times
from tests.factories.cast import actor_of, alice, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting
from tests.factories.venues import (
    BookableUnitFactory,
    EquipmentFactory,
    RoomFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return telling_event(alice(user__role="organiser"))


def test_everything_moves_by_as_much_on_the_wall(event: Event) -> None:
    guest, kind = PersonFactory(), EquipmentFactory()
    BookableUnitFactory.create_batch(2, site=event.site, equipment=kind)
    event.load_in_at = datetime(2026, 12, 6, 8, tzinfo=UTC)
    event.save()
    rooms = [RoomFactory(site=event.site, capacity=30) for _ in range(2)]
    plenary = make_function(
        event,
        key="plenary",
        meeting={
            "people": [guest],
            "room": rooms[0],
            "equipment": (EquipmentDraft(kind.pk, 2, event.site_id),),
        },
    )
    book_room(actor=Actor.system("t"), occurrence_id=plenary.occurrence_id, room_id=rooms[1].pk, now=NOW)
    make_function(
        event,
        key="briefing",
        kind=FunctionKind.PRE_EVENT,
        meeting={"local_start": local("2026-12-01 14:00")},
    )
    event.parties.create(person=guest, arrives_at=datetime(2026, 12, 7, 6, tzinfo=UTC))
    add_tasks(
        actor=actor_of(event.owner),
        event_id=event.pk,
        drafts=[
            TaskDraft("book", "Book", due=Due(-3, working=False)),
            TaskDraft("pay", "Pay", fixed_due_on=date(2026, 12, 1)),
        ],
        now=NOW,
    )
    starts = local("2027-03-29 09:00")  # after the clocks have gone forward
    moved = move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=starts, now=NOW)
    check_house()
    event.refresh_from_db()
    assert (moved.functions, moved.bookings, moved.tasks, moved.late, event.version) == (2, 3, 1, 0, 2)
    assert event.starts_at == datetime(2027, 3, 29, 6, tzinfo=UTC)  # an hour less from UTC than in winter
    assert event.ends_at == datetime(2027, 3, 30, 14, tzinfo=UTC)
    assert event.load_in_at == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert times(event) == [("briefing", "2027-03-23 14:00"), ("plenary", "2027-03-29 10:00")]
    assert event.parties.get().arrives_at == datetime(2027, 3, 29, 5, tzinfo=UTC)
    assert dict(event.tasks.values_list("key", "due_on")) == {
        "book": date(2027, 3, 26),
        "pay": date(2026, 12, 1),
    }
    assert Claim.objects.filter(is_active=True).count() == 4
    told = OutboxMessage.objects.filter(payload__has_key="to").values_list("payload__to", flat=True)
    assert sorted(map(str, told)) == sorted([str([event.owner.email]), str([bob_of(event).email])])
    entry = AuditEntry.objects.get(action="event.moved")
    assert entry.after["starts_at"].startswith("2027-03-29T06:00")


def bob_of(event: Event) -> Person:
    assert event.sponsor is not None
    return event.sponsor


def test_a_promoted_meeting_of_somebody_else_moves_too(event: Event) -> None:
    """Who runs the event may move its functions, whoever organises them."""
    meeting = make_meeting(MemberFactory(), is_private=True).meeting
    row = meeting.occurrences.get()
    Function.objects.create(event=event, key="theirs", number=1, occurrence=row)
    move_event(actor=actor_of(event.owner), event_id=event.pk, version=None, starts=LATER, now=NOW)
    row.refresh_from_db()
    assert row.starts_at == datetime(2026, 12, 14, 8, tzinfo=UTC)
    check_house()


def test_one_date_of_a_series_moves_alone(event: Event) -> None:
    meeting = make_meeting(event.owner, rrule="FREQ=WEEKLY;COUNT=3").meeting
    first, second, third = meeting.occurrences.order_by("starts_at")
    Function.objects.create(event=event, key="date", number=1, occurrence=first)
    move_event(
        actor=actor_of(event.owner),
        event_id=event.pk,
        version=None,
        starts=local("2026-12-09 09:00"),
        now=NOW,
    )
    first.refresh_from_db()
    assert (first.starts_at.day, first.is_override) == (9, True)
    assert [each.starts_at.day for each in (second, third)] == [14, 21]
    check_house()


def test_a_taken_room_refuses_the_whole_until_another_is_chosen(event: Event) -> None:
    room, spare = (RoomFactory(site=event.site, capacity=8) for _ in range(2))
    make_function(event, meeting={"room": room})
    make_meeting(PersonFactory(), room=room, title="In the way", local_start=local("2026-12-14 10:00"))
    actor, before = actor_of(event.owner), facts()
    with pytest.raises(RoomClashes, match="In the way") as clashing:
        move_event(actor=actor, event_id=event.pk, version=1, starts=LATER, now=NOW)
    assert facts() == before
    effects = move_effects(actor, event, LATER, now=NOW)
    (clash,), (told,) = effects.clashes, clashing.value.clashes
    assert (clash.problem, clash.booking_id) == (told.sentence, told.booking_id)
    assert clash.best is not None
    assert (clash.best, clash.best.room_id) == (told.best, spare.pk)
    choices = {clash.booking_id: clash.best.room_id}
    move_event(actor=actor, event_id=event.pk, version=1, starts=LATER, rooms=choices, now=NOW)
    check_house()
    assert (
        Claim.objects.get(is_active=True, booking__occurrence__function__event=event).booking.room_id
        == spare.pk
    )


def test_what_has_taken_place_stays_and_so_does_what_would_lie_in_the_past(event: Event) -> None:
    early = local("2026-11-20 10:00")
    make_function(
        event, key="over", kind=FunctionKind.PRE_EVENT, meeting={"local_start": early, "now": NOW - WEEK}
    )
    soon = local("2026-11-25 10:00")
    make_function(event, key="soon", kind=FunctionKind.PRE_EVENT, meeting={"local_start": soon})
    make_function(event, key="main")
    starts = local("2026-12-02 09:00")
    effects = move_effects(actor_of(event.owner), event, starts, now=NOW)
    assert [bool(each.stays) for each in effects.functions] == [True, True, False]
    moved = move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=starts, now=NOW)
    assert moved.functions == len(effects.moving) == 1
    event.refresh_from_db()
    assert times(event) == [
        ("over", "2026-11-20 10:00"),
        ("soon", "2026-11-25 10:00"),
        ("main", "2026-12-02 10:00"),
    ]


@pytest.mark.parametrize(
    ("starts", "words"),
    [
        ("2026-11-23 09:00", "past"),
        ("2026-12-25 09:00", "public holiday"),
        ("2199-12-25 09:00", "year"),
    ],
)
def test_a_start_that_cannot_be_is_refused_with_a_sentence(event: Event, starts: str, words: str) -> None:
    make_function(event)
    before, actor = facts(), actor_of(event.owner)
    with pytest.raises(ValidationError, match=words):
        move_event(actor=actor, event_id=event.pk, version=1, starts=local(starts), now=NOW)
    assert facts() == before
    effects = move_effects(actor, event, local(starts), now=NOW)
    assert not effects.may_be_done
    assert words in str(effects.refused)


def test_a_holiday_may_be_meant(event: Event) -> None:
    christmas = local("2026-12-25 09:00")
    actor = actor_of(event.owner)
    assert move_effects(actor, event, christmas, despite_holiday=True, now=NOW).may_be_done
    move_event(actor=actor, event_id=event.pk, version=1, starts=christmas, despite_holiday=True, now=NOW)
    event.refresh_from_db()
    assert event.starts_at == datetime(2026, 12, 25, 7, tzinfo=UTC)


@pytest.mark.parametrize("state", ["in_progress", "debrief", "closed", "cancelled", "postponed"])
def test_only_what_has_not_begun_moves(event: Event, state: str) -> None:
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(ValidationError):
        move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=LATER, now=NOW)


def test_an_enquiry_without_dates_has_nothing_to_move() -> None:
    event = make_event(alice(), state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    with pytest.raises(ValidationError, match="nothing to move"):
        move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=LATER, now=NOW)


def test_who_may_move(event: Event) -> None:
    make_function(event)
    before = facts()
    with pytest.raises(Refused):
        move_event(actor=actor_of(MemberFactory()), event_id=event.pk, version=1, starts=LATER, now=NOW)
    outsider = actor_of(charlie())
    with pytest.raises(Event.DoesNotExist):
        move_event(actor=outsider, event_id=event.pk, version=1, starts=LATER, now=NOW)
    with pytest.raises(Event.DoesNotExist):
        cancel_event(actor=outsider, event_id=event.pk, version=1, reason="x", now=NOW)
    with pytest.raises(StaleEvent):
        move_event(actor=actor_of(event.owner), event_id=event.pk, version=7, starts=LATER, now=NOW)
    assert facts() == before


def test_who_confirmed_to_speak_is_asked_again_for_the_new_time(event: Event) -> None:
    """Their yes was for another day, as everybody's; who has spoken already isn't asked."""
    main = make_function(event, key="main")
    over = make_function(
        event, key="over", kind=FunctionKind.PRE_EVENT, meeting={"local_start": local("2026-11-23 09:00")}
    )
    yes, no = (
        Speaker.objects.create(function=main, person=PersonFactory(), state=state)
        for state in (SpeakerState.CONFIRMED, SpeakerState.DECLINED)
    )
    spoken = Speaker.objects.create(function=over, person=yes.person, state=SpeakerState.CONFIRMED)
    move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=LATER, now=NOW)
    for each in (yes, no, spoken):
        each.refresh_from_db()
    assert [yes.state, no.state, spoken.state] == ["asked", "declined", "confirmed"]
    entry = AuditEntry.objects.get(action="speaker.asked_again")
    assert (entry.object_id, entry.before) == (main.pk, {"state": "confirmed"})
    assert entry.after == {"speaker": yes.person_id, "state": "asked"}
    Speaker.objects.filter(pk=yes.pk).update(state=SpeakerState.CONFIRMED)
    postpone_event(actor=actor_of(event.owner), event_id=event.pk, version=2, reason="Flood", now=NOW)
    resume_event(actor=actor_of(event.owner), event_id=event.pk, version=3, starts=LATER, now=NOW)
    yes.refresh_from_db()
    assert yes.state == "asked"


def test_the_room_that_takes_the_main_ones_place_is_the_main_one(event: Event) -> None:
    main, further, free = (RoomFactory(site=event.site, capacity=30) for _ in range(3))
    function = make_function(event, key="main", main_room=main, meeting={"room": main})
    book_room(actor=Actor.system("t"), occurrence_id=function.occurrence_id, room_id=further.pk, now=NOW)
    assert function_drafts_of(event)[0].room_ids == (main.pk, further.pk)
    booking = function.occurrence.bookings.get(room=main)
    actor = actor_of(event.owner)
    move_event(actor=actor, event_id=event.pk, version=1, starts=LATER, rooms={booking.pk: free.pk}, now=NOW)
    assert function_drafts_of(event)[0].room_ids == (free.pk, further.pk)
    postpone_event(actor=actor, event_id=event.pk, version=2, reason="Flood", now=NOW)
    function.refresh_from_db()
    had = function.occurrence.bookings.get(pk__in=function.parked["bookings"], room=free)
    resume_event(actor=actor, event_id=event.pk, version=3, starts=LATER, rooms={had.pk: main.pk}, now=NOW)
    assert function_drafts_of(event)[0].room_ids == (main.pk, further.pk)


def test_what_lasts_overnight_stays_within_the_event_when_clocks_change(event: Event) -> None:
    """Two days at one stretch, moved to the night that is an hour short, and to the one that is an hour long."""
    whole = {"local_start": local("2026-12-07 09:00"), "duration_minutes": 32 * 60}
    make_function(event, key="whole", meeting=whole)
    for version, starts in enumerate(("2027-03-27 09:00", "2027-10-30 09:00", "2027-11-15 09:00"), start=1):
        move_event(
            actor=actor_of(event.owner), event_id=event.pk, version=version, starts=local(starts), now=NOW
        )
        event.refresh_from_db()
        row = event.functions.get().occurrence
        assert (row.starts_at, row.ends_at) == (event.starts_at, event.ends_at)
        check_house()
