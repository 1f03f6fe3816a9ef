"""Changing a registration: what it says, the functions that were chosen, the guests that come along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from convenor.attendance.actions.notices import tell
from convenor.attendance.actions.offers import fill_seats, settled_state
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import form_of, fresh_rolls, refuse_closed, refuse_ended, refusing
from convenor.attendance.actions.party import Party
from convenor.attendance.actions.picking import add_picks, options_for
from convenor.attendance.actions.registrants import (
    fill_in,
    guest_rows,
    save_changed,
    save_needs,
    set_needs,
)
from convenor.attendance.actions.registrar import listed_already
from convenor.attendance.actions.seat import end
from convenor.attendance.actions.seating import Seating, refuse_what_is_past, seating_on
from convenor.attendance.actions.seats import become, save_seats
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import GONE, TAKING, Notice, SeatState
from convenor.attendance.models import Pick, Registration, RegistrationNeeds, Seat
from convenor.attendance.queries.known import Directory, directory_of, listed_at
from convenor.attendance.rules.seat_states import By
from convenor.base import audit
from convenor.base.inserting import insert_rows

RECORDED = ("name", "email", "phone", "organisation", "language", "priority", "note")


def change(party: Party, version: int | None, draft: RegistrationDraft, now: datetime) -> Registration:
    """Bring the registration, its guests and its functions to what the draft says. Raises ValidationError by its fields."""
    row = party.registration
    _refuse(party, version, now)
    before = _facts(row, party.seats)
    directory = directory_of([draft])
    _fill(party, draft, directory, now)
    guests = _guests(party, draft, directory)
    ended = _end(party, draft, guests, now)
    with refusing():
        _write_people(row, guests)
        save_seats(ended)
        started = _start(party, draft, guests, now)
        _write_choices(party, draft, [*party.seats, *started])
    pass_on([*ended, *started], now)
    after = _facts(row, [*party.seats, *started])
    changed = audit.record(
        actor=party.actor, action="registration.changed", obj=row, before=before, after=after
    )
    if changed:
        rolls = {seat.roll_id for seat in (*ended, *started)}
        tell([row], Notice.CHANGED, now, roll_ids=rolls)
    freed = sorted({seat.roll_id for seat in ended})
    waiting = [seat.pk for seat in started if seat.state == SeatState.WAITLISTED]
    if freed or waiting:
        fill_seats(
            [party.rolls[key] for key in {*freed, *(s.roll_id for s in started)}], now, arriving=waiting
        )
    return row


def _refuse(party: Party, version: int | None, now: datetime) -> None:
    if version is not None and version != party.registration.version:
        sentence = _("Somebody else has changed this registration since you opened it.")
        raise ValidationError({"version": [ValidationError(sentence, code="stale")]})
    if party.by == By.SELF:
        refuse_closed(party.event, now)
    refuse_ended(party.event)


def _facts(row: Registration, seats: Iterable[Seat]) -> dict[str, object]:
    """What goes on record: not the needs, nor the answers, which aren't for everybody who reads it."""
    coming = [seat for seat in seats if seat.state not in GONE]
    return {
        **audit.snapshot(row, RECORDED),
        "guests": sorted({seat.registration.name for seat in coming if seat.registration_id != row.pk}),
        "seats": {
            str(seat.roll_id): SeatState(seat.state).value
            for seat in coming
            if seat.registration_id == row.pk
        },
    }


def _fill(party: Party, draft: RegistrationDraft, directory: Directory, now: datetime) -> None:
    """The row's own columns. Its turn, and what those who keep the roll noted, are not the registrant's to change."""
    row, language = party.registration, party.registration.language
    draft = replace(draft, nonce=row.nonce)
    if party.by == By.SELF:
        draft = replace(draft, priority=row.priority, note=row.note)
    fill_in(row, draft, directory, now)
    row.language = row.language or language
    if party.by == By.SELF and row.guest_of_id is None and not row.email:
        sentence = _("We need an address to write to.")
        raise ValidationError({"email": [ValidationError(sentence, code="required")]})
    if row.guest_of_id is not None:
        return
    listed = listed_at(row.event_id, [row.email], [row.person_id] if row.person_id else [])
    others = (listed.by_email.get(row.email), listed.by_person.get(row.person_id or 0))
    if any(other is not None and other.pk != row.pk for other in others):
        raise listed_already()


def _guests(party: Party, draft: RegistrationDraft, directory: Directory) -> list[Registration]:
    """Those who come along now."""
    row, form = party.registration, form_of(party.event)
    prefetch_related_objects([row], "guests__seats")
    guests = guest_rows(row, draft.guests, directory)
    if party.by == By.SELF and form is not None and len(guests) > form.max_guests:
        sentence = _("You can bring %(most)d guests at most.") % {"most": form.max_guests}
        raise ValidationError({"guests": [ValidationError(sentence, code="too_many")]})
    return guests


def _end(party: Party, draft: RegistrationDraft, guests: Sequence[Registration], now: datetime) -> list[Seat]:
    """Seats of functions that aren't chosen any more, and of guests who don't come along any more."""
    coming = {party.registration.pk, *(guest.pk for guest in guests)}
    left = {
        roll.pk
        for roll in party.rolls.values()
        if roll.function_id is not None
        and roll.function_id not in draft.function_ids
        and (party.by == By.STAFF or roll.is_choosable)
    }
    return [
        end(seat, party.by, now)
        for seat in party.seats
        if seat.state not in GONE and (seat.roll_id in left or seat.registration_id not in coming)
    ]


def _write_people(row: Registration, guests: Sequence[Registration]) -> None:
    save_changed([row, *(guest for guest in guests if guest.pk)])
    insert_rows(guest for guest in guests if not guest.pk)


def _start(
    party: Party, draft: RegistrationDraft, guests: Sequence[Registration], now: datetime
) -> list[Seat]:
    """Seats of functions that are newly chosen, and of guests who are new: with places that this change has just freed."""
    seating = seating_on({roll.pk: roll for roll in fresh_rolls(party.rolls)})
    sitting = {(seat.roll_id, seat.registration_id): seat for seat in party.seats if seat.state not in GONE}
    own = {roll: seat for (roll, who), seat in sitting.items() if who == party.registration.pk}
    started: list[Seat] = []
    for roll in sorted({*own, *_newly_chosen(party, draft, own)}):
        people = [row for row in (party.registration, *guests) if (roll, row.pk) not in sitting]
        if people:
            started += _seat(party, seating, roll, people, own.get(roll), now)
    there = [seat for seat in started if seat.pk]
    save_seats(there)
    insert_rows(seat for seat in started if not seat.pk)
    return started


def _newly_chosen(party: Party, draft: RegistrationDraft, own: Collection[int]) -> set[int]:
    by_function = {roll.function_id: roll for roll in party.rolls.values()}
    chosen = [by_function.get(key) for key in set(draft.function_ids)]
    new = [roll for roll in chosen if roll is None or roll.pk not in own]
    if any(roll is None or (party.by == By.SELF and not roll.is_choosable) for roll in new):
        sentence = _("One of the parts that were chosen can't be chosen any more.")
        raise ValidationError({"function_ids": [ValidationError(sentence, code="not_choosable")]})
    return {roll.pk for roll in new if roll is not None}


def _seat(
    party: Party,
    seating: Seating,
    roll_id: int,
    people: Sequence[Registration],
    beside: Seat | None,
    now: datetime,
) -> list[Seat]:
    """Seats for these people on one roll: beside the one whose guests they are, as that one stands, or a new party's."""
    roll, lead = seating.rolls[roll_id], party.registration
    refuse_what_is_past([roll], now)
    allotments = seating.desk.own(roll_id, lead.department_id, lead.organisation)
    asked = None if beside is None else SeatState(beside.state)
    if asked == SeatState.CHECKED_IN:
        asked = SeatState.CONFIRMED
    settled = settled_state(lead, party.event)
    place = seating.seat(roll, len(people), allotments, settled=settled, asked=asked)
    seating.take({roll_id: len(people)}, {roll_id: place})
    state, where = place
    seats: list[Seat] = []
    before = {(seat.roll_id, seat.registration_id): seat for seat in party.seats}
    for row in people:
        seat = before.get((roll_id, row.pk)) or Seat(roll_id=roll_id)
        seat.registration = row
        become(seat, state, now, where=where, until=beside.offer_expires_at if beside else None)
        seat.answered_at = now
        if beside is not None:
            seat.waitlisted_at, seat.offered_at = beside.waitlisted_at, beside.offered_at
            seat.invited_at, seat.answered_at = beside.invited_at, beside.answered_at
        seats.append(seat)
    return seats


def _write_choices(party: Party, draft: RegistrationDraft, seats: Iterable[Seat]) -> None:
    """Needs as they are now, and the options that were picked: what was picked before is free for it again."""
    row = party.registration
    set_needs(RegistrationNeeds(), draft.needs)
    save_needs({row.pk: draft.needs})
    Pick.objects.filter(registration=row).delete()
    options = options_for(row.event_id, [draft.answers])
    chosen = options.chosen(draft.answers)
    holds = any(seat.state in TAKING for seat in seats if seat.registration_id == row.pk)
    if holds:
        options.take(chosen)
    add_picks({row.pk: chosen} if chosen else {}, {row.pk} if holds else ())
