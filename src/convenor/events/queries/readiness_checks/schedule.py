"""Nothing in the schedule stands against the event's functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from convenor.events.enums import Level
from convenor.events.queries.readiness_checks.coming import by_event, is_coming, title
from convenor.events.registry import Finding, Ref
from convenor.scheduling.enums import ConflictKind, ConflictState, Severity
from convenor.scheduling.models import ConflictOccurrence
from convenor.scheduling.queries.conflicts.upkeep import catch_up


def no_open_conflict(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Serious ones block, warnings want attention, notices are left to the conflicts' own page.

    Two queries, and what scheduling itself has to look at again first.
    """
    catch_up(now)
    function = "occurrence__function__"
    rows = ConflictOccurrence.objects.filter(
        **is_coming(event_ids, now, function=function),
        conflict__state=ConflictState.OPEN,
        conflict__severity__gte=Severity.WARNING,
        conflict__ends_at__gt=now,
    ).annotate(title=title(function))
    columns = (
        f"{function}event_id", "title", "conflict_id", "conflict__kind", "conflict__severity",
        "conflict__fingerprint", "conflict__person__name", "conflict__room__code",
    )  # fmt: skip
    found: dict[tuple[int, str], Finding] = {}
    for event, name, pk, kind, severity, mark, person, room in rows.order_by(
        "-conflict__severity", "conflict__starts_at", "conflict_id", "pk"
    ).values_list(*columns):
        # One that is between two functions of the event is one finding.
        found.setdefault((event, mark), _finding(pk, kind, severity, mark, person or room or "", name))
    return by_event((event, finding) for (event, _mark), finding in found.items())


def _finding(pk: int, kind: str, severity: int, mark: str, whom: str, function: str) -> Finding:
    label = str(dict(ConflictKind.choices).get(kind, kind))
    words = {"conflict": label, "whom": whom, "function": function}
    sentence = (
        _("%(conflict)s: %(whom)s, “%(function)s”.") if whom else _("%(conflict)s: “%(function)s”.")
    ) % words
    level = Level.BLOCKING if severity >= Severity.SERIOUS else Level.ATTENTION
    return Finding(level, sentence, mark, Ref("conflict", pk, label))
