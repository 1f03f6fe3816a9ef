"""Who comes from outside to a site on a day: what reception has to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.enums import EventState
from convenor.events.models import Party
from convenor.kernel.instants import Span, ZoneName, datetime_of
from convenor.kernel.weekly_hours import days_span
from convenor.people.enums import PersonKind
from convenor.people.models import Person, PersonNeeds
from convenor.scheduling.enums import ACTIVE_BOOKINGS, AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Booking, Participation
from convenor.scheduling.queries.windows import in_window
from convenor.venues.models import Site
from convenor.venues.queries.sites import site_for

GONE = (EventState.CANCELLED, EventState.POSTPONED)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person's day at the site. `arrives_at` as it was said, else when their first meeting starts; `until` their last ends.

    `is_certain` is false while they haven't accepted anything of the day.
    """

    person_id: int
    name: str
    organisation: str
    arrives_at: datetime
    until: datetime | None
    host: str
    what: tuple[str, ...]
    rooms: tuple[str, ...]
    needs_badge: bool
    access: str
    step_free: bool
    note: str
    is_certain: bool


@dataclass(slots=True)
class _Stay:
    """What is gathered of one person's day."""

    parts: list[Participation]
    parties: list[Party]


def visitors_for(actor: Actor, site_id: int, day: date) -> list[Visitor]:
    """By arrival, then name: whoever from outside takes part in something in a room there, or is expected at an event there.

    Eight queries, however many come. Raises Refused, Site.DoesNotExist.
    """
    require(actor, "visitor.see")
    site = site_for(actor, site_id)
    span = days_span(day, day, ZoneName(site.zone))
    stays = _stays(site, span)
    people = Person.objects.filter(pk__among=stays).select_related("organisation").in_bulk()
    needs = PersonNeeds.objects.filter(person__among=stays).in_bulk(field_name="person_id")
    rooms = _rooms(site, {part.occurrence_id for stay in stays.values() for part in stay.parts})
    found = [_visitor(people[pk], stay, needs.get(pk), rooms, span) for pk, stay in stays.items()]
    return sorted(found, key=lambda each: (each.arrives_at, each.name, each.person_id))


def _stays(site: Site, span: Span) -> Mapping[int, _Stay]:
    stays: dict[int, _Stay] = defaultdict(lambda: _Stay([], []))
    parts = list(_parts(site, span))
    for part in parts:
        stays[part.person_id].parts.append(part)
    for party in _parties(site, span, {part.person_id for part in parts}):
        stays[party.person_id].parties.append(party)
    return stays


def _parts(site: Site, span: Span) -> Iterable[Participation]:
    """Of people from outside, in what has a room at the site that day; without those who declined."""
    here = Booking.objects.filter(
        occurrence=OuterRef("occurrence"), room__site=site, state__in=ACTIVE_BOOKINGS
    )
    rows = Participation.objects.filter(
        in_window(span, prefix="occurrence__"),
        Exists(here),
        person__kind=PersonKind.EXTERNAL,
        occurrence__state=OccurrenceState.SCHEDULED,
    )
    rows = rows.exclude(partstat=PartStat.DECLINED).exclude(role=AttendeeRole.RESOURCE)
    related = ("occurrence__meeting__organiser", "occurrence__function__event", "occurrence__function__host")
    return rows.select_related(*related).order_by("starts_at", "occurrence_id")


def _parties(site: Site, span: Span, coming: Collection[int]) -> Iterable[Party]:
    """What events know of people from outside: of those who come anyway, and of those who are said to arrive that day."""
    starts, ends = datetime_of(span.start), datetime_of(span.end)
    on_the_day = Q(event__starts_at__lt=ends, event__ends_at__gt=starts)
    arriving = Q(event__site=site, arrives_at__gte=starts, arrives_at__lt=ends)
    rows = Party.objects.filter(
        (on_the_day & Q(person__among=coming)) | arriving, person__kind=PersonKind.EXTERNAL
    )
    rows = rows.exclude(event__state__in=GONE)
    return rows.select_related("event", "host").order_by("event__starts_at", "pk")


def _rooms(site: Site, occurrence_ids: Collection[int]) -> Mapping[int, list[str]]:
    rows = Booking.objects.filter(
        occurrence__among=occurrence_ids, room__site=site, state__in=ACTIVE_BOOKINGS
    ).order_by("room__code")
    found: dict[int, list[str]] = defaultdict(list)
    for occurrence, code, name in rows.values_list("occurrence_id", "room__code", "room__name"):
        found[occurrence].append(f"{code} {name}" if name != code else code)
    return found


def _visitor(
    person: Person, stay: _Stay, needs: PersonNeeds | None, rooms: Mapping[int, list[str]], span: Span
) -> Visitor:
    starts, ends = datetime_of(span.start), datetime_of(span.end)
    said = [
        party.arrives_at for party in stay.parties if party.arrives_at and starts <= party.arrives_at < ends
    ]
    begins = [max(part.starts_at, starts) for part in stay.parts]
    return Visitor(
        person_id=person.pk,
        name=person.name,
        organisation=person.organisation.name,
        arrives_at=min(said or begins),
        until=max((min(part.ends_at, ends) for part in stay.parts), default=None),
        host=_host(stay),
        what=tuple(dict.fromkeys([*map(_title, stay.parts), *(party.event.title for party in stay.parties)])),
        rooms=tuple(dict.fromkeys(room for part in stay.parts for room in rooms.get(part.occurrence_id, ()))),
        needs_badge=any(party.needs_badge for party in stay.parties),
        access=needs.access if needs else "",
        step_free=bool(needs and needs.step_free),
        note="; ".join(party.note for party in stay.parties if party.note),
        is_certain=any(part.partstat == PartStat.ACCEPTED for part in stay.parts),
    )


def _title(part: Participation) -> str:
    """Of an event its own title, whichever of its functions it is."""
    function = getattr(part.occurrence, "function", None)
    if function is not None and function.removed_at is None:
        return str(function.event.title)
    return part.occurrence.title or part.occurrence.meeting.title


def _host(stay: _Stay) -> str:
    """Whom the event names for them, else who is host of their first function, else who asked them."""
    for party in stay.parties:
        if party.host is not None:
            return party.host.name
    for part in stay.parts:
        function = getattr(part.occurrence, "function", None)
        host = function.host if function is not None else None
        return (host or part.occurrence.meeting.organiser).name
    return ""
