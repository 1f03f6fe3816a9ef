"""Making an event and changing its cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import columns, row_problems
from convenor.base.permissions import require
from convenor.base.refusals import as_validation_error
from convenor.base.transactions import action
from convenor.events.actions.backward import recalculate
from convenor.events.actions.everyone import running_of, sync_meetings
from convenor.events.actions.from_class import lay_out, lay_out_functions
from convenor.events.actions.opening import named_for, open_event, save_event
from convenor.events.drafts import EventDraft
from convenor.events.enums import EventState
from convenor.events.models import Event
from convenor.events.queries.classes import policy_of
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.named import facts_of, taken_keys
from convenor.events.queries.running import runner
from convenor.events.queries.within import fits_of
from convenor.events.rules.dates import instant_in
from convenor.events.rules.event import key_from, problems_of
from convenor.events.rules.policy import Policy
from convenor.scheduling.rules.wording import names

PLAIN = (
    *("title", "class_version_id", "owner_id", "sponsor_id", "budget_holder_id", "host_department_id"),
    *("site_id", "confidentiality", "priority", "zone", "expected_count", "guaranteed_count"),
    *("actual_count", "objectives", "notes"),
)
COLUMNS = (
    *("key", *(name.removesuffix("_id") for name in PLAIN)),
    *("load_in_at", "starts_at", "ends_at", "load_out_at"),
)
MANY = ("departments", "organisations")


@action
def create_event(*, actor: Actor, draft: EventDraft, now: datetime, from_class: bool = True) -> Event:
    """Make an enquiry. With `from_class` its class lays out functions, meetings and tasks, as far as there are dates.

    Raises ValidationError by the draft's field, Refused.
    """
    require(actor, "event.create")
    draft = _cleaned(draft)
    _check(actor, draft, None)
    event = Event()
    _put(event, draft)
    event.key = draft.key or key_from(draft.title, taken_keys(draft, None))
    _check_row(event)
    try:
        event.save(force_insert=True)
    except IntegrityError as error:  # the key, taken a moment ago
        raise as_validation_error(error) from error
    event.departments.set(draft.department_ids)
    event.organisations.set(draft.organisation_ids)
    after = audit.snapshot(event, [*columns(event), *MANY])
    audit.record(actor=named_for(actor, event), action="event.created", obj=event, after=after)
    if from_class:
        # Whoever may make an event for somebody else may not change it afterwards, but has its class laid out.
        policy, language = policy_of(event.class_version), get_language() or "en"
        lay_out(actor=runner(actor, event), event=event, policy=policy, language=language, now=now)
    return event


@action
def change_event(
    *,
    actor: Actor,
    event_id: int,
    version: int | None,
    draft: EventDraft,
    now: datetime,
    from_class: bool = False,
) -> Event:
    """Write what differs from the draft; tasks and the functions' meetings follow. The key stays where the draft has none.

    The dates can change as long as every function stays within them: `move_event` takes them along. With `from_class` an
    enquiry that gets its dates gets its class's functions too.
    Raises Event.DoesNotExist, Refused, StaleEvent with what others changed, ValidationError by the draft's field.
    """
    event = open_event(actor, event_id, version)
    before, running = event_draft_of(event), running_of(event)
    draft = _cleaned(replace(draft, key=draft.key or before.key))
    _check(actor, draft, event, before)
    was = audit.snapshot(event, [*COLUMNS, *MANY])
    _put(event, draft)
    event.key = draft.key
    _check_row(event)
    if dated := _dates_of(before) != _dates_of(draft):
        _check_programme(event)
    event.departments.set(draft.department_ids)
    event.organisations.set(draft.organisation_ids)
    if not save_event(
        actor=actor, event=event, action="event.changed", before=was, columns=COLUMNS, many=MANY
    ):
        return event
    if dated or before.site_id != draft.site_id:
        recalculate(event, now)
    if running != running_of(event):
        sync_meetings(event=event, actor=actor, before=running, now=now)
    if from_class and before.starts is None and draft.starts is not None:
        lay_out_functions(actor=actor, event=event, policy=_policy(event), language=_language(), now=now)
    return event


def _dates_of(draft: EventDraft) -> tuple[object, ...]:
    return draft.zone, draft.load_in, draft.starts, draft.ends, draft.load_out


def _policy(event: Event) -> Policy:
    return policy_of(event.class_version)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _check_programme(event: Event) -> None:
    """New dates must hold every function; a postponed event gets its dates when it is resumed."""
    if event.state == EventState.POSTPONED:
        raise ValidationError({"starts": [_("A postponed event gets its dates when it is resumed.")]})
    outside = [title for title, found in fits_of(event) if found.refused]
    if outside:
        sentence = ngettext(
            "With these dates %(names)s lies outside the event. Move the event, or the function first.",
            "With these dates %(names)s lie outside the event. Move the event, or the functions first.",
            len(outside),
        )
        raise ValidationError({"starts": [sentence % {"names": names(outside)}]})


def _cleaned(draft: EventDraft) -> EventDraft:
    """Without white space around texts and without anything named twice."""
    return replace(
        draft,
        key=draft.key.strip(),
        title=" ".join(draft.title.split()),
        objectives=draft.objectives.strip(),
        notes=draft.notes.strip(),
        department_ids=tuple(sorted(set(draft.department_ids))),
        organisation_ids=tuple(sorted(set(draft.organisation_ids))),
    )


def _check(actor: Actor, draft: EventDraft, event: Event | None, before: EventDraft | None = None) -> None:
    if problems := problems_of(draft, facts_of(draft, actor=actor, event=event, before=before)):
        raise ValidationError(dict(problems))


def _check_row(event: Event) -> None:
    """What only the row knows: control characters in texts, a zone that isn't one."""
    if problems := row_problems(event, with_database=False):
        raise ValidationError({_DRAFTED.get(name, name): texts for name, texts in problems.items()})


_DRAFTED: dict[str, Any] = {
    "load_in_at": "load_in",
    "starts_at": "starts",
    "ends_at": "ends",
    "load_out_at": "load_out",
}


def _put(event: Event, draft: EventDraft) -> None:
    for name in PLAIN:
        setattr(event, name, getattr(draft, name))
    event.load_in_at = instant_in(draft.zone, draft.load_in)
    event.starts_at = instant_in(draft.zone, draft.starts)
    event.ends_at = instant_in(draft.zone, draft.ends)
    event.load_out_at = instant_in(draft.zone, draft.load_out)
