"""Puts every write on record, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import singledispatch
from types import NoneType
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.files import FieldFile

from convenor.base import clock, request_id
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.models import AuditEntry

Snapshot = Mapping[str, Any]


def snapshot(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named columns as JSON has them: instants in UTC, foreign keys as numbers, many-to-many as sorted numbers."""
    return {name: _value(instance, name) for name in fields}


def _value(instance: models.Model, name: str) -> Any:
    field = instance._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(instance, name).values_list("pk", flat=True))
    return plain(getattr(instance, getattr(field, "attname", name)))


@singledispatch
def plain(value: Any) -> Any:
    """`value` in JSON's types; TypeError for what has no one plain form."""
    raise TypeError(f"{type(value).__name__} can't go on record; give it in plain values")


def _register_plain_forms() -> None:
    forms: dict[Callable[[Any], Any], tuple[type, ...]] = {
        lambda value: value: (NoneType, bool, int, float),
        str: (str, UUID, Decimal),
        lambda value: value.isoformat(): (date, time),
        lambda value: (value.astimezone(UTC) if value.tzinfo else value).isoformat(): (datetime,),
        lambda value: value.total_seconds(): (timedelta,),
        lambda value: value.pk: (models.Model,),
        lambda value: value.name or "": (FieldFile,),
        lambda value: [plain(item) for item in value]: (list, tuple),
        lambda value: sorted(plain(item) for item in value): (set, frozenset),
        lambda value: {str(key): plain(item) for key, item in value.items()}: (Mapping,),
    }
    for form, kinds in forms.items():
        for kind in kinds:
            plain.register(kind, form)


_register_plain_forms()


def record(
    *,
    actor: Actor,
    action: str,
    obj: models.Model,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> bool:
    """Write one entry with the changed keys only; False, and nothing written, where nothing changed.

    A creation has no `before`, a deletion no `after`; an action that changes no column (a reminder
    sent) has neither.
    """
    made = entry(actor=actor, action=action, obj=obj, before=before, after=after)
    if made is not None:
        made.save(force_insert=True)
    return made is not None


def record_all(entries: Iterable[AuditEntry | None]) -> None:
    """Write what `entry` made for many objects, in one statement per five hundred."""
    insert_rows(made for made in entries if made is not None)


def entry(
    *,
    actor: Actor,
    action: str,
    obj: models.Model,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> AuditEntry | None:
    """The entry that `record` would write, None where nothing changed."""
    old, new = dict(before or {}), dict(after or {})
    if before and after:
        if old == new:
            return None
        old, new = _differing(old, new)
    return AuditEntry(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        on_behalf_of=actor.on_behalf_of_name[:200],
        on_behalf_of_person=actor.on_behalf_of,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:300],
        before=plain(old),
        after=plain(new),
        request_id=actor.request_id or request_id.current(),
    )


def _differing(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    missing = object()
    changed = [key for key in {**old, **new} if old.get(key, missing) != new.get(key, missing)]
    return {key: old[key] for key in changed if key in old}, {key: new[key] for key in changed if key in new}
