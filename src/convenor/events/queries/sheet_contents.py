"""What the function sheets say as things stand now: read in a number of queries that doesn't grow with the functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from convenor.events.enums import Service, SpeakerState
from convenor.events.models import Cue, Function, Sheet, Speaker
from convenor.events.rules.sheet import Content, CueFacts, SheetFacts, content_of
from convenor.scheduling.enums import ACTIVE_BOOKINGS, OccurrenceState
from convenor.scheduling.models import Booking, Occurrence
from convenor.venues.models import Equipment

TEXTS = (*Service.values, "notes")


def functions_with_sheets(event_ids: Collection[int]) -> QuerySet[Function]:
    """The functions of these events, and removed ones that have a sheet, with all that `contents_of` reads, by their time. 4 queries."""
    bookings = Booking.objects.filter(state__in=ACTIVE_BOOKINGS).select_related("room__site", "equipment")
    return (
        Function.every.filter(event__in=event_ids)
        .filter(Q(removed_at__isnull=True) | Exists(Sheet.objects.filter(function=OuterRef("pk"))))
        .select_related("event__owner", "host", "occurrence__meeting")
        .prefetch_related(
            Prefetch("occurrence__bookings", bookings.order_by("pk"), to_attr="active_bookings"),
            Prefetch("speakers", Speaker.objects.select_related("person"), to_attr="known_speakers"),
            Prefetch("cues", Cue.objects.select_related("owner"), to_attr="known_cues"),
        )
        .order_by("occurrence__starts_at", "number")
    )


def contents_of(functions: Iterable[Function]) -> dict[int, Content]:
    """The content by function, of rows from `functions_with_sheets`. One query more."""
    names = dict(Equipment.objects.values_list("code", "name"))
    return {each.pk: content_of(_facts(each, names)) for each in functions}


def _facts(function: Function, names: Mapping[str, str]) -> SheetFacts:
    occurrence, event = function.occurrence, function.event
    meeting, zone = occurrence.meeting, ZoneInfo(event.zone)
    bookings: list[Booking] = occurrence.active_bookings  # type: ignore[attr-defined]  # prefetched
    rooms = sorted(
        (each for each in bookings if each.room is not None),
        key=lambda each: each.room_id != function.main_room_id,
    )
    speakers: list[Speaker] = function.known_speakers  # type: ignore[attr-defined]  # prefetched
    cues: list[Cue] = function.known_cues  # type: ignore[attr-defined]  # prefetched
    return SheetFacts(
        event=event.title,
        title=occurrence.title or meeting.title,
        kind=function.kind,
        track=function.track,
        coordinator=event.owner.name,
        is_cancelled=function.removed_at is not None or occurrence.state == OccurrenceState.CANCELLED,
        starts=occurrence.starts_at.astimezone(zone),
        ends=occurrence.ends_at.astimezone(zone),
        reserved_from=_local([each.reserved_start for each in rooms], zone, first=True),
        reserved_until=_local([each.reserved_end for each in rooms], zone, first=False),
        rooms=[f"{each.room.code} {each.room.name}, {each.room.site.name}" for each in rooms if each.room],
        setup_style=next((each.setup_style for each in rooms if each.setup_style), meeting.setup_style),
        equipment=_equipment(occurrence, bookings, names),
        headcount=meeting.headcount,
        host=function.host.name if function.host else "",
        speakers=[_speaker(each) for each in speakers if each.state != SpeakerState.DECLINED],
        texts={name: getattr(function, name) for name in TEXTS},
        cues=[_cue(each) for each in cues],
    )


def _local(moments: list[datetime], zone: ZoneInfo, *, first: bool) -> datetime | None:
    if not moments:
        return None
    return (min if first else max)(moments).astimezone(zone)


def _equipment(occurrence: Occurrence, bookings: list[Booking], names: Mapping[str, str]) -> list[str]:
    """What is booked, and what the room itself must have."""
    booked = {each.equipment.code: each.quantity for each in bookings if each.equipment is not None}
    wanted = {**occurrence.meeting.equipment_needed, **booked}
    return [f"{quantity} × {names.get(code, code)}" for code, quantity in sorted(wanted.items())]


def _speaker(speaker: Speaker) -> str:
    return f"{speaker.person.name}: {speaker.topic}" if speaker.topic else speaker.person.name


def _cue(cue: Cue) -> CueFacts:
    owner = cue.owner.name if cue.owner else ""
    return CueFacts(cue.offset_minutes, cue.minutes, cue.what, cue.cue, owner, cue.service)
