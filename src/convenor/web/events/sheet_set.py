"""All function sheets of an event as one PDF: set by a job, which tells how far it is."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from convenor.base.tasks.backend import enqueue_for
from convenor.events.queries.visibility import event_for
from convenor.events.tasks import set_function_sheets
from convenor.web.events.frame import event_frame
from convenor.web.kept_papers import kept, own_result, paper_job, progress_answer
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import pdf_answer

TAB = "event.sheets"


@require_POST
def begin(request: ActorRequest, pk: int) -> HttpResponse:
    """Start the job; its page says how far it is."""
    event_for(request.actor, pk)
    language, zone = get_language() or "en", timezone.get_current_timezone_name()
    job_id = enqueue_for(request.actor, set_function_sheets, request.actor.user_id, pk, language, zone)
    return redirect("event.sheet_set_job", pk, job_id)


@require_GET
def look(request: ActorRequest, pk: int, job: int) -> HttpResponse:
    found = paper_job(request, job, set_function_sheets)
    context = {
        "job": found,
        "is_ready": found.is_finished and _paper(request, job) is not None,
        "text": gettext("Setting the function sheets…"),
    }
    return render_page(request, "events/sheet_set.html", event_frame(request.actor, pk, TAB) | context)


@require_GET
def progress(request: ActorRequest, pk: int, job: int) -> JsonResponse:
    found = paper_job(request, job, set_function_sheets)
    href = reverse("event.sheet_set_job", args=[pk, job])
    return progress_answer(found, text=gettext("Setting the function sheets…"), href=href)


@require_GET
def file(request: ActorRequest, pk: int, job: int) -> HttpResponse:
    event, paper = event_for(request.actor, pk), _paper(request, job)
    if paper is None:
        return redirect("event.sheet_set_job", pk, job)
    return pdf_answer(paper, f"{event.key}.pdf")


def _paper(request: ActorRequest, pk: int) -> bytes | None:
    return kept(own_result(request, pk, set_function_sheets))
