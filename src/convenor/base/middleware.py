"""What the foundation does with every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from convenor.base.request_id import accepted, named

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Takes over or makes the request's name, and says it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = accepted(request.headers.get(HEADER))
        with named(name):
            response = self.get_response(request)
        response[HEADER] = name
        return response
