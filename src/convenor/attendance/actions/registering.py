"""Registering people: one, or thousands at once by the same way.

The event's roll is locked first, and the functions' after it in the order of their keys; who is there already, what
is free and who waits is read under the locks, and the database counts the seats again as they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.capacity import open_missing_rolls
from convenor.attendance.actions.notices import tell_states
from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import form_of, lock_rolls_of, refuse_closed, refusing
from convenor.attendance.actions.picking import add_picks, options_for
from convenor.attendance.actions.registrants import add_needs, save_changed, save_needs
from convenor.attendance.actions.registrar import Entry, Registrar
from convenor.attendance.actions.seating import full, seating_on
from convenor.attendance.actions.seats import become, save_seats, seats_of
from convenor.attendance.drafts import NeedsDraft, RegistrationDraft
from convenor.attendance.enums import GONE, TAKING, FormMode, SeatState, Source
from convenor.attendance.models import Pick, Registration, Roll, Seat
from convenor.attendance.queries.known import address, directory_of, listed_at
from convenor.attendance.rules.closing import why_form_closed
from convenor.attendance.rules.seat_states import TAKEN_OFF
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.models import AuditEntry
from convenor.base.permissions import may, require
from convenor.base.transactions import action
from convenor.events.models import Event
from convenor.events.queries.visibility import events_seen_by

KEEPERS = frozenset(
    {Source.COORDINATOR, Source.IMPORT, Source.ATTENDEE, Source.INVITATION, Source.SUBSTITUTE}
)
"""Sources of those who keep the roll."""
UNTOLD = frozenset({Source.ATTENDEE, Source.WALK_IN})
"""Whom nothing is written: they hear by their meeting, or stand at the door."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: a registration with its own seats, or why there is none. `is_new`: it wasn't there before."""

    registration: Registration | None = None
    seats: tuple[Seat, ...] = ()
    problem: ValidationError | None = None
    is_new: bool = False


def register(
    *,
    actor: Actor,
    event_id: int,
    draft: RegistrationDraft,
    source: Source,
    now: datetime,
    state: SeatState | None = None,
) -> Registration:
    """Put somebody and their guests on the event's roll and those of the functions they chose.

    Each roll gives a place if it has one that nobody waits for, else a turn on its waitlist; with a `state` exactly that.
    The same form sent again is the same registration; who had cancelled, or was only asked, gets their old row again.
    Raises Event.DoesNotExist, Refused, and ValidationError by the draft's fields: full, closed, "registered_once" on the
    e-mail, an option that has run out, bad words.
    """
    try:
        return _register_one(actor=actor, event_id=event_id, draft=draft, source=source, now=now, state=state)
    except ValidationError as error:
        if draft.nonce and getattr(error, "code", None) == "form_sent_once":
            return Registration.objects.get(nonce=draft.nonce, event=event_id)
        raise


@action
def _register_one(
    *,
    actor: Actor,
    event_id: int,
    draft: RegistrationDraft,
    source: Source,
    now: datetime,
    state: SeatState | None,
) -> Registration:
    (outcome,) = _register(actor, event_id, [draft], source, now, state, join=False)
    if outcome.registration is None:
        raise outcome.problem or full(Roll())
    return outcome.registration


@action
def register_many(
    *,
    actor: Actor,
    event_id: int,
    drafts: Sequence[RegistrationDraft],
    source: Source,
    now: datetime,
    state: SeatState | None = None,
    join: bool = False,
) -> list[Outcome]:
    """As `register`, for many: those who can't be registered are told of in their outcome, the others are. With `join`
    who is on the list already gets the seats that they lack, and keeps the words and needs that they gave.

    A number of statements that doesn't grow with the drafts, but for one in 500. Raises as `register` what holds of all.
    """
    return _register(actor, event_id, drafts, source, now, state, join=join)


def _register(
    actor: Actor,
    event_id: int,
    drafts: Sequence[RegistrationDraft],
    source: Source,
    now: datetime,
    state: SeatState | None,
    *,
    join: bool,
) -> list[Outcome]:
    rolls = _rolls_for(actor, event_id, drafts, source, now)
    event = next(iter(rolls.values())).event
    directory = directory_of(drafts)
    people = [directory.of(draft.who) for draft in drafts]
    emails = [
        person.email if draft.who.person_id is not None and person else address(draft.who.email)
        for draft, person in zip(drafts, people, strict=True)
    ]
    listed = listed_at(event_id, emails, sorted({each.id for each in people if each}))
    options = options_for(event_id, [draft.answers for draft in drafts])
    desk = Registrar(actor, event, source, state, now, join, seating_on(rolls), directory, listed, options)
    entries = [desk.enter(draft) for draft in drafts]
    with refusing():
        _write(desk, [entry for entry in entries if entry.problem is None and not entry.is_same])
    return [_outcome(entry) for entry in entries]


def _outcome(entry: Entry) -> Outcome:
    if entry.problem is not None:
        return Outcome(problem=entry.problem)
    own = tuple(seat for seat in entry.seats if seat.registration_id == entry.row.pk)
    return Outcome(entry.row, own, is_new=entry.is_new)


def _rolls_for(
    actor: Actor, event_id: int, drafts: Sequence[RegistrationDraft], source: Source, now: datetime
) -> dict[int, Roll]:
    """The rolls that are asked for, locked; opened where those who keep the roll ask for one that isn't there."""
    functions = {key for draft in drafts for key in draft.function_ids}
    rolls = lock_rolls_of(event_id, functions)
    there = {roll.function_id for roll in rolls.values()}
    opens = functions - there if source in KEEPERS else set()
    event = next((roll.event for roll in rolls.values()), None) or Event.objects.get(pk=event_id)
    _permit(actor, event, source, now)
    if not rolls or opens or (None not in there and any(draft.on_event for draft in drafts)):
        open_missing_rolls(actor, event, opens)
        rolls = lock_rolls_of(event_id, functions)
    return rolls


def _permit(actor: Actor, event: Event, source: Source, now: datetime) -> None:
    """Raises Event.DoesNotExist, Refused, and ValidationError where registration is closed."""
    by_form = source == Source.PUBLIC
    if not by_form and not actor.is_system and not events_seen_by(actor).filter(pk=event.pk).exists():
        raise Event.DoesNotExist
    if source in KEEPERS:
        require(actor, "roll.edit", event)
    elif source == Source.WALK_IN:
        require(actor, "roll.check_in", event)
    elif source == Source.GROUP:
        require(actor, "roll.register_others", event)
        by_form = not may(actor, "roll.edit", event)
    refuse_closed(event, now)
    form = form_of(event)
    if by_form and (sentence := why_form_closed(event, form, now)):
        raise ValidationError({"state": [ValidationError(sentence, code="closed")]})
    if source == Source.PUBLIC and (form is None or form.mode != FormMode.PUBLIC):
        sentence = _("“%(event)s” is by invitation.") % {"event": event.title}
        raise ValidationError({"state": [ValidationError(sentence, code="by_invitation")]})


def _write(desk: Registrar, entries: Sequence[Entry]) -> None:
    _write_people(desk, entries)
    _write_seats(desk, entries)
    _write_choices(entries)
    audit.record_all(_recorded(desk, entry) for entry in entries)
    arriving = _fill(desk, entries)
    if desk.source not in UNTOLD:
        seats = [
            seat
            for entry in entries
            for seat in entry.seats
            if seat.registration_id == entry.row.pk and seat.pk not in arriving
        ]
        tell_states(seats, {entry.row.pk: entry.row for entry in entries}, desk.now)


def _write_people(desk: Registrar, entries: Sequence[Entry]) -> None:
    insert_rows(entry.row for entry in entries if entry.is_new)
    if not desk.join:
        save_changed([entry.row for entry in entries if not entry.is_new])
    guests = [guest for entry in entries for guest in entry.guests]
    for guest in guests:
        guest.guest_of = guest.guest_of  # takes over the key that was just given
    save_changed([guest for guest in guests if guest.pk])
    insert_rows(guest for guest in guests if not guest.pk)


def _write_seats(desk: Registrar, entries: Sequence[Entry]) -> None:
    """New seats, and those of people who come again; guests that don't come along any more lose theirs."""
    changed: list[Seat] = []
    for entry in entries:
        for row in (entry.row, *entry.guests):
            there = {seat.roll_id: seat for seat in seats_of(row)}
            for roll, (state, where) in entry.places.items():
                seat = there.get(roll) or Seat(roll_id=roll, registration=row)
                become(seat, state, desk.now, where=where)
                seat.registration = row
                seat.answered_at = None if state == SeatState.INVITED else desk.now
                entry.seats.append(seat)
        if not entry.is_new and not desk.join:
            changed += _left_behind(entry, desk.now)
    changed += [seat for entry in entries for seat in entry.seats if seat.pk]
    save_seats(changed)
    insert_rows(seat for entry in entries for seat in entry.seats if not seat.pk)
    pass_on([*changed, *(seat for entry in entries for seat in entry.seats if seat not in changed)], desk.now)


def _left_behind(entry: Entry, now: datetime) -> list[Seat]:
    coming = {guest.pk for guest in entry.guests}
    return [
        become(seat, SeatState.CANCELLED, now, reason=TAKEN_OFF)
        for guest in entry.row.guests.all()
        if guest.pk not in coming
        for seat in seats_of(guest)
        if seat.state not in GONE
    ]


def _write_choices(entries: Sequence[Entry]) -> None:
    fresh = {entry.row.pk: entry.draft.needs for entry in entries if entry.is_new}
    add_needs({key: draft for key, draft in fresh.items() if draft != NeedsDraft()})
    again = {entry.row.pk: entry.draft.needs for entry in entries if not entry.is_new and entry.needs}
    if again:
        save_needs(again)
        Pick.objects.filter(registration__among=list(again)).delete()
    holding = {
        entry.row.pk for entry in entries if any(state in TAKING for state, _ in entry.places.values())
    }
    add_picks({entry.row.pk: entry.chosen for entry in entries if entry.chosen}, holding)


def _recorded(desk: Registrar, entry: Entry) -> AuditEntry | None:
    """Without needs and answers, which aren't for everybody who reads the record."""
    row = entry.row
    facts = {
        "event": desk.event.pk,
        "name": row.name,
        "email": row.email,
        "source": desk.source.value,
        "guests": [guest.name for guest in entry.guests],
        "seats": {str(roll): state.value for roll, (state, _where) in entry.places.items()},
    }
    name = "registration.made" if entry.is_new else "registration.renewed"
    return audit.entry(actor=desk.actor, action=name, obj=row, after=facts)


def _fill(desk: Registrar, entries: Sequence[Entry]) -> set[int]:
    """Where places are left that nobody before them could take, who has just come onto the waitlist gets them at once."""
    waiting = {
        seat.pk: seat for entry in entries for seat in entry.seats if seat.state == SeatState.WAITLISTED
    }
    places = desk.seating.desk.places
    keys = {seat.roll_id for seat in waiting.values() if not places[seat.roll_id].are_none}
    if not keys:
        return set()
    given = fill_seats([desk.seating.rolls[key] for key in sorted(keys)], desk.now, arriving=waiting)
    for seat in given:
        if seat.pk in waiting:
            for name in ("state", "allotment_id", "offered_at", "offer_expires_at"):
                setattr(waiting[seat.pk], name, getattr(seat, name))
    return {seat.pk for seat in given}
