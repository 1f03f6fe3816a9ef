"""What is wrong with the schedule, the ways out, and what somebody decided to leave as it is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.permissions import may
from convenor.scheduling.actions.conflicts import ignore_conflict, reopen_conflict, take_way_out
from convenor.scheduling.queries.conflicts import (
    conflict_for,
    ignored_count_for,
    ignored_for,
    is_current,
    ways_out_for,
)
from convenor.scheduling.queries.conflicts.upkeep import catch_up
from convenor.web.conflicts.forms import IgnoreForm, MendForm, NarrowForm, kept
from convenor.web.conflicts.shown import Listed, by_day
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

PER_PAGE = 60


@require_GET
def conflicts(request: ActorRequest) -> HttpResponse:
    """The list, narrowed as the address says."""
    now = clock.now()
    catch_up(now)
    form = NarrowForm(request.GET, actor=request.actor, now=now)
    listed = Listed(request.actor, form.narrowed, now)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "days": by_day(page.object_list, now=now),
        "counts": listed.counts,
        "ignored": ignored_count_for(request.actor, now=now),
        "is_current": is_current(),
        "kept": kept(request.GET),
        "now": now,
    }
    return render_page(request, "conflicts/conflicts.html", context)


@require_GET
def ignored(request: ActorRequest) -> HttpResponse:
    """What was left as it is, with the reasons."""
    rows = ignored_for(request.actor, now=clock.now())
    context = {"rows": rows, "may_reopen": may(request.actor, "conflict.ignore")}
    return render_page(request, "conflicts/ignored.html", context)


@require_GET
def ways_out(request: ActorRequest, pk: int) -> HttpResponse:
    """One conflict with what could be done about it: inside the list, or as a page of its own."""
    now = clock.now()
    conflict = conflict_for(request.actor, pk, now=now)
    context = {
        "conflict": conflict,
        "ways": ways_out_for(request.actor, pk, now=now),
        "may_ignore": may(request.actor, "conflict.ignore"),
        "kept": kept(request.GET),
        "now": now,
    }
    return render_page(request, "conflicts/conflict.html", context, fragments={f"ways-{pk}": "ways"})


@require_POST
def mend(request: ActorRequest, pk: int) -> HttpResponse:
    """Take one of the ways out; the message says what was done, or why it can't be any more."""
    form = MendForm(request.POST)
    way = form.cleaned_data["way"] if form.is_valid() else ""
    try:
        messages.success(request, take_way_out(actor=request.actor, conflict_id=pk, key=way, now=clock.now()))
    except ValidationError as error:
        messages.error(request, " ".join(text for texts in sentences(error).values() for text in texts))
        return redirect("conflicts.ways_out", pk)
    return redirect(_list(request))


@require_POST
def ignore(request: ActorRequest, pk: int) -> HttpResponse:
    """Leave it as it is, with a reason; or take that back."""
    if "undo" in request.POST:
        said, back = _("It is on the list again."), reverse("conflicts.ignored")
        return deed(
            request,
            lambda: reopen_conflict(actor=request.actor, conflict_id=pk, now=clock.now()),
            done=back,
            said=said,
        )
    form = IgnoreForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    said = _("It is off the list, and comes back if anything about it changes.")
    return deed(
        request,
        lambda: ignore_conflict(actor=request.actor, conflict_id=pk, reason=reason, now=clock.now()),
        done=_list(request),
        said=said,
    )


def _list(request: ActorRequest) -> str:
    query = kept(request.GET)
    return f"{reverse('conflicts')}?{query}" if query else reverse("conflicts")
