"""The days of a programme and what stands on one of them, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from convenor.events.queries.programme import FunctionRow
from convenor.events.queries.run_of_show import CuePage
from convenor.events.rules.dates import Dated, days_of, first_look
from convenor.events.rules.programme_grid import grid_of
from convenor.events.sentences.programme_paper import times
from convenor.kernel.instants import LocalTime
from convenor.web.templatetags.ui import hue

VIEWS = ("track", "room", "list")


def day_chosen(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Shown:
    """A function in the words that the grid and the list show: a template is slow at joining them for hundreds."""

    row: FunctionRow
    href: str
    start: str  # as JavaScript writes a wall clock
    times: str
    hue: int
    place: str
    speakers: str
    facts: str
    why: str

    @property
    def starts(self) -> LocalTime:
        return self.row.starts

    @property
    def ends(self) -> LocalTime:
        return self.row.ends


def shown(row: FunctionRow, by: str) -> Shown:
    rooms, speakers = [room.name for room in row.rooms], [each.name for each in row.speakers]
    return Shown(
        row=row,
        href=reverse("function", args=[row.id]),
        start=f"{row.starts:%Y-%m-%dT%H:%M}",
        times=times(row.starts, row.ends),
        hue=hue(row.track or row.kind_label),
        place=row.track if by == "room" else ", ".join(rooms),
        speakers=", ".join(speakers),
        facts=" · ".join(part for part in (row.kind_label, row.track, *rooms, *speakers) if part),
        why=" ".join(row.conflicts),
    )


def look_at(
    rows: Sequence[FunctionRow], event: Dated, chosen: date | None, by: str, today: date
) -> dict[str, Any]:
    """`days` with how many functions each has, the `day` chosen or best, its `rows`, and its `grid`."""
    own = days_of(event)
    counts = dict.fromkeys(own, 0)
    for row in rows:
        counts[row.day] = counts.get(row.day, 0) + 1
    days = sorted(counts)
    day = chosen if chosen in counts else first_look(own, counts, today)
    todays = [shown(row, by) for row in rows if row.day == day]
    return {
        "days": [{"day": each, "count": counts[each], "current": each == day} for each in days],
        "day": day,
        "by": by,
        "rows": todays,
        "total": len(rows),
        "conflicts": sum(bool(row.conflicts) for row in rows),
        "grid": grid_of(day, todays, _columns(rows, by), _keys(by)) if day and by != "list" else None,
    }


def _columns(rows: Iterable[FunctionRow], by: str) -> list[tuple[str, str]]:
    """Those of the whole event, so that a function can be dragged to a track that is empty today; first what has none."""
    if by == "room":
        rooms = {str(room.id): f"{room.code} {room.name}" for row in rows for room in row.rooms}
        named = sorted(rooms.items(), key=lambda each: each[1])
        return [("", _("No room")), *named]
    tracks = sorted({row.track for row in rows if row.track})
    return [("", _("All together") if tracks else _("Programme")), *((track, track) for track in tracks)]


def _keys(by: str) -> Any:
    if by == "room":
        return lambda each: [str(room.id) for room in each.row.rooms] or [""]
    return lambda each: [each.row.track]


def starts_of(rows: Iterable[FunctionRow]) -> dict[int, tuple[str, LocalTime]]:
    """Title and start by function, for the form of a line of the run of show."""
    return {row.id: (row.title, row.starts) for row in rows if not row.is_called_off}


def cue_initial(
    rows: Sequence[FunctionRow], query: Mapping[str, str], cue: CuePage | None = None
) -> dict[str, Any]:
    """Of a line that is changed, what it says; of a new one the start of the function that the address names."""
    if cue is not None:
        (row,) = rows
        at = row.starts + timedelta(minutes=cue.draft.offset_minutes)
        same = {name: getattr(cue.draft, name) for name in ("minutes", "what", "cue", "service")}
        return {**same, "function_id": row.id, "at": at, "owner_id": cue.owner}
    day = day_chosen(query.get("day", ""))
    alive = [row for row in rows if not row.is_called_off]
    named = [row for row in alive if str(row.id) == query.get("function")]
    todays = [row for row in alive if row.day == day]
    first = next(iter([*named, *todays, *alive]), None)
    return {"function_id": first.id, "at": first.starts} if first else {}
