"""Whether an event's functions lie within its dates. The caller has checked that the actor may see it."""

from __future__ import annotations

from datetime import timedelta

from convenor.events.enums import FunctionKind
from convenor.events.models import Event
from convenor.events.queries.functions import functions_of
from convenor.events.rules.dates import local_in
from convenor.events.rules.function import check_dates
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.rules.findings import Findings

MINUTE = timedelta(minutes=1)


def fits_of(event: Event) -> list[tuple[str, Findings]]:
    """Title and findings of each function that takes place, against the dates that the event's row has now. 1 query."""
    found: list[tuple[str, Findings]] = []
    for row in functions_of(event.pk):
        occurrence = row.occurrence
        if occurrence.state != OccurrenceState.SCHEDULED:
            continue
        start = local_in(event.zone, occurrence.starts_at)
        assert start is not None  # an occurrence has a start
        findings = Findings()
        minutes = (occurrence.ends_at - occurrence.starts_at) // MINUTE
        check_dates(findings, FunctionKind(row.kind), start, minutes, event)
        found.append((occurrence.title or occurrence.meeting.title, findings))
    return found
