"""What a mail to somebody on a roll says, as plain values. queries/mail_facts.py fills them, sentences/mail.py words them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from convenor.attendance.enums import SeatState
from convenor.events.enums import EventState


class About(StrEnum):
    """What a reminder reminds of."""

    ANSWER = "answer"  # of an invitation that isn't answered
    OFFER = "offer"  # of a seat that is kept for them and soon won't be
    COMING = "coming"  # of the event itself, the day before


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One seat. `function` is "" for the event as a whole, whose times and place the mail says anyway.

    `guest` is who sits there, where that isn't the reader; `is_off` where the function was called off by itself.
    """

    roll_id: int
    state: SeatState
    guest: str = ""
    function: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    rsvp_by: datetime | None = None
    cancel_free_until: datetime | None = None
    offer_expires_at: datetime | None = None
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class MailFacts:
    """`seats` are the reader's, then those of their guests, for whom they answer; `email` is "" where nobody can be written to.

    `link` is secret. `reason` is as it was written, or a code of rules/seat_states.py; `other` is who comes instead.
    """

    registration_id: int
    event_id: int
    name: str
    email: str
    language: str
    event: str
    state: EventState
    zone: str
    organiser: str
    link: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    seats: tuple[SeatFacts, ...] = ()
    reason: str = ""
    other: str = ""
    about: About = About.ANSWER

    @property
    def what(self) -> str:
        """What the mail is about: the function, where all of it is about one, else the event."""
        functions = {seat.function for seat in self.seats}
        return functions.pop() if len(functions) == 1 and all(functions) else self.event

    @property
    def rsvp_by(self) -> datetime | None:
        """The first of the times until which to answer."""
        return min((seat.rsvp_by for seat in self.seats if seat.rsvp_by), default=None)

    @property
    def cancel_free_until(self) -> datetime | None:
        return min((seat.cancel_free_until for seat in self.seats if seat.cancel_free_until), default=None)

    @property
    def offer_expires_at(self) -> datetime | None:
        return min((seat.offer_expires_at for seat in self.seats if seat.offer_expires_at), default=None)
