"""Finding places for a party on several rolls at once: all of what is asked, or a refusal that says what is full."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.opening import has_waiting
from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Roll
from convenor.attendance.queries.places import Desk, desk_of, waiting_on
from convenor.attendance.queries.timing import ends_at, is_on
from convenor.attendance.rules.waitlist import OPEN

Where = tuple[SeatState, int]
"""What a seat becomes, and the allotment that it is taken from, or OPEN."""


@dataclass(slots=True)
class Seating:
    """The rolls that are locked, what is free there, and for whom somebody waits already."""

    rolls: dict[int, Roll]
    desk: Desk
    waited_for: dict[int, frozenset[int]] = field(default_factory=dict)  # roll: allotments, or OPEN
    came: dict[int, set[int]] = field(default_factory=dict)  # as `waited_for`, by this call

    def seat(
        self,
        roll: Roll,
        size: int,
        own: tuple[int, ...],
        *,
        settled: SeatState,
        asked: SeatState | None = None,
    ) -> Where:
        """What a party of that size gets. Takes nothing yet.

        `settled` is what a place becomes; `asked` what somebody wants it to be, past the waitlist. Raises ValidationError
        where there is no place, and either no waitlist or one must be.
        """
        if asked in (SeatState.INVITED, SeatState.WAITLISTED):
            return asked, OPEN
        where = self.desk.places[roll.pk].find(size, own)
        if where is not None and (asked is not None or where not in self._waited_for(roll)):
            return asked or settled, where
        if asked is not None or not roll.has_waitlist:
            raise full(roll, size)
        return SeatState.WAITLISTED, OPEN

    def _waited_for(self, roll: Roll) -> frozenset[int]:
        """Who comes now doesn't go before those who wait."""
        came = frozenset(self.came.get(roll.pk, ()))
        if not has_waiting(roll):
            return came
        if roll.pk not in self.waited_for:
            waiting = waiting_on([roll.pk], self.desk).get(roll.pk)
            parties = waiting.parties if waiting else ()
            self.waited_for[roll.pk] = frozenset(key for each in parties for key in (OPEN, *each.allotments))
        return self.waited_for[roll.pk] | came

    def take(self, sizes: Mapping[int, int], places: Mapping[int, Where]) -> None:
        """Take what was found, by roll; who waits now is waited for."""
        for roll, (state, where) in places.items():
            if state in TAKING:
                self.desk.places[roll].take(sizes[roll], where)

    def note_waiting(self, roll: Roll, own: Collection[int]) -> None:
        """Somebody has just come onto the waitlist."""
        self.came.setdefault(roll.pk, set()).update((OPEN, *own))


def seating_on(rolls: Mapping[int, Roll]) -> Seating:
    """Of rolls that were just locked."""
    return Seating(dict(rolls), desk_of(rolls.values()))


def full(roll: Roll, size: int = 1) -> ValidationError:
    """There are no seats left, in words; by the field of a registration's draft."""
    if roll.function_id is None:
        sentence = _("There are no seats left.")
        if size > 1:
            sentence = _("There are not enough seats left for you and your guests.")
        return ValidationError({"state": [ValidationError(sentence, code="full")]})
    sentence = _("There are no seats left at “%(function)s”.") % {"function": title_of(roll)}
    return ValidationError({"function_ids": [ValidationError(sentence, code="full")]})


def title_of(roll: Roll) -> str:
    if roll.function is None:
        return roll.event.title
    return roll.function.occurrence.title or roll.function.occurrence.meeting.title


def refuse_what_is_past(rolls: Iterable[Roll], now: datetime) -> None:
    """Raises ValidationError for a function that is over or called off."""
    for roll in rolls:
        end = ends_at(roll)
        if roll.function_id is not None and (not is_on(roll) or (end is not None and end <= now)):
            sentence = _("“%(function)s” doesn't take place, or is over.") % {"function": title_of(roll)}
            raise ValidationError({"function_ids": [ValidationError(sentence, code="over")]})
