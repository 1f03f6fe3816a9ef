"""Are the time-zone data there, recent, and do they know every zone that is stored?"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import tzdata
from django.apps import apps
from django.conf import settings
from django.db import models

from convenor.base import clock
from convenor.base.zones import validate_zone
from convenor.cli.doctor.findings import Finding, fault, ok, warning

OLD_YEARS = 2
REMEDY = (
    "Update the machine's tzdata package, or the tzdata in Convenor's environment, and start Convenor again."
)


def release() -> tuple[str, str]:
    """The release of the data in force, such as 2026a, and whose it is: Python reads the machine's first."""
    for folder in zoneinfo.TZPATH:
        listing = Path(folder) / "tzdata.zi"
        if listing.exists():
            with listing.open(encoding="utf-8") as lines:
                named = re.search(r"\d{4}[a-z]+", lines.readline())
            return (named.group() if named else "", "the machine's")
    return tzdata.IANA_VERSION, "Convenor's own"


def data() -> Iterator[Finding]:
    try:
        zoneinfo.ZoneInfo(settings.TIME_ZONE)
    except (OSError, LookupError, ValueError):
        yield fault("time zones", f"There are no data for {settings.TIME_ZONE}.", REMEDY)
        return
    version, whose = release()
    sentence = f"The time-zone data are {whose}, release {version or 'unknown'}."
    if version and int(version[:4]) <= clock.now().year - OLD_YEARS:
        yield warning("time zones", sentence, REMEDY)
    else:
        yield ok("time zones", sentence)


def zone_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if validate_zone in column.validators:
                yield model, column.name


def stored() -> Iterator[Finding]:
    known = zoneinfo.available_timezones()
    unknown = {
        (model._meta.verbose_name_plural, zone)
        for model, column in zone_columns()
        for zone in model._default_manager.values_list(column, flat=True).distinct()
        if zone and zone not in known
    }
    for owner, zone in sorted((str(owner), str(zone)) for owner, zone in unknown):
        yield fault("stored zones", f"Some {owner} keep the zone {zone}, which has no data.", REMEDY)
    if not unknown:
        yield ok("stored zones", "Every stored time zone has data.")
