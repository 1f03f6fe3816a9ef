"""Small things that those who keep a roll do: offer what is free, send somebody their link again."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.notices import tell
from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.opening import editable_roll, refuse_over
from convenor.attendance.enums import Notice
from convenor.attendance.models import Registration, Seat
from convenor.attendance.queries.visibility import registration_for
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action


@action
def offer_free_seats(*, actor: Actor, roll_id: int, now: datetime) -> list[Seat]:
    """Offer what is free to who waits, by the roll's rule; none where nobody who waits fits.

    Raises Roll.DoesNotExist, Refused, ValidationError for an event that is over.
    """
    roll = editable_roll(actor, roll_id)
    refuse_over(roll.event, now)
    return fill_seats([roll], now)


@action
def resend_link(*, actor: Actor, registration_id: int, now: datetime) -> Registration:
    """Write somebody their personal link again; a guest's goes to whose guest they are.

    Raises Registration.DoesNotExist, Refused, ValidationError where there is no address and for an event that is over.
    """
    row = registration_for(actor, registration_id, "roll.edit")
    lead = row.guest_of or row
    refuse_over(row.event, now)
    if not lead.email:
        raise ValidationError({"email": [_("There is no address to write to.")]})
    tell([lead], Notice.LINK, now)
    audit.record(actor=actor, action="registration.link_sent", obj=lead, after={"email": lead.email})
    return lead
