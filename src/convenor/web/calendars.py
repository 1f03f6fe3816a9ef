"""One's calendars elsewhere: subscribed by their address or brought in from a file, so that their busy time counts here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.forms import ActionForm, TextField
from convenor.interop.calendars.subscribing import subscribe, take_own_file
from convenor.interop.imports.content import check_content, check_size
from convenor.interop.imports.enums import FileKind
from convenor.interop.tasks import enqueue_reading
from convenor.kernel.instants import ZoneName
from convenor.people.queries.people import person_for
from convenor.scheduling.actions.sources import hurry_source, remove_source
from convenor.scheduling.enums import SourceState
from convenor.scheduling.queries.calendars import sources_for
from convenor.web.form_pages import REFUSED, deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.calendars"
TONES = {SourceState.NEVER_READ: "neutral", SourceState.READ: "ok", SourceState.FAILING: "danger"}
LONGEST_NAME = 200


class SubscribeForm(ActionForm):
    """subscribe."""

    url = TextField(
        label=_("address"),
        max_length=2_000,
        help_text=_(
            "The calendar's address in iCal format; Google calls it “secret address”, Outlook “ICS”."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = TextField(label=_("name"), required=False, max_length=LONGEST_NAME)


class FileForm(ActionForm):
    """take_own_file."""

    file = forms.FileField(label=_("file"), allow_empty_file=True)
    name = TextField(label=_("name"), required=False, max_length=LONGEST_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".ics,text/calendar"
        self.content = b""

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        check_size(file.size or 0)
        self.content = file.read()
        check_content(FileKind.CALENDAR, self.content)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: ActorRequest) -> HttpResponse:
    """The list, and the two ways to add one."""
    by_url, by_file = _forms(request)
    sent = next((form for form in (by_url, by_file) if form.is_bound), None)
    if sent is not None and request.actor.person_id is not None and _added(request, sent):
        return redirect(TAB)
    status = REFUSED if sent is not None else 200
    context = {
        "rows": [_row(source) for source in sources_for(request.actor)],
        "form": sent or by_url,
        "by_url": by_url,
        "by_file": by_file,
        "has_person": request.actor.person_id is not None,
    }
    return render_page(
        request, "settings/calendars.html", context | frame_for(request.actor, TAB), status=status
    )


def _forms(request: ActorRequest) -> tuple[SubscribeForm, FileForm]:
    is_sent, is_file = request.method == "POST", "file" in request.FILES or request.POST.get("by") == "file"
    by_url = SubscribeForm(request.POST if is_sent and not is_file else None, auto_id="id_url_%s")
    files = (request.POST, request.FILES) if is_sent and is_file else (None, None)
    return by_url, FileForm(*files, auto_id="id_file_%s")


def _added(request: ActorRequest, form: ActionForm) -> bool:
    if not form.is_valid():
        return False
    try:
        _add(request, form)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _add(request: ActorRequest, form: ActionForm) -> None:
    """An address is read by the worker at once; a file here and now. Raises ValidationError."""
    actor, now, data = request.actor, clock.now(), form.cleaned_data
    person = person_for(actor, actor.person_id or 0)
    if isinstance(form, FileForm):
        changes = take_own_file(
            actor=actor,
            person_id=person.pk,
            email=person.email,
            name=data["name"] or data["file"].name,
            data=form.content,
            zone=ZoneName(timezone.get_current_timezone_name()),
            now=now,
        )
        messages.success(
            request, gettext("The calendar is read: %(count)d busy times.") % {"count": changes.added}
        )
        return
    source_id = subscribe(actor=actor, person_id=person.pk, url=data["url"], name=data["name"], now=now)
    enqueue_reading(source_id)
    messages.success(request, gettext("The calendar is subscribed; it is being read now."))


def _row(source: Any) -> Mapping[str, Any]:
    state = SourceState(source.state)
    return {
        "source": source,
        "state": state.label,
        "tone": TONES[state],
    }


@require_POST
def refresh(request: ActorRequest, pk: int) -> HttpResponse:
    """Have it read again now."""

    def hurry() -> None:
        hurry_source(actor=request.actor, source_id=pk, now=clock.now())
        enqueue_reading(pk)

    return deed(request, hurry, done=TAB, said=_("The calendar is being read again."))


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(remove_source, actor=request.actor, source_id=pk)
    return deed(request, act, done=TAB, said=_("The calendar is removed, and its busy times with it."))
