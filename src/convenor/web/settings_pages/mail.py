"""Mail in: what came to the address for answers, what became of it, and the addresses that mail doesn't reach."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base.actions import clear_trouble
from convenor.base.enums import Verdict
from convenor.base.permissions import require
from convenor.base.received import Received, received_for, trouble_for, troubles_for
from convenor.interop.imip.inbox import is_configured
from convenor.interop.itip.outcomes import sentence_of
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.settings_tabs import frame_for

PER_PAGE = 50
MOST_TROUBLES = 100
TONES = {
    Verdict.APPLIED: "ok",
    Verdict.LISTED: "warning",
    Verdict.IGNORED: "neutral",
    Verdict.REFUSED: "danger",
    Verdict.BOUNCE: "danger",
}


@require_GET
def mail(request: ActorRequest) -> HttpResponse:
    require(request.actor, "mail.see_received")
    text, verdict = request.GET.get("q", "")[:100], request.GET.get("verdict", "")
    oldest = key_in(request.GET.get("before", ""))
    rows = received_for(request.actor, text=text, verdict=verdict, before=oldest, most=PER_PAGE)
    context = {
        "rows": [(each, TONES[Verdict(each.verdict)], sentences(each)) for each in rows],
        "text": text,
        "verdict": verdict,
        "verdicts": Verdict.choices,
        "older": rows[-1].pk if len(rows) == PER_PAGE else None,
        "is_filtered": bool(text or verdict or oldest),
        "troubles": troubles_for(request.actor)[:MOST_TROUBLES],
        "address": settings.MAIL_REPLIES_TO,
        "is_polled": is_configured(),
    }
    return render_page(request, "settings/mail.html", context | frame_for(request.actor, "settings.mail"))


def sentences(row: Received) -> list[str]:
    """What became of the mail, in the reader's language."""
    return [sentence_of(each["reason"], each["facts"]) for each in row.facts.get("outcomes", ())]


@require_POST
def clear(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(clear_trouble, actor=request.actor, trouble=trouble_for(request.actor, pk))
    return deed(request, act, done=reverse("settings.mail"), said=_("Mail will be sent there again."))
