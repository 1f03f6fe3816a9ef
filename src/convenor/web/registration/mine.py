"""A registration's own page, at its secret address: its state, its answers, its QR code. Looking at it changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convenor.attendance.actions.mine import accept_invitation
from convenor.attendance.actions.registration import cancel_by_token, change_by_token
from convenor.attendance.actions.seat import answer_by_token
from convenor.attendance.drafts import RegistrationDraft
from convenor.attendance.forms.registration import MineForm, answers_initial
from convenor.attendance.queries.mine import MyForm, MyPage, code_of, my_form, my_page, page_token_of
from convenor.attendance.sentences.mine import cancel_words, page_words, seat_text, seat_title
from convenor.base import clock
from convenor.interop.itip.registration import calendar_file
from convenor.web.form_pages import REFUSED, deed, posted
from convenor.web.pages import render_page
from convenor.web.registration.strangers import speaking, unseen
from convenor.web.requests import ActorRequest, key_in

FORM = ["GET", "HEAD", "POST"]
LONGEST_REASON = 300
QR_SCALE, QR_BORDER = 6, 4

# None of these needs a CSRF token: the address itself is the secret, and no session stands behind it.


@csrf_exempt
@login_not_required
@require_http_methods(FORM)
def mine(request: ActorRequest, token: str) -> HttpResponse:
    """GET shows. POST accepts an invitation, with what its form asks."""
    page = my_page(token, clock.now())
    with speaking(request, page.language) as language:
        form = _form(request, page, language) if page.is_invited else None
        if form is not None and request.method == "POST":
            act = partial(accept_invitation, token=token, now=clock.now())
            if _done(request, page, form, act):
                messages.success(request, _("Thank you: your answer is noted."))
                return unseen(redirect("registration.mine", token), language)
        elif (
            request.method == "POST"
        ):  # the link was used before, or the event is over: the page says how it stands
            messages.info(request, _("This was answered already. Here is how it stands."))
            return unseen(redirect("registration.mine", token), language)
        return unseen(_page(request, page, form), language)


@csrf_exempt
@login_not_required
@require_POST
def answer(request: ActorRequest, token: str) -> HttpResponse:
    """Yes or no to one seat: an invitation, an offer, or coming after all."""
    page = my_page(token, clock.now())
    with speaking(request, page.language) as language:
        act = partial(
            answer_by_token,
            token=token,
            seat_id=key_in(request.POST.get("seat", "")) or 0,
            accepts=request.POST.get("answer") == "yes",
            now=clock.now(),
        )
        done = reverse("registration.mine", args=[token])
        return unseen(deed(request, act, done=done, said=_("Thank you: your answer is noted.")), language)


@csrf_exempt
@login_not_required
@require_http_methods(FORM)
def change(request: ActorRequest, token: str) -> HttpResponse:
    """Answers, functions, guests and needs."""
    page = my_page(token, clock.now())
    with speaking(request, page.language) as language:
        if not page.may_change:
            return unseen(redirect("registration.mine", token), language)
        form = _form(request, page, language)
        if request.method == "POST":
            act = partial(change_by_token, token=token, now=clock.now())
            if _done(request, page, form, act):
                messages.success(request, _("Your registration is changed."))
                return unseen(redirect("registration.mine", token), language)
        status = REFUSED if form.is_bound and form.errors else 200
        return unseen(_show(request, page, "registration/change.html", form=form, status=status), language)


@csrf_exempt
@login_not_required
@require_http_methods(FORM)
def cancel(request: ActorRequest, token: str) -> HttpResponse:
    """GET asks, POST cancels; twice changes nothing."""
    page = my_page(token, clock.now())
    with speaking(request, page.language) as language:
        home = reverse("registration.mine", args=[token])
        if request.method == "POST":
            reason = request.POST.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]
            act = partial(cancel_by_token, token=token, reason=reason, now=clock.now())
            return unseen(deed(request, act, done=home, said=_("Your registration is cancelled.")), language)
        if not page.may_cancel:
            return unseen(redirect(home), language)
        shown = _show(request, page, "registration/cancel.html", cancelling=cancel_words(page))
        return unseen(shown, language)


@login_not_required
@require_safe
def code(request: ActorRequest, token: str) -> HttpResponse:  # noqa: ARG001  # a view takes its request
    """The QR code as a picture: dark on light whatever the theme, since a scanner must read it."""
    picture = io.BytesIO()
    made = segno.make(code_of(token), error="m", micro=False)
    made.save(
        picture, kind="svg", scale=QR_SCALE, border=QR_BORDER, light="#fff", svgclass=None, lineclass=None
    )
    return unseen(HttpResponse(picture.getvalue(), content_type="image/svg+xml"), "en")


@login_not_required
@require_safe
def calendar(request: ActorRequest, token: str) -> HttpResponse:  # noqa: ARG001  # a view takes its request
    """What they have a place at, for their own calendar."""
    page = my_page(token, clock.now())
    data = calendar_file(page.registration.pk)
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="registration.ics"'
    return unseen(answer, page.language)


def _form(request: ActorRequest, page: MyPage, language: str) -> MineForm:
    found: MyForm = my_form(page, language)
    return MineForm(
        posted(request),
        asked=found.asked,
        functions=found.functions,
        before=found.before,
        shows_left=found.shows_left,
        email=page.registration.email,
        initial=answers_initial(found.draft),
    )


def _done(request: ActorRequest, page: MyPage, form: MineForm, act: Callable[..., Any]) -> bool:
    """What the form says, done; False with what is wrong at its fields."""
    if not form.is_valid():
        return False
    version = key_in(request.POST.get("version", ""))
    draft: RegistrationDraft = form.draft(form.who())
    try:
        act(version=version if version is not None else page.registration.version, draft=draft)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _page(request: ActorRequest, page: MyPage, form: MineForm | None) -> HttpResponse:
    context = {
        "form": form,
        "seats": [(seat, seat_title(seat), seat_text(seat, page)) for seat in page.seats if seat.title],
        "cancelling": cancel_words(page),
        "public_token": page_token_of(page.event.id),
    }
    status = REFUSED if form is not None and form.is_bound and form.errors else 200
    return _show(request, page, "registration/mine.html", status=status, **context)


def _show(
    request: ActorRequest, page: MyPage, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    token = page.registration.token
    context |= {"page": page, "event": page.event, "said": page_words(page), "token": token}
    return render_page(request, template, context, status=status)
