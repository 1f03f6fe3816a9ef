"""The audit log, and what the machine has to send and to do."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.actions import cancel_job, retry_job, retry_message
from convenor.base.audit_words import in_words
from convenor.base.enums import WorkState
from convenor.base.permissions import require
from convenor.base.queries import (
    audit_page_for,
    counts_by_state,
    job_for,
    jobs_for,
    last_line,
    message_for,
    outbox_for,
    shown_mail,
    workers_alive,
)
from convenor.web.audit_words import WORDS
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.served import letter_answer
from convenor.web.settings_tabs import frame_for

PER_PAGE = 50
MOST_SHOWN = 40
WORK = "settings.work"
TONES = {
    WorkState.DEAD: "danger",
    WorkState.LEASED: "info",
    WorkState.READY: "neutral",
    WorkState.KEPT: "warning",
}


@require_GET
def audit(request: ActorRequest) -> HttpResponse:
    require(request.actor, "audit.see")
    text, oldest = request.GET.get("q", "")[:100], key_in(request.GET.get("before", ""))
    entries = audit_page_for(request.actor, text=text, before=oldest, most=PER_PAGE)
    context = {
        "entries": in_words(entries, WORDS),
        "show_request": True,
        "text": text,
        "older": entries[-1].pk if len(entries) == PER_PAGE else None,
        "is_first": oldest is None,
    }
    return render_page(request, "settings/audit.html", context | frame_for(request.actor, "settings.audit"))


@require_GET
def work(request: ActorRequest) -> HttpResponse:
    require(request.actor, "outbox.see")
    messages, jobs = outbox_for(request.actor), jobs_for(request.actor)
    context = {
        "messages_shown": [_line(each) for each in messages[:MOST_SHOWN]],
        "jobs": [
            (each, TONES.get(WorkState(each.state), "ok"), last_line(each.last_error))
            for each in jobs[:MOST_SHOWN]
        ],
        "message_counts": [(state.label, n) for state, n in counts_by_state(messages).items()],
        "job_counts": [(state.label, n) for state, n in counts_by_state(jobs).items()],
        "workers": workers_alive(clock.now()),
    }
    return render_page(request, "settings/work.html", context | frame_for(request.actor, WORK))


def _line(message: Any) -> dict[str, Any]:
    """A mail by its subject and reader, anything else by its kind and key."""
    mail = shown_mail(message)
    return {
        "message": message,
        "title": (mail and mail.subject) or message.kind,
        "about": mail.to if mail else message.key,
        "tone": TONES.get(WorkState(message.state), "ok"),
        "error": last_line(message.last_error),
    }


@require_GET
def message(request: ActorRequest, pk: int) -> HttpResponse:
    """One message of the outbox: a mail as its reader gets it, anything else as it is."""
    require(request.actor, "outbox.see")
    row = message_for(request.actor, pk)
    mail = shown_mail(row)
    context = {
        "message": row,
        "mail": mail,
        "content": "" if mail else json.dumps(row.payload, indent=2, ensure_ascii=False, sort_keys=True),
        "tone": TONES.get(WorkState(row.state), "ok"),
        "crumbs": [{"label": _("Outbox and jobs"), "href": reverse(WORK)}],
    }
    return render_page(request, "settings/message.html", context | frame_for(request.actor, WORK))


@require_GET
def message_html(request: ActorRequest, pk: int) -> HttpResponse:
    """The mail's HTML by itself. 404 where there is none to be seen."""
    require(request.actor, "outbox.see")
    mail = shown_mail(message_for(request.actor, pk))
    if mail is None or not mail.html:
        raise Http404
    return letter_answer(mail.html)


@require_POST
def retry(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retry_message, actor=request.actor, message=message_for(request.actor, pk))
    return deed(request, act, done=reverse(WORK), said=_("It will be tried again."))


@require_POST
def redo(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retry_job, actor=request.actor, job=job_for(request.actor, pk))
    return deed(request, act, done=reverse(WORK), said=_("It will be tried again."))


@require_POST
def stop(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(cancel_job, actor=request.actor, job=job_for(request.actor, pk))
    return deed(request, act, done=reverse(WORK), said=_("It stops when it next reports."))
