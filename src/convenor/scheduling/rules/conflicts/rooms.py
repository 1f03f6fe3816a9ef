"""What is wrong with rooms: closed, too small, without the equipment, the site shut, a booking about to run out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from convenor.kernel.instants import DAY, HOUR, Instant, Span
from convenor.kernel.intervals import covers
from convenor.scheduling.enums import BookingState, ConflictKind, Severity
from convenor.scheduling.rules.conflicts.facts import BookingFacts, Facts, OccurrenceFacts, SiteFacts
from convenor.scheduling.rules.conflicts.found import Found
from convenor.scheduling.rules.room import RoomFacts

HOLD_WARNING = 48 * HOUR
APPROVAL_WARNING = 5 * DAY
URGENT = 24 * HOUR


def _booked(occurrence: OccurrenceFacts, facts: Facts) -> list[tuple[BookingFacts, RoomFacts]]:
    rooms = ((each, facts.rooms.get(each.room_id or 0)) for each in occurrence.bookings)
    return [(booking, room) for booking, room in rooms if room is not None]


def rooms_closed(facts: Facts) -> Iterator[Found]:
    """A booked room that is out of service then, or out of use for good."""
    for occurrence in facts.occurrences:
        for booking, room in _booked(occurrence, facts):
            closed = [each for each in facts.closures.get(room.id, ()) if each.span.overlaps(occurrence.span)]
            if closed or not room.is_active:
                first = min(closed, key=lambda each: (each.span, each.closure_id), default=None)
                about = {"reason": first.reason if first else "", "retired": not room.is_active}
                yield _about(occurrence, ConflictKind.ROOM_CLOSED, Severity.SERIOUS, room, booking, about)


def rooms_too_small(facts: Facts) -> Iterator[Found]:
    """More people than seats, in the set-up that is booked; several rooms of one meeting count together.

    Worse if somebody said how many will come than if everybody asked is counted.
    """
    for occurrence in facts.occurrences:
        seats = [
            (setup.capacity, booking, room)
            for booking, room in _booked(occurrence, facts)
            if (setup := room.setup(booking.style) or room.setup("")) is not None
        ]
        expected = occurrence.headcount or len(occurrence.people)
        capacity = sum(each[0] for each in seats)
        if seats and expected > capacity:
            _, booking, room = max(seats, key=lambda each: (each[0], -each[2].id))
            severity = Severity.SERIOUS if occurrence.headcount else Severity.WARNING
            about = {"expected": expected, "capacity": capacity, "rooms": len(seats)}
            yield _about(occurrence, ConflictKind.ROOM_TOO_SMALL, severity, room, booking, about)


def rooms_unequipped(facts: Facts) -> Iterator[Found]:
    """Equipment that the meeting needs and that neither stands in its rooms nor is booked for it."""
    for occurrence in facts.occurrences:
        booked = _booked(occurrence, facts)
        has: Counter[str] = Counter()
        for each in occurrence.bookings:
            if each.equipment:
                has[each.equipment] += each.quantity
        for _booking, room in booked:
            has.update(room.equipment)
        missing = {
            code: count - has[code]
            for code, count in sorted(occurrence.equipment_needed.items())
            if has[code] < count
        }
        if booked and missing:
            booking, room = min(booked, key=lambda each: each[1].id)
            about = {"missing": missing}
            yield _about(occurrence, ConflictKind.ROOM_UNEQUIPPED, Severity.WARNING, room, booking, about)


def sites_shut(facts: Facts) -> Iterator[Found]:
    """One for each occurrence and site: outside opening hours, or on the site's public holiday.

    An all-day meeting is about the day: some opening time in it is enough.
    """
    for occurrence in facts.occurrences:
        seen: set[int] = set()
        for booking, room in sorted(_booked(occurrence, facts), key=lambda each: each[1].id):
            site = facts.sites.get(room.site_id)
            if site is None or site.id in seen:
                continue
            seen.add(site.id)
            holiday = next((day for day, span in site.holidays if span.overlaps(occurrence.span)), None)
            if holiday is not None and _told_as_holiday(site.id, occurrence, facts):
                continue
            if holiday is not None or _is_shut(site, occurrence):
                about = {"holiday": holiday.isoformat() if holiday else ""}
                yield _about(
                    occurrence, ConflictKind.SITE_SHUT, Severity.WARNING, room, booking, about, site.id
                )


def _told_as_holiday(site_id: int, occurrence: OccurrenceFacts, facts: Facts) -> bool:
    """Whether somebody from that very site has the day off: one conflict for one holiday is enough (`people.holidays`)."""
    asked = {occurrence.organiser_id, *(each.person_id for each in occurrence.people)}
    people = (facts.people[key] for key in asked if key in facts.people)
    return any(
        person.home_site_id == site_id and any(day.overlaps(occurrence.span) for day in person.holidays)
        for person in people
    )


def _is_shut(site: SiteFacts, occurrence: OccurrenceFacts) -> bool:
    near = [span for span in site.open if span.overlaps(occurrence.span)]
    return not near if occurrence.all_day else not covers(near, occurrence.span)


def bookings_expiring(facts: Facts) -> Iterator[Found]:
    """Holds that run out within two days; approvals that are still missing five days before. Looked for at every moment anew."""
    for occurrence in facts.occurrences:
        for booking, room in _booked(occurrence, facts):
            left = _time_left(booking, occurrence.span, facts.now)
            if left is not None:
                severity = Severity.SERIOUS if left <= URGENT else Severity.WARNING
                about = {"expires": booking.hold_expires}
                yield _about(occurrence, ConflictKind.BOOKING_EXPIRING, severity, room, booking, about)


def _time_left(booking: BookingFacts, span: Span, now: Instant) -> int | None:
    """Seconds until the booking is lost, where that is soon; a hold that has run out blocks nobody and is nobody's any more."""
    if booking.state == BookingState.HELD and booking.hold_expires is not None:
        left = booking.hold_expires - now
        return left if 0 < left <= HOLD_WARNING else None
    if booking.state == BookingState.PENDING:
        left = span.start - now
        return left if left <= APPROVAL_WARNING else None
    return None


def _about(
    occurrence: OccurrenceFacts,
    kind: ConflictKind,
    severity: Severity,
    room: RoomFacts,
    booking: BookingFacts,
    facts: Mapping[str, object],
    site_id: int | None = None,
) -> Found:
    return Found(
        kind=kind,
        severity=severity,
        span=occurrence.span,
        occurrence_ids=(occurrence.id,),
        room_id=room.id,
        site_id=site_id,
        facts={**facts, "booking": booking.id},
    )
