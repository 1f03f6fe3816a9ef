"""Keeps the table of conflicts current: looks again at what was marked stale, and at nothing else.

The table is worked out from the schedule alone, so keeping it is no change that anybody makes: nothing goes on record,
and whoever reads may do it. One look at a time (a lock on PostgreSQL; SQLite lets one writer in anyway): two that
overlap could write an old answer over a new one. What changes during a look carries its own mark and is looked at next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from convenor.base.transactions import Busy, action
from convenor.kernel.instants import MINUTE, Instant, Span, datetime_of, instant_of
from convenor.scheduling.enums import BookingState, ConflictKind
from convenor.scheduling.models import (
    Booking,
    Conflict,
    ConflictOccurrence,
    Occurrence,
    Participation,
    StaleScope,
)
from convenor.scheduling.queries.conflicts.facts import facts_of, timeline_facts
from convenor.scheduling.queries.conflicts.scopes import EVER, Look, in_time_order, look_of, weight_of
from convenor.scheduling.queries.conflicts.timelines import timelines_of
from convenor.scheduling.registry import Unit, conflict_detectors, kinds_of
from convenor.scheduling.rules.conflicts.facts import Facts
from convenor.scheduling.rules.conflicts.found import Found
from convenor.scheduling.rules.conflicts.rooms import APPROVAL_WARNING, HOLD_WARNING
from convenor.venues.queries.sites import travel_minutes

Item = TypeVar("Item")

PEOPLE, OCCURRENCES, SCOPES = 200, 1_000, 100
LIGHT = 4_000  # what a reader waits for
LOCK = 0x436F6E66  # any number that nobody else locks


def catch_up(now: datetime) -> bool:
    """Look again at what is quickly done; False if something is left for a worker, so that conflicts may still come or go."""
    if not StaleScope.objects.exists():
        return True
    try:
        _drain(now, most=LIGHT)
    except Busy:
        return False
    return not StaleScope.objects.exists()


def catch_up_wholly(now: datetime) -> int:
    """Look again at everything that was marked, and at what the time alone changes; how many marks."""
    done = 0
    while count := _drain(now, most=None):
        done += count
    look_at_the_moment(now)
    return done


def look_at_everything(now: datetime) -> None:
    """Find every conflict anew, as if no look had been before; what was ignored stays so."""
    marked = list(StaleScope.objects.order_by().values_list("pk", flat=True))
    span = Span(instant_of(now), instant_of(EVER))
    seen: set[str] = set()
    alive = (
        Occurrence.objects.filter(ends_at__gt=now).order_by("starts_at", "pk").values_list("pk", flat=True)
    )
    for keys in in_batches(list(alive), OCCURRENCES):
        seen |= _look_again(Look(None, set(), set(keys)), now)
    people = Participation.objects.filter(ends_at__gt=now, blocks=True).order_by("person_id")
    for keys in in_batches(list(people.values_list("person_id", flat=True).distinct()), PEOPLE):
        seen |= _look_again(Look(span, set(keys), set()), now)
    seen |= look_at_the_moment(now)
    gone = [
        pk for pk, mark in Conflict.objects.order_by().values_list("pk", "fingerprint") if mark not in seen
    ]
    _forget(gone)
    for keys in in_batches(marked, OCCURRENCES):
        StaleScope.objects.filter(pk__in=keys).delete()


@action
def _drain(now: datetime, *, most: int | None) -> int:
    """Take marks, up to the weight given, and look at what they name; how many were taken. All or nothing."""
    _one_at_a_time()
    taken = _claim(most)
    if taken:
        _look(look_of(taken, now), now)
        _forget_the_past(now)
    return len(taken)


@action
def _look_again(look: Look, now: datetime) -> set[str]:
    _one_at_a_time()
    return _look(look, now)


@action
def look_at_the_moment(now: datetime) -> set[str]:
    """What the time alone changes: holds that are about to run out, and what is over. The fingerprints found."""
    _one_at_a_time()
    _forget_the_past(now)
    facts = facts_of(_running_out(now), now=instant_of(now))
    found = _found(facts, Unit.MOMENT)
    _write(found, Conflict.objects.filter(kind__in=kinds_of(Unit.MOMENT)), now)
    _look_at_what_goes_on(now)
    return {each.fingerprint for each in found}


def _look_at_what_goes_on(now: datetime) -> None:
    """Series that have collided since the last look collide fewer times from now on."""
    begun = Conflict.objects.filter(kind=ConflictKind.ZONE_SHIFT, starts_at__lte=now)
    people = set(begun.order_by().values_list("person_id", flat=True))
    if people:
        _look(Look(Span(instant_of(now), instant_of(EVER)), people, set()), now)


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _claim(most: int | None) -> list[StaleScope]:
    taken: list[StaleScope] = []
    weight = 0
    for scope in StaleScope.objects.order_by("pk")[:SCOPES]:
        heavy = weight_of(scope)
        if most is None or weight + heavy <= most:
            taken.append(scope)
            weight += heavy
    StaleScope.objects.filter(pk__in=[scope.pk for scope in taken]).delete()
    return taken


def _running_out(now: datetime) -> list[int]:
    soon, starts = (datetime_of(Instant(instant_of(now) + wait)) for wait in (HOLD_WARNING, APPROVAL_WARNING))
    held = Q(state=BookingState.HELD, hold_expires_at__lte=soon)
    pending = Q(state=BookingState.PENDING, starts_at__lte=starts, ends_at__gt=now)
    return list(Booking.objects.filter(held | pending).order_by().values_list("occurrence_id", flat=True))


def _look(look: Look, now: datetime) -> set[str]:
    seen: set[str] = set()
    moment = instant_of(now)
    for ids in in_batches(in_time_order(look.occurrence_ids, now), OCCURRENCES):
        found = _found(facts_of(ids, now=moment), Unit.OCCURRENCE)
        seen |= _write(found, _of_occurrences(ids), now)
    _drop_orphans()
    if look.span:
        travel = travel_minutes()
        margin = max(travel.values(), default=0) * MINUTE
        span = Span(Instant(look.span.start - margin), Instant(look.span.end + margin))
        for people in in_batches(sorted(look.person_ids), PEOPLE):
            facts = timeline_facts(timelines_of(people, span, travel), travel, now=moment)
            # What lasts was looked at whole, and may now lie outside of what changed.
            found = [each for each in _found(facts, Unit.PERSON) if each.lasts or each.span.overlaps(span)]
            seen |= _write(found, _of_people(people, span), now)
    return seen


def _found(facts: Facts, unit: Unit) -> list[Found]:
    """What isn't over yet."""
    watches = (watch for watch in conflict_detectors if watch.unit is unit)
    return [each for watch in watches for each in watch.detect(facts) if each.span.end > facts.now]


def _of_occurrences(ids: Collection[int]) -> Any:
    links = ConflictOccurrence.objects.filter(conflict=OuterRef("pk"), occurrence__among=ids)
    return Conflict.objects.filter(Exists(links), kind__in=kinds_of(Unit.OCCURRENCE))


def _of_people(ids: Collection[int], span: Span) -> Any:
    times = {"starts_at__lt": datetime_of(span.end), "ends_at__gt": datetime_of(span.start)}
    return Conflict.objects.filter(person__among=ids, kind__in=kinds_of(Unit.PERSON), **times)


def _drop_orphans() -> None:
    """Conflicts of occurrences that were removed: nothing leads to them any more."""
    links = ConflictOccurrence.objects.filter(conflict=OuterRef("pk"))
    kinds = kinds_of(Unit.OCCURRENCE) | kinds_of(Unit.MOMENT)
    _forget(
        list(Conflict.objects.filter(~Exists(links), kind__in=kinds).order_by().values_list("pk", flat=True))
    )


def _forget_the_past(now: datetime) -> None:
    _forget(list(Conflict.objects.filter(ends_at__lte=now).order_by().values_list("pk", flat=True)))


def _forget(keys: Sequence[int]) -> None:
    for some in in_batches(keys, OCCURRENCES):
        ConflictOccurrence.objects.filter(conflict__among=some).delete()
        Conflict.objects.filter(pk__among=some).delete()


def _write(found: Iterable[Found], before: Any, now: datetime) -> set[str]:
    """Make the rows say what was found: new ones are added, changed ones changed, and of `before` what wasn't found again goes."""
    wanted = {each.fingerprint: each for each in found}
    rows: dict[str, Conflict] = {row.fingerprint: row for row in before}
    for marks in in_batches(sorted(wanted.keys() - rows.keys()), OCCURRENCES):
        rows |= {row.fingerprint: row for row in Conflict.objects.filter(fingerprint__in=marks)}
    _forget([row.pk for mark, row in rows.items() if mark not in wanted])
    _add([each for mark, each in wanted.items() if mark not in rows], now)
    changed = [row for mark, row in rows.items() if mark in wanted and _take(row, wanted[mark])]
    Conflict.objects.bulk_update(changed, ["severity", "starts_at", "ends_at", "facts"], batch_size=500)
    _relink({row.pk: wanted[mark] for mark, row in rows.items() if mark in wanted and wanted[mark].lasts})
    return set(wanted)


def _add(found: Sequence[Found], now: datetime) -> None:
    rows = [_row(each, now) for each in found]
    Conflict.objects.bulk_create(rows, batch_size=500)
    ConflictOccurrence.objects.bulk_create(
        [
            ConflictOccurrence(conflict=row, occurrence_id=key)
            for row, each in zip(rows, found, strict=True)
            for key in each.occurrence_ids
        ],
        batch_size=1_000,
    )


def _relink(lasting: Mapping[int, Found]) -> None:
    """Let these rows lead to the occurrences that they are about now."""
    links: dict[int, set[int]] = {key: set() for key in lasting}
    rows = ConflictOccurrence.objects.filter(conflict__among=lasting).order_by()
    for conflict, occurrence in rows.values_list("conflict_id", "occurrence_id"):
        links[conflict].add(occurrence)
    stale = [key for key, found in lasting.items() if links[key] != set(found.occurrence_ids)]
    if stale:
        ConflictOccurrence.objects.filter(conflict__among=stale).delete()
        made = ((key, occurrence) for key in stale for occurrence in lasting[key].occurrence_ids)
        ConflictOccurrence.objects.bulk_create(
            [ConflictOccurrence(conflict_id=key, occurrence_id=occurrence) for key, occurrence in made],
            batch_size=1_000,
        )


def _values(found: Found) -> Mapping[str, Any]:
    return {
        "severity": found.severity,
        "starts_at": datetime_of(found.span.start),
        "ends_at": datetime_of(found.span.end),
        "facts": dict(found.facts),
    }


def _row(found: Found, now: datetime) -> Conflict:
    return Conflict(
        kind=found.kind,
        person_id=found.person_id,
        room_id=found.room_id,
        site_id=found.site_id,
        fingerprint=found.fingerprint,
        detected_at=now,
        **_values(found),
    )


def _take(row: Conflict, found: Found) -> bool:
    """Let the row say what was found; whether it said something else."""
    values = _values(found)
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs


def in_batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def is_current() -> bool:
    """False while something that changed waits to be looked at again."""
    return not StaleScope.objects.exists()
