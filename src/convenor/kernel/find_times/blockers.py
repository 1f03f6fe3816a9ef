"""The smallest sets of people, groups, rooms and rules that exclude every slot.

Blockers are the minimal hitting sets of all placements' elements (see `obstacles`), of which there are far too many to write down. So
the implicit hitting set method (Ignatiev, Previti, Liffiton, Marques-Silva, "Smallest MUS extraction with minimal hitting set
dualization", CP 2015): take a smallest set that hits the placements met so far; ask for a placement that it leaves open; if there is
one, remember it and repeat; if not, no smaller set can exclude every slot. Supersets of blockers already found are passed over, so that
they come out smallest first.

The work is bounded by MOST_LOOKS at a placement or at an element's starts, some 40 milliseconds. A question that meets the bound before
its first blocker gets one from QuickXplain (Junker, AAAI 2004), irreducible but maybe not smallest, in O(k log(n/k)) tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from convenor.kernel.find_times.answer import Blocker, RuleKind
from convenor.kernel.find_times.obstacles import Element, ElementKind, Obstacles, blocker_of, obstacles_of
from convenor.kernel.find_times.prepared import PreparedGrid, prepare
from convenor.kernel.find_times.question import Question

MOST_BLOCKERS = 5
MOST_LOOKS = 400_000
_STEP = 50
"""What a step of the search costs beside its looks, in looks."""


class _OutOfLooks(Exception):
    """The bound was met."""


def blockers_of(prepared: PreparedGrid, obstacles: Obstacles) -> tuple[tuple[Blocker, ...], bool]:
    """At most MOST_BLOCKERS, smallest first, of a question without slots; and whether none smaller can have been missed."""
    sets, complete = smallest_sets(obstacles)
    blockers = [blocker_of([*each, *_conditions(prepared.question, each)], prepared) for each in sets]
    return tuple(sorted(blockers, key=_size)), complete


def smallest_sets(obstacles: Obstacles) -> tuple[list[frozenset[Element]], bool]:
    """The sets of elements behind `blockers_of`."""
    search = _HittingSets(obstacles.elements)
    found: list[frozenset[Element]] = []
    try:
        while len(found) < MOST_BLOCKERS:
            candidate = search.smallest()
            if candidate is None:
                return found, True
            survivor = obstacles.survivor(candidate)
            search.look(len(search.elements))
            if survivor is None:
                found.append(candidate)
                search.pass_over(candidate)
            else:
                search.must_hit(survivor)
    except _OutOfLooks:
        return found or [_irreducible(obstacles)], False
    return found, True


@dataclass(slots=True)
class _HittingSets:
    """The smallest sets that hit every placement met; sets of elements are integers, bit i is the i-th element."""

    elements: Sequence[Element]
    _placements: list[int] = field(default_factory=list)
    _passed_over: list[int] = field(default_factory=list)
    _size: int = 0
    _looks: int = 0
    _cut: bool = False

    def must_hit(self, placement: Set[Element]) -> None:
        if not placement:
            raise ValueError("A slot that nothing excludes has no blockers.")
        self._placements.append(self._bits(placement))
        self._placements.sort(key=int.bit_count)

    def look(self, times: int) -> None:
        """Account for work done."""
        self._looks += times
        if self._looks > MOST_LOOKS:
            raise _OutOfLooks

    def pass_over(self, found: Set[Element]) -> None:
        """Neither this set nor any that holds it will come again."""
        self._passed_over.append(self._bits(found))

    def smallest(self) -> frozenset[Element] | None:
        """None if every set that hits all placements has been passed over. Sizes never go down from one call to the next."""
        while True:
            self._cut = False
            bits = self._extend(0, self._size)
            if bits is not None:
                return frozenset(self.elements[i] for i in _ones(bits))
            if not self._cut:
                return None
            self._size += 1

    def _extend(self, chosen: int, left: int) -> int | None:
        """A set of at most `left` more elements that hits everything, depth first; each step hits the smallest placement not hit yet."""
        self.look(len(self._placements) + _STEP)
        smallest, apart, common = self._not_hit(chosen)
        if not smallest:
            return chosen
        if apart > left:
            self._cut = True
            return None
        # The last element has to hit all that is left.
        self._cut = self._cut or left == 1
        for i in _ones(common if left == 1 else smallest):
            more = chosen | 1 << i
            if not any(found & more == found for found in self._passed_over):
                bits = self._extend(more, left - 1)
                if bits is not None:
                    return bits
        return None

    def _not_hit(self, chosen: int) -> tuple[int, int, int]:
        """Of the placements not hit: the smallest (0: there is none), how many share no element, so that each needs one of its own, and
        the elements that all share.
        """
        smallest = seen = apart = 0
        common = -1
        for placement in self._placements:
            if not placement & chosen:
                smallest = smallest or placement
                common &= placement
                if not placement & seen:
                    seen |= placement
                    apart += 1
        return smallest, apart, common

    def _bits(self, elements: Set[Element]) -> int:
        return sum(1 << i for i, element in enumerate(self.elements) if element in elements)


def _irreducible(obstacles: Obstacles) -> frozenset[Element]:
    """One irreducible set, by halves; those in the way of most are kept first, which makes it small."""

    def needed(kept: frozenset[Element], added: bool, candidates: Sequence[Element]) -> frozenset[Element]:
        if added and obstacles.exclude_all(kept):
            return frozenset()
        if len(candidates) == 1:
            return frozenset(candidates)
        half = len(candidates) // 2
        low, high = candidates[:half], candidates[half:]
        of_high = needed(kept | frozenset(low), True, high)
        return of_high | needed(kept | of_high, bool(of_high), low)

    return needed(frozenset(), False, obstacles.widest_first())


def _conditions(question: Question, elements: frozenset[Element]) -> Iterator[Element]:
    """The rules without which these people and rooms would leave a slot: buffers, travel, turn times, working hours.

    They don't exclude a slot themselves, they make people and rooms exclude more. Each is lifted in turn, and stays lifted if the
    others still exclude everything; so what remains is irreducible as a whole.
    """
    people = {element.key for element in elements if element.kind is ElementKind.PERSON}
    kinds = {element.kind for element in elements}
    for rule, lift in _LIFT.items():
        lifted = lift(question)
        if not kinds & _OF_KINDS[rule] or lifted == question:
            continue
        prepared = prepare(lifted)
        # Lifting none of these makes a window too short for the meeting.
        assert prepared is not None
        if obstacles_of(prepared, people).exclude_all(elements):
            question = lifted
        else:
            yield Element(ElementKind.RULE, rule.value)


def _without_turn(question: Question) -> Question:
    return replace(
        question, rooms=tuple(replace(room, setup_minutes=0, turn_minutes=0) for room in question.rooms)
    )


_LIFT: Mapping[RuleKind, Callable[[Question], Question]] = {
    RuleKind.BUFFERS: lambda question: replace(question, buffer_minutes_before=0, buffer_minutes_after=0),
    RuleKind.TRAVEL: lambda question: replace(question, travel={}),
    RuleKind.TURN: _without_turn,
    RuleKind.WORKING_HOURS: lambda question: replace(question, out_of_hours_allowed=True),
}

_OF_PEOPLE = frozenset({ElementKind.PERSON, ElementKind.GROUP})
_OF_KINDS = {
    RuleKind.BUFFERS: _OF_PEOPLE,
    RuleKind.TRAVEL: _OF_PEOPLE,
    RuleKind.TURN: frozenset({ElementKind.ROOM}),
    RuleKind.WORKING_HOURS: _OF_PEOPLE,
}
"""What each of these rules makes exclude more."""


def _ones(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _size(blocker: Blocker) -> tuple[int, int, int, list[list[str]]]:
    """Smallest first; of equals those of rules, then those of people, which are the easiest to understand."""
    members = (blocker.rules, blocker.people, blocker.groups, blocker.rooms)
    return len(blocker), -len(blocker.rules), -len(blocker.people), [sorted(each) for each in members]
