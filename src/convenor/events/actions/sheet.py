"""Issuing function sheets: a revision for what has changed, and a word to those whose part it is; acknowledging them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit, mail, outbox
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.enums import SheetState
from convenor.events.models import Event, Sheet, SheetReceipt
from convenor.events.queries.sheets import SheetRow, receipt_by_token, sheet_rows, waiting_receipts
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.sheet import changed_sections
from convenor.events.sentences.sheet_mail import Told, mails_of
from convenor.people.models import Person


@dataclass(frozen=True, slots=True)
class Issued:
    """The new revisions, and the receipts of whoever was told: of them, or of one in force that they hadn't been told of."""

    sheets: Sequence[Sheet]
    receipts: Sequence[SheetReceipt]


@action
def issue_sheets(
    *, actor: Actor, event_id: int, function_ids: Collection[int] | None, now: datetime
) -> Issued:
    """A new revision of every sheet whose content has changed, of the event or of the functions named.

    Told are the contacts whose part has changed, by one mail each, and contacts who have joined since the sheet was issued.
    Raises Event.DoesNotExist, Refused, ValidationError for an event that is over.
    """
    event = open_event(actor, event_id, None, "sheet.issue")
    rows = sheet_rows(event, function_ids)
    due = [row for row in rows if row.state in (SheetState.NOT_ISSUED, SheetState.CHANGED)]
    sheets = insert_rows(_revision(row, actor, now) for row in due)
    fresh = {sheet.function_id: sheet for sheet in sheets}
    receipts = insert_rows(
        SheetReceipt(
            sheet=fresh.get(row.function_id) or row.sheet,
            service=each.service,
            person_id=each.person_id,
            token=secrets.token_urlsafe(32),
            told_at=now,
        )
        for row in rows
        for each in row.would_tell
    )
    by = named_for(actor, event)
    audit.record_all(
        audit.entry(actor=by, action="sheet.issued", obj=sheet, after=_on_record(sheet, event))
        for sheet in sheets
    )
    _tell(event, receipts, {row.function_id: row for row in rows}, key="issued")
    return Issued(sheets, receipts)


@action
def remind(
    *, actor: Actor, event_id: int, function_ids: Collection[int] | None = None, now: datetime
) -> list[Person]:
    """Write again, at most once a day, to whoever hasn't acknowledged; who they are. Raises Event.DoesNotExist, Refused, ValidationError."""
    event = open_event(actor, event_id, None, "sheet.issue")
    waiting = waiting_receipts(event, function_ids)
    if not waiting:
        raise ValidationError(_("Everybody who was told has acknowledged."))
    rows = {row.function_id: row for row in sheet_rows(event)}
    _tell(event, waiting, rows, key=f"reminder:{now.date()}", again=True)
    audit.record(actor=named_for(actor, event), action="sheet.reminded", obj=event)
    return sorted({each.person for each in waiting}, key=lambda person: person.name)


@action
def acknowledge(*, actor: Actor, receipt_id: int, now: datetime) -> SheetReceipt:
    """Note that it was read, once for all. Raises SheetReceipt.DoesNotExist, Refused."""
    receipt = SheetReceipt.objects.select_related("sheet__function__event").get(pk=receipt_id)
    if not actor.may_act_for(receipt.person_id):
        events_seen_by(actor).get(pk=receipt.sheet.function.event_id)
    require(actor, "sheet.acknowledge", receipt.person_id)
    return _acknowledged(actor, receipt.pk, now)


@action
def acknowledge_by_token(*, token: str, now: datetime) -> SheetReceipt:
    """The same by whoever has the secret address, in its person's name. Raises SheetReceipt.DoesNotExist."""
    receipt = receipt_by_token(token)
    return _acknowledged(replace(Actor.nobody(), name=receipt.person.name), receipt.pk, now)


def _acknowledged(actor: Actor, receipt_id: int, now: datetime) -> SheetReceipt:
    receipt = SheetReceipt.objects.select_for_update(no_key=True).get(pk=receipt_id)
    if receipt.acknowledged_at is None:
        receipt.acknowledged_at = now
        receipt.save(update_fields=["acknowledged_at"])
        after = {"person": receipt.person_id, "service": receipt.service}
        audit.record(actor=actor, action="sheet.acknowledged", obj=receipt.sheet, after=after)
    return receipt


def _revision(row: SheetRow, actor: Actor, now: datetime) -> Sheet:
    return Sheet(
        function_id=row.function_id,
        revision=row.sheet.revision + 1 if row.sheet else 1,
        issued_at=now,
        issued_by_id=actor.person_id,
        content=row.content,
        changed_sections=changed_sections(row.sheet.content, row.content) if row.sheet else [],
    )


def _on_record(sheet: Sheet, event: Event) -> dict[str, object]:
    return {
        "event": event.pk,
        "function": sheet.function_id,
        "revision": sheet.revision,
        "changed_sections": sheet.changed_sections,
    }


def _tell(
    event: Event,
    receipts: Iterable[SheetReceipt],
    rows: dict[int, SheetRow],
    *,
    key: str,
    again: bool = False,
) -> None:
    """One mail to each person about all of theirs, in their language."""
    told = [Told(each, rows[each.sheet.function_id].number) for each in receipts]
    people = Person.objects.select_related("user").in_bulk({each.receipt.person_id for each in told})
    outbox.put_all(
        outbox.Message(kind=mail.KIND, key=f"sheets:{event.pk}:{person_id}:{number}:{key}", payload=payload)
        for person_id, number, payload in mails_of(event.title, told, people, again=again)
    )
