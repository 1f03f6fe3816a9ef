"""From what was marked stale to whom and what to look at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking, Occurrence, Participation, StaleScope
from convenor.scheduling.queries.windows import in_window


@dataclass(slots=True)
class Look:
    """People whose time within `span`, and occurrences which, are to be looked at again."""

    span: Span | None = None
    person_ids: set[int] = field(default_factory=set)
    occurrence_ids: set[int] = field(default_factory=set)


def look_of(scopes: Sequence[StaleScope], now: datetime) -> Look:
    """What the scopes amount to. Seven queries, however many scopes.

    An action names the occurrences that it changed: then what is wrong with any other occurrence can't have changed, only people's
    time. What people, rooms or sites are like concerns every occurrence that they have in the span.
    """
    look = Look(span=_hull(scopes, now))
    named = [scope for scope in scopes if scope.occurrence_ids]
    broad = [scope for scope in scopes if not scope.occurrence_ids]
    look.occurrence_ids |= _all(scope.occurrence_ids for scope in named)
    look.person_ids |= _all(scope.person_ids for scope in scopes)
    places = look.occurrence_ids | (_at_places(broad, look.span) if look.span else set())
    if look.span:
        homes = _all(scope.site_ids for scope in broad)
        people = _all(scope.person_ids for scope in broad) | _at_home(homes)
        look.occurrence_ids |= places | _of_people(people, look.span)
    look.person_ids |= _taking_part(places)
    return look


def _all(lists: Iterable[Collection[int]]) -> set[int]:
    return {key for keys in lists for key in keys}


def _hull(scopes: Sequence[StaleScope], now: datetime) -> Span | None:
    """The time that is still to come of all scopes together; None if it is over."""
    coming = [scope for scope in scopes if scope.ends_at > now]
    if not coming:
        return None
    start = max(now, min(scope.starts_at for scope in coming))
    return Span(instant_of(start), instant_of(max(scope.ends_at for scope in coming)))


def _at_places(scopes: Sequence[StaleScope], span: Span) -> set[int]:
    rooms, sites = _all(scope.room_ids for scope in scopes), _all(scope.site_ids for scope in scopes)
    if not rooms and not sites:
        return set()
    window = in_window(span, start="reserved_start", end="reserved_end")
    bookings = Booking.objects.filter(window, Q(room__among=rooms) | Q(room__site__among=sites)).exclude(
        state=BookingState.RELEASED
    )
    return set(bookings.order_by().values_list("occurrence_id", flat=True))


def _at_home(site_ids: Collection[int]) -> set[int]:
    if not site_ids:
        return set()
    return set(Person.objects.filter(home_site__among=site_ids).order_by().values_list("pk", flat=True))


def _of_people(person_ids: Collection[int], span: Span) -> set[int]:
    """Occurrences that these people take part in or organise."""
    if not person_ids:
        return set()
    parts = Participation.objects.filter(in_window(span), person__among=person_ids).order_by()
    organised = Occurrence.objects.filter(in_window(span), meeting__organiser__among=person_ids).order_by()
    return {*parts.values_list("occurrence_id", flat=True), *organised.values_list("pk", flat=True)}


def _taking_part(occurrence_ids: Collection[int]) -> set[int]:
    if not occurrence_ids:
        return set()
    rows = Participation.objects.filter(occurrence__among=occurrence_ids).order_by()
    return set(rows.values_list("person_id", flat=True).distinct())


def in_time_order(occurrence_ids: Collection[int], now: datetime) -> list[int]:
    """Those that aren't over, by start: neighbours in time share what has to be known of people and places."""
    rows = Occurrence.objects.filter(pk__among=occurrence_ids, ends_at__gt=now).order_by("starts_at", "pk")
    return list(rows.values_list("pk", flat=True))


def weight_of(scope: StaleScope) -> int:
    """About how many rows of work a scope is: readers take the light ones and leave the others to a worker."""
    if scope.site_ids:
        return HEAVY
    days = max(1, (scope.ends_at - scope.starts_at).days)
    people = len(scope.person_ids) + len(scope.room_ids)
    return len(scope.occurrence_ids) + people * min(days, 400) // 4


HEAVY = 100_000
EVER = datetime_of(instant_of(datetime.fromisoformat("2200-01-01T00:00:00+00:00")))
