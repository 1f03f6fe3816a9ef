"""What higher apps have against an occurrence's new time."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from convenor.scheduling import registry
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.models import Occurrence


def refuse_times(rows: Iterable[Occurrence]) -> None:
    """Raises ValidationError with everything that speaks against the times these have now. A query a guard, none for none."""
    moved = [row for row in rows if row.state == OccurrenceState.SCHEDULED]
    if not moved:
        return
    if sentences := [sentence for guard in registry.time_guards for sentence in guard(moved)]:
        raise ValidationError({"local_start": sentences})
