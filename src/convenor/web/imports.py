"""Files of people, rooms and meetings brought in: choose one, look at what it would change, import it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm
from convenor.base.permissions import require
from convenor.base.queries import ProgressiveJob, progress_for
from convenor.interop.imports.content import check_content, check_size
from convenor.interop.imports.enums import FileKind, Step
from convenor.interop.imports.running import start
from convenor.interop.imports.uploads import Upload, UploadExpired, keep_upload, upload_for
from convenor.web.form_pages import REFUSED, uploaded
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.imports"
TITLES: dict[FileKind, str | Promise] = {
    FileKind.PEOPLE: _("People"),
    FileKind.ROOMS: _("Rooms"),
    FileKind.CALENDAR: _("Calendar"),
}
ABOUT: dict[FileKind, str | Promise] = {
    FileKind.PEOPLE: _(
        "A CSV file with the columns “email” and “name”; department, site, manager, working hours and more "
        "are read where they are there."
    ),
    FileKind.ROOMS: _(
        "A CSV file with the columns “code” and “site”; name, capacity, set-ups and equipment are read where "
        "they are there."
    ),
    FileKind.CALENDAR: _(
        "An .ics file, as Outlook, Google or Apple export it. Its events become the company's meetings."
    ),
}
ACCEPTED = {FileKind.CALENDAR: ".ics,text/calendar"}
CSV_ACCEPTED = ".csv,.txt,.tsv,text/csv"
COUNTS: dict[str, str | Promise] = {
    "created": _("new"),
    "changed": _("changed"),
    "cancelled": pgettext_lazy("import", "cancelled"),
    "unchanged": _("unchanged"),
    "refused": _("refused"),
    "repaired": _("with a remark"),
}
TONES = {"created": "ok", "changed": "info", "cancelled": "warning"}


class UploadForm(ActionForm):
    """One file of a kind, not empty, not too large, and of that kind as far as its first bytes tell."""

    file = forms.FileField(label=_("file"), allow_empty_file=True)

    def __init__(self, *args: Any, kind: FileKind, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{kind}_%s"} | kwargs)
        self.kind, self.title, self.about = kind, TITLES[kind], ABOUT[kind]
        self.fields["file"].widget.attrs["accept"] = ACCEPTED.get(kind, CSV_ACCEPTED)
        self.content = b""

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        check_size(file.size or 0)
        self.content = file.read()
        check_content(self.kind, self.content)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: ActorRequest) -> HttpResponse:
    """The three forms; a file that is taken leads to its own page."""
    require(request.actor, "person.import")
    kind = _chosen(request)
    shown = [_form(request, each, is_sent=each == kind) for each in FileKind]
    sent = next((form for form in shown if form.is_bound), None)
    if sent is not None and sent.is_valid():
        upload = _kept(request, sent)
        start(request.actor, upload, Step.PREVIEW, now=clock.now())
        return redirect("settings.import", upload.token)
    status = REFUSED if request.method == "POST" else 200
    context = {"forms": shown} | frame_for(request.actor, TAB)
    return render_page(request, "settings/imports.html", context, status=status)


def require_import(actor: Actor, kind: FileKind) -> None:
    """Each kind of file has its own verb. Raises Refused."""
    match kind:
        case FileKind.PEOPLE:
            require(actor, "person.import")
        case FileKind.ROOMS:
            require(actor, "venue.import")
        case FileKind.CALENDAR:
            require(actor, "calendar.import")


def _chosen(request: ActorRequest) -> FileKind | None:
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in list(FileKind):
        return None
    require_import(request.actor, FileKind(kind))
    return FileKind(kind)


def _form(request: ActorRequest, kind: FileKind, *, is_sent: bool) -> UploadForm:
    return UploadForm(request.POST, uploaded(request), kind=kind) if is_sent else UploadForm(kind=kind)


def _kept(request: ActorRequest, form: UploadForm) -> Upload:
    return keep_upload(
        request.actor,
        kind=form.kind,
        name=form.cleaned_data["file"].name or gettext("file"),
        content=form.content,
        language=get_language() or "en",
        zone=timezone.get_current_timezone_name(),
        now=clock.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: ActorRequest, token: str) -> HttpResponse:
    """What the file would change, or, once it was imported, what it did; while a job is at it, how far it is."""
    try:
        upload = upload_for(request.actor, token, now=clock.now())
    except UploadExpired:
        messages.error(request, gettext("That file is no longer kept. Choose it again."))
        return redirect(TAB)
    require_import(request.actor, upload.kind)
    if request.method == "POST":
        _apply(request, upload)
        return redirect("settings.import", token)
    return render_page(request, "settings/import.html", _page(request, upload))


def _apply(request: ActorRequest, upload: Upload) -> None:
    """Sent twice, it is done once."""
    if upload.answer(Step.APPLY) is None and _job(request, upload) is None:
        start(request.actor, upload, Step.APPLY, now=clock.now())


def _page(request: ActorRequest, upload: Upload) -> dict[str, Any]:
    done = upload.answer(Step.APPLY)
    job = None if done else _job(request, upload)
    answer = done or upload.answer(Step.PREVIEW)
    return {
        "upload": upload,
        "kind": TITLES[upload.kind],
        "is_done": done is not None,
        "job": job,
        "job_text": _text(upload),
        "failed": answer is None and job is None,
        "shown": _shown(answer) if answer and job is None else None,
        **frame_for(request.actor, TAB, f"{TITLES[upload.kind]}: {upload.name}"),
    }


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with the words for its numbers."""
    counts = answer["counts"]
    return answer | {
        "figures": [(label, counts[name]) for name, label in COUNTS.items() if name in counts],
        "rows": [
            (line, label, COUNTS[verb], TONES[verb], changes) for line, label, verb, changes in answer["rows"]
        ],
        "found": sum(number for name, number in counts.items() if name not in ("refused", "repaired")),
        "has_lines": any(row[0] is not None for row in answer["rows"]),
    }


def _job(request: ActorRequest, upload: Upload) -> ProgressiveJob | None:
    """The job that is still at it."""
    job = progress_for(request.actor, upload.job_id) if upload.job_id is not None else None
    return job if job is not None and not job.is_finished else None


def _text(upload: Upload) -> str:
    texts = {Step.PREVIEW: gettext("Reading the file…"), Step.APPLY: gettext("Importing…")}
    return texts[Step(upload.job_step)] if upload.job_step else ""


@require_GET
def progress(request: ActorRequest, token: str) -> JsonResponse:
    """What ui/progress.html polls. Raises UploadExpired."""
    upload = upload_for(request.actor, token, now=clock.now())
    job = progress_for(request.actor, upload.job_id) if upload.job_id is not None else None
    finished = job is None or job.is_finished
    return JsonResponse(
        {
            "text": _text(upload),
            "done": job.done if job else 0,
            "total": job.total if job else None,
            "finished": finished,
            "failed": False,  # the page itself says what failed, and offers to try again
            "href": reverse("settings.import", args=[token]),
        }
    )
