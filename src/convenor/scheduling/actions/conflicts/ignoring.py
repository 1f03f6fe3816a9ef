"""Ignoring a conflict, with a reason, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.text import validate_text
from convenor.base.transactions import action
from convenor.scheduling.enums import ConflictState
from convenor.scheduling.models import Conflict
from convenor.scheduling.queries.conflicts.rows import conflict_for

LONGEST_REASON = 300
COLUMNS = ("state", "ignored_by", "ignored_reason")


@action
def ignore_conflict(*, actor: Actor, conflict_id: int, reason: str, now: datetime) -> None:
    """It stays ignored as long as it is the same trouble. Raises Conflict.DoesNotExist, Refused, ValidationError."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Say why this may stay as it is.")]})
    if len(reason) > LONGEST_REASON:
        sentence = _("At most %(most)d characters fit here; these are %(count)d.")
        raise ValidationError({"reason": [sentence % {"most": LONGEST_REASON, "count": len(reason)}]})
    try:
        validate_text(reason)
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from error
    _set(actor, conflict_id, ConflictState.IGNORED, reason, now)


@action
def reopen_conflict(*, actor: Actor, conflict_id: int, now: datetime) -> None:
    """Take the ignoring back. Raises Conflict.DoesNotExist, Refused."""
    _set(actor, conflict_id, ConflictState.OPEN, "", now)


def _set(actor: Actor, conflict_id: int, state: ConflictState, reason: str, now: datetime) -> None:
    seen = conflict_for(actor, conflict_id, now=now)
    require(actor, "conflict.ignore")
    row = Conflict.objects.select_for_update(no_key=True, of=("self",)).get(pk=seen.id)
    before = audit.snapshot(row, COLUMNS)
    row.state, row.ignored_reason = state, reason
    row.ignored_by_id = actor.person_id if state == ConflictState.IGNORED else None
    row.save(update_fields=COLUMNS)
    verb = "conflict.ignored" if state == ConflictState.IGNORED else "conflict.reopened"
    audit.record(actor=actor, action=verb, obj=row, before=before, after=audit.snapshot(row, COLUMNS))
