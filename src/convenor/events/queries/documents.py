"""Documents of events, as far as somebody may see them: sensitive ones are for those who run the event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.models import Document, DocumentVersion, Event, Function
from convenor.events.queries.hidden import hidden_functions
from convenor.events.queries.visibility import event_for


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its versions, newest first; `may_change` is whether this reader may."""

    document: Document
    versions: Sequence[DocumentVersion]
    may_change: bool

    @property
    def newest(self) -> DocumentVersion:
        return self.versions[0]


def documents_for(
    actor: Actor, event_id: int, *, task_id: int | None = None, function_id: int | None = None
) -> list[DocumentRow]:
    """All of the event, or those of one task or function. Raises Event.DoesNotExist. 3 queries."""
    event = event_for(actor, event_id)
    rows = _visible(actor, event).select_related("task", "function__occurrence__meeting")
    if task_id is not None:
        rows = rows.filter(task=task_id)
    if function_id is not None:
        rows = rows.filter(function=function_id)
    versions = DocumentVersion.objects.select_related("uploaded_by").order_by("-number")
    return [
        DocumentRow(each, each.known_versions, _may_change(actor, event, each))
        for each in rows.prefetch_related(Prefetch("versions", versions, to_attr="known_versions"))
    ]


def document_for(actor: Actor, pk: int) -> Document:
    """A document that is there and that the actor may see, with its event. Raises Document.DoesNotExist."""
    found = Document.objects.select_related("task", "function").get(pk=pk, removed_at__isnull=True)
    try:
        found.event = event_for(actor, found.event_id)
    except Event.DoesNotExist as error:
        raise Document.DoesNotExist from error
    if found.is_sensitive and not may(actor, "document.see_sensitive", found.event):
        raise Document.DoesNotExist
    if found.function_id in hidden_functions(actor, found.event):
        raise Document.DoesNotExist
    return found


def version_for(actor: Actor, pk: int) -> DocumentVersion:
    """A version, any of a document that the actor may see. Raises DocumentVersion.DoesNotExist, Document.DoesNotExist."""
    version = DocumentVersion.objects.get(pk=pk)
    version.document = document_for(actor, version.document_id)
    return version


def versions_of(document: Document) -> list[DocumentVersion]:
    """Newest first; the caller has checked that the actor may see the document."""
    return list(DocumentVersion.objects.filter(document=document).order_by("-number"))


def function_titles(event_id: int) -> list[tuple[int, str]]:
    """Key and title of the event's functions, in order of time, for a list to choose from."""
    rows = Function.objects.filter(event=event_id).select_related("occurrence__meeting")
    return [
        (row.pk, row.occurrence.title or row.occurrence.meeting.title)
        for row in rows.order_by("occurrence__starts_at", "number")
    ]


def may_change_document(actor: Actor, document: Document) -> bool:
    return _may_change(actor, document.event, document)


def stored_names() -> QuerySet[DocumentVersion, str]:
    """The names in the storage of all that is on record, removed documents included."""
    return DocumentVersion.objects.values_list("file", flat=True)


def _visible(actor: Actor, event: Event) -> QuerySet[Document]:
    rows = Document.objects.filter(event=event, removed_at__isnull=True)
    if hidden := hidden_functions(actor, event):
        rows = rows.exclude(function__in=hidden)
    return rows if may(actor, "document.see_sensitive", event) else rows.filter(is_sensitive=False)


def _may_change(actor: Actor, event: Event, document: Document) -> bool:
    """Who runs the event, and of a task's documents whoever works on it."""
    if may(actor, "document.add", event):
        return True
    task = document.task
    if task is None:
        return False
    task.event = event
    return may(actor, "task.work", task)
