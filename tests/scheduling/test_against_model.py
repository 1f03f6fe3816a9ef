"""Random changes of the schedule against a brute-force calendar that only knows lists of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import Scope
from convenor.scheduling.models import Booking, Meeting, Occurrence
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, ZONE, check_house, make_meeting
from tests.factories.venues import RoomFactory, SiteFactory

SYSTEM = Actor.system("tests")
FIRST = datetime(2027, 3, 22, 10)  # the week before the clocks go forward
EVERY = {"": 0, "FREQ=DAILY": 1, "FREQ=WEEKLY": 7, "FREQ=DAILY;INTERVAL=2": 2}


@dataclass(frozen=True)
class Date:
    """One occurrence; `own` is the wall-clock start it was moved to alone."""

    rid: datetime
    minutes: int
    room: int | None
    own: datetime | None = None
    cancelled: bool = False

    @property
    def span(self) -> tuple[datetime, datetime]:
        local = self.own or self.rid
        start = local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        return start, start + timedelta(minutes=self.minutes)

    def moved(self, by: timedelta) -> Date:
        return replace(self, rid=self.rid + by).settled()

    def settled(self) -> Date:
        """One that stands where its series has it goes with the series again."""
        return replace(self, own=None) if self.own == self.rid else self


@dataclass
class Calendar:
    """Meetings by key; each a list of dates in the order of the series."""

    meetings: dict[int, list[Date]] = field(default_factory=dict)

    def clashes(self) -> bool:
        live = [
            each for dates in self.meetings.values() for each in dates if not each.cancelled and each.room
        ]
        return any(
            one.room == other.room and one.span[0] < other.span[1] and other.span[0] < one.span[1]
            for n, one in enumerate(live)
            for other in live[:n]
        )

    def live(self, key: int) -> list[Date]:
        return [each for each in self.meetings[key] if not each.cancelled]

    def with_dates(self, key: int, dates: Sequence[Date]) -> Calendar:
        return Calendar({**self.meetings, key: list(dates)})


@dataclass
class World:
    """The rows and the model side by side."""

    organiser: Person
    guests: list[Person]
    rooms: list[int]
    calendar: Calendar = field(default_factory=Calendar)

    def create(self, rule: str, count: int, hours: int, minutes: int, room: int) -> None:
        start, step = FIRST + timedelta(hours=hours), EVERY[rule]
        dates = [
            Date(start + timedelta(days=step * n), minutes, self.room(room))
            for n in range(count if rule else 1)
        ]
        expected = self.calendar.with_dates(-1, dates)
        saved: list[Meeting] = []

        def act() -> None:
            made = make_meeting(
                self.organiser,
                people=self.guests,
                now=NOW,
                zone=ZONE,
                local_start=LocalTime(start),
                duration_minutes=minutes,
                rrule=f"{rule};COUNT={count}" if rule else "",
                room_id=self.room(room),
            )
            saved.append(made.meeting)

        if self.agrees(act, expected):
            del self.calendar.meetings[-1]
            self.calendar.meetings[saved[0].pk] = dates

    def room(self, number: int) -> int | None:
        return self.rooms[number] if number < len(self.rooms) else None

    def agrees(self, act: Any, expected: Calendar) -> bool:
        """The action is refused if, and only if, the model has a clash then."""
        try:
            with transaction.atomic():
                act()
        except RoomClashes:
            assert expected.clashes()
            return False
        assert not expected.clashes()
        self.calendar = expected
        return True

    def pick(self, pick: int) -> tuple[Meeting, Date] | None:
        live = [(key, each) for key in sorted(self.calendar.meetings) for each in self.calendar.live(key)]
        if not live:
            return None
        key, date = live[pick % len(live)]
        return Meeting.objects.get(pk=key), date

    def move_one(self, meeting: Meeting, date: Date, hours: int) -> None:
        goal = (date.own or date.rid) + timedelta(hours=hours)
        moved = replace(date, own=goal).settled() if meeting.is_series else replace(date, rid=goal)
        dates = [moved if each is date else each for each in self.calendar.meetings[meeting.pk]]
        row = Occurrence.objects.get(meeting=meeting, recurrence_id=LocalTime(date.rid))
        start, end = moved.span
        self.agrees(
            lambda: move_occurrence(
                actor=SYSTEM,
                occurrence_id=row.pk,
                version=meeting.version,
                starts_at=start,
                ends_at=end,
                now=NOW,
            ),
            self.calendar.with_dates(meeting.pk, dates),
        )

    def shift(self, meeting: Meeting, date: Date, hours: int, scope: Scope) -> None:
        by = timedelta(hours=hours)
        dates = self.calendar.meetings[meeting.pk]
        head, tail = self.parts(dates, date, scope)
        start = meeting.local_start if not head else date.rid
        expected = self.split(meeting.pk, head, [each.moved(by) for each in tail])
        answers: list[Any] = []
        changes = MeetingChanges(local_start=LocalTime(start + by))
        if self.agrees(lambda: answers.append(self.change(meeting, changes, scope, date)), expected):
            self.adopt(answers[0])

    def reroom(self, meeting: Meeting, date: Date, room: int, scope: Scope) -> None:
        goal, dates = self.room(room), self.calendar.meetings[meeting.pk]
        if scope == Scope.ONE and meeting.is_series:
            head: list[Date] = []
            tail = [replace(each, room=goal) if each is date else each for each in dates]
        else:
            head, rest = self.parts(dates, date, scope)
            tail = [replace(each, room=goal) for each in rest]
        expected = self.split(meeting.pk, head, tail)
        answers: list[Any] = []
        changes = MeetingChanges(room_id=goal)
        if self.agrees(lambda: answers.append(self.change(meeting, changes, scope, date)), expected):
            self.adopt(answers[0])

    def change(self, meeting: Meeting, changes: MeetingChanges, scope: Scope, date: Date) -> Any:
        return change_meeting(
            actor=SYSTEM,
            meeting_id=meeting.pk,
            version=meeting.version,
            changes=changes,
            scope=scope,
            recurrence_id=LocalTime(date.rid),
            now=NOW,
        )

    @staticmethod
    def parts(dates: list[Date], date: Date, scope: Scope) -> tuple[list[Date], list[Date]]:
        """What a change leaves alone, and what it touches; a first date's "following" is all."""
        head = [each for each in dates if each.rid < date.rid] if scope == Scope.FOLLOWING else []
        if all(each.cancelled for each in head):
            return [], dates
        return head, [each for each in dates if each.rid >= date.rid]

    def split(self, key: int, head: list[Date], tail: list[Date]) -> Calendar:
        if not head:
            return self.calendar.with_dates(key, tail)
        return Calendar({**self.calendar.meetings, key: head, -1: tail})

    def adopt(self, saved: Any) -> None:
        if -1 in self.calendar.meetings:
            self.calendar.meetings[saved.continuation.pk] = self.calendar.meetings.pop(-1)

    def cancel(self, meeting: Meeting, date: Date, scope: Scope) -> None:
        def gone(each: Date) -> bool:
            if not meeting.is_series or scope == Scope.ALL:
                return True
            return each.rid == date.rid if scope == Scope.ONE else each.rid >= date.rid

        dates = [
            replace(each, cancelled=True) if gone(each) else each
            for each in self.calendar.meetings[meeting.pk]
        ]
        self.agrees(
            lambda: cancel_meeting(
                actor=SYSTEM,
                meeting_id=meeting.pk,
                version=meeting.version,
                scope=scope,
                recurrence_id=LocalTime(date.rid),
                now=NOW,
            ),
            self.calendar.with_dates(meeting.pk, dates),
        )

    def check(self) -> None:
        rooms = {
            row.occurrence_id: row.room_id
            for row in Booking.objects.exclude(state="released").filter(room__isnull=False)
        }
        found: dict[int, list[Any]] = {key: [] for key in self.calendar.meetings}
        for row in Occurrence.objects.filter(state="scheduled"):
            found[row.meeting_id].append((row.starts_at, row.ends_at, rooms.get(row.pk)))
        for key, times in found.items():
            assert sorted(times, key=str) == sorted(
                ((*each.span, each.room) for each in self.calendar.live(key)), key=str
            )
        check_house()


hours = st.integers(min_value=-3, max_value=3)
picks, rooms = st.integers(min_value=0, max_value=50), st.integers(min_value=0, max_value=2)
scopes = st.sampled_from(list(Scope))
creates = st.tuples(
    st.just("create"),
    st.sampled_from(list(EVERY)),
    st.integers(min_value=1, max_value=4),
    st.integers(min_value=0, max_value=4),
    st.sampled_from([30, 60, 90]),
    rooms,
)
steps = st.one_of(
    creates,
    st.tuples(st.just("move"), picks, hours),
    st.tuples(st.just("shift"), picks, st.one_of(hours, st.sampled_from([-24, 24, 48])), scopes),
    st.tuples(st.just("reroom"), picks, rooms, scopes),
    st.tuples(st.just("cancel"), picks, scopes),
)


def take(world: World, step: tuple[Any, ...]) -> None:
    kind, *details = step
    if kind == "create":
        world.create(*details)
        return
    picked = world.pick(details[0])
    if picked is None:
        return
    meeting, date = picked
    if kind == "move":
        world.move_one(meeting, date, details[1])
    elif kind == "shift":
        scope = Scope.ALL if details[2] == Scope.ONE else details[2]
        world.shift(meeting, date, details[1], scope)
    elif kind == "reroom":
        world.reroom(meeting, date, details[1], details[2])
    else:
        world.cancel(meeting, date, details[1])


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=creates, more=st.lists(steps, min_size=3, max_size=12))
def test_random_changes_agree_with_the_model(first: tuple[Any, ...], more: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        site = SiteFactory()
        made = [RoomFactory(site=site, capacity=8).pk for _ in range(2)]
        world = World(bob(home_site=site), [PersonFactory(home_site=site)], made)
        for step in (first, *more):
            take(world, step)
            world.check()
        transaction.set_rollback(True)
