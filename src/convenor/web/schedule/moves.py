"""A drag: what was dragged, where to. Wall-clock times come in the reader's zone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from convenor.kernel.instants import LocalTime, ZoneName, datetime_of, to_instant
from convenor.scheduling.drafts import KEEP, Unset

MOST_BODY = 10_000


@dataclass(frozen=True, slots=True)
class Drag:
    """`room_id` is where it was dropped, KEEP where only the time changed."""

    occurrence_id: int
    version: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | Unset
    from_room_id: int | None


def drag_from_query(request: HttpRequest, zone: ZoneName) -> Drag:
    return _drag(request.GET.dict(), zone)


def drag_from_body(request: HttpRequest, zone: ZoneName) -> Drag:
    """Raises ValidationError for a body that isn't the JSON object of docs/design-system.md."""
    try:
        body = json.loads(request.body[:MOST_BODY])
    except (ValueError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise ValidationError({"__all__": _("The move can't be read.")})
    return _drag({key: str(value) for key, value in body.items()}, zone)


def _drag(fields: dict[str, str], zone: ZoneName) -> Drag:
    starts_at, ends_at = _instant(fields, "start", zone), _instant(fields, "end", zone)
    if ends_at <= starts_at:
        raise ValidationError({"end": _("It must end after it starts.")})
    by_room = fields.get("by") == "room" and fields.get("resource") != fields.get("from_resource")
    return Drag(
        occurrence_id=_whole(fields, "id"),
        version=_whole(fields, "version"),
        starts_at=starts_at,
        ends_at=ends_at,
        room_id=_whole(fields, "resource") if by_room else KEEP,
        from_room_id=_whole(fields, "from_resource") if by_room and fields.get("from_resource") else None,
    )


def _instant(fields: dict[str, str], name: str, zone: ZoneName) -> datetime:
    text = fields.get(name, "")
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None or not 1970 <= local.year <= 2099:
            raise ValueError(text)
    except ValueError:
        raise ValidationError({name: _("“%(text)s” is not a date and time.") % {"text": text}}) from None
    return datetime_of(to_instant(LocalTime(local), zone))


def _whole(fields: dict[str, str], name: str) -> int:
    text = fields.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError({name: _("“%(text)s” is not a whole number.") % {"text": text}})
    return int(text)
