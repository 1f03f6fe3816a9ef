"""Who is asking, in which zone; and answers for what the layers below raise."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from convenor.base.actor import Actor
from convenor.base.transactions import Busy
from convenor.people.queries.actors import actor_for

Answer = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Puts `request.actor` on every request, looked up when first used, and their zone in force."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]  # web/requests.py names it
            lambda: actor_for(user) if user.is_authenticated else Actor.nobody()
        )
        if user.is_authenticated and user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(
                user.language
            )  # LocaleMiddleware has gone by the browser, before anybody was known
        zone = getattr(user, "zone", "")
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            return self.get_response(request)


class DomainErrorMiddleware:
    """Turns what queries and actions raise into answers, in one place.

    A row that isn't there, or that the actor mayn't see, is the same 404; Refused is Django's own
    PermissionDenied and so a 403 already. A ValidationError that no form has shown is about the
    address itself, and its sentences stand on the page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ObjectDoesNotExist):
            raise Http404 from exception
        if isinstance(exception, Busy):
            return render(request, "503.html", {"sentence": str(exception)}, status=503)
        if isinstance(exception, ValidationError):
            return render(request, "400.html", {"reason": " ".join(exception.messages)}, status=400)
        return None


class ForgetMiddleware:
    """Has a device forget, when somebody signs out, what check-in kept on it for when the network is gone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.url_name == "account_logout":
            answer["Clear-Site-Data"] = '"storage"'
        return answer
