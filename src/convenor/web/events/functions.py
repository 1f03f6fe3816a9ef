"""A function's page, its forms with live checks, its speakers' answers, its removal."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import may, require
from convenor.events.actions.function import add_functions, change_with_notices, remove_function
from convenor.events.actions.speaker import answer_as_speaker
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import SpeakerState
from convenor.events.forms.function import FunctionForm
from convenor.events.queries.documents import documents_for
from convenor.events.queries.function_fit import Sentences, function_for, problems_while_editing
from convenor.events.queries.function_page import function_page_for
from convenor.events.queries.functions import drafts_of, keys_of
from convenor.web.events.frame import event_frame, under
from convenor.web.events.function_prefill import prefilled
from convenor.web.form_pages import REFUSED, deed, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rolls.links import function_rolls

TAB = "event.programme"
TEMPLATE = "events/function_form.html"


@require_GET
def function(request: ActorRequest, pk: int) -> HttpResponse:
    page = function_page_for(request.actor, pk)
    frame = under(event_frame(request.actor, page.row.event_id, TAB))
    context = {
        **frame,
        "page": page,
        "function": page.shown,
        "documents": documents_for(request.actor, page.row.event_id, function_id=pk),
        "rolls": function_rolls(request.actor, page.row.event, [pk]),
        "may_open_roll": may(request.actor, "roll.edit", page.row.event),
    }
    return render_page(request, "events/function.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, pk: int) -> HttpResponse:
    frame = under(event_frame(request.actor, pk, TAB))
    require(request.actor, "event.edit", frame["event"])
    initial = prefilled(frame["event"], request.GET)
    form = FunctionForm(posted(request), actor=request.actor, taken=keys_of(pk), initial=initial)
    said: Sentences = {}
    if form.is_bound and form.is_valid():
        said, saved = _look_or_save(request, form, frame["event"], None)
        if saved is not None:
            return saved
    return _form_page(request, form, frame, said, _("New function"), reverse(TAB, args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    row = function_for(request.actor, pk)
    frame = under(event_frame(request.actor, row.event_id, TAB))
    require(request.actor, "event.edit", row.event)
    old = drafts_of(row.event, [row])[pk]
    form = FunctionForm(
        posted(request), actor=request.actor, old=old, taken=keys_of(row.event_id) - {old.key}
    )
    said: Sentences = {}
    if form.is_bound and form.is_valid():
        said, saved = _look_or_save(request, form, row.event, row)
        if saved is not None:
            return saved
    title = _("Change “%(title)s”") % {"title": old.title}
    return _form_page(request, form, frame, said, title, reverse("function", args=[pk]))


def _look_or_save(
    request: ActorRequest, form: FunctionForm, event: Any, row: Any
) -> tuple[Sentences, HttpResponse | None]:
    """The button “Check” only looks; what is refused goes back to the form."""
    draft = form.draft()
    if "check" in request.POST:
        return _problems(request, event, draft, row), None
    try:
        return {}, _saved(request, form, event, row, draft)
    except ValidationError as error:
        form.refuse(error)
    return {}, None


def _saved(
    request: ActorRequest, form: FunctionForm, event: Any, row: Any, draft: FunctionDraft
) -> HttpResponse:
    if row is None:
        (made,) = add_functions(actor=request.actor, event_id=event.pk, drafts=[draft], now=clock.now())
        messages.success(request, _("“%(title)s” is in the programme.") % {"title": draft.title})
        return redirect("function", made.pk)
    seen = form.cleaned_data["seen"]
    _row, notices = change_with_notices(
        actor=request.actor, function_id=row.pk, draft=draft, seen=seen, now=clock.now()
    )
    messages.success(request, _("“%(title)s” is changed.") % {"title": draft.title})
    for notice in notices:
        messages.warning(request, notice.sentence)
    return redirect("function", row.pk)


def _problems(request: ActorRequest, event: Any, draft: FunctionDraft, row: Any) -> Sentences:
    return problems_while_editing(request.actor, event, draft, function=row, now=clock.now())


def _form_page(
    request: ActorRequest, form: FunctionForm, frame: dict[str, Any], said: Sentences, title: str, back: str
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "live": said, "checked": "check" in request.POST}
    status = REFUSED if form.is_bound and form.errors else 200
    return render_page(
        request, TEMPLATE, {**frame, **context}, fragments={"function-live": "live"}, status=status
    )


@require_POST
def answer(request: ActorRequest, pk: int, speaker: int) -> HttpResponse:
    """The speaker says yes or no, or somebody puts it down for them."""
    said = request.POST.get("state", "")
    state = SpeakerState(said) if said in SpeakerState.values else SpeakerState.ASKED
    act = partial(
        answer_as_speaker,
        actor=request.actor,
        speaker_id=speaker,
        state=state,
        now=clock.now(),
    )
    return deed(request, act, done=reverse("function", args=[pk]), said=_("The answer is on record."))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Asks first, on a page of its own."""
    page = function_page_for(request.actor, pk)
    frame = under(event_frame(request.actor, page.row.event_id, TAB))
    require(request.actor, "event.edit", page.row.event)
    if request.method != "POST":
        return render_page(
            request, "events/function_remove.html", {**frame, "page": page, "function": page.shown}
        )
    act = partial(remove_function, actor=request.actor, function_id=pk, now=clock.now())
    said = _("“%(title)s” is out of the programme; everybody asked to it is told.")
    return deed(
        request, act, done=reverse(TAB, args=[page.row.event_id]), said=said % {"title": page.shown.title}
    )
