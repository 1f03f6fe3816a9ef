"""Each kind of reason once, in a question made for it, with what it says."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from convenor.kernel.find_times.answer import Reason, ReasonKind, Score, Slot
from convenor.kernel.find_times.question import (
    BadQuestion,
    Busy,
    Group,
    Hours,
    Need,
    Person,
    Question,
    Room,
    RoomNeed,
)
from convenor.kernel.find_times.search import find_times
from convenor.kernel.instants import WEEK, Instant, Span, ZoneName, to_local
from tests.kernel.find_times.questions import BUCHAREST, KATHMANDU, LISBON, ask, at, person, room, span

HOUR = (0, 60)
MORNING = (span(0, 60),)
TEN = RoomNeed(headcount=4)


def only_slot(question: Question) -> Slot:
    (slot,) = find_times(question).slots
    return slot


def asked(*people: Person, rooms: tuple[Room, ...] = (), **more: Any) -> Question:
    return ask(*people, windows=(HOUR,), rooms=rooms, room_need=TEN if rooms else None, **more)


ana, bob = person("ana"), person("bob")
CASES = {
    ReasonKind.MISSES: (
        asked(ana, person("bob", (30, 45)), required=("ana",), optional=("bob",)),
        Reason(ReasonKind.MISSES, ("bob",), (1,)),
    ),
    ReasonKind.OUT_OF_HOURS: (
        asked(ana, person("bob", working=(span(15, 300),))),
        Reason(ReasonKind.OUT_OF_HOURS, ("bob",), (1,)),
    ),
    ReasonKind.GROUP: (
        asked(
            ana, bob, person("cem", (0, 5)), required=(), groups=(Group(("cem", "bob", "ana"), 2, "legal"),)
        ),
        Reason(ReasonKind.GROUP, ("legal", "ana", "bob"), (2, 3, 2)),
    ),
    ReasonKind.ROOM_FIT: (asked(ana, rooms=(room("oak"),)), Reason(ReasonKind.ROOM_FIT, ("oak",), (6,))),
    ReasonKind.NEEDS_APPROVAL: (
        asked(ana, rooms=(room("oak", approval_needed=True),)),
        Reason(ReasonKind.NEEDS_APPROVAL, ("oak",), (1,)),
    ),
    ReasonKind.ROOM_COST: (
        asked(ana, rooms=(room("oak", rate_per_hour=Decimal("12.50")),)),
        Reason(ReasonKind.ROOM_COST, ("oak",), (Decimal("12.50"),)),
    ),
    ReasonKind.PEOPLE_COST: (
        asked(
            person("ana", cost_per_hour=Decimal(40)),
            person("bob", cost_per_hour=Decimal("20.5")),
            person("cem"),
        ),
        Reason(ReasonKind.PEOPLE_COST, (), (Decimal("60.50"),)),
    ),
    ReasonKind.FRAGMENTS: (
        ask(person("ana", (0, 15), (90, 120)), limit=1),
        Reason(ReasonKind.FRAGMENTS, ("ana",), (1,)),
    ),
    ReasonKind.TRAVEL_TIGHT: (
        asked(
            person("ana", zone=BUCHAREST, busy=(Busy(span(-60, -25), site="C"),)),
            rooms=(room("oak", site="B"),),
            travel={("B", "C"): 15},
        ),
        Reason(ReasonKind.TRAVEL_TIGHT, ("ana",), (10,)),
    ),
    ReasonKind.WEEKS: (
        asked(person("ana", (10080, 10200)), weeks=3, zone=ZoneName("UTC")),
        Reason(ReasonKind.WEEKS, (), (2, 3)),
    ),
    ReasonKind.ROOM_CHANGES: (
        asked(
            ana,
            rooms=(room("elm", (0, 30), (20160, 20190)), room("oak", (10080, 10110))),
            weeks=3,
            zone=ZoneName("UTC"),
        ),
        Reason(ReasonKind.ROOM_CHANGES, ("oak",), (1,)),
    ),
}


def test_every_kind_has_its_case() -> None:
    assert set(CASES) == set(ReasonKind)


@pytest.mark.parametrize("kind", ReasonKind)
def test_reason(kind: ReasonKind) -> None:
    question, expected = CASES[kind]
    assert [reason for reason in only_slot(question).reasons if reason.kind is kind] == [expected]


def test_a_perfect_slot_has_nothing_to_say() -> None:
    slot = only_slot(asked(ana, bob))
    assert slot == Slot(span(0, 60), (), (), (), Score(0, 0, 0, 0, 0, 0, 0, 0), ())


def test_people_count_before_hours_and_hours_before_rooms() -> None:
    dear = room("oak", rate_per_hour=Decimal(900), approval_needed=True)
    ana, bob = person("ana", working=(span(60, 999),)), person("bob", (60, 120))
    question = ask(
        ana,
        bob,
        required=("ana",),
        optional=("bob",),
        windows=((0, 180),),
        step_minutes=60,
        rooms=(dear, room("elm", (120, 180))),
        room_need=TEN,
    )
    assert [(slot.span, slot.rooms) for slot in find_times(question).slots] == [
        (span(120, 180), ("oak",)),  # everybody, in hours, in the dear room
        (span(0, 60), ("elm",)),  # Ana out of hours
        (span(60, 120), ("elm",)),  # without Bob
    ]


def test_the_better_room_wherever_it_is_free() -> None:
    rooms = (
        room("ash", rate_per_hour=Decimal(5)),
        room("elm", (60, 120), capacity=5),
        room("fir", capacity=6),
        room("oak", capacity=6),
    )
    question = ask(ana, windows=((0, 120),), step_minutes=60, rooms=rooms, room_need=TEN)
    best = sorted((slot.span.start, slot.rooms) for slot in find_times(question).slots)
    assert best == [(at(0), ("elm",)), (at(60), ("fir",))]


def test_limit_keeps_the_best_and_counts_all() -> None:
    answer = find_times(ask(ana, windows=((0, 240),), limit=2))
    assert [slot.span for slot in answer.slots] == [span(0, 60), span(15, 75)]
    assert answer.found == 13


def test_starts_are_round_on_the_clocks_of_the_question() -> None:
    # 08:07 UTC is 13:52 in Kathmandu; half hours there are quarters past and to the hour in UTC.
    question = ask(ana, windows=((7, 200),), step_minutes=30, zone=KATHMANDU)
    starts = sorted(slot.span.start for slot in find_times(question).slots)
    assert [to_local(start, KATHMANDU).time() for start in starts] == [
        time(14),
        time(14, 30),
        time(15),
        time(15, 30),
        time(16),
    ]


def test_nothing_starts_before_now() -> None:
    question = Question(people=(ana,), required=("ana",), minutes=30, windows=(span(0, 60),), now=at(16))
    assert [slot.span.start for slot in find_times(question).slots] == [at(30)]


@pytest.mark.parametrize(
    ("busy", "free"), [((60, 70), True), ((59, 70), False), ((-10, 0), True), ((-10, 1), False)]
)
def test_half_open_to_the_minute(busy: tuple[int, int], free: bool) -> None:
    assert bool(find_times(asked(person("ana", busy))).slots) is free


def test_meetings_that_do_not_last_whole_quarters_lose_nothing_to_rounding() -> None:
    question = ask(person("ana", (50, 60)), minutes=50, windows=(HOUR,))
    assert only_slot(question).span == span(0, 50)


def test_local_hours_hold_for_everybody_asked() -> None:
    # 10 to 12 in Lisbon (UTC in winter) is 12 to 14 in Bucharest.
    question = ask(
        person("ana"),
        person("rui", zone=LISBON),
        windows=((-120, 600),),
        hours=Hours(time(10), time(14)),
        step_minutes=60,
    )
    starts = sorted(slot.span.start for slot in find_times(question).slots)
    assert [to_local(start, LISBON).hour for start in starts] == [10, 11]


def test_a_series_keeps_its_local_time_over_a_change_of_the_clocks() -> None:
    slot = only_slot(asked(ana, weeks=2))
    first, second = (each.span for each in slot.occurrences)
    assert second.start - first.start == WEEK - 3600


def test_what_to_do_with_the_weeks_that_fail() -> None:
    question = ask(
        person("ana", (10080, 10140)),
        windows=((0, 120),),
        weeks=2,
        zone=ZoneName("UTC"),
        step_minutes=60,
        rooms=(room("oak"), room("elm", (10080 + 60, 10080 + 120))),
        room_need=TEN,
    )
    best, second = find_times(question).slots
    assert [each.works for each in best.occurrences] == [True, True]
    failing = second.occurrences[1]
    assert (failing.works, failing.busy, failing.no_room) == (False, ("ana",), False)
    assert failing.alternative is not None
    assert failing.alternative.span == best.occurrences[1].span
    assert failing.alternative.rooms == ("oak",)


def test_one_room_per_site() -> None:
    people = person("ana", site="B"), person("bob", site="B"), person("rui", site="C")
    rooms = (
        room("b1", site="B", capacity=1),
        room("b2", site="B", capacity=2),
        room("c1", site="C", capacity=1),
    )
    question = ask(*people, windows=(HOUR,), rooms=rooms, room_need=RoomNeed(one_per_site=True))
    assert only_slot(question).rooms == ("b2", "c1")


def test_nobody_travels_to_their_own_site() -> None:
    rui = person("rui", site="C", busy=(Busy(span(-60, 0), site="C"),))
    rooms = room("b1", site="B"), room("c1", site="C")
    question = ask(rui, windows=((0, 75),), rooms=rooms, room_need=TEN, travel={("C", "B"): 15})
    assert [(slot.span.start, slot.rooms) for slot in find_times(question).slots] == [
        (at(0), ("c1",)),
        (at(15), ("b1",)),
    ]


def test_the_same_question_has_the_same_answer() -> None:
    question = ask(
        person("ana", (0, 30)), bob, windows=((0, 240),), rooms=(room("oak"), room("elm")), room_need=TEN
    )
    assert find_times(question) == find_times(question)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": 0}, "minutes is 0; it must be at least 1."),
        ({"step_minutes": 0}, "step_minutes is 0"),
        ({"weeks": 0}, "weeks is 0"),
        ({"limit": 0}, "limit is 0"),
        ({"buffer_minutes_before": -1}, "buffer_minutes_before is -1"),
        ({"required": ("eve",)}, "not among the people given: eve."),
        ({"optional": ("ana",)}, "Given twice as attendee: ana."),
        ({"rooms": (Room(key="r", name=""), Room(key="r", name=""))}, "Given twice as room: r."),
        ({"groups": (Group(("ana",), 2, "legal"),)}, "2 of the group 'legal' can't come: it has 1 members."),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadQuestion, match=sentence.replace("(", r"\(").replace(".", r"\.")):
        ask(ana, **({"windows": (HOUR,)} | changes))


def test_windows_longer_than_any_grid_are_refused() -> None:
    long = Span(at(0), Instant(at(0) + 100 * 366 * 86_400))
    with pytest.raises(BadQuestion, match="at most 1000000 can be searched at once"):
        find_times(Question(people=(ana,), required=("ana",), minutes=15, windows=(long,), now=at(0)))


def test_need_of() -> None:
    question = ask(ana, bob, person("cem"), required=("ana",), optional=("bob",))
    assert [question.need_of(key) for key in ("ana", "bob", "cem")] == [Need.REQUIRED, Need.OPTIONAL, None]
