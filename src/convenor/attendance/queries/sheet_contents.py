"""What the roll adds to function sheets: how many come and where that is counted, and what they need, without names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count

from convenor.attendance.enums import COMING, AccessNeed, SeatState
from convenor.attendance.models import Seat
from convenor.attendance.queries.needs import Place, needs_at, places_of
from convenor.attendance.rules.needs import NO_COUNTS, OTHER, NeedCounts
from convenor.events.enums import Service, SheetSection

EXPECTED = (*COMING, SeatState.NO_SHOW)
"""Who was reckoned with: a sheet doesn't change because somebody stayed away."""
FOR_AV = (AccessNeed.HEARING, AccessNeed.SIGN_LANGUAGE)
Sections = Mapping[str, Mapping[str, object]]


def sheet_contents_of(function_ids: Sequence[int]) -> Mapping[int, Sections]:
    """For events.registry.sheet_contents. 8 queries at most."""
    places = places_of(function_ids)
    expected = _expected({place.roll_id for place in places if place.roll_id})
    needs = needs_at(places)
    return {
        place.function_id: _sections(
            place, expected.get(place.roll_id, 0), needs.get(place.function_id, NO_COUNTS)
        )
        for place in places
        if place.function_id is not None
    }


def _sections(place: Place, expected: int, needs: NeedCounts) -> Sections:
    counted = "function" if place.has_own_roll else "event"
    access = _pairs(needs.access, needs.other_access)
    return {
        SheetSection.COUNT.value: {
            "expected": expected,
            "guaranteed": place.guaranteed,
            "counted_on": counted if expected or place.guaranteed else "",
        },
        Service.CATERING.value: {"diets": _pairs(needs.diets, needs.other_diets)},
        Service.AV.value: {"access": [pair for pair in access if pair[0] in FOR_AV]},
        Service.FACILITY.value: {"access": access},
    }


def _pairs(counts: Collection[tuple[str, int]], others: int) -> list[list[str | int]]:
    """As JSON gives them back, so that a frozen content and a fresh one can be compared."""
    pairs = [(str(code), n) for code, n in counts] + [(OTHER, others)]
    return [[code, n] for code, n in pairs if n]


def _expected(roll_ids: Collection[int]) -> dict[int | None, int]:
    """By roll. 1 query, none without rolls."""
    if not roll_ids:
        return {}
    seats = Seat.objects.filter(roll__among=roll_ids, state__in=EXPECTED).values("roll").order_by()
    return dict(seats.annotate(n=Count("pk")).values_list("roll", "n"))
