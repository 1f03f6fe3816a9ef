"""Sites: made, changed, given hours and travel times, taken out of use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import save_row
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.base.weeks import validate_week
from convenor.kernel.week_text import WeekRow, week_text
from convenor.venues.checks import site_fits
from convenor.venues.drafts import SiteFields
from convenor.venues.models import Room, Site, SiteHours, SiteTravel
from convenor.venues.queries.sites import site_for, sites_for

LONGEST_TRAVEL = 2 * 24 * 60


@action
def create_site(*, actor: Actor, **fields: Unpack[SiteFields]) -> Site:
    require(actor, "venue.edit")
    site = Site()
    save_row(actor=actor, action="site.created", row=site, changes=_folded(fields), checks=[site_fits])
    return site


@action
def change_site(*, actor: Actor, site_id: int, **fields: Unpack[SiteFields]) -> Site:
    """Raises Site.DoesNotExist."""
    require(actor, "venue.edit")
    site = site_for(actor, site_id)
    if save_row(actor=actor, action="site.changed", row=site, changes=_folded(fields), checks=[site_fits]):
        tell_stale(site_ids=[site.pk])
    return site


@action
def set_opening_hours(*, actor: Actor, site_id: int, hours: Sequence[WeekRow]) -> None:
    """Replace the site's week; no hours at all means that it never shuts."""
    require(actor, "venue.edit")
    site = site_for(actor, site_id)
    validate_week(hours)
    _lock([site.pk])
    before = week_text(site.hours.values_list("weekday", "opens", "closes"))
    after = week_text(hours)
    if audit.record(
        actor=actor, action="site.hours_set", obj=site, before={"hours": before}, after={"hours": after}
    ):
        site.hours.all().delete()
        SiteHours.objects.bulk_create(
            SiteHours(site=site, weekday=day, opens=opens, closes=closes) for day, opens, closes in hours
        )
        tell_stale(site_ids=[site.pk])


@action
def set_travel(*, actor: Actor, site_id: int, minutes: Mapping[int, int | None]) -> None:
    """Set the way between the site and others, by their ids, both ways; None takes what is known away."""
    require(actor, "venue.edit")
    site = site_for(actor, site_id)
    others = {other.pk: other for other in sites_for(actor, active=None).exclude(pk=site.pk)}
    _check_travel(minutes, others)
    _lock([site.pk, *minutes])
    known = dict(site.travel_from.values_list("destination_id", "minutes"))
    after = {str(pk): value for pk, value in (known | dict(minutes)).items() if value is not None}
    before = {str(pk): value for pk, value in known.items()}
    if audit.record(
        actor=actor, action="site.travel_set", obj=site, before={"travel": before}, after={"travel": after}
    ):
        SiteTravel.objects.filter(origin=site, destination__in=minutes).delete()
        SiteTravel.objects.filter(destination=site, origin__in=minutes).delete()
        ways = [(pk, value) for pk, value in minutes.items() if value is not None]
        SiteTravel.objects.bulk_create(
            [SiteTravel(origin=site, destination_id=pk, minutes=value) for pk, value in ways]
            + [SiteTravel(origin_id=pk, destination=site, minutes=value) for pk, value in ways]
        )
        tell_stale(site_ids=[site.pk, *minutes])


@action
def retire_site(*, actor: Actor, site_id: int) -> Site:
    """Take a site out of use; refused, with their names, while rooms of it are in use."""
    require(actor, "venue.edit")
    site = site_for(actor, site_id)
    rooms = list(Room.objects.filter(site=site, is_active=True).values_list("code", flat=True)[:6])
    if rooms:
        sentence = gettext("Rooms of this site are in use: %(rooms)s. Take them out of use first.")
        raise ValidationError(
            {"is_active": sentence % {"rooms": ", ".join([*rooms[:5], *["…"][: len(rooms) - 5]])}}
        )
    save_row(actor=actor, action="site.retired", row=site, changes={"is_active": False})
    return site


@action
def restore_site(*, actor: Actor, site_id: int) -> Site:
    """Take a site into use again."""
    require(actor, "venue.edit")
    site = site_for(actor, site_id)
    save_row(actor=actor, action="site.restored", row=site, changes={"is_active": True})
    return site


def _folded(fields: SiteFields) -> dict[str, object]:
    """The fields, codes in capitals."""
    capitals = {"country", "subdivision", "currency"}
    return {
        name: value.strip().upper() if name in capitals and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _check_travel(minutes: Mapping[int, int | None], others: Mapping[int, Site]) -> None:
    problems: list[str] = []
    for pk, value in minutes.items():
        if pk not in others:
            problems.append(gettext("Travel leads to another site that exists."))
        elif value is not None and not 0 <= value <= LONGEST_TRAVEL:
            params = {"site": others[pk], "limit": LONGEST_TRAVEL}
            problems.append(gettext("%(site)s: travel takes from 0 to %(limit)d minutes.") % params)
    if problems:
        raise ValidationError({"travel": problems})


def _lock(site_ids: Iterable[int]) -> None:
    """Two who replace the same rows at once queue, in key order; otherwise both delete what they saw and both insert."""
    list(Site.objects.select_for_update(no_key=True).filter(pk__in=site_ids).order_by("pk"))
