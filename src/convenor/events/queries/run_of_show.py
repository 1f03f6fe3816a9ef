"""The run of show of a day: every line of every function, minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.drafts import CueDraft
from convenor.events.models import Cue, Event
from convenor.events.queries.function_page import CueRow, cue_rows
from convenor.events.queries.functions import cue_draft_of
from convenor.events.queries.programme import FunctionRow, rows_of
from convenor.events.queries.visibility import event_for, events_seen_by
from convenor.events.rules.dates import days_of, first_look
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person


@dataclass(frozen=True, slots=True)
class Line:
    """A cue, or a function's own start (without `cue`). `state` is "past", "now" or "" on the day itself."""

    at: LocalTime
    at_instant: datetime
    until_instant: datetime
    function: FunctionRow
    cue: CueRow | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class RunOfShow:
    """`next_line` is the first that is still to come today, where the day is today."""

    event: Event
    days: Sequence[tuple[date, int]]
    day: date | None
    lines: Sequence[Line]
    functions: Sequence[FunctionRow]
    next_line: Line | None
    may_edit: bool


def run_of_show_for(actor: Actor, event_id: int, *, day: date | None, now: datetime) -> RunOfShow:
    """Of the day given, or of the one that matters most now. 14 queries at most. Raises Event.DoesNotExist."""
    event = event_for(actor, event_id)
    functions = [row for row in rows_of(actor, event) if not row.is_called_off]
    places = {row.id: ", ".join(room.name for room in row.rooms) for row in functions}
    by_key = {row.id: row for row in functions}
    cues = Cue.objects.filter(function__event=event, function__in=list(by_key))
    lines = _lines(by_key, cue_rows(event, cues, places), now)
    counts: dict[date, int] = {}
    for line in lines:
        counts[line.at.date()] = counts.get(line.at.date(), 0) + 1
    today = now.astimezone(ZoneInfo(event.zone)).date()
    chosen = day if day in counts else first_look(days_of(event), counts, today)
    shown = [line for line in lines if line.at.date() == chosen]
    return RunOfShow(
        event=event,
        days=sorted(counts.items()),
        day=chosen,
        lines=shown,
        functions=functions,
        next_line=next((line for line in shown if line.at_instant > now and chosen == today), None),
        may_edit=may(actor, "event.edit", event),
    )


def _lines(functions: dict[int, FunctionRow], cues: Sequence[CueRow], now: datetime) -> list[Line]:
    starts = [
        Line(row.starts, row.starts_at, row.ends_at, row, None, _state(row.starts_at, row.ends_at, now))
        for row in functions.values()
    ]
    told = []
    for cue in cues:
        until = cue.at_instant + timedelta(minutes=max(cue.minutes, 1))
        state = _state(cue.at_instant, until, now)
        told.append(Line(cue.at, cue.at_instant, until, functions[cue.function_id], cue, state))
    return sorted([*starts, *told], key=_order)


def _order(line: Line) -> tuple[datetime, int, bool, int]:
    """A function's start before its first cue."""
    cue = line.cue
    return line.at_instant, line.function.number, cue is not None, cue.id if cue else 0


def _state(starts_at: datetime, until: datetime, now: datetime) -> str:
    if until <= now:
        return "past"
    return "now" if starts_at <= now else ""


@dataclass(frozen=True, slots=True)
class CuePage:
    """A line that is to be changed, with the whole Person who answers for it."""

    id: int
    event: Event
    function_id: int
    draft: CueDraft
    owner: Person | None


def cue_for(actor: Actor, pk: int) -> CuePage:
    """Raises Cue.DoesNotExist for a line of an event that the actor may not see."""
    rows = Cue.objects.filter(function__event__in=events_seen_by(actor), function__removed_at__isnull=True)
    cue = rows.select_related("function__event", "owner").get(pk=pk)
    return CuePage(cue.pk, cue.function.event, cue.function_id, cue_draft_of(cue), cue.owner)
