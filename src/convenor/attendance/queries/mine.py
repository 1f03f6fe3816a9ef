"""What whoever holds a registration's secret link reads: that registration, its guests, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.enums import COMING, GONE, FormMode, SeatState
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.attendance.queries.form import (
    TOKEN,
    Cover,
    Offered,
    asked_of,
    cover_of,
    offered_by,
    rolls_offered,
)
from convenor.attendance.queries.mail_facts import language_of, rooms_of
from convenor.attendance.queries.registration_draft import registration_draft_of
from convenor.attendance.queries.turns import turns_on
from convenor.attendance.rules.asked import Asked, Chosen, options_in
from convenor.attendance.rules.seat_states import reason_words
from convenor.attendance.rules.standing import Standing, event_standing
from convenor.events.enums import EventState
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import OccurrenceState

WITHOUT_FORM = Asked(asks_organisation=False)
"""What is asked where an event has no form: what the kitchen and set-up need to know."""
WITH = ("event__site", "event__owner", "guest_of", "person__user")


@dataclass(frozen=True, slots=True)
class MySeat:
    """A seat of one's own; times are on the event's clocks. `title` is "" for the event as a whole."""

    id: int
    state: SeatState
    title: str
    starts: LocalTime | None
    ends: LocalTime | None
    place: str
    offered_until: LocalTime | None
    turn: int | None  # on the waitlist
    reason: str
    is_off: bool

    @property
    def is_asked(self) -> bool:
        """Whether it waits for a yes or a no."""
        return self.state in (SeatState.INVITED, SeatState.OFFERED) and not self.is_off

    @property
    def is_gone(self) -> bool:
        return self.state in GONE


@dataclass(frozen=True, slots=True)
class MyGuest:
    name: str
    code: str
    state: SeatState


@dataclass(frozen=True, slots=True)
class MyPage:
    """`standing` is None while the event takes place; `host` is whose guest they are; `free_until` when cancelling ceases to be
    free, `is_late` whether it has.
    """

    registration: Registration
    event: Cover
    organiser: tuple[str, str]
    standing: Standing | None
    seats: tuple[MySeat, ...]
    guests: tuple[MyGuest, ...]
    host: str
    language: str
    free_until: LocalTime | None
    is_late: bool
    rsvp_by: LocalTime | None

    @property
    def may_act(self) -> bool:
        return self.standing is None

    @property
    def is_invited(self) -> bool:
        """Asked to the event, and hasn't answered: the link opens the form."""
        return (
            self.may_act
            and not self.host
            and self.whole is not None
            and self.whole.state == SeatState.INVITED
        )

    @property
    def whole(self) -> MySeat | None:
        """The seat at the event itself; who is only asked to some of it has none."""
        return next((seat for seat in self.seats if not seat.title), None)

    @property
    def has_place(self) -> bool:
        """Whether there is something to show at the door."""
        return any(seat.state in (*COMING, SeatState.OFFERED) for seat in self.seats)

    @property
    def may_change(self) -> bool:
        return self.may_act and not self.host and not self.is_invited and self.is_on

    @property
    def is_on(self) -> bool:
        return any(not seat.is_gone for seat in self.seats)

    @property
    def may_cancel(self) -> bool:
        there = any(seat.state == SeatState.CHECKED_IN for seat in self.seats)
        may = self.standing in (None, Standing.POSTPONED)
        return may and self.is_on and not self.is_invited and not there

    @property
    def may_come_again(self) -> bool:
        """Declined or cancelled, and the event still takes place."""
        gone = self.whole is not None and self.whole.state in (SeatState.DECLINED, SeatState.CANCELLED)
        return self.may_act and not self.host and not self.is_on and gone


@dataclass(frozen=True, slots=True)
class MyForm:
    """What can be changed, or is asked of who is invited, with what was said already."""

    asked: Asked
    functions: tuple[Offered, ...]
    draft: RegistrationDraft
    before: Chosen
    shows_left: bool


def my_page(token: str, now: datetime) -> MyPage:
    """A number of queries that doesn't grow with the seats. Raises Registration.DoesNotExist."""
    row = _row(token)
    event = row.event
    mine, guests = _seats(row)
    own = next((seat.roll for seat in mine if seat.roll.function_id is None), None)
    free_until = _free_until(mine)
    return MyPage(
        registration=row,
        event=cover_of(event),
        organiser=(event.owner.name, event.owner.email),
        standing=_standing(row, now),
        seats=tuple(_my_seats(row, mine)),
        guests=_guests(guests, own),
        host=row.guest_of.name if row.guest_of else "",
        language=language_of(row),
        free_until=local_in(event.zone, free_until),
        is_late=free_until is not None and now > free_until,
        rsvp_by=local_in(event.zone, own.rsvp_by if own else None),
    )


def my_form(page: MyPage, language: str) -> MyForm:
    """What is asked of the registration now, and what it may keep though it has run out."""
    row = page.registration
    draft = registration_draft_of(row)
    form = RegistrationForm.objects.filter(event=row.event_id).first()
    functions = offered_by(row.event, rolls_offered(row.event))
    asked = asked_of(form, language, functions) if form else _without_form(functions)
    return MyForm(
        asked=asked,
        functions=functions,
        draft=draft,
        before=_before(draft),
        shows_left=form.shows_seats_left if form else False,
    )


def code_of(token: str) -> str:
    """What the QR code says. Raises Registration.DoesNotExist."""
    return _row(token).code


def page_token_of(event_id: int) -> str:
    """Where others register, if everybody may; else ""."""
    rows = RegistrationForm.objects.filter(event=event_id, mode=FormMode.PUBLIC, is_open=True)
    return rows.values_list("token", flat=True).first() or ""


def _row(token: str) -> Registration:
    if not TOKEN.fullmatch(token):
        raise Registration.DoesNotExist
    return Registration.objects.select_related(*WITH).get(token=token)


def _standing(row: Registration, now: datetime) -> Standing | None:
    return event_standing(EventState(row.event.state), row.event.ends_at, now)


def _seats(row: Registration) -> tuple[list[Seat], list[Seat]]:
    """One's own and one's guests', without those of functions that were taken out of the event."""
    there = Q(roll__function__isnull=True) | Q(roll__function__removed_at__isnull=True)
    whose = Q(registration=row) | Q(registration__guest_of=row)
    rows = Seat.objects.filter(there, whose).select_related(
        "registration", "roll__function__occurrence__meeting"
    )
    seats = list(rows.order_by("pk"))
    mine = [seat for seat in seats if seat.registration_id == row.pk]
    return mine, [seat for seat in seats if seat.registration_id != row.pk]


def _my_seats(row: Registration, seats: Sequence[Seat]) -> Iterable[MySeat]:
    """The event as a whole first, then by time."""
    waited = [seat.roll for seat in seats if seat.state == SeatState.WAITLISTED]
    turns = turns_on(waited) if waited else {}
    rooms = rooms_of(seat.roll.function for seat in seats)
    lead = row.guest_of_id or row.pk
    for seat in sorted(seats, key=_order):
        turn = turns.get(seat.roll_id, {}).get(lead)
        yield _my_seat(row.event.zone, seat, rooms, turn.position if turn else None)


def _order(seat: Seat) -> tuple[bool, str, int]:
    function = seat.roll.function
    return function is not None, str(function.occurrence.starts_at) if function else "", seat.pk


def _my_seat(zone: str, seat: Seat, rooms: dict[int, str], turn: int | None) -> MySeat:
    function = seat.roll.function
    occurrence = function.occurrence if function else None
    return MySeat(
        id=seat.pk,
        state=SeatState(seat.state),
        title=(occurrence.title or occurrence.meeting.title) if occurrence else "",
        starts=local_in(zone, occurrence.starts_at) if occurrence else None,
        ends=local_in(zone, occurrence.ends_at) if occurrence else None,
        place=rooms.get(occurrence.pk, "") if occurrence else "",
        offered_until=local_in(zone, seat.offer_expires_at),
        turn=turn,
        reason=reason_words(seat.reason),
        is_off=occurrence is not None and occurrence.state == OccurrenceState.CANCELLED,
    )


def _guests(seats: Sequence[Seat], own: Roll | None) -> tuple[MyGuest, ...]:
    """Those who come along to the event."""
    rows = [seat for seat in seats if own is not None and seat.roll_id == own.pk and seat.state not in GONE]
    return tuple(
        MyGuest(seat.registration.name, seat.registration.code, SeatState(seat.state)) for seat in rows
    )


def _free_until(seats: Sequence[Seat]) -> datetime | None:
    """The first of the times of what somebody has a place at."""
    untils = [seat.roll.cancel_free_until for seat in seats if seat.state in COMING]
    return min((until for until in untils if until is not None), default=None)


def _without_form(functions: Iterable[Offered]) -> Asked:
    return replace(WITHOUT_FORM, function_ids=frozenset(each.id for each in functions if not each.is_closed))


def _before(draft: RegistrationDraft) -> Chosen:
    return Chosen(
        function_ids=frozenset(draft.function_ids),
        options={key: frozenset(options_in(answer)) for key, answer in draft.answers.items()},
        guests=len(draft.guests),
    )
