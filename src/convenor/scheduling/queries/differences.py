"""What others changed of a meeting since somebody opened it, read from the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from convenor.base.models import AuditEntry
from convenor.scheduling.drafts import Difference
from convenor.scheduling.models import Meeting
from convenor.scheduling.rules.wording import day

OCCURRENCE = "occurrence "  # leads the recurrence id in the snapshot of one occurrence
SILENT = frozenset({"version", "sequence", "uid"})


def differences_since(meeting: Meeting, version: int) -> tuple[Difference, ...]:
    """One difference for each field that isn't as it was at `version`, in the order they first changed. One query."""
    entries = AuditEntry.objects.filter(
        object_type=Meeting._meta.label_lower, object_id=meeting.pk, before__version__gte=version
    )
    seen: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for before, after in entries.order_by("id").values_list("before", "after"):
        for field in after:
            seen.setdefault(field, before.get(field))
            now[field] = after[field]
    return tuple(
        Difference(field, _label(field), seen[field], now[field])
        for field in now
        if field not in SILENT and seen[field] != now[field]
    )


def _label(field: str) -> str:
    if field.startswith(OCCURRENCE):
        start = datetime.fromisoformat(field.removeprefix(OCCURRENCE))
        return _("Occurrence of %(day)s") % {"day": day(start)}
    labels = {
        "attendees": _("Attendees"),
        "rooms": _("Rooms"),
        "rdates": _("Extra dates"),
        "exdates": _("Cancelled dates"),
        "state": _("State"),
    }
    return labels.get(field) or _column(field)


def _column(field: str) -> str:
    try:
        column = Meeting._meta.get_field(field)
    except FieldDoesNotExist:
        return field
    return str(capfirst(getattr(column, "verbose_name", field)))
