"""An event's Registration tab: what the form asks, whether it is open, its address, how it will look."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.attendance.actions.form import renew_form_address, set_form
from convenor.attendance.drafts import FormDraft
from convenor.attendance.forms.registration import RegisterForm
from convenor.attendance.forms.set_up import SetUpForm
from convenor.attendance.queries.form import choosable_for, form_draft_of, form_for, preview_of
from convenor.attendance.sentences.standing import standing_words
from convenor.base import clock
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import REFUSED, deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in

TAB = "event.registration"


@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: ActorRequest, pk: int) -> HttpResponse:
    """Buttons that add, remove and reorder give the page again, with everything that was typed; only Save saves."""
    frame = event_frame(request.actor, pk, TAB)
    form = form_for(request.actor, pk)
    shown = SetUpForm(
        zone=frame["event"].zone,
        functions=choosable_for(request.actor, pk),
        draft=form_draft_of(form) if form else FormDraft(),
        data=request.POST if request.method == "POST" else None,
    )
    if shown.is_sent and shown.is_valid() and _saved(request, pk, shown):
        messages.success(request, _("Saved."))
        return redirect(TAB, pk)
    version = request.POST.get("version", form.version if form else "")
    context = {**frame, "form": shown, "version": version, **_address(request, form, pk)}
    status = REFUSED if shown.has_errors else 200
    return render_page(request, "registration/set_up.html", context, status=status)


@require_GET
def preview(request: ActorRequest, pk: int) -> HttpResponse:
    """The page as people will see it, before it is open and whoever may register."""
    frame = under(event_frame(request.actor, pk, TAB))
    page = preview_of(request.actor, pk, request.GET.get("lang") or get_language() or "", clock.now())
    form = RegisterForm(asked=page.asked, functions=page.functions, shows_left=page.shows_seats_left)
    context = {**frame, "page": page, "form": form, "cover": page.event, "said": standing_words(page)}
    return render_page(request, "registration/preview.html", context)


@require_POST
def renew(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(renew_form_address, actor=request.actor, event_id=pk, now=clock.now())
    said = _("The page has another address. The old one opens nothing any more.")
    return deed(request, act, done=reverse(TAB, args=[pk]), said=said)


def _saved(request: ActorRequest, pk: int, form: SetUpForm) -> bool:
    version = key_in(request.POST.get("version", ""))
    try:
        set_form(actor=request.actor, event_id=pk, draft=form.draft, version=version, now=clock.now())
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _address(request: ActorRequest, form: Any, pk: int) -> dict[str, Any]:
    """The page's whole address, to be passed on, and where registration stands."""
    if form is None:
        return {"address": "", "said": None}
    page = preview_of(request.actor, pk, get_language() or "", clock.now())
    path = reverse("register", args=[form.token])
    return {"address": request.build_absolute_uri(path), "said": standing_words(page), "saved": form}
