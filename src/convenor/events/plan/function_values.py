"""Functions between the file's terms and their drafts."""

from __future__ import annotations

from collections.abc import Sequence

from convenor.events.drafts import AttendeeDraft, CueDraft, EquipmentDraft, FunctionDraft, SpeakerDraft
from convenor.events.enums import FunctionKind, SpeakerState
from convenor.events.plan.function_keys import SITE_MARK, TEXTS
from convenor.events.plan.keys import Values, member_of
from convenor.events.plan.names import Names
from convenor.events.plan.people import introduced
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import AttendeeRole


def function_draft(values: Values, names: Names) -> FunctionDraft:
    """Everything that it names must be there."""
    return FunctionDraft(
        key=values["key"],
        title=values["title"],
        kind=member_of(FunctionKind, values["kind"]),
        local_start=LocalTime(values["start"]),
        duration_minutes=values["minutes"],
        track=values["track"],
        host_id=names.person(values["host"]),
        room_ids=tuple(names.rooms.keys[code] for code in values["rooms"]),
        equipment=tuple(_pieces(code, number, names) for code, number in values["equipment"].items()),
        setup_style=values["setup_style"],
        headcount=values["headcount"],
        attendees=tuple(
            AttendeeDraft(person, member_of(AttendeeRole, each["role"]))
            for each in values["attendees"]
            if (person := names.person(each["person"])) is not None
        ),
        speakers=tuple(
            SpeakerDraft(person, each["topic"], member_of(SpeakerState, each["state"]))
            for each in values["speakers"]
            if (person := names.person(each["person"])) is not None
        ),
        cues=tuple(
            CueDraft(
                each["at"],
                each["what"],
                each["minutes"],
                each["cue"],
                names.person(each["owner"]),
                each["service"],
            )
            for each in values["run_of_show"]
            if each["at"] is not None and each["what"] is not None
        ),
        is_for_all=values["for_all"],
        is_public=values["public"],
        **{name: values[name] for name in TEXTS},
        sheet_due=values["sheet"],
    )


def _pieces(code: str, number: int, names: Names) -> EquipmentDraft:
    kind, _mark, site = code.partition(SITE_MARK)
    return EquipmentDraft(names.equipment.keys[kind], number, names.sites.keys[site] if site else None)


def ids_in(draft: FunctionDraft) -> list[int | None]:
    asked = [each.person_id for each in draft.attendees]
    return [
        *asked,
        *(each.person_id for each in draft.speakers),
        *(each.owner_id for each in draft.cues),
        draft.host_id,
    ]


def function_values(draft: FunctionDraft, names: Names) -> Values:
    rooms = [names.rooms.codes[pk] for pk in draft.room_ids]
    return {
        "key": draft.key,
        "title": draft.title,
        "kind": draft.kind.value,
        "start": draft.local_start,
        "minutes": draft.duration_minutes,
        "track": draft.track,
        "host": names.email(draft.host_id),
        "rooms": [*rooms[:1], *sorted(rooms[1:])],
        "setup_style": draft.setup_style,
        "headcount": draft.headcount,
        "equipment": dict(sorted((_code(each, names), each.quantity) for each in draft.equipment)),
        "for_all": draft.is_for_all,
        "public": draft.is_public,
        "speakers": [
            {
                "person": names.email(each.person_id),
                **introduced(names, names.email(each.person_id)),
                "topic": each.topic,
                "state": each.state.value,
            }
            for each in draft.speakers
        ],
        "attendees": attendee_values(draft.attendees, names),
        "run_of_show": [
            {
                "at": each.offset_minutes,
                "what": each.what,
                "minutes": each.minutes,
                "cue": each.cue,
                "owner": names.email(each.owner_id),
                "service": each.service,
            }
            for each in draft.cues
        ],
        **{name: getattr(draft, name) for name in TEXTS},
        "sheet": draft.sheet_due,
    }


def attendee_values(drafts: Sequence[AttendeeDraft], names: Names) -> list[Values]:
    found = [{"person": names.email(each.person_id), "role": each.role.value} for each in drafts]
    return sorted(found, key=lambda each: each["person"])


def _code(piece: EquipmentDraft, names: Names) -> str:
    code = names.equipment.codes[piece.equipment_id]
    return code if piece.site_id is None else f"{code}{SITE_MARK}{names.sites.codes[piece.site_id]}"
