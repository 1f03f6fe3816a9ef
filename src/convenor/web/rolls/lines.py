"""The lines of a roll's list in the words that they show: a template is slow at joining them for each of many rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convenor.attendance.enums import SeatState, Source, WaitlistRule
from convenor.attendance.queries.turns import Turn, turns_on

TONES: Mapping[str, str] = {
    SeatState.CHECKED_IN: "ok",
    SeatState.CONFIRMED: "ok",
    SeatState.HELD: "info",
    SeatState.OFFERED: "warning",
    SeatState.WAITLISTED: "accent",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One seat. `facts` are what is to know of it besides its state."""

    id: int
    name: str
    href: str
    who: str
    state: str
    tone: str
    facts: tuple[str, ...]
    source: str
    since: str


def lines_of(roll: Any, seats: Sequence[Any]) -> list[Line]:
    """With the turns of who waits."""
    waits = any(seat.state == SeatState.WAITLISTED for seat in seats)
    turns = turns_on([roll]).get(roll.pk, {}) if waits else {}
    labels = {each.value: str(each.label) for each in (*SeatState, *Source)}
    zone = ZoneInfo(roll.event.zone)
    return [_line(roll, seat, turns, labels, zone) for seat in seats]


def _line(roll: Any, seat: Any, turns: Mapping[int, Turn], labels: Mapping[str, str], zone: ZoneInfo) -> Line:
    row = seat.registration
    turn = turns.get(row.guest_of_id or row.pk) if seat.state == SeatState.WAITLISTED else None
    return Line(
        id=seat.pk,
        name=row.name,
        href=reverse("registration", args=[row.pk]),
        who=" · ".join(filter(None, [_whose(row), row.note])),
        state=labels[seat.state],
        tone=TONES.get(seat.state, "neutral"),
        facts=tuple(_facts(roll, seat, turn, zone)),
        source=labels[row.source],
        since=date_format(seat.created_at.astimezone(zone), "DAY_FORMAT"),
    )


def _whose(row: Any) -> str:
    if row.guest_of is not None:
        return _("guest of %(name)s") % {"name": row.guest_of.name}
    return str(row.department or row.organisation or row.email)


def _facts(roll: Any, seat: Any, turn: Turn | None, zone: ZoneInfo) -> Iterator[str]:
    if turn is not None:
        yield turn_words(roll, turn)
    if seat.offer_expires_at is not None:
        yield pgettext("offer", "until %(when)s") % {"when": _when(seat.offer_expires_at, zone)}
    if seat.allotment is not None:
        owner = seat.allotment.department or seat.allotment.organisation
        yield _("allotment of %(name)s") % {"name": owner}
    if seat.substitutes is not None:
        yield _("instead of %(name)s") % {"name": seat.substitutes.registration.name}


def turn_words(roll: Any, turn: Turn) -> str:
    """Where somebody stands on the waitlist, and by what: "2. in turn: priority group 1, since Mon 23 Nov, 09:00"."""
    parts = [_("%(n)d. in turn") % {"n": turn.position}]
    if roll.waitlist_rule == WaitlistRule.PRIORITY:
        parts = [_("%(turn)s: priority group %(n)d") % {"turn": parts[0], "n": turn.priority}]
    elif roll.waitlist_rule == WaitlistRule.BALANCE:
        share = ngettext(
            "%(turn)s: their department has %(n)d seat",
            "%(turn)s: their department has %(n)d seats",
            turn.share or 0,
        )
        parts = [share % {"turn": parts[0], "n": turn.share or 0}]
    parts.append(
        pgettext("waitlist", "since %(when)s") % {"when": _when(turn.since, ZoneInfo(roll.event.zone))}
    )
    if turn.size > 1:
        parts.append(ngettext("%(n)d together", "%(n)d together", turn.size) % {"n": turn.size})
    return ", ".join(parts)


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "WEEKDAY_TIME_FORMAT")
