"""Event classes on screen: which there are, what each asks for in words, how its versions differ, as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base.permissions import may, require
from convenor.events.actions.event_class import set_class_offered
from convenor.events.queries.classes import (
    check_titles,
    classes_for,
    policy_of,
    version_for,
    versions_for,
)
from convenor.events.queries.shipped import is_shipped, newer_shipped_text
from convenor.events.rules.policy_diff import policy_changes
from convenor.events.rules.policy_words import sections_of
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


def class_crumbs(*codes: str) -> list[dict[str, str]]:
    """Events, the classes, and the class if the page lies below it."""
    crumbs = [
        {"label": _("Events"), "href": reverse("events")},
        {"label": _("Event classes"), "href": reverse("event_classes")},
    ]
    return crumbs + [{"label": code, "href": reverse("event_class", args=[code])} for code in codes]


def number_from(values: Mapping[str, str], name: str) -> int | None:
    """A version's number out of an address; None where it names none."""
    text = values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_GET
def classes(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event_class.see")
    rows = classes_for(request.actor, with_retired=True)
    language = get_language() or "en"
    context: dict[str, Any] = {
        "rows": [(row, row.policy.title.to(language), row.policy.summary.to(language)) for row in rows],
        "may_edit": may(request.actor, "event_class.edit"),
        "crumbs": class_crumbs()[:1],
    }
    return render_page(request, "events/classes.html", context)


@require_GET
def event_class(request: ActorRequest, code: str) -> HttpResponse:
    """One version in words; the newest where `?version=` names none."""
    version = version_for(request.actor, code, number_from(request.GET, "version"))
    policy, language = policy_of(version), get_language() or "en"
    itself, *sections = sections_of(policy, language, check_titles())
    context: dict[str, Any] = {
        "version": version,
        "versions": versions_for(request.actor, code),
        "title": policy.title.to(language),
        "summary": policy.summary.to(language),
        "itself": itself.items[0],
        "sections": [section for section in sections if section.items],
        "is_shipped": is_shipped(version),
        "has_newer_shipped": newer_shipped_text(version.event_class) is not None,
        "may_edit": may(request.actor, "event_class.edit"),
        "crumbs": class_crumbs(),
    }
    return render_page(request, "events/class.html", context)


@require_GET
def versions(request: ActorRequest, code: str) -> HttpResponse:
    """All versions, and what any two differ in: the newest two where `?from=&to=` name none."""
    rows = versions_for(request.actor, code)
    numbers = {row.number: row for row in rows}
    newest = rows[0]
    after = numbers.get(number_from(request.GET, "to") or newest.number, newest)
    before = numbers.get(number_from(request.GET, "from") or after.number - 1, after)
    language = get_language() or "en"
    context: dict[str, Any] = {
        "rows": rows,
        "before": before,
        "after": after,
        "changes": policy_changes(policy_of(before), policy_of(after), language, check_titles()),
        "title": policy_of(newest).title.to(language),
        "may_edit": may(request.actor, "event_class.edit"),
        "crumbs": class_crumbs(code),
    }
    return render_page(request, "events/class_versions.html", context)


@require_GET
def file(request: ActorRequest, code: str) -> HttpResponse:
    """The text of one version, to keep or to edit elsewhere."""
    version = version_for(request.actor, code, number_from(request.GET, "version"))
    name = f"{version.event_class.code}-{version.number}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(version.text, content_type="application/toml; charset=utf-8", headers=headers)


@require_POST
def offer(request: ActorRequest, code: str) -> HttpResponse:
    """Take the class out of use for new events, or back into it."""
    is_active = request.POST.get("offer") == "yes"
    set_class_offered(actor=request.actor, code=code, is_active=is_active)
    said = _("Offered for new events again.") if is_active else _("No longer offered for new events.")
    messages.success(request, said)
    return redirect("event_class", code)
