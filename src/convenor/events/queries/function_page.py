"""Everything on a function's page, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import Service
from convenor.events.models import Cue, Event, Function
from convenor.events.queries.function_fit import function_for
from convenor.events.queries.programme import FunctionRow, rows_of
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import AttendeeRole, BookingState, PartStat
from convenor.scheduling.models import Booking, Participation
from convenor.venues.enums import SetupStyle

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class GuestRow:
    person_id: int
    name: str
    role: AttendeeRole
    partstat: PartStat


@dataclass(frozen=True, slots=True)
class CueRow:
    """A line of the run of show; `at` and `until` are on the event's clocks."""

    id: int
    function_id: int
    function_title: str
    at: LocalTime
    until: LocalTime
    at_instant: datetime
    minutes: int
    what: str
    cue: str
    owner: str
    service: str
    rooms: str = ""


@dataclass(frozen=True, slots=True)
class FunctionPage:
    """`guests` are the first ones, those who must come before others; `more` counts the rest."""

    row: Function
    shown: FunctionRow
    guests: Sequence[GuestRow]
    more: int
    cues: Sequence[CueRow]
    equipment: Sequence[str]
    style: str
    texts: Sequence[tuple[str, str]]
    may_edit: bool
    may_answer: frozenset[int]

    @property
    def occurrence_id(self) -> int:
        return self.shown.occurrence_id


def function_page_for(actor: Actor, pk: int) -> FunctionPage:
    """Raises Function.DoesNotExist for one of an event that the actor may not see."""
    row = function_for(actor, pk)
    (shown,) = rows_of(actor, row.event, only=[pk])
    guests = _guests(row)
    may_edit = may(actor, "event.edit", row.event)
    style = row.occurrence.meeting.setup_style
    return FunctionPage(
        row=row,
        shown=shown,
        guests=guests[:MOST_SHOWN],
        more=max(len(guests) - MOST_SHOWN, 0),
        cues=cue_rows(row.event, Cue.objects.filter(function=row)),
        equipment=_equipment(row),
        style=str(SetupStyle(style).label) if style else "",
        texts=_texts(row),
        may_edit=may_edit,
        may_answer=frozenset(
            each.id for each in shown.speakers if may_edit or may(actor, "speaker.answer", each.person_id)
        ),
    )


def _guests(row: Function) -> list[GuestRow]:
    order = list(AttendeeRole)
    rows = Participation.objects.filter(occurrence=row.occurrence_id).order_by()
    columns = ("person_id", "person__name", "role", "partstat")
    found = [
        GuestRow(person, name, AttendeeRole(role), PartStat(partstat))
        for person, name, role, partstat in rows.values_list(*columns)
    ]
    return sorted(found, key=lambda each: (order.index(each.role), each.name, each.person_id))


def _equipment(row: Function) -> list[str]:
    rows = Booking.objects.filter(occurrence=row.occurrence_id, equipment__isnull=False)
    pieces = rows.exclude(state=BookingState.RELEASED).order_by("equipment__name")
    return [f"{count} × {name}" for count, name in pieces.values_list("quantity", "equipment__name")]


def _texts(row: Function) -> list[tuple[str, str]]:
    """Heading and text of what is written for each service, and the notes."""
    names = ("catering", "av", "security", "facility", "staffing", "notes")
    labels = [(str(Function._meta.get_field(name).verbose_name), getattr(row, name)) for name in names]  # type: ignore[union-attr]  # union-attr: plain columns
    return [(label, text) for label, text in labels if text]


def cue_rows(event: Event, cues: QuerySet[Cue], places: dict[int, str] | None = None) -> list[CueRow]:
    """In order of time; `places` are the functions' rooms in words. One query."""
    rows = cues.select_related("function__occurrence__meeting", "owner")
    found = [_cue_row(event, each, (places or {}).get(each.function_id, "")) for each in rows]
    return sorted(found, key=lambda each: (each.at_instant, each.id))


def _cue_row(event: Event, each: Cue, rooms: str) -> CueRow:
    occurrence = each.function.occurrence
    begins = occurrence.starts_at + timedelta(minutes=each.offset_minutes)
    at, until = local_in(event.zone, begins), local_in(event.zone, begins + timedelta(minutes=each.minutes))
    assert at is not None
    assert until is not None
    return CueRow(
        id=each.pk,
        function_id=each.function_id,
        function_title=occurrence.title or occurrence.meeting.title,
        at=at,
        until=until,
        at_instant=begins,
        minutes=each.minutes,
        what=each.what,
        cue=each.cue,
        owner=each.owner.name if each.owner else "",
        service=str(Service(each.service).label) if each.service else "",
        rooms=rooms,
    )
