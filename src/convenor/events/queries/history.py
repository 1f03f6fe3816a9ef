"""Everything on record about an event and what belongs to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.base.permissions import may
from convenor.events.models import (
    Certificate,
    Document,
    DocumentVersion,
    Event,
    Function,
    Sheet,
    SignOff,
    Task,
    Waiver,
)
from convenor.events.queries.hidden import hidden_functions
from convenor.events.queries.visibility import event_for
from convenor.scheduling.models import Booking, Meeting, Occurrence

GONE = ("task.removed", "event.withdraw_waiver")
"""What deletes its row; the entry itself says in `before` of which event it was."""


def event_history_for(
    actor: Actor, event_id: int, *, before: int | None = None, most: int = 50
) -> list[AuditEntry]:
    """The newest entries, or those before the one with that key. Raises Event.DoesNotExist. 3 queries.

    What concerns sensitive documents only for those who may see them. Functions are named by their titles.
    """
    event = event_for(actor, event_id)
    entries = AuditEntry.objects.filter(_about(actor, event))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return _named(list(entries.order_by("-pk")[:most]))


def _named(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The record has a function's key, which nobody reads on screen."""
    keys = {each.object_id for each in entries if each.object_type == _label(Function)}
    titles = dict(Function.every.filter(pk__in=keys).values_list("pk", "occurrence__meeting__title"))
    for each in entries:
        if each.object_type == _label(Function):
            each.object_label = titles.get(each.object_id, each.object_label)
    return entries


def _about(actor: Actor, event: Event) -> Q:
    hidden = hidden_functions(actor, event)
    functions = Function.every.filter(event=event).exclude(pk__in=hidden)
    occurrences = functions.values("occurrence")
    documents = Document.objects.filter(event=event).exclude(function__in=hidden)
    if not may(actor, "document.see_sensitive", event):
        documents = documents.filter(is_sensitive=False)
    gone = Q(object_type__in=[_label(Task), _label(Waiver)], action__in=GONE)
    found = _of(Event, [event.pk]) | (gone & Q(before__event=event.pk))
    parts: list[tuple[type[Model], QuerySet[Any]]] = [
        (Function, functions.values("pk")),
        (Meeting, Occurrence.objects.filter(pk__in=occurrences).values("meeting")),
        (Occurrence, occurrences),
        (Booking, Booking.objects.filter(occurrence__in=occurrences).values("pk")),
        (Task, Task.objects.filter(event=event).values("pk")),
        (Waiver, Waiver.objects.filter(event=event).values("pk")),
        (Certificate, Certificate.objects.filter(event=event).values("pk")),
        (SignOff, SignOff.objects.filter(certificate__event=event).values("pk")),
        (Sheet, Sheet.objects.filter(function__in=functions).values("pk")),
        (Document, documents.values("pk")),
        (DocumentVersion, DocumentVersion.objects.filter(document__in=documents).values("pk")),
    ]
    for model, keys in parts:
        found |= _of(model, keys)
    return found


def _of(model: type[Model], keys: Any) -> Q:
    return Q(object_type=_label(model), object_id__in=keys)


def _label(model: type[Model]) -> str:
    return model._meta.label_lower
