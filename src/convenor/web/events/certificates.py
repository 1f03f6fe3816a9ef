"""Go/no-go certificates: drawing one up, reading it against what is now, signing it, the paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.forms import ActionForm
from convenor.events.actions.certificate import draw_up, sign
from convenor.events.enums import Decision, Level
from convenor.events.queries.certificates import certificate_for
from convenor.events.sentences.certificate import (
    certificate_pdf,
    change_rows,
    drawn_up,
    fact_rows,
    role_of,
)
from convenor.web.events.frame import event_frame
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import pdf_answer

TAB = "event.readiness"


class DrawForm(ActionForm):
    """draw_up."""

    note = forms.CharField(max_length=1_000, required=False)


class SignForm(ActionForm):
    """sign."""

    person_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    decision = forms.CharField(max_length=10, required=False)
    remark = forms.CharField(max_length=300, required=False)


def clean(form: ActionForm) -> dict[str, Any]:
    """Raises ValidationError for what no button of ours sends."""
    if not form.is_valid():
        raise ValidationError(_("This can't be read; nothing was changed."))
    return form.cleaned_data


@require_POST
def certify(request: ActorRequest, pk: int) -> HttpResponse:
    """Draw one up, and show it."""
    try:
        drawn = draw_up(actor=request.actor, event_id=pk, now=clock.now(), **clean(DrawForm(request.POST)))
    except ValidationError as error:
        messages.error(request, " ".join(text for texts in sentences(error).values() for text in texts))
        return redirect(TAB, pk)
    messages.success(request, _("Drawn up; whoever signs it is told."))
    return redirect("event.certificate", drawn.pk)


@require_GET
def certificate(request: ActorRequest, pk: int) -> HttpResponse:
    view = certificate_for(request.actor, pk, clock.now())
    frozen = view.certificate
    context = {
        "view": view,
        "certificate": frozen,
        "drawn_up": drawn_up(frozen),
        "facts": fact_rows(frozen),
        "checks": [(each, Level(each["level"])) for each in frozen.evidence["checks"]],
        "sign_offs": [(each, role_of(each)) for each in view.sign_offs],
        "changes": change_rows(view.changes),
        "decisions": Decision,
        "signer_is_me": request.actor.person_id,
    }
    return render_page(
        request, "events/certificate.html", event_frame(request.actor, frozen.event_id, TAB) | context
    )


@require_POST
def sign_certificate(request: ActorRequest, pk: int) -> HttpResponse:
    def act() -> None:
        sign(actor=request.actor, certificate_id=pk, now=clock.now(), **clean(SignForm(request.POST)))

    return deed(request, act, done=reverse("event.certificate", args=[pk]), said=_("Signed."))


@require_GET
def pdf(request: ActorRequest, pk: int) -> HttpResponse:
    view = certificate_for(request.actor, pk, clock.now())
    name = f"{view.certificate.event.key}-go-no-go-{view.certificate.number}.pdf"
    return pdf_answer(certificate_pdf(view), name)
