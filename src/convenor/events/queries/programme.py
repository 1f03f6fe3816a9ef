"""Functions of an event as screens show them: in a number of queries that doesn't grow with the functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.events.enums import FunctionKind, SpeakerState
from convenor.events.models import Event, Function, Sheet, Speaker
from convenor.events.queries.hidden import readable
from convenor.events.queries.visibility import event_for
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import Instant, LocalTime, Span, datetime_of, instant_of
from convenor.scheduling.enums import BookingState, OccurrenceState, PartStat
from convenor.scheduling.models import Booking, Participation
from convenor.scheduling.queries.blocked import titles_for
from convenor.scheduling.queries.freebusy import busy_arrays
from convenor.scheduling.rules.wording import times_in

EXECUTIVE = 5
"""Seniority from which on somebody in two places at once is shown, whatever their part."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    id: int
    person_id: int
    name: str
    topic: str
    state: SpeakerState


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A room of a function; `state` is its booking's."""

    id: int
    code: str
    name: str
    state: BookingState


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The latest function sheet; `waiting` of those told haven't acknowledged it."""

    revision: int
    issued_at: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function; `version` is its meeting's. `starts` and `ends` are on the event's clocks; `conflicts` are sentences about who is in two places."""

    id: int
    key: str
    number: int
    kind: FunctionKind
    title: str
    track: str
    occurrence_id: int
    meeting_id: int
    version: int
    starts_at: datetime
    ends_at: datetime
    starts: LocalTime
    ends: LocalTime
    host: NamedPerson | None
    speakers: tuple[SpeakerRow, ...]
    rooms: tuple[PlaceRow, ...]
    headcount: int | None
    asked: int
    accepted: int
    declined: int
    is_for_all: bool
    is_public: bool
    is_called_off: bool
    sheet_due: bool
    sheet: SheetRow | None
    conflicts: tuple[str, ...]

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def kind_label(self) -> str:
        return str(self.kind.label)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


def functions_for(actor: Actor, event_id: int) -> list[FunctionRow]:
    """In order of time. 12 queries at most, however many functions. Raises Event.DoesNotExist."""
    event = event_for(actor, event_id)
    return rows_of(actor, event)


def rows_of(actor: Actor, event: Event, *, only: Iterable[int] | None = None) -> list[FunctionRow]:
    """The same of an event that the actor has been found to see; with `only`, these functions by key."""
    rows = readable(actor, event, list(_functions(event, only)))
    keys, occurrences = [row.pk for row in rows], [row.occurrence_id for row in rows]
    speakers, places, counts = _speakers(keys), _places(occurrences), _counts(occurrences)
    sheets, doubled = _sheets(keys), _doubled(actor, event, rows, speakers)
    return [
        _row(
            event,
            row,
            speakers.get(row.pk, ()),
            places.get(row.occurrence_id, ()),
            counts.get(row.occurrence_id, {}),
            sheets.get(row.pk),
            doubled.get(row.pk, ()),
        )
        for row in rows
    ]


def _functions(event: Event, only: Iterable[int] | None) -> Iterable[Function]:
    rows = Function.objects.filter(event=event).select_related("occurrence__meeting", "host")
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return rows.order_by("occurrence__starts_at", "number")


def _row(
    event: Event,
    row: Function,
    speakers: Sequence[SpeakerRow],
    places: Sequence[PlaceRow],
    counts: Mapping[str, int],
    sheet: SheetRow | None,
    conflicts: Sequence[str],
) -> FunctionRow:
    occurrence, meeting = row.occurrence, row.occurrence.meeting
    starts, ends = local_in(event.zone, occurrence.starts_at), local_in(event.zone, occurrence.ends_at)
    assert starts is not None
    assert ends is not None
    return FunctionRow(
        id=row.pk,
        key=row.key,
        number=row.number,
        kind=FunctionKind(row.kind),
        title=occurrence.title or meeting.title,
        track=row.track,
        occurrence_id=occurrence.pk,
        meeting_id=meeting.pk,
        version=meeting.version,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        starts=starts,
        ends=ends,
        host=NamedPerson(row.host.pk, row.host.name) if row.host else None,
        speakers=tuple(speakers),
        rooms=tuple(sorted(places, key=lambda room: room.id != row.main_room_id)),
        headcount=meeting.headcount,
        asked=sum(counts.values()),
        accepted=counts.get(PartStat.ACCEPTED, 0),
        declined=counts.get(PartStat.DECLINED, 0),
        is_for_all=row.is_for_all,
        is_public=row.is_public,
        is_called_off=occurrence.state == OccurrenceState.CANCELLED,
        sheet_due=row.sheet_due,
        sheet=sheet,
        conflicts=tuple(conflicts),
    )


def _speakers(keys: Sequence[int]) -> Mapping[int, list[SpeakerRow]]:
    found: dict[int, list[SpeakerRow]] = defaultdict(list)
    rows = Speaker.objects.filter(function__among=keys).order_by("position", "pk")
    columns = ("function_id", "pk", "person_id", "person__name", "topic", "state")
    for function, pk, person, name, topic, state in rows.values_list(*columns):
        found[function].append(SpeakerRow(pk, person, name, topic, SpeakerState(state)))
    return found


def _places(occurrences: Sequence[int]) -> Mapping[int, list[PlaceRow]]:
    found: dict[int, list[PlaceRow]] = defaultdict(list)
    rows = Booking.objects.filter(occurrence__among=occurrences, room__isnull=False).order_by("pk")
    columns = ("occurrence_id", "room_id", "room__code", "room__name", "state")
    for occurrence, pk, code, name, state in rows.exclude(state=BookingState.RELEASED).values_list(*columns):
        found[occurrence].append(PlaceRow(pk or 0, code, name, BookingState(state)))
    return found


def _counts(occurrences: Sequence[int]) -> Mapping[int, dict[str, int]]:
    """How many gave which answer."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Participation.objects.filter(occurrence__among=occurrences).order_by()
    counted = rows.values_list("occurrence_id", "partstat").annotate(count=Count("pk"))
    for occurrence, partstat, count in counted:
        found[occurrence][partstat] = count
    return found


def _sheets(keys: Sequence[int]) -> Mapping[int, SheetRow]:
    waiting = Count("receipts", filter=Q(receipts__acknowledged_at__isnull=True))
    rows = Sheet.objects.filter(function__among=keys).order_by("revision").annotate(waiting=waiting)
    columns = ("function_id", "revision", "issued_at", "waiting")
    return {function: SheetRow(*facts) for function, *facts in rows.values_list(*columns)}


_Busy = tuple[Instant, Instant, int]
"""From, until, and the occurrence: 0 for time out of somebody's own calendar."""


def _doubled(
    actor: Actor, event: Event, rows: Sequence[Function], speakers: Mapping[int, Sequence[SpeakerRow]]
) -> Mapping[int, list[str]]:
    """A sentence for each host, speaker and executive who has something else at the same time. 5 queries."""
    alive = [row for row in rows if row.occurrence.state == OccurrenceState.SCHEDULED]
    who = _who_matters(alive, speakers)
    everybody = {person for people in who.values() for person in people}
    if not everybody:
        return {}
    start = min(row.occurrence.starts_at for row in alive)
    end = max(row.occurrence.ends_at for row in alive)
    busy = _busy(everybody, start, end)
    clashes = [
        (row, name, each)
        for row in alive
        for person, name in sorted(who[row.pk].items())
        if (each := _in_the_way(busy.get(person, ()), row)) is not None
    ]
    titles = titles_for(actor, {each[2] for _row, _name, each in clashes if each[2]})
    found: dict[int, list[str]] = defaultdict(list)
    for row, name, (begins, until, occurrence) in clashes:
        times = (datetime_of(begins), datetime_of(until))
        found[row.pk].append(doubled_sentence(name, titles.get(occurrence, ""), *times, event.zone))
    return found


def doubled_sentence(name: str, title: str, starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """`title` is empty where the reader may not know what it is."""
    values = {"name": name, "title": title, "times": times_in(starts_at, ends_at, zone)}
    if title:
        return _("%(name)s has “%(title)s”, %(times)s.") % values
    return _("%(name)s is busy, %(times)s.") % values


def _who_matters(
    rows: Sequence[Function], speakers: Mapping[int, Sequence[SpeakerRow]]
) -> Mapping[int, dict[int, str]]:
    """Names by person of those who can't be in two places, for each function; who has declined isn't in this one."""
    found: dict[int, dict[int, str]] = {row.pk: {} for row in rows}
    function_of = {row.occurrence_id: row.pk for row in rows}
    for row in rows:
        found[row.pk] |= {each.person_id: each.name for each in speakers.get(row.pk, ())}
        if row.host is not None:
            found[row.pk][row.host.pk] = row.host.name
    parts: Any = Participation.objects.filter(occurrence__among=list(function_of)).order_by()
    executives = parts.filter(blocks=True, person__seniority__gte=EXECUTIVE)
    for occurrence, person, name in executives.values_list("occurrence_id", "person_id", "person__name"):
        found[function_of[occurrence]][person] = name
    return found


def _busy(people: Iterable[int], start: datetime, end: datetime) -> Mapping[int, list[_Busy]]:
    """In order of time."""
    arrays = busy_arrays(sorted(people), Span(instant_of(start), instant_of(end)))
    columns = (arrays.person_ids, arrays.starts, arrays.ends, arrays.occurrence_ids)
    found: dict[int, list[_Busy]] = defaultdict(list)
    for person, begins, ends, occurrence in zip(*(column.tolist() for column in columns), strict=True):
        found[person].append((begins, ends, occurrence))
    return {person: sorted(rows) for person, rows in found.items()}


def _in_the_way(busy: Sequence[_Busy], row: Function) -> _Busy | None:
    """The first other thing at the time of the function."""
    own = row.occurrence
    start, end = instant_of(own.starts_at), instant_of(own.ends_at)
    others = (each for each in busy if each[0] < end and start < each[1] and each[2] != own.pk)
    return next(others, None)
