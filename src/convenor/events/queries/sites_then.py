"""Whether moving functions land on days and hours on which nobody is there. About places, not about anybody's data: no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from convenor.events.rules.dates import WORKING_WEEK, local_in
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.queries.moved_places import Going, PlaceFate
from convenor.venues.models import Site
from convenor.venues.queries.opening import holidays_of, open_spans

Places = Mapping[int, Sequence[PlaceFate]]


def site_notes(
    going: Sequence[Going], places: Places, *, zone: str, site_id: int | None
) -> dict[int, list[str]]:
    """By occurrence, sentences about weekends, holidays and opening hours. 4 queries, none without any site.

    What has no place of its own is held against the holidays of the event's site.
    """
    notes: dict[int, list[str]] = defaultdict(list)
    for each in going:
        if words := _weekend(each, zone):
            notes[each.occurrence.pk].append(words)
    sites = {place.site_id for group in places.values() for place in group if place.site_id}
    sites |= {site_id} if site_id else set()
    if not going or not sites:
        return notes
    whole = Span(
        instant_of(min(each.starts_at for each in going)), instant_of(max(each.ends_at for each in going))
    )
    names = dict(Site.objects.filter(pk__among=sites).values_list("pk", "name"))
    opened, holidays = open_spans(sites, whole), holidays_of(sites, whole)
    for each in going:
        span = Span(instant_of(each.starts_at), instant_of(each.ends_at))
        booked = {place.site_id for place in places.get(each.occurrence.pk, ()) if place.site_id}
        for site in sorted(booked or ({site_id} if site_id else set())):
            values = {"site": names.get(site, "")}
            day = next((day for day in holidays.get(site, ()) if day.span.overlaps(span)), None)
            if day is not None:
                sentence = _("A public holiday at %(site)s: %(name)s.")
                notes[each.occurrence.pk].append(sentence % {**values, "name": day.name})
            is_open = any(one.start <= span.start and span.end <= one.end for one in opened.get(site, ()))
            if site in booked and not is_open:
                notes[each.occurrence.pk].append(_("%(site)s isn't open then.") % values)
    return notes


def _weekend(going: Going, zone: str) -> str:
    """Said only of what wasn't on a weekend before."""
    old, new = local_in(zone, going.occurrence.starts_at), local_in(zone, going.starts_at)
    assert old is not None
    assert new is not None
    if new.weekday() in WORKING_WEEK or old.weekday() not in WORKING_WEEK:
        return ""
    return _("It falls on a %(weekday)s.") % {"weekday": WEEKDAYS[new.weekday()]}
