"""What a scan at a door comes to. Pure.

Who is in follows from the scans that count, put in the order in which the devices made them: whichever reaches us
first, twice or late, the same scans give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from convenor.attendance.enums import ScanKind, ScanOutcome, SeatState

STAY = timedelta(hours=16)
"""Who came so long ago and never went out has gone home: the next scan lets them in anew."""
LINGER = timedelta(hours=2)
"""Nobody is looked for in a building so long after the event ended."""
SMALL = timedelta(seconds=2)
"""So much lies between a device's sending and our receiving anyway."""
EXPECTED = (SeatState.CONFIRMED, SeatState.HELD)
"""Who is let in without a word."""
SAVED = (SeatState.CONFIRMED, SeatState.HELD, SeatState.OFFERED, SeatState.CHECKED_IN)
"""Whose place is taken already, so that letting them in needs no other."""
LONGEST_CODE = 64
MISREAD = str.maketrans("ILO", "110")
"""Letters that no code has, for what they are mistaken for (rules/identity.py)."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A scan that counts; `undoes` is the uid of the one that it takes back."""

    uid: UUID
    kind: ScanKind
    at: datetime
    undoes: UUID | None = None

    @property
    def order(self) -> tuple[datetime, UUID]:
        return self.at, self.uid


@dataclass(frozen=True, slots=True)
class Presence:
    """When somebody first came and last came in; `out_at` when they left, unless they are in."""

    first_in: datetime | None = None
    last_in: datetime | None = None
    out_at: datetime | None = None

    def is_in(self, at: datetime) -> bool:
        """Whether they are in at that time, as far as anybody can tell."""
        return self.last_in is not None and self.out_at is None and at - self.last_in < STAY


NEVER = Presence()


@dataclass(frozen=True, slots=True)
class Asked:
    """A scan that is to be decided. `lets_in`: whoever stands at the door wants them in, whatever the list says."""

    movement: Movement
    lets_in: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scan came to, whether it counts, and what the seat is after it."""

    outcome: ScanOutcome
    counts: bool
    state: SeatState


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """`was` is what the seat was before it was checked in; `ended_at` when it was given up."""

    state: SeatState
    was: SeatState | None = None
    ended_at: datetime | None = None
    is_room: bool = False


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What whoever stands at the door is told. Who the code is of stays unsaid where it isn't of this event.

    `since` is when they came in, or when the seat was given up; `instead` who comes instead of them; `free` how many
    seats are free (None: no limit), `may_let_in` whether they can have one.
    """

    uid: UUID
    outcome: ScanOutcome
    registration_id: int | None = None
    name: str = ""
    organisation: str = ""
    state: SeatState | None = None
    since: datetime | None = None
    instead: str = ""
    free: int | None = None
    may_let_in: bool = False


def presence_of(movements: Iterable[Movement]) -> Presence:
    """Going out before ever coming in is no movement; what was taken back has not been."""
    found = NEVER
    for each in _standing(movements):
        if each.kind == ScanKind.IN:
            found = Presence(found.first_in or each.at, each.at)
        elif found.first_in is not None and found.out_at is None:
            found = Presence(found.first_in, found.last_in, each.at)
    return found


def _standing(movements: Iterable[Movement]) -> list[Movement]:
    known = {each.uid: each for each in movements}
    undone = {each.undoes for each in known.values()}
    kept = (each for each in known.values() if each.kind != ScanKind.UNDO and each.uid not in undone)
    return sorted(kept, key=lambda each: each.order)


def verdict(asked: Asked, before: Sequence[Movement], seat: SeatFacts) -> Verdict:
    """`before` are the seat's scans that count, all that have reached us."""
    scan = asked.movement
    if scan.kind == ScanKind.IN and any(each.undoes == scan.uid for each in before):
        return Verdict(ScanOutcome.UNDONE, counts=True, state=seat.state)
    refused = _refusal(asked, seat) if scan.kind == ScanKind.IN else None
    if refused is not None:
        return Verdict(refused, counts=False, state=seat.state)
    return Verdict(_outcome(scan, before), counts=True, state=_state_after(scan, before, seat))


def _refusal(asked: Asked, seat: SeatFacts) -> ScanOutcome | None:
    if seat.state in {*EXPECTED, SeatState.CHECKED_IN}:
        return None
    if not asked.lets_in and not _came_in_time(asked.movement, seat):
        return ScanOutcome.REFUSED
    return None if seat.state in SAVED or seat.is_room else ScanOutcome.FULL


def _came_in_time(scan: Movement, seat: SeatFacts) -> bool:
    """Given up as a no-show, and then a scan from before comes in: they were there."""
    return seat.state == SeatState.NO_SHOW and seat.ended_at is not None and scan.at <= seat.ended_at


def _outcome(scan: Movement, before: Sequence[Movement]) -> ScanOutcome:
    """As it stood when the device made the scan."""
    if scan.kind == ScanKind.UNDO:
        return ScanOutcome.UNDONE
    then = presence_of(each for each in before if each.kind == ScanKind.UNDO or each.order < scan.order)
    if scan.kind == ScanKind.IN:
        return ScanOutcome.ALREADY if then.is_in(scan.at) else ScanOutcome.IN
    return ScanOutcome.OUT if then.last_in is not None and then.out_at is None else ScanOutcome.NOT_IN


def _state_after(scan: Movement, before: Sequence[Movement], seat: SeatFacts) -> SeatState:
    """Coming in checks in; taking back the last coming in makes the seat what it was; going out changes nothing."""
    if scan.kind == ScanKind.IN:
        return SeatState.CHECKED_IN
    took_back = any(each.uid == scan.undoes and each.kind == ScanKind.IN for each in before)
    if took_back and seat.state == SeatState.CHECKED_IN and presence_of([*before, scan]).first_in is None:
        return seat.was or SeatState.CONFIRMED
    return seat.state


def answer_again(scan: Movement, before: Sequence[Movement], *, counted: bool) -> ScanOutcome:
    """The answer to a scan that was taken already and comes again, since its answer never arrived."""
    if not counted:
        return ScanOutcome.REFUSED
    is_undone = scan.kind == ScanKind.IN and any(each.undoes == scan.uid for each in before)
    return ScanOutcome.UNDONE if is_undone else _outcome(scan, before)


def may_be_let_in(state: SeatState, *, is_room: bool) -> bool:
    """Whether the door can let in who isn't expected."""
    return state not in {*EXPECTED, SeatState.CHECKED_IN} and (state in SAVED or is_room)


def corrected(at: datetime, sent_at: datetime, now: datetime) -> datetime:
    """The device's time by our clock: both were read by the same clock of the device, and nothing is yet to come."""
    off = now - sent_at
    if abs(off) > SMALL:
        at += off
    return min(at, now)


def code_in(text: str) -> str:
    """The code that was scanned or typed; a whole address stands for its last part."""
    last = text.strip().partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isascii() and letter.isalnum())
    return plain[:LONGEST_CODE].upper().translate(MISREAD)


def give_up_at(starts_at: datetime, minutes: int) -> datetime:
    """When a seat that nobody came to is let go."""
    return starts_at + timedelta(minutes=minutes)
