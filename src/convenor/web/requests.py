"""The request as our middleware leaves it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from convenor.base.actor import Actor


def key_in(text: str) -> int | None:
    """The row's key that a query or a form names; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class ActorRequest(HttpRequest):
    """What every view takes: `actor` is who asks, `htmx` says whether a fragment is wanted."""

    actor: Actor
    htmx: HtmxDetails
