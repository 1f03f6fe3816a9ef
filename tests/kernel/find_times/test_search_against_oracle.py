"""`find_times` against `oracle`: the same slots, ranked the same; blockers that block, irreducible and smallest; changes that open."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from hypothesis import HealthCheck, assume, given, settings

from convenor.kernel.find_times.answer import Answer, Blocker, ChangeKind, RuleKind, Slot, WhyNot
from convenor.kernel.find_times.blockers import MOST_BLOCKERS
from convenor.kernel.find_times.changes import changed
from convenor.kernel.find_times.prepared import count_slots
from convenor.kernel.find_times.question import Busy, Person, Question, Room
from convenor.kernel.find_times.roster import with_tables
from convenor.kernel.find_times.search import find_times
from convenor.kernel.instants import Span
from tests.kernel.find_times import oracle
from tests.kernel.find_times.questions import crowded, questions

slow = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
# What asks the oracle, or the search, again for every answer: fewer questions say as much.
slower = settings(slow, max_examples=45)
CONDITIONS = {RuleKind.BUFFERS, RuleKind.TRAVEL, RuleKind.TURN, RuleKind.WORKING_HOURS}


@slow
@given(questions() | crowded())
def test_slots_and_their_order(question: Question) -> None:
    answer = find_times(question)
    expected = oracle.ranking(question)
    assert [(slot.score, slot.span.start, slot.rooms) for slot in answer.slots] == expected
    assert answer.found == len(expected) == count_slots(question) == oracle.count(question)
    assert (answer.why_not is None) == bool(expected)


@slow
@given(questions() | crowded())
def test_every_slot_tells_the_truth_about_people(question: Question) -> None:
    people = {person.key: person for person in oracle.asked(question)}
    rooms = {room.key: room for room in question.rooms}
    for slot in find_times(question).slots:
        usual = tuple(rooms[key] for key in slot.rooms)
        free = {
            key
            for key, person in people.items()
            if oracle.is_free(
                question, person, _shown(slot, question), oracle.site_of(question, person, usual)
            )
        }
        assert set(slot.missing) == set(question.optional) - free
        assert set(slot.out_of_hours) <= free


def _shown(slot: Slot, _question: Question) -> Span:
    """The occurrence that a slot tells about: its first that works."""
    return next((each.span for each in slot.occurrences if each.works), slot.span)


@slower
@given(questions() | crowded())
def test_weeks_of_a_series(question: Question) -> None:
    assume(question.weeks > 1)
    for slot in find_times(question).slots:
        assert len(slot.occurrences) == question.weeks
        assert sum(not each.works for each in slot.occurrences) == slot.score.failing_weeks
        for week, each in enumerate(slot.occurrences):
            assert each.span == oracle.occurrence(question, slot.span.start, week)
            starts = [oracle.occurrence(question, start, week) for start in oracle.base_starts(question)]
            near = [s for s in starts if oracle.works(question, s)]
            if each.works:
                assert each.alternative is None
            elif each.alternative is None:
                assert not near
            else:
                assert each.alternative.span == min(near, key=lambda s: (abs(s.start - each.span.start), s))
                assert each.busy or each.no_room or each.breaks_local_hours


@slow
@given(questions() | crowded())
def test_calendars_in_tables_or_on_people_are_the_same(question: Question) -> None:
    assert find_times(with_tables(question)) == find_times(question)


def why_not(question: Question) -> WhyNot:
    answer: Answer = find_times(question)
    assume(answer.why_not is not None)
    assert answer.why_not is not None
    return answer.why_not


def things(question: Question) -> list[oracle.Thing]:
    """All that a blocker could name."""
    return [
        *(("person", key) for key in question.required),
        *(("group", group.name) for group in question.groups),
        *(("room", room.key) for room in question.rooms),
        *(rule for rule in RuleKind if rule is not RuleKind.WINDOW),
    ]


def members(blocker: Blocker) -> set[oracle.Thing]:
    named = {"person": blocker.people, "group": blocker.groups, "room": blocker.rooms}
    return {(kind, key) for kind, keys in named.items() for key in keys} | set(blocker.rules)


def excludes(question: Question, enforced: set[oracle.Thing]) -> bool:
    return oracle.count(question, frozenset(things(question)) - enforced) == 0


@slower
@given(questions(most_people=5, most_weeks=1) | crowded(most_weeks=1))
def test_blockers_block_and_are_irreducible_and_smallest(question: Question) -> None:
    answer = why_not(question)
    assert answer.complete
    assert answer.blockers
    if not oracle.base_starts(question):
        assert answer.blockers == (Blocker(rules=frozenset({RuleKind.WINDOW})),)
        return
    found = [members(blocker) for blocker in answer.blockers]
    for each in found:
        assert excludes(question, each)
        assert not any(excludes(question, each - {one}) for one in each)
    assert [len(each) for each in answer.blockers] == sorted(len(each) for each in answer.blockers)
    cores = {frozenset(each - CONDITIONS) for each in found}
    largest = max(map(len, cores))
    expected = list(_smallest(question, largest if len(found) == MOST_BLOCKERS else largest + 1))
    if len(found) < MOST_BLOCKERS:
        assert cores == set(expected)
    else:
        assert {each for each in expected if len(each) < largest} <= cores <= set(expected)


def _smallest(question: Question, largest: int) -> Iterator[frozenset[oracle.Thing]]:
    """All irreducible sets up to a size that exclude every slot, with buffers, travel, turn times and working hours in force."""
    found: list[frozenset[oracle.Thing]] = []
    can = [thing for thing in things(question) if thing not in CONDITIONS]
    for size in range(largest + 1):
        for chosen in map(frozenset, combinations(can, size)):
            if not any(each <= chosen for each in found) and excludes(question, set(chosen) | CONDITIONS):
                found.append(chosen)
                yield chosen


@slower
@given(questions(most_people=5, most_weeks=2) | crowded(most_weeks=1))
def test_changes_open_what_they_say(question: Question) -> None:
    changes = why_not(question).changes
    assert [change.cost for change in changes] == sorted(change.cost for change in changes)
    for change in changes:
        asked_again = find_times(changed(question, change))
        assert change.opens == asked_again.found > 0


@slower
@given(questions(most_people=5, most_weeks=2) | crowded(most_weeks=1))
def test_no_single_change_is_forgotten(question: Question) -> None:
    changes = why_not(question).changes
    optional = {change.subject for change in changes if change.kind is ChangeKind.MAKE_OPTIONAL}
    for key in question.required:
        less = replace(
            question,
            required=tuple(each for each in question.required if each != key),
            optional=(*question.optional, key),
        )
        assert (key in optional) == bool(oracle.count(less))
    without = any(change.kind is ChangeKind.NO_ROOM for change in changes)
    assert without == bool(question.room_need and oracle.count(replace(question, room_need=None)))
    shorter = [change.value for change in changes if change.kind is ChangeKind.SHORTER]
    step = 15 if question.minutes > 30 else 5
    lengths = [n for n in range(step, question.minutes, step) if oracle.count(replace(question, minutes=n))]
    assert shorter == lengths[-1:]


@slower
@given(questions(most_people=3, most_weeks=1) | crowded(most_weeks=1))
def test_no_single_move_is_forgotten(question: Question) -> None:
    # In a group a meeting may be worth moving that stands nowhere alone; those are only looked for among required people and rooms.
    question = replace(
        question, groups=(), optional=(*question.optional, *(k for g in question.groups for k in g.keys))
    )
    moves = {(c.subject, c.value) for c in why_not(question).changes if c.kind is ChangeKind.MOVE_MEETING}
    owners: list[Person | Room] = [*oracle.asked(question), *question.rooms]
    all_busy = [busy for owner in owners for busy in owner.busy]
    for meeting, span in {(b.meeting, b.span) for b in all_busy if b.movable and b.meeting}:

        def left(busy: tuple[Busy, ...], meeting: str = meeting, span: Span = span) -> tuple[Busy, ...]:
            return tuple(b for b in busy if not (b.movable and b.meeting == meeting and b.span == span))

        moved = replace(
            question,
            people=tuple(replace(each, busy=left(each.busy)) for each in question.people),
            rooms=tuple(replace(each, busy=left(each.busy)) for each in question.rooms),
        )
        assert ((meeting, span) in moves) == bool(oracle.count(moved))
