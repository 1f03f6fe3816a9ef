"""Light, dark or as the device says: kept in a cookie, so that the server renders the right one at once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
COOKIE_SECONDS = 365 * 24 * 3600


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest(_("A theme is one of auto, light and dark."), content_type="text/plain")
    response = redirect(_back(request))
    response.set_cookie(COOKIE, theme, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


def _back(request: HttpRequest) -> str:
    """The page that the form named, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else "/"
