"""Small questions, dense with clashes: a Monday and the weeks after it, over the last Sunday of March, when clocks change."""

from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from convenor.kernel.find_times.question import Busy, Group, Hours, Person, Question, Room, RoomNeed
from convenor.kernel.instants import WEEK, Instant, Span, ZoneName, instant_of

BUCHAREST, LISBON, KATHMANDU = (
    ZoneName("Europe/Bucharest"),
    ZoneName("Europe/Lisbon"),
    ZoneName("Asia/Kathmandu"),
)
MONDAY = instant_of(datetime(2026, 3, 23, 8, 0, tzinfo=UTC))
"""08:00 UTC, 10:00 in Bucharest; from the 29th on, 07:00 UTC is 10:00 there."""
SITES = ("B", "C")


def at(minutes: int) -> Instant:
    """So many minutes after Monday 08:00 UTC."""
    return Instant(MONDAY + 60 * minutes)


def span(start: int, end: int) -> Span:
    return Span(at(start), at(end))


def person(key: str, *busy: tuple[int, int], zone: ZoneName = BUCHAREST, **more: Any) -> Person:
    """Somebody busy over so many minutes after Monday 08:00 UTC."""
    plain = tuple(Busy(span(*each)) for each in busy)
    return Person(**{"key": key, "name": key.title(), "zone": zone, "busy": plain} | more)


def room(key: str, *busy: tuple[int, int], **more: Any) -> Room:
    """A room for ten, booked likewise."""
    return replace(
        Room(key=key, name=key, capacity=10, busy=tuple(Busy(span(*each)) for each in busy)), **more
    )


def ask(
    *people: Person, minutes: int = 60, windows: tuple[tuple[int, int], ...] = ((0, 120),), **more: Any
) -> Question:
    """Everybody is required unless told otherwise."""
    told = {"required": tuple(p.key for p in people), "zone": BUCHAREST} | more
    return Question(
        people=people, minutes=minutes, windows=tuple(span(*w) for w in windows), now=at(-1000), **told
    )


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value three times in four, so that a question's many rules don't drown each other."""
    return st.integers(0, 3).flatmap(lambda n: st.sampled_from(others) if n == 3 else st.just(usual))


weeks_later = st.integers(0, 2).map(lambda week: week * WEEK)


@st.composite
def spans(draw: st.DrawFn, longest: int = 100, grain: int = 5) -> Span:
    start = draw(st.integers(-60 // grain, 240 // grain)) * grain
    length = draw(st.integers(1, longest // grain)) * grain
    return span(start, start + length).shift(draw(weeks_later))


@st.composite
def busy(draw: st.DrawFn) -> Busy:
    movable = draw(mostly(True, False))
    meeting = draw(mostly("m1", "m2", None))
    return Busy(
        draw(spans()),
        movable=movable,
        meeting=meeting,
        cost=draw(st.integers(0, 2)),
        site=draw(st.sampled_from([None, *SITES])),
    )


@st.composite
def working(draw: st.DrawFn) -> tuple[Span, ...] | None:
    if draw(mostly(True, False)):
        return None
    start, end = draw(st.integers(-4, 4)) * 15, draw(st.integers(5, 18)) * 15
    return tuple(span(start, end).shift(week * WEEK) for week in range(3))


@st.composite
def people(draw: st.DrawFn, most: int = 4) -> tuple[Person, ...]:
    return tuple(
        Person(
            key=f"p{i}",
            name=f"P{i}",
            zone=draw(st.sampled_from([BUCHAREST, BUCHAREST, LISBON])),
            busy=tuple(draw(st.lists(busy(), max_size=3))),
            working=draw(working()),
            away=tuple(Busy(each) for each in draw(mostly([], [draw(spans())]))),
            site=draw(st.sampled_from([None, *SITES])),
            weight=draw(st.integers(1, 3)),
        )
        for i in range(draw(st.integers(1, most)))
    )


@st.composite
def rooms(draw: st.DrawFn, most: int = 3) -> tuple[Room, ...]:
    return tuple(
        Room(
            key=f"r{i}",
            name=f"R{i}",
            site=draw(st.sampled_from(SITES)),
            capacity=draw(st.integers(2, 6)),
            equipment=draw(mostly({"projector": 2, "screen": 1}, {"projector": 1}, {})),
            accessible=draw(mostly(True, False)),
            busy=tuple(draw(st.lists(busy(), max_size=3))),
            open=draw(working()),
            rate_per_hour=Decimal(draw(st.sampled_from(["0", "10", "33.33"]))),
            setup_minutes=draw(st.sampled_from([0, 0, 10])),
            turn_minutes=draw(st.sampled_from([0, 0, 20])),
            setups=draw(mostly(frozenset({"theatre"}), frozenset())),
            approval_needed=draw(st.booleans()),
            earliest=draw(mostly(None, at(25))),
            latest=draw(mostly(None, at(90), at(10080))),
            longest_minutes=draw(mostly(None, 45)),
        )
        for i in range(draw(mostly(most, 2, 1, 0)))
    )


needs = st.builds(
    RoomNeed,
    headcount=st.integers(0, 4),
    style=mostly(None, "theatre"),
    equipment=mostly({}, {"projector": 1}, {"projector": 2}),
    sites=mostly(None, frozenset({"B"}), frozenset({"B", "C"})),
    accessible=mostly(False, True),
    rooms=mostly(None, frozenset({"r0", "r1"})),
    one_per_site=mostly(False, True),
)
hours = st.builds(
    Hours,
    earliest=st.sampled_from([time(9), time(10, 30), time(8, 45)]),
    latest=st.sampled_from([time(12), time(13, 30), time(0), time(2)]),
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Span, ...]:
    found = []
    for _ in range(draw(st.integers(1, 2))):
        start = draw(st.integers(0, 18)) * 10
        found.append(span(start, start + draw(st.integers(2, 9)) * 15))
    return tuple(found)


@st.composite
def questions(draw: st.DrawFn, most_people: int = 4, most_weeks: int = 3) -> Question:
    everybody = draw(people(most_people))
    keys = [each.key for each in everybody]
    roles = draw(
        st.lists(st.sampled_from(["required", "optional", "group"]), min_size=len(keys), max_size=len(keys))
    )
    grouped = tuple(key for key, role in zip(keys, roles, strict=True) if role == "group")
    groups = (Group(grouped, draw(st.integers(1, len(grouped))), "some"),) if grouped else ()
    return Question(
        people=everybody,
        required=tuple(key for key, role in zip(keys, roles, strict=True) if role == "required"),
        optional=tuple(key for key, role in zip(keys, roles, strict=True) if role == "optional"),
        groups=groups,
        minutes=draw(st.sampled_from([15, 20, 30, 45, 50, 60])),
        windows=draw(windows()),
        now=draw(st.sampled_from([at(-100), at(7)])),
        zone=draw(st.sampled_from([BUCHAREST, KATHMANDU])),
        step_minutes=draw(st.sampled_from([15, 15, 20, 30])),
        rooms=draw(rooms()),
        room_need=draw(st.none() | needs | needs),
        buffer_minutes_before=draw(st.sampled_from([0, 0, 5, 15])),
        buffer_minutes_after=draw(st.sampled_from([0, 0, 10])),
        travel=draw(st.sampled_from([{}, {("B", "C"): 25}, {("B", "C"): 10, ("C", "B"): 40}])),
        hours=draw(st.none() | st.none() | hours),
        out_of_hours_allowed=draw(st.booleans()),
        weeks=draw(st.integers(1, most_weeks)),
        limit=1000,
        known=draw(st.none() | st.just(span(-600, 4 * 10080))),
    )


@st.composite
def crowded(draw: st.DrawFn, most_weeks: int = 3) -> Question:
    """Rooms that all suit and are booked here and there, people that are busy now and then: what `questions` rarely makes."""
    keys = [f"p{i}" for i in range(draw(st.integers(1, 4)))]
    required = draw(st.integers(1, len(keys)))
    return Question(
        people=tuple(
            person(key, busy=draw(day_of_meetings), site=draw(st.sampled_from(SITES))) for key in keys
        ),
        required=tuple(keys[:required]),
        optional=tuple(keys[required:]),
        minutes=draw(st.sampled_from([15, 30, 30, 60])),
        windows=(span(0, 15 * draw(st.integers(4, 10))),),
        now=at(-100),
        zone=BUCHAREST,
        rooms=tuple(
            room(
                f"r{i}",
                busy=draw(day_of_meetings),
                site=draw(st.sampled_from(SITES)),
                capacity=draw(st.integers(3, 5)),
                rate_per_hour=Decimal(draw(st.sampled_from([0, 10]))),
                approval_needed=draw(mostly(False, True)),
                turn_minutes=draw(mostly(0, 5)),
            )
            for i in range(draw(st.integers(1, 4)))
        ),
        room_need=draw(
            st.none() | st.builds(RoomNeed, headcount=st.just(3), one_per_site=mostly(False, True))
        ),
        buffer_minutes_after=draw(mostly(0, 5)),
        travel=draw(mostly({}, {("B", "C"): 20, ("C", "B"): 35})),
        weeks=draw(st.integers(1, most_weeks)),
        limit=1000,
    )


@st.composite
def _meeting(draw: st.DrawFn) -> Busy:
    start = 15 * draw(st.integers(-1, 9))
    when = span(start, start + draw(st.sampled_from([10, 15, 30, 60, 60])))
    meeting, movable = draw(st.sampled_from(["m1", "m2"])), draw(st.booleans())
    week = draw(weeks_later)
    return Busy(when.shift(week), "", movable, meeting, site=draw(st.sampled_from([None, *SITES])))


day_of_meetings = st.lists(_meeting(), min_size=2, max_size=6).map(tuple)
