"""Whether an event's functions lie within its dates. About dates only: the caller has checked who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from convenor.events.enums import ALIVE, FunctionKind
from convenor.events.models import Event, Function
from convenor.events.queries.functions import functions_of
from convenor.events.rules.dates import local_in
from convenor.events.rules.function import check_dates
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.models import Occurrence
from convenor.scheduling.rules.findings import Findings

MINUTE = timedelta(minutes=1)


def fits_of(event: Event) -> list[tuple[str, Findings]]:
    """Title and findings of each function that takes place, against the dates that the event's row has now. 1 query."""
    found: list[tuple[str, Findings]] = []
    for row in functions_of(event.pk):
        occurrence = row.occurrence
        if occurrence.state != OccurrenceState.SCHEDULED:
            continue
        found.append((occurrence.title or occurrence.meeting.title, _fit_of(row, occurrence, event)))
    return found


def times_outside(rows: Sequence[Occurrence]) -> list[str]:
    """For scheduling.registry.time_guards: of the functions among these, those that would lie outside their event's dates.

    Their events are locked, so that none gets other dates meanwhile. 1 query.
    """
    at = {row.pk: row for row in rows}
    functions = Function.objects.filter(occurrence__among=list(at), event__state__in=ALIVE)
    locked = functions.select_related("event").select_for_update(no_key=True, of=("event",))
    return [
        " ".join(
            (_("This is part of the event “%(event)s”.") % {"event": each.event.title}, error.messages[0])
        )
        for each in locked.order_by("event", "pk")
        for errors in _fit_of(each, at[each.occurrence_id], each.event).refused.values()
        for error in errors
    ]


def _fit_of(function: Function, occurrence: Occurrence, event: Event) -> Findings:
    start = local_in(event.zone, occurrence.starts_at)
    assert start is not None  # an occurrence has a start
    findings = Findings()
    minutes = (occurrence.ends_at - occurrence.starts_at) // MINUTE
    check_dates(findings, FunctionKind(function.kind), start, minutes, event)
    return findings
