"""An event and its class's newest version: is there one, and what taking it over would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from convenor.events.models import ClassVersion, Event
from convenor.events.queries.classes import check_titles, current_version, policy_of
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.tasks import task_drafts_of
from convenor.events.rules.layout import Setting, dues_of, function_drafts
from convenor.events.rules.upgrade import Here, Upgrade, upgrade_between


@dataclass(frozen=True, slots=True)
class Preview:
    """What bringing the event from `old` to `new` would do; the two are the same where it is up to date."""

    old: ClassVersion
    new: ClassVersion
    upgrade: Upgrade


def newer_version_of(event: Event) -> ClassVersion | None:
    """The newest version of the event's class, if the event has an older one. 1 query."""
    newest = current_version(event.class_version.event_class)
    return newest if newest.pk != event.class_version_id else None


def preview_of(event: Event, *, language: str, now: datetime) -> Preview:
    """The caller has checked that the actor may see the event. 7 queries."""
    old, new = event.class_version, current_version(event.class_version.event_class)
    here = here_of(event, new, language=language, now=now)
    upgrade = upgrade_between(policy_of(old), policy_of(new), here, language, check_titles())
    return Preview(old, new, upgrade)


def here_of(event: Event, new: ClassVersion, *, language: str, now: datetime) -> Here:
    policy = policy_of(new)
    titles = dict(event.functions.values_list("key", "occurrence__meeting__title"))
    days = working_days_for(event, dues_of(policy))
    _drafts, left = function_drafts(policy, Setting({}, language), event, days, now, titles)
    reasons = {each.key: each.sentence for each in left}
    if event.starts_at is None:
        keys = [*(each.key for each in policy.functions), *(each.key for each in policy.meetings)]
        reasons = dict.fromkeys(keys, _("The event has no dates yet."))
    return Here({each.key: each for each in task_drafts_of(event)}, titles, reasons)
