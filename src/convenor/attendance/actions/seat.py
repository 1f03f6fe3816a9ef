"""Answering for a seat, and what those who keep the roll do with seats: confirm, hold, invite, put on the waitlist, cancel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.notices import tell_states
from convenor.attendance.actions.offers import fill_seats, leads_of, offer_ends, settled_state
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import lock_rolls, refuse_closed, refuse_ended, refuse_over, refusing
from convenor.attendance.actions.party import (
    Party,
    open_by_token,
    open_registration,
    registration_of_seat,
)
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.seating import Where, full, refuse_what_is_past, seating_on
from convenor.attendance.actions.seats import become, record_seats, save_seats, states_of
from convenor.attendance.enums import GONE, TAKING, SeatState
from convenor.attendance.models import Allotment, Roll, Seat
from convenor.attendance.queries.timing import starts_at
from convenor.attendance.rules.seat_states import By, may_become
from convenor.attendance.rules.waitlist import OPEN
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.queries.visibility import events_seen_by
from convenor.scheduling.rules.wording import moment_in


@action
def answer_seat(*, actor: Actor, seat_id: int, accepts: bool, now: datetime) -> Seat:
    """Accept an invitation or an offer, or decline it; guests who stand as the seat does go with it.

    An invitation that is accepted takes a place, or a turn on the waitlist. Who declines the event declines its functions.
    The same answer again changes nothing. Raises Seat.DoesNotExist, Registration.DoesNotExist, Refused, ValidationError.
    """
    return answer(open_registration(actor, registration_of_seat(seat_id)), seat_id, accepts, now)


@action
def answer_by_token(
    *, token: str, seat_id: int, accepts: bool, written_at: datetime | None = None, now: datetime
) -> Seat:
    """As `answer_seat`, for whoever holds the registration's link; of its guests' seats too.

    `written_at` is of an answer that was on its way for a while, such as by mail.
    """
    party = open_by_token(token)
    if seat_id not in {seat.pk for seat in party.seats}:
        raise Seat.DoesNotExist
    return answer(party, seat_id, accepts, now, written_at=written_at)


def answer(
    party: Party,
    seat_id: int,
    accepts: bool,
    now: datetime,
    *,
    written_at: datetime | None = None,
    quietly: bool = False,
) -> Seat:
    """The same for a party that is open; nothing is told of a no, and `quietly` nothing of a yes."""
    seat = next((each for each in party.seats if each.pk == seat_id), None)
    if seat is None:
        raise Seat.DoesNotExist
    before = states_of(party.seats)
    changed = _accept(party, seat, now) if accepts else _decline(party, seat, now)
    if not changed:
        return seat
    for each in changed:
        if each.state != SeatState.CANCELLED:  # when they said that they would come stays known
            each.answered_at = written_at or now
    write_seats(
        party.actor,
        "registration.answered",
        changed,
        before,
        party.rolls,
        now,
        quietly=quietly or not accepts,
    )
    return seat


def _accept(party: Party, seat: Seat, now: datetime) -> Sequence[Seat]:
    state, roll, seats = SeatState(seat.state), party.rolls[seat.roll_id], party.beside(seat)
    if state in (*TAKING, SeatState.WAITLISTED) and state != SeatState.OFFERED:
        return ()
    refuse_closed(party.event, now)
    refuse_what_is_past([roll], now)
    settled = settled_state(seat.registration, party.event)
    if state == SeatState.OFFERED:
        _refuse_lapsed(seat, roll, now)
        return [become(each, settled, now) for each in seats]
    _refuse_move(seat, settled, party.by)
    seating = seating_on({roll.pk: roll})
    own = seating.desk.own(roll.pk, seat.registration.department_id, seat.registration.organisation)
    new, where = seating.seat(roll, len(seats), own, settled=settled)
    return [become(each, new, now, where=where) for each in seats]


def _decline(party: Party, seat: Seat, now: datetime) -> Sequence[Seat]:
    if seat.state in GONE:
        return ()
    refuse_over(party.event, now)
    whole = party.rolls[seat.roll_id].function_id is None and seat.registration_id == party.registration.pk
    seats = [each for each in party.seats if each.state not in GONE] if whole else party.beside(seat)
    return [end(each, party.by, now) for each in seats]


def end(seat: Seat, by: By, now: datetime, reason: str = "") -> Seat:
    """Who was asked declines, who had a place or a turn cancels. Raises ValidationError for who is there already."""
    asked = seat.state in (SeatState.INVITED, SeatState.OFFERED) and by == By.SELF
    state = SeatState.DECLINED if asked else SeatState.CANCELLED
    _refuse_move(seat, state, by)
    return become(seat, state, now, reason=reason)


def _refuse_lapsed(seat: Seat, roll: Roll, now: datetime) -> None:
    if seat.offer_expires_at is not None and seat.offer_expires_at <= now:
        sentence = _("This seat was kept for you until %(day)s, and has gone on to the next.")
        words = {"day": moment_in(seat.offer_expires_at, roll.event.zone)}
        raise ValidationError({"state": [ValidationError(sentence % words, code="lapsed")]})


def _refuse_move(seat: Seat, state: SeatState, by: By) -> None:
    if not may_become(SeatState(seat.state), state, by):
        sentence = _("%(name)s: “%(old)s” can't become “%(new)s”.")
        words = {"name": seat.registration.name, "old": seat.get_state_display(), "new": state.label}
        raise ValidationError({"state": [ValidationError(sentence % words, code="not_possible")]})


def write_seats(
    actor: Actor,
    name: str,
    changed: Sequence[Seat],
    before: Mapping[int, str],
    rolls: Mapping[int, Roll],
    now: datetime,
    *,
    quietly: bool = False,
    skipping: Collection[int] = (),
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write changed seats with all that follows: choices that count, record, mail (not `quietly`), and whom it gives a place."""
    with refusing():
        save_seats(changed)
        recount_picks({seat.registration_id for seat in changed})
    record_seats(actor, name, changed, before, **(facts or {}))
    pass_on(changed, now)
    if not quietly:
        tell_states(changed, leads_of(changed), now, **(facts or {}))
    freed = {seat.roll_id for seat in changed if before.get(seat.pk) in TAKING and seat.state not in TAKING}
    came = {seat.pk: seat.roll_id for seat in changed if seat.state == SeatState.WAITLISTED}
    arriving = came.keys() - set(skipping)
    if keys := sorted(freed.union(came[key] for key in arriving)):
        fill_seats([rolls[key] for key in keys], now, skipping=skipping, arriving=arriving)


@action
def set_seat_state(
    *, actor: Actor, seat_ids: Collection[int], state: SeatState, reason: str = "", now: datetime
) -> list[Seat]:
    """What those who keep the roll make of seats, all or none; guests go with whose guests they are.

    Who is confirmed, held or offered a place gets one past the waitlist, if there is one. Raises Seat.DoesNotExist,
    Refused, and ValidationError: nothing free, a state that the seat can't come to, an event that is over.
    """
    rolls, seats = _open_seats(actor, seat_ids)
    before = states_of(seats)
    changed = [seat for seat in seats if seat.state != state]
    for seat in changed:
        _refuse_move(seat, state, By.STAFF)
    if state == SeatState.OFFERED:
        _refuse_begun((rolls[seat.roll_id] for seat in changed), now)
    places = _places_for(rolls, changed, state)
    for seat in changed:
        roll = rolls[seat.roll_id]
        at_once = state == SeatState.OFFERED and roll.offer_hours == 0
        new = settled_state(seat.registration, roll.event) if at_once else state
        become(seat, new, now, where=places.get(seat.pk), reason=reason, until=offer_ends(roll, now))
    moved_back = [seat.pk for seat in changed if state == SeatState.WAITLISTED]
    facts = {"reason": reason} if reason else {}
    write_seats(actor, "seat.changed", changed, before, rolls, now, skipping=moved_back, facts=facts)
    return changed


def _refuse_begun(rolls: Iterable[Roll], now: datetime) -> None:
    for roll in rolls:
        start = starts_at(roll)
        if start is not None and start <= now:
            sentence = _("It has begun: nothing can be offered any more.")
            raise ValidationError({"state": [ValidationError(sentence, code="begun")]})


def _open_seats(actor: Actor, seat_ids: Collection[int]) -> tuple[dict[int, Roll], list[Seat]]:
    """The seats, with those of guests beside them, and their rolls locked."""
    named = dict(Seat.objects.filter(pk__among=seat_ids).order_by().values_list("pk", "roll_id"))
    if named.keys() != set(seat_ids):
        raise Seat.DoesNotExist
    rolls = lock_rolls(set(named.values()))
    events = {roll.event_id: roll.event for roll in rolls.values()}
    seen = events_seen_by(actor).filter(pk__in=events).count() if not actor.is_system else len(events)
    if seen != len(events):
        raise Seat.DoesNotExist
    for event in events.values():
        require(actor, "roll.edit", event)
        refuse_ended(event)
    return rolls, _with_guests(named, rolls)


def _with_guests(seat_ids: Iterable[int], rolls: Iterable[int]) -> list[Seat]:
    wanted = set(seat_ids)
    rows = Seat.objects.select_related("registration__guest_of")
    seats = list(rows.filter(pk__among=wanted).order_by("pk"))
    leads = {seat.registration_id: seat for seat in seats if seat.registration.guest_of_id is None}
    guests = rows.filter(registration__guest_of__in=leads, roll__in=list(rolls)).exclude(pk__in=wanted)
    states = {(seat.registration_id, seat.roll_id): seat.state for seat in seats}
    beside = [
        each
        for each in guests
        if states.get((each.registration.guest_of_id or 0, each.roll_id)) == each.state
    ]
    return sorted([*seats, *beside], key=lambda seat: seat.pk)


def _places_for(rolls: Mapping[int, Roll], seats: Sequence[Seat], state: SeatState) -> dict[int, int]:
    """Where each seat that takes a place now takes it; a party sits together. Raises ValidationError where one can't."""
    if state not in TAKING:
        return {}
    seating = seating_on(rolls)
    parties: dict[tuple[int, int], list[Seat]] = {}
    for seat in seats:
        if seat.state not in TAKING:
            lead = seat.registration.guest_of_id or seat.registration_id
            parties.setdefault((seat.roll_id, lead), []).append(seat)
    found: dict[int, int] = {}
    for (roll, _lead), party in parties.items():
        row = party[0].registration
        own = seating.desk.own(roll, row.department_id, row.organisation)
        place: Where = seating.seat(rolls[roll], len(party), own, settled=state, asked=state)
        seating.take({roll: len(party)}, {roll: place})
        found |= {seat.pk: place[1] for seat in party}
    return found


@action
def move_to_allotment(
    *, actor: Actor, seat_ids: Collection[int], allotment_id: int | None, now: datetime
) -> list[Seat]:
    """Count seats that take a place to an allotment of their roll, or with None to the open seats; all or none.

    Raises Seat.DoesNotExist, Allotment.DoesNotExist, Refused, and ValidationError where there is no room.
    """
    rolls, seats = _open_seats(actor, seat_ids)
    moved = [seat for seat in seats if seat.state in TAKING and seat.allotment_id != allotment_id]
    if allotment_id is not None:
        allotment = Allotment.objects.get(pk=allotment_id, roll__in=rolls)
        if {seat.roll_id for seat in moved} - {allotment.roll_id}:
            raise Allotment.DoesNotExist
    seating = seating_on(rolls)
    before = {seat.pk: seat.allotment_id for seat in moved}
    for seat in moved:
        places = seating.desk.places[seat.roll_id]
        where = OPEN if allotment_id is None else allotment_id
        room = places.free if where == OPEN else places.spare.get(where, 0)
        if room is not None and room < 1:
            raise full(rolls[seat.roll_id])
        places.take(1, where)
        seat.allotment_id = allotment_id
    with refusing():
        save_seats(moved)
    audit.record_all(
        audit.entry(
            actor=actor,
            action="seat.moved",
            obj=seat.registration,
            before={"allotment": before[seat.pk]},
            after={"allotment": allotment_id},
        )
        for seat in moved
    )
    fill_seats(rolls.values(), now)
    return moved
