"""The book in which scans are entered one after the other: read once under the roll's lock, written once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.seats import record_seats
from convenor.attendance.drafts import ScanDraft
from convenor.attendance.enums import TAKING, ScanOutcome, SeatState, Source
from convenor.attendance.models import Registration, Roll, Scan, Seat
from convenor.attendance.queries.door import (
    Known,
    facts_of,
    movement_of,
    movements_of,
    registrations_meant,
    seats_met,
)
from convenor.attendance.queries.places import desk_of
from convenor.attendance.rules.check_in import (
    Asked,
    Movement,
    ScanResult,
    Verdict,
    answer_again,
    may_be_let_in,
    presence_of,
    verdict,
)
from convenor.attendance.rules.waitlist import OPEN, Places
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.updating import update_rows

COLUMNS = (
    *("state", "allotment", "offer_expires_at", "ended_at", "reason", "checked_in_at", "checked_out_at"),
)
RECORDED = {
    ScanOutcome.IN: "seat.checked_in",
    ScanOutcome.OUT: "seat.checked_out",
    ScanOutcome.UNDONE: "seat.check_in_taken_back",
}
LET_IN = "seat.let_in"


@dataclass(slots=True)
class Book:
    """All that the scans touch, read under the roll's lock; changed in memory, then written at once."""

    roll: Roll
    places: Places
    known: Known
    seats: dict[int, Seat]  # by the registration's key
    movements: dict[int, list[Movement]]  # by the seat's key: those that count
    was: dict[int, SeatState]  # by the seat's key
    taken: dict[UUID | None, Scan]  # by uid
    new_scans: list[Scan] = field(default_factory=list)
    before: dict[int, str] = field(default_factory=dict)
    changed: dict[str, dict[int, Seat]] = field(
        default_factory=dict
    )  # by what is recorded, by the seat's key

    def take(self, actor: Actor, scan: ScanDraft, now: datetime) -> ScanResult:
        registration = self._registration(scan)
        if registration is None or registration.event_id != self.roll.event_id:
            known = ScanOutcome.ELSEWHERE if registration is not None and scan.code else ScanOutcome.UNKNOWN
            return ScanResult(scan.uid, known)
        seat = self.seats.get(registration.pk)
        if (old := self.taken.get(scan.uid)) is not None:
            return self._again(scan, old, registration, seat)
        if seat is None:
            seat = self._new_seat(registration) if scan.lets_in and self.places.find(1) is not None else None
        if seat is None:
            return self._without_seat(scan, registration)
        before = list(self.movements.get(seat.pk, ()))
        found = self._decided(scan, seat, before)
        answer = self._answer(scan, found.outcome, registration, seat, before)
        self._enter(actor, scan, seat, found, now)
        return answer

    def _registration(self, scan: ScanDraft) -> Registration | None:
        old = self.taken.get(scan.uid)
        if old is not None:
            return self.known.by_key.get(old.seat.registration_id) if old.roll_id == self.roll.pk else None
        if scan.code:
            return self.known.by_code.get(scan.code)
        if scan.registration_id is None and scan.undoes in self.taken:
            return self.known.by_key.get(self.taken[scan.undoes].seat.registration_id)
        return self.known.by_key.get(scan.registration_id or 0)

    def _decided(self, scan: ScanDraft, seat: Seat, before: Sequence[Movement]) -> Verdict:
        asked = Asked(movement_of(scan), scan.lets_in)
        return verdict(asked, before, facts_of(seat, self.was.get(seat.pk), is_room=self._is_room(seat)))

    def _is_room(self, seat: Seat) -> bool:
        own = (seat.allotment_id,) if seat.allotment_id else ()
        return self.places.find(1, own) is not None

    def _again(self, scan: ScanDraft, old: Scan, registration: Registration, seat: Seat | None) -> ScanResult:
        assert seat is not None  # it has a scan
        others = [each for each in self.movements.get(seat.pk, ()) if each.uid != scan.uid]
        outcome = answer_again(movement_of(old), others, counted=old.counts)
        return self._answer(scan, outcome, registration, seat, others)

    def _without_seat(self, scan: ScanDraft, registration: Registration) -> ScanResult:
        outcome = ScanOutcome.FULL if scan.lets_in else ScanOutcome.NO_SEAT
        return ScanResult(
            scan.uid,
            outcome,
            registration.pk,
            registration.name,
            registration.organisation,
            free=self.places.free,
            may_let_in=self.places.find(1) is not None,
        )

    def _new_seat(self, registration: Registration) -> Seat:
        """Registered for the event, let in to a part of it that they hadn't chosen."""
        seat = Seat(roll=self.roll, registration=registration, state=SeatState.CANCELLED)
        (self.seats[registration.pk],) = insert_rows([seat])
        return seat

    def _enter(self, actor: Actor, scan: ScanDraft, seat: Seat, found: Verdict, now: datetime) -> None:
        row = Scan(
            uid=scan.uid,
            roll=self.roll,
            seat=seat,
            kind=scan.kind,
            undoes=scan.undoes,
            counts=found.counts,
            at=scan.at,
            device=scan.device,
            by_id=actor.person_id,
        )
        old = SeatState(seat.state)
        if found.state == SeatState.CHECKED_IN != old:
            row.was = self.was[seat.pk] = _before_coming(seat)
        self.new_scans.append(row)
        self.taken[scan.uid] = row
        if found.counts:
            self.movements.setdefault(seat.pk, []).append(movement_of(scan))
            self._change(seat, found, now, lets_in=scan.lets_in)

    def _change(self, seat: Seat, found: Verdict, now: datetime, *, lets_in: bool) -> None:
        verb = LET_IN if lets_in and found.outcome == ScanOutcome.IN else RECORDED.get(found.outcome)
        self.before.setdefault(seat.pk, SeatState(seat.state).value)
        self._settle_place(seat, found.state)
        if seat.state != found.state:
            is_back = found.state not in TAKING
            seat.state, seat.offer_expires_at = found.state, None
            seat.ended_at, seat.reason = (
                (now if is_back and found.state != SeatState.WAITLISTED else None),
                "",
            )
        presence = presence_of(self.movements[seat.pk])
        seat.checked_in_at, seat.checked_out_at = presence.first_in, presence.out_at
        self.changed.setdefault(verb or "", {})[seat.pk] = seat

    def _settle_place(self, seat: Seat, state: SeatState) -> None:
        """Take a place for who had none, in their own allotment if it has one; give it back where that is taken back."""
        holds, held = state in TAKING, seat.state in TAKING
        if holds and not held:
            where = self.places.find(1, (seat.allotment_id,) if seat.allotment_id else ())
            assert where is not None  # the rule has looked
            self.places.take(1, where)
            seat.allotment_id = None if where == OPEN else where
        elif held and not holds:
            self.places.take(-1, seat.allotment_id or OPEN)

    def _answer(
        self,
        scan: ScanDraft,
        outcome: ScanOutcome,
        registration: Registration,
        seat: Seat,
        before: Iterable[Movement],
    ) -> ScanResult:
        """Told of the seat as the scan met it."""
        is_room = self._is_room(seat)
        state = SeatState(seat.state)
        gone = outcome in (ScanOutcome.REFUSED, ScanOutcome.FULL)
        return ScanResult(
            scan.uid,
            outcome,
            registration.pk,
            registration.name,
            registration.organisation,
            state,
            since=seat.ended_at if gone else presence_of(before).last_in,
            instead=instead_of(seat) if gone and state == SeatState.SUBSTITUTED else "",
            free=self.places.free,
            may_let_in=gone and may_be_let_in(state, is_room=is_room),
        )

    def write(self, actor: Actor, now: datetime) -> None:
        rows = {key: seat for seats in self.changed.values() for key, seat in seats.items()}
        # Who gives a place back goes first, so that another can take it in the same breath
        update_rows(sorted(rows.values(), key=lambda seat: seat.state in TAKING), COLUMNS)
        insert_rows(self.new_scans)
        if moved := {each.registration_id for key, each in rows.items() if self._changed_hands(key, each)}:
            recount_picks(moved)
        pass_on([each for key, each in rows.items() if self.before[key] != each.state], now)
        for verb, seats in self.changed.items():
            if verb == RECORDED[ScanOutcome.OUT]:  # it changes no state
                audit.record_all(
                    audit.entry(actor=actor, action=verb, obj=each.registration) for each in seats.values()
                )
            elif verb:
                record_seats(actor, verb, seats.values(), self.before)

    def _changed_hands(self, key: int, seat: Seat) -> bool:
        """Whether a place was taken or given back."""
        return (self.before[key] in TAKING) != (seat.state in TAKING)


def _before_coming(seat: Seat) -> SeatState:
    """What the seat goes back to where the check-in is taken back: a walk-in goes, an offer was accepted by coming."""
    if seat.registration.source == Source.WALK_IN and seat.checked_in_at is None:
        return SeatState.CANCELLED
    return SeatState.CONFIRMED if seat.state == SeatState.OFFERED else SeatState(seat.state)


def instead_of(seat: Seat) -> str:
    """The name of who comes instead; empty where nobody is known."""
    try:
        return seat.substitute.registration.name
    except Seat.DoesNotExist:
        return ""


def opened(roll: Roll, scans: Sequence[ScanDraft]) -> Book:
    """Seven queries, however many scans. A walk-in is taken back by its uid alone: the device may know nothing else of it."""
    uids = {scan.uid for scan in scans} | {scan.undoes for scan in scans if scan.undoes}
    taken: dict[UUID | None, Scan] = {
        each.uid: each for each in Scan.objects.filter(uid__in=uids).select_related("seat")
    }
    known = registrations_meant(
        [scan.code for scan in scans if scan.code],
        {scan.registration_id or 0 for scan in scans}
        | {each.seat.registration_id for each in taken.values()},
    )
    seats = seats_met(roll.pk, known.by_key)
    movements, was = movements_of([seat.pk for seat in seats.values()])
    places = desk_of([roll]).places[roll.pk]
    return Book(roll, places, known, seats, movements, was, taken)
