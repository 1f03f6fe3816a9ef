"""Whole events as files on screen: a new one from a file, one compared with a file and brought up to it, one as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.events.forms.plan import PlanForm
from convenor.events.plan.applying import Applied, apply_plan
from convenor.events.plan.changes import Change, Differences, differences_of
from convenor.events.plan.checking import PlanErrors, check_plan, problems_in, warnings_in
from convenor.events.plan.wording import (
    applied_summary,
    change_title,
    crowds,
    field_text,
    section_title,
    summary,
)
from convenor.events.plan.writing import export_plan
from convenor.events.queries.visibility import event_for
from convenor.events.rules.toml_reading import Problem
from convenor.web.form_pages import REFUSED, posted, uploaded
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TONES = {"added": "ok", "changed": "info", "removed": "danger"}


@dataclass(slots=True)
class Look:
    """What the page says of the file; `groups` are sections with their changes in words."""

    problems: Sequence[tuple[Problem, str]] = ()  # with the line that it is about
    warnings: Sequence[Problem] = ()
    found: Differences | None = None
    said: str = ""
    groups: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A file, what is wrong with it and what it would do; then it is applied."""
    require(request.actor, "plan.apply")
    context = {
        "title": _("New from a plan file"),
        "back": reverse("events"),
        "crumbs": [{"label": _("Events"), "href": reverse("events")}],
    }
    return _page(request, PlanForm(posted(request), uploaded(request)), context, key=None)


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: ActorRequest, pk: int) -> HttpResponse:
    """How the event differs from a file; whoever may apply files brings it up to that. Raises Event.DoesNotExist."""
    event = event_for(request.actor, pk)
    require(request.actor, "event.edit", event)
    form = PlanForm(
        posted(request), uploaded(request), initial={"text": export_plan(request.actor, event.key)}
    )
    context = {
        "title": _("Compare with a file"),
        "event": event,
        "back": reverse("event", args=[pk]),
        "crumbs": [
            {"label": _("Events"), "href": reverse("events")},
            {"label": event.title, "href": reverse("event", args=[pk])},
        ],
    }
    return _page(request, form, context, key=event.key)


@require_GET
def file(request: ActorRequest, pk: int) -> HttpResponse:
    """The event as a plan file. Raises Event.DoesNotExist."""
    event = event_for(request.actor, pk)
    require(request.actor, "event.edit", event)
    headers = {
        "Content-Disposition": f'attachment; filename="{event.key}.toml"',
        "X-Content-Type-Options": "nosniff",
    }
    text = export_plan(request.actor, event.key)
    return HttpResponse(text, content_type="application/toml; charset=utf-8", headers=headers)


def _page(request: ActorRequest, form: PlanForm, context: dict[str, Any], *, key: str | None) -> HttpResponse:
    """POST with `step=apply` applies; any other only says what is wrong and what would change."""
    look = Look()
    if request.method == "POST" and form.is_valid():
        form.data = _with_text(form)
        look = _look_at(request.actor, form, key)
        if request.POST.get("step") == "apply" and not look.problems:
            done = _applied(request.actor, form, look)
            if done is not None:
                messages.success(request, applied_summary(done.differences))
                return redirect("event", done.event.pk)
    status = REFUSED if form.errors or look.problems else 200
    shown = {"form": form, "look": look, "may_apply": may(request.actor, "plan.apply"), **context}
    return render_page(request, "events/plan.html", shown, status=status)


def _look_at(actor: Actor, form: PlanForm, key: str | None) -> Look:
    values, now = form.cleaned_data, clock.now()
    try:
        plan = check_plan(actor, values["text"], now=now, prune=values["prune"])
    except PlanErrors as error:
        return Look(problems=_with_lines(form, error.problems))
    if key is not None and plan.cover.values["key"] != key:
        plan.wrong(
            ("event", "key"),
            _("This file is about another event."),
            _("Here the key is “%(key)s”.") % {"key": key},
        )
    if errors := problems_in(plan):
        return Look(problems=_with_lines(form, errors), warnings=warnings_in(plan))
    found = differences_of(plan)
    return Look(
        warnings=warnings_in(plan),
        found=found,
        said=summary(found),
        groups=_groups(found),
    )


def _applied(actor: Actor, form: PlanForm, look: Look) -> Applied | None:
    values = form.cleaned_data
    try:
        return apply_plan(actor=actor, text=values["text"], now=clock.now(), prune=values["prune"])
    except PlanErrors as error:
        look.problems = _with_lines(form, error.problems)
        return None


def _with_lines(form: PlanForm, problems: Sequence[Problem]) -> list[tuple[Problem, str]]:
    lines = form.cleaned_data["text"].splitlines()
    return [(each, lines[each.line - 1] if each.line <= len(lines) else "") for each in problems]


def _groups(found: Differences) -> list[tuple[str, list[dict[str, Any]]]]:
    """By section; where very many rows come to one, only how many they are."""
    crowded, groups = crowds(found), dict[str, list[dict[str, Any]]]()
    for change in found.changes:
        rows = groups.setdefault(change.section, [])
        if change.verb != "added" or change.section not in crowded:
            rows.append(_shown(change))
    for section, count in crowded.items():
        groups[section].insert(0, {"verb": "added", "tone": TONES["added"], "title": str(count)})
    return [(section_title(name), rows) for name, rows in groups.items()]


def _shown(change: Change) -> dict[str, Any]:
    return {
        "verb": change.verb,
        "tone": TONES[change.verb],
        "title": change_title(change),
        "lines": [field_text(each) for each in change.fields],
    }


def _with_text(form: PlanForm) -> Any:
    """What was uploaded is shown in the form."""
    data: Any = form.data
    changed = data.copy()
    changed["text"] = form.cleaned_data["text"]
    return changed
