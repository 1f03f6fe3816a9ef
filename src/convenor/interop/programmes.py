"""`GET /p/<secret>.ics`: an event's public programme for calendar programs, whole or one function of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from convenor.base import clock
from convenor.events.queries.public import PublicFunction, PublicProgramme, public_programme
from convenor.interop.ics.objects import UTC_ZONE, Event, Timed
from convenor.interop.ics.write import write_calendar
from convenor.kernel.instants import ZoneName, instant_of, to_instant, to_local

REFRESH_MINUTES = 60


@login_not_required
@require_safe
def programme(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  # a view takes its request
    """404 for any secret that opens nothing."""
    return _answer(token, None)


@login_not_required
@require_safe
def function(request: HttpRequest, token: str, key: str) -> HttpResponse:  # noqa: ARG001  # a view takes its request
    return _answer(token, key)


def _answer(token: str, key: str | None) -> HttpResponse:
    found = public_programme(token)
    chosen = [each for each in found.functions if key in {None, each.key}] if found else []
    if found is None or (key is not None and not chosen):
        raise Http404
    data = write_calendar(
        [_event(found, each) for each in chosen],
        name=found.title,
        now=clock.now(),
        refresh_minutes=REFRESH_MINUTES if key is None else None,
    )
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = (
        content_disposition_header(key is not None, f"{key or 'programme'}.ics") or ""
    )
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _event(found: PublicProgramme, each: PublicFunction) -> Event:
    zone = ZoneName(found.zone)
    speakers = [f"{name}: {topic}" if topic else name for name, topic in each.speakers]
    return Event(
        uid=each.uid,
        start=_timed(each.starts_at, zone),
        end=_timed(each.ends_at, zone),
        sequence=each.sequence,
        summary=each.title,
        description="\n\n".join(part for part in ("\n".join(speakers), each.abstract) if part),
        location=", ".join((*each.rooms, *((found.site,) if found.site else ()))),
        status="CANCELLED" if each.is_called_off or found.is_off else "CONFIRMED",
        categories=(each.track,) if each.track else (),
    )


def _timed(moment: datetime, zone: ZoneName) -> Timed:
    """In the event's zone; in UTC for the second of two equal times when clocks go back, which no zone can write."""
    instant = instant_of(moment)
    local = to_local(instant, zone)
    return (
        Timed(local, zone)
        if to_instant(local, zone) == instant
        else Timed(to_local(instant, UTC_ZONE), UTC_ZONE)
    )
