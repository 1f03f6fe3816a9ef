"""What a device sends, read: scans and walk-ins with the device's times, which are corrected here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from convenor.attendance.actions.check_in import MOST_SCANS
from convenor.attendance.drafts import ScanDraft, WalkInDraft, Who
from convenor.attendance.enums import ScanKind
from convenor.attendance.rules.check_in import code_in, corrected

WALK_IN = "walk_in"
LONGEST_DEVICE, LONGEST_TEXT, LONGEST_KEY = 40, 254, 2**63 - 1


@dataclass(frozen=True, slots=True)
class Batch:
    scans: list[ScanDraft]
    walk_ins: list[WalkInDraft]


def batch_in(body: bytes, now: datetime) -> Batch:
    """Raises ValidationError for what no device of ours sends."""
    try:
        data = json.loads(body)
        items, sent_at, device = data["scans"], _moment(data["sent_at"]), _text(data.get("device"))
        if not isinstance(items, list) or len(items) > MOST_SCANS:
            raise ValueError("too many")
        read = [(item, _uid(item["uid"]), corrected(_moment(item["at"]), sent_at, now)) for item in items]
        name = device[:LONGEST_DEVICE]
        return Batch(
            [_scan(item, uid, at, name) for item, uid, at in read if item.get("kind") != WALK_IN],
            [_walk_in(item, uid, at, name) for item, uid, at in read if item.get("kind") == WALK_IN],
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise ValidationError(_("This could not be read. Load the page again.")) from error


def _scan(item: dict[str, Any], uid: UUID, at: datetime, device: str) -> ScanDraft:
    kind = ScanKind(item.get("kind", ScanKind.IN))
    undoes = _uid(item["undoes"]) if kind == ScanKind.UNDO else None
    return ScanDraft(
        uid=uid,
        at=at,
        kind=kind,
        code=code_in(_text(item.get("code"))),
        registration_id=_key(item.get("id")),
        lets_in=item.get("lets_in") is True,
        undoes=undoes,
        device=device,
    )


def _walk_in(item: dict[str, Any], uid: UUID, at: datetime, device: str) -> WalkInDraft:
    who = Who(
        name=_text(item.get("name")),
        organisation=_text(item.get("organisation")),
        email=_text(item.get("email")),
    )
    return WalkInDraft(uid, at, who, device)


def _text(value: object) -> str:
    """NUL and what is longer than any of our columns is no text of ours."""
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("no text")
    return value[:LONGEST_TEXT]


def _uid(value: object) -> UUID:
    return UUID(_text(value))


def _key(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LONGEST_KEY:
        raise ValueError("no key")
    return value


def _moment(value: object) -> datetime:
    found = parse_datetime(_text(value))
    if found is None or found.tzinfo is None:
        raise ValueError("no time")
    return found.astimezone(UTC)
