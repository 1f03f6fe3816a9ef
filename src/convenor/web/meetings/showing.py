"""Room clashes and others' changes, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from convenor.scheduling.forms.clashes import PREFIX, WITHOUT
from convenor.scheduling.refusals import RoomClashes, StaleVersion
from convenor.venues.enums import SetupStyle


@dataclass(frozen=True, slots=True)
class ShownClash:
    """One date: the field's name, what stands in the way, the room that was wanted and the one offered instead, and what is chosen so far."""

    name: str
    sentence: str
    starts_at: datetime
    ends_at: datetime
    room_id: int
    room: Any
    chosen: str


def clash_rows(error: RoomClashes, data: Mapping[str, str]) -> list[ShownClash]:
    """At first the room offered is chosen, or none where none is."""
    rows = []
    for clash in error.clashes:
        name = f"{PREFIX}{clash.recurrence_id.isoformat()}"
        offered = str(clash.best.room_id) if clash.best else WITHOUT
        chosen = data.get(name, offered)
        rows.append(
            ShownClash(
                name, clash.sentence, clash.starts_at, clash.ends_at, clash.room_id, clash.best, chosen
            )
        )
    return rows


def difference_rows(error: StaleVersion) -> Sequence[Mapping[str, str]]:
    """For ui/diff.html: what was shown, what it is now."""
    return [
        {"label": each.label, "before": _shown(each.seen), "after": _shown(each.now)}
        for each in error.differences
    ]


def _shown(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return ", ".join(_shown(each) for each in value)
        case dict():
            return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
        case str() if value in SetupStyle.values:
            return str(SetupStyle(value).label)
        case str():
            return _moment(value)
        case _:
            return str(value)


def _moment(text: str) -> str:
    """A time that stands in the record as ISO 8601, as people write it; any other text as it is."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        moment = None
    return date_format(moment, "DATETIME_FORMAT") if moment else text
