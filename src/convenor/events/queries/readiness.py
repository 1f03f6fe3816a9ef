"""How ready events are: live, many at once, in a number of queries that doesn't grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from convenor.events import registry
from convenor.events.enums import Anchor
from convenor.events.models import Event, Waiver
from convenor.events.queries.classes import policies_of
from convenor.events.rules.dates import anchor_day
from convenor.events.rules.due_dates import due_day
from convenor.events.rules.findings import Finding
from convenor.events.rules.policy import Due, Policy
from convenor.events.rules.readiness import Asked, Readiness, Waived, judge
from convenor.kernel.instants import Span, instant_of
from convenor.kernel.working_days import WorkingDays
from convenor.venues.queries.opening import holidays_of

AROUND = timedelta(days=366)
"""Before and after the events: the public holidays that last safe days may have to do with."""


def readiness_of(event_ids: Collection[int], now: datetime) -> Mapping[int, Readiness]:
    """By event; every key that is one has an entry. The caller has checked that the actor may see them."""
    ids = sorted(set(event_ids))
    events = {event.pk: event for event in _events(ids)}
    keys = sorted(events)
    if not keys:
        return {}
    policies = policies_of({event.class_version_id for event in events.values()})
    found = {check.code: check.look(keys, now) for check in registry.readiness_checks}
    waivers = _waivers(keys)
    safe_days = _SafeDays(list(events.values()))
    titles = {check.code: str(check.title) for check in registry.readiness_checks}
    return {
        pk: judge(
            _asked(event, policies[event.class_version_id], titles, found, safe_days),
            {code: by_event[pk] for code, by_event in found.items() if pk in by_event},
            waivers.get(pk, {}),
            today=now.astimezone(ZoneInfo(event.zone)).date(),
        )
        for pk, event in events.items()
    }


@dataclass(slots=True)
class _Event:
    """What is asked of an event's row: rules.dates.Dated, and whose it is. A board has hundreds."""

    pk: int
    class_version_id: int
    owner_id: int
    site_id: int | None
    zone: str
    load_in_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    load_out_at: datetime | None


def _events(ids: Sequence[int]) -> list[_Event]:
    rows = Event.objects.filter(pk__among=ids).order_by()
    return [_Event(*row) for row in rows.values_list(*(each.name for each in fields(_Event)))]


def _waivers(ids: Sequence[int]) -> Mapping[int, Mapping[str, Sequence[Waived]]]:
    rows = Waiver.objects.filter(event__among=ids).order_by("waived_at", "pk")
    columns = ("event_id", "check_code", "pk", "subject", "reason", "waiver_name", "waived_at")
    found: dict[int, dict[str, list[Waived]]] = defaultdict(lambda: defaultdict(list))
    for event, code, *waived in rows.values_list(*columns):
        found[event][code].append(Waived(*waived))
    return found


def _asked(
    event: _Event,
    policy: Policy,
    titles: Mapping[str, str],
    found: Mapping[str, Mapping[int, Sequence[Finding]]],
    safe_days: _SafeDays,
) -> list[Asked]:
    """What is asked of the event, in the registry's order: what its class requires, and what else finds something."""
    required = {each.code: each for each in policy.checks}
    days: dict[Due, date | None] = {}
    asked = []
    for code, title in titles.items():
        check = required.get(code)
        if check is not None:
            if check.safe not in days:
                days[check.safe] = safe_days.of(event, check.safe)
            safe_until = days[check.safe]
            asked.append(Asked(code, title, check.level, safe_until=safe_until, owner_id=event.owner_id))
        elif event.pk in found[code]:
            asked.append(Asked(code, title, is_required=False, owner_id=event.owner_id))
    return asked


class _SafeDays:
    """The last safe days of some events: one query for the holidays at all their sites."""

    def __init__(self, events: Sequence[_Event]) -> None:
        moments = [moment for event in events for moment in (event.starts_at, event.ends_at) if moment]
        sites = {event.site_id for event in events if event.site_id is not None}
        self._everyday = WorkingDays()
        self._calendars: dict[int, WorkingDays] = {}
        self._anchored: dict[tuple[int, Anchor], date | None] = {}
        self._known: dict[tuple[int | None, date, Due], date | None] = {}
        if moments and sites:
            span = Span(instant_of(min(moments) - AROUND), instant_of(max(moments) + AROUND))
            for site, holidays in holidays_of(sites, span).items():
                self._calendars[site] = WorkingDays(holidays=frozenset(each.day for each in holidays))

    def of(self, event: _Event, due: Due) -> date | None:
        """None for an event without dates. Reckoned once for all events at one site on one day."""
        if (event.pk, due.anchor) not in self._anchored:
            self._anchored[event.pk, due.anchor] = anchor_day(event, due.anchor)
        anchored = self._anchored[event.pk, due.anchor]
        if anchored is None:
            return None
        key = (event.site_id, anchored, due)
        if key not in self._known:
            days = self._calendars.get(event.site_id or 0, self._everyday)
            self._known[key] = due_day(event, due, days)
        return self._known[key]
