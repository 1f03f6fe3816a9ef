"""Whether a room does for a meeting, and which time a booking of it reserves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.wording import day
from convenor.venues.enums import SetupStyle


@dataclass(frozen=True, slots=True)
class SetupFacts:
    style: str
    capacity: int
    setup_minutes: int = 0
    teardown_minutes: int = 0
    is_default: bool = False


AS_IT_STANDS = SetupFacts(style="", capacity=0)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as decisions need it; `equipment` counts fixed pieces by their code."""

    id: int
    code: str
    name: str
    site_id: int
    zone: str
    accessible: bool = True
    turn_minutes: int = 0
    approver_id: int | None = None  # an account; None where no approval is needed
    window_days: int | None = None
    longest_minutes: int | None = None
    is_active: bool = True
    setups: tuple[SetupFacts, ...] = ()
    unit_ids: tuple[int, ...] = ()
    equipment: Mapping[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"

    def setup(self, style: str) -> SetupFacts | None:
        """The set-up of that style; of no style, the usual one, else the one that seats most."""
        if style:
            return next((each for each in self.setups if each.style == style), None)
        usual = [each for each in self.setups if each.is_default] or self.setups
        return max(usual, key=lambda each: each.capacity, default=None)

    def reserved(self, starts_at: datetime, ends_at: datetime, style: str) -> tuple[datetime, datetime]:
        """Event time with set-up before it, teardown and room turn after it."""
        setup = self.setup(style) or AS_IT_STANDS
        before = timedelta(minutes=setup.setup_minutes)
        return starts_at - before, ends_at + timedelta(minutes=setup.teardown_minutes + self.turn_minutes)


@dataclass(frozen=True, slots=True)
class RoomNeed:
    """What a meeting asks of a room. `asked` people are invited; `headcount` is what somebody expects."""

    headcount: int | None = None
    asked: int = 0
    style: str = ""
    step_free: bool = False
    equipment: Mapping[str, int] = field(default_factory=dict)

    @property
    def seats(self) -> int:
        return self.headcount or self.asked


def check_room(found: Findings, room: RoomFacts, need: RoomNeed) -> None:
    """What doesn't depend on the time: refuses a room that can't do, tells of one that hardly does."""
    setup = room.setup(need.style)
    names = {"room": room.label}
    if not room.is_active:
        found.refuse("room_id", "room_retired", _("%(room)s is no longer in use.") % names)
    if setup is None:
        style = SetupStyle(need.style).label if need.style else ""
        if style:
            sentence = _("%(room)s can't be set up as %(style)s.") % {**names, "style": style}
            found.refuse("setup_style", "no_such_setup", sentence)
    else:
        _check_seats(found, room, setup, need)
    if need.step_free and not room.accessible:
        sentence = _("An attendee needs step-free access, and %(room)s has none.") % names
        found.refuse("room_id", "not_step_free", sentence)
    for code in missing_equipment(room, need):
        sentence = _("%(room)s doesn't have %(count)d × %(equipment)s.")
        values = {**names, "count": need.equipment[code], "equipment": code}
        found.tell("room_id", "room_unequipped", sentence % values)


def _check_seats(found: Findings, room: RoomFacts, setup: SetupFacts, need: RoomNeed) -> None:
    sentence = ngettext(
        "%(room)s seats %(capacity)d, but %(count)d person is expected.",
        "%(room)s seats %(capacity)d, but %(count)d people are expected.",
        need.seats,
    )
    values = {"room": room.label, "capacity": setup.capacity, "count": need.seats}
    if need.headcount is not None and need.headcount > setup.capacity:
        found.refuse("headcount", "room_too_small", sentence % values)
    elif need.seats > setup.capacity:
        found.tell("room_id", "room_too_small", sentence % values)


def missing_equipment(room: RoomFacts, need: RoomNeed) -> list[str]:
    return sorted(code for code, count in need.equipment.items() if room.equipment.get(code, 0) < count)


def spare_seats(room: RoomFacts, need: RoomNeed) -> int | None:
    """Seats left over; None where the room doesn't do at all."""
    setup = room.setup(need.style)
    does = room.is_active and setup is not None and not missing_equipment(room, need)
    if not does or setup is None or (need.step_free and not room.accessible):
        return None
    return setup.capacity - need.seats if setup.capacity >= need.seats else None


def too_long(room: RoomFacts, starts_at: datetime, ends_at: datetime) -> str | None:
    """The sentence if the room isn't given for so long."""
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    if room.longest_minutes is None or minutes <= room.longest_minutes:
        return None
    sentence = _("%(room)s is booked for at most %(most)d minutes; this takes %(minutes)d.")
    return sentence % {"room": room.label, "most": room.longest_minutes, "minutes": minutes}


def too_early(room: RoomFacts, starts_at: datetime, now: datetime) -> str | None:
    """The sentence if the room can't be booked so far ahead yet."""
    if room.window_days is None or starts_at <= now + timedelta(days=room.window_days):
        return None
    sentence = _("%(room)s can be booked %(days)d days ahead, up to %(day)s.")
    latest = now + timedelta(days=room.window_days)
    return sentence % {"room": room.label, "days": room.window_days, "day": day(latest)}
