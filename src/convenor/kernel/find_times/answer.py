"""What `find_times` answers: slots with reasons, or why there are none. Data throughout; the words are made where the language is known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from convenor.kernel.find_times.question import Hours
from convenor.kernel.instants import Span


class ReasonKind(StrEnum):
    """What there is to say about a slot. Subjects are keys of people or rooms; numbers as told here."""

    MISSES = "misses"  # optional people who can't come; how many
    OUT_OF_HOURS = "out_of_hours"  # people who'd attend outside their working hours; how many
    GROUP = "group"  # members of a group who can come, subject 0 its name; how many, of how many, at least
    ROOM_FIT = "room_fit"  # one room; seats to spare
    NEEDS_APPROVAL = "needs_approval"  # rooms whose booking must be approved; how many
    ROOM_COST = "room_cost"  # the rooms; their cost for all working occurrences
    PEOPLE_COST = "people_cost"  # nobody named; what the attendees' time costs, for one occurrence
    FRAGMENTS = (
        "fragments"  # people left with less than half an hour free before or after; how many such gaps
    )
    TRAVEL_TIGHT = "travel_tight"  # people whose way from or to another site leaves at most 15 minutes; the least of these
    WEEKS = "weeks"  # a series; weeks that work, weeks asked for
    ROOM_CHANGES = "room_changes"  # a series' usual rooms; how often another must be taken


@dataclass(frozen=True, slots=True)
class Reason:
    kind: ReasonKind
    subjects: tuple[str, ...] = ()
    numbers: tuple[int | Decimal, ...] = ()


class Score(NamedTuple):
    """How good a slot is: compared from the left, lower is better. This is the one place that says what matters more than what.

    People come before hours, hours before rooms, and money before neatness; equal slots are sorted by start, then by room keys.
    """

    failing_weeks: int
    """Occurrences of a series that don't work; 0 for a single meeting."""
    missing: int
    """Weight of the optional people who can't come, summed over the working weeks, as all that follows."""
    out_of_hours: int
    """Weight of those who come outside their working hours."""
    room_changes: int
    """Working weeks in which the series' usual room isn't free, so that another is taken."""
    approvals: int
    """Rooms whose booking somebody must approve."""
    fragments: int
    """Gaps of less than half an hour that the meeting leaves in attendees' days, before it or after it."""
    room_cost: int
    """Hundredths of the currency, rounded half up per room and occurrence, the usual rooms in every working week."""
    spare_seats: int
    """Seats more than people: a large room is left to those who need it."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another time, or the same time in other rooms, in a week where the series' own doesn't work."""

    span: Span
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One week of a series. Where it doesn't work: who can't come (`busy`: people, or groups by name), no room, or local hours that a
    change of the clocks breaks; and the nearest time in that week's windows that does work, if any.
    """

    span: Span
    works: bool
    rooms: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    no_room: bool = False
    breaks_local_hours: bool = False
    alternative: Alternative | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that works (a series: in at least one week), with the best rooms for it. Of a series, `missing`, `out_of_hours` and the
    reasons about people tell of the first week that works; `occurrences` has all weeks, and is empty for a single meeting.
    """

    span: Span
    rooms: tuple[str, ...]
    missing: tuple[str, ...]
    out_of_hours: tuple[str, ...]
    score: Score
    reasons: tuple[Reason, ...]
    occurrences: tuple[Occurrence, ...] = ()


class RuleKind(StrEnum):
    """A rule of the question that can stand in the way."""

    WINDOW = "window"  # no window is as long as the meeting
    LOCAL_HOURS = "local_hours"
    WORKING_HOURS = "working_hours"  # only where the question makes them a rule
    BUFFERS = "buffers"
    TRAVEL = "travel"
    ROOM = "room"  # a room is needed, and none was given
    NAMED_ROOMS = "named_rooms"
    SITES = "sites"
    SEATS = "seats"
    STYLE = "style"
    EQUIPMENT = "equipment"
    ACCESSIBLE = "accessible"
    OPENING_HOURS = "opening_hours"
    BOOKING_WINDOW = "booking_window"
    LONGEST_BOOKING = "longest_booking"
    TURN = "turn"  # set-up and turn minutes around the event time


@dataclass(frozen=True, slots=True)
class Blocker:
    """A smallest set that excludes every slot: were nothing else in the way, there still would be none, and without any one of its
    members there would be. `people` and `rooms` are keys (a room: its bookings and closures), `groups` names.
    """

    people: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    rules: frozenset[RuleKind] = frozenset()

    def __len__(self) -> int:
        return len(self.people) + len(self.groups) + len(self.rooms) + len(self.rules)


class ChangeKind(StrEnum):
    """One thing to give way on; what stands in `subject` and `value`."""

    LESS_BUFFER = "less_buffer"  # no buffers
    OTHER_ROOMS = "other_rooms"  # any room, not only those named
    OUT_OF_HOURS = "out_of_hours"  # allow times outside working hours
    OTHER_STYLE = "other_style"  # subject: the set-up style given up
    DROP_EQUIPMENT = "drop_equipment"  # subject: the equipment
    OTHER_SITE = "other_site"  # subject: the site to allow as well
    LOCAL_HOURS = "local_hours"  # value: Hours; subject: "earliest" or "latest", whichever moved
    SHORTER = "shorter"  # value: minutes
    EXTEND_WINDOW = "extend_window"  # value: the spans added, ascending
    FEWER_OF_GROUP = "fewer_of_group"  # subject: the group's name; value: how many must come
    MOVE_MEETING = "move_meeting"  # subject: the UID; value: the occurrence's span
    MAKE_OPTIONAL = "make_optional"  # subject: the person
    FEWER_SEATS = "fewer_seats"  # value: the headcount
    ONE_ROOM = "one_room"  # one room for all, not one per site
    NO_ROOM = "no_room"  # meet without a room


ChangeValue: TypeAlias = int | Hours | Span | tuple[Span, ...] | None


@dataclass(frozen=True, slots=True)
class Change:
    """A single change that opens slots: `opens` is how many the search finds with it, always more than none. `label` is what others may
    be told of a meeting to move. Costs are relative, low is easy; `changes.COSTS` has the scale.
    """

    kind: ChangeKind
    subject: str = ""
    value: ChangeValue = None
    cost: int = 0
    opens: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Blockers smallest first, changes cheapest first. `complete` is False where a bound cut the search for blockers short: those given
    are true and irreducible, but smaller ones may exist.
    """

    blockers: tuple[Blocker, ...]
    changes: tuple[Change, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The best `limit` of `found` slots, best first; `why_not` only where none was found."""

    slots: tuple[Slot, ...]
    found: int
    why_not: WhyNot | None = None
