"""What a `Change` does to a question. Whoever shows a change can apply it with `changed` and ask again: that is also how it was verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from convenor.kernel.find_times.answer import Change, ChangeKind
from convenor.kernel.find_times.busy_table import Movable
from convenor.kernel.find_times.question import Hours, Question, RoomNeed
from convenor.kernel.find_times.roster import with_tables
from convenor.kernel.instants import Span

COSTS: Mapping[ChangeKind, int] = {
    ChangeKind.LESS_BUFFER: 1,
    ChangeKind.SHORTER: 1,  # and 1 for each quarter of the meeting given up, begun ones included
    ChangeKind.OTHER_ROOMS: 2,
    ChangeKind.OTHER_STYLE: 2,
    ChangeKind.LOCAL_HOURS: 2,  # and 1 for each half hour
    ChangeKind.EXTEND_WINDOW: 2,  # and 1 for each day
    ChangeKind.OTHER_SITE: 3,
    ChangeKind.FEWER_SEATS: 3,  # and 1 for each tenth of the seats given up, begun ones included
    ChangeKind.FEWER_OF_GROUP: 3,
    ChangeKind.MAKE_OPTIONAL: 3,  # and twice the person's weight
    ChangeKind.DROP_EQUIPMENT: 4,
    ChangeKind.OUT_OF_HOURS: 4,
    ChangeKind.MOVE_MEETING: 4,  # and the meeting's own cost
    ChangeKind.ONE_ROOM: 5,
    ChangeKind.NO_ROOM: 6,
}
"""What giving way on each thing costs, relative to the others."""

Value = TypeVar("Value")


def changed(question: Question, change: Change) -> Question:
    """The question with the change made. Raises ValueError if its subject or value is not of the kind's."""
    return _MAKE[change.kind](question, change)


def _value(change: Change, kind: type[Value]) -> Value:
    if not isinstance(change.value, kind):
        raise ValueError(
            f"A change of kind {change.kind} has a value of type {kind.__name__}, not {change.value!r}."
        )
    return change.value


def _need(question: Question) -> RoomNeed:
    if question.room_need is None:
        raise ValueError("The question needs no room, so nothing about the room can change.")
    return question.room_need


def _make_optional(question: Question, change: Change) -> Question:
    required = tuple(key for key in question.required if key != change.subject)
    return replace(question, required=required, optional=(*question.optional, change.subject))


def _fewer_of_group(question: Question, change: Change) -> Question:
    fewer = _value(change, int)
    groups = (replace(g, at_least=fewer) if g.name == change.subject else g for g in question.groups)
    return replace(question, groups=tuple(groups))


def _move_meeting(question: Question, change: Change) -> Question:
    question = with_tables(question)
    moved = Movable(change.subject, _value(change, Span))
    assert question.people_busy is not None
    assert question.rooms_busy is not None
    return replace(
        question,
        people_busy=question.people_busy.without(moved),
        rooms_busy=question.rooms_busy.without(moved),
    )


def _extend_window(question: Question, change: Change) -> Question:
    return replace(question, windows=(*question.windows, *_value(change, tuple)))


def _room(question: Question, change: Change) -> Question:
    """Changes of what the room must offer."""
    need = _need(question)
    match change.kind:
        case ChangeKind.OTHER_ROOMS:
            need = replace(need, rooms=None)
        case ChangeKind.OTHER_STYLE:
            need = replace(need, style=None)
        case ChangeKind.DROP_EQUIPMENT:
            need = replace(need, equipment={k: n for k, n in need.equipment.items() if k != change.subject})
        case ChangeKind.OTHER_SITE:
            need = replace(need, sites=(need.sites or frozenset()) | {change.subject})
        case ChangeKind.FEWER_SEATS:
            need = replace(need, headcount=_value(change, int))
        case ChangeKind.ONE_ROOM:
            need = replace(need, one_per_site=False)
    return replace(question, room_need=need)


_MAKE: Mapping[ChangeKind, Callable[[Question, Change], Question]] = {
    ChangeKind.LESS_BUFFER: lambda question, _: replace(
        question, buffer_minutes_before=0, buffer_minutes_after=0
    ),
    ChangeKind.SHORTER: lambda question, change: replace(question, minutes=_value(change, int)),
    ChangeKind.OTHER_ROOMS: _room,
    ChangeKind.OTHER_STYLE: _room,
    ChangeKind.LOCAL_HOURS: lambda question, change: replace(question, hours=_value(change, Hours)),
    ChangeKind.EXTEND_WINDOW: _extend_window,
    ChangeKind.OTHER_SITE: _room,
    ChangeKind.FEWER_SEATS: _room,
    ChangeKind.FEWER_OF_GROUP: _fewer_of_group,
    ChangeKind.MAKE_OPTIONAL: _make_optional,
    ChangeKind.DROP_EQUIPMENT: _room,
    ChangeKind.OUT_OF_HOURS: lambda question, _: replace(question, out_of_hours_allowed=True),
    ChangeKind.MOVE_MEETING: _move_meeting,
    ChangeKind.ONE_ROOM: _room,
    ChangeKind.NO_ROOM: lambda question, _: replace(question, room_need=None),
}
