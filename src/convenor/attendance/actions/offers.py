"""Places that come free are offered at once by the roll's rule, and offers that nobody answered go on to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Greatest

from convenor.attendance.actions.notices import tell, tell_states
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import form_of, fresh_rolls, has_waiting, lock_rolls
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.seats import become, record_seats, save_seats, states_of
from convenor.attendance.enums import Notice, SeatState, Source, WaitlistRule
from convenor.attendance.models import Allotment, Registration, Roll, Seat
from convenor.attendance.queries.places import Desk, Waiting, desk_of, held_by_groups, waiting_on
from convenor.attendance.queries.timing import is_on, starts_at
from convenor.attendance.rules.closing import why_closed
from convenor.attendance.rules.seat_states import LAPSED
from convenor.attendance.rules.waitlist import next_up
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.enums import ALIVE
from convenor.events.models import Event

WAITLIST = Actor.system("Waitlist")
BY_FORM = frozenset({Source.PUBLIC, Source.GROUP})
"""Those whose seats a coordinator confirms by hand, where the form says so."""
Given = dict[int, tuple[Roll, int]]
"""By the seat's key: the roll, and the allotment that it is taken from, or OPEN."""


def fill_seats(
    rolls: Iterable[Roll],
    now: datetime,
    *,
    skipping: Collection[int] = (),
    arriving: Collection[int] = (),
) -> list[Seat]:
    """Offer what is free on rolls that the transaction has locked, by each roll's rule; the seats that were given.

    To be called after whatever frees places, takes seats of allotments away or raises a capacity; `limit` and released
    allotments are brought up to it. Seats in `skipping` are left where they are, those in `arriving` are given at once,
    since whoever they are for stands before us. Three statements where nobody waits. The rolls given are stale afterwards.
    """
    keys = [roll.pk for roll in rolls]
    _tidy(keys)
    ready = [roll for roll in fresh_rolls(keys) if has_waiting(roll) and _may_offer(roll, now)]
    desk = desk_of(ready)
    open_rolls = {roll.pk: roll for roll in ready if not desk.places[roll.pk].are_none}
    if not open_rolls:
        return []
    waiting = waiting_on(open_rolls, desk, skipping=skipping)
    given: Given = {}
    for key, each in waiting.items():
        given |= _given(open_rolls[key], desk, each)
    return _give(given, now, arriving) if given else []


def _tidy(roll_ids: Collection[int]) -> None:
    """What a released allotment doesn't need falls back; a roll is held to its capacity, or to what is taken beyond it."""
    released = Allotment.objects.filter(roll__in=roll_ids, released_at__isnull=False, size__gt=F("taken"))
    released.update(size=F("taken"))
    wanted = Greatest(F("capacity"), F("taken") + F("allotted"))
    bound = Roll.objects.filter(pk__in=roll_ids, capacity__isnull=False)
    bound.filter(Q(limit__isnull=True) | ~Q(limit=wanted)).update(limit=wanted)


def _may_offer(roll: Roll, now: datetime) -> bool:
    start = starts_at(roll)
    return why_closed(roll.event, now) is None and is_on(roll) and (start is None or now < start)


def _given(roll: Roll, desk: Desk, waiting: Waiting) -> Given:
    rule = WaitlistRule(roll.waitlist_rule)
    held = held_by_groups(roll.pk) if rule == WaitlistRule.BALANCE else None
    placed = next_up(waiting.parties, rule, desk.places[roll.pk], held)
    return {seat: (roll, where) for party, where in placed for seat in waiting.seat_ids[party.key]}


def _give(given: Given, now: datetime, arriving: Collection[int]) -> list[Seat]:
    rows = Seat.objects.filter(pk__among=list(given)).select_related("registration__guest_of")
    seats = list(rows.order_by("pk"))
    before = states_of(seats)
    for seat in seats:
        roll, where = given[seat.pk]
        at_once = roll.offer_hours == 0 or seat.pk in arriving
        state = settled_state(seat.registration, roll.event) if at_once else SeatState.OFFERED
        become(seat, state, now, where=where, until=offer_ends(roll, now))
    save_seats(seats)
    recount_picks({seat.registration_id for seat in seats})
    record_seats(WAITLIST, "seat.offered", seats, before)
    pass_on(seats, now)
    tell_states(seats, leads_of(seats), now)
    return seats


def settled_state(registration: Registration, event: Event) -> SeatState:
    """What a place becomes once somebody has it: held, where each registration is confirmed by hand."""
    form = form_of(event)
    by_hand = form is not None and form.needs_approval and registration.source in BY_FORM
    return SeatState.HELD if by_hand else SeatState.CONFIRMED


def offer_ends(roll: Roll, now: datetime) -> datetime:
    """After the roll's hours, but never past its start."""
    until, start = now + timedelta(hours=roll.offer_hours), starts_at(roll)
    return until if start is None else min(until, start)


def leads_of(seats: Iterable[Seat]) -> Mapping[int, Registration]:
    """Who answers for each seat, by its registration's key; `guest_of` should be loaded."""
    return {seat.registration_id: seat.registration.guest_of or seat.registration for seat in seats}


def lapse_offers(now: datetime) -> int:
    """End the offers that weren't answered in time and go on to the next; how many ended. One transaction for each event."""
    due = Seat.objects.filter(
        state=SeatState.OFFERED, offer_expires_at__lte=now, roll__event__state__in=ALIVE
    )
    events: dict[int, set[int]] = {}
    for event, roll in due.order_by("roll_id").values_list("roll__event_id", "roll_id").distinct():
        events.setdefault(event, set()).add(roll)
    return sum(_lapse(rolls, now) for _event, rolls in sorted(events.items()))


@action
def _lapse(roll_ids: Collection[int], now: datetime) -> int:
    rolls = lock_rolls(roll_ids)
    due = Seat.objects.filter(roll__in=rolls, state=SeatState.OFFERED, offer_expires_at__lte=now)
    seats = list(due.select_related("registration__guest_of").order_by("pk"))
    before = states_of(seats)
    for seat in seats:
        become(seat, SeatState.DECLINED, now, reason=LAPSED)
    save_seats(seats)
    recount_picks({seat.registration_id for seat in seats})
    record_seats(WAITLIST, "seat.lapsed", seats, before)
    pass_on(seats, now)
    leads, lost = leads_of(seats), dict[int, set[int]]()
    for seat in seats:
        lost.setdefault(leads[seat.registration_id].pk, set()).add(seat.roll_id)
    tell({each.pk: each for each in leads.values()}.values(), Notice.LAPSED, now, roll_ids=lost)
    fill_seats(rolls.values(), now)
    return len(seats)
