"""What a roll is given out as: tables, papers and badges of what its screen filters; large ones by a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from convenor.attendance.enums import RollPaper, SeatState, Source
from convenor.attendance.queries.exports import size_for
from convenor.attendance.queries.seats import SeatsAsked
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.sentences.roll_files import PDF_TYPE, as_json, for_paper, roll_file
from convenor.attendance.tasks import make_roll_file
from convenor.base import clock
from convenor.base.tasks.backend import enqueue_for
from convenor.web.events.frame import event_frame, under
from convenor.web.kept_papers import kept, own_result, paper_job, progress_answer
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.served import file_answer, pdf_answer

TAB = "event.roll"
MOST_AT_ONCE: Final[Mapping[RollPaper, int]] = {
    RollPaper.CSV: 20_000,
    RollPaper.XLSX: 2_000,
    RollPaper.LIST: 1_000,
    RollPaper.SIGN_IN: 500,
    RollPaper.BADGES: 500,
    RollPaper.CARDS: 500,
}
"""Rows up to which a file is made while its reader waits: each about a second."""
MOST_TEXT = 100


@require_GET
def paper(request: ActorRequest, pk: int, kind: RollPaper) -> HttpResponse:
    """The file, or for a large one the page that has a job make it. Badges with `layout=cards` are one to a page."""
    if kind == RollPaper.BADGES and request.GET.get("layout") == "cards":
        kind = RollPaper.CARDS
    asked = for_paper(asked_in(request.GET), kind)
    roll, number = size_for(request.actor, pk, asked)
    if number > MOST_AT_ONCE[kind]:
        frame = under(event_frame(request.actor, roll.event_id, TAB))
        context = {"roll": roll, "kind": kind, "number": number, "query": request.GET.urlencode()}
        return render_page(request, "roll/large_paper.html", frame | context)
    made = roll_file(request.actor, pk, kind, asked, now=clock.now())
    return _answer(made.content, made.name, made.content_type)


@require_POST
def begin(request: ActorRequest, pk: int, kind: str) -> HttpResponse:
    """Start the job; its page says how far it is."""
    roll_for(request.actor, pk)
    if kind not in RollPaper:
        raise Http404
    wanted = RollPaper(kind)
    asked = as_json(for_paper(asked_in(request.GET), wanted))
    language, zone = get_language() or "en", timezone.get_current_timezone_name()
    job = enqueue_for(
        request.actor, make_roll_file, request.actor.user_id, pk, wanted.value, asked, language, zone
    )
    return redirect("roll.paper_job", pk, job)


@require_GET
def look(request: ActorRequest, pk: int, job: int) -> HttpResponse:
    roll = roll_for(request.actor, pk)
    found = paper_job(request, job, make_roll_file)
    context = {
        "roll": roll,
        "job": found,
        "is_ready": found.is_finished and _kept(request, pk, job) is not None,
        "text": gettext("Making the file…"),
    }
    return render_page(
        request, "roll/paper_job.html", under(event_frame(request.actor, roll.event_id, TAB)) | context
    )


@require_GET
def progress(request: ActorRequest, pk: int, job: int) -> JsonResponse:
    roll_for(request.actor, pk)
    found = paper_job(request, job, make_roll_file)
    href = reverse("roll.paper_job", args=[pk, job])
    return progress_answer(found, text=gettext("Making the file…"), href=href)


@require_GET
def file(request: ActorRequest, pk: int, job: int) -> HttpResponse:
    roll_for(request.actor, pk)
    found = _kept(request, pk, job)
    return redirect("roll.paper_job", pk, job) if found is None else _answer(*found)


def asked_in(query: QueryDict) -> SeatsAsked:
    """The filter of the roll's screen; what can't be read is left out. `registration` names single ones."""
    only = frozenset(key for text in query.getlist("registration") if (key := key_in(text)) is not None)
    source = query.get("source", "")
    return SeatsAsked(
        text=query.get("q", "")[:MOST_TEXT],
        states=tuple(SeatState(state) for state in query.getlist("state") if state in SeatState),
        department_id=key_in(query.get("department", "")),
        source=Source(source) if source in Source else None,
        only=only if "registration" in query else None,
    )


def _kept(request: ActorRequest, pk: int, job: int) -> tuple[bytes, str, str] | None:
    """Content, name and type of what the reader's own job made of this roll."""
    result: Any = own_result(request, job, make_roll_file)
    if not result or result["roll"] != pk:
        return None
    content = kept(result["token"])
    return None if content is None else (content, result["name"], result["type"])


def _answer(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Papers are shown, tables are kept."""
    if content_type == PDF_TYPE:
        return pdf_answer(content, name)
    return file_answer(content, name, content_type)
