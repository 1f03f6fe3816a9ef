"""Who is in a building, as far as the doors can tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.rules.check_in import Presence


@dataclass(frozen=True, slots=True)
class Stay:
    """What the doors of one roll know of somebody. `person` is whoever they are, on whichever list.

    `is_whole`: the door of the event itself; who leaves by that has left its functions too.
    """

    person: str
    event_id: int
    is_whole: bool
    site_id: int | None
    place: str
    presence: Presence


def still_in(stays: Iterable[Stay], now: datetime) -> dict[str, Stay]:
    """By person, where they came in last: everybody is looked for in one place."""
    known = list(stays)
    left = {(each.person, each.event_id): each.presence.out_at for each in known if each.is_whole}
    found: dict[str, Stay] = {}
    for each in known:
        came = each.presence.last_in
        if came is None or not each.presence.is_in(now):
            continue
        out = left.get((each.person, each.event_id))
        if out is not None and out >= came:
            continue
        before = found.get(each.person)
        if before is None or _order(before) < _order(each):
            found[each.person] = each
    return found


def _order(stay: Stay) -> tuple[datetime, bool, int, str]:
    """The latest; among equals the function, whose place is the nearer one."""
    assert stay.presence.last_in is not None
    return stay.presence.last_in, not stay.is_whole, stay.event_id, stay.place
