"""Which seats an answer that came in by mail is about. Its writer is checked by whoever asks; nothing here is shown to anybody."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, Seat
from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.scheduling.enums import OccurrenceState

EVENT_UID = re.compile(r"event-(\d{1,18})@(.{1,200})")
MOST = (
    20  # of one address at one event: itself and nobody else, but a person may have been registered by hand
)


@dataclass(frozen=True, slots=True)
class SeatAsked:
    """A seat that its registrant's calendar knows by the UID; `told_sequence` is what that was last told."""

    seat_id: int
    token: str
    name: str
    title: str
    state: SeatState
    answered_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    is_off: bool
    told_sequence: int


def event_of_uid(uid: str) -> int | None:
    """The event of `event-<key>@host`, where the host is our own."""
    match = EVENT_UID.fullmatch(uid)
    host = urlsplit(settings.PUBLIC_URL).hostname
    return int(match[1]) if match and match[2].lower() == host else None


def title_by_uid(uid: str) -> str | None:
    """The title of the event with that UID, None where there is none."""
    event = event_of_uid(uid)
    return Event.objects.filter(pk=event).values_list("title", flat=True).first() if event else None


def seats_by_uid(uid: str, addresses: Collection[str], person_id: int | None) -> list[SeatAsked]:
    """The seats of whoever has one of the addresses: at the event, or at the function whose meeting has the UID. One query."""
    event = event_of_uid(uid)
    about = Q(roll__event=event, roll__function__isnull=True)
    if event is None:
        about = Q(roll__function__occurrence__meeting__uid=uid, roll__function__removed_at__isnull=True)
    theirs = Q(registration__email__in=[each for each in addresses if each])
    if person_id is not None:
        theirs |= Q(registration__person=person_id)
    rows = (
        Seat.objects.filter(about, theirs, registration__guest_of__isnull=True)
        if uid
        else Seat.objects.none()
    )
    related = ("registration", "roll__event", "roll__function__occurrence__meeting")
    return [_asked(row, uid) for row in rows.select_related(*related).order_by("pk")[:MOST]]


def _asked(seat: Seat, uid: str) -> SeatAsked:
    registration, event, function = seat.registration, seat.roll.event, seat.roll.function
    told = registration.told.get(uid)
    return SeatAsked(
        seat_id=seat.pk,
        token=registration.token,
        name=registration.name,
        title=event.title
        if function is None
        else str(function.occurrence.title or function.occurrence.meeting.title),
        state=SeatState(seat.state),
        answered_at=seat.answered_at,
        starts_at=event.starts_at if function is None else function.occurrence.starts_at,
        zone=event.zone,
        ends_at=event.ends_at if function is None else function.occurrence.ends_at,
        is_off=event.state == EventState.CANCELLED or (function is not None and not _takes_place(function)),
        told_sequence=told.get("sequence", 0) if isinstance(told, dict) else 0,
    )


def _takes_place(function: Function) -> bool:
    return function.occurrence.state == OccurrenceState.SCHEDULED


def is_registered(address: str) -> bool:
    """Whether somebody is, or was, registered for anything with this address."""
    return Registration.objects.filter(email=address.strip().lower()).exists()
