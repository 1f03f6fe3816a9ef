"""What the roll adds to function sheets: how many come and where that is counted, and what they need, without names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from convenor.attendance.enums import AccessNeed, SeatState
from convenor.attendance.queries.counts import RollCounts, counts_of_rolls
from convenor.attendance.queries.needs import needs_at, places_of
from convenor.attendance.rules.needs import NO_COUNTS, OTHER, NeedCounts
from convenor.base import clock
from convenor.events.enums import Service, SheetSection

FOR_AV = (AccessNeed.HEARING, AccessNeed.SIGN_LANGUAGE)
Sections = Mapping[str, Mapping[str, object]]


def sheet_contents_of(function_ids: Sequence[int]) -> Mapping[int, Sections]:
    """For events.registry.sheet_contents. 8 queries at most.

    As of now: who was invited is expected only until answers are due.
    """
    places = places_of(function_ids)
    counts = counts_of_rolls({place.roll for place in places if place.roll}, clock.now())
    needs = needs_at(places)
    return {
        place.function_id: _sections(
            counts.get(place.roll.pk) if place.roll else None, needs.get(place.function_id, NO_COUNTS)
        )
        for place in places
        if place.function_id is not None
    }


def _sections(counts: RollCounts | None, needs: NeedCounts) -> Sections:
    access = _pairs(needs.access, needs.other_access)
    return {
        SheetSection.COUNT.value: _numbers(counts) if counts else {},
        Service.CATERING.value: {"diets": _pairs(needs.diets, needs.other_diets)},
        Service.AV.value: {"access": [pair for pair in access if pair[0] in FOR_AV]},
        Service.FACILITY.value: {"access": access},
    }


def _numbers(counts: RollCounts) -> Mapping[str, object]:
    """Who stayed away was expected: a sheet doesn't change for it."""
    expected = counts.expected + counts.states.get(SeatState.NO_SHOW, 0)
    counted_on = "event" if counts.function_id is None else "function"
    return {
        "expected": expected,
        "guaranteed": counts.guaranteed,
        "counted_on": counted_on if expected or counts.guaranteed else "",
    }


def _pairs(counts: Collection[tuple[str, int]], others: int) -> list[list[str | int]]:
    """As JSON gives them back, so that a frozen content and a fresh one can be compared."""
    pairs = [(str(code), n) for code, n in counts] + [(OTHER, others)]
    return [[code, n] for code, n in pairs if n]
