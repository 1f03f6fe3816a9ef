"""The schedule as the screen draws it: rows of small integers, titles and places once each.

Twenty thousand bookings have to reach the browser in a quarter of a second and in 600 kB, so the
rows come as integers from the database and leave as integers; docs/design-system.md ("The
schedule") has the shape, static/js/schedule/ reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.functions import Epoch
from convenor.base.permissions import may
from convenor.kernel.instants import DAY, MINUTE, Instant, LocalTime, Span, ZoneName, to_local, wall_seconds
from convenor.kernel.zones import utc_to_local
from convenor.people.queries.availability import away_spans
from convenor.scheduling.enums import BookingState, ConflictState, MeetingState, OccurrenceState, PartStat
from convenor.scheduling.models import (
    Booking,
    ConflictOccurrence,
    ExternalBusy,
    Meeting,
    Occurrence,
    Participation,
)
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import M, in_window, overlapping
from convenor.venues.queries.opening import closures_of

NOWHERE = -1
FIRST_VERSION = 1
HUES = 8
Meets = tuple[
    int, int, int, int, str, int, str
]  # occurrence, resource, start, end, state, meeting, own title
Shade = tuple[int, Span, str, int]  # resource, when, title, flags
HUE_UNIT = 4_096


class Flag(IntFlag):
    ALL_DAY = 1
    MOVABLE = 2
    HIDDEN = 4
    PENDING = 8
    HELD = 16
    CONFLICT = 32
    TENTATIVE = 64
    IMPORTED = 256
    BACKGROUND = 512
    SERIES = 1024
    OPTIONAL = 2048


# Plain integers: an IntFlag's arithmetic costs a microsecond, twenty thousand times
CONFLICT = int(Flag.CONFLICT)
STATE_FLAGS: dict[str, int] = {
    BookingState.PENDING: int(Flag.PENDING),
    BookingState.HELD: int(Flag.HELD),
    PartStat.TENTATIVE: int(Flag.TENTATIVE),
    PartStat.NEEDS_ACTION: int(Flag.TENTATIVE),
}


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What the flags and titles need of a meeting."""

    id: int
    title: str
    is_private: bool
    is_movable: bool
    organiser_id: int
    state: str
    rrule: str
    all_day: bool
    version: int
    source_id: int | None
    department_id: int | None

    @property
    def flags(self) -> int:
        hue = ((self.department_id or self.organiser_id) % HUES + 1) * HUE_UNIT
        return (
            hue
            | (Flag.ALL_DAY if self.all_day else 0)
            | (Flag.TENTATIVE if self.state == MeetingState.TENTATIVE else 0)
            | (Flag.SERIES if self.rrule else 0)
            | (Flag.IMPORTED if self.source_id else 0)
        )


@dataclass(slots=True)
class Drawing:
    """Gathers rows; `resources` are the ids of rooms or people in display order, empty for a calendar."""

    actor: Actor
    zone: ZoneName
    origin: Instant
    resources: Sequence[int] = ()
    raw: list[Meets] = field(default_factory=list)
    extra: list[Shade] = field(default_factory=list)

    def meets(self, rows: Iterable[Meets]) -> None:
        """Rows of (occurrence, resource, start, end, state, meeting, own title); instants as epoch seconds."""
        self.raw.extend(rows)

    def shades(self, resource: int, span: Span, title: str, flags: int) -> None:
        """Something without a page of its own: a closure, leave, another calendar's busy time."""
        self.extra.append((resource, span, title, flags))


def room_timeline(actor: Actor, *, span: Span, zone: ZoneName, room_ids: Sequence[int]) -> bytes:
    """The rooms' active bookings at their event times, and their closures."""
    bookings = _active_bookings(span, room_ids)
    drawing = Drawing(actor, zone, span.start, room_ids)
    drawing.meets(_columns(_seen(bookings, actor, "occurrence__"), "room_id", "state"))
    for room, closures in closures_of(room_ids, span).items():
        for closed in closures:
            drawing.shades(room, closed.span, closed.reason, Flag.BACKGROUND)
    return _encode(drawing, span)


def person_timeline(actor: Actor, *, span: Span, zone: ZoneName, person_ids: Sequence[int]) -> bytes:
    """What these people take part in and haven't declined; their other calendars and leave as busy."""
    taking_part = overlapping(Participation.objects.filter(person__among=person_ids, blocks=True), span)
    drawing = Drawing(actor, zone, span.start, person_ids)
    drawing.meets(_columns(_seen(taking_part, actor, "occurrence__"), "person_id", "partstat"))
    _shade_people(drawing, span, person_ids)
    return _encode(drawing, span)


def calendar_of_people(actor: Actor, *, span: Span, zone: ZoneName, person_ids: Sequence[int]) -> bytes:
    """The same for a calendar without rows per person; each occurrence once."""
    taking_part = overlapping(Participation.objects.filter(person__among=person_ids, blocks=True), span)
    drawing = Drawing(actor, zone, span.start)
    rows = _columns(_seen(taking_part, actor, "occurrence__"), None, "partstat")
    drawing.meets({row[0]: row for row in rows}.values())
    if len(person_ids) == 1:
        _shade_people(drawing, span, person_ids)
    return _encode(drawing, span)


def calendar_of_company(actor: Actor, *, span: Span, zone: ZoneName) -> bytes:
    """Every occurrence that the actor may know of."""
    occurrences = overlapping(Occurrence.objects.filter(state=OccurrenceState.SCHEDULED), span)
    drawing = Drawing(actor, zone, span.start)
    rows = _seen(occurrences, actor, "").order_by()
    columns = ("id", Epoch("starts_at"), Epoch("ends_at"), "meeting_id", "title")
    for pk, start, end, meeting, title in rows.values_list(*columns):
        drawing.raw.append((pk, NOWHERE, start, end, "", meeting, title))
    return _encode(drawing, span)


def calendar_of_rooms(actor: Actor, *, span: Span, zone: ZoneName, room_ids: Sequence[int]) -> bytes:
    """One or a few rooms' bookings and closures without a row per room."""
    bookings = _active_bookings(span, room_ids)
    drawing = Drawing(actor, zone, span.start)
    drawing.meets(_columns(_seen(bookings, actor, "occurrence__"), None, "state"))
    for closures in closures_of(room_ids, span).values():
        for closed in closures:
            drawing.shades(NOWHERE, closed.span, closed.reason, Flag.BACKGROUND)
    return _encode(drawing, span)


def _active_bookings(span: Span, room_ids: Sequence[int]) -> QuerySet[Booking]:
    """By reserved time; those of a hall's parts are on the parts' own rows."""
    active = Booking.objects.filter(room__among=room_ids).exclude(state=BookingState.RELEASED)
    return overlapping(active, span, start="reserved_start", end="reserved_end")


def _seen(rows: QuerySet[M], actor: Actor, prefix: str) -> QuerySet[M]:
    """Somebody from outside sees what they take part in, and nothing else."""
    if not actor.is_signed_in:
        return rows.none()
    if not actor.is_outsider:
        return rows
    mine = Participation.objects.filter(person=actor.person_id).order_by().values("occurrence")
    return rows.filter(Q(**{f"{prefix}meeting__organiser": actor.person_id}) | Q(**{f"{prefix}pk__in": mine}))


def _columns(rows: QuerySet[M], resource: str | None, state: str) -> list[Meets]:
    columns = (
        "occurrence_id",
        Epoch("starts_at"),
        Epoch("ends_at"),
        state,
        "occurrence__meeting_id",
        "occurrence__title",
    )
    if resource is None:
        return [(pk, NOWHERE, *rest) for pk, *rest in rows.order_by().values_list(*columns)]
    return list(rows.order_by().values_list(columns[0], resource, *columns[1:]))


def _shade_people(drawing: Drawing, span: Span, person_ids: Sequence[int]) -> None:
    resources = set(drawing.resources)
    rows = overlapping(ExternalBusy.objects.filter(person__among=person_ids), span).order_by("starts_at")
    for person, start, end, title in rows.values_list(
        "person_id", Epoch("starts_at"), Epoch("ends_at"), "title"
    ):
        own = person == drawing.actor.person_id
        place = person if resources else NOWHERE
        flags = Flag.IMPORTED if own else Flag.IMPORTED | Flag.HIDDEN
        drawing.shades(place, Span(Instant(start), Instant(end)), title if own else _("Busy"), flags)
    for person, stretches in away_spans(person_ids, span).items():
        for away in stretches:
            drawing.shades(person if resources else NOWHERE, away.span, away.label, Flag.BACKGROUND)


def _encode(drawing: Drawing, span: Span) -> bytes:
    actor = drawing.actor
    facts = _facts({row[5] for row in drawing.raw})
    private = [key for key, meeting in facts.items() if meeting.is_private]
    hidden = set(private) - private_meetings_seen_by(actor, private) if private else set()
    flags = {key: _meeting_flags(actor, meeting, key in hidden) for key, meeting in facts.items()}
    shown = {key: meeting.title for key, meeting in facts.items()}
    ends = {
        key: () if meeting.version == FIRST_VERSION else (NOWHERE, meeting.version)
        for key, meeting in facts.items()
    }
    busy = _("Busy")
    clashing = _in_conflict({row[0] for row in drawing.raw}, span)
    titles: dict[str, int] = {}
    places = {key: place for place, key in enumerate(drawing.resources)}
    starts, lengths = _wall_minutes(drawing)
    rows = [
        [
            pk,
            places.get(resource, NOWHERE),
            starts[n],
            lengths[n],
            titles.setdefault(own or shown[key], len(titles))
            if key not in hidden
            else titles.setdefault(busy, len(titles)),
            flags[key] | STATE_FLAGS.get(state, 0) | (CONFLICT if pk in clashing else 0),
            *ends[key],
        ]
        for n, (pk, resource, _s, _e, state, key, own) in enumerate(drawing.raw)
    ]
    past = len(rows)
    rows += [
        [0, places.get(resource, NOWHERE), starts[past + n], lengths[past + n], titles.setdefault(title, len(titles)), int(flag)]
        for n, (resource, _span, title, flag) in enumerate(drawing.extra)
    ]  # fmt: skip
    answer = {
        "from": to_local(drawing.origin, drawing.zone).date().isoformat(),
        "titles": list(titles),
        "places": [],
        "resources": [str(key) for key in drawing.resources],
        "rows": rows,
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _facts(meeting_ids: set[int]) -> dict[int, MeetingFacts]:
    columns = (
        "id", "title", "is_private", "is_movable", "organiser_id", "state", "rrule", "all_day", "version",
        "source_id", "organiser__department_id",
    )  # fmt: skip
    rows = Meeting.objects.filter(pk__among=meeting_ids).values_list(*columns)
    return {row[0]: MeetingFacts(*row) for row in rows}


def _meeting_flags(actor: Actor, meeting: MeetingFacts, is_hidden: bool) -> int:
    if is_hidden:
        return int(Flag.HIDDEN | (Flag.ALL_DAY if meeting.all_day else 0) | HUE_UNIT)
    movable = meeting.is_movable and may(actor, "meeting.edit", meeting)
    return int(meeting.flags | (Flag.MOVABLE if movable else 0))


def _in_conflict(occurrence_ids: set[int], span: Span) -> set[int]:
    """Occurrences with an open conflict that is worth a mark."""
    if not occurrence_ids:
        return set()
    rows = ConflictOccurrence.objects.filter(conflict__state=ConflictState.OPEN, conflict__severity__gte=2)
    rows = rows.filter(in_window(span, prefix="occurrence__"))
    return set(rows.values_list("occurrence_id", flat=True))


def _wall_minutes(drawing: Drawing) -> tuple[list[int], list[int]]:
    """Starts as wall-clock minutes since the origin's midnight, and lengths in minutes."""
    instants = [(row[2], row[3]) for row in drawing.raw] + [
        (span.start, span.end) for _, span, _, _ in drawing.extra
    ]
    if not instants:
        return [], []
    table = np.array(instants, dtype=np.int64)
    midnight = wall_seconds(LocalTime(to_local(drawing.origin, drawing.zone)))
    midnight -= midnight % DAY
    wall = utc_to_local(table[:, 0], drawing.zone)
    starts = (wall - midnight) // MINUTE
    lengths = (table[:, 1] - table[:, 0]) // MINUTE
    return starts.tolist(), lengths.tolist()
