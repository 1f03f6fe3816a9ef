"""What registrants are written to about: put into the outbox with the change that it tells of.

The mail itself is composed when it is delivered, from what is so by then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from convenor.attendance.enums import Notice, SeatState
from convenor.attendance.models import Registration, Seat
from convenor.base import outbox

KIND = "registration"
NOTICE_OF: Mapping[SeatState, Notice] = {
    SeatState.INVITED: Notice.INVITED,
    SeatState.HELD: Notice.HELD,
    SeatState.CONFIRMED: Notice.CONFIRMED,
    SeatState.WAITLISTED: Notice.WAITLISTED,
    SeatState.OFFERED: Notice.OFFERED,
    SeatState.DECLINED: Notice.CANCELLED,
    SeatState.CANCELLED: Notice.CANCELLED,
}
"""What is written to somebody whose seat came to be so. The door and no-shows are told nothing."""
FIRST = tuple(
    dict.fromkeys(
        (
            Notice.OFFERED,
            *(
                NOTICE_OF[state]
                for state in (
                    SeatState.CONFIRMED,
                    SeatState.HELD,
                    SeatState.INVITED,
                    SeatState.WAITLISTED,
                    SeatState.CANCELLED,
                )
            ),
        )
    )
)
"""Of several news for one registration, which gives the mail its subject."""


def tell(
    registrations: Iterable[Registration],
    notice: Notice,
    now: datetime,
    *,
    roll_ids: Mapping[int, Collection[int]] | Collection[int] = (),
    fact: str = "",
    **facts: Any,
) -> None:
    """Write to each of them, once for each `fact`; without one, this once. Guests hear through whose guests they are.

    `roll_ids` are the rolls that it is about, of all or by the registration's key. One statement per five hundred.
    """
    outbox.put_all(
        message(each, notice, now, roll_ids=_of(roll_ids, each), fact=fact, **facts)
        for each in registrations
        if each.guest_of_id is None and each.email
    )


def _of(roll_ids: Mapping[int, Collection[int]] | Collection[int], registration: Registration) -> list[int]:
    given = roll_ids.get(registration.pk, ()) if isinstance(roll_ids, Mapping) else roll_ids
    return sorted(given)


def message(
    registration: Registration,
    notice: Notice,
    now: datetime,
    *,
    roll_ids: Collection[int],
    fact: str = "",
    **facts: Any,
) -> outbox.Message:
    payload = {
        "registration_id": registration.pk,
        "notice": notice.value,
        "roll_ids": list(roll_ids),
        "at": now.isoformat(),
        **facts,
    }
    # What has no name of its own is told in the transaction that brings it about, and so once
    key = f"{registration.pk}:{notice.value}:{fact or uuid4().hex}"
    return outbox.Message(kind=KIND, key=key, payload=payload)


def tell_states(
    seats: Iterable[Seat], leads: Mapping[int, Registration], now: datetime, **facts: Any
) -> None:
    """Write to whose seats have just come to be as they are: one mail for each registration, whatever came of its seats.

    `leads` are the registrations that answer for the seats, by the key of each seat's registration.
    """
    news: dict[int, dict[int, Notice]] = {}
    people: dict[int, Registration] = {}
    for seat in seats:
        lead, notice = leads[seat.registration_id], NOTICE_OF.get(SeatState(seat.state))
        if notice is not None and lead.email:
            people[lead.pk] = lead
            news.setdefault(lead.pk, {})[seat.roll_id] = notice
    outbox.put_all(
        message(people[key], min(rolls.values(), key=FIRST.index), now, roll_ids=sorted(rolls), **facts)
        for key, rolls in news.items()
    )
