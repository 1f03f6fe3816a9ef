"""Nothing in the schedule stands against the event's functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.enums import Level
from convenor.events.queries.readiness_checks.coming import by_event, is_coming
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.enums import ConflictKind, ConflictState, Severity
from convenor.scheduling.models import ConflictOccurrence
from convenor.scheduling.queries.conflicts.upkeep import catch_up

LABELS = dict(ConflictKind.choices)


def no_open_conflict(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Serious ones block, warnings want attention, notices are left to the conflicts' own page.

    One finding for each kind, however many there are of it: which ones, the conflicts' page says, and there each can be
    ignored by itself. One query, and what scheduling itself has to look at again first.
    """
    catch_up(now)
    function = "occurrence__function__"
    rows = ConflictOccurrence.objects.filter(
        **is_coming(event_ids, now, function=function),
        conflict__state=ConflictState.OPEN,
        conflict__severity__gte=Severity.WARNING,
        conflict__ends_at__gt=now,
    )
    kinds = rows.order_by().values_list(f"{function}event_id", "conflict__kind", "conflict__severity")
    counted = kinds.annotate(
        Count("conflict", distinct=True),
        Min("conflict"),
        Min("conflict__person__name"),
        Min("conflict__room__code"),
    )
    return by_event(
        (event, _finding(kind, severity, count, first, person or room or ""))
        for event, kind, severity, count, first, person, room in counted.order_by(
            f"{function}event_id", "-conflict__severity", "conflict__kind"
        )
    )


def _finding(kind: str, severity: int, count: int, first: int, whom: str) -> Finding:
    label = str(LABELS.get(kind, kind))
    words = {"conflict": label, "whom": whom, "count": count}
    if count == 1:
        sentence = _("%(conflict)s: %(whom)s.") if whom else _("%(conflict)s.")
    else:
        sentence = ngettext("%(conflict)s, %(count)d time.", "%(conflict)s, %(count)d times.", count)
    level = Level.BLOCKING if severity >= Severity.SERIOUS else Level.ATTENTION
    # With the number: what was waived as two comes back when it is three.
    return Finding(level, sentence % words, f"{kind}:{count}", Ref("conflict", first, label))
