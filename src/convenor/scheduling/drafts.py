"""What is asked of the schedule and what it answers, as plain values: forms, imports and actions share them.

Local times are naive and belong to the draft's zone; lengths are minutes; ids are primary keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal

from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import AttendeeRole, MeetingState, PartStat, Priority

REFUSE: Final = "refuse"
DROP: Final = "drop"
OnClash = Mapping[LocalTime, int | None] | Literal["refuse", "drop"]
"""For each recurrence id whose room clashes: another room, or None for no room. Or refuse and list them. Or,
for imports, go without a room on those dates and say so in the notices."""


class Unset(Enum):
    """The value of a field that a change leaves alone; None means something of its own."""

    KEEP = "keep"

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Unset.KEEP


@dataclass(frozen=True, slots=True)
class AttendeeDraft:
    """`partstat` is an answer already known, as an imported calendar brings it."""

    person_id: int
    role: AttendeeRole = AttendeeRole.REQUIRED
    partstat: PartStat = PartStat.NEEDS_ACTION


@dataclass(frozen=True, slots=True)
class EquipmentDraft:
    """Pieces of one kind of movable equipment; without a site, the room's or the organiser's."""

    equipment_id: int
    quantity: int = 1
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class OverrideDraft:
    """One occurrence that differs from its series (RFC 5545 §3.8.4.4), as an import brings it."""

    recurrence_id: LocalTime
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """A meeting to be made. `hold_until` (aware UTC) holds the room instead of confirming it.

    `more_room_ids` are booked besides the room; headcount and set-up are asked of the first one only.
    """

    title: str
    organiser_id: int
    zone: str
    local_start: LocalTime
    duration_minutes: int
    all_day: bool = False
    description: str = ""
    location: str = ""
    is_private: bool = False
    shows_as_busy: bool = True
    is_movable: bool = True
    priority: int = Priority.NORMAL
    headcount: int | None = None
    setup_style: str = ""
    equipment_needed: Mapping[str, int] = field(default_factory=dict)
    rrule: str = ""
    rdates: tuple[LocalTime, ...] = ()
    exdates: tuple[LocalTime, ...] = ()
    attendees: tuple[AttendeeDraft, ...] = ()
    room_id: int | None = None
    more_room_ids: tuple[int, ...] = ()
    equipment: tuple[EquipmentDraft, ...] = ()
    on_clash: OnClash = REFUSE
    hold_until: datetime | None = None
    uid: str | None = None
    sequence: int = 0
    state: MeetingState = MeetingState.CONFIRMED
    source_id: int | None = None
    source_hash: str = ""
    overrides: tuple[OverrideDraft, ...] = ()

    @property
    def is_series(self) -> bool:
        return bool(self.rrule or self.rdates)


@dataclass(frozen=True, slots=True)
class MeetingChanges:
    """What a change sets; what stays KEEP is left alone. `room_id` None takes the room away.

    `more_room_ids` goes with a `room_id` that is given: all rooms are then these, and no others.
    """

    title: str | Unset = KEEP
    organiser_id: int | Unset = KEEP
    zone: str | Unset = KEEP
    local_start: LocalTime | Unset = KEEP
    duration_minutes: int | Unset = KEEP
    all_day: bool | Unset = KEEP
    description: str | Unset = KEEP
    location: str | Unset = KEEP
    is_private: bool | Unset = KEEP
    shows_as_busy: bool | Unset = KEEP
    is_movable: bool | Unset = KEEP
    priority: int | Unset = KEEP
    headcount: int | Unset | None = KEEP
    setup_style: str | Unset = KEEP
    equipment_needed: Mapping[str, int] | Unset = KEEP
    rrule: str | Unset = KEEP
    rdates: tuple[LocalTime, ...] | Unset = KEEP
    exdates: tuple[LocalTime, ...] | Unset = KEEP
    attendees: tuple[AttendeeDraft, ...] | Unset = KEEP
    room_id: int | Unset | None = KEEP
    more_room_ids: tuple[int, ...] | Unset = KEEP
    equipment: tuple[EquipmentDraft, ...] | Unset = KEEP
    on_clash: OnClash = REFUSE

    def given(self) -> dict[str, Any]:
        """The fields that are set, `on_clash` aside."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "on_clash"}
        return {name: value for name, value in values.items() if value is not KEEP}

    def applied_to(self, draft: MeetingDraft) -> MeetingDraft:
        return replace(draft, **self.given(), on_clash=self.on_clash)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user is told of though nothing is refused; `field` names the part it is about."""

    code: str
    sentence: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Collision:
    """An attendee who is already busy at the time of an occurrence; instants are aware UTC."""

    person_id: int
    occurrence_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RoomSuggestion:
    """A free room for one date of a clash; `spare_seats` beyond the headcount."""

    room_id: int
    code: str
    name: str
    capacity: int
    spare_seats: int


@dataclass(frozen=True, slots=True)
class RoomClash:
    """One occurrence that can't have the room; `sentence` says why and what is in the way.

    `booking_id` is the booking that it was asked instead of, where several meetings were changed together.
    """

    recurrence_id: LocalTime
    starts_at: datetime
    ends_at: datetime
    room_id: int
    sentence: str
    best: RoomSuggestion | None
    occurrence_id: int | None = None
    booking_id: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed: `label` for people, the value seen and the value now."""

    field: str
    label: str
    seen: Any
    now: Any
