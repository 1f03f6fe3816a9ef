"""Everything on the staff's page of one registration, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import GONE, SeatState
from convenor.attendance.models import FieldOption, FormField, Registration, Roll, Seat
from convenor.attendance.queries.doubles import doubles_of
from convenor.attendance.queries.registration_draft import needs_draft_of
from convenor.attendance.queries.turns import Turn, turns_on
from convenor.attendance.queries.visibility import registration_for, rolls_for
from convenor.attendance.rules.doubles import Double
from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.base.permissions import may
from convenor.events.models import Event
from convenor.events.queries.hidden import hidden_functions

MOST_HISTORY = 50
WITH = (
    *(
        "roll__event",
        "roll__function__occurrence__meeting",
        "allotment__department",
        "allotment__organisation",
    ),
    *("substitutes__registration", "substitute__registration"),
)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """`turn` is known of who waits on a waitlist."""

    seat: Seat
    title: str
    starts_at: datetime | None
    turn: Turn | None

    @property
    def is_gone(self) -> bool:
        return self.seat.state in GONE


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """`needs` None: not for the reader. `history` are entries of the record, newest first, for who keeps the roll."""

    row: Registration
    seats: Sequence[SeatRow]
    guests: Sequence[Registration]
    answers: Sequence[tuple[str, str]]
    needs: NeedsDraft | None
    doubles: Sequence[Double]
    history: Sequence[AuditEntry]
    may_edit: bool

    @property
    def has_seat(self) -> bool:
        return any(not each.is_gone for each in self.seats)


def registration_page_for(actor: Actor, pk: int, language: str) -> RegistrationPage:
    """Raises Registration.DoesNotExist, Refused."""
    row = registration_for(actor, pk)
    hidden = hidden_functions(actor, row.event)
    may_see_needs = may(actor, "roll.see_needs", row.event)
    may_edit = may(actor, "roll.edit", row.event)
    return RegistrationPage(
        row=row,
        seats=_seats(row, hidden),
        guests=list(row.guests.order_by("pk")),
        answers=_answers(row, language) if may_see_needs else (),
        needs=needs_draft_of(row) if may_see_needs else None,
        doubles=doubles_of(actor, row),
        history=_history(row) if may_edit else (),
        may_edit=may_edit,
    )


def _seats(row: Registration, hidden: set[int]) -> list[SeatRow]:
    """The event's own first, then by time; of functions that the reader may see."""
    there = Q(roll__function__isnull=True) | Q(roll__function__removed_at__isnull=True)
    rows = Seat.objects.filter(there, registration=row).exclude(roll__function__in=hidden)
    seats = list(rows.select_related(*WITH))
    waited = [seat.roll for seat in seats if seat.state == SeatState.WAITLISTED]
    turns = turns_on(waited) if waited else {}
    lead = row.guest_of_id or row.pk
    found = [SeatRow(seat, *_what(seat.roll), turns.get(seat.roll_id, {}).get(lead)) for seat in seats]
    return sorted(found, key=lambda each: (each.seat.roll.function_id is not None, str(each.starts_at)))


def _what(roll: Roll) -> tuple[str, datetime | None]:
    if roll.function is None:
        return roll.event.title, roll.event.starts_at
    occurrence = roll.function.occurrence
    return occurrence.title or occurrence.meeting.title, occurrence.starts_at


def _answers(row: Registration, language: str) -> list[tuple[str, str]]:
    """Questions with what was said, in the form's order; what isn't asked any more comes last, by its key. 2 queries."""
    fields = {each.key: each for each in FormField.objects.filter(form__event=row.event_id)}
    options = FieldOption.objects.filter(field__in=fields.values())
    labels = {(each.field_id, each.key): _said(each, "label", language) for each in options}
    order = {key: place for place, key in enumerate(fields)}
    found: list[tuple[str, str]] = []
    for key in sorted(row.answers, key=lambda key: (order.get(key, len(order)), key)):
        value, field = row.answers[key], fields.get(key)
        parts = value if isinstance(value, list) else [value]
        said = [labels.get((field.pk if field else 0, part), part) for part in parts]
        found.append((_said(field, "label", language) if field else key, _text(said)))
    return [(label, text) for label, text in found if text]


def _said(row: FormField | FieldOption, name: str, language: str) -> str:
    english, romanian = getattr(row, f"{name}_en"), getattr(row, f"{name}_ro")
    return str((romanian or english) if language.startswith("ro") else (english or romanian))


def _text(parts: Sequence[object]) -> str:
    return ", ".join("✓" if part is True else str(part) for part in parts if part)


def _history(row: Registration) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(object_type=Registration._meta.label_lower, object_id=row.pk)
    return list(rows.order_by("-pk")[:MOST_HISTORY])


def functions_with_roll(actor: Actor, event: Event) -> list[tuple[int, str]]:
    """Keys and titles of the event's functions that have a roll, by time. Raises Event.DoesNotExist, Refused."""
    rolls = [roll for roll in rolls_for(actor, event.pk) if roll.function is not None]
    return [(roll.function_id or 0, _what(roll)[0]) for roll in rolls]
