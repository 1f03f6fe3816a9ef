"""Inviting people to a roll: who, then what would come of it, then the deed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from convenor.attendance.actions.inviting import Invited, invite, would_invite
from convenor.attendance.forms.seats import InviteForm
from convenor.attendance.queries.invitable import listed_at, members_of
from convenor.attendance.queries.visibility import roll_for
from convenor.base import clock
from convenor.base.actor import Actor
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import REFUSED, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rolls.page import title_of
from convenor.web.rolls.views import TAB, address_of

MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def invite_people(request: ActorRequest, pk: int) -> HttpResponse:
    roll = roll_for(request.actor, pk, "roll.edit")
    form = InviteForm(posted(request), actor=request.actor)
    back, found = address_of(request, pk), None
    if form.is_bound and form.is_valid():
        wish = {"roll_id": pk, "state": form.cleaned_data["state"], "now": clock.now()}
        drafts = _drafts(request.actor, roll, form)
        try:
            if form.cleaned_data["sure"]:
                _say(request, invite(actor=request.actor, drafts=drafts, **wish))
                return redirect(back)
            found = would_invite(actor=request.actor, drafts=drafts, **wish)
        except ValidationError as error:
            form.refuse(error)
    context = {**under(event_frame(request.actor, roll.event_id, TAB)), "roll": roll, "form": form}
    context |= {
        "title": title_of(roll),
        "back": back,
        "listed": len(listed_at(roll)),
        **_preview(form, found),
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render_page(request, "roll/invite.html", context, status=status)


def _drafts(actor: Actor, roll: Any, form: InviteForm) -> Any:
    data = form.cleaned_data
    from_list = listed_at(roll) if data["parties"] else []
    members = members_of(actor, data["department"]) if data["department"] else []
    return form.drafts(from_list, members, (roll.function_id,) if roll.function_id else ())


def _preview(form: InviteForm, found: list[Invited] | None) -> dict[str, Any]:
    if found is None:
        return {}
    fine = [each for each in found if not each.problem]
    return {
        "found": fine[:MOST_SHOWN],
        "more": max(len(fine) - MOST_SHOWN, 0),
        "count": len(fine),
        "problems": [each for each in found if each.problem],
        "lost": form.read.lost,
    }


def _say(request: ActorRequest, done: list[Invited]) -> None:
    count = sum(not each.problem for each in done)
    said = ngettext(
        "%(count)d person is on the roll as you asked.",
        "%(count)d people are on the roll as you asked.",
        count,
    )
    messages.success(request, said % {"count": count})
    for each in [each for each in done if each.problem][:5]:
        messages.warning(request, f"{each.name or each.email}: {each.problem}")
