"""Whether the sites of moving functions are open at their new times. About places, not about anybody's data: no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.queries.moved_places import Going, PlaceFate
from convenor.venues.models import Site
from convenor.venues.queries.opening import holidays_of, open_spans


def site_notes(going: Sequence[Going], places: Mapping[int, Sequence[PlaceFate]]) -> dict[int, list[str]]:
    """By occurrence, sentences about holidays and opening hours. 4 queries, none where nothing is booked."""
    sites = {each.site_id for group in places.values() for each in group if each.site_id}
    if not sites:
        return {}
    whole = Span(
        instant_of(min(each.starts_at for each in going)), instant_of(max(each.ends_at for each in going))
    )
    names = dict(Site.objects.filter(pk__among=sites).values_list("pk", "name"))
    opened, holidays = open_spans(sites, whole), holidays_of(sites, whole)
    notes: dict[int, list[str]] = defaultdict(list)
    for each in going:
        span = Span(instant_of(each.starts_at), instant_of(each.ends_at))
        here = {place.site_id for place in places.get(each.occurrence.pk, ()) if place.site_id}
        for site in sorted(here):
            values = {"site": names.get(site, "")}
            day = next((day for day in holidays.get(site, ()) if day.span.overlaps(span)), None)
            if day is not None:
                sentence = _("A public holiday at %(site)s: %(name)s.")
                notes[each.occurrence.pk].append(sentence % {**values, "name": day.name})
            if not any(one.start <= span.start and span.end <= one.end for one in opened.get(site, ())):
                notes[each.occurrence.pk].append(_("%(site)s isn't open then.") % values)
    return notes
