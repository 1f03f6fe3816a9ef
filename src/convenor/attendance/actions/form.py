"""Setting up an event's registration form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.roll import open_missing_rolls
from convenor.attendance.drafts import FieldDraft, FormDraft, OptionDraft
from convenor.attendance.enums import FormMode
from convenor.attendance.models import FieldOption, FormField, RegistrationForm, Roll
from convenor.attendance.queries.form import FRAME, form_draft_of
from convenor.attendance.rules.form import problems_of
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.models import Event

Taken = Mapping[tuple[str, str], int]


@action
def set_form(
    *,
    actor: Actor,
    event_id: int,
    draft: FormDraft,
    version: int | None,
    now: datetime,  # noqa: ARG001 - every action is given the time
) -> RegistrationForm:
    """Make the event's form this one, with a roll to register on. `version` is the form's that was shown, None for the first.

    What somebody has chosen stays. Raises Event.DoesNotExist, Refused, and ValidationError by the draft's field.
    """
    event = open_event(actor, event_id, None, "registration.edit_form")
    form = RegistrationForm.objects.filter(event=event).first()
    if version != (form.version if form else None):
        raise ValidationError({"version": [_("Somebody else has changed the form since you opened it.")]})
    taken = _taken(form)
    if problems := problems_of(draft, confidentiality=event.confidentiality, taken=taken):
        raise ValidationError(problems)
    before = form_draft_of(form) if form else None
    form = form or RegistrationForm(event=event, version=0, token=secrets.token_urlsafe(32))
    _set_choosable(actor, event, draft.function_ids)
    if before == _kept(draft, before):
        return form
    _save(form, draft)
    _set_fields(form, draft.fields)
    _record(actor, form, before, draft)
    return form


@action
def renew_form_address(*, actor: Actor, event_id: int, now: datetime) -> RegistrationForm:
    """Give the page another address; the one that went round opens nothing any more. Personal links stay.

    Raises Event.DoesNotExist, Refused, RegistrationForm.DoesNotExist.
    """
    event = open_event(actor, event_id, None, "registration.edit_form")
    form = RegistrationForm.objects.get(event=event)
    form.token = secrets.token_urlsafe(32)
    form.save(update_fields=["token"])
    audit.record(
        actor=named_for(actor, event), action="registration_form.readdressed", obj=form, after={"at": now}
    )
    return form


def _kept(draft: FormDraft, before: FormDraft | None) -> FormDraft:
    """The draft with the functions that it leaves as they are."""
    if before is None:
        return draft
    values = {name: getattr(draft, name) for name in (*FRAME, "fields")}
    return FormDraft(**values, function_ids=before.function_ids)


def _taken(form: RegistrationForm | None) -> Taken:
    """What somebody has chosen, though they may hold no place any more, and how many places of it are taken."""
    if form is None:
        return {}
    rows = FieldOption.objects.filter(field__form=form, picks__isnull=False).distinct()
    return {(field, key): taken for field, key, taken in rows.values_list("field__key", "key", "taken")}


def _save(form: RegistrationForm, draft: FormDraft) -> None:
    for name in FRAME:
        value = getattr(draft, name)
        setattr(form, name, value.strip() if isinstance(value, str) else value)
    form.mode = FormMode(draft.mode)
    form.version += 1
    form.save()


def _set_fields(form: RegistrationForm, drafts: Sequence[FieldDraft]) -> None:
    """By key: a question that stays keeps its row, and with it what was chosen."""
    rows = {row.key: row for row in form.fields.all()}
    gone = [row.pk for key, row in rows.items() if key not in {each.key for each in drafts}]
    FieldOption.objects.filter(field__in=gone).delete()
    FormField.objects.filter(pk__in=gone).delete()
    for position, draft in enumerate(drafts):
        row = rows.get(draft.key) or FormField(form=form, key=draft.key)
        row.kind, row.is_required, row.position = draft.kind, draft.is_required, position
        row.label_en, row.label_ro = draft.label_en.strip(), draft.label_ro.strip()
        row.help_en, row.help_ro = draft.help_en.strip(), draft.help_ro.strip()
        row.save()
        _set_options(row, draft.options)


def _set_options(field: FormField, drafts: Sequence[OptionDraft]) -> None:
    """`taken` is the database's own: only what the draft says is written."""
    rows = {row.key: row for row in field.options.all()}
    field.options.exclude(key__in=[each.key for each in drafts]).delete()
    for position, draft in enumerate(drafts):
        values = {
            "label_en": draft.label_en.strip(),
            "label_ro": draft.label_ro.strip(),
            "limit": draft.limit,
            "position": position,
        }
        if draft.key in rows:
            FieldOption.objects.filter(pk=rows[draft.key].pk).update(**values)
        else:
            FieldOption.objects.create(field=field, key=draft.key, **values)


def _set_choosable(actor: Actor, event: Event, wanted: frozenset[int] | None) -> None:
    """The event's own roll is there from now on, and those of the functions that are chosen."""
    open_missing_rolls(named_for(actor, event), event, wanted or ())
    if wanted is None:
        return
    for roll in Roll.objects.filter(event=event, function__isnull=False).order_by("pk"):
        if roll.is_choosable != (roll.function_id in wanted):
            _choose(actor, event, roll)


def _choose(actor: Actor, event: Event, roll: Roll) -> None:
    """Let registrants choose the function, or no longer: who has chosen it keeps the seat."""
    columns = ("is_choosable", "version")
    before = audit.snapshot(roll, columns)
    roll.is_choosable, roll.version = not roll.is_choosable, roll.version + 1
    roll.save(update_fields=columns)
    after = audit.snapshot(roll, columns)
    audit.record(actor=named_for(actor, event), action="roll.changed", obj=roll, before=before, after=after)


def _record(actor: Actor, form: RegistrationForm, before: FormDraft | None, after: FormDraft) -> None:
    verb = "registration_form.changed" if before else "registration_form.set_up"
    audit.record(
        actor=named_for(actor, form.event),
        action=verb,
        obj=form,
        before=_said(before) if before else None,
        after=_said(after),
    )


def _said(draft: FormDraft) -> dict[str, Any]:
    """As it goes on record: who chooses which function is on the rolls' own."""
    values = asdict(draft)
    values.pop("function_ids")
    return values
