"""Who is asked to an event, or to a function's meeting, is on its roll; who answers the meeting has answered for the seat.

The other way, from seats to the schedule, is onward.py's. Neither goes round in a circle: seats that are written here are
passed on to what takes part, which tells nobody who follows answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError

from convenor.attendance.actions.capacity import follow_rooms
from convenor.attendance.actions.notices import KIND, tell_states
from convenor.attendance.actions.onward import keep_in_step
from convenor.attendance.actions.opening import lock_rolls
from convenor.attendance.actions.party import opened_as
from convenor.attendance.actions.registering import register_many
from convenor.attendance.actions.seat import answer, write_seats
from convenor.attendance.actions.seats import become, states_of
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import GONE, Notice, SeatState, Source
from convenor.attendance.models import Registration, Roll, Seat
from convenor.attendance.queries.following import (
    NO,
    Standing,
    announcements,
    rolls_touched,
    standing_of,
    told_of_changes,
)
from convenor.attendance.queries.timing import ends_at, is_on
from convenor.attendance.rules.closing import why_closed
from convenor.attendance.rules.seat_states import TAKEN_OFF, By
from convenor.base import clock, outbox
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.base.updating import update_rows
from convenor.events.enums import ALIVE
from convenor.scheduling.enums import PartStat

LIST = Actor.system("List of people")
DOOR = (SeatState.CHECKED_IN, SeatState.NO_SHOW)
"""What only the door decides about."""


# --- Who is asked ------------------------------------------------------------------------------


def follow_people(_actor: Actor, event_id: int, now: datetime) -> None:
    """The event's list changed."""
    keys = list(Roll.objects.filter(event=event_id, function__isnull=True).values_list("pk", flat=True))
    bring_up(keys, now)


def follow_changes(_actor: Actor, meeting_ids: Collection[int], _occurrence_ids: Collection[int]) -> None:
    """Meetings changed: their people, their times, their rooms. One query where none of them is a function."""
    rolls = rolls_touched(meeting_ids)
    if not rolls:
        return
    now = clock.now()
    own = [roll for roll in rolls if roll.function_id is not None]
    bring_up([roll.pk for roll in own], now)
    _stay([roll for roll in own if is_on(roll)], now)
    if following := [roll.pk for roll in rolls if roll.follows_room]:
        follow_rooms(following, now)
    announce(own, now)


@action
def welcome(roll_ids: Collection[int], now: datetime) -> None:
    """Rolls that were just opened: everybody who is asked comes onto them, and what holds now is known."""
    rolls = list(
        Roll.objects.filter(pk__in=roll_ids).select_related("event", "function__occurrence__meeting")
    )
    _note_announced(rolls)
    bring_up(roll_ids, now)


def welcome_late(now: datetime) -> int:
    """The same for rolls that were opened by the way, as by the first registration; how many."""
    rows = Roll.objects.filter(announced__isnull=True, event__state__in=ALIVE).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        welcome([key], now)
    return len(keys)


@action
def bring_up(roll_ids: Collection[int], now: datetime) -> None:
    """Bring rolls up to who is asked: those who came onto the list get a seat, invited or as they have answered already,
    and those who were taken off lose theirs. What is over stays as it was, and so does who decided for themselves.
    """
    for roll in lock_rolls(roll_ids).values():
        if _is_open(roll, now):
            standing = standing_of(roll)
            _take_off(roll, standing, now)
            _take_on(roll, standing, now)


def _is_open(roll: Roll, now: datetime) -> bool:
    end = ends_at(roll)
    return why_closed(roll.event, now) is None and is_on(roll) and (end is None or now < end)


def _take_off(roll: Roll, standing: Standing, now: datetime) -> None:
    gone = [seat for person, seat in standing.seats.items() if seat.asked_at and person not in standing.asked]
    for seat in gone:
        seat.asked_at = None
    update_rows(gone, ["asked_at"])
    leads = {seat.registration_id: seat.state for seat in gone if seat.state not in (*GONE, *DOOR)}
    if not leads:
        return
    rows = Seat.objects.filter(roll=roll, registration__guest_of__in=leads)
    guests = rows.exclude(state__in=(*GONE, *DOOR)).select_related("registration__guest_of")
    ended = [*(seat for seat in gone if seat.registration_id in leads), *guests.order_by("pk")]
    before = states_of(ended)
    for seat in ended:
        become(seat, SeatState.CANCELLED, now, reason=TAKEN_OFF)
    # A function's meeting tells them itself
    is_told = roll.function_id is None
    facts = {"reason": TAKEN_OFF}
    write_seats(LIST, "seat.changed", ended, before, {roll.pk: roll}, now, quietly=not is_told, facts=facts)


def _take_on(roll: Roll, standing: Standing, now: datetime) -> None:
    """In the order of their answers: who said yes gets a place, or waits for one; all others are invited."""
    fresh = {
        person: partstat
        for person, partstat in standing.asked.items()
        if partstat not in NO and _is_fresh(standing.seats.get(person))
    }
    coming = [person for person, partstat in fresh.items() if partstat == PartStat.ACCEPTED]
    seat_people(roll, coming, now, state=None)
    seat_people(roll, sorted(fresh.keys() - set(coming)), now, state=SeatState.INVITED)
    known = [
        seat for person, seat in standing.seats.items() if person in standing.asked and not seat.asked_at
    ]
    for seat in known:
        seat.asked_at = now
    update_rows(known, ["asked_at"])


def _is_fresh(seat: Seat | None) -> bool:
    """Not on the roll, or gone from it before they were asked."""
    return seat is None or (seat.state in GONE and not seat.asked_at)


def seat_people(
    roll: Roll, person_ids: Sequence[int], now: datetime, *, state: SeatState | None
) -> list[Seat]:
    """Seats on the roll for people who are asked; who said yes before it was full, and there is no place, waits."""
    if not person_ids:
        return []
    drafts = [_draft(roll, person) for person in person_ids]
    book = partial(
        register_many, actor=LIST, event_id=roll.event_id, source=Source.ATTENDEE, now=now, join=True
    )
    outcomes = book(drafts=drafts, state=state)
    full = [
        draft for draft, outcome in zip(drafts, outcomes, strict=True) if outcome.problem and state is None
    ]
    outcomes += book(drafts=full, state=SeatState.WAITLISTED) if full else []
    seats = [seat for outcome in outcomes for seat in outcome.seats if seat.roll_id == roll.pk]
    for seat in seats:
        seat.asked_at = now
    update_rows(seats, ["asked_at"])
    # Of a function they hear by its meeting, but not that it is full
    news = [seat for seat in seats if roll.function_id is None or seat.state == SeatState.WAITLISTED]
    tell_states(news, {seat.registration_id: seat.registration for seat in news}, now)
    return seats


def _draft(roll: Roll, person: int) -> RegistrationDraft:
    functions = () if roll.function_id is None else (roll.function_id,)
    return RegistrationDraft(Who(person_id=person), function_ids=functions, on_event=roll.function_id is None)


# --- What they answer --------------------------------------------------------------------------


def follow_answers(
    actor: Actor, occurrence_ids: Collection[int], person_id: int, partstat: PartStat, now: datetime
) -> None:
    """Somebody answered for functions: yes takes a place or a turn, no gives it up. One query where no roll is theirs.

    Raises ValidationError on `partstat` where there is neither a place nor a waitlist.
    """
    rolls = Roll.objects.filter(
        function__occurrence__in=sorted(occurrence_ids), function__removed_at__isnull=True
    )
    for key in rolls.order_by("pk").values_list("pk", flat=True):
        try:
            _answer(actor, key, person_id, partstat, now)
        except ValidationError as error:
            raise ValidationError({"partstat": error.messages}) from error


def _answer(actor: Actor, roll_id: int, person: int, partstat: PartStat, now: datetime) -> None:
    (roll,) = lock_rolls([roll_id]).values()
    if not _is_open(roll, now):
        return
    row = Registration.objects.filter(event=roll.event_id, person=person, guest_of__isnull=True).first()
    party = opened_as(row, actor, By.SELF, [roll.function_id or 0]) if row is not None else None
    seat = next((each for each in party.own if each.roll_id == roll_id), None) if party else None
    if party is None or seat is None:
        _answer_first(roll, person, partstat, now)
    elif seat.state not in DOOR:
        if partstat == PartStat.TENTATIVE:
            _ask_again(roll, seat, now)
        elif partstat == PartStat.ACCEPTED or partstat in NO:
            answer(party, seat.pk, partstat == PartStat.ACCEPTED, now, quietly=True)
        _come_back(seat, partstat, now)


def _answer_first(roll: Roll, person: int, partstat: PartStat, now: datetime) -> None:
    """Of somebody who had declined before the roll was opened."""
    if partstat in NO or person not in standing_of(roll).asked:
        return
    seat_people(roll, [person], now, state=None if partstat == PartStat.ACCEPTED else SeatState.INVITED)


def _ask_again(roll: Roll, seat: Seat, now: datetime) -> None:
    """Who had declined and now says maybe is asked as before."""
    if seat.state in GONE:
        before = states_of([seat])
        become(seat, SeatState.INVITED, now)
        write_seats(LIST, "seat.changed", [seat], before, {roll.pk: roll}, now, quietly=True)


def _come_back(seat: Seat, partstat: PartStat, now: datetime) -> None:
    """A yes without a place is no yes: they are told, and it stands as “maybe” until there is one."""
    if partstat == PartStat.ACCEPTED and seat.state in (SeatState.WAITLISTED, SeatState.HELD):
        keep_in_step([seat], now)
        tell_states([seat], {seat.registration_id: seat.registration}, now)


# --- When and where it is ----------------------------------------------------------------------


def _stay(rolls: Iterable[Roll], now: datetime) -> None:
    """A new time asks everybody anew, but whoever has a seat without being asked to the meeting comes as before."""
    keys = [roll.pk for roll in rolls]
    rows = Seat.objects.filter(roll__in=keys, asked_at__isnull=True, state=SeatState.CONFIRMED)
    keep_in_step(rows.filter(registration__person__isnull=False).select_related("registration"), now)


def announce(rolls: Collection[Roll], now: datetime) -> None:
    """Tell seat holders of functions that are at another time or in another place, called off or on again: after a
    while, so that several changes are one mail.
    """
    facts = announcements(rolls)
    changed = [roll for roll in rolls if roll.announced and roll.announced != facts[roll.pk]]
    for roll in changed:
        outbox.take_waiting(kind=KIND, begins=_topic(roll))
    run_at = clock.now() + timedelta(seconds=settings.INVITATION_DELAY)
    by_roll = {roll.pk: roll for roll in changed}
    outbox.put_all(
        _announcement(seat, by_roll[seat.roll_id], facts[seat.roll_id]["is_on"], now, run_at)
        for seat in (told_of_changes(changed) if changed else ())
        if seat.registration.email
    )
    _note_announced(rolls)


def topic_of(event_id: int) -> str:
    """With what the keys of messages about the event's functions begin."""
    return f"event:{event_id}:"


def _topic(roll: Roll) -> str:
    return f"{topic_of(roll.event_id)}{roll.pk}:"


def _announcement(seat: Seat, roll: Roll, is_on: bool, now: datetime, run_at: datetime) -> outbox.Message:
    payload = {
        "registration_id": seat.registration_id,
        "notice": (Notice.MOVED if is_on else Notice.CALLED_OFF).value,
        "roll_ids": [roll.pk],
        "at": now.isoformat(),
        "if_changed": True,
    }
    key = f"{_topic(roll)}{seat.registration_id}:{clock.now().isoformat()}"
    return outbox.Message(kind=KIND, key=key, payload=payload, run_at=run_at)


def _note_announced(rolls: Collection[Roll]) -> None:
    facts = announcements(rolls)
    changed = [roll for roll in rolls if roll.announced != facts[roll.pk]]
    for roll in changed:
        roll.announced = facts[roll.pk]
    update_rows(changed, ["announced"])
