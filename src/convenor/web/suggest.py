"""What the search boxes of forms offer while one types (docs/design-system.md, `data-combobox`)."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from convenor.people.queries.people import people_for
from convenor.venues.queries.rooms import rooms_for
from convenor.web.requests import ActorRequest

MOST = 12
MOST_TEXT = 200


@require_GET
def people(request: ActorRequest) -> JsonResponse:
    """`[{value: e-mail, label: name, hint: job, department or organisation}]`."""
    found = people_for(request.actor, text=request.GET.get("q", "")[:MOST_TEXT])[:MOST]
    answer = [
        {
            "value": each.email,
            "label": each.name,
            "hint": each.job_title or str(each.department or each.organisation),
        }
        for each in found
    ]
    return JsonResponse(answer, safe=False)


@require_GET
def rooms(request: ActorRequest) -> JsonResponse:
    """`[{value: key, label: name, hint: code and site}]`."""
    found = rooms_for(request.actor, text=request.GET.get("q", "")[:MOST_TEXT]).prefetch_related(None)[:MOST]
    answer = [
        {"value": str(each.pk), "label": each.name, "hint": f"{each.code} · {each.site}"} for each in found
    ]
    return JsonResponse(answer, safe=False)
