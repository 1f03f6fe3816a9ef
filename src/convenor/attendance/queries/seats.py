"""The seats of a roll as its page lists them: filtered, searched, sorted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.folding import folded
from convenor.people.models import Department

MOST_WORDS = 8
BY_STATE, BY_NAME, BY_WAITLIST = "state", "name", "waitlist"
SORTS = (BY_STATE, BY_NAME, BY_WAITLIST)
ORDER = (
    *(SeatState.CHECKED_IN, SeatState.CONFIRMED, SeatState.HELD, SeatState.OFFERED, SeatState.INVITED),
    *(
        SeatState.WAITLISTED,
        SeatState.DECLINED,
        SeatState.CANCELLED,
        SeatState.SUBSTITUTED,
        SeatState.NO_SHOW,
    ),
)
"""From who is there to who isn't coming."""
_RANK = Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER)), output_field=IntegerField()
)


@dataclass(frozen=True, slots=True)
class SeatsAsked:
    """A filter; what is empty doesn't filter. `only` are keys of registrations."""

    text: str = ""
    states: tuple[SeatState, ...] = ()
    department_id: int | None = None
    source: Source | None = None
    sort: str = BY_STATE
    only: frozenset[int] | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.states or self.department_id or self.source or self.only is not None)


def seats_of(roll: Roll, asked: SeatsAsked) -> QuerySet[Seat]:
    """Of a roll that the actor has been found to see; what a line of the list shows comes in the same query."""
    return _with_all(Seat.objects.filter(_condition(roll, asked)).order_by(*_order(asked.sort)))


def _with_all(rows: QuerySet[Seat]) -> QuerySet[Seat]:
    return rows.select_related(
        "registration__department",
        "registration__guest_of",
        "allotment__department",
        "allotment__organisation",
        "substitutes__registration",
    ).defer("registration__search", "registration__told", "registration__answers")


def count_of(roll: Roll, asked: SeatsAsked) -> int:
    """Without sorting and joining what a count doesn't need."""
    return Seat.objects.filter(_condition(roll, asked)).count()


def page_of_seats(roll: Roll, keys: Collection[int]) -> list[Seat]:
    """The seats of one page in the order of their keys. 1 query."""
    rows = {seat.pk: seat for seat in _with_all(Seat.objects.filter(roll=roll, pk__in=keys))}
    return [rows[key] for key in keys if key in rows]


def departments_on(roll: Roll) -> list[tuple[int, str]]:
    """The departments of whoever is at the event, by name. 1 query."""
    theirs = Registration.objects.filter(event=roll.event_id, department__isnull=False).order_by()
    named = Department.objects.filter(pk__in=theirs.values("department").distinct())
    return list(named.order_by("name").values_list("pk", "name"))


def words_in(text: str) -> Q:
    """A condition on registrations: each word somewhere in the text that they are searched by."""
    found = Q()
    for word in _words(text):
        found &= Q(search__contains=word)
    return found


def _words(text: str) -> Iterable[str]:
    return folded(text.replace("\x00", "")).split()[:MOST_WORDS]


def _condition(roll: Roll, asked: SeatsAsked) -> Q:
    found = Q(roll=roll)
    for word in _words(asked.text):
        found &= Q(registration__search__contains=word)
    if asked.states:
        found &= Q(state__in=asked.states)
    if asked.department_id is not None:
        found &= Q(registration__department=asked.department_id)
    if asked.source is not None:
        found &= Q(registration__source=asked.source)
    if asked.only is not None:
        found &= Q(registration__in=sorted(asked.only))
    return found


def _order(sort: str) -> tuple[str | Combinable, ...]:
    if sort == BY_NAME:
        return ("registration__name", "pk")
    if sort == BY_WAITLIST:
        return (F("waitlisted_at").asc(nulls_last=True), "pk")
    return (_RANK, F("waitlisted_at").asc(nulls_last=True), "registration__name", "pk")


def seat_keys(roll: Roll, asked: SeatsAsked) -> list[int]:
    """Of everybody whom the filter shows, in order: narrow enough that thousands are sorted and counted at once. 1 query."""
    rows = Seat.objects.filter(_condition(roll, asked)).order_by(*_order(asked.sort))
    return list(rows.values_list("pk", flat=True))
