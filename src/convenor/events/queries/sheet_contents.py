"""What the function sheets say as things stand now: read in a number of queries that doesn't grow with the functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from convenor.events import registry
from convenor.events.enums import Service, SpeakerState
from convenor.events.models import Cue, Function, Sheet, Speaker
from convenor.events.rules.sheet import Content, CueFacts, SheetFacts, content_of
from convenor.scheduling.enums import ACTIVE_BOOKINGS, OccurrenceState
from convenor.scheduling.models import Booking, Occurrence
from convenor.venues.models import Equipment

TEXTS = (*Service.values, "notes")


def functions_with_sheets(event_ids: Collection[int]) -> QuerySet[Function]:
    """The functions of these events, and removed ones that have a sheet, with all that `contents_of` reads, by their time. 2 queries."""
    bookings = Booking.objects.filter(state__in=ACTIVE_BOOKINGS).select_related("room__site", "equipment")
    return (
        Function.every.filter(event__in=event_ids)
        .filter(Q(removed_at__isnull=True) | Exists(Sheet.objects.filter(function=OuterRef("pk"))))
        .select_related("event__owner", "host", "occurrence__meeting")
        .prefetch_related(
            Prefetch("occurrence__bookings", bookings.order_by("pk"), to_attr="active_bookings")
        )
        .order_by("occurrence__starts_at", "number")
    )


def contents_of(functions: Iterable[Function]) -> dict[int, Content]:
    """The content by function, of rows from `functions_with_sheets`. Three queries more, and those of higher packages."""
    rows = list(functions)
    keys = [each.pk for each in rows]
    names = dict(Equipment.objects.values_list("code", "name"))
    around = _Around(names, _speakers(keys), _cues(keys), _added(keys))
    return {each.pk: content_of(_facts(each, around)) for each in rows}


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to many functions, read at once: equipment's names by code; speakers, cues and what is added by function."""

    names: Mapping[str, str]
    speakers: Mapping[int, list[str]]
    cues: Mapping[int, list[CueFacts]]
    added: Mapping[int, Content]


def _speakers(function_ids: Sequence[int]) -> dict[int, list[str]]:
    """Whoever hasn't declined, in their order, with their topics."""
    rows = Speaker.objects.filter(function__in=function_ids).exclude(state=SpeakerState.DECLINED)
    found: dict[int, list[str]] = defaultdict(list)
    for function_id, name, topic in rows.values_list("function", "person__name", "topic"):
        found[function_id].append(f"{name}: {topic}" if topic else name)
    return found


def _cues(function_ids: Sequence[int]) -> dict[int, list[CueFacts]]:
    """As plain values: a conference has thousands."""
    columns = ("function", "offset_minutes", "minutes", "what", "cue", "owner__name", "service")
    found: dict[int, list[CueFacts]] = defaultdict(list)
    rows = Cue.objects.filter(function__in=function_ids).values_list(*columns)
    for function_id, offset, minutes, what, cue, owner, service in rows:
        found[function_id].append(CueFacts(offset, minutes, what, cue, owner or "", service))
    return found


def _added(function_ids: Sequence[int]) -> dict[int, dict[str, dict[str, object]]]:
    """By function, by section, by field: what every higher package says."""
    found: dict[int, dict[str, dict[str, object]]] = defaultdict(lambda: defaultdict(dict))
    for say in registry.sheet_contents:
        for function, sections in say(function_ids).items():
            for section, fields in sections.items():
                found[function][section] |= fields
    return found


def _facts(function: Function, around: _Around) -> SheetFacts:
    occurrence, event = function.occurrence, function.event
    meeting, zone = occurrence.meeting, ZoneInfo(event.zone)
    bookings: list[Booking] = occurrence.active_bookings  # type: ignore[attr-defined]  # prefetched
    rooms = sorted(
        (each for each in bookings if each.room is not None),
        key=lambda each: each.room_id != function.main_room_id,
    )
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
        equipment=_equipment(occurrence, bookings, around.names),
        headcount=meeting.headcount,
        host=function.host.name if function.host else "",
        speakers=around.speakers.get(function.pk, ()),
        texts={name: getattr(function, name) for name in TEXTS},
        cues=around.cues.get(function.pk, ()),
        added=around.added.get(function.pk, {}),
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
