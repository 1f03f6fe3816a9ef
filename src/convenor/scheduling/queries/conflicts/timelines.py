"""People's time as the detectors need it: complete wherever it touches what is looked at, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from convenor.base.functions import Epoch
from convenor.kernel.instants import MINUTE, Instant, Span, ZoneName, datetime_of, to_instant
from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole, BookingState, ConflictKind
from convenor.scheduling.models import Booking, Conflict, ExternalBusy, Meeting, Occurrence, Participation
from convenor.scheduling.queries.windows import in_window
from convenor.scheduling.rules.conflicts.facts import Attendance, OwnBusy, ShiftKey, Timeline
from convenor.scheduling.rules.conflicts.series import LOOK_BACK, Seasons, shift_keys

Keys = Mapping[int, set[ShiftKey]]  # by person
Part = tuple[int, int, int, int, str, int]  # person, occurrence, start, end, role, meeting


@dataclass(frozen=True, slots=True)
class _Series:
    """What a meeting says of its occurrences; `start` None where it doesn't repeat."""

    uid: str
    zone: ZoneName
    start: Instant | None


def timelines_of(
    person_ids: Collection[int], span: Span, travel: Mapping[tuple[int, int], int]
) -> tuple[Timeline, ...]:
    """Everything that any conflict of these people within the span could be made of. 14 queries at most."""
    margin = max(travel.values(), default=0) * MINUTE
    window = Span(Instant(span.start - margin), Instant(span.end + margin))
    parts, own = _parts(Q(person__among=person_ids), window), _own(person_ids, window)
    hull = _hull(window, parts, own)
    if hull != window:  # what reaches out of the window may meet others out there
        parts, own = _parts(Q(person__among=person_ids), hull), _own(person_ids, hull)
    meetings = _attendances(parts, person_ids)
    keys = _shift_keys(person_ids, span, meetings)
    series = _series_of(keys, person_ids) if any(keys.values()) else {}
    return tuple(
        Timeline(
            person,
            tuple(meetings.get(person, ())),
            tuple(own.get(person, ())),
            frozenset(keys.get(person, ())),
            tuple(series.get(person, ())),
        )
        for person in sorted(person_ids)
    )


def _parts(who: Q, window: Span) -> list[Part]:
    rows = Participation.objects.filter(in_window(window), who, blocks=True).order_by()
    columns = (
        "person_id",
        "occurrence_id",
        Epoch("starts_at"),
        Epoch("ends_at"),
        "role",
        F("occurrence__meeting_id"),
    )
    return list(rows.values_list(*columns))


def _own(person_ids: Collection[int], window: Span) -> dict[int, list[OwnBusy]]:
    rows = ExternalBusy.objects.filter(in_window(window), person__among=person_ids).order_by(
        "starts_at", "pk"
    )
    found: dict[int, list[OwnBusy]] = defaultdict(list)
    columns = ("person_id", Epoch("starts_at"), Epoch("ends_at"), "uid", "source_id")
    for person, start, end, uid, source in rows.values_list(*columns):
        found[person].append(OwnBusy(Span(start, end), uid, f"{source}/{uid}/{start}"))
    return found


def _hull(window: Span, parts: Sequence[Part], own: Mapping[int, Sequence[OwnBusy]]) -> Span:
    spans = [each.span for many in own.values() for each in many]
    start = min((window.start, *(Instant(row[2]) for row in parts), *(span.start for span in spans)))
    return Span(start, max((window.end, *(Instant(row[3]) for row in parts), *(span.end for span in spans))))


def _attendances(parts: Sequence[Part], person_ids: Collection[int]) -> dict[int, list[Attendance]]:
    occurrences = {row[1] for row in parts}
    series = _meetings({row[5] for row in parts})
    sites = _sites(occurrences)
    homes = dict(Person.objects.filter(pk__among=person_ids).order_by().values_list("pk", "home_site_id"))
    planned = _planned(parts, series)
    found: dict[int, list[Attendance]] = defaultdict(list)
    for person, occurrence, start, end, role, meeting in parts:
        about = series[meeting]
        on_plan = about.start if planned.get(occurrence) == start else None
        site = _site(sites.get(occurrence), homes.get(person))
        found[person].append(
            Attendance(person, occurrence, meeting, about.uid, Span(Instant(start), Instant(end)),
                       AttendeeRole(role), site, about.zone, on_plan)
        )  # fmt: skip
    for items in found.values():
        items.sort(key=lambda each: (each.span, each.occurrence_id))
    return found


def _site(sites: set[int] | None, home: int | None) -> int | None:
    """Where somebody goes for a meeting that has rooms at these sites: home, if it has one there."""
    if not sites:
        return None
    return home if home in sites else min(sites)


def _meetings(ids: Iterable[int]) -> dict[int, _Series]:
    rows = (
        Meeting.objects.filter(pk__among=set(ids))
        .order_by()
        .values_list("pk", "uid", "zone", "local_start", "rrule", "rdates")
    )
    return {
        pk: _Series(uid, ZoneName(zone), to_instant(start, ZoneName(zone)) if rrule or rdates else None)
        for pk, uid, zone, start, rrule, rdates in rows
    }


def _sites(occurrence_ids: Collection[int]) -> dict[int, set[int]]:
    rows = Booking.objects.filter(occurrence__among=occurrence_ids, room__isnull=False).exclude(
        state=BookingState.RELEASED
    )
    found: dict[int, set[int]] = defaultdict(set)
    for occurrence, site in rows.order_by().values_list("occurrence_id", "room__site_id"):
        found[occurrence].add(site)
    return found


def _planned(parts: Sequence[Part], series: Mapping[int, _Series]) -> dict[int, int]:
    """Where their series puts occurrences: only for people with series in several zones, as nobody else needs it."""
    zones: dict[int, set[ZoneName]] = defaultdict(set)
    for row in parts:
        if series[row[5]].start is not None:
            zones[row[0]].add(series[row[5]].zone)
    wanted = {
        row[1]: series[row[5]].zone
        for row in parts
        if len(zones[row[0]]) > 1 and series[row[5]].start is not None
    }
    if not wanted:
        return {}
    rows = Occurrence.objects.filter(pk__among=wanted).order_by().values_list("pk", "recurrence_id")
    return {pk: to_instant(recurrence_id, wanted[pk]) for pk, recurrence_id in rows}


def _shift_keys(
    person_ids: Collection[int], span: Span, meetings: Mapping[int, Sequence[Attendance]]
) -> dict[int, set[ShiftKey]]:
    """The shifts that show in the span, and those that were told of before and may have ended."""
    seasons = Seasons()
    keys = {person: shift_keys(tuple(_repeating(items)), seasons) for person, items in meetings.items()}
    told = Conflict.objects.filter(
        kind=ConflictKind.ZONE_SHIFT,
        person__among=person_ids,
        starts_at__lt=datetime_of(span.end),
        ends_at__gt=datetime_of(span.start),
    )
    for person, facts in told.order_by().values_list("person_id", "facts"):
        assert person is not None
        keys.setdefault(person, set()).add(_told_key(facts))
    return keys


def _told_key(facts: Mapping[str, Any]) -> ShiftKey:
    meeting_a, meeting_b = facts["meetings"]
    return ShiftKey(meeting_a, meeting_b, Instant(facts["since"]))


def _repeating(items: Sequence[Attendance]) -> Sequence[Attendance]:
    repeating = [each for each in items if each.series_start is not None]
    return repeating if len({each.zone for each in repeating}) > 1 else ()


def _series_of(keys: Keys, person_ids: Collection[int]) -> dict[int, list[Attendance]]:
    """All that could belong to one of the shifts: of the meetings concerned, the year that follows it."""
    wanted = {
        (person, meeting)
        for person, many in keys.items()
        for key in many
        for meeting in (key.meeting_a, key.meeting_b)
    }
    since = [key.since for many in keys.values() for key in many]
    window = Span(min(since), Instant(max(since) + LOOK_BACK))
    who = Q(
        person__among={person for person, _ in wanted},
        occurrence__meeting__among={meeting for _, meeting in wanted},
    )
    parts = [row for row in _parts(who, window) if (row[0], row[5]) in wanted]
    return _attendances(parts, person_ids)
