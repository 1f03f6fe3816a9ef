"""A function's meeting keeps to its event's dates, whichever form, drag or displacement moves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.events.actions.function import change_function
from convenor.events.actions.moving import cancel_event, move_event
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import FunctionKind
from convenor.events.models import Event, Function
from convenor.events.queries.functions import function_drafts_of
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import Scope
from convenor.scheduling.models import Meeting
from tests.events.moved import LATER, facts
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.scheduling import local, make_meeting

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
WEEK = timedelta(weeks=1)


@pytest.fixture
def event() -> Event:
    return make_event(alice())


def change(meeting: Meeting, scope: Scope = Scope.ALL, **fields: Any) -> None:
    meeting.refresh_from_db()
    change_meeting(
        actor=SYSTEM,
        meeting_id=meeting.pk,
        version=meeting.version,
        changes=MeetingChanges(**fields),
        scope=scope,
        recurrence_id=meeting.occurrences.order_by("starts_at").values_list("recurrence_id", flat=True)[0],
        now=NOW,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"local_start": local("2026-12-09 10:00")},
        {"duration_minutes": 3 * 1440},
        {"zone": "Pacific/Auckland"},
        {"rrule": "FREQ=WEEKLY;COUNT=2", "local_start": local("2026-12-14 10:00")},
    ],
)
def test_its_meetings_own_form_keeps_it_within(event: Event, fields: dict[str, Any]) -> None:
    meeting = make_function(event, key="plenary").occurrence.meeting
    before = facts()
    with pytest.raises(ValidationError, match="Away day") as caught:
        change(meeting, **fields)
    assert set(caught.value.message_dict) == {"local_start"}
    assert facts() == before
    change(meeting, local_start=local("2026-12-08 10:00"))
    assert function_drafts_of(event)[0].local_start == local("2026-12-08 10:00")
    change(meeting, title="Opening", duration_minutes=45)


def test_a_drag_in_the_schedule_does_too(event: Event) -> None:
    row = make_function(event, key="plenary").occurrence
    before = facts()
    with pytest.raises(ValidationError, match="Away day"):
        move_occurrence(
            actor=SYSTEM,
            occurrence_id=row.pk,
            version=1,
            starts_at=row.starts_at + WEEK,
            ends_at=row.ends_at + WEEK,
            now=NOW,
        )
    assert facts() == before


@pytest.mark.parametrize("scope", [Scope.ONE, Scope.FOLLOWING, Scope.ALL])
def test_so_does_one_date_of_a_series(event: Event, scope: Scope) -> None:
    meeting = make_meeting(event.owner, rrule="FREQ=WEEKLY;COUNT=3").meeting
    first = meeting.occurrences.order_by("starts_at")[0]
    Function.objects.create(event=event, key="first", number=1, occurrence=first)
    before = facts()
    with pytest.raises(ValidationError, match="Away day"):
        change(meeting, scope, local_start=local("2026-12-09 10:00"))
    assert facts() == before
    change(meeting, scope, local_start=local("2026-12-07 11:00"))


def test_the_function_itself_still_changes_kind_and_time_at_once(event: Event) -> None:
    assert event.starts_at is not None
    event.load_in_at = event.starts_at - WEEK / 7
    event.save()
    function = make_function(event, key="plenary")
    (draft,) = function_drafts_of(event)
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    values |= {"kind": FunctionKind.SETUP, "local_start": local("2026-12-06 12:00")}
    change_function(actor=SYSTEM, function_id=function.pk, draft=FunctionDraft(**values), now=NOW)
    assert function_drafts_of(event)[0].local_start == local("2026-12-06 12:00")


def test_what_is_over_holds_nothing_back(event: Event) -> None:
    meeting = make_function(event, key="plenary").occurrence.meeting
    other = make_meeting(event.owner).meeting
    change(other, local_start=local("2026-12-19 10:00"))
    move_event(actor=actor_of(event.owner), event_id=event.pk, version=1, starts=LATER, now=NOW)
    change(meeting, local_start=local("2026-12-15 10:00"))
    cancel_event(actor=SYSTEM, event_id=event.pk, version=None, reason="Flood", now=NOW)
