"""Lines of the run of show: added, changed, removed one at a time."""

from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function import open_function
from convenor.events.actions.function_rows import cue_rows
from convenor.events.actions.opening import named_for
from convenor.events.drafts import CueDraft
from convenor.events.models import Cue, Function
from convenor.events.queries.functions import cue_draft_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.function import MOST_CUES, check_cue
from convenor.people.models import Person
from convenor.scheduling.rules.findings import Findings


@action
def add_cue(*, actor: Actor, function_id: int, draft: CueDraft) -> Cue:
    """Raises ValidationError by the draft's fields, Refused, Function.DoesNotExist."""
    event, row = open_function(actor, function_id)
    _check(row, draft)
    if Cue.objects.filter(function=row).count() >= MOST_CUES:
        sentence = _("A run of show has at most %(most)d lines in one function.") % {"most": MOST_CUES}
        raise ValidationError({"what": [sentence]})
    (cue,) = cue_rows(row, [draft])
    cue.save(force_insert=True)
    audit.record(actor=named_for(actor, event), action="cue.added", obj=row, after=asdict(draft))
    return cue


@action
def change_cue(*, actor: Actor, cue_id: int, draft: CueDraft) -> Cue:
    """Write what differs. Raises Cue.DoesNotExist, and as add_cue."""
    event, row = open_function(actor, _function_of(actor, cue_id))
    cue = Cue.objects.get(pk=cue_id, function=row)
    old = cue_draft_of(cue)
    _check(row, draft, old)
    if draft == old:
        return cue
    (new,) = cue_rows(row, [draft])
    new.pk = cue.pk
    new.save(force_update=True)
    audit.record(
        actor=named_for(actor, event), action="cue.changed", obj=row, before=asdict(old), after=asdict(draft)
    )
    return new


@action
def remove_cue(*, actor: Actor, cue_id: int) -> None:
    """Raises Cue.DoesNotExist, Refused."""
    event, row = open_function(actor, _function_of(actor, cue_id))
    cue = Cue.objects.get(pk=cue_id, function=row)
    audit.record(
        actor=named_for(actor, event), action="cue.removed", obj=row, before=asdict(cue_draft_of(cue))
    )
    cue.delete()


def _function_of(actor: Actor, cue_id: int) -> int:
    cues = Cue.objects.filter(function__event__in=events_seen_by(actor), function__removed_at__isnull=True)
    return cues.values_list("function_id", flat=True).get(pk=cue_id)


def _check(row: Function, draft: CueDraft, old: CueDraft | None = None) -> None:
    found = Findings()
    occurrence = row.occurrence
    check_cue(found, draft, int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60))
    if draft.owner_id is not None and (old is None or draft.owner_id != old.owner_id):
        person = Person.objects.filter(pk=draft.owner_id, is_active=True)
        if not person.exists():
            found.refuse("owner_id", "unknown", _("This person isn't known here, or has left."))
    found.raise_refused()
