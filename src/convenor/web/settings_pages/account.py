"""One's own account and preferences."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import tabs_for


@require_GET
def account(request: ActorRequest) -> HttpResponse:
    return render_page(request, "settings/account.html", {"tabs": tabs_for(request.actor, "settings")})
