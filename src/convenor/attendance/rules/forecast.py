"""Who will come, from who came before: pure, and honest about what can't be known.

Each seat comes with a probability: of those who stood as it does at the same time before earlier events, the share that
came, drawn towards this person's own past as far as there is one. The range says within which numbers four of five such
events end. It is wide for three reasons, which add up: each person decides (binomial), the share is known from few
(Beta posterior), and events differ among each other more than chance would have it (between events).

Where fewer than LEAST_SEATS people stand behind the share of those who come, there is no forecast: the range of so few
would be about half of the roll, and look like knowledge.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LEAST_SEATS = 20
"""How many people with a seat must have been counted at the doors of earlier events."""
OWN_WEIGHT = 5
"""So many times must somebody have come or not before their own past counts as much as everybody's."""
Z80 = 1.2815515655446004
"""Of the normal distribution, four fifths lie so many standard deviations around the mean."""
USUAL_SPREAD = 0.05
"""How much the shares of events differ, as a standard deviation, as long as nothing else is known."""
USUAL_WEIGHT = 4
"""After so many events more than one, what they show counts as much as what is usual."""


class Kind(Enum):
    """How a seat stands, as far as its chances go."""

    COMING = "coming"
    OFFERED = "offered"
    INVITED = "invited"
    WAITLISTED = "waitlisted"


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who might come: how their seat stands, and of how many earlier times that it stood so they `came`."""

    kind: Kind
    came: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """Of one earlier event: so many came `of` those whose seats stood so at the same time before it."""

    came: int
    of: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`low` to `high` is where four of five such events end; it stands on `people` at `events` earlier ones."""

    likely: int
    low: int
    high: int
    seats: int
    events: int
    people: int


@dataclass(frozen=True, slots=True)
class Share:
    """What share of a kind comes, and how far it may be off at the next event."""

    mean: float
    variance: float


def forecast(
    certain: int, sitters: Sequence[Sitter], history: Mapping[Kind, Sequence[Past]]
) -> Forecast | None:
    """`certain` are in already. None where the past of those who come is too short to say anything."""
    known = history.get(Kind.COMING, ())
    people = sum(past.of for past in known)
    if people < LEAST_SEATS:
        return None
    shares = {kind: share_of(history.get(kind, ())) for kind in Kind}
    mean, variance = float(certain), 0.0
    leverage: Counter[Kind] = Counter()
    for sitter, count in sorted(Counter(sitters).items(), key=lambda each: repr(each[0])):
        common = OWN_WEIGHT / (sitter.of + OWN_WEIGHT)
        chance = shares[sitter.kind].mean * common + sitter.came / (sitter.of + OWN_WEIGHT)
        mean += count * chance
        variance += count * chance * (1 - chance)
        leverage[sitter.kind] += count * common  # type: ignore[assignment]  # a sum of fractions
    variance += sum(leverage[kind] ** 2 * shares[kind].variance for kind in Kind)
    seats, half = certain + len(sitters), Z80 * math.sqrt(variance)
    # Whole people: a number is within the range if any of what rounds to it is
    low = max(math.ceil(mean - half - 0.5), certain)
    high = min(math.floor(mean + half + 0.5), seats)
    return Forecast(
        likely=round(mean),
        low=low,
        high=high,
        seats=seats,
        events=sum(1 for past in known if past.of),
        people=people,
    )


def share_of(pasts: Sequence[Past]) -> Share:
    """The mean of a Beta posterior over an even prior. What it may be off by at the next event: the posterior's variance,
    how far the earlier events together may have been off by being the ones they are, and how far the next one may.
    """
    came, of = sum(past.came for past in pasts), sum(past.of for past in pasts)
    mean = (came + 1) / (of + 2)
    own = mean * (1 - mean) / (of + 3)
    if not of:
        return Share(mean, own)
    return Share(mean, own + between(pasts, mean) * (1 + sum((past.of / of) ** 2 for past in pasts)))


def between(pasts: Sequence[Past], mean: float) -> float:
    """By how much events differ beyond chance, as a variance: by Cochran's moments, drawn towards the usual while the
    events are few.
    """
    counted = [past for past in pasts if past.of]
    total = sum(past.of for past in counted)
    observed = sum(past.of * (past.came / past.of - mean) ** 2 for past in counted)
    expected = (len(counted) - 1) * mean * (1 - mean)
    weight = total - sum(past.of**2 for past in counted) / total
    found = max(observed - expected, 0.0) / weight if weight else 0.0
    degrees = len(counted) - 1
    return (degrees * found + USUAL_WEIGHT * USUAL_SPREAD**2) / (degrees + USUAL_WEIGHT)
