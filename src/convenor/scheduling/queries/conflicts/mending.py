"""Occurrences that could be moved, and where `find_times` would put them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.find_times.answer import Slot as FoundSlot
from convenor.kernel.instants import Instant, Span, ZoneName, instant_of
from convenor.kernel.weekly_hours import day_of, days_span
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, PartStat
from convenor.scheduling.models import Booking, Occurrence, Participation
from convenor.scheduling.queries.find_time import FoundTimes, find_time_for
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.scheduling.sentences.reasons import reasons_of

MOST_MINUTES = 24 * 60
STEP_MINUTES = 30
SLOTS = 20
DAYS_AROUND = (0, 2, 7)
REASONS_SAID = 3


@dataclass(frozen=True, slots=True)
class Mend:
    """An occurrence, whether the actor may change it, and what a new place must offer. `site_id` is of its first room."""

    occurrence_id: int
    meeting_id: int
    version: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    may_edit: bool
    is_movable: bool
    priority: int
    headcount: int | None
    style: str
    equipment: dict[str, int]
    people: tuple[tuple[int, str], ...]  # person, role; who declined or left is not among them
    room_ids: tuple[int, ...]
    booking_ids: tuple[int, ...]
    site_id: int | None
    step_free: bool

    def role_of(self, person_id: int) -> str | None:
        return next((role for person, role in self.people if person == person_id), None)

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place found; `said` are the first reasons for it, as sentences."""

    span: Span
    room_id: int | None
    room_name: str
    said: str


def mends_of(actor: Actor, occurrence_ids: Collection[int]) -> list[Mend]:
    """The occurrences in order of time. Three queries."""
    rows = (
        Occurrence.objects.filter(pk__among=occurrence_ids)
        .select_related("meeting")
        .order_by("starts_at", "pk")
    )
    alive = [row for row in rows if row.meeting.state != MeetingState.CANCELLED]
    keys = [row.pk for row in alive]
    parts = Participation.objects.filter(occurrence__among=keys, person__is_active=True).exclude(
        partstat=PartStat.DECLINED
    )
    people = list(
        parts.order_by("person_id").values_list(
            "occurrence_id", "person_id", "role", "person__needs__step_free"
        )
    )
    booked = Booking.objects.filter(occurrence__among=keys, room__isnull=False).exclude(
        state=BookingState.RELEASED
    )
    rooms = list(
        booked.order_by("pk").values_list("occurrence_id", "pk", "room_id", "room__site_id", "setup_style")
    )
    return [
        _mend(
            actor,
            row,
            [part[1:] for part in people if part[0] == row.pk],
            [room[1:] for room in rooms if room[0] == row.pk],
        )
        for row in alive
    ]


def _mend(
    actor: Actor,
    row: Occurrence,
    people: Sequence[tuple[int, str, bool | None]],
    rooms: Sequence[tuple[int, int | None, int, str]],
) -> Mend:
    meeting = row.meeting
    return Mend(
        occurrence_id=row.pk,
        meeting_id=meeting.pk,
        version=meeting.version,
        title=row.title or meeting.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=meeting.zone,
        may_edit=may(actor, "meeting.edit", meeting),
        is_movable=meeting.is_movable and not meeting.all_day,
        priority=meeting.priority,
        headcount=meeting.headcount,
        style=next((room[3] for room in rooms if room[3]), meeting.setup_style),
        equipment=dict(meeting.equipment_needed or {}),
        people=tuple((person, role) for person, role, _ in people),
        room_ids=tuple(room[1] for room in rooms if room[1] is not None),
        booking_ids=tuple(room[0] for room in rooms),
        site_id=rooms[0][2] if rooms else None,
        step_free=any(step_free for _, role, step_free in people if role != AttendeeRole.RESOURCE),
    )


def other_time(actor: Actor, mend: Mend, *, must_come: Sequence[int], now: datetime) -> Slot | None:
    """A time for the same people, all of `must_come` among them, and a room at the same site if it has one.

    Looked for on the same day first, then in the days around it, then in the five working days before and after: within the
    first of these that has any, the best one, and of equally good ones the nearest.
    """
    asked = {person for person, role in mend.people if role != AttendeeRole.RESOURCE}
    optional = {person for person, role in mend.people if role == AttendeeRole.OPTIONAL} - set(must_come)
    if not asked or mend.minutes > MOST_MINUTES or len(mend.room_ids) > 1:
        return None
    near = instant_of(mend.starts_at)
    for days in DAYS_AROUND:
        windows = _around(mend, days, now)
        if windows:
            found = find_time_for(actor, _request(mend, asked, optional, windows), now=now)
            slots = [
                slot for slot in _slots(found, near) if slot.span.start != near
            ]  # the time that it has is the trouble
            if slots:
                return slots[0]
    return None


def _request(mend: Mend, asked: set[int], optional: set[int], windows: tuple[Span, ...]) -> FindTimeRequest:
    return FindTimeRequest(
        required_ids=tuple(sorted(asked - optional)),
        optional_ids=tuple(sorted(asked & optional)),
        minutes=mend.minutes,
        windows=windows,
        zone=ZoneName(mend.zone),
        room=_wanted(mend, mend.site_id) if mend.room_ids else None,
        step_minutes=STEP_MINUTES,
        limit=SLOTS,
        ignoring_meeting=mend.meeting_id,
    )


def _around(mend: Mend, days: int, now: datetime) -> tuple[Span, ...]:
    """So many whole days before and after the occurrence's own, from now on."""
    zone, margin = ZoneName(mend.zone), timedelta(days=days)
    first, last = day_of(instant_of(mend.starts_at), zone), day_of(instant_of(mend.ends_at), zone)
    around = days_span(first - margin, last + margin, zone)
    start = max(around.start, instant_of(now))
    return (Span(start, around.end),) if around.end > start else ()


def other_room(actor: Actor, mend: Mend, *, site_id: int | None, now: datetime) -> Slot | None:
    """The best free room at the same time: at the site given, else where it is now, else anywhere."""
    if mend.starts_at <= now or mend.minutes > MOST_MINUTES:
        return None
    sites = [site_id] if site_id is not None else [mend.site_id, None]
    for site in sites:
        request = FindTimeRequest(
            required_ids=(),
            minutes=mend.minutes,
            windows=(Span(instant_of(mend.starts_at), instant_of(mend.ends_at)),),
            zone=ZoneName(mend.zone),
            room=_wanted(mend, site),
            out_of_hours_allowed=True,
            step_minutes=1,
            limit=1,
            ignoring_meeting=mend.meeting_id,
        )
        if slots := _slots(find_time_for(actor, request, now=now), instant_of(mend.starts_at)):
            return slots[0]
    return None


def _wanted(mend: Mend, site_id: int | None) -> RoomWanted:
    return RoomWanted(
        headcount=mend.headcount or len(mend.people),
        style=mend.style,
        equipment=mend.equipment,
        site_ids=None if site_id is None else frozenset([site_id]),
        accessible=mend.step_free,
    )


def _slots(found: FoundTimes, near: Instant) -> list[Slot]:
    slots: list[Slot] = []
    for slot in _nearest_first(found, near):
        room = slot.rooms[0] if slot.rooms else None
        said = ". ".join(each.sentence for each in reasons_of(found, slot)[:REASONS_SAID])
        name = f"{room} {found.rooms[room].name}" if room else ""
        slots.append(
            Slot(slot.span, found.room_ids[room] if room else None, name, f"{said}." if said else "")
        )
    return slots


def _nearest_first(found: FoundTimes, near: Instant) -> list[FoundSlot]:
    """By what matters to people, then by how near they are."""
    return sorted(
        found.answer.slots, key=lambda slot: (slot.score[:5], abs(slot.span.start - near), slot.span)
    )
