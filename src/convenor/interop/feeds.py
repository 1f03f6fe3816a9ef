"""`GET /feeds/<secret>.ics`: for calendar programs, which sign in with nothing but the address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from convenor.base import clock
from convenor.interop.calendars.feeds import FeedContent, read_feed


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar; 304 for whoever has it already (RFC 9110 §13.1.2), 404 for any secret that opens nothing."""
    content = read_feed(token, clock.now())
    if content is None:
        raise Http404
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or content.etag in {etag.removeprefix("W/") for etag in known}:
        return _with_headers(HttpResponseNotModified(), content)
    answer = HttpResponse(content.data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{content.filename}"'
    return _with_headers(answer, content)


def _with_headers(answer: HttpResponse, content: FeedContent) -> HttpResponse:
    answer["ETag"] = content.etag
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    return answer
