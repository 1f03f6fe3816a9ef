"""What mails to those on a roll say, for many registrations at once; sentences/mail.py words it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from convenor.attendance.enums import GONE, SeatState
from convenor.attendance.models import Registration, Seat
from convenor.attendance.rules.mail_facts import About, MailFacts, SeatFacts
from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState, OccurrenceState
from convenor.scheduling.models import Booking

PATH = "/registration/%s/"
EARLIEST = datetime.min.replace(tzinfo=UTC)
LIVE = tuple(state for state in SeatState if state not in GONE)


def facts_of(payload: Mapping[str, Any]) -> MailFacts | None:
    """What a message of the outbox tells of; None where the registration is gone. 3 queries."""
    registration, rolls = payload["registration_id"], payload.get("roll_ids", ())
    facts = mail_facts([registration], rolls).get(registration)
    if facts is None:
        return None
    about = About(payload.get("about", About.ANSWER))
    return replace(facts, reason=payload.get("reason", ""), other=payload.get("instead", ""), about=about)


def mail_facts(registration_ids: Collection[int], roll_ids: Collection[int] = ()) -> dict[int, MailFacts]:
    """By registration. With `roll_ids` of those seats, however they stand; without, of all that aren't given up. 3 queries."""
    rows = Registration.objects.filter(pk__among=registration_ids).select_related(
        "event__site", "event__owner", "person__user"
    )
    registrations = list(rows.order_by("pk"))
    seats = _seats([row.pk for row in registrations], roll_ids)
    return {row.pk: _facts(row, seats.get(row.pk, ())) for row in registrations}


def _facts(row: Registration, seats: Sequence[SeatFacts]) -> MailFacts:
    event = row.event
    return MailFacts(
        registration_id=row.pk,
        event_id=event.pk,
        name=row.name,
        email=row.email,
        language=language_of(row),
        event=event.title,
        state=EventState(event.state),
        zone=event.zone,
        organiser=event.owner.name,
        link=settings.PUBLIC_URL + PATH % row.token,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=place_of(event),
        seats=tuple(seats),
    )


def language_of(reader: Registration) -> str:
    """Their own, else their account's, else the house's."""
    person: Person | None = reader.person
    account = person.user if person else None
    return reader.language or (account.language if account else "") or settings.LANGUAGE_CODE


def place_of(event: Event) -> str:
    if event.site is None:
        return ""
    address = " ".join(event.site.address.split())
    return ", ".join(part for part in (event.site.name, address) if part)


def _seats(registrations: Collection[int], rolls: Collection[int]) -> dict[int, list[SeatFacts]]:
    """By who answers for them: one's own, then one's guests', the event as a whole first."""
    mine = Q(registration__among=registrations) | Q(registration__guest_of__among=registrations)
    rows = Seat.objects.filter(mine).select_related("registration", "roll__function__occurrence__meeting")
    rows = rows.filter(roll__among=rolls) if rolls else rows.filter(state__in=LIVE)
    seats = list(rows.order_by("registration", "pk"))
    rooms = rooms_of(seat.roll.function for seat in seats)
    found: dict[int, list[SeatFacts]] = defaultdict(list)
    for seat in seats:
        lead = seat.registration.guest_of_id or seat.registration_id
        found[lead].append(_seat(seat, rooms))
    for each in found.values():
        each.sort(key=lambda seat: (bool(seat.guest), seat.guest, seat.starts_at or EARLIEST))
    return found


def _seat(seat: Seat, rooms: Mapping[int, str]) -> SeatFacts:
    roll, function = seat.roll, seat.roll.function
    bare = SeatFacts(
        roll_id=roll.pk,
        state=SeatState(seat.state),
        guest=seat.registration.name if seat.registration.guest_of_id else "",
        rsvp_by=roll.rsvp_by,
        cancel_free_until=roll.cancel_free_until,
        offer_expires_at=seat.offer_expires_at,
    )
    if function is None:
        return bare
    occurrence = function.occurrence
    return replace(
        bare,
        function=occurrence.title or occurrence.meeting.title,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        place=rooms.get(occurrence.pk) or occurrence.meeting.location,
        is_off=occurrence.state == OccurrenceState.CANCELLED,
    )


def rooms_of(functions: Iterable[Function | None]) -> dict[int, str]:
    """By occurrence its settled rooms with their site, the main one first."""
    main = {each.occurrence_id: each.main_room_id for each in functions if each is not None}
    if not main:
        return {}
    rows = Booking.objects.filter(
        occurrence__among=main.keys(), room__isnull=False, state=BookingState.CONFIRMED
    )
    columns = ("occurrence_id", "room_id", "room__name", "room__site__name")
    booked = sorted(rows.order_by("pk").values_list(*columns), key=lambda row: row[1] != main[row[0]])
    names: dict[int, list[str]] = defaultdict(list)
    sites: dict[int, str] = {}
    for occurrence, _room, name, site in booked:
        names[occurrence].append(name)
        sites.setdefault(occurrence, site)
    return {occurrence: ", ".join([*found, sites[occurrence]]) for occurrence, found in names.items()}
