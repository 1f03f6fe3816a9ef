"""What others changed of an event since somebody opened it, read from the audit log."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from convenor.base.models import AuditEntry
from convenor.events.models import Event
from convenor.scheduling.drafts import Difference

SILENT = frozenset({"version", "public_token"})


def differences_since(event: Event, version: int) -> tuple[Difference, ...]:
    """One difference for each field that isn't as it was at `version`, in the order they first changed. One query."""
    entries = AuditEntry.objects.filter(
        object_type=Event._meta.label_lower, object_id=event.pk, before__version__gte=version
    )
    seen: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for before, after in entries.order_by("id").values_list("before", "after"):
        for name in after:
            seen.setdefault(name, before.get(name))
            now[name] = after[name]
    return tuple(
        Difference(name, label_of(name), seen[name], now[name])
        for name in now
        if name not in SILENT and seen[name] != now[name]
    )


def label_of(name: str) -> str:
    """A column of the event in people's words."""
    try:
        column = Event._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(capfirst(getattr(column, "verbose_name", name)))
