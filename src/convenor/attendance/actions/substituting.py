"""Letting somebody else come instead, by name: the place changes hands in one breath and is nobody else's between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.notices import tell, tell_states
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import refuse_closed, refusing
from convenor.attendance.actions.party import Party
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.registrants import fill_in, new_registration, save_changed
from convenor.attendance.actions.registrar import listed_already
from convenor.attendance.actions.seats import COLUMNS, become, record_seats, save_seats, seats_of, states_of
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import GONE, Notice, SeatState, Source
from convenor.attendance.models import Registration, Seat
from convenor.attendance.queries.known import directory_of, listed_at
from convenor.attendance.rules.seat_states import By, is_open_again, may_become
from convenor.base import audit
from convenor.base.inserting import insert_rows
from convenor.base.updating import update_rows

KEPT = frozenset(COLUMNS) - {"checked_in_at", "reason"}
"""What a seat hands on: its state with its times, its turn on the waitlist, its allotment."""


def put_instead(party: Party, seats: Sequence[Seat], who: Who, now: datetime) -> Registration:
    """The registration of whoever comes instead, with these seats. Raises ValidationError by the fields of `who`."""
    refuse_closed(party.event, now)
    old = party.registration
    for seat in seats:
        if not may_become(SeatState(seat.state), SeatState.SUBSTITUTED, party.by):
            sentence = _("%(name)s is there already.") % {"name": old.name}
            raise ValidationError({"state": [ValidationError(sentence, code="not_possible")]})
    if not seats:
        sentence = _("%(name)s has no seat to hand on.") % {"name": old.name}
        raise ValidationError({"state": [ValidationError(sentence, code="not_possible")]})
    row = _row_for(party, who, {seat.roll_id for seat in seats}, now)
    whole = {seat.pk for seat in seats} == {seat.pk for seat in party.own if seat.state not in GONE}
    before, handed = states_of(seats), [_handed_on(seat) for seat in seats]
    _save_person(row, old)
    with refusing():
        given = _hand_over(row, seats, handed, now)
    if whole and old.guest_of_id is None:
        Registration.objects.filter(guest_of=old).update(guest_of=row)
    recount_picks({old.pk, row.pk})
    pass_on([*seats, *given], now)
    record_seats(party.actor, "registration.substituted", seats, before, instead=row.name)
    _record(party, row, given)
    tell([old], Notice.SUBSTITUTED, now, roll_ids={seat.roll_id for seat in seats}, instead=row.name)
    tell_states(given, {row.pk: row}, now)
    return row


def _row_for(party: Party, who: Who, roll_ids: set[int], now: datetime) -> Registration:
    """New, or theirs if they are on the list without a seat on these rolls. A guest's stand-in is the same host's guest."""
    draft, old = RegistrationDraft(who), party.registration
    directory = directory_of([draft])
    row = fill_in(new_registration(old.event_id, Source.SUBSTITUTE), draft, directory, now)
    if party.by == By.SELF and old.guest_of_id is None and not row.email:
        sentence = _("We need an address to write to.")
        raise ValidationError({"email": [ValidationError(sentence, code="required")]})
    listed = listed_at(old.event_id, [row.email], [row.person_id] if row.person_id else [])
    before = listed.of(row.email, row.person_id)
    row.registered_by_id = party.actor.person_id
    row.priority, row.language = old.priority, row.language or old.language
    if before is None:
        row.guest_of = old.guest_of
        return row
    sitting = {seat.roll_id for seat in seats_of(before) if not is_open_again(SeatState(seat.state))}
    if before.pk == old.pk or sitting & roll_ids:
        raise listed_already()
    if all(seat.state in GONE for seat in seats_of(before)):
        before.source = Source.SUBSTITUTE
    return before


def _save_person(row: Registration, old: Registration) -> None:
    row.department_id = row.department_id or (old.department_id if old.guest_of_id else None)
    if row.pk:
        save_changed([row])
    else:
        insert_rows([row])


def _handed_on(seat: Seat) -> dict[str, object]:
    attributes = {field.name: field.attname for field in Seat._meta.concrete_fields}
    return {attributes[name]: getattr(seat, attributes[name]) for name in KEPT}


def _hand_over(
    row: Registration, seats: Sequence[Seat], handed: Sequence[dict[str, object]], now: datetime
) -> list[Seat]:
    """First the old seats free their places, then the new ones take them."""
    theirs = {seat.roll_id: seat for seat in seats_of(row)}
    given: list[Seat] = []
    for seat, columns in zip(seats, handed, strict=True):
        new = theirs.get(seat.roll_id) or Seat(roll_id=seat.roll_id)
        for name, value in columns.items():
            setattr(new, name, value)
        new.registration, new.reason = row, ""
        become(seat, SeatState.SUBSTITUTED, now)
        given.append(new)
    save_seats(seats)
    # Who was stood in for before, and came again, is stood in for by somebody else now
    Seat.objects.filter(substitutes__in=seats).update(substitutes=None)
    for seat, new in zip(seats, given, strict=True):
        new.substitutes = seat
    again = [seat for seat in given if seat.pk]
    save_seats(again)
    update_rows(again, ["substitutes"])
    insert_rows(seat for seat in given if not seat.pk)
    return given


def _record(party: Party, row: Registration, given: Sequence[Seat]) -> None:
    facts = {
        "event": row.event_id,
        "name": row.name,
        "email": row.email,
        "substitutes": party.registration.name,
        "seats": states_by_roll(given),
    }
    audit.record(actor=party.actor, action="registration.made", obj=row, after=facts)


def states_by_roll(seats: Sequence[Seat]) -> dict[str, str]:
    return {str(seat.roll_id): SeatState(seat.state).value for seat in seats}
