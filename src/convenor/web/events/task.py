"""One task: its page, its form, and what is done with it there with one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.permissions import require
from convenor.events.actions.checklist import tick as tick_item
from convenor.events.actions.comment import add_comment, remove_comment
from convenor.events.actions.document import Upload, add_document
from convenor.events.actions.task import change_task, remove_task
from convenor.events.actions.task_state import set_task_state
from convenor.events.enums import TaskState
from convenor.events.forms.task import TaskForm
from convenor.events.queries.documents import documents_for
from convenor.events.queries.task_page import task_for, task_page_for
from convenor.events.queries.task_rows import tasks_for
from convenor.events.queries.tasks import task_draft_of
from convenor.events.refusals import StaleTask
from convenor.web.form_pages import REFUSED, deed, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

BACK = {"today": "today", "tasks": "tasks"}
"""Where a button may lead back to; else to the task."""


@require_GET
def task(request: ActorRequest, pk: int) -> HttpResponse:
    page = task_page_for(request.actor, pk, clock.now())
    context: dict[str, Any] = {
        "page": page,
        "task": page.task,
        "documents": documents_for(request.actor, page.task.event_id, task_id=pk),
        "crumbs": [
            {"label": _("Events"), "href": reverse("events")},
            {"label": page.task.event.title, "href": reverse("event", args=[page.task.event_id])},
            {"label": _("Tasks"), "href": reverse("event.tasks", args=[page.task.event_id])},
        ],
    }
    return render_page(request, "events/task.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = task_for(request.actor, pk)
    require(request.actor, "event.edit", found.event)
    rows = tasks_for(request.actor, found.event_id, clock.now())
    others = [(row.key, row.title) for row in rows if row.id != pk]
    form = TaskForm(
        posted(request),
        actor=request.actor,
        others=others,
        before=task_draft_of(found),
        owner=found.owner,
        version=found.version,
    )
    context = {"form": form, "event": found.event, "task": found, "back": reverse("task", args=[pk])}
    if form.is_valid() and _changed(request, pk, form, context):
        messages.success(request, _("The task is saved."))
        return redirect("task", pk=pk)
    return render_page(request, "events/task_form.html", context, status=REFUSED if form.errors else 200)


def _changed(request: ActorRequest, pk: int, form: TaskForm, context: dict[str, Any]) -> bool:
    """Whether it was; if not, the form and the context say why. Whoever was told of another's change may save on top of it."""
    version = form.cleaned_data["version"]
    try:
        change_task(actor=request.actor, task_id=pk, draft=form.draft(), version=version, now=clock.now())
    except StaleTask as error:
        form.refuse(error)
        context |= {"stale": sentences(error)["version"][0], "current": error.current.version}
    except ValidationError as error:
        form.refuse(error)
    return not form.errors


@require_POST
def set_state(request: ActorRequest, pk: int) -> HttpResponse:
    """Called begun, done, dropped or open again; `insisted` where what comes before is open."""
    state = request.POST.get("state", "")

    def act() -> None:
        saved = set_task_state(
            actor=request.actor,
            task_id=pk,
            state=state,
            now=clock.now(),
            insisted=request.POST.get("insisted") == "yes",
        )
        for notice in saved.notices:
            messages.warning(request, notice.sentence)

    name = BACK.get(request.POST.get("back", ""))
    done = reverse(name) if name else reverse("task", args=[pk])
    return deed(request, act, done=done, said=_said(state))


def _said(state: str) -> str:
    return {
        TaskState.OPEN: _("The task is open again."),
        TaskState.IN_PROGRESS: _("The task is in progress."),
        TaskState.DONE: _("The task is done."),
        TaskState.DROPPED: _("The task is dropped."),
    }.get(TaskState(state) if state in TaskState.values else TaskState.OPEN, "")


@require_POST
def tick(request: ActorRequest, pk: int, item: int) -> HttpResponse:
    is_done = request.POST.get("done") == "yes"
    return deed(
        request,
        lambda: tick_item(actor=request.actor, item_id=item, is_done=is_done),
        done=reverse("task", args=[pk]) + "#checklist",
        said=_("Ticked off.") if is_done else _("The tick is taken back."),
    )


@require_POST
def comment(request: ActorRequest, pk: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return deed(
        request,
        lambda: add_comment(actor=request.actor, task_id=pk, text=text, now=clock.now()),
        done=reverse("task", args=[pk]) + "#comments",
        said=_("The comment is there."),
    )


@require_POST
def uncomment(request: ActorRequest, pk: int, comment: int) -> HttpResponse:
    return deed(
        request,
        lambda: remove_comment(actor=request.actor, comment_id=comment),
        done=reverse("task", args=[pk]) + "#comments",
        said=_("The comment is taken away."),
    )


@require_POST
def attach(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep a file with the task."""
    found = task_for(request.actor, pk)
    sent = request.FILES.get("file")

    def act() -> None:
        if sent is None or sent.file is None:
            raise ValidationError(_("Choose a file first."))
        upload = Upload(sent.file, sent.name or "", sent.size or 0)
        add_document(actor=request.actor, event_id=found.event_id, upload=upload, task_id=pk, now=clock.now())

    done = reverse("task", args=[pk]) + "#attachments"
    return deed(request, act, done=done, said=_("The file is kept with the task."))


@require_http_methods(["GET", "POST"])
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    found = task_for(request.actor, pk)
    require(request.actor, "event.edit", found.event)
    if request.method == "GET":
        return render_page(request, "events/task_remove.html", {"task": found, "event": found.event})
    done = reverse("event.tasks", args=[found.event_id])
    said = _("“%(title)s” is gone.") % {"title": found.title}
    return deed(request, lambda: remove_task(actor=request.actor, task_id=pk), done=done, said=said)
