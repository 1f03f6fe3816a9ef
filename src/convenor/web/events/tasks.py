"""The event's tab Tasks: its tasks by when they are due, many called done at once, new ones, and the picture over time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.permissions import may, require
from convenor.events.actions.task import add_tasks
from convenor.events.actions.task_state import finish_tasks
from convenor.events.forms.task import TaskForm
from convenor.events.queries.task_plan import plan_for
from convenor.events.queries.task_rows import grouped, tasks_for
from convenor.events.queries.visibility import event_for
from convenor.web.events.frame import event_frame
from convenor.web.events.task_words import heading_of, picture_of, totals_of
from convenor.web.form_pages import REFUSED, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

LONGEST_KEY = 18
"""Digits: what either engine takes as a key."""


@require_GET
def tasks(request: ActorRequest, pk: int) -> HttpResponse:
    rows = tasks_for(request.actor, pk, clock.now())
    context: dict[str, Any] = {
        "lists": [(heading_of(each.group), each) for each in grouped(rows)],
        "totals": totals_of(rows),
        "may_finish": any(row.may_work and row.is_open for row in rows),
    }
    return render_page(request, "events/tasks.html", event_frame(request.actor, pk, "event.tasks") | context)


@require_POST
def finish(request: ActorRequest, pk: int) -> HttpResponse:
    """Call the ticked ones done, or the one whose own button it was."""
    one = request.POST.get("one")
    sent = [one] if one else request.POST.getlist("task")
    keys = {int(key) for key in sent if key.isdecimal() and len(key) < LONGEST_KEY}
    back = redirect("event.tasks", pk=pk)
    if not keys:
        messages.warning(request, _("Tick the tasks that are done first."))
        return back
    try:
        saved = finish_tasks(actor=request.actor, event_id=pk, task_ids=keys, now=clock.now())
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, " ".join(texts))
        return back
    said = ngettext("%(count)d task is done.", "%(count)d tasks are done.", len(saved))
    messages.success(request, said % {"count": len(saved)})
    for notice in (notice for each in saved for notice in each.notices):
        messages.warning(request, notice.sentence)
    return back


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest, pk: int) -> HttpResponse:
    event = event_for(request.actor, pk)
    require(request.actor, "event.edit", event)
    others = [(row.key, row.title) for row in tasks_for(request.actor, pk, clock.now())]
    form = TaskForm(posted(request), actor=request.actor, others=others)
    if form.is_valid():
        try:
            (task,) = add_tasks(actor=request.actor, event_id=pk, drafts=[form.draft()], now=clock.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is on the list.") % {"title": task.title})
            return redirect("task.new" if "again" in request.POST else "event.tasks", pk=pk)
    context = {"form": form, "event": event, "back": reverse("event.tasks", args=[pk])}
    return render_page(request, "events/task_form.html", context, status=REFUSED if form.errors else 200)


@require_GET
def timeline(request: ActorRequest, pk: int) -> HttpResponse:
    plan = plan_for(request.actor, pk, clock.now())
    context = {"plan": plan, "picture": picture_of(plan), "may_add": may(request.actor, "event.create")}
    frame = event_frame(request.actor, pk, "event.tasks")
    return render_page(request, "events/task_timeline.html", frame | context)
