"""Whether a roll still fits its room: when it has outgrown it, and when a clearly smaller one would do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SMALLER = (2, 3)
"""A room is clearly smaller from two thirds of the size downwards."""


class Fit(Enum):
    GOOD = "good"
    OUTGROWN = "outgrown"
    SHRUNK = "shrunk"


@dataclass(frozen=True, slots=True)
class Demand:
    """`taken` are places taken or set apart, `waiting` who is on the waitlist, `invited` who may still say yes.

    `is_settled`: somebody has cancelled or declined, or the date for answers is past. A roll that is still filling
    isn't one that shrinks.
    """

    taken: int
    waiting: int = 0
    invited: int = 0
    is_settled: bool = False

    @property
    def wanted(self) -> int:
        """Seats for everybody who is coming or would."""
        return self.taken + self.waiting

    @property
    def possible(self) -> int:
        """And for everybody who was asked: a smaller room must not turn away who says yes tomorrow."""
        return self.wanted + self.invited


def fit_of(demand: Demand, seats: int | None) -> Fit:
    """`seats` are what the room holds in its set-up; None where there is no room."""
    if seats is None:
        return Fit.GOOD
    if demand.wanted > seats:
        return Fit.OUTGROWN
    if demand.is_settled and 0 < demand.possible <= largest_smaller(seats):
        return Fit.SHRUNK
    return Fit.GOOD


def largest_smaller(seats: int) -> int:
    """The most seats that a clearly smaller room has."""
    return seats * SMALLER[0] // SMALLER[1]


def seats_to_look_for(demand: Demand, fit: Fit) -> int:
    return demand.possible if fit is Fit.SHRUNK else demand.wanted
