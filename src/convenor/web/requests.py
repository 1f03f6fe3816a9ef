"""The request as our middleware leaves it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from convenor.base.actor import Actor


class ActorRequest(HttpRequest):
    """What every view takes: `actor` is who asks, `htmx` says whether a fragment is wanted."""

    actor: Actor
    htmx: HtmxDetails
