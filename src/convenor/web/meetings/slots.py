"""What find-a-time found, as the page shows it: slots that fill the form, and changes that alter it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import QueryDict

from convenor.base.actor import Actor
from convenor.kernel.find_times.answer import Change, ChangeKind, Slot
from convenor.kernel.find_times.question import BadQuestion, Hours
from convenor.kernel.instants import Instant, Span, datetime_of, to_local
from convenor.scheduling.forms.meeting import MeetingForm
from convenor.scheduling.queries.find_time import FoundTimes, find_time_for
from convenor.scheduling.queries.page import occurrence_key_for
from convenor.scheduling.sentences.blockers import blocker_sentence
from convenor.scheduling.sentences.changes import change_phrase
from convenor.scheduling.sentences.reasons import Said, reasons_of
from convenor.scheduling.sentences.words import when

WALL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """`key` is what the browser sends back, `fill` what choosing it puts into the form's fields."""

    key: str
    fill: str
    when: str
    rooms: str
    reasons: Sequence[Said]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """`value` is the button's; of a meeting to move, which the form can't do, `occurrence_id` leads to it."""

    what: str
    opens: int
    value: str
    occurrence_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`sentence` says why there is nothing to show; then everything else is empty."""

    sentence: str = ""
    slots: Sequence[ShownSlot] = ()
    found: int = 0
    blockers: Sequence[str] = ()
    changes: Sequence[ShownChange] = ()
    zone: str = ""


def found_for(
    actor: Actor, form: MeetingForm, *, now: datetime, ignoring_meeting: int | None = None
) -> Found | None:
    """What the search says to a bound form that was checked; None where the form's fields say what is wrong."""
    request = form.request(now=now, ignoring_meeting=ignoring_meeting)
    if request is None:
        return None
    try:
        found = find_time_for(actor, request, now=now)
    except BadQuestion as error:
        return Found(sentence=str(error))
    why_not = found.answer.why_not
    return Found(
        slots=[_slot(found, slot) for slot in found.answer.slots],
        found=found.answer.found,
        blockers=[blocker_sentence(found, each) for each in why_not.blockers] if why_not else (),
        changes=[_change(actor, found, each) for each in why_not.changes] if why_not else (),
        zone=request.zone,
    )


def _slot(found: FoundTimes, slot: Slot) -> ShownSlot:
    start = to_local(slot.span.start, found.request.zone).strftime(WALL)
    room = str(found.room_ids[slot.rooms[0]]) if slot.rooms else ""
    fill = {"id_local_start": start}
    if found.request.room is not None:
        fill["id_room_id"] = room
    return ShownSlot(
        key=f"{start}|{room}",
        fill=json.dumps(fill),
        when=when(slot.span, found.request.zone),
        rooms=", ".join(f"{code} {found.rooms[code].name}" for code in slot.rooms),
        reasons=reasons_of(found, slot),
    )


def _change(actor: Actor, found: FoundTimes, change: Change) -> ShownChange:
    what = change_phrase(found, change)
    if change.kind is ChangeKind.MOVE_MEETING:
        start = datetime_of(cast(Span, change.value).start)
        key = occurrence_key_for(actor, change.subject, start)
        return ShownChange(what, change.opens, "", key)
    fields = _FIELDS[change.kind](found, change) if change.kind in _FIELDS else {}
    return ShownChange(what, change.opens, json.dumps(fields))


def _last_day(found: FoundTimes, change: Change) -> str:
    spans = cast("tuple[Span, ...]", change.value)
    last = Instant(max(span.end for span in spans) - 1)
    return to_local(last, found.request.zone).date().isoformat()


def _hours(_found: FoundTimes, change: Change) -> Mapping[str, Any]:
    hours = cast(Hours, change.value)
    return {"earliest": hours.earliest.strftime("%H:%M"), "latest": hours.latest.strftime("%H:%M")}


# The form's fields that a change sets. "+" adds to a list of e-mails or keys, "-" takes away.
_FIELDS: Mapping[ChangeKind, Any] = {
    ChangeKind.LESS_BUFFER: lambda _found, _change: {"buffer": ""},
    ChangeKind.OTHER_ROOMS: lambda _found, _change: {"only_room": ""},
    ChangeKind.OUT_OF_HOURS: lambda _found, _change: {"out_of_hours": "on"},
    ChangeKind.OTHER_STYLE: lambda _found, _change: {"setup_style": ""},
    ChangeKind.DROP_EQUIPMENT: lambda _found, change: {"-equipment_needed": change.subject},
    ChangeKind.OTHER_SITE: lambda found, change: {"+site": _site_key(found, change.subject)},
    ChangeKind.LOCAL_HOURS: _hours,
    ChangeKind.SHORTER: lambda _found, change: {"duration_minutes": str(change.value), "all_day": ""},
    ChangeKind.EXTEND_WINDOW: lambda found, change: {"look_until": _last_day(found, change)},
    ChangeKind.FEWER_OF_GROUP: lambda _found, change: {"any_count": str(change.value)},
    ChangeKind.MAKE_OPTIONAL: lambda _found, change: {
        "-attendees": change.subject,
        "+optional": change.subject,
    },
    ChangeKind.FEWER_SEATS: lambda _found, change: {"headcount": str(change.value)},
    ChangeKind.ONE_ROOM: lambda _found, _change: {"one_per_site": ""},
    ChangeKind.NO_ROOM: lambda _found, _change: {"needs_room": "", "room_id": ""},
}


def _site_key(found: FoundTimes, code: str) -> str:
    return next((str(pk) for pk, known in found.sites.codes.items() if known == code), "")


LISTS = frozenset(
    {"equipment_needed", "site"}
)  # fields with several values; people stand in one, with commas


def altered(data: QueryDict) -> QueryDict:
    """The form as sent, with the slot that was chosen (`use`) or the change that was asked for (`change`) made in it."""
    made = data.copy()
    start, bar, room = str(data.get("slot", "")).partition("|")
    if "use" in data and bar:
        made["local_start"] = start
        if data.get("needs_room"):
            made["room_id"] = room
    for name, value in _asked(data.get("change", "")).items():
        _set(made, name, value)
    return made


def _asked(text: str) -> dict[str, str]:
    """The fields of a change button; nothing for what no button of ours says."""
    try:
        fields = json.loads(text) if text else {}
    except ValueError:
        return {}
    known = set(MeetingForm.base_fields)
    if not isinstance(fields, dict):
        return {}
    return {
        name: value for name, value in fields.items() if isinstance(value, str) and name.lstrip("+-") in known
    }


def _set(data: QueryDict, name: str, value: str) -> None:
    field = name.lstrip("+-")
    if name == field:
        data[field] = value
        if value == "":
            data.pop(field, None)
        return
    values = data.getlist(field) if field in LISTS else _emails(data.get(field, ""))
    kept = [each for each in values if value.lower() not in each.lower()] if field not in LISTS else [
        each for each in values if each != value
    ]  # fmt: skip
    wanted = [*kept, value] if name.startswith("+") else kept
    if field in LISTS:
        data.setlist(field, wanted)
    else:
        data[field] = ", ".join(wanted)


def _emails(text: str) -> list[str]:
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]
