"""What a move or a cancellation would do, said beforehand; and what later packages add to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.actions.moving import move_event, postpone_event
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import TaskDraft
from convenor.events.enums import FunctionKind, Occasion, OwnerRole
from convenor.events.models import Event
from convenor.events.queries.effects import move_effects
from convenor.events.rules.moving import Shift
from convenor.events.rules.policy import Due
from convenor.scheduling.drafts import EquipmentDraft
from tests.events.moved import LATER, WEEK, facts, telling_event
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_function
from tests.factories.people import LeaveFactory, PersonFactory
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import (
    BookableUnitFactory,
    ClosureFactory,
    EquipmentFactory,
    RoomFactory,
    SiteHoursFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return telling_event(alice(user__role="organiser"))


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
