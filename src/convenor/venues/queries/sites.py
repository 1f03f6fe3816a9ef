"""Sites as the actor may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.venues.models import Site, SiteTravel


def sites_for(actor: Actor, *, active: bool | None = True) -> QuerySet[Site]:
    """Sites by name, with their opening hours; `active=None` gives those out of use too. 2 queries."""
    if not may(actor, "venue.see"):
        return Site.objects.none()
    sites = Site.objects.prefetch_related("hours")
    return sites if active is None else sites.filter(is_active=active)


def site_for(actor: Actor, pk: int) -> Site:
    """Raises Site.DoesNotExist."""
    return sites_for(actor, active=None).get(pk=pk)


def site_by_code_for(actor: Actor, code: str) -> Site:
    """By code in any case. Raises Site.DoesNotExist."""
    return sites_for(actor, active=None).get(code__iexact=code)


def travel_minutes() -> dict[tuple[int, int], int]:
    """Minutes by origin and destination, where they are known. Where only one direction is, it counts for both. 1 query."""
    known = {
        (origin, destination): minutes
        for origin, destination, minutes in SiteTravel.objects.values_list(
            "origin_id", "destination_id", "minutes"
        )
    }
    return {(b, a): minutes for (a, b), minutes in known.items()} | known
