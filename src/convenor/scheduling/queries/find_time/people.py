"""The people of the question: who they are, when they work, when they are busy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from django.db.models import Q

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.find_times.busy_table import FIXED, NOWHERE, BusyTable, Movable, joined
from convenor.kernel.find_times.question import Person
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.people.queries.availability import away_spans, working_spans
from convenor.people.queries.people import people_for
from convenor.scheduling.models import Booking, Occurrence
from convenor.scheduling.queries.freebusy import BusyArrays, Column, busy_arrays
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import in_window

FACTS = (
    "pk", "email", "name", "zone", "home_site__code", "seniority", "cost_band__hourly_rate", "cost_band__currency",
)  # fmt: skip
Facts = tuple[int, str, str, str, str | None, int, Decimal | None, str | None]
MOST_BY_KEY = 2_000
"""Occurrences that are looked up one by one; more are read by their time."""
MOST_FOR_MOVING = 200
"""Attendees up to whom the answer may propose to move a meeting out of the way; beyond, nobody would."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The kernel's people, with the primary keys they came from in the same order."""

    ids: tuple[int, ...]
    people: tuple[Person, ...]
    currency: str = ""  # of everybody's cost; "" where it isn't known or not for the actor

    @property
    def places(self) -> dict[int, int]:
        return {person: place for place, person in enumerate(self.ids)}

    def keys(self, person_ids: Sequence[int]) -> tuple[str, ...]:
        places = self.places
        return tuple(self.people[places[person]].key for person in person_ids)


def invited_for(actor: Actor, person_ids: Sequence[int], span: Span) -> Invited:
    """The people asked for, by e-mail as key. Raises Person.DoesNotExist for one the actor can't see."""
    rows = people_for(actor).filter(pk__among=person_ids).order_by()
    found = {row[0]: row for row in rows.values_list(*FACTS)}
    missing = [person for person in person_ids if person not in found]
    if missing:
        raise rows.model.DoesNotExist(f"No such person: {missing[0]}")
    working = working_spans(person_ids, span)
    currency = _currency(actor, found.values())
    people = tuple(_person(found[person], working[person], told=bool(currency)) for person in person_ids)
    return Invited(tuple(person_ids), people, currency)


def _currency(actor: Actor, rows: Iterable[Facts]) -> str:
    """The one currency of everybody's cost, if the actor may know costs; amounts in several aren't added up."""
    if not may(actor, "person.see_cost"):
        return ""
    currencies = {row[7] for row in rows if row[7]}
    return currencies.pop() if len(currencies) == 1 else ""


def _person(row: Facts, working: Sequence[Span], *, told: bool) -> Person:
    _pk, email, name, zone, site, seniority, rate, _currency = row
    cost = rate if told else None
    hours = working if isinstance(working, tuple) else tuple(working)
    return Person(email, name, ZoneName(zone), working=hours, cost_per_hour=cost, site=site, weight=seniority)


@dataclass(frozen=True, slots=True)
class BusyTime:
    """Everybody's meetings, other calendars, leave and holidays, by position among the invited.

    `arrays` are its meetings as they were read; which of them are movable is looked up only where nothing fits.
    """

    actor: Actor
    arrays: BusyArrays
    meetings: BusyTable
    away: BusyTable

    @property
    def table(self) -> BusyTable:
        return joined([self.meetings, self.away])

    @property
    def table_with_movables(self) -> BusyTable:
        """Of so many people that nobody would move anything for them, the same without."""
        if len(np.unique(self.arrays.person_ids)) > MOST_FOR_MOVING:
            return self.table
        movables, column = _movables(self.actor, self.arrays)
        return joined([replace(self.meetings, movable=column, movables=movables), self.away])


def busy_time(
    actor: Actor, invited: Invited, span: Span, *, ignoring_meeting: int | None, with_sites: bool
) -> BusyTime:
    """`with_sites`: where each meeting takes place, which only travel asks for."""
    arrays = busy_arrays(invited.ids, span, ignoring_meeting=ignoring_meeting)
    sites, site_column = _sites(arrays, span) if with_sites else ((), None)
    meetings = BusyTable(
        owner=_positions(arrays.person_ids, invited.places),
        start=arrays.starts,
        end=arrays.ends,
        site=site_column,
        sites=sites,
    )
    return BusyTime(actor, arrays, meetings, _away_table(invited, span))


def _positions(ids: Column, places: Mapping[int, int]) -> Column:
    """Each id's position; every id is among the keys."""
    keys = np.array(sorted(places), dtype=np.int64)
    values = np.array([places[int(key)] for key in keys], dtype=np.int64)
    return values[np.searchsorted(keys, ids)] if len(keys) else ids


def _looked_up(ids: Column, table: Mapping[int, int], default: int) -> Column:
    """`table`'s value for each id, or the default."""
    if not table or not len(ids):
        return np.full(len(ids), default, dtype=np.int64)
    keys = np.array(sorted(table), dtype=np.int64)
    values = np.array([table[int(key)] for key in keys], dtype=np.int64)
    spots = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
    return np.where(keys[spots] == ids, values[spots], default)


def _sites(arrays: BusyArrays, span: Span) -> tuple[tuple[str, ...], Column]:
    """The site codes of the occurrences that have a room, and each busy row's position among them."""
    wanted = np.unique(arrays.occurrence_ids)
    which = in_window(span, start="reserved_start", end="reserved_end")
    if len(wanted) <= MOST_BY_KEY:
        which = Q(occurrence__among=wanted)
    rows = Booking.objects.filter(which, room__isnull=False).exclude(state="released").order_by()
    site_of = dict(rows.values_list("occurrence_id", "room__site__code"))
    codes = tuple(sorted(set(site_of.values())))
    places = {code: place for place, code in enumerate(codes)}
    table = {occurrence: places[code] for occurrence, code in site_of.items()}
    return codes, _looked_up(arrays.occurrence_ids, table, NOWHERE)


def _movables(actor: Actor, arrays: BusyArrays) -> tuple[tuple[Movable, ...], Column]:
    """Occurrences of movable meetings among the busy rows, dearer the higher their priority."""
    wanted = [int(key) for key in np.unique(arrays.occurrence_ids) if key]
    rows = list(
        Occurrence.objects.filter(pk__among=wanted, meeting__is_movable=True).order_by("pk")
        .values_list("pk", "meeting_id", "meeting__uid", "meeting__title", "meeting__is_private", "starts_at", "ends_at", "meeting__priority")
    )  # fmt: skip
    guarded = {row[1] for row in rows if row[4] or actor.is_outsider}
    hidden = guarded - private_meetings_seen_by(actor, guarded) if guarded else set()
    shown = [row for row in rows if row[1] not in hidden]
    movables = tuple(
        Movable(uid, _span(starts, ends), title, cost) for _, _, uid, title, _, starts, ends, cost in shown
    )
    table = {row[0]: place for place, row in enumerate(shown)}
    return movables, _looked_up(arrays.occurrence_ids, table, FIXED)


def _span(starts: datetime, ends: datetime) -> Span:
    return Span(instant_of(starts), instant_of(ends))


def _away_table(invited: Invited, span: Span) -> BusyTable:
    """Leave and public holidays: they need no buffer around them."""
    away = away_spans(invited.ids, span)
    places = invited.places
    rows = [(places[p], a.span.start, a.span.end) for p, many in away.items() for a in many]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return BusyTable(
        owner=table[:, 0], start=table[:, 1], end=table[:, 2], away=np.ones(len(table), np.bool_)
    )
