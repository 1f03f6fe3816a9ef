"""`find_times`: the whole of it."""

from __future__ import annotations

from collections.abc import Callable

from convenor.kernel.find_times.answer import Answer, Blocker, RuleKind, WhyNot
from convenor.kernel.find_times.blockers import blockers_of
from convenor.kernel.find_times.obstacles import obstacles_of
from convenor.kernel.find_times.prepared import PreparedGrid, prepare
from convenor.kernel.find_times.proposals import proposals
from convenor.kernel.find_times.question import Question
from convenor.kernel.find_times.ranking import best, ranked
from convenor.kernel.find_times.roster import with_tables
from convenor.kernel.find_times.slots import tell

__all__ = ["find_times"]


def find_times(question: Question, complete: Callable[[], Question] | None = None) -> Answer:
    """The best slots with their reasons; or, where there are none, why, and what would open one.

    Only the why needs the rooms that don't fit and which meetings are movable: a question without them has the same slots, and
    `complete` gives the whole one if it comes to that. Deterministic: equal questions have equal answers. Raises BadQuestion when
    the windows are too long for a grid.
    """
    prepared = prepare(question)
    if prepared is not None:
        places = ranked(prepared)
        chosen, found = best(places, question.limit)
        if found:
            return Answer(tuple(tell(prepared, places, chosen)), found)
    return Answer((), 0, _why_not(with_tables(complete() if complete else question)))


def _why_not(question: Question) -> WhyNot:
    prepared = prepare(question)
    if prepared is None:
        none_so_long = Blocker(rules=frozenset({RuleKind.WINDOW}))
        return WhyNot((none_so_long,), proposals(question, None, None))
    return _what_is_in_the_way(question, prepared)


def _what_is_in_the_way(question: Question, prepared: PreparedGrid) -> WhyNot:
    obstacles = obstacles_of(prepared)
    blockers, complete = blockers_of(prepared, obstacles)
    return WhyNot(blockers, proposals(question, prepared, obstacles), complete)
