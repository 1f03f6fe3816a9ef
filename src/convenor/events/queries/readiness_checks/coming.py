"""What the checks have in common: functions that are still to come, and findings sorted by event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from convenor.events.models import Function
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.enums import OccurrenceState


def title(function: str = "") -> Coalesce:
    """What a function is called; `function` leads to it, as in `function__`."""
    occurrence = f"{function}occurrence__"
    return Coalesce(NullIf(f"{occurrence}title", Value("")), f"{occurrence}meeting__title")


def is_coming(event_ids: Sequence[int], now: datetime, *, function: str = "") -> dict[str, object]:
    """The condition for functions of these events that will take place and aren't over."""
    return {
        f"{function}event__among": event_ids,
        f"{function}removed_at__isnull": True,
        f"{function}occurrence__state": OccurrenceState.SCHEDULED,
        f"{function}occurrence__ends_at__gt": now,
    }


def coming(event_ids: Sequence[int], now: datetime) -> QuerySet[Function]:
    """In order of time."""
    return Function.objects.filter(**is_coming(event_ids, now)).order_by("occurrence__starts_at", "pk")


def function_ref(pk: int, label: str) -> Ref:
    return Ref("function", pk, label)


def by_event(found: Iterable[tuple[int, Finding]]) -> Mapping[int, Sequence[Finding]]:
    grouped: dict[int, list[Finding]] = defaultdict(list)
    for event, finding in found:
        grouped[event].append(finding)
    return grouped
