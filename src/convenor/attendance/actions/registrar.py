"""Entering drafts of registrations one after another: who they are of, where they sit, or why they can't be taken.

Decides under the rolls' locks and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.offers import settled_state
from convenor.attendance.actions.opening import form_of
from convenor.attendance.actions.picking import Options
from convenor.attendance.actions.registrants import fill_in, guest_rows, new_registration, set_needs
from convenor.attendance.actions.seating import Seating, Where, refuse_what_is_past
from convenor.attendance.actions.seats import seats_of
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import GONE, TAKING, SeatState, Source
from convenor.attendance.models import FieldOption, Registration, RegistrationNeeds, Roll, Seat
from convenor.attendance.queries.known import Directory, Listed
from convenor.attendance.rules.seat_states import is_open_again
from convenor.base.actor import Actor
from convenor.events.models import Event


@dataclass(slots=True, eq=False)
class Entry:
    """A draft on its way: its rows, and the seats that are written."""

    draft: RegistrationDraft
    row: Registration
    guests: list[Registration] = field(default_factory=list)
    places: Mapping[int, Where] = field(default_factory=dict)  # by roll
    chosen: list[FieldOption] = field(default_factory=list)
    needs: RegistrationNeeds | None = None
    seats: list[Seat] = field(default_factory=list)
    problem: ValidationError | None = None
    is_new: bool = True
    is_same: bool = False  # the same form sent again: nothing is done


@dataclass(slots=True)
class Registrar:
    """Enters drafts one after another, each knowing what those before it took."""

    actor: Actor
    event: Event
    source: Source
    state: SeatState | None
    now: datetime
    join: bool
    seating: Seating
    directory: Directory
    listed: Listed
    options: Options
    entered: set[int] = field(default_factory=set)  # ids of the rows of this call

    def enter(self, draft: RegistrationDraft) -> Entry:
        entry = Entry(draft, new_registration(self.event.pk, self.source))
        try:
            self._find(entry)
            if not entry.is_same:
                self._seat(entry)
        except ValidationError as error:
            entry.problem = error
        else:
            self.entered.add(id(entry.row))
            self._list(entry.row)
        return entry

    def _list(self, row: Registration) -> None:
        if row.email:
            self.listed.by_email[row.email] = row
        if row.person_id is not None:
            self.listed.by_person[row.person_id] = row

    def _find(self, entry: Entry) -> None:
        """The rows: new ones, or those of who is listed already. Raises ValidationError."""
        draft, row = entry.draft, entry.row
        fill_in(row, draft, self.directory, self.now)
        row.registered_by_id = self.actor.person_id if self.source != Source.PUBLIC else None
        if self.source == Source.PUBLIC and not row.email:
            sentence = _("We need an address to write to.")
            raise ValidationError({"email": [ValidationError(sentence, code="required")]})
        before = self.listed.of(row.email, row.person_id)
        if before is not None:
            self._again(entry, before)
        if entry.is_same:
            return
        if entry.is_new or not self.join:
            entry.guests = guest_rows(entry.row, draft.guests, self.directory)
            entry.needs = set_needs(RegistrationNeeds(), draft.needs)
            self._check_guests(entry)

    def _again(self, entry: Entry, before: Registration) -> None:
        """Somebody is on the list: they sent the form twice, come again, or are refused."""
        entry.is_new = False
        same_form = bool(entry.draft.nonce) and before.nonce == entry.draft.nonce
        if same_form or id(before) in self.entered:
            if not same_form and not self.join:
                raise listed_already()
            entry.row, entry.is_same = before, True
            return
        active = [seat for seat in seats_of(before) if not is_open_again(SeatState(seat.state))]
        if active and not self.join:
            raise listed_already()
        if not self.join:
            source = before.source
            fill_in(before, entry.draft, self.directory, self.now)
            gone = all(seat.state in GONE for seat in seats_of(before))
            before.source = self.source if gone else source
            before.registered_by_id = entry.row.registered_by_id or before.registered_by_id
        entry.row = before

    def _check_guests(self, entry: Entry) -> None:
        form = form_of(self.event)
        if self.source == Source.PUBLIC and form is not None and len(entry.guests) > form.max_guests:
            sentence = _("You can bring %(most)d guests at most.") % {"most": form.max_guests}
            raise ValidationError({"guests": [ValidationError(sentence, code="too_many")]})

    def _seat(self, entry: Entry) -> None:
        """Decide about every roll, and take the places only once none refuses. Raises ValidationError."""
        wanted = self._wanted(entry)
        refuse_what_is_past(wanted, self.now)
        row, size = entry.row, 1 + len(entry.guests)
        places: dict[int, Where] = {}
        owned: dict[int, tuple[int, ...]] = {}
        for roll in wanted:
            owned[roll.pk] = self._own(roll, entry)
            places[roll.pk] = self.seating.seat(
                roll, size, owned[roll.pk], settled=settled_state(row, self.event), asked=self.state
            )
        entry.chosen = self.options.chosen(entry.draft.answers)
        if any(state in TAKING for state, _where in places.values()):
            self.options.take(entry.chosen)
        self.seating.take(dict.fromkeys(places, size), places)
        for roll in wanted:
            if places[roll.pk][0] == SeatState.WAITLISTED:
                self.seating.note_waiting(roll, owned[roll.pk])
        entry.places = places

    def _own(self, roll: Roll, entry: Entry) -> tuple[int, ...]:
        """The allotments that they may sit in; the one that was named goes first."""
        named = entry.draft.allotment_id
        own = self.seating.desk.own(roll.pk, entry.row.department_id, entry.row.organisation)
        if named is None or named not in self.seating.desk.places[roll.pk].spare:
            return own
        return (named, *(key for key in own if key != named))

    def _wanted(self, entry: Entry) -> list[Roll]:
        """The rolls on which they get a seat now, in the order of their keys. Raises ValidationError."""
        draft = entry.draft
        mine = set(draft.function_ids)
        by_function = {roll.function_id: roll for roll in self.seating.rolls.values()}
        chosen = [by_function.get(key) for key in mine]
        if None in chosen or (
            self.source in (Source.PUBLIC, Source.GROUP)
            and not all(roll is not None and roll.is_choosable for roll in chosen)
        ):
            sentence = _("One of the parts that were chosen can't be chosen any more.")
            raise ValidationError({"function_ids": [ValidationError(sentence, code="not_choosable")]})
        rolls = [roll for roll in chosen if roll is not None]
        rolls += [by_function[None]] if draft.on_event else []
        sitting = {seat.roll_id for seat in seats_of(entry.row) if not is_open_again(SeatState(seat.state))}
        return sorted((roll for roll in rolls if roll.pk not in sitting), key=lambda roll: roll.pk)


def listed_already() -> ValidationError:
    sentence = _("This address is on the list already.")
    return ValidationError({"email": [ValidationError(sentence, code="registered_once")]})
