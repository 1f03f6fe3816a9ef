"""Taking an event on: the conditions are the table's in rules/states.py, the rows are written here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event, save_event
from convenor.events.actions.telling import tell
from convenor.events.enums import EventState
from convenor.events.models import Event
from convenor.events.queries.dossier import dossier_of
from convenor.events.refusals import NotYet
from convenor.events.rules.states import Step, step_between

LONGEST_REASON = 300


@action
def change_state(
    *,
    actor: Actor,
    event_id: int,
    version: int | None,
    to: EventState | str,
    reason: str = "",
    now: datetime,
) -> Event:
    """Take the event to another state. Postponing, resuming and cancelling move its functions too: see actions/moving.py.

    Raises NotYet with everything that is missing, ValidationError for a way that the table doesn't have, StaleEvent,
    Refused, Event.DoesNotExist.
    """
    event = open_event(actor, event_id, version, "event.change_state")
    step = require_step(event, to, reason=reason, now=now)
    if step.preview:
        raise ValidationError({"state": [_("This moves its functions too: look at the preview first.")]})
    enter(actor=actor, event=event, step=step, reason=reason)
    return event


def require_step(event: Event, to: EventState | str, *, reason: str = "", now: datetime) -> Step:
    """The table's way to the state; the event must be locked. Raises NotYet, ValidationError as change_state."""
    step = step_between(event.state, to, event.resumes_to)
    if step is None:
        sentence = _("An event can't go from “%(source)s” to “%(target)s”.")
        target = dict(EventState.choices).get(to, str(to)[:40])
        raise ValidationError(
            {"state": [sentence % {"source": event.get_state_display(), "target": str(target)}]}
        )
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": [_("At most %(most)d characters.") % {"most": LONGEST_REASON}]})
    if missing := step.missing(dossier_of(event, now, reason=reason)):
        raise NotYet(missing)
    return step


def enter(
    *,
    actor: Actor,
    event: Event,
    step: Step,
    reason: str = "",
    columns: Sequence[str] = (),
    before: audit.Snapshot | None = None,
) -> None:
    """Write the state, put it on record and tell whom the class names.

    `columns` were set by the caller (new dates) and are saved along; `before` is their snapshot of before.
    """
    written = ["state", "resumes_to", "state_reason"]
    was = {**audit.snapshot(event, written), **(before or {})}
    event.resumes_to = event.state if step.target == EventState.POSTPONED else ""
    event.state = step.target
    event.state_reason = reason.strip()
    save_event(
        actor=actor,
        event=event,
        action=f"event.{step.target}",
        before=was,
        columns=[*written, *columns],
    )
    if step.occasion is not None:
        tell(actor=named_for(actor, event), event=event, occasion=step.occasion, reason=event.state_reason)
