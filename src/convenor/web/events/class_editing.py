"""The editor of event classes: the text with its mistakes by line, what saving would change, and who was faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.actions.event_class import BadPolicy, StaleClass, save_class
from convenor.events.forms.event_class import ClassForm
from convenor.events.queries.classes import check_titles, known_checks, policy_of, version_for
from convenor.events.queries.shipped import newer_shipped_text, shipped_texts
from convenor.events.rules.policy import Policy, Text
from convenor.events.rules.policy_diff import Change, policy_changes
from convenor.events.rules.policy_text import PolicyErrors, read_policy
from convenor.events.rules.toml_reading import Problem
from convenor.web.events.classes import class_crumbs
from convenor.web.form_pages import REFUSED, posted, uploaded
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

NOTHING = Policy(Text(""))


@dataclass(slots=True)
class Look:
    """What the page says of the text below the form."""

    problems: Sequence[tuple[Problem, str]] = ()  # with the line that it is about
    warnings: Sequence[Problem] = ()
    changes: Sequence[Change] = ()
    theirs: Sequence[Change] = ()
    is_checked: bool = False


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """`?shipped=1` begins with the package's newer wording."""
    require(request.actor, "event_class.edit")
    newest = version_for(request.actor, code)
    text = (newer_shipped_text(newest.event_class) if request.GET.get("shipped") else None) or newest.text
    initial = {"text": text, "base_version": newest.number}
    form = ClassForm(posted(request), uploaded(request), code=code, initial=initial)
    return _editor(request, form, policy_of(newest), code)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A new class; `?like=` begins with the text of another."""
    require(request.actor, "event_class.edit")
    like = request.GET.get("like", "")
    text = version_for(request.actor, like).text if like else shipped_texts()["team-meeting"]
    form = ClassForm(posted(request), uploaded(request), initial={"text": text})
    return _editor(request, form, NOTHING, "")


def _editor(request: ActorRequest, form: ClassForm, before: Policy, code: str) -> HttpResponse:
    """POST with `step=save` saves; any other only says what is wrong and what saving would change."""
    look = Look()
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "save" and (saved := _saved(request.actor, form, look)):
            messages.success(request, _("Version %(number)d is saved.") % {"number": saved[1]})
            return redirect("event_class", saved[0])
        _look_at(form, before, look)
    context = {
        "look": look,
        "code": code,
        "crumbs": class_crumbs(*([code] if code else [])),
        "back": reverse("event_class", args=[code]) if code else reverse("event_classes"),
    }
    status = REFUSED if form.errors or look.problems else 200
    return render_page(request, "events/class_edit.html", {"form": form, **context}, status=status)


def _saved(actor: Actor, form: ClassForm, look: Look) -> tuple[str, int] | None:
    try:
        version = save_class(actor=actor, **form.cleaned_data)
    except BadPolicy:
        return None  # what is wrong is found again, with its lines, by _look_at
    except StaleClass as error:
        look.theirs = error.changes
        form.refuse(error)
        # Once it has been read, saving again means it.
        form.data = _with(form.data, "base_version", str(error.current.number))
        return None
    except ValidationError as error:
        form.refuse(error)
        return None
    return version.event_class.code, version.number


def _look_at(form: ClassForm, before: Policy, look: Look) -> None:
    text: str = form.cleaned_data["text"]
    form.data = _with(form.data, "text", text)  # what was uploaded is shown
    try:
        reading = read_policy(text, known_checks())
    except PolicyErrors as error:
        lines = text.splitlines()
        look.problems = [
            (each, lines[each.line - 1] if each.line <= len(lines) else "") for each in error.problems
        ]
        return
    look.is_checked, look.warnings = True, reading.warnings
    language = get_language() or "en"
    look.changes = policy_changes(before, reading.policy, language, check_titles())


def _with(data: Any, name: str, value: str) -> Any:
    changed = data.copy()
    changed[name] = value
    return changed
