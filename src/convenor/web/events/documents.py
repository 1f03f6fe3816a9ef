"""Documents of an event: the list, one with its versions, and the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.forms import ActionForm, TextField
from convenor.base.permissions import may
from convenor.events.actions.document import (
    Upload,
    add_document,
    add_version,
    change_document,
    remove_document,
)
from convenor.events.queries.documents import (
    document_for,
    documents_for,
    function_titles,
    may_change_document,
    version_for,
    versions_of,
)
from convenor.events.rules.upload import ENDINGS, FORMATS
from convenor.web.events.frame import event_frame
from convenor.web.form_pages import deed, form_page, posted, uploaded
from convenor.web.requests import ActorRequest
from convenor.web.served import download

TAB = "event.documents"
INLINE = frozenset(each.mime for each in FORMATS if each.is_inline)


class FileForm(ActionForm):
    """One file; what it is and whether it may be kept is decided by the action, which looks into it."""

    file = forms.FileField(label=_("file"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)
        self.fields["file"].help_text = _("PDF, office files without macros, pictures, texts and calendars.")

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        file: UploadedFile[Any] | None = values.pop("file", None)
        if file is not None:
            values["upload"] = Upload(file, file.name or "", file.size or 0)
        return values


class DocumentForm(FileForm):
    """add_document. A task's page has a form of its own."""

    title = TextField(label=_("title"), max_length=200, required=False, help_text=_("Else the file's name."))
    function_id = forms.TypedChoiceField(label=_("function"), coerce=int, required=False, empty_value=None)
    is_sensitive = forms.BooleanField(label=_("only for those who run the event"), required=False)

    def __init__(self, *args: Any, functions: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["function_id"].choices = [("", _("the whole event")), *functions]  # type: ignore[attr-defined]  # a ChoiceField


class TitleForm(ActionForm):
    """change_document."""

    title = TextField(label=_("title"), max_length=200)
    is_sensitive = forms.BooleanField(label=_("only for those who run the event"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: ActorRequest, pk: int) -> HttpResponse:
    """The list, and the form for one more."""
    frame = event_frame(request.actor, pk, TAB)
    form = DocumentForm(posted(request), uploaded(request), functions=function_titles(pk))
    context = frame | {
        "documents": documents_for(request.actor, pk),
        "may_add": may(request.actor, "document.add", frame["event"]),
        "is_tab": True,
    }
    return form_page(
        request,
        form,
        partial(add_document, actor=request.actor, event_id=pk, now=clock.now()),
        done=_where,
        said=_("The document is kept."),
        template="events/documents.html",
        context=context,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: ActorRequest, pk: int) -> HttpResponse:
    """One document with its versions; POST keeps a newer one."""
    found = document_for(request.actor, pk)
    context = event_frame(request.actor, found.event_id, TAB) | {
        "document": found,
        "versions": versions_of(found),
        "may_change": may_change_document(request.actor, found),
        "title_form": TitleForm(initial={"title": found.title, "is_sensitive": found.is_sensitive}),
    }
    return form_page(
        request,
        FileForm(posted(request), uploaded(request)),
        partial(add_version, actor=request.actor, document_id=pk, now=clock.now()),
        done=lambda _version: reverse("document", args=[pk]),
        said=_("The new version is kept."),
        template="events/document.html",
        context=context,
    )


@require_POST
def change(request: ActorRequest, pk: int) -> HttpResponse:
    document_for(request.actor, pk)
    form = TitleForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {"title": "", "is_sensitive": False}
    act = partial(change_document, actor=request.actor, document_id=pk, **values)
    return deed(request, act, done=reverse("document", args=[pk]), said=_("Changed."))


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    event_id = document_for(request.actor, pk).event_id
    act = partial(remove_document, actor=request.actor, document_id=pk, now=clock.now())
    said = _("The document is removed. Its versions stay on record.")
    return deed(request, act, done=reverse(TAB, args=[event_id]), said=said)


@require_GET
def file(request: ActorRequest, pk: int) -> FileResponse:
    """The file as it was sent; pictures and PDF may show in the browser, everything else is saved."""
    version = version_for(request.actor, pk)
    if not version.file.name or not version.file.storage.exists(version.file.name):
        raise Http404
    is_inline = version.file_type in INLINE and "save" not in request.GET
    answer = FileResponse(version.file.open("rb"))
    return download(answer, name=version.file_name, content_type=version.file_type, is_inline=is_inline)


def _where(version: Any) -> str:
    """The list, at the new document."""
    return f"{reverse(TAB, args=[version.document.event_id])}#document-{version.document_id}"
