"""Functions of an event as the drafts that would make them: for forms, plan files, clones and actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import Q, QuerySet

from convenor.events.drafts import AttendeeDraft, CueDraft, EquipmentDraft, FunctionDraft, SpeakerDraft
from convenor.events.enums import FunctionKind, PartyRole, SpeakerState
from convenor.events.models import Cue, Event, Function, Party, Speaker
from convenor.events.queries.programme import functions_for
from convenor.events.rules.attendance import Parties, named_of
from convenor.kernel.instants import ZoneName, instant_of, to_local
from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole, BookingState, OccurrenceState
from convenor.scheduling.models import Attendee, Booking, Claim

__all__ = ["function_drafts_of", "functions_for"]

OWN = (
    *("key", "track", "host_id", "is_for_all", "is_public", "abstract", "catering", "av", "security"),
    *("facility", "staffing", "notes", "sheet_due"),
)
"""Columns of the function that its draft has under the same names."""


def function_drafts_of(event: Event) -> list[FunctionDraft]:
    """All functions of the event, in order of time. 8 queries."""
    rows = functions_of(event.pk)
    drafts = drafts_of(event, rows)
    return [drafts[row.pk] for row in rows]


def functions_of(event_id: int) -> list[Function]:
    """With their occurrences and meetings, in order of time and number. 1 query."""
    return list(with_meetings().filter(event=event_id))


def with_meetings() -> QuerySet[Function]:
    rows = Function.objects.select_related("occurrence__meeting")
    return rows.order_by("occurrence__starts_at", "number")


def parties_of(event_id: int) -> dict[int, PartyRole]:
    """What each person on the event's list is to it. 1 query."""
    rows = Party.objects.filter(event=event_id).order_by("pk").values_list("person_id", "role")
    return {person: PartyRole(role) for person, role in rows}


def parked_bookings_of(function: Function) -> tuple[int, ...]:
    """Keys of the bookings that are made again when its postponed event is resumed."""
    if function.occurrence.state != OccurrenceState.CANCELLED:
        return ()
    return tuple(function.parked.get("bookings", ()))


def keys_of(event_id: int) -> set[str]:
    return set(Function.objects.filter(event=event_id).values_list("key", flat=True))


@dataclass(slots=True)
class _Places:
    """The rooms and the equipment of one occurrence: (equipment, quantity, site)."""

    rooms: list[tuple[int, int]] = field(default_factory=list)  # room, site
    pieces: list[tuple[int, int, int]] = field(default_factory=list)


def drafts_of(
    event: Event, rows: Sequence[Function], *, parties: Parties | None = None
) -> dict[int, FunctionDraft]:
    """The drafts of these functions of the event by their keys; rows as `with_meetings` gives them. 7 queries at most.

    `parties` are the people on the event's list when the meetings were last brought up to it; without, those now.
    """
    speakers, cues, places = _speakers(rows), _cues(rows), _places(rows)
    asked = _asked(row.occurrence.meeting_id for row in rows)
    if parties is None:
        parties = parties_of(event.pk) if any(row.is_for_all for row in rows) else {}
    home = Person.objects.values_list("home_site_id", flat=True).get(pk=event.owner_id)
    found: dict[int, FunctionDraft] = {}
    for row in rows:
        where = places.get(row.occurrence_id, _Places())
        found[row.pk] = _draft(
            event,
            row,
            rooms=_room_ids(row, where),
            equipment=_equipment(row, where, home),
            speakers=tuple(speakers.get(row.pk, ())),
            cues=tuple(cues.get(row.pk, ())),
            asked=asked.get(row.occurrence.meeting_id, {}),
            parties=parties,
        )
    return found


def _draft(
    event: Event,
    row: Function,
    *,
    rooms: tuple[int, ...],
    equipment: tuple[EquipmentDraft, ...],
    speakers: tuple[SpeakerDraft, ...],
    cues: tuple[CueDraft, ...],
    asked: Mapping[int, AttendeeRole],
    parties: Parties,
) -> FunctionDraft:
    occurrence, meeting = row.occurrence, row.occurrence.meeting
    minutes = meeting.duration_minutes
    if meeting.is_series and not meeting.all_day:
        minutes = (occurrence.ends_at - occurrence.starts_at) // timedelta(minutes=1)
    bare = FunctionDraft(
        **{name: getattr(row, name) for name in OWN},
        title=occurrence.title or meeting.title,
        kind=FunctionKind(row.kind),
        local_start=to_local(instant_of(occurrence.starts_at), ZoneName(event.zone)),
        duration_minutes=max(minutes, 1),
        room_ids=rooms,
        equipment=equipment,
        setup_style=meeting.setup_style,
        headcount=meeting.headcount,
        speakers=speakers,
        cues=cues,
    )
    return with_attendees(bare, named_of(asked, bare, parties))


def with_attendees(draft: FunctionDraft, attendees: tuple[AttendeeDraft, ...]) -> FunctionDraft:
    return replace(draft, attendees=attendees)


def _room_ids(row: Function, where: _Places) -> tuple[int, ...]:
    """The main room first; of a function that is called off, the rooms that wait for it."""
    if row.occurrence.state == OccurrenceState.CANCELLED:
        return tuple(row.parked_rooms)
    rooms = [room for room, _ in where.rooms]
    return tuple(sorted(rooms, key=lambda room: room != row.main_room_id))


def _equipment(row: Function, where: _Places, home: int | None) -> tuple[EquipmentDraft, ...]:
    """The site is left out where it would be found again: the first room's, else the one of the event's owner."""
    sites = dict(where.rooms)
    rooms = _room_ids(row, where)
    usual = sites.get(rooms[0], home) if rooms else home
    return tuple(
        EquipmentDraft(kind, quantity, None if site == usual else site)
        for kind, quantity, site in where.pieces
    )


def _speakers(rows: Iterable[Function]) -> Mapping[int, list[SpeakerDraft]]:
    found: dict[int, list[SpeakerDraft]] = defaultdict(list)
    for each in Speaker.objects.filter(function__among=[row.pk for row in rows]).order_by("position", "pk"):
        found[each.function_id].append(SpeakerDraft(each.person_id, each.topic, SpeakerState(each.state)))
    return found


def _cues(rows: Iterable[Function]) -> Mapping[int, list[CueDraft]]:
    found: dict[int, list[CueDraft]] = defaultdict(list)
    for each in Cue.objects.filter(function__among=[row.pk for row in rows]).order_by("offset_minutes", "pk"):
        found[each.function_id].append(cue_draft_of(each))
    return found


def cue_draft_of(cue: Cue) -> CueDraft:
    return CueDraft(
        offset_minutes=cue.offset_minutes,
        what=cue.what,
        minutes=cue.minutes,
        cue=cue.cue,
        owner_id=cue.owner_id,
        service=cue.service,
    )


def _asked(meeting_ids: Iterable[int]) -> Mapping[int, dict[int, AttendeeRole]]:
    found: dict[int, dict[int, AttendeeRole]] = defaultdict(dict)
    rows = Attendee.objects.filter(meeting__among=set(meeting_ids)).order_by()
    for meeting, person, role in rows.values_list("meeting_id", "person_id", "role"):
        found[meeting][person] = AttendeeRole(role)
    return found


def _places(functions: Iterable[Function]) -> Mapping[int, _Places]:
    """Active bookings in the order in which they were made, and those that wait for a postponed event. 2 queries."""
    found: dict[int, _Places] = defaultdict(_Places)
    occurrences = {each.occurrence_id: parked_bookings_of(each) for each in functions}
    mine = Q(occurrence__among=list(occurrences)) & ~Q(state=BookingState.RELEASED)
    if parked := [key for keys in occurrences.values() for key in keys]:
        mine |= Q(pk__among=parked)
    active = Booking.objects.filter(mine)
    columns = ("pk", "occurrence_id", "room_id", "room__site_id", "equipment_id", "quantity")
    rows = list(active.order_by("pk").values_list(*columns))
    pieces = [pk for pk, _o, room, *_rest in rows if room is None]
    claims = Claim.objects.filter(booking__among=pieces).order_by("is_active")  # those in force count
    sites = dict(claims.values_list("booking_id", "unit__site_id"))
    for pk, occurrence, room, room_site, kind, quantity in rows:
        if room is not None:
            found[occurrence].rooms.append((room, room_site))
        elif kind is not None:
            found[occurrence].pieces.append((kind, quantity, sites.get(pk, 0)))
    return found
