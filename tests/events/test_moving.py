"""Moving, postponing, resuming and cancelling an event with everything that belongs to it, and the preview of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events import registry
from convenor.events.actions.moving import cancel_event, move_event, postpone_event, resume_event
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import TaskDraft
from convenor.events.enums import EventState, FunctionKind, Occasion, OwnerRole, TaskState
from convenor.events.models import Event, Function, Task
from convenor.events.queries.effects import call_off_effects, move_effects
from convenor.events.queries.functions import function_drafts_of
from convenor.events.refusals import NotYet, StaleEvent
from convenor.events.rules.moving import Shift
from convenor.events.rules.policy import Due
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.models import Booking, Claim, Participation
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_class, make_event, make_function
from tests.factories.people import LeaveFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting
from tests.factories.venues import (
    BookableUnitFactory,
    ClosureFactory,
    EquipmentFactory,
    RoomFactory,
    SiteFactory,
    SiteHoursFactory,
)

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
LATER = local("2026-12-14 09:00")
TELLS = """title = { en = "Fair" }
[told]
moved = ["owner", "sponsor"]
postponed = ["sponsor"]
cancelled = ["sponsor"]
"""


def facts() -> list[Any]:
    """What an event's move may touch, to see that nothing was."""
    return [
        sorted(map(str, Event.objects.values_list())),
        sorted(map(str, Function.objects.values_list("occurrence__starts_at", "parked", "parked_rooms"))),
        sorted(map(str, Booking.objects.values_list())),
        sorted(map(str, Task.objects.values_list())),
        sorted(map(str, Participation.objects.values_list())),
        AuditEntry.objects.count(),
        OutboxMessage.objects.count(),
    ]


def times(event: Event) -> list[tuple[str, str]]:
    """Each function's key and start on the event's clocks."""
    return [(each.key, f"{each.local_start:%Y-%m-%d %H:%M}") for each in function_drafts_of(event)]


@pytest.fixture
def owner() -> Person:
    return alice(user__role="organiser")


@pytest.fixture
def event(owner: Person) -> Event:
    return make_event(owner, site=SiteFactory(), class_version=make_class(text=TELLS), sponsor=bob())


# Moving


def test_everything_moves_by_as_much_on_the_wall(owner: Person, event: Event) -> None:
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
        actor=actor_of(owner),
        event_id=event.pk,
        drafts=[
            TaskDraft("book", "Book", due=Due(-3, working=False)),
            TaskDraft("pay", "Pay", fixed_due_on=date(2026, 12, 1)),
        ],
        now=NOW,
    )
    starts = local("2027-03-29 09:00")  # after the clocks have gone forward
    moved = move_event(actor=actor_of(owner), event_id=event.pk, version=1, starts=starts, now=NOW)
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
    assert sorted(map(str, told)) == sorted([str([owner.email]), str([bob_of(event).email])])
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


def test_an_enquiry_without_dates_has_nothing_to_move(owner: Person) -> None:
    event = make_event(owner, state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    with pytest.raises(ValidationError, match="nothing to move"):
        move_event(actor=actor_of(owner), event_id=event.pk, version=1, starts=LATER, now=NOW)


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


# Postponing, resuming, cancelling


def test_a_postponed_event_comes_back_as_it_was(event: Event) -> None:
    guest, kind = PersonFactory(), EquipmentFactory()
    BookableUnitFactory.create_batch(2, site=event.site, equipment=kind)
    room, further = (RoomFactory(site=event.site, capacity=30) for _ in range(2))
    pieces = (EquipmentDraft(kind.pk, 2, event.site_id),)
    main = make_function(event, key="main", meeting={"people": [guest], "room": room, "equipment": pieces})
    book_room(actor=Actor.system("t"), occurrence_id=main.occurrence_id, room_id=further.pk, now=NOW)
    dropped = make_function(event, key="dropped", meeting={"people": [guest]})
    meeting = dropped.occurrence.meeting
    cancel_meeting(actor=Actor.system("t"), meeting_id=meeting.pk, version=1, now=NOW)
    was = function_drafts_of(event)
    actor, uid = actor_of(event.owner), main.occurrence.meeting.uid

    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    event.refresh_from_db()
    effects = move_effects(actor, event, LATER, now=NOW)
    assert [(each.title, len(each.places)) for each in effects.functions] == [("Function 1", 3)]
    moved = resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, now=NOW)
    check_house()
    event.refresh_from_db()
    main.refresh_from_db()
    main.occurrence.meeting.refresh_from_db()
    assert (moved.functions, moved.bookings) == (1, 3)
    assert (event.state, event.resumes_to, event.starts_at) == (
        "planning",
        "",
        datetime(2026, 12, 14, 7, tzinfo=UTC),
    )
    assert (main.parked, main.parked_rooms) == ({}, [])
    assert (main.occurrence.meeting.uid, main.occurrence.meeting.sequence) == (uid, 3)
    dropped.occurrence.meeting.refresh_from_db()
    assert dropped.occurrence.meeting.state == "cancelled"
    before, after = (
        next(each for each in drafts if each.key == "main") for drafts in (was, function_drafts_of(event))
    )
    assert set(after.room_ids) == set(before.room_ids)
    assert (after.equipment, after.attendees) == (before.equipment, before.attendees)
    answers = Participation.objects.filter(occurrence=main.occurrence_id, person=guest)
    assert list(answers.values_list("partstat", "blocks")) == [("needs-action", True)]


def test_while_it_is_postponed_nothing_is_booked_and_nobody_busy(event: Event) -> None:
    room = RoomFactory(site=event.site, capacity=30)
    main = make_function(event, key="main", meeting={"people": [PersonFactory()], "room": room})
    actor = actor_of(event.owner)
    with pytest.raises(NotYet):
        postpone_event(actor=actor, event_id=event.pk, version=1, reason=" ", now=NOW)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    check_house()
    event.refresh_from_db()
    main.refresh_from_db()
    assert (event.state, event.resumes_to, event.state_reason) == ("postponed", "planning", "Flood")
    assert main.parked_rooms == [room.pk]
    assert not Claim.objects.filter(is_active=True).exists()
    assert not Participation.objects.filter(blocks=True).exists()


def test_a_room_gone_meanwhile_is_told_and_can_be_chosen_anew(event: Event) -> None:
    room, spare = (RoomFactory(site=event.site, capacity=8) for _ in range(2))
    make_function(event, meeting={"room": room})
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    make_meeting(PersonFactory(), room=room, title="Quicker", local_start=local("2026-12-14 10:30"))
    event.refresh_from_db()
    (clash,) = move_effects(actor, event, LATER, now=NOW).clashes
    assert "Quicker" in clash.problem
    with pytest.raises(RoomClashes):
        resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, now=NOW)
    rooms = {clash.booking_id: spare.pk}
    resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, rooms=rooms, now=NOW)
    check_house()
    assert Claim.objects.filter(is_active=True).count() == 2


def test_an_event_is_resumed_at_its_old_dates_but_not_in_the_past(event: Event) -> None:
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    old = local("2026-12-07 09:00")
    with pytest.raises(ValidationError, match="past"):
        resume_event(actor=actor, event_id=event.pk, version=2, starts=old, now=NOW + 3 * WEEK)
    resume_event(actor=actor, event_id=event.pk, version=2, starts=old, now=NOW)
    with pytest.raises(ValidationError):
        resume_event(actor=actor, event_id=event.pk, version=3, starts=old, now=NOW)


def test_cancelling_ends_what_is_to_come_and_drops_tasks(event: Event) -> None:
    guest, room = PersonFactory(), RoomFactory(site=event.site, capacity=8)
    early = local("2026-11-20 10:00")
    over = make_function(
        event, key="over", kind=FunctionKind.PRE_EVENT, meeting={"local_start": early, "now": NOW - WEEK}
    )
    main = make_function(event, key="main", meeting={"people": [guest], "room": room})
    actor = actor_of(event.owner)
    add_tasks(
        actor=actor,
        event_id=event.pk,
        drafts=[TaskDraft("a", "A"), TaskDraft("b", "B", state=TaskState.DONE)],
        now=NOW,
    )
    effects = call_off_effects(event, Occasion.CANCELLED, NOW)
    assert ([each.title for each in effects.functions], effects.bookings, effects.asked) == (
        ["Function 2"],
        1,
        1,
    )
    assert [(each.title, each.is_dropped) for each in effects.tasks] == [("A", True)]
    assert [(each.role, each.names) for each in effects.told] == [(OwnerRole.SPONSOR, ("Bob",))]
    OutboxMessage.objects.all().delete()
    cancel_event(actor=actor, event_id=event.pk, version=None, reason="No money", now=NOW)
    check_house()
    event.refresh_from_db()
    assert (event.state, event.state_reason) == ("cancelled", "No money")
    states = {each.key: each.occurrence.state for each in event.functions.select_related("occurrence")}
    assert states == {"over": "scheduled", "main": "cancelled"}
    assert dict(event.tasks.values_list("key", "state")) == {"a": "dropped", "b": "done"}
    methods = [each.payload.get("method") for each in OutboxMessage.objects.all()]
    assert methods.count("CANCEL") == 1
    assert over.occurrence.state == main.occurrence.state == "scheduled"  # as they were read
    with pytest.raises(ValidationError):
        cancel_event(actor=actor, event_id=event.pk, version=None, reason="Again", now=NOW)


def test_a_postponed_event_can_be_cancelled(event: Event) -> None:
    make_function(event, meeting={"room": RoomFactory(site=event.site, capacity=8)})
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=None, reason="Flood", now=NOW)
    cancel_event(actor=actor, event_id=event.pk, version=None, reason="For good", now=NOW)
    event.refresh_from_db()
    assert (event.state, event.functions.get().parked) == ("cancelled", {})


# The preview


def test_the_preview_says_what_stands_in_the_way_and_who_is_told(event: Event) -> None:
    site = event.site
    assert site is not None
    SiteHoursFactory(site=site, weekday=0, opens="08:00", closes="18:00")
    needed, optional, away = (PersonFactory(name=name) for name in ("Ana", "Dan", "Ema"))
    LeaveFactory(person=away, starts_on=date(2026, 12, 14), ends_on=date(2026, 12, 15))
    room, closed = (RoomFactory(site=site, capacity=8) for _ in range(2))
    ClosureFactory(
        site=site,
        room=closed,
        starts_at=datetime(2026, 12, 14, tzinfo=UTC),
        ends_at=datetime(2026, 12, 15, tzinfo=UTC),
        reason="Paint",
    )
    make_function(
        event,
        key="late",
        meeting={"people": [needed, away], "room": room, "local_start": local("2026-12-07 17:30")},
    )
    make_function(event, key="shut", meeting={"people": [needed], "room": closed})
    make_meeting(PersonFactory(), people=[needed, optional], local_start=local("2026-12-14 17:00"))
    add_tasks(
        actor=actor_of(event.owner),
        event_id=event.pk,
        drafts=[
            TaskDraft("early", "Early", due=Due(-30, working=False)),
            TaskDraft("day", "Day", due=Due(-3)),
        ],
        now=NOW,
    )
    before = facts()
    effects = move_effects(actor_of(event.owner), event, LATER, now=NOW)
    assert facts() == before
    shut, late = effects.functions
    assert "Paint" in shut.clashes[0].problem
    assert (late.clashes, late.notes) == ((), (f"{site.name} isn't open then.",))
    assert (late.busy.count, late.busy.needed, late.away.needed) == (1, ("Ana",), ("Ema",))
    assert shut.busy.count == 0
    assert [(each.title, each.new_due_on, each.is_late) for each in effects.tasks] == [
        ("Early", date(2026, 11, 14), True),
        ("Day", date(2026, 12, 9), False),
    ]
    assert [each.role for each in effects.told] == [OwnerRole.OWNER, OwnerRole.SPONSOR]
    assert effects.asked == 2


def test_the_preview_says_what_falls_on_a_weekend_or_a_holiday(event: Event) -> None:
    make_function(event, key="main")
    make_function(
        event,
        key="briefing",
        kind=FunctionKind.PRE_EVENT,
        meeting={"local_start": local("2026-12-04 10:00")},
    )
    # The event moves on by three days, onto a Thursday, and its briefing with it onto a Monday
    friday_to_monday, main = move_effects(
        actor_of(event.owner), event, local("2026-12-10 09:00"), now=NOW
    ).functions
    assert (friday_to_monday.notes, main.notes) == ((), ())
    briefing, main = move_effects(actor_of(event.owner), event, local("2026-12-23 09:00"), now=NOW).functions
    assert (briefing.notes, main.notes) == (("It falls on a Sunday.",), ())
    briefing, main = move_effects(
        actor_of(event.owner), event, local("2026-12-25 09:00"), despite_holiday=True, now=NOW
    ).functions
    assert main.notes == (f"A public holiday at {event.site}: Christmas Day.",)


def test_the_preview_of_many_takes_as_many_queries_as_of_one(event: Event) -> None:
    site, kind = event.site, EquipmentFactory()
    BookableUnitFactory.create_batch(9, site=site, equipment=kind)
    actor = actor_of(event.owner)
    blocker = RoomFactory(site=site, capacity=8)
    make_meeting(PersonFactory(), room=blocker, local_start=local("2026-12-14 10:00"))
    RoomFactory(site=site, capacity=9)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            pieces = (EquipmentDraft(kind.pk, 1, event.site_id),)
            room = RoomFactory(site=site, capacity=8)
            make_function(event, meeting={"people": [PersonFactory()], "room": room, "equipment": pieces})
        if more == 1:
            make_function(event, key="blocked", meeting={"room": blocker})
        with CaptureQueriesContext(connection) as seen:
            effects = move_effects(actor, event, LATER, now=NOW)
        assert len(effects.clashes) == 1
        counts.append(len(seen))
    assert counts[0] == counts[1]


# What later packages add


@contextmanager
def mover(applied: list[Any], effects: Sequence[registry.Effect]) -> Iterator[None]:
    def preview(event_id: int, occasion: Occasion, shift: Shift | None) -> Sequence[registry.Effect]:
        return effects

    def apply(actor: Actor, event_id: int, occasion: Occasion, shift: Shift | None, now: datetime) -> None:
        applied.append((event_id, occasion, shift.by if shift else None))
        if any(each.blocks for each in effects):
            raise ValidationError({"orders": [effects[0].sentence]})

    registry.movers.append(registry.Mover("orders", "Orders", preview, apply))
    try:
        yield
    finally:
        registry.movers.pop()


def test_what_other_packages_have_moves_along_or_refuses_the_whole(event: Event) -> None:
    make_function(event)
    actor, applied = actor_of(event.owner), list[Any]()
    before = facts()
    with mover(applied, [registry.Effect("The tent can't be moved.", blocks=True)]):
        assert not move_effects(actor, event, LATER, now=NOW).may_be_done
        with pytest.raises(ValidationError, match="tent"):
            move_event(actor=actor, event_id=event.pk, version=1, starts=LATER, now=NOW)
    assert facts() == before
    applied.clear()
    with mover(applied, [registry.Effect("The tent moves too.")]):
        assert move_effects(actor, event, LATER, now=NOW).others[0].sentence == "The tent moves too."
        move_event(actor=actor, event_id=event.pk, version=1, starts=LATER, now=NOW)
        postpone_event(actor=actor, event_id=event.pk, version=None, reason="x", now=NOW)
    assert applied == [(event.pk, Occasion.MOVED, WEEK), (event.pk, Occasion.POSTPONED, None)]
