"""Each kind of rule as a blocker, and each kind of change, once, in a question made for it."""

from datetime import time
from typing import Any

import pytest

from convenor.kernel.find_times import blockers
from convenor.kernel.find_times.answer import Blocker, Change, ChangeKind, RuleKind, WhyNot
from convenor.kernel.find_times.blockers import blockers_of
from convenor.kernel.find_times.changes import COSTS, changed
from convenor.kernel.find_times.obstacles import obstacles_of
from convenor.kernel.find_times.prepared import prepare
from convenor.kernel.find_times.question import Busy, Group, Hours, Person, Question, Room, RoomNeed
from convenor.kernel.find_times.search import find_times
from convenor.kernel.instants import Span
from tests.kernel.find_times.questions import ask, at, person, room, span

HOUR = ((0, 60),)
ana, bob = person("ana"), person("bob")


def why_not(question: Question) -> WhyNot:
    answer = find_times(question)
    assert answer.slots == ()
    assert answer.why_not is not None
    return answer.why_not


def in_room(*rooms: Room, need: RoomNeed | None = None, **more: Any) -> Question:
    usual: dict[str, Any] = {"windows": HOUR, "rooms": rooms, "room_need": need or RoomNeed(headcount=4)}
    return ask(ana, **usual | more)


def because(*rules: RuleKind, people: str = "", rooms: str = "", groups: str = "") -> Blocker:
    return Blocker(
        frozenset(people.split()), frozenset(groups.split()), frozenset(rooms.split()), frozenset(rules)
    )


far = person("ana", busy=(Busy(span(-60, 0), site="C"),))
RULES = {
    RuleKind.WINDOW: (ask(ana, minutes=90, windows=HOUR), because(RuleKind.WINDOW)),
    RuleKind.LOCAL_HOURS: (
        ask(ana, windows=HOUR, hours=Hours(time(12), time(13))),
        because(RuleKind.LOCAL_HOURS),
    ),
    RuleKind.WORKING_HOURS: (
        ask(person("ana", working=(span(30, 400),)), windows=HOUR, out_of_hours_allowed=False),
        because(RuleKind.WORKING_HOURS, people="ana"),
    ),
    RuleKind.BUFFERS: (
        ask(person("ana", (-30, 0)), windows=HOUR, buffer_minutes_before=5),
        because(RuleKind.BUFFERS, people="ana"),
    ),
    RuleKind.TRAVEL: (
        ask(far, windows=HOUR, travel={("B", "C"): 5}, rooms=(room("b1", site="B"),), room_need=RoomNeed()),
        because(RuleKind.TRAVEL, people="ana"),
    ),
    RuleKind.ROOM: (in_room(), because(RuleKind.ROOM)),
    RuleKind.NAMED_ROOMS: (
        in_room(room("oak"), need=RoomNeed(rooms=frozenset({"elm"}))),
        because(RuleKind.NAMED_ROOMS),
    ),
    RuleKind.SITES: (
        in_room(room("oak", site="B"), need=RoomNeed(sites=frozenset({"C"}))),
        because(RuleKind.SITES),
    ),
    RuleKind.SEATS: (in_room(room("oak", capacity=3)), because(RuleKind.SEATS)),
    RuleKind.STYLE: (in_room(room("oak"), need=RoomNeed(style="theatre")), because(RuleKind.STYLE)),
    RuleKind.EQUIPMENT: (
        in_room(room("oak", equipment={"mic": 1}), need=RoomNeed(equipment={"mic": 2})),
        because(RuleKind.EQUIPMENT),
    ),
    RuleKind.ACCESSIBLE: (
        in_room(room("oak", accessible=False), need=RoomNeed(accessible=True)),
        because(RuleKind.ACCESSIBLE),
    ),
    RuleKind.OPENING_HOURS: (in_room(room("oak", open=(span(1, 600),))), because(RuleKind.OPENING_HOURS)),
    RuleKind.BOOKING_WINDOW: (in_room(room("oak", latest=at(59))), because(RuleKind.BOOKING_WINDOW)),
    RuleKind.LONGEST_BOOKING: (in_room(room("oak", longest_minutes=45)), because(RuleKind.LONGEST_BOOKING)),
    RuleKind.TURN: (
        in_room(room("oak", (60, 90), turn_minutes=5)),
        because(RuleKind.TURN, rooms="oak"),
    ),
}


def test_every_rule_has_its_case() -> None:
    assert set(RULES) == set(RuleKind)


@pytest.mark.parametrize("rule", RuleKind)
def test_rule(rule: RuleKind) -> None:
    question, expected = RULES[rule]
    assert why_not(question).blockers == (expected,)


BLOCKERS = {
    "each alone": (ask(person("ana", (0, 60)), person("bob", (30, 40)), windows=HOUR), ["ana", "bob"]),
    "only together": (
        ask(person("ana", (0, 60)), person("bob", (60, 120)), person("cem"), step_minutes=60),
        ["ana bob"],
    ),
    "two ways": (
        ask(
            person("ana", (0, 60)),
            person("bob", (60, 120)),
            person("cem", (60, 90)),
            person("dan", (0, 120)),
            step_minutes=60,
        ),
        ["dan", "ana bob", "ana cem"],
    ),
}


@pytest.mark.parametrize("name", BLOCKERS)
def test_blockers_of_people(name: str) -> None:
    question, people = BLOCKERS[name]
    assert why_not(question).blockers == tuple(because(people=each) for each in people)


def test_all_rooms_that_fit_are_booked_where_the_people_can() -> None:
    question = ask(
        person("ana", (0, 60)),
        step_minutes=60,
        rooms=(room("oak", (60, 120)), room("elm", (100, 110)), room("den", capacity=2)),
        room_need=RoomNeed(headcount=4),
    )
    assert why_not(question).blockers == (because(RuleKind.SEATS, people="ana", rooms="elm oak"),)


def test_a_group_blocks() -> None:
    question = ask(
        ana,
        bob,
        person("cem", (0, 60)),
        required=("ana",),
        groups=(Group(("bob", "cem"), 2, "legal"),),
        windows=HOUR,
    )
    assert why_not(question).blockers == (because(groups="legal"),)


def test_many_people_in_the_way_cost_a_bounded_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each of 40 quarters is somebody else's, so the only blocker is all of them.
    people = [person(f"p{i:02}", (15 * i, 15 * i + 15)) for i in range(40)]
    question = ask(*people, minutes=15, windows=((0, 600),))
    everybody = because(people=" ".join(p.key for p in people))
    assert why_not(question) == WhyNot((everybody,), why_not(question).changes, complete=True)
    monkeypatch.setattr(blockers, "MOST_LOOKS", 10)
    prepared = prepare(question)
    assert prepared is not None
    assert blockers_of(prepared, obstacles_of(prepared)) == ((everybody,), False)


def blocked(*people: Person, **more: Any) -> Question:
    usual: dict[str, Any] = {"windows": HOUR}
    return ask(*people, **usual | more)


sprint = Busy(span(0, 60), "Sprint review", movable=True, meeting="sprint@x", cost=2)
projector = RoomNeed(headcount=4, equipment={"projector": 1})
everywhere = RoomNeed(one_per_site=True)
CHANGES = {
    ChangeKind.LESS_BUFFER: (RULES[RuleKind.BUFFERS][0], Change(ChangeKind.LESS_BUFFER, cost=1, opens=1)),
    ChangeKind.OTHER_ROOMS: (RULES[RuleKind.NAMED_ROOMS][0], Change(ChangeKind.OTHER_ROOMS, cost=2, opens=1)),
    ChangeKind.OUT_OF_HOURS: (
        RULES[RuleKind.WORKING_HOURS][0],
        Change(ChangeKind.OUT_OF_HOURS, cost=4, opens=1),
    ),
    ChangeKind.OTHER_STYLE: (
        RULES[RuleKind.STYLE][0],
        Change(ChangeKind.OTHER_STYLE, "theatre", cost=2, opens=1),
    ),
    ChangeKind.DROP_EQUIPMENT: (
        in_room(room("oak"), need=projector),
        Change(ChangeKind.DROP_EQUIPMENT, "projector", cost=4, opens=1),
    ),
    ChangeKind.OTHER_SITE: (RULES[RuleKind.SITES][0], Change(ChangeKind.OTHER_SITE, "B", cost=3, opens=1)),
    # The window is 10:00 to 11:00 in Bucharest.
    ChangeKind.LOCAL_HOURS: (
        ask(ana, windows=HOUR, hours=Hours(time(10, 45), time(13))),
        Change(ChangeKind.LOCAL_HOURS, "earliest", Hours(time(9, 45), time(13)), cost=4, opens=1),
    ),
    ChangeKind.SHORTER: (
        blocked(person("ana", (45, 60))),
        Change(ChangeKind.SHORTER, value=45, cost=2, opens=1),
    ),
    ChangeKind.EXTEND_WINDOW: (
        blocked(person("ana", (0, 60)), known=span(-600, 20000)),
        Change(ChangeKind.EXTEND_WINDOW, value=(span(1440, 1500),), cost=3, opens=1),
    ),
    ChangeKind.FEWER_OF_GROUP: (
        blocked(ana, person("bob", (0, 60)), required=(), groups=(Group(("ana", "bob"), 2, "legal"),)),
        Change(ChangeKind.FEWER_OF_GROUP, "legal", 1, cost=3, opens=1),
    ),
    ChangeKind.MOVE_MEETING: (
        blocked(person("ana", busy=(sprint,)), person("bob", busy=(sprint,))),
        Change(ChangeKind.MOVE_MEETING, "sprint@x", span(0, 60), cost=6, opens=1, label="Sprint review"),
    ),
    ChangeKind.MAKE_OPTIONAL: (
        blocked(person("ana", (0, 60), weight=2), bob),
        Change(ChangeKind.MAKE_OPTIONAL, "ana", cost=7, opens=1),
    ),
    ChangeKind.FEWER_SEATS: (
        in_room(room("oak", capacity=7), room("den", capacity=2), need=RoomNeed(headcount=9)),
        Change(ChangeKind.FEWER_SEATS, value=7, cost=6, opens=1),
    ),
    ChangeKind.ONE_ROOM: (
        blocked(
            person("ana", site="B"),
            person("bob", site="C"),
            rooms=(room("b1", site="B"),),
            room_need=everywhere,
        ),
        Change(ChangeKind.ONE_ROOM, cost=5, opens=1),
    ),
    ChangeKind.NO_ROOM: (RULES[RuleKind.SEATS][0], Change(ChangeKind.NO_ROOM, cost=6, opens=1)),
}


def test_every_change_has_its_case_and_its_cost() -> None:
    assert set(CHANGES) == set(COSTS) == set(ChangeKind)


@pytest.mark.parametrize("kind", ChangeKind)
def test_change(kind: ChangeKind) -> None:
    question, expected = CHANGES[kind]
    (change,) = (change for change in why_not(question).changes if change.kind is kind)
    assert change == expected
    assert find_times(changed(question, change)).found == change.opens


def test_moving_a_meeting_frees_its_people_and_its_room() -> None:
    reserved = Busy(
        span(-15, 75), "Sprint review", movable=True, meeting="sprint@x", event=span(0, 60), cost=2
    )
    oak = room("oak", busy=(reserved,))
    question = ask(person("ana", busy=(sprint,)), windows=HOUR, rooms=(oak,), room_need=RoomNeed())
    (move,) = why_not(question).changes
    assert (move.kind, move.subject, move.value) == (ChangeKind.MOVE_MEETING, "sprint@x", span(0, 60))


def test_a_meeting_that_may_not_be_named_is_not_proposed() -> None:
    private = Busy(span(0, 60), movable=True)
    assert {change.kind for change in why_not(blocked(person("ana", busy=(private,)))).changes} == {
        ChangeKind.MAKE_OPTIONAL
    }


def test_doing_without_access_is_never_proposed() -> None:
    assert {c.kind for c in why_not(RULES[RuleKind.ACCESSIBLE][0]).changes} == {ChangeKind.NO_ROOM}


def test_a_longer_window_skips_days_on_which_nobody_works() -> None:
    working = tuple(span(1440 * day - 60, 1440 * day + 480) for day in (0, 3))
    question = blocked(person("ana", (0, 60), working=working), known=span(-600, 20000))
    (longer,) = (c for c in why_not(question).changes if c.kind is ChangeKind.EXTEND_WINDOW)
    assert longer.value == (span(3 * 1440, 3 * 1440 + 60),)


def test_a_window_of_several_days_grows_at_its_end() -> None:
    question = ask(person("ana", (0, 2880)), windows=((0, 2880),), known=span(-600, 20000))
    (longer,) = (c for c in why_not(question).changes if c.kind is ChangeKind.EXTEND_WINDOW)
    assert longer.value == (Span(at(2880), at(4320)),)


def test_cheap_changes_come_first() -> None:
    question = blocked(person("ana", (45, 60)), known=span(-600, 20000))
    assert [(change.kind, change.cost) for change in why_not(question).changes] == [
        (ChangeKind.SHORTER, 2),
        (ChangeKind.EXTEND_WINDOW, 3),
        (ChangeKind.MAKE_OPTIONAL, 5),
    ]


def test_a_change_of_a_room_that_is_not_needed_is_refused() -> None:
    with pytest.raises(ValueError, match="needs no room"):
        changed(ask(ana), Change(ChangeKind.OTHER_ROOMS))


def test_a_change_without_its_value_is_refused() -> None:
    with pytest.raises(ValueError, match="a value of type int, not None"):
        changed(ask(ana), Change(ChangeKind.SHORTER))
