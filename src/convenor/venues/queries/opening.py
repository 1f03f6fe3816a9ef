"""When sites are open, which days are public holidays there, and what is out of service.

These answer questions about places, not about anybody's data, so they take no actor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from convenor.kernel.instants import Span, ZoneName, datetime_of, instant_of
from convenor.kernel.weekly_hours import ALWAYS, Hours, WeeklyHours, seconds_from, seconds_until, weekly_spans
from convenor.venues.models import Closure, Room, Site, SiteHours
from convenor.venues.public_holidays import Holiday, public_holidays


@dataclass(frozen=True, slots=True, order=True)
class Closed:
    """A stretch out of service, with its reason as it was typed; `kind` is a ClosureKind."""

    span: Span
    kind: str
    reason: str
    closure_id: int


def open_spans(site_ids: Collection[int], span: Span) -> dict[int, list[Span]]:
    """When each site is open; a site without any hours never shuts. 2 queries."""
    hours: dict[int, list[Hours]] = defaultdict(list)
    rows = SiteHours.objects.filter(site__among=site_ids).values_list("site_id", "weekday", "opens", "closes")
    for site, weekday, opens, closes in rows:
        hours[site].append(Hours(weekday, seconds_from(opens), seconds_until(closes)))
    zones = Site.objects.filter(pk__among=site_ids).values_list("pk", "zone")
    return {site: weekly_spans(hours.get(site, ALWAYS), ZoneName(zone), span) for site, zone in zones}


def opening_hours(site_id: int) -> WeeklyHours:
    """One site's week; empty if it never shuts."""
    rows = SiteHours.objects.filter(site=site_id).values_list("weekday", "opens", "closes")
    return tuple(
        Hours(weekday, seconds_from(opens), seconds_until(closes)) for weekday, opens, closes in rows
    )


def holidays_of(site_ids: Collection[int], span: Span) -> dict[int, list[Holiday]]:
    """The public holidays at each site, in its zone. 1 query."""
    sites = Site.objects.filter(pk__among=site_ids).values_list("pk", "country", "subdivision", "zone")
    return {
        site: public_holidays(country, subdivision, ZoneName(zone), span)
        for site, country, subdivision, zone in sites
    }


def closures_of(room_ids: Collection[int], span: Span) -> dict[int, list[Closed]]:
    """What closes each room: its site, its floor, itself, or a room it shares space with.

    A closed hall closes its parts, and a closed part its hall, as booking them would. Every room asked for has an entry. 3 queries.
    """
    rooms = list(Room.objects.filter(pk__among=room_ids).values_list("pk", "site_id", "floor"))
    sites = {site for _room, site, _floor in rooms}
    starts, ends = datetime_of(span.start), datetime_of(span.end)
    closures = list(Closure.objects.filter(site__in=sites, ends_at__gt=starts, starts_at__lt=ends))
    shared = _sharing(
        {room for room, _site, _floor in rooms}, {each.room_id for each in closures if each.room_id}
    )
    return {
        room: sorted(_closed(each) for each in closures if _closes(each, room, site, floor, shared))
        for room, site, floor in rooms
    }


def _closes(closure: Closure, room: int, site: int, floor: str, shared: set[tuple[int, int]]) -> bool:
    if closure.room_id is not None:
        return closure.room_id == room or (room, closure.room_id) in shared
    return closure.site_id == site and closure.floor in {"", floor}


def _closed(closure: Closure) -> Closed:
    span = Span(instant_of(closure.starts_at), instant_of(closure.ends_at))
    return Closed(span, closure.kind, closure.reason, closure.pk)


def _sharing(rooms: set[int], others: set[int]) -> set[tuple[int, int]]:
    """Pairs of a room and another that have a bookable unit in common."""
    if not others:
        return set()
    links = Room.units.through.objects.filter(Q(room__in=rooms) | Q(room__in=others))
    by_unit: dict[int, set[int]] = defaultdict(set)
    for room, unit in links.values_list("room_id", "bookableunit_id"):
        by_unit[unit].add(room)
    return {(a, b) for group in by_unit.values() for a in group & rooms for b in group & others if a != b}
