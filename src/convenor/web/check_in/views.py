"""The door's page and its buttons; what devices send and fetch."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from convenor.attendance.actions.check_in import record_scans, walk_in
from convenor.attendance.drafts import ScanDraft, WalkInDraft, Who
from convenor.attendance.enums import ScanKind
from convenor.attendance.forms.check_in import ScanForm, WalkInForm
from convenor.attendance.queries.doors import (
    counts_at,
    door_for,
    door_now,
    doors_for,
    last_at,
    news_at,
    people_at,
)
from convenor.attendance.rules.check_in import ScanResult, code_in
from convenor.attendance.sentences.check_in import DANGER, OK, words_of
from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.forms import ActionForm
from convenor.web.check_in import answers
from convenor.web.check_in.parsing import batch_in
from convenor.web.check_in.shown import config_of, shown, worker_script
from convenor.web.events.frame import event_frame, under
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in

LEVELS = {OK: messages.success, DANGER: messages.error}


@require_GET
def check_in(request: ActorRequest, pk: int) -> HttpResponse:
    """The door of the address; without one, what is on now."""
    now = clock.now()
    doors = doors_for(request.actor, pk)
    wanted = key_in(request.GET.get("roll", ""))
    door = next((each for each in doors if each.roll.pk == wanted), None) or door_now(doors, now)
    frame = under(event_frame(request.actor, pk, "event.check_in"))
    context: dict[str, Any] = {**frame, "doors": doors, "door": door}
    if door is not None:
        context |= shown(door, request.GET.get("q", ""), now)
        context["config"] = config_of(request, door, now)
        context["walk_in_form"] = WalkInForm(initial={"uid": uuid4()})
    answer = render_page(request, "check_in/page.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def scan(request: ActorRequest, pk: int) -> HttpResponse:
    """One scan by a form: a code that was typed, or a button beside a name."""
    form, now = ScanForm(request.POST), clock.now()
    door = door_for(request.actor, pk)
    if form.is_valid():
        given = form.cleaned_data
        draft = ScanDraft(
            uid=given["uid"],
            at=now,
            kind=ScanKind(given["kind"] or ScanKind.IN),
            code=code_in(given["code"]),
            registration_id=given["registration"],
            lets_in=given["lets_in"],
            undoes=given["undoes"],
        )
        _say(request, lambda: record_scans(actor=request.actor, roll_id=pk, scans=[draft], now=now)[0])
    else:
        _complain(request, form)
    return redirect(_page(door))


@require_POST
def walk_in_by_form(request: ActorRequest, pk: int) -> HttpResponse:
    form, now = WalkInForm(request.POST), clock.now()
    door = door_for(request.actor, pk)
    if form.is_valid():
        given = form.cleaned_data
        who = Who(name=given["name"], organisation=given["organisation"], email=given["email"])
        draft = WalkInDraft(given["uid"], now, who)
        _say(request, lambda: walk_in(actor=request.actor, roll_id=pk, draft=draft, now=now))
    else:
        _complain(request, form)
    return redirect(_page(door))


def _complain(request: ActorRequest, form: ActionForm) -> None:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(each) for each in errors))


def _say(request: ActorRequest, act: Any) -> None:
    """Do it, and say what came of it as a message."""
    try:
        result: ScanResult = act()
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, " ".join(texts))
        return
    words = words_of(result)
    said = f"{result.name}: {words.title}" if result.name else str(words.title)
    LEVELS.get(words.tone, messages.warning)(request, f"{said}. {words.detail}".strip())


def _page(door: Any) -> str:
    return f"{reverse('event.check_in', args=[door.roll.event_id])}?roll={door.roll.pk}"


@require_GET
def people(request: ActorRequest, pk: int) -> JsonResponse:
    """The whole list, as a device keeps it."""
    door = door_for(request.actor, pk)
    cursor, _rows = news_at(door.roll, 0)
    return _fresh(request, {"people": answers.rows_json(people_at(door.roll)), "cursor": cursor})


@require_GET
def news(request: ActorRequest, pk: int) -> JsonResponse:
    """What other devices have done since, and the counts; `people` is null where the whole list had better be fetched."""
    door = door_for(request.actor, pk)
    cursor, rows = news_at(door.roll, key_in(request.GET.get("after", "")) or 0)
    data = {
        "cursor": cursor,
        "people": answers.rows_json(rows) if rows is not None else None,
        "counts": answers.counts_json(counts_at(door.roll)),
        "last": answers.last_json(last_at(door.roll)),
    }
    return _fresh(request, data)


@require_POST
def send(request: ActorRequest, pk: int) -> JsonResponse:
    """Scans and walk-ins of a device, each answered."""
    now = clock.now()
    try:
        results = answers.taken(request.actor, pk, batch_in(request.body, now), now)
    except ValidationError as error:
        status = 409 if getattr(error, "code", None) == "absent" else 400
        return JsonResponse({"sentence": " ".join(error.messages)}, status=status)
    return _fresh(request, {"results": results})


def _fresh(request: ActorRequest, data: dict[str, Any]) -> JsonResponse:
    """With our time, and the token without which a page that was kept since yesterday could send nothing."""
    answer = JsonResponse({**data, "now": clock.now().isoformat(), "csrf": get_token(request)})
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@require_GET
def worker(request: ActorRequest) -> HttpResponse:  # noqa: ARG001  # a view takes one
    """The service worker of the door's pages: at an address of its own, since its reach follows from that."""
    answer = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/events/"
    answer["Cache-Control"] = "no-cache"
    return answer
