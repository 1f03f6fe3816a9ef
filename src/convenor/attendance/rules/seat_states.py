"""What a seat may become, and by whom. docs/roll.md shows the table; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.attendance.enums import GONE, SeatState


class By(Enum):
    """Who may bring it about."""

    SELF = "self"  # who sits there, or whoever answers for them by their link
    STAFF = "staff"  # who keeps the roll
    DOOR = "door"  # check-in
    MACHINE = "machine"  # the waitlist and the clock


S, K, D, M = By.SELF, By.STAFF, By.DOOR, By.MACHINE
AGAIN: Mapping[SeatState, frozenset[By]] = {
    SeatState.INVITED: frozenset({K}),
    SeatState.HELD: frozenset({S, K}),
    SeatState.CONFIRMED: frozenset({S, K}),
    SeatState.WAITLISTED: frozenset({S, K}),
    SeatState.CHECKED_IN: frozenset({D}),
}
"""What somebody who was gone may be again; the same holds for who was only asked."""
MOVES: Mapping[SeatState, Mapping[SeatState, frozenset[By]]] = {
    SeatState.INVITED: {
        SeatState.HELD: frozenset({S, K}),
        SeatState.CONFIRMED: frozenset({S, K}),
        SeatState.WAITLISTED: frozenset({S, K}),
        SeatState.DECLINED: frozenset({S, K}),
        SeatState.CANCELLED: frozenset({S, K}),
        SeatState.SUBSTITUTED: frozenset({S, K}),
        SeatState.CHECKED_IN: frozenset({D}),
    },
    SeatState.HELD: {
        SeatState.CONFIRMED: frozenset({K}),
        SeatState.WAITLISTED: frozenset({K}),
        SeatState.DECLINED: frozenset({K}),
        SeatState.CANCELLED: frozenset({S, K}),
        SeatState.SUBSTITUTED: frozenset({S, K}),
        SeatState.CHECKED_IN: frozenset({D}),
        SeatState.NO_SHOW: frozenset({K, M}),
    },
    SeatState.CONFIRMED: {
        SeatState.HELD: frozenset({K}),
        SeatState.WAITLISTED: frozenset({K}),
        SeatState.CANCELLED: frozenset({S, K}),
        SeatState.SUBSTITUTED: frozenset({S, K}),
        SeatState.CHECKED_IN: frozenset({D}),
        SeatState.NO_SHOW: frozenset({K, M}),
    },
    SeatState.WAITLISTED: {
        SeatState.HELD: frozenset({K, M}),
        SeatState.CONFIRMED: frozenset({K, M}),
        SeatState.OFFERED: frozenset({K, M}),
        SeatState.CANCELLED: frozenset({S, K}),
        SeatState.SUBSTITUTED: frozenset({S, K}),
        SeatState.CHECKED_IN: frozenset({D}),
    },
    SeatState.OFFERED: {
        SeatState.HELD: frozenset({S, K}),
        SeatState.CONFIRMED: frozenset({S, K}),
        SeatState.WAITLISTED: frozenset({K}),
        SeatState.DECLINED: frozenset({S, K, M}),
        SeatState.CANCELLED: frozenset({S, K}),
        SeatState.SUBSTITUTED: frozenset({S, K}),
        SeatState.CHECKED_IN: frozenset({D}),
    },
    SeatState.DECLINED: AGAIN,
    SeatState.CANCELLED: AGAIN,
    SeatState.SUBSTITUTED: AGAIN,
    SeatState.CHECKED_IN: {
        # A check-in that is taken back leaves the seat as it was before
        SeatState.CONFIRMED: frozenset({K, D}),
        SeatState.HELD: frozenset({D}),
        SeatState.INVITED: frozenset({D}),
        SeatState.WAITLISTED: frozenset({D}),
        SeatState.DECLINED: frozenset({D}),
        SeatState.CANCELLED: frozenset({K, D}),
        SeatState.SUBSTITUTED: frozenset({D}),
        SeatState.NO_SHOW: frozenset({D}),
    },
    SeatState.NO_SHOW: {
        SeatState.CONFIRMED: frozenset({K}),
        SeatState.CHECKED_IN: frozenset({D}),
        SeatState.CANCELLED: frozenset({K}),
    },
}

LAPSED, GIVEN_UP, CALLED_OFF, TAKEN_OFF = "lapsed", "given_up", "called_off", "taken_off"
REASONS: Mapping[str, str | Promise] = {
    LAPSED: _("The offer wasn't answered in time."),
    GIVEN_UP: _("The seat was given up, since nobody had come."),
    CALLED_OFF: _("The event was called off."),
    TAKEN_OFF: pgettext_lazy("seat", "Taken off the list."),
}
"""Reasons that Convenor itself gives, kept by their codes so that both languages can say them."""


def may_become(old: SeatState, new: SeatState, by: By) -> bool:
    return by in MOVES[old].get(new, frozenset())


def is_open_again(state: SeatState) -> bool:
    """Whether who has the seat may register as if they hadn't: they are gone, or were only asked."""
    return state in GONE or state == SeatState.INVITED


def reason_words(reason: str) -> str:
    """A seat's reason as it is shown: one of ours in words, else as somebody wrote it."""
    return str(REASONS.get(reason, reason))


def as_markdown() -> str:
    """The table of docs/roll.md, in English."""
    who = {S: "themselves", K: "the roll's keepers", D: "the door", M: "the waitlist or the clock"}
    lines = ["| From | to | by |", "|---|---|---|"]
    for old, moves in MOVES.items():
        for new, by in moves.items():
            words = ", ".join(text for each, text in who.items() if each in by)
            lines.append(f"| {old.value.replace('_', '-')} | {new.value.replace('_', '-')} | {words} |")
    return "\n".join(lines) + "\n"
