"""What a link to "New meeting" already says: a time drawn on the schedule, a room, a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime, instant_of, to_local
from convenor.people.queries.people import person_for
from convenor.scheduling.forms.meeting import initial_for
from convenor.venues.queries.rooms import room_for
from convenor.web.days import reader_zone

Notes = list[str]


def prefilled(actor: Actor, query: Mapping[str, str], *, now: datetime) -> tuple[dict[str, Any], Notes]:
    """The form's initial values, and sentences about what in the link can't be read."""
    notes: Notes = []
    me = _found(person_for, actor, str(actor.person_id or ""), notes) if actor.person_id else None
    initial = initial_for(me, reader_zone())
    initial |= _times(query, notes, now)
    if "room" in query and (room := _found(room_for, actor, query["room"], notes)) is not None:
        initial |= {"room_id": room.pk}
    if "person" in query and (person := _found(person_for, actor, query["person"], notes)) is not None:
        initial["attendees"] = tuple(dict.fromkeys((*initial["attendees"], person)))
    return initial, notes


def _found(getter: Any, actor: Actor, text: str, notes: Notes) -> Any:
    """The row whose key the link names; a note, for one that can't be had."""
    try:
        return getter(actor, int(text[:18]))
    except (ValueError, ObjectDoesNotExist):
        notes.append(_("“%(key)s” in this link leads to nothing.") % {"key": text[:40]})
        return None


def _times(query: Mapping[str, str], notes: Notes, now: datetime) -> dict[str, Any]:
    start, end = _moment(query.get("start", ""), notes), _moment(query.get("end", ""), notes)
    all_day = query.get("all_day", "") in {"1", "on", "true"}
    if start is None:
        tomorrow = to_local(instant_of(now), reader_zone()) + timedelta(days=1)
        return {"look_from": tomorrow.date() - timedelta(days=1)}
    minutes = 60
    if end is not None and end <= start:
        notes.append(_("The link's end is before its start; an hour is taken."))
    elif end is not None:
        minutes = int((end - start).total_seconds() // 60)
    return {
        "local_start": start,
        "duration_minutes": minutes,
        "all_day": all_day,
        "days": max(round(minutes / 1440), 1),
    }


def _moment(text: str, notes: Notes) -> LocalTime | None:
    """A wall-clock time, or a day."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or not 1970 <= moment.year <= 2100:
        notes.append(_("“%(text)s” is not a time.") % {"text": text[:40]})
        return None
    return LocalTime(moment.replace(second=0, microsecond=0))
