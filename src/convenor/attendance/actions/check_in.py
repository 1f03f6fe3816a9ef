"""Checking people in: scans as the devices at the doors send them, at once or when the network is back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.door_book import opened
from convenor.attendance.actions.opening import editable_roll
from convenor.attendance.actions.registering import register
from convenor.attendance.drafts import RegistrationDraft, ScanDraft, WalkInDraft
from convenor.attendance.enums import ScanOutcome, SeatState, Source
from convenor.attendance.models import Registration, Roll
from convenor.attendance.queries.known import address, directory_of, listed_at
from convenor.attendance.queries.timing import is_on
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.rules.check_in import ScanResult
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.enums import EventState

MOST_SCANS = 500


@action
def record_scans(
    *, actor: Actor, roll_id: int, scans: Sequence[ScanDraft], now: datetime
) -> list[ScanResult]:
    """Take what was scanned at the roll's doors, and answer each. A scan with a uid that we have is answered again.

    A fixed number of queries. Raises Roll.DoesNotExist, Refused, ValidationError (the event doesn't take place).
    """
    if len(scans) > MOST_SCANS:
        raise ValidationError(_("Send at most %(count)d scans at once.") % {"count": MOST_SCANS})
    roll = editable_roll(actor, roll_id, "roll.check_in")
    refuse_absent(roll)
    book = opened(roll, scans)
    results = [book.take(actor, scan, now) for scan in scans]
    book.write(actor, now)
    return results


def refuse_absent(roll: Roll) -> None:
    """Raises ValidationError where there is nothing to check in to. What is over takes late scans."""
    if roll.event.state in (EventState.CANCELLED, EventState.POSTPONED) or not is_on(roll):
        raise ValidationError(_("This doesn't take place: nobody can be checked in."), code="absent")


@action
def walk_in(*, actor: Actor, roll_id: int, draft: WalkInDraft, now: datetime) -> ScanResult:
    """Put somebody on the roll who has just come, and check them in, if there is room. The same `uid` is one person.

    Who is on the list already, by their address, is let in as they are. Raises Roll.DoesNotExist, Refused,
    ValidationError (bad words, or the event doesn't take place).
    """
    roll = roll_for(actor, roll_id, "roll.check_in")
    refuse_absent(roll)
    wanted = RegistrationDraft(
        who=draft.who,
        function_ids=(roll.function_id,) if roll.function_id else (),
        on_event=roll.function_id is None,
        nonce=f"walk-in:{draft.uid.hex}",
    )
    try:
        row = register(
            actor=actor,
            event_id=roll.event_id,
            draft=wanted,
            source=Source.WALK_IN,
            now=min(draft.at, now),
            state=SeatState.CONFIRMED,
        )
    except ValidationError as error:
        if "full" in (codes := _codes(error)):
            return ScanResult(draft.uid, ScanOutcome.FULL, name=draft.who.name, free=0)
        if "registered_once" not in codes:
            raise
        row = _listed(roll, wanted)
    scan = ScanDraft(draft.uid, draft.at, registration_id=row.pk, lets_in=True, device=draft.device)
    (result,) = record_scans(actor=actor, roll_id=roll_id, scans=[scan], now=now)
    return result


def _listed(roll: Roll, draft: RegistrationDraft) -> Registration:
    """Who is on the list by this address, or by another of the same person."""
    email, person = address(draft.who.email), directory_of([draft]).of(draft.who)
    row = listed_at(roll.event_id, [email], [person.id] if person else []).of(
        email, person.id if person else None
    )
    assert row is not None  # registering has just found it
    return row


def _codes(error: ValidationError) -> set[str]:
    found = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return {each.code or "" for errors in found for each in errors}
