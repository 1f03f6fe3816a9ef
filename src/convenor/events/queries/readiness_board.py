"""Readiness for screens: of one event with its people's names and its trend, and of all that the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.enums import EventState, Level
from convenor.events.models import Event, ReadinessPoint
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.readiness import RANK, CheckState, Readiness
from convenor.events.rules.readiness_trend import DayCount, Trend, trend
from convenor.people.models import Person

AHEAD = (EventState.ENQUIRY, EventState.PLANNING, EventState.CONFIRMED, EventState.IN_PROGRESS)
"""States in which there is something to be ready for."""
TREND = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """`cells` has an entry for every check of the registry, None where it isn't asked and finds nothing."""

    event: Event
    readiness: Readiness
    cells: tuple[CheckState | None, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`rows` are worst first; `counts` are of all before `level` narrowed them."""

    titles: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    counts: Mapping[Level, int]
    trend: Trend | None


def board_for(
    actor: Actor,
    *,
    now: datetime,
    level: Level | None = None,
    check: str = "",
    state: str = "",
    text: str = "",
    mine: bool = False,
) -> Board:
    """Events that are still to take place. `level` narrows to that level, of the check if one is named, else of the worst."""
    events = _events(actor, state=state, text=text, mine=mine)
    known = readiness_of([event.pk for event in events], now)
    rows = [BoardRow(event, known[event.pk], _cells(known[event.pk])) for event in events]
    levels = [_level(row.readiness, check) for row in rows]
    narrowed = [
        row
        for row, its in zip(rows, levels, strict=True)
        if (level is None or its == level) and (not check or its is not None)
    ]
    return Board(
        titles=tuple(str(each.title) for each in registry.readiness_checks),
        rows=tuple(sorted(narrowed, key=_urgency)),
        counts={each: levels.count(each) for each in Level},
        trend=trend_of([row.event.pk for row in rows], now),
    )


def _events(actor: Actor, *, state: str, text: str, mine: bool) -> list[Event]:
    rows = events_seen_by(actor).filter(state__in=[state] if state in AHEAD else AHEAD)
    if mine:
        people = [*actor.principals, *([actor.person_id] if actor.person_id else [])]
        rows = rows.filter(Q(owner__in=people) | Q(sponsor__in=people))
    for word in text.replace("\x00", "").split()[:4]:
        rows = rows.filter(title__icontains=word)
    columns = ("title", "state", "zone", "starts_at", "owner_id", "owner__name")
    return list(rows.select_related("owner").only(*columns).order_by("starts_at", "pk"))


def _cells(readiness: Readiness) -> tuple[CheckState | None, ...]:
    by_code = {check.code: check for check in readiness.checks}
    return tuple(by_code.get(check.code) for check in registry.readiness_checks)


def _level(readiness: Readiness, check: str) -> Level | None:
    if not check:
        return readiness.level
    state = readiness.of(check)
    return state.level if state else None


def _urgency(row: BoardRow) -> tuple[int, int, bool, float]:
    """The worst first, then the least ready, then what comes first."""
    starts = row.event.starts_at
    return (
        -RANK[row.readiness.level],
        row.readiness.percent,
        starts is None,
        starts.timestamp() if starts else 0,
    )


def owners_of(readiness: Readiness) -> Mapping[int, str]:
    """The names of those who have to mend something. One query."""
    keys = {each.owner_id for check in readiness.checks for each in check.judged} - {None}
    return dict(Person.objects.filter(pk__among=keys).order_by().values_list("pk", "name"))


def trend_of(event_ids: Collection[int], now: datetime) -> Trend | None:
    """Of these events together, over the last sixty days. One query."""
    points = ReadinessPoint.objects.filter(event__among=event_ids, day__gte=(now - TREND).date())
    sums = points.order_by("day").values_list("day").annotate(*(Sum(level.value) for level in ORDER))
    return trend([DayCount(day, dict(zip(ORDER, counts, strict=True))) for day, *counts in sums])


ORDER: Sequence[Level] = tuple(Level)
