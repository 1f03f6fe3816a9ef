"""The registration page: for everybody who has its address, without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from convenor.attendance.actions.public import register_on, send_link
from convenor.attendance.forms.registration import RegisterForm
from convenor.attendance.queries.form import PublicForm, public_form
from convenor.attendance.rules.standing import TAKES
from convenor.attendance.sentences.standing import standing_words
from convenor.base import clock, rates
from convenor.web.form_pages import REFUSED
from convenor.web.pages import render_page
from convenor.web.registration.stamps import Stamp, new_stamp, read_stamp
from convenor.web.registration.strangers import network_of, speaking, unseen
from convenor.web.requests import ActorRequest

HOUR = timedelta(hours=1)
CONFLICT, TOO_MANY = 409, 429
FIRST = 1
"""The version of a registration that nobody has touched since it was made."""
ON_LIST = {"registered_once", "person_registered_once"}


@csrf_exempt  # the form's own signed stamp stands for it: web/registration/stamps.py
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: ActorRequest, token: str) -> HttpResponse:
    """404 for any secret that opens nothing: nobody learns that there was something."""
    now = clock.now()
    with speaking(request) as language:
        page = public_form(token, language, now)
        if page is None:
            raise Http404
        answer = _sent(request, page, now) if request.method == "POST" else _opened(request, page, now)
        return unseen(answer, language)


@csrf_exempt  # it mails a link to whom it belongs, a few times an hour, whoever asks
@login_not_required
@require_POST
def link(request: ActorRequest, token: str) -> HttpResponse:
    """The personal link once more; the same answer whether or not the address is on the list."""
    now = clock.now()
    with speaking(request) as language:
        page = public_form(token, language, now)
        if page is None:
            raise Http404
        if not _allowed(request, page, now):
            return unseen(_too_many(request, page), language)
        send_link(event_id=page.event.id, email=request.POST.get("email", "")[:254], now=now)
        return unseen(_show(request, page, "registration/link_sent.html"), language)


def _opened(request: ActorRequest, page: PublicForm, now: datetime) -> HttpResponse:
    stamp, user = new_stamp(page.token, now), request.user
    initial = {"name": user.display_name, "email": user.email} if user.is_authenticated else {}
    return _form_page(request, page, _form(page, stamp, initial=initial))


def _sent(request: ActorRequest, page: PublicForm, now: datetime) -> HttpResponse:
    if page.standing not in TAKES:
        return _form_page(request, page, None, status=CONFLICT)
    if not _allowed(request, page, now):
        return _too_many(request, page)
    stamp = read_stamp(page.token, request.POST.get("opened", ""))
    fresh = stamp or new_stamp(page.token, now)
    form = _form(page, fresh, data=request.POST)
    if reason := _why_not(form, stamp, now):
        form.refuse(ValidationError(reason))
    if not form.is_valid():
        return _form_page(request, page, form, status=REFUSED)
    return _registered(request, page, form, fresh, now)


def _registered(
    request: ActorRequest, page: PublicForm, form: RegisterForm, stamp: Stamp, now: datetime
) -> HttpResponse:
    who = form.who()
    try:
        made = register_on(page=page, draft=form.draft(who, stamp.nonce_for(who.email)), now=now)
    except ValidationError as error:
        if _is_on_list(error):
            send_link(event_id=page.event.id, email=who.email, now=now)
            return _show(request, page, "registration/on_list.html", status=CONFLICT)
        form.refuse(error)
        return _form_page(request, page, form, status=REFUSED)
    if (
        made.version > FIRST
    ):  # somebody's row of before: what is theirs isn't shown to who types their address
        return _show(request, page, "registration/taken.html")
    return redirect("registration.mine", made.token)


def _why_not(form: RegisterForm, stamp: Stamp | None, now: datetime) -> str:
    """Why this is asked for once more; nothing of it is lost."""
    if form.data.get("website"):
        return _(
            "The field that must stay empty was filled in. It is empty again: please send the form once more."
        )
    if stamp is None:
        return _("The page had to be renewed. Nothing is lost: please send the form once more.")
    if stamp.is_too_quick(now):
        return _("That was very quick. Nothing is lost: please send the form once more.")
    return ""


def _is_on_list(error: ValidationError) -> bool:
    found = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return any(each.code in ON_LIST for errors in found for each in errors)


def _allowed(request: ActorRequest, page: PublicForm, now: datetime) -> bool:
    key = f"register:{page.event.id}:{network_of(request)}"
    return rates.allowed(key, settings.REGISTRATION_LIMIT, HOUR, now)


def _form(
    page: PublicForm, stamp: Stamp, data: Any = None, initial: dict[str, Any] | None = None
) -> RegisterForm:
    if data is not None:
        data = data.copy()
        data["opened"], data["website"] = stamp.text, data.get("website", "")
    return RegisterForm(
        data,
        asked=page.asked,
        functions=page.functions,
        shows_left=page.shows_seats_left,
        initial={**(initial or {}), "opened": stamp.text},
    )


def _form_page(
    request: ActorRequest, page: PublicForm, form: RegisterForm | None, *, status: int = 200
) -> HttpResponse:
    shown = form if page.standing in TAKES else None
    return _show(request, page, "registration/register.html", status=status, form=shown)


def _too_many(request: ActorRequest, page: PublicForm) -> HttpResponse:
    """What was typed stays in the page, to be sent again later; lean, since this is what a flood gets."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    answer = _show(request, page, "registration/too_many.html", status=TOO_MANY, typed=typed)
    answer["Retry-After"] = str(int(HOUR.total_seconds()))
    return answer


def _show(
    request: ActorRequest, page: PublicForm, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"page": page, "event": page.event, "said": standing_words(page)}
    return render_page(request, template, context, status=status)
