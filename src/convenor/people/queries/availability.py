"""When people work and when they are away, for thousands at once.

Most people share their hours with many others, so a week is read as one text per person and unrolled once per zone and week; only those
with exceptions get an unrolling of their own. The answers of people who share one are the same tuple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext

from convenor.kernel.instants import Span, ZoneName, datetime_of
from convenor.kernel.weekly_hours import Stretch, days_span, seconds_from, seconds_until, weekly_spans
from convenor.people.enums import AwayKind
from convenor.people.models import Leave, Person, WorkingException
from convenor.people.rules import week_from_text
from convenor.venues.public_holidays import public_holidays

Exceptions = tuple[tuple[date, tuple[Stretch, ...]], ...]
"""The days of a person that are other than their weekdays, hashable so that people who share them share the answer."""


@dataclass(frozen=True, slots=True, order=True)
class Away:
    """A stretch in which a person isn't there; `label` is the holiday's name, or just "Away": why is nobody else's business."""

    span: Span
    kind: AwayKind
    label: str


class _WeekAsText(Aggregate):
    """A person's weekly hours in one text: one row per person instead of five to fourteen."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ';')"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Sequence[Any]]:
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


_WEEK = _WeekAsText(
    Concat(
        Cast("working_hours__weekday", TextField()),
        Value(" "),
        Cast("working_hours__starts", TextField()),
        Value(" "),
        Cast("working_hours__ends", TextField()),
        output_field=TextField(),
    ),
    filter=Q(working_hours__isnull=False),
)


def working_spans(person_ids: Collection[int], span: Span) -> dict[int, Sequence[Span]]:
    """When each person works in the span, in normal form: weekly hours in their zone, with the exceptions' days replaced. 2 queries.

    People without hours work Monday to Friday, 9 to 17. Leave and holidays are not taken off: see `away_spans`.
    """
    exceptions = _exceptions(person_ids, span)
    weeks = Person.objects.filter(pk__among=person_ids).order_by().annotate(week=_WEEK)
    unrolled: dict[tuple[str, str | None, Exceptions], Sequence[Span]] = {}
    answer: dict[int, Sequence[Span]] = {}
    for person, zone, week in weeks.values_list("pk", "zone", "week"):
        key = (zone, week, exceptions.get(person, ()))
        if key not in unrolled:
            unrolled[key] = tuple(weekly_spans(week_from_text(week), ZoneName(zone), span, dict(key[2])))
        answer[person] = unrolled[key]
    return answer


def away_spans(person_ids: Collection[int], span: Span) -> dict[int, Sequence[Away]]:
    """Each person's leave and the public holidays of their home site, as whole days in their own zone, in order. 2 queries."""
    leave = _leave(person_ids, span)
    places = Person.objects.filter(pk__among=person_ids).order_by()
    shared: dict[tuple[str, str, str], Sequence[Away]] = {}
    answer: dict[int, Sequence[Away]] = {}
    for person, zone, country, part in places.values_list(
        "pk", "zone", "home_site__country", "home_site__subdivision"
    ):
        place = (country or "", part or "", zone)
        if place not in shared:
            shared[place] = _holidays(*place, span)
        answer[person] = shared[place]
        if person in leave:
            answer[person] = tuple(sorted([*shared[place], *_days_away(leave[person], zone, span)]))
    return answer


def _local_dates(span: Span) -> tuple[date, date]:
    """Dates that hold the span in every zone of the world."""
    margin = timedelta(days=1)
    return datetime_of(span.start).date() - margin, datetime_of(span.end).date() + margin


def _exceptions(person_ids: Collection[int], span: Span) -> dict[int, Exceptions]:
    rows = WorkingException.objects.filter(person__among=person_ids, day__range=_local_dates(span)).order_by()
    found: dict[int, dict[date, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    for person, day, starts, ends in rows.values_list("person_id", "day", "starts", "ends"):
        stretches = found[person][day]
        if starts is not None and ends is not None:
            stretches.append((seconds_from(starts), seconds_until(ends)))
    return {
        person: tuple(sorted((day, tuple(sorted(hours))) for day, hours in days.items()))
        for person, days in found.items()
    }


def _leave(person_ids: Collection[int], span: Span) -> dict[int, list[tuple[date, date]]]:
    first, last = _local_dates(span)
    rows = Leave.objects.filter(person__among=person_ids, starts_on__lte=last, ends_on__gte=first).order_by()
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person, starts_on, ends_on in rows.values_list("person_id", "starts_on", "ends_on"):
        found[person].append((starts_on, ends_on))
    return found


def _days_away(leave: list[tuple[date, date]], zone: str, span: Span) -> list[Away]:
    days = (days_span(first, last, ZoneName(zone)).intersect(span) for first, last in leave)
    return [Away(day, AwayKind.LEAVE, gettext("Away")) for day in days if day is not None]


def _holidays(country: str, part: str, zone: str, span: Span) -> Sequence[Away]:
    days = public_holidays(country, part, ZoneName(zone), span) if country else []
    cut = ((day.span.intersect(span), day.name) for day in days)
    return tuple(sorted(Away(day, AwayKind.PUBLIC_HOLIDAY, name) for day, name in cut if day is not None))
