"""How ready events are: live, many at once, in a number of queries that doesn't grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from convenor.events import registry
from convenor.events.models import Event, Waiver
from convenor.events.queries.classes import policies_of
from convenor.events.registry import Check, Finding
from convenor.events.rules.dates import anchor_day
from convenor.events.rules.due_dates import due_day
from convenor.events.rules.policy import CheckPolicy, Due, Policy
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
    return {
        pk: _judged(event, policies[event.class_version_id], found, waivers.get(pk, {}), safe_days, now)
        for pk, event in events.items()
    }


def _events(ids: Sequence[int]) -> list[Event]:
    columns = ("class_version_id", "owner_id", "site_id", "zone")
    dates = ("load_in_at", "starts_at", "ends_at", "load_out_at")
    return list(Event.objects.filter(pk__among=ids).order_by().only(*columns, *dates))


def _waivers(ids: Sequence[int]) -> Mapping[int, Mapping[str, Sequence[Waived]]]:
    rows = Waiver.objects.filter(event__among=ids).order_by("waived_at", "pk")
    columns = ("event_id", "check_code", "pk", "subject", "reason", "waiver_name", "waived_at")
    found: dict[int, dict[str, list[Waived]]] = defaultdict(lambda: defaultdict(list))
    for event, code, *waived in rows.values_list(*columns):
        found[event][code].append(Waived(*waived))
    return found


def _judged(
    event: Event,
    policy: Policy,
    found: Mapping[str, Mapping[int, Sequence[Finding]]],
    waivers: Mapping[str, Sequence[Waived]],
    safe_days: _SafeDays,
    now: datetime,
) -> Readiness:
    required = {each.code: each for each in policy.checks}
    asked = [
        _asked(check, required.get(check.code), event, safe_days)
        for check in registry.readiness_checks
        if check.code in required or event.pk in found[check.code]
    ]
    of_event = {code: by_event.get(event.pk, ()) for code, by_event in found.items()}
    return judge(asked, of_event, waivers, today=now.astimezone(ZoneInfo(event.zone)).date())


def _asked(check: Check, policy: CheckPolicy | None, event: Event, safe_days: _SafeDays) -> Asked:
    title = str(check.title)
    if policy is None:
        return Asked(check.code, title, is_required=False, owner_id=event.owner_id)
    safe_until = safe_days.of(event, policy.safe)
    return Asked(check.code, title, policy.level, safe_until=safe_until, owner_id=event.owner_id)


class _SafeDays:
    """The last safe days of some events: one query for the holidays at all their sites."""

    def __init__(self, events: Sequence[Event]) -> None:
        moments = [moment for event in events for moment in (event.starts_at, event.ends_at) if moment]
        sites = {event.site_id for event in events if event.site_id is not None}
        self._everyday = WorkingDays()
        self._calendars: dict[int, WorkingDays] = {}
        self._known: dict[tuple[int | None, date, Due], date | None] = {}
        if moments and sites:
            span = Span(instant_of(min(moments) - AROUND), instant_of(max(moments) + AROUND))
            for site, holidays in holidays_of(sites, span).items():
                self._calendars[site] = WorkingDays(holidays=frozenset(each.day for each in holidays))

    def of(self, event: Event, due: Due) -> date | None:
        """None for an event without dates. Reckoned once for all events at one site on one day."""
        anchored = anchor_day(event, due.anchor)
        if anchored is None:
            return None
        key = (event.site_id, anchored, due)
        if key not in self._known:
            days = self._calendars.get(event.site_id or 0, self._everyday)
            self._known[key] = due_day(event, due, days)
        return self._known[key]
