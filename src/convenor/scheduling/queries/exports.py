"""Meetings as they go out into calendar files and feeds: whole series, with what single dates of them differ in.

A fixed number of queries, whatever there is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.kernel.instants import LocalTime, Span
from convenor.scheduling.enums import (
    AttendeeRole,
    BookingState,
    MeetingState,
    OccurrenceState,
    PartStat,
)
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import in_window


@dataclass(frozen=True, slots=True)
class About:
    """Whose calendar it is: one of the three."""

    person_id: int | None = None
    room_id: int | None = None
    department_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ExportedPerson:
    email: str
    name: str
    role: AttendeeRole = AttendeeRole.REQUIRED
    partstat: PartStat = PartStat.NEEDS_ACTION


@dataclass(frozen=True, slots=True)
class ExportedOccurrence:
    """One date that takes place and belongs to the calendar; instants are aware UTC, `title` only where it differs.

    `rooms` is None where they weren't looked up: outside of the span.
    """

    recurrence_id: LocalTime
    starts_at: datetime
    ends_at: datetime
    title: str
    rooms: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ExportedMeeting:
    """`occurrences` are all in the span, and those outside of it that differ from their series; `struck` are dates
    outside of the span that are cancelled. A masked meeting tells its times alone, under another UID.
    """

    uid: str
    sequence: int
    title: str
    description: str
    location: str
    organiser: ExportedPerson | None
    attendees: tuple[ExportedPerson, ...]
    zone: str
    local_start: LocalTime
    duration_minutes: int
    all_day: bool
    is_tentative: bool
    is_private: bool
    is_masked: bool
    shows_as_busy: bool
    rrule: str
    rdates: tuple[LocalTime, ...]
    exdates: tuple[LocalTime, ...]
    materialised_until: datetime | None
    created_at: datetime
    changed_at: datetime
    occurrences: tuple[ExportedOccurrence, ...]
    struck: tuple[LocalTime, ...]


def exported_meetings_for(
    actor: Actor, about: About, span: Span, *, sees_private: bool
) -> list[ExportedMeeting]:
    """The meetings of the calendar that have a date in the span, by start; nine queries.

    Without `sees_private` every private meeting is masked, whoever the actor is.
    """
    if not actor.is_signed_in:
        return []
    rows = _rows(_mine(about, span), span)
    keys = {row.meeting_id for row in rows}
    if not keys:
        return []
    meetings = (
        Meeting.objects.filter(pk__among=keys).select_related("organiser").order_by("local_start", "pk")
    )
    found = list(meetings)
    private = {each.pk for each in found if each.is_private}
    seen = private_meetings_seen_by(actor, private) if sees_private else set()
    loose = _loose(_mine(about, None), keys, span, {row.pk for row in rows})
    gather = _Gather(
        rows=_grouped([*rows, *(row for row in loose if row.state == OccurrenceState.SCHEDULED)]),
        struck=_grouped(row for row in loose if row.state == OccurrenceState.CANCELLED),
        attendees=_attendees(keys - (private - seen)),
        answers=_answers(rows),
        rooms=_rooms([row.pk for row in rows]),
        changed=_changed(keys),
        masked=private - seen,
    )
    return [gather.exported(each) for each in found]


def whole_meeting(meeting: Meeting, now: datetime) -> ExportedMeeting:
    """The meeting with all its dates, as those may know it who are asked to it; `struck` are all dates that are cancelled.

    Everybody's answer is that for the next date. Of dates that are over the rooms don't count any more: they have
    what most to come have. 4 queries.
    """
    rows = list(Occurrence.objects.filter(meeting=meeting).order_by("starts_at", "pk"))
    there = [row for row in rows if row.state == OccurrenceState.SCHEDULED]
    ahead = [row for row in there if row.ends_at > now]
    rooms = _rooms([row.pk for row in ahead or there[-1:]])
    counted = Counter(rooms.get(row.pk, ()) for row in ahead or there[-1:])
    usual = counted.most_common(1)[0][0] if counted else ()
    gather = _Gather(
        rows={meeting.pk: there},
        struck={meeting.pk: [row for row in rows if row.state == OccurrenceState.CANCELLED]},
        attendees=_attendees([meeting.pk]),
        answers=_answers((ahead or there)[:1]),
        rooms={row.pk: usual for row in there} | {row.pk: rooms.get(row.pk, ()) for row in ahead},
        changed=_changed([meeting.pk]),
        masked=(),
    )
    return gather.exported(meeting)


def _mine(about: About, span: Span | None) -> Q:
    """A condition on Occurrence: it belongs to the calendar."""
    window = in_window(span) if span else Q()
    if about.room_id is not None:
        reserved = in_window(span, start="reserved_start", end="reserved_end") if span else Q()
        booked = Booking.objects.filter(reserved, room=about.room_id).exclude(state=BookingState.RELEASED)
        return Q(pk__in=booked.order_by().values("occurrence"))
    who = Q(person=about.person_id)
    if about.person_id is None:
        who = Q(person__department__among=about.department_ids)
    taking_part = Participation.objects.filter(window, who).order_by()
    comes = Q(pk__in=taking_part.exclude(partstat=PartStat.DECLINED).values("occurrence"))
    if about.person_id is None:
        return comes
    declined = taking_part.filter(partstat=PartStat.DECLINED).values("occurrence")
    return comes | Q(meeting__organiser=about.person_id) & ~Q(pk__in=declined)


def _rows(mine: Q, span: Span) -> list[Occurrence]:
    rows = Occurrence.objects.filter(in_window(span), mine, state=OccurrenceState.SCHEDULED)
    return list(rows.order_by("starts_at", "pk"))


def _loose(mine: Q, keys: Collection[int], span: Span, there: set[int]) -> list[Occurrence]:
    """Dates outside of the span that their series doesn't tell by itself."""
    theirs = Occurrence.objects.filter(meeting__among=keys).exclude(in_window(span))
    moved = theirs.filter(mine, is_override=True, state=OccurrenceState.SCHEDULED)
    cancelled = theirs.filter(state=OccurrenceState.CANCELLED)
    found = [*moved.order_by("starts_at", "pk"), *cancelled.order_by("starts_at", "pk")]
    return [row for row in found if row.pk not in there]


def _grouped(rows: Iterable[Occurrence]) -> dict[int, list[Occurrence]]:
    found: dict[int, list[Occurrence]] = defaultdict(list)
    for row in rows:
        found[row.meeting_id].append(row)
    return found


def _attendees(keys: Collection[int]) -> dict[int, list[Attendee]]:
    found: dict[int, list[Attendee]] = defaultdict(list)
    people: QuerySet[Attendee] = Attendee.objects.filter(meeting__among=keys).select_related("person")
    for row in people.exclude(role=AttendeeRole.RESOURCE).order_by("pk"):
        found[row.meeting_id].append(row)
    return found


def _answers(rows: Iterable[Occurrence]) -> dict[int, dict[int, PartStat]]:
    """By meeting and person, as they answered for the last date in the span: the series has one answer, and that is the newest."""
    last = {row.meeting_id: row.pk for row in rows}
    meeting_of = {pk: meeting for meeting, pk in last.items()}
    found: dict[int, dict[int, PartStat]] = defaultdict(dict)
    columns = ("occurrence_id", "person_id", "partstat")
    for occurrence, person, partstat in (
        Participation.objects.filter(occurrence__among=list(meeting_of)).order_by().values_list(*columns)
    ):
        found[meeting_of[occurrence]][person] = PartStat(partstat)
    return found


def _rooms(keys: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    booked = Booking.objects.filter(occurrence__among=keys, room__isnull=False).exclude(
        state=BookingState.RELEASED
    )
    columns = ("occurrence_id", "room__code", "room__name")
    for occurrence, code, name in booked.order_by("room__code").values_list(*columns):
        found[occurrence].append(f"{code} {name}")
    return {key: tuple(found.get(key, ())) for key in keys}


def _changed(keys: Collection[int]) -> dict[int, datetime]:
    label = Meeting._meta.label_lower
    entries = AuditEntry.objects.filter(object_type=label, object_id__among=keys).order_by()
    return dict(entries.values_list("object_id").annotate(at=Max("at")))


@dataclass(frozen=True, slots=True)
class _Gather:
    """Everything that was read, by meeting."""

    rows: Mapping[int, list[Occurrence]]
    struck: Mapping[int, list[Occurrence]]
    attendees: Mapping[int, list[Attendee]]
    answers: Mapping[int, Mapping[int, PartStat]]
    rooms: Mapping[int, tuple[str, ...]]
    changed: Mapping[int, datetime]
    masked: Collection[int]

    def exported(self, meeting: Meeting) -> ExportedMeeting:
        is_masked = meeting.pk in self.masked
        return ExportedMeeting(
            uid=meeting.uid,
            sequence=meeting.sequence,
            title="" if is_masked else meeting.title,
            description="" if is_masked else meeting.description,
            location="" if is_masked else meeting.location,
            organiser=None if is_masked else ExportedPerson(meeting.organiser.email, meeting.organiser.name),
            attendees=() if is_masked else tuple(self._people(meeting.pk)),
            zone=meeting.zone,
            local_start=meeting.local_start,
            duration_minutes=meeting.duration_minutes,
            all_day=meeting.all_day,
            is_tentative=meeting.state == MeetingState.TENTATIVE,
            is_private=meeting.is_private,
            is_masked=is_masked,
            shows_as_busy=meeting.shows_as_busy,
            rrule=meeting.rrule,
            rdates=_locals(meeting.rdates),
            exdates=_locals(meeting.exdates),
            materialised_until=meeting.materialised_until,
            created_at=meeting.created_at,
            changed_at=self.changed.get(meeting.pk, meeting.created_at),
            occurrences=tuple(self._occurrence(row, is_masked=is_masked) for row in self.rows[meeting.pk]),
            struck=tuple(row.recurrence_id for row in self.struck.get(meeting.pk, ())),
        )

    def _people(self, meeting_id: int) -> Iterable[ExportedPerson]:
        answers = self.answers.get(meeting_id, {})
        for each in self.attendees.get(meeting_id, ()):
            partstat = answers.get(each.person_id, PartStat.NEEDS_ACTION)
            yield ExportedPerson(each.person.email, each.person.name, AttendeeRole(each.role), partstat)

    def _occurrence(self, row: Occurrence, *, is_masked: bool) -> ExportedOccurrence:
        return ExportedOccurrence(
            recurrence_id=row.recurrence_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            title="" if is_masked else row.title,
            rooms=() if is_masked else self.rooms.get(row.pk),
        )


def _locals(texts: Iterable[str]) -> tuple[LocalTime, ...]:
    return tuple(LocalTime(datetime.fromisoformat(text)) for text in texts)
