"""What the link in an invitation shows: the meeting as it stands now, for the one person whom it was sent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.kernel.instants import LocalTime, ZoneName
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.invitations import Reader, readers
from convenor.scheduling.rules.answer_links import AnswerLink
from convenor.scheduling.sentences.series import series_in_words

MOST_DATES = 12


@dataclass(frozen=True, slots=True)
class AnswerDate:
    """One date with the reader's own answer; `moved_from` is its time by the series, where it is at another."""

    occurrence_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    partstat: PartStat
    is_off: bool
    is_over: bool
    moved_from: LocalTime | None

    @property
    def is_open(self) -> bool:
        return not (self.is_off or self.is_over)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """`shown` is the date that the link is of, else the next; `dates` are those of a series that can be answered."""

    reader: Reader
    title: str
    description: str
    organiser: str
    series: str
    zone: str
    all_day: bool
    people: tuple[str, ...]
    is_asked: bool
    is_off: bool
    shown: AnswerDate | None
    dates: Sequence[AnswerDate]

    @property
    def may_answer(self) -> bool:
        return self.is_asked and not self.is_off and any(each.is_open for each in self.dates)


def answer_page(link: AnswerLink, now: datetime) -> AnswerPage | None:
    """None where the meeting or the person is gone. 6 queries at most."""
    meeting = Meeting.objects.select_related("organiser").filter(pk=link.meeting_id).first()
    reader = readers([link.person_id]).get(link.person_id)
    if meeting is None or reader is None:
        return None
    rows = _rows(meeting, link, now)
    dates = _dates(meeting, rows, reader.person_id, now)
    one = [each for each, row in zip(dates, rows, strict=True) if row.recurrence_id == link.recurrence_id]
    attendees = Attendee.objects.filter(meeting=meeting).exclude(role=AttendeeRole.RESOURCE).order_by("pk")
    people = dict(attendees.values_list("person_id", "person__name"))
    start, zone = LocalTime(meeting.local_start), ZoneName(meeting.zone)
    return AnswerPage(
        reader=reader,
        title=(rows[dates.index(one[0])].title if one else "") or meeting.title,
        description=meeting.description,
        organiser=meeting.organiser.name,
        series=series_in_words(meeting.rrule, start, zone, extra_dates=len(meeting.rdates)),
        zone=meeting.zone,
        all_day=meeting.all_day,
        people=tuple(people.values()),
        is_asked=reader.person_id in people and meeting.state == MeetingState.CONFIRMED,
        is_off=meeting.state == MeetingState.CANCELLED,
        shown=next((each for each in (*one, *dates) if one or each.is_open), dates[0] if dates else None),
        dates=[each for each in dates if each.is_open],
    )


def _rows(meeting: Meeting, link: AnswerLink, now: datetime) -> list[Occurrence]:
    """The date that the link is of, and the next of the series; of a meeting that has no more, its last."""
    rows = Occurrence.objects.filter(meeting=meeting)
    ahead = rows.filter(state=OccurrenceState.SCHEDULED, ends_at__gt=now).order_by("starts_at", "pk")
    found = {row.pk: row for row in ahead[:MOST_DATES]}
    if link.recurrence_id is not None:
        found |= {row.pk: row for row in rows.filter(recurrence_id=link.recurrence_id)}
    if not found:
        found = {row.pk: row for row in rows.order_by("-starts_at", "-pk")[:1]}
    return sorted(found.values(), key=lambda row: (row.starts_at, row.pk))


def _dates(meeting: Meeting, rows: Sequence[Occurrence], person_id: int, now: datetime) -> list[AnswerDate]:
    keys = [row.pk for row in rows]
    mine = Participation.objects.filter(occurrence__among=keys, person=person_id)
    answers = dict(mine.values_list("occurrence_id", "partstat"))
    places = _places(keys)
    return [
        AnswerDate(
            occurrence_id=row.pk,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place="; ".join([*places.get(row.pk, []), *([meeting.location] if meeting.location else [])]),
            partstat=PartStat(answers.get(row.pk, PartStat.NEEDS_ACTION)),
            is_off=row.state == OccurrenceState.CANCELLED,
            is_over=row.ends_at <= now,
            moved_from=LocalTime(row.recurrence_id) if meeting.is_series and row.is_override else None,
        )
        for row in rows
    ]


def _places(keys: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    booked = Booking.objects.filter(occurrence__among=keys, room__isnull=False)
    columns = ("occurrence_id", "room__code", "room__name")
    for key, code, name in (
        booked.exclude(state=BookingState.RELEASED).order_by("room__code").values_list(*columns)
    ):
        found.setdefault(key, []).append(f"{code} {name}")
    return found
