"""Whether an occurrence would fit at another time or in another room: the live answer while it is dragged. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.instants import DAY, Instant, Span, ZoneName, datetime_of, instant_of
from convenor.kernel.intervals import covers
from convenor.people.queries.availability import away_spans, working_spans
from convenor.scheduling.drafts import KEEP, Unset
from convenor.scheduling.enums import AttendeeRole, BookingState, OccurrenceState, PartStat
from convenor.scheduling.models import Booking, Occurrence, Participation
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import Wanted, obstacles, sentences, titles_for
from convenor.scheduling.queries.facts import person_facts, room_facts
from convenor.scheduling.queries.freebusy import BusyArrays, busy_arrays
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.rules.draft import check_span
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, check_room
from convenor.scheduling.rules.wording import clock_in, names, times_in
from convenor.venues.queries.opening import open_spans
from convenor.venues.queries.sites import travel_minutes

MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """`conflicts` are what a drop there would break or be refused for, `reasons` what else there is to know; sentences all.

    It `fits` where there are no conflicts; `sentence` says it in one line.
    """

    fits: bool
    sentence: str
    reasons: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Guest:
    person_id: int
    name: str
    zone: ZoneName
    is_required: bool
    site_id: int | None


@dataclass(frozen=True, slots=True)
class _Drop:
    """The occurrence at its new place; `site_ids` are its rooms'."""

    actor: Actor
    occurrence: Occurrence
    starts_at: datetime
    ends_at: datetime
    rooms: tuple[RoomFacts, ...]
    guests: tuple[_Guest, ...]

    @property
    def span(self) -> Span:
        return Span(instant_of(self.starts_at), instant_of(self.ends_at))

    @property
    def site_ids(self) -> set[int]:
        return {room.site_id for room in self.rooms}


def fit_for(
    actor: Actor,
    *,
    occurrence_id: int,
    starts_at: datetime,
    ends_at: datetime,
    room_id: int | Unset | None = KEEP,
    now: datetime,
) -> Fit:
    """How the occurrence would fit there, in its room, another (by key) or none. Times are aware.

    Raises Occurrence.DoesNotExist for one that the actor may not read. A fixed number of queries.
    """
    occurrence = occurrence_for(actor, occurrence_id)
    if refused := _refused(actor, occurrence, starts_at, ends_at):
        return Fit(fits=False, sentence=refused, conflicts=(refused,))
    drop = _dropped(actor, occurrence, starts_at, ends_at, room_id)
    conflicts, reasons = _about_rooms(drop, room_id, now)
    for conflict, told in (*_about_people(drop), *_about_ways(drop)):
        (conflicts if conflict else reasons).append(told)
    return _fit(conflicts, reasons)


def _fit(conflicts: list[str], reasons: list[str]) -> Fit:
    if conflicts:
        rest = len(conflicts) - 1
        more = ngettext("%(first)s And %(count)d more.", "%(first)s And %(count)d more.", rest)
        sentence = more % {"first": conflicts[0], "count": rest} if rest else conflicts[0]
        return Fit(
            False, sentence, tuple([*conflicts[1:], *reasons][:MOST_TOLD]), tuple(conflicts[:MOST_TOLD])
        )
    sentence = _("It fits.") if not reasons else _("It fits, but: %(reason)s") % {"reason": reasons[0]}
    return Fit(True, sentence, tuple(reasons[1:MOST_TOLD]))


def _refused(actor: Actor, occurrence: Occurrence, starts_at: datetime, ends_at: datetime) -> str:
    """Why it can't be moved at all."""
    if occurrence.state != OccurrenceState.SCHEDULED:
        return _("It is cancelled.")
    if not may(actor, "meeting.edit", occurrence.meeting):
        return _("Only its organiser, their delegates and coordinators can move it.")
    found = Findings()
    check_span(found, starts_at, ends_at)
    return next((error.messages[0] for errors in found.refused.values() for error in errors), "")


def _dropped(
    actor: Actor, occurrence: Occurrence, starts_at: datetime, ends_at: datetime, room_id: int | Unset | None
) -> _Drop:
    rooms = _booked_rooms(occurrence) if isinstance(room_id, Unset) else [room_id] if room_id else []
    facts = room_facts(rooms)
    guests = tuple(_guests(occurrence))
    return _Drop(actor, occurrence, starts_at, ends_at, tuple(facts[pk] for pk in sorted(facts)), guests)


def _booked_rooms(occurrence: Occurrence) -> list[int]:
    rows = Booking.objects.filter(occurrence=occurrence, room__isnull=False).order_by()
    return [pk for pk in rows.exclude(state=BookingState.RELEASED).values_list("room_id", flat=True) if pk]


def _guests(occurrence: Occurrence) -> Iterator[_Guest]:
    """Who takes part and hasn't declined, required first."""
    rows = Participation.objects.filter(occurrence=occurrence).exclude(partstat=PartStat.DECLINED)
    columns = ("person_id", "person__name", "person__zone", "role", "person__home_site_id")
    order = list(AttendeeRole)
    for person, name, zone, role, site in sorted(
        rows.exclude(role=AttendeeRole.RESOURCE).order_by().values_list(*columns),
        key=lambda row: (order.index(AttendeeRole(row[3])), row[1], row[0]),
    ):
        yield _Guest(person, name, ZoneName(zone), role != AttendeeRole.OPTIONAL, site)


def _about_rooms(drop: _Drop, room_id: int | Unset | None, now: datetime) -> tuple[list[str], list[str]]:
    """What speaks against the rooms, and what there is to know of them."""
    meeting, conflicts, reasons = drop.occurrence.meeting, [], []
    if isinstance(room_id, int) and not drop.rooms:
        conflicts.append(_("There is no such room."))
    need = _need(drop)
    wanted = [
        Wanted(room, drop.starts_at, drop.ends_at, room.reserved(drop.starts_at, drop.ends_at, need.style))
        for room in drop.rooms
    ]
    if wanted:
        exceed = may_exceed_limits(drop.actor)
        found = obstacles(wanted, now=now, may_exceed=exceed, ignoring=[drop.occurrence.pk])
        conflicts += sentences(drop.actor, wanted, found).values()
    for room in drop.rooms:
        checked = Findings()
        check_room(checked, room, need)
        conflicts += [error.messages[0] for errors in checked.refused.values() for error in errors]
        reasons += [notice.sentence for notice in checked.notices]
    if drop.rooms and not meeting.all_day:
        reasons += _shut(drop)
    return conflicts, reasons


def _need(drop: _Drop) -> RoomNeed:
    meeting = drop.occurrence.meeting
    people = person_facts(guest.person_id for guest in drop.guests)
    return RoomNeed(
        headcount=meeting.headcount,
        asked=len(drop.guests),
        style=meeting.setup_style,
        step_free=any(person.step_free for person in people.values()),
        equipment=meeting.equipment_needed,
    )


def _shut(drop: _Drop) -> Iterator[str]:
    opening = open_spans(drop.site_ids, _day_around(drop.span))
    for room in drop.rooms:
        if not covers(opening[room.site_id], drop.span):
            yield _("%(room)s is outside its site's opening hours then.") % {"room": room.label}


def _day_around(span: Span) -> Span:
    return Span(Instant(span.start - DAY), Instant(span.end + DAY))


def _about_people(drop: _Drop) -> Iterator[tuple[bool, str]]:
    """Whether it is a conflict, and the sentence: busy, away, out of hours, in this order for each."""
    ids = [guest.person_id for guest in drop.guests]
    busy = _busy(drop, ids)
    away = away_spans(ids, drop.span) if not drop.occurrence.meeting.all_day else {}
    working = working_spans(ids, _day_around(drop.span))
    late: list[str] = []
    for guest in drop.guests:
        if guest.person_id in busy:
            yield guest.is_required, _busy_sentence(guest, busy[guest.person_id])
        elif away.get(guest.person_id):
            sentence = _("%(name)s is away (%(label)s).")
            yield guest.is_required, sentence % {"name": guest.name, "label": away[guest.person_id][0].label}
        elif not drop.occurrence.meeting.all_day and not covers(working[guest.person_id], drop.span):
            values = {"name": guest.name, "hour": clock_in(drop.starts_at, guest.zone)}
            late.append(_("%(name)s (%(hour)s there)") % values)
    if late:
        yield False, _("Outside working hours for %(names)s.") % {"names": names(late)}


def _busy(drop: _Drop, ids: Sequence[int]) -> dict[int, tuple[datetime, datetime, str]]:
    """The first thing in each person's way, with its title where the actor may read it."""
    arrays = busy_arrays(ids, drop.span)
    others = [row for row in _rows(arrays) if row[3] != drop.occurrence.pk]
    titles = titles_for(drop.actor, {row[3] for row in others if row[3]})
    found: dict[int, tuple[datetime, datetime, str]] = {}
    for person, start, end, occurrence in sorted(others, key=lambda row: (row[1], row[3])):
        found.setdefault(person, (start, end, titles.get(occurrence, "")))
    return found


def _rows(arrays: BusyArrays) -> Iterator[tuple[int, datetime, datetime, int]]:
    columns = (arrays.person_ids, arrays.starts, arrays.ends, arrays.occurrence_ids)
    for person, start, end, occurrence in zip(*(column.tolist() for column in columns), strict=True):
        yield person, datetime_of(start), datetime_of(end), occurrence


def _busy_sentence(guest: _Guest, busy: tuple[datetime, datetime, str]) -> str:
    start, end, title = busy
    values = {"name": guest.name, "title": title, "times": times_in(start, end, guest.zone)}
    if not guest.is_required:
        return _("%(name)s (optional) is busy, %(times)s.") % values
    if title:
        return _("%(name)s has “%(title)s”, %(times)s.") % values
    return _("%(name)s is busy, %(times)s.") % values


def _about_ways(drop: _Drop) -> Iterator[tuple[bool, str]]:
    """Who couldn't come from, or get to, a meeting at another site in time."""
    if not drop.rooms:
        return
    arrays = busy_arrays([guest.person_id for guest in drop.guests], _day_around(drop.span))
    beside: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for person, start, end, occurrence in _rows(arrays):
        if occurrence and occurrence != drop.occurrence.pk:
            beside[person].append((start, end, occurrence))
    sites = _sites({occurrence for rows in beside.values() for _, _, occurrence in rows})
    minutes, here = travel_minutes(), min(drop.site_ids)
    for guest in drop.guests:
        if short := _too_short(drop, beside[guest.person_id], sites, minutes, here):
            values = {"name": guest.name, "minutes": short}
            yield guest.is_required, _("%(name)s needs %(minutes)d minutes to travel between sites.") % values


def _sites(occurrence_ids: Collection[int]) -> dict[int, int]:
    rows = Booking.objects.filter(occurrence__among=occurrence_ids, room__isnull=False).order_by()
    active = rows.exclude(state=BookingState.RELEASED).values_list("occurrence_id", "room__site_id")
    return dict(active)


def _too_short(
    drop: _Drop,
    beside: Sequence[tuple[datetime, datetime, int]],
    sites: Mapping[int, int],
    minutes: Mapping[tuple[int, int], int],
    here: int,
) -> int:
    """The longest way that is longer than the time for it, in minutes; 0 for none."""
    worst = 0
    for start, end, occurrence in beside:
        there = sites.get(occurrence, here)
        coming, going = minutes.get((there, here), 0), minutes.get((here, there), 0)
        if end <= drop.starts_at < end + timedelta(minutes=coming):
            worst = max(worst, coming)
        elif drop.ends_at <= start < drop.ends_at + timedelta(minutes=going):
            worst = max(worst, going)
    return worst
